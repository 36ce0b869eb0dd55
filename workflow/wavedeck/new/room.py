"""How many rows a chart has room for, by the length of their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wavedeck.draw import style
from wavedeck.letters import pieces, wide

_LEGEND = 80
"""px that a legend of two lines, or the headings of nets, may take."""
LONGEST_LABEL = 110
"""Characters of a label that a chart shows on two or three lines."""


def rows_that_fit(labels: Sequence[str], legend: bool) -> int:
    """The number of rows, at the smallest type, that surely fit on a slide."""
    wrapped, _ = style.wrap_all(labels, style.FULL * 0.27 * 1.3, style.TIGHT.body)
    lines = max(map(len, wrapped), default=1)
    pitch = max(27.0, lines * style.TIGHT.line + 3)
    room = style.MOST_HEIGHT - 12 - (_LEGEND if legend else 0)
    return max(1, int(room / pitch))


def pages(count: int, most: int) -> list[range]:
    """Rows shared out evenly over as few pages as hold them."""
    number = -(-count // most)
    size = -(-count // number)
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def cut(text: str, most: int) -> str:
    """A text without the brackets at its end, or cut at a word, with an ellipsis."""
    if any(map(wide, text)):
        return _cut_wide(text, most)
    if len(text) <= most:
        return text
    whole = re.sub(r"\s*\([^()]*\)\s*$", "", text)
    if 8 <= len(whole) <= most:
        return whole
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:-–(") + " …"


def _cut_wide(text: str, most: int) -> str:
    """`cut`, where letters of Chinese, Japanese and Korean take the room of two."""
    room = most - sum(map(wide, text))
    if len(text) <= room:
        return text
    found = ""
    for gap, piece in pieces(text):
        longer = f"{found}{gap}{piece}"
        if found and len(longer) + sum(map(wide, longer)) > most:
            break
        found = longer
    return f"{found} …"
