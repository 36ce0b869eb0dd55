"""A share in two waves: the colours that tell the waves apart, and the words of its change."""

from __future__ import annotations

from dataclasses import dataclass

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.figures import Figure

THEN, NOW = style.MUTED, style.MAIN
BAND_THEN, BAND_NOW = "#eaecee", "#d6e7f7"


@dataclass(frozen=True)
class Measure:
    """A share in both waves."""

    label: str
    now: Figure
    before: Figure
    change: Figure

    @property
    def told(self) -> bool:
        """Whether the test finds a change."""
        return self.change.change_note in ("up", "down")

    @property
    def compared(self) -> bool:
        return self.change.change_note in ("up", "down", "none")


def draw_change(canvas: Canvas, change: Figure, x: float, y: float, size: float) -> None:
    """'▲ up 7 points' in dark semibold, or in grey that there is no clear change."""
    if change.change_note not in ("up", "down"):
        canvas.text(x + 20, y, change.text, size=size - 1, fill=style.MUTED, estimate=change.id)
        return
    way = -1 if change.change_note == "up" else 1
    points = [(x, y - way * 5), (x + 13, y - way * 5), (x + 6.5, y + way * 6)]
    canvas.polygon(points, style.INK, change.id)
    canvas.figure(x + 20, y, change.text, change.id, size=size)
