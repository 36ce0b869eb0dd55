"""A line a share from one wave to the next, with labels at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame
from wavedeck.draw.measure import BAND_NOW, BAND_THEN, NOW, THEN, Measure, draw_change
from wavedeck.figures import Figure

_HEAD = 44
_APART = 30
"""The least distance between two labels, in px."""
_BAND = 12


def draw_slopes(frame: Frame, measures: Sequence[Measure], then: Figure, now: Figure) -> Canvas:
    """Waves are two upright axes. A line is dark where the test finds a change, grey elsewhere."""
    narrow = frame.width != style.FULL
    size = style.NORMAL.figures if narrow else style.MEDIUM.figures
    height = 300 if narrow else 330
    canvas = frame.canvas(frame.top + _HEAD + height)
    top = frame.top + _HEAD + 14
    widest = max(style.text_width(m.label, size) for m in measures)
    left = 70.0 if narrow else 130.0
    right = frame.width - (min(widest, 250) + 90 if narrow else 560)
    shown = [m for m in measures if m.compared]
    values = [v for m in shown for f in (m.before, m.now) for v in (f.size, f.lower, f.upper)]
    low = min((v for v in values if v == v), default=0.0)
    high = max((v for v in values if v == v), default=100.0)
    unit = (height - 40) / max(high - low, 10.0)

    def y_of(value: float) -> float:
        return top + (high - value) * unit

    canvas.text(left, frame.top + 12, then.text, fill=THEN, align="center", estimate=then.id)
    canvas.text(
        right, frame.top + 12, now.text, bold=True, fill=NOW, align="center", estimate=now.id
    )
    if not narrow:
        x = canvas.width - 200.0
        canvas.rect(x, frame.top + 4, 12, 20, BAND_THEN)
        canvas.rect(x + 20, frame.top + 4, 12, 20, BAND_NOW)
        canvas.text(x + 44, frame.top + 14, "margins of error", fill=style.MUTED)
    for x in (left, right):
        canvas.rect(x - 0.5, top - 10, 1, height - 20, style.RULE)
    for m in shown:
        for figure, x, fill in ((m.before, left, BAND_THEN), (m.now, right, BAND_NOW)):
            if figure.lower == figure.lower:
                upper, lower = y_of(figure.upper), y_of(figure.lower)
                canvas.rect(x - _BAND / 2, upper, _BAND, lower - upper, fill, figure.id)
    starts = spread([y_of(m.before.size) for m in shown])
    ends = spread([y_of(m.now.size) for m in shown])
    for m, start, end in zip(shown, starts, ends, strict=True):
        fill, weight = (NOW, 4.0) if m.told else (style.RULE, 2.5)
        a, b = y_of(m.before.size), y_of(m.now.size)
        half = weight / 2
        corners = [(left, a - half), (right, b - half), (right, b + half), (left, a + half)]
        canvas.polygon(corners, fill, m.change.id)
        canvas.circle(left, a, 7.25, style.WHITE, THEN, m.before.id)
        canvas.circle(right, b, 8.5, NOW, estimate=m.now.id)
        canvas.text(
            left - 18,
            start,
            m.before.text,
            size=size,
            fill=THEN,
            align="right",
            estimate=m.before.id,
        )
        canvas.figure(right + 18, end, m.now.text, m.now.id, size=size, fill=NOW)
        x = right + 18 + style.text_width("100% ", size, True)
        canvas.text(x, end, m.label, size=size)
        if not narrow:
            draw_change(canvas, m.change, x + min(widest, 260) + 24, end, style.NORMAL.body)
    return canvas


def spread(
    places: Sequence[float], apart: float = _APART, ends: tuple[float, float] | None = None
) -> list[float]:
    """Places moved apart as little as needed, in their order; none beyond `ends`, if given."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = list(places)
    for _ in range(200):
        moved = False
        for one, other in pairwise(order):
            gap = found[other] - found[one]
            if gap < apart - 0.01:
                found[one] -= (apart - gap) / 2
                found[other] += (apart - gap) / 2
                moved = True
        if not moved:
            break
    if ends:
        for rank, place in enumerate(order):
            found[place] = max(found[place], ends[0] + rank * apart)
        for rank, place in enumerate(reversed(order)):
            found[place] = min(found[place], ends[1] - rank * apart)
    return found
