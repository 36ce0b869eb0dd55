"""The room that a chart has on its slide: heading, row labels, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.errors import Problem, WavedeckError

_BETWEEN = 6
"""The least white between the labels of neighbouring rows."""


@dataclass(frozen=True)
class Labels:
    """Row labels, wrapped."""

    wrapped: list[list[str]]
    width: float
    """Of the widest line, in px."""
    kind: style.Type

    @property
    def height(self) -> float:
        """Of the tallest label, in px."""
        return max(len(lines) for lines in self.wrapped) * self.kind.line


@dataclass(frozen=True)
class Rows:
    """Where the rows of a chart stand, and how large their type is."""

    labels: Labels
    kind: style.Type
    top: float
    pitch: int
    """From one row to the next, in px."""

    def part(self, start: int, end: int) -> Rows:
        """Some of the rows."""
        return replace(self, labels=replace(self.labels, wrapped=self.labels.wrapped[start:end]))

    def draw_rules(self, canvas: Canvas) -> None:
        """Lines between the rows where labels of two lines stand close."""
        if self.labels.kind == style.TIGHT:
            for index in range(1, len(self.labels.wrapped)):
                y = self.top + self.pitch * index
                canvas.rect(0, y - 0.5, canvas.width, 1, style.HAIRLINE)

    def draw_label(self, canvas: Canvas, x: float, y: float, lines: Sequence[str]) -> None:
        """A label of one line keeps its size where longer ones are set tighter."""
        canvas.lines(x, y, lines, self.labels.kind if len(lines) > 1 else self.kind)


class Frame:
    """A chart's width, and what its heading leaves of the height."""

    def __init__(self, half: bool, heading: str, where: str) -> None:
        self.width = style.HALF if half else style.FULL
        self.where = where
        size = style.MEDIUM.body
        self._heading = style.wrap(heading, self.width, size, True) if heading else []
        # Two lines even where one is enough, so that charts side by side start level.
        lines = max(len(self._heading), 2 if half else 1)
        self.top = lines * style.MEDIUM.line + 16 if heading else 0

    def canvas(self, height: float) -> Canvas:
        """An empty canvas with the heading on it."""
        if height > style.MOST_HEIGHT + 0.5:
            raise WavedeckError(
                Problem(
                    self.where,
                    f"the chart needs {round(height)} px of height",
                    expected=f"at most {style.MOST_HEIGHT} px, what a slide has room for",
                    remedy="show fewer rows (items or groups), or shorten their labels",
                )
            )
        canvas = Canvas(self.width, round(height))
        for index, line in enumerate(self._heading):
            y = 12 + index * style.MEDIUM.line
            canvas.text(0, y, line, size=style.MEDIUM.body, bold=True)
        return canvas

    def rows(
        self,
        labels: Sequence[str],
        head: Callable[[style.Type], float],
        most_pitch: int,
        part: float = 0.27,
        count: int = 0,
    ) -> Rows:
        """The largest type for which the rows stand far enough apart.

        `head` is the height of what stands above the rows, `part` the labels' share of the width,
        `count` the number of rows where it is not that of the labels.
        """
        for kind in style.TYPES:
            found = self._labels(labels, part, kind)
            top = self.top + head(kind)
            room = int((style.MOST_HEIGHT - top) / (count or len(labels)))
            pitch = min(room, most_pitch)
            if pitch >= max(kind.pitch, found.height + _BETWEEN):
                return Rows(found, kind, top, pitch)
        tight = self._labels(labels, part, style.TIGHT, kind.body)
        return Rows(tight, kind, top, int(max(pitch, tight.height + 2, 26)))

    def _labels(
        self, labels: Sequence[str], part: float, kind: style.Type, single: float = 0
    ) -> Labels:
        """Labels on at most two lines where a share of the width is enough for that.

        `single` is the size of labels of one line, where it is another.
        """
        for share in (part, part * 1.15, part * 1.3):
            wrapped, width = style.wrap_all(labels, self.width * share, kind.body)
            alone = (lines[0] for lines in wrapped if len(lines) == 1)
            widest = max((style.text_width(line, single or kind.body) for line in alone), default=0)
            found = Labels(wrapped, max(width, widest), kind)
            if found.height <= 2 * kind.line:
                break
        return found
