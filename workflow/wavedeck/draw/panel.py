"""A row a share, over more than two waves: its values, joined by lines.

Numbers stand as high as they are, on one scale for all rows but each about the middle of its own
row, so that a slope means the same in each. A line is broken where a wave has no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.measure import NOW, THEN, draw_change
from wavedeck.draw.waves import Drawn, History, Round, axis_of, draw_since

_MOST_PITCH = 110
_LEAST_SPAN = 10.0
"""Points that a row's height stands for at least."""
_CHANGE, _NARROW_CHANGE = 196, 164
"""Room for the words of a change at the right."""
_SIDE = 12
"""White between a number and the lines beside it."""


def draw_panel(frame: Frame, histories: Sequence[History], rounds: Sequence[Round]) -> Drawn:
    """Its waves stand as `waves.axis_of` says."""
    full = frame.width == style.FULL
    head = 2 * style.NORMAL.line + 12
    labels = [h.label for h in histories]
    rows = frame.rows(labels, lambda _: head, _MOST_PITCH, 0.27 if full else 0.3)
    changes = frame.width - (_CHANGE if full else _NARROW_CHANGE)
    number = style.text_width("100%", rows.kind.figures, True)
    left, right = rows.labels.width + 24 + number / 2, changes - 16 - number / 2
    axis = axis_of(rounds, left + _overhang(rounds[0]), right - _overhang(rounds[-1]), frame.where)
    canvas = frame.canvas(rows.top + rows.pitch * len(histories))
    axis.draw_titles(canvas, rows.top - 12 - axis.height)
    draw_since(canvas, changes + 6, rows.top - 12, rounds[-2])
    unit = _unit(histories, rows.pitch - rows.kind.figures - 8)
    for index, history in enumerate(histories):
        y = rows.top + rows.pitch * (index + 0.5)
        canvas.rect(0, y + rows.pitch / 2 - 0.5, frame.width, 1, style.HAIRLINE)
        rows.draw_label(canvas, 0, y, rows.labels.wrapped[index])
        _draw_history(canvas, history, axis.places, y, unit, rows)
        draw_change(canvas, history.change, changes + 6, y, rows.kind.body)
    return Drawn(canvas, axis, signs=True, told="Slopes are on one scale in all rows")


def _overhang(each: Round) -> float:
    """How far a wave's name reaches beyond the numbers below it, in px."""
    wide = min(style.text_width(each.title.text, style.BODY, True), 90)
    return max(0.0, (wide - style.text_width("100%", style.NORMAL.figures, True)) / 2)


def _unit(histories: Sequence[History], height: float) -> float:
    """Px a point: the row that moved most fills its height."""
    spans = [max(values) - min(values) for h in histories if (values := _values(h))]
    return max(height, 4.0) / max([*spans, _LEAST_SPAN])


def _values(history: History) -> list[float]:
    return [p.value for p, shown in zip(history.points, history.shown, strict=True) if shown]


def _draw_history(
    canvas: Canvas, history: History, places: list[float], y: float, unit: float, rows: Rows
) -> None:
    size, values = rows.kind.figures, _values(history)
    middle = (max(values) + min(values)) / 2 if values else 0.0
    heights = [
        y - (p.value - middle) * unit if shown else y
        for p, shown in zip(history.points, history.shown, strict=True)
    ]
    last = len(places) - 1
    reach = [style.text_width(p.text, size, n == last) / 2 for n, p in enumerate(history.points)]
    for one, two in pairwise(range(len(places))):
        if history.shown[one] and history.shown[two]:
            start = places[one] + reach[one] + _SIDE / 2, heights[one]
            end = places[two] - reach[two] - _SIDE / 2, heights[two]
            told = two == last and history.told
            owner = history.change.id if two == last else history.points[one].id
            canvas.line(start, end, 4 if told else 2, NOW if told else style.RULE, owner)
    for number, point in enumerate(history.points):
        now = number == last
        canvas.text(
            places[number],
            heights[number],
            point.text,
            size=size if history.shown[number] else style.NORMAL.small,
            bold=now,
            fill=NOW if now else THEN,
            align="center",
            estimate=point.id,
        )
