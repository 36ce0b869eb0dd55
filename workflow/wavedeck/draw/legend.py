"""Categories with their colours, in order, above the bars."""

from __future__ import annotations

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas

_SWATCH = 16
_GAP = 7
_BETWEEN = 24
_LINE = 25
_BELOW = 8


class Legend:
    """Entries on one line where they fit into `width`, otherwise under each other in columns."""

    def __init__(
        self, entries: dict[str, str], width: float, kind: style.Type = style.NORMAL
    ) -> None:
        """`entries`: colour by label."""
        self._entries = entries
        self._size = kind.body
        needed = {label: _SWATCH + _GAP + style.text_width(label, kind.body) for label in entries}
        labels = list(entries)
        for count in range(1, len(labels) + 1):
            across = -(-len(labels) // count)
            self._lines = [
                labels[start : start + across] for start in range(0, len(labels), across)
            ]
            columns = [[line[i] for line in self._lines if i < len(line)] for i in range(across)]
            widths = [max(needed[label] for label in column) for column in columns]
            self._starts = [sum(widths[:i]) + i * _BETWEEN for i in range(across)]
            if self._starts[-1] + widths[-1] <= width:
                break

    @property
    def lines(self) -> int:
        return len(self._lines)

    @property
    def height(self) -> int:
        return self.lines * _LINE + _BELOW

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        for index, line in enumerate(self._lines):
            y = top + index * _LINE + 11
            for label, start in zip(line, self._starts, strict=False):
                canvas.bar(left + start, y - _SWATCH / 2, _SWATCH, _SWATCH, self._entries[label])
                canvas.text(left + start + _SWATCH + _GAP, y, label, size=self._size)
