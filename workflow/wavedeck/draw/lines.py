"""A line a share over more than two waves, with its name at the end.

Values stand at both ends, and between them where they have room. A line is broken where a wave has
no value. Margins of error are pale bands behind the dots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame
from wavedeck.draw.measure import draw_change
from wavedeck.draw.slopes import spread
from wavedeck.draw.waves import Axis, Drawn, History, Round, axis_of, draw_since
from wavedeck.figures import Figure

_COLOURS = ("#12436d", "#b84a0e", "#2073bc", "#505a5f", "#801650", "#1d7a72")
"""Each at least 4.5:1 on white, neighbours apart for colour-blind readers too."""
_PALE = ("#d6e7f7", "#fbdcc8", "#d9ebfa", "#e4e7e9", "#efd9e4", "#d3eeeb")
_BAND = 8
_RADIUS = 6.5
_NUMBER = 19
"""From the middle of a dot to that of the number above or below it."""
_FREE, _CLEAR = 18, 15
"""The least distance of such a number from others, and from dots."""
_APART, _TWO_LINES = 30, 42
"""From one name at the end to the next, of one line and of two."""
_HEIGHT, _NARROW_HEIGHT = 300, 236


def draw_lines(frame: Frame, histories: Sequence[History], rounds: Sequence[Round]) -> Drawn:
    """Its waves stand as `waves.axis_of` says."""
    narrow = frame.width != style.FULL
    kind = style.NORMAL if narrow else style.MEDIUM
    widest = max(style.text_width(h.label, kind.body) for h in histories)
    room = min(widest, 160.0 if narrow else 280.0)
    labels = [style.wrap(h.label, room, kind.body) for h in histories]
    number = style.text_width("100%", kind.figures, True)
    right = frame.width - number - room - (44 if narrow else 244)
    axis = axis_of(rounds, number + 40, right, frame.where)
    head = max(axis.height, 0 if narrow else 2 * style.NORMAL.line)
    top = frame.top + head + 26
    bottom = top + (_NARROW_HEIGHT if narrow else _HEIGHT)
    canvas = frame.canvas(bottom + 26)
    axis.draw_titles(canvas, frame.top + head - axis.height)
    chart = _Lines(canvas, histories, axis, top, bottom, kind, _scale(histories, top, bottom))
    signs = chart.draw()
    x = right + 20 + style.text_width("100% ", kind.figures, True)
    chart.draw_ends(labels, x, 0.0 if narrow else x + room + 20)
    if not narrow:
        draw_since(canvas, x + room + 20, frame.top + head, rounds[-2])
    return Drawn(canvas, axis, signs)


def _scale(histories: Sequence[History], top: float, bottom: float) -> Callable[[float], float]:
    """Percentages to px: all values and intervals that are drawn, at least ten points."""
    values = [
        value
        for h in histories
        for point, shown in zip(h.points, h.shown, strict=True)
        if shown
        for value in (point.value, point.lower, point.upper)
        if value == value
    ]
    low, high = min(values, default=0.0), max(values, default=100.0)
    unit = (bottom - top) / max(high - low, 10.0)
    return lambda value: top + (high - value) * unit


@dataclass(frozen=True)
class _Lines:
    canvas: Canvas
    histories: Sequence[History]
    axis: Axis
    top: float
    bottom: float
    kind: style.Type
    at: Callable[[float], float]
    """From percentages to px."""

    def draw(self) -> bool:
        """All but the names at the end; whether there are signs where a wave has no values."""
        for x in self.axis.places:
            height = self.bottom - self.top + 20
            self.canvas.rect(x - 0.5, self.top - 10, 1, height, style.HAIRLINE)
        for index, history in enumerate(self.histories):
            self._draw_bands(history, _PALE[index % len(_PALE)])
        for index, history in enumerate(self.histories):
            self._draw_line(history, _colour(index))
        for number in range(1, len(self.axis.places) - 1):
            self._draw_numbers(number)
        self._draw_starts()
        return self._draw_signs()

    def _draw_bands(self, history: History, fill: str) -> None:
        for point, shown, x in zip(history.points, history.shown, self.axis.places, strict=True):
            if shown and point.lower == point.lower:
                upper, lower = self.at(point.upper), self.at(point.lower)
                self.canvas.rect(x - _BAND / 2, upper, _BAND, lower - upper, fill, point.id)

    def _draw_line(self, history: History, fill: str) -> None:
        places = [
            (x, self.at(p.size)) for x, p in zip(self.axis.places, history.points, strict=True)
        ]
        last = len(places) - 1
        for one, two in pairwise(range(len(places))):
            if history.shown[one] and history.shown[two]:
                owner = history.change.id if two == last else history.points[one].id
                weight = 5 if two == last and history.told else 3
                self.canvas.line(places[one], places[two], weight, fill, owner)
        for number, (x, y) in enumerate(places):
            if history.shown[number]:
                name = history.points[number].id
                if number == last:
                    self.canvas.circle(x, y, _RADIUS + 2, fill, estimate=name)
                else:
                    self.canvas.circle(x, y, _RADIUS, style.WHITE, fill, name)

    def _draw_numbers(self, number: int) -> None:
        """Values of a wave between the ends: above or below their dots, where nothing stands."""
        shown = [(n, h) for n, h in enumerate(self.histories) if h.shown[number]]
        dots = [self.at(h.points[number].value) for _, h in shown]
        taken: list[float] = []
        for (index, history), dot in zip(shown, dots, strict=True):
            above = _peak(history, number) >= 0
            for y in (dot - _NUMBER, dot + _NUMBER) if above else (dot + _NUMBER, dot - _NUMBER):
                free = all(abs(y - other) >= _FREE for other in taken)
                if free and all(abs(y - other) >= _CLEAR for other in dots):
                    taken.append(y)
                    self._print(history.points[number], self.axis.places[number], y, _colour(index))
                    break

    def _print(self, point: Figure, x: float, y: float, fill: str) -> None:
        """A number on white, over lines that pass behind."""
        wide = style.text_width(point.text, style.BODY) + 4
        self.canvas.rect(x - wide / 2, y - 9, wide, 18, style.WHITE)
        self.canvas.text(x, y, point.text, fill=fill, align="center", estimate=point.id)

    def _draw_signs(self) -> bool:
        """A sign such as [z] on the axis of a wave that has no value at all."""
        bare = [
            n for n in range(len(self.axis.places)) if not any(h.shown[n] for h in self.histories)
        ]
        for number in bare:
            point, y = self.histories[0].points[number], (self.top + self.bottom) / 2
            self._print(point, self.axis.places[number], y, style.MUTED)
        return bool(bare)

    def _places(self, points: Sequence[Figure], apart: float) -> list[float]:
        """Where the words beside dots stand, none on another."""
        ends = (self.top - 6, self.bottom + 10)
        return spread([self.at(point.size) for point in points], apart, ends)

    def _draw_starts(self) -> None:
        """The first value of each line, at the left."""
        starts = [(n, h.points[0]) for n, h in enumerate(self.histories) if h.shown[0]]
        places = self._places([point for _, point in starts], _APART)
        for (index, first), y in zip(starts, places, strict=True):
            self.canvas.text(
                self.axis.places[0] - 16,
                y,
                first.text,
                size=self.kind.figures,
                fill=_colour(index),
                align="right",
                estimate=first.id,
            )

    def draw_ends(self, labels: Sequence[list[str]], x: float, changes: float) -> None:
        """The last value of each line, its name at `x`, and with `changes` its change there."""
        apart = _TWO_LINES if any(lines[1:] for lines in labels) else _APART
        places = self._places([h.now for h in self.histories], apart)
        ends = zip(self.histories, labels, places, strict=True)
        for index, (history, lines, y) in enumerate(ends):
            now, left = history.now, self.axis.places[-1] + 20
            self.canvas.figure(
                left, y, now.text, now.id, size=self.kind.figures, fill=_colour(index)
            )
            self.canvas.lines(x, y, lines, style.NORMAL if lines[1:] else self.kind)
            if changes:
                draw_change(self.canvas, history.change, changes, y, style.NORMAL.body)


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def _peak(history: History, number: int) -> float:
    """Over 0 where a line goes up to a wave and down from it: its number stands best above."""
    around = [history.points[n] for n in (number - 1, number + 1) if history.shown[n]]
    return sum(history.points[number].value - p.value for p in around)
