"""A surface to draw on in px from the top left, which remembers the estimate behind each mark.

Charts are laid out by hand on a bare matplotlib figure, without axes: every length is then a whole
choice of the layout, and nothing of a plotting theme has to be taken away again.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.transforms import IdentityTransform

from wavedeck import assets
from wavedeck.draw import style, svg
from wavedeck.letters import directed

# One px is one point at 72 dots an inch; the SVG backend writes points as user units.
_DPI = 72
_EDGE = 1
"""Width of the outline of pale bars, half of it outside of the bar."""
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wavedeck",
    "text.parse_math": False,
}
_FONTS = {
    bold: FontProperties(
        fname=str(assets.font_file("semibold" if bold else "regular")),
        family=assets.FONT_FAMILY,
        weight=600 if bold else 400,
    )
    for bold in (False, True)
}


class Canvas:
    """Marks in px: x to the right, y downwards. Later marks lie over earlier ones."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, frameon=False)
        self._estimates: dict[str, str] = {}
        self.loose: list[str] = []
        """Lines of text that no estimate stands behind."""
        self._count = 0

    @property
    def estimates(self) -> tuple[str, ...]:
        """Ids of the estimates shown, each once, in the order of drawing."""
        return tuple(dict.fromkeys(self._estimates.values()))

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, estimate: str = ""
    ) -> None:
        self._rectangle(x, y, width, height, fill, "none", estimate)

    def bar(
        self, x: float, y: float, width: float, height: float, fill: str, estimate: str = ""
    ) -> None:
        """A rectangle whose length or place is read: outlined where its colour is pale."""
        self._rectangle(x, y, width, height, fill, style.edge_of(fill), estimate)

    def _rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str, estimate: str
    ) -> None:
        corner = (round(x, 1), round(self.height - y - height, 1))
        size = (round(width, 1), round(height, 1))
        line = 0 if edge == "none" else _EDGE
        self._add(Rectangle(corner, *size, fc=fill, ec=edge, lw=line), estimate)

    def circle(
        self, x: float, y: float, radius: float, fill: str, edge: str = "none", estimate: str = ""
    ) -> None:
        centre = (round(x, 1), round(self.height - y, 1))
        line = 0 if edge == "none" else 2.5
        self._add(Circle(centre, radius, fc=fill, ec=edge, lw=line), estimate)

    def polygon(self, points: Sequence[tuple[float, float]], fill: str, estimate: str = "") -> None:
        corners = [(round(x, 1), round(self.height - y, 1)) for x, y in points]
        self._add(Polygon(corners, fc=fill, ec="none"), estimate)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        weight: float,
        fill: str,
        estimate: str = "",
    ) -> None:
        """A straight line, as thick whichever way it goes."""
        (a, b), (c, d) = start, end
        length = math.hypot(c - a, d - b) or 1.0
        x, y = (d - b) / length * weight / 2, (a - c) / length * weight / 2
        corners = [(a + x, b + y), (c + x, d + y), (c - x, d - y), (a - x, b - y)]
        self.polygon(corners, fill, estimate)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = style.BODY,
        bold: bool = False,
        fill: str = style.INK,
        align: str = "left",
        estimate: str = "",
    ) -> None:
        """A line of text whose capitals are centred on `y`; `x` is its left, center or right."""
        font = _FONTS[bold].copy()
        font.set_size(size)
        baseline = round(self.height - y - size * style.CAP_HEIGHT / 2, 1)
        artist = self._figure.text(
            round(x, 1),
            baseline,
            directed(text),
            fontproperties=font,
            color=fill,
            ha=align,
            va="baseline",
            transform=IdentityTransform(),
        )
        self._tag(artist, estimate)
        if not estimate:
            self.loose.append(text)

    def figure(
        self,
        x: float,
        y: float,
        text: str,
        estimate: str,
        *,
        size: float = style.NORMAL.figures,
        fill: str = style.INK,
        align: str = "left",
    ) -> None:
        """A number of an estimate, in semibold."""
        self.text(x, y, text, size=size, bold=True, fill=fill, align=align, estimate=estimate)

    def lines(self, x: float, y: float, lines: Sequence[str], kind: style.Type) -> None:
        """Lines of text, centred on `y` as a block."""
        top = y - (len(lines) - 1) * kind.line / 2
        for index, line in enumerate(lines):
            self.text(x, top + index * kind.line, line, size=kind.body)

    def _add(self, patch: Artist, estimate: str) -> None:
        patch.set_transform(IdentityTransform())
        self._figure.add_artist(patch)
        self._tag(patch, estimate)

    def _tag(self, artist: Artist, estimate: str) -> None:
        self._count += 1
        artist.set_zorder(self._count)
        if estimate:
            key = f"estimate-{self._count}"
            self._estimates[key] = estimate
            artist.set_gid(key)

    def svg(self, name: str) -> str:
        """The drawing as SVG that can stand inside a page among others; ids begin with `name`."""
        stream = io.StringIO()
        with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
            # Texts stay texts: matplotlib draws no letter, so that it need not have any.
            warnings.filterwarnings("ignore", r"Glyph .* missing")
            canvas: Any = FigureCanvasSVG(self._figure)
            canvas.print_svg(stream, metadata={"Date": None})
        return svg.clean(stream.getvalue(), name, self.width, self.height, self._estimates)
