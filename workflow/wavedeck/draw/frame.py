"""The room that a chart has on its slide: heading, row labels, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.errors import Problem, WavedeckError


@dataclass(frozen=True)
class Labels:
    """Row labels, wrapped."""

    wrapped: list[list[str]]
    width: float
    """Of the widest line, in px."""

    @property
    def height(self) -> int:
        """Of the tallest label, in px."""
        lines = max(len(lines) for lines in self.wrapped)
        return lines * style.TIGHT_LINE + 2 if lines > 1 else style.LINE


class Frame:
    """A chart's width, and what its heading leaves of the height."""

    def __init__(self, half: bool, heading: str, where: str) -> None:
        self.width = style.HALF if half else style.FULL
        self.where = where
        self._heading = style.wrap(heading, self.width, style.BODY, True) if heading else []
        # Two lines even where one is enough, so that charts side by side start level.
        self.top = max(len(self._heading), 2 if half else 1) * style.LINE + 14 if heading else 0

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
            canvas.text(0, 12 + index * style.LINE, line, bold=True)
        return canvas

    def labels(self, labels: Sequence[str], part: float = 0.27) -> Labels:
        """Labels on at most two lines where a share of the width is enough for that."""
        for share in (part, part * 1.15, part * 1.3):
            found = Labels(*style.wrap_all(labels, self.width * share))
            if found.height <= 2 * style.LINE:
                break
        return found

    def pitch(self, top: float, labels: Labels, most: int) -> int:
        """From one row to the next: as far as there is room, at most `most`."""
        room = int((style.MOST_HEIGHT - top) / len(labels.wrapped))
        return max(min(room, most), labels.height, 26)

    @staticmethod
    def tight(pitch: float) -> bool:
        """Whether two lines of a label would touch those of the next row."""
        return pitch < 2 * style.LINE + 4
