"""Single bars: the options of a question, or one net for each item of a grid."""

from __future__ import annotations

from dataclasses import dataclass

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading, named, note_of_base
from wavedeck.exhibits import BarsExhibit, scale_for
from wavedeck.figures import Figure
from wavedeck.survey import GridQuestion, MultiQuestion, NumberQuestion, Question, Scale

_LABEL_GAP = 14
_MOST_PITCH = 58
_NET = "#6bace6"
"""Fill of a net that stands among options."""
SEVERAL = Part("; they could choose several answers")
_NUMBER = 60
"""Room for a number behind the longest bar."""


@dataclass(frozen=True)
class Bar:
    label: str
    estimate: Figure
    fill: str
    base: Figure | None = None


def draw(exhibit: BarsExhibit, context: Context) -> Result:
    question = context.survey.questions[exhibit.question]
    if isinstance(question, GridQuestion):
        return _draw_items(exhibit, question, context)
    find = context.estimates
    scale = scale_for(context.survey, exhibit.question)
    fills = _fills(scale)
    several = isinstance(question, MultiQuestion)
    bars = [
        Bar(scale.label(name), find[f"{exhibit.question}.{name}"], fills[name])
        for name in scale.options
    ]
    nets = [(net, find[f"{exhibit.question}.{net}"]) for net in exhibit.nets]
    if several:
        bars = _sorted_choices(bars, exhibit.sort)
        # Who chose any of several options is no sum of bars that a bracket could hold.
        bars += [Bar(scale.label(net), estimate, _NET) for net, estimate in nets]
        nets = []
    bars, left_out = _largest(bars, exhibit.most)
    base = find[f"{exhibit.question}:base"]
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    totals = alt.values([(alt.lower(scale.label(net)), estimate) for net, estimate in nets])
    words = alt.values([(bar.label, bar.estimate) for bar in bars])
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=f"Bar chart. {alt.sentence(named(exhibit, question))} "
        f"{words}{f'; in all, {totals}' if totals else ''}. Base: {base.text}."
        f"{' Several answers were possible.' if several else ''}",
        points=tuple(
            [Point("", bar.label, bar.estimate) for bar in bars]
            + [Point("", scale.label(net), estimate) for net, estimate in nets]
        ),
        note=(
            *note_of_base([base], question, context),
            *([SEVERAL] if isinstance(question, MultiQuestion) and question.several else []),
            *(_middle(exhibit.question, question, context) if not several else []),
            *([_left_out(left_out)] if left_out else []),
        ),
        canvas=_draw_bars(frame, bars, scale, nets),
    )


def _largest(bars: list[Bar], most: int | None) -> tuple[list[Bar], int]:
    """The bars with the largest shares, the largest first, and how many are left out; all in their
    order where `most` does not cut any."""
    if most is None or len(bars) <= most:
        return bars, 0
    ordered = sorted(bars, key=lambda bar: (bar.estimate.suppressed, -bar.estimate.size))
    return ordered[:most], len(bars) - most


def _left_out(count: int) -> Part:
    """Part of a note: how many options with smaller shares have no bar."""
    return Part(f"; {count} option{'' if count == 1 else 's'} given less often not shown")


def _sorted_choices(bars: list[Bar], sort: str | None) -> list[Bar]:
    """The largest first, and options that go with no other last."""
    if sort == "questionnaire":
        return bars
    return sorted(
        bars,
        key=lambda bar: (bar.fill == style.APART, bar.estimate.suppressed, -bar.estimate.size),
    )


def _middle(name: str, question: Question, context: Context) -> list[Part]:
    """Mean and median of a question answered with a number; years and months have none that a
    reader would look for."""
    if not isinstance(question, NumberQuestion) or question.dates:
        return []
    mean, median = (context.estimates[f"{name}:{statistic}"] for statistic in ("mean", "median"))
    unit = f" {question.unit}" if question.unit else ""
    return [
        Part("; mean "),
        Part(mean.text, mean.id),
        Part(f"{unit}, median "),
        Part(median.text, median.id),
    ]


