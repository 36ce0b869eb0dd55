"""The look of every chart: sizes in px of a 1280 x 720 slide, colours, type.

Colours follow the UK Government Analysis Function's guidance on charts: blues for one-sided scales,
blues against oranges with a grey middle for two-sided ones, which colour-blind readers can tell
apart. Neighbours are parted by a white gap, and a label's colour is chosen by contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.ft2font import FT2Font, LoadFlags

from wavedeck import assets, typefaces
from wavedeck.letters import pieces
from wavedeck.survey import Scale

FULL, HALF = 1160, 560
MOST_HEIGHT = 430


@dataclass(frozen=True)
class Type:
    """Sizes that go together; a chart takes the largest that its rows leave room for."""

    body: float
    small: float
    """Column headings, bases."""
    figures: float
    """Numbers in segments and beside bars."""
    line: float
    """From one line of a label to the next."""
    pitch: float
    """The least distance from one row to the next."""


TYPES = (Type(22, 19, 22, 25, 66), Type(20, 18, 20, 23, 50), Type(18, 17, 18, 20, 0))
LARGE, MEDIUM, NORMAL = TYPES
TIGHT = Type(17, 17, 18, 17, 0)
"""Labels of two lines where rows stand so close that lines of NORMAL would run into each other."""
BODY = NORMAL.body
SINGLE_FIGURES = 24
"""Numbers in the segments of a single bar."""
CAP_HEIGHT = 0.656
"""Height of capitals and figures, as a part of the type size (Source Sans Pro)."""
GAP = 2
"""White between neighbouring segments."""
APART_GAP = 7
"""White before options that are off the scale."""

INK = "#0b0c0c"
MUTED = "#505a5f"
RULE = "#b1b4b6"
HAIRLINE = "#dfe3e6"
WHITE = "#ffffff"
MAIN = "#12436d"
SECOND = "#6bace6"
OTHER = "#b84a0e"
MIDDLE = "#d5d7d9"
APART = "#a3a7aa"
_SEQUENTIAL = {
    1: ["#12436d"],
    2: ["#12436d", "#6bace6"],
    3: ["#12436d", "#2073bc", "#6bace6"],
    4: ["#12436d", "#2073bc", "#6bace6", "#bfd9f2"],
    5: ["#12436d", "#2073bc", "#6bace6", "#a6cbef", "#d6e7f7"],
}
_FIRST_SIDE = {1: ["#2073bc"], 2: ["#12436d", "#6bace6"], 3: ["#12436d", "#2073bc", "#6bace6"]}
_LAST_SIDE = {1: ["#b84a0e"], 2: ["#f7a873", "#b84a0e"], 3: ["#fbc8a5", "#f08a4b", "#a8420c"]}
_MIN_CONTRAST = 4.5
_MIN_MARK_CONTRAST = 3


@dataclass(frozen=True)
class Sides:
    """A two-sided scale taken apart."""

    first: tuple[str, ...]
    middle: tuple[str, ...]
    last: tuple[str, ...]


def sides(scale: Scale) -> Sides:
    """Options before and after the middle; without a middle the scale is cut in half."""
    on_scale = [name for name in scale.options if name not in scale.apart]
    if scale.middle:
        places = [on_scale.index(name) for name in scale.middle]
        start, end = min(places), max(places) + 1
    else:
        start = end = len(on_scale) // 2
    return Sides(tuple(on_scale[:start]), tuple(on_scale[start:end]), tuple(on_scale[end:]))


def colours(scale: Scale) -> dict[str, str]:
    """A colour for each option of a scale."""
    found = dict.fromkeys(scale.apart, APART)
    if scale.order == "two_sided":
        parts = sides(scale)
        found |= dict(zip(parts.first, _ramp(_FIRST_SIDE, len(parts.first)), strict=True))
        found |= dict.fromkeys(parts.middle, MIDDLE)
        found |= dict(zip(parts.last, _ramp(_LAST_SIDE, len(parts.last)), strict=True))
        return found
    on_scale = [name for name in scale.options if name not in scale.apart]
    return found | dict(zip(on_scale, _ramp(_SEQUENTIAL, len(on_scale)), strict=True))


def _ramp(ramps: dict[int, list[str]], steps: int) -> list[str]:
    """`steps` colours, mixed from the longest ramp when no ramp has that many."""
    if steps in ramps or not steps:
        return ramps.get(steps, [])
    longest = ramps[max(ramps)]
    found = []
    for step in range(steps):
        place = step * (len(longest) - 1) / (steps - 1)
        low = min(int(place), len(longest) - 2)
        pairs = zip(_channels(longest[low]), _channels(longest[low + 1]), strict=True)
        mixed = [round(a + (b - a) * (place - low)) for a, b in pairs]
        found.append("#" + "".join(f"{channel:02x}" for channel in mixed))
    return found


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_TINTS = ["#eef4fb", *reversed(_SEQUENTIAL[5])]


def tint(share: float) -> str:
    """The colour of a tile for a share of 0 to 1: the darker, the more."""
    return _TINTS[min(int(share * len(_TINTS)), len(_TINTS) - 1)]


def luminance(colour: str) -> float:
    """Relative luminance of '#rrggbb', 0..1 (WCAG 2.2)."""
    parts = [channel / 255 for channel in _channels(colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def edge_of(fill: str) -> str:
    """The outline of a mark that would be too pale on white without one (WCAG 2.2, 1.4.11): its
    colour, darkened as far as needed; 'none' where the fill is dark enough."""
    edge, part = fill, 100
    while contrast(WHITE, edge) < _MIN_MARK_CONTRAST:
        part -= 2
        edge = "#" + "".join(f"{channel * part // 100:02x}" for channel in _channels(fill))
    return "none" if edge == fill else edge


def ink_on(colour: str) -> str:
    """White where it is readable on `colour`, otherwise near-black."""
    return WHITE if contrast(WHITE, colour) >= _MIN_CONTRAST else INK


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    font = FT2Font(str(assets.font_file("semibold" if bold else "regular")))
    font.set_size(100, 72)
    return font


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of text in px."""
    if typefaces.missing(text):
        return typefaces.width(text, "semibold" if bold else "regular") * size
    font = _font(bold)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width: float = font.get_width_height()[0] / 64
    return width * size / 100


def wrap(text: str, limit: float, size: float = BODY, bold: bool = False) -> list[str]:
    """Lines of at most `limit` px, as even as the number of lines allows."""
    lines = _greedy(text, limit, size, bold)
    if len(lines) > 1:
        narrow = max(limit * 0.4, text_width(text, size, bold) / len(lines))
        for step in range(20):
            tried = _greedy(text, narrow + (limit - narrow) * step / 20, size, bold)
            if len(tried) == len(lines):
                return tried
    return lines


def _greedy(text: str, limit: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for gap, piece in pieces(text):
        if lines and text_width(f"{lines[-1]}{gap}{piece}", size, bold) <= limit:
            lines[-1] = f"{lines[-1]}{gap}{piece}"
        else:
            lines.append(piece)
    return lines or [""]


def wrap_all(
    labels: Sequence[str], limit: float, size: float = BODY
) -> tuple[list[list[str]], float]:
    """Wrapped labels, and the width in px of the widest line."""
    wrapped = [wrap(label, limit, size) for label in labels]
    return wrapped, max((text_width(line, size) for lines in wrapped for line in lines), default=0)
