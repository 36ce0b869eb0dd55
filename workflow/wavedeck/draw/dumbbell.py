"""Two shares a row on one line, a dot for each: the drawing that representation charts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Rows
from wavedeck.figures import Figure

RADIUS = 8.5
"""Of the larger dot, its edge included."""
RING, DOT = 7.25, 6.5
"""A filled dot shows inside a ring of the same value."""
_NUMBER = 50
"""Room for a number outside the outermost dots."""


@dataclass(frozen=True)
class Row:
    label: str
    ours: Figure
    """Share of those who responded."""
    frame: Figure
    after: float | None = None
    """Share after weighting, in percent; it has no number of its own on the chart."""


def draw_rows(
    canvas: Canvas,
    rows: Sequence[Row],
    found: Rows,
    box: tuple[float, float, float],
    most: float,
) -> None:
    """Rows in `box` (left, top, width); `most` is the share at the right end, in percent."""
    left, top, width = box
    number = _NUMBER * found.kind.figures / style.NORMAL.figures
    start = left + found.labels.width + 12 + number
    unit = (left + width - number - start) / most
    for index, row in enumerate(rows):
        y = top + found.pitch * (index + 0.5)
        found.draw_label(canvas, left, y, found.labels.wrapped[index])
        ours, frame = start + row.ours.size * unit, start + row.frame.size * unit
        low, high = sorted((ours, frame))
        # One estimate's marks stay together: the line first, then each dot with its number.
        canvas.rect(low, y - 1.5, high - low, 3, style.RULE)
        if row.after is not None:
            x = start + row.after * unit
            canvas.polygon([(x, y - 15), (x + 5, y - 9.5), (x - 5, y - 9.5)][::-1], style.INK)
        size = found.kind.figures
        _draw_dot(canvas, (frame, y), row.frame, style.OTHER, frame > ours, size)
        _draw_dot(canvas, (ours, y), row.ours, style.MAIN, frame <= ours, size)


def _draw_dot(
    canvas: Canvas,
    at: tuple[float, float],
    estimate: Figure,
    colour: str,
    at_right: bool,
    size: float,
) -> None:
    x, y = at
    if colour == style.OTHER:
        canvas.circle(x, y, RING, style.WHITE, colour, estimate.id)
    else:
        canvas.circle(x, y, DOT, colour, estimate=estimate.id)
    offset = RADIUS + 6 if at_right else -RADIUS - 6
    align = "left" if at_right else "right"
    canvas.figure(x + offset, y, estimate.text, estimate.id, size=size, fill=colour, align=align)


def draw_key(canvas: Canvas, ours: str, frame: str, top: float, after: str = "") -> None:
    """What the dots mean, on one line where it fits."""
    entries = [(ours, style.MAIN), (frame, style.OTHER)] + ([(after, style.INK)] if after else [])
    x, y = 0.0, top + 11
    for text, colour in entries:
        width = 2 * RADIUS + 8 + style.text_width(text, style.BODY)
        if x and x + width > canvas.width:
            x, y = 0.0, y + 26
        if colour == style.INK:
            points = [(x + RADIUS, y - 4), (x + RADIUS + 6, y + 4), (x + RADIUS - 6, y + 4)]
            canvas.polygon(points, colour)
        elif colour == style.OTHER:
            canvas.circle(x + RADIUS, y, RING, style.WHITE, colour)
        else:
            canvas.circle(x + RADIUS, y, DOT, colour)
        canvas.text(x + 2 * RADIUS + 8, y, text)
        x += width + 28


def key_height(width: float, *texts: str) -> int:
    x, lines = 0.0, 1
    for text in texts:
        needed = 2 * RADIUS + 8 + style.text_width(text, style.BODY)
        if x and x + needed > width:
            x, lines = 0.0, lines + 1
        x += needed + 28
    return lines * 26 + 10