def _draw_items(exhibit: BarsExhibit, question: GridQuestion, context: Context) -> Result:
    find = context.estimates
    scale = scale_for(context.survey, exhibit.question)
    names = list(exhibit.items or question.items)
    shares = {name: find[f"{exhibit.question}.{exhibit.answer}.{name}"] for name in names}
    bases = [find[f"{exhibit.question}.{name}:base"] for name in names]
    differ = len({base.text for base in bases}) > 1
    bars = [
        Bar(question.items[name].label, shares[name], style.MAIN, base if differ else None)
        for name, base in zip(names, bases, strict=True)
    ]
    if exhibit.sort == "share":
        bars.sort(key=lambda bar: (bar.estimate.suppressed, -bar.estimate.size))
    bars, _ = _largest(bars, exhibit.most)
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    answer = scale.label(exhibit.answer or "")
    rows = [
        f"{bar.label}{f' (base {bar.base.text})' if bar.base else ''}: {alt.spoken(bar.estimate)}."
        for bar in bars
    ]
    shared = [] if differ else [f"Base: {bases[0].text}."]
    lead = alt.extremes(f"The share of '{answer}'", [(bar.label, bar.estimate) for bar in bars])
    opening = f"Bar chart of '{answer}'. {alt.sentence(named(exhibit, question))}"
    return Result(
        title=exhibit.title or f"{question.text} {answer}",
        number=question.number,
        alt=" ".join(filter(None, [opening, lead, *shared, *rows])),
        points=tuple(Point(bar.label, answer, bar.estimate) for bar in bars),
        note=note_of_base(bases, question, context),
        canvas=_draw_bars(frame, bars, None, []),
    )


def _fills(scale: Scale) -> dict[str, str]:
    """One blue; on a two-sided scale blue against orange, as in stacked bars."""
    fills = dict.fromkeys(scale.options, style.MAIN)
    if scale.order == "two_sided":
        parts = style.sides(scale)
        fills |= dict.fromkeys(parts.last, style.OTHER)
    return fills | dict.fromkeys([*scale.middle, *scale.apart], style.APART)


def _draw_bars(
    frame: Frame, bars: list[Bar], scale: Scale | None, nets: list[tuple[str, Figure]]
) -> Canvas:
    """Bars on one axis from 0 to 100%, so that charts side by side can be compared."""
    based = any(bar.base for bar in bars)
    part = 0.27 if frame.width == style.FULL else 0.36
    head = style.NORMAL.line if based else 0
    rows = frame.rows([bar.label for bar in bars], lambda kind: head, _MOST_PITCH, part)
    kind, top, pitch = rows.kind, rows.top, rows.pitch
    canvas = frame.canvas(top + pitch * len(bars))
    left = rows.labels.width + _LABEL_GAP
    unit = (frame.width - left - _NUMBER - (_NUMBER if based else 0)) / 100
    height = round(pitch * 0.7)
    ends = []
    if based:
        y = frame.top + 6
        canvas.text(frame.width, y, "Base", size=kind.small, fill=style.MUTED, align="right")
    for index, bar in enumerate(bars):
        middle = top + pitch * index + pitch / 2
        rows.draw_label(canvas, 0, middle, rows.labels.wrapped[index])
        width = 0.0 if bar.estimate.suppressed else bar.estimate.size * unit
        if width:
            canvas.bar(
                left, round(middle - height / 2), max(width, 1.5), height, bar.fill, bar.estimate.id
            )
        x = left + width + 8
        canvas.figure(x, middle, bar.estimate.text, bar.estimate.id, size=kind.figures)
        ends.append(x + style.text_width(bar.estimate.text, kind.figures, True))
        if bar.base:
            canvas.text(
                frame.width,
                middle,
                bar.base.text,
                size=kind.small,
                fill=style.MUTED,
                align="right",
                estimate=bar.base.id,
            )
    if scale:
        _draw_nets(canvas, scale, nets, ends, rows)
    return canvas


def _draw_nets(
    canvas: Canvas,
    scale: Scale,
    nets: list[tuple[str, Figure]],
    ends: list[float],
    found: Rows,
) -> None:
    """A bracket behind the bars of each net, with its total."""
    kind, top, pitch = found.kind, found.top, found.pitch
    names = list(scale.options)
    widest = max(
        (style.text_width(f"{scale.label(net)} ", kind.body) for net, _ in nets), default=0
    )
    limit = canvas.width - min(widest, 110) - 26
    for net, estimate in nets:
        rows = sorted(names.index(name) for name in scale.nets[net])
        x = min(max(ends[row] for row in rows) + 14, limit)
        first, last = top + rows[0] * pitch + 5, top + (rows[-1] + 1) * pitch - 5
        canvas.rect(x + 5, first, 2, last - first, style.MUTED)
        for y in (first, last - 2):
            canvas.rect(x, y, 6, 2, style.MUTED)
        middle = (first + last) / 2
        lines = style.wrap(scale.label(net), canvas.width - x - 16, kind.body)
        start = middle - len(lines) * kind.line / 2
        for index, line in enumerate(lines):
            canvas.text(x + 16, start + index * kind.line, line, size=kind.body)
        below = start + len(lines) * kind.line
        canvas.figure(x + 16, below, estimate.text, estimate.id, size=kind.figures + 2)
