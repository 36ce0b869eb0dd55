"""Percentages of several studies side by side, a colour a study."""

from __future__ import annotations

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading
from wavedeck.exhibits import StudiesExhibit
from wavedeck.figures import Figure
from wavedeck.survey.overview import split

_FILLS = (style.MAIN, style.OTHER, style.SECOND, style.APART)
_KEY = 18
"""The side of a square of the legend."""
_LABEL_GAP = 16
_MOST_PITCH = 96
_NUMBER = 150
"""Room for a number and its base behind the longest bar."""


def draw(exhibit: StudiesExhibit, context: Context) -> Result:
    groups = [
        (group.label, [(split(name)[0], context.estimates[name]) for name in group.bars])
        for group in exhibit.groups
    ]
    frame = Frame(exhibit.width == "half", heading(exhibit), context.where)
    words = [
        f"{label}: "
        + "; ".join(f"{exhibit.series[s]} {alt.spoken(e)}, base {e.base}" for s, e in bars)
        for label, bars in groups
    ]
    points = [
        Point(label, exhibit.series[study], estimate)
        for label, bars in groups
        for study, estimate in bars
    ]
    return Result(
        title=exhibit.title,
        number="",
        alt=f"Bars, a colour for each study. {alt.sentence(exhibit.title)} {'. '.join(words)}.",
        points=tuple(points),
        note=(Part("The studies asked different people different questions; bases in brackets"),),
        canvas=_draw(frame, groups, exhibit.series, context),
    )


def _draw(
    frame: Frame,
    groups: list[tuple[str, list[tuple[str, Figure]]]],
    series: dict[str, str],
    context: Context,
) -> Canvas:
    fills = dict(zip(series, _FILLS, strict=False))
    head = len(series) * (style.NORMAL.line + 8) + 12
    rows = frame.rows([label for label, _ in groups], lambda kind: head, _MOST_PITCH, 0.3)
    canvas = frame.canvas(rows.top + rows.pitch * len(groups))
    for place, (study, words) in enumerate(series.items()):
        y = frame.top + 12 + place * (style.NORMAL.line + 8)
        canvas.bar(0, y - _KEY / 2, _KEY, _KEY, fills[study])
        canvas.text(_KEY + 10, y, words, size=style.NORMAL.body)
    left = rows.labels.width + _LABEL_GAP
    unit = (frame.width - left - _NUMBER) / 100
    for index, (_, bars) in enumerate(groups):
        middle = rows.top + rows.pitch * (index + 0.5)
        rows.draw_label(canvas, 0, middle, rows.labels.wrapped[index])
        height = min(rows.pitch * 0.8 / len(bars), 34)
        top = middle - height * len(bars) / 2
        for place, (study, estimate) in enumerate(bars):
            y = top + height * (place + 0.5)
            _draw_bar(canvas, rows, (left, y, height), unit, fills[study], estimate, context)
    return canvas


def _draw_bar(
    canvas: Canvas,
    rows: Rows,
    place: tuple[float, float, float],
    unit: float,
    fill: str,
    estimate: Figure,
    context: Context,
) -> None:
    left, y, height = place
    width = 0.0 if estimate.suppressed else estimate.size * unit
    if width:
        canvas.bar(left, y - height / 2 + 2, max(width, 1.5), height - 4, fill, estimate.id)
    x = left + width + 8
    canvas.figure(x, y, estimate.text, estimate.id, size=rows.kind.figures)
    x += style.text_width(estimate.text, rows.kind.figures, True) + 8
    base = context.estimates[f"{estimate.id}:base"]
    small = rows.kind.small
    canvas.text(x, y, f"({base.text})", size=small, fill=style.MUTED, estimate=base.id)
