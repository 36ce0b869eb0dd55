"""What is known of letters: the direction they run in, and where a line of them may break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_ISOLATE, _ISOLATED = "\u2068", "\u2069"
"""First strong isolate, and pop directional isolate."""
_EMBED, _EMBEDDED = "\u202b", "\u202c"
"""Right-to-left embedding, and pop directional formatting: typefaces have these two."""
_WIDE = (
    range(0x2E80, 0xA000),  # radicals, kana, ideographs and their punctuation
    range(0xAC00, 0xD7A4),  # Hangul syllables
    range(0xF900, 0xFB00),
    range(0xFF00, 0xFFF0),
    range(0x20000, 0x40000),
)
_NO_START = frozenset("、。，．・：；？！ー々ゝゞヽヾ）」』】〕〉》］｝〟’”…"
                      "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")  # fmt: skip
_NO_END = frozenset("（「『【〔〈《［｛〝‘“")
_MARKED = re.compile(r"\w[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")


def right_to_left(text: str) -> bool:
    """Whether any letter runs from right to left, as in Hebrew and Arabic."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def isolated(text: str) -> str:
    """`text` fit to stand in a line that runs from left to right: what runs the other way keeps its
    own order, and the order of what stands around it."""
    return f"{_ISOLATE}{text}{_ISOLATED}" if right_to_left(text) else text


def directed(text: str) -> str:
    """`text` fit to stand by itself: from right to left where its first letter does."""
    kinds = (unicodedata.bidirectional(c) for c in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return text if first == "L" else f"{_EMBED}{text}{_EMBEDDED}"


def wide(letter: str) -> bool:
    """Whether the letter is one of Chinese, Japanese or Korean, a square beside Latin ones."""
    code = ord(letter)
    return any(code in block for block in _WIDE)


def starts_no_line(letter: str) -> bool:
    return letter in _NO_START


def ends_no_line(letter: str) -> bool:
    return letter in _NO_END


def pieces(text: str) -> list[tuple[str, str]]:
    """`text` where a line may break: (space or nothing, the piece behind it) in order. A line
    breaks at spaces, and between letters of Chinese, Japanese and Korean."""
    found: list[tuple[str, str]] = []
    for word in text.split():
        gap, start = " " if found else "", 0
        for place in range(1, len(word)):
            before, after = word[place - 1], word[place]
            if (
                (wide(before) or wide(after))
                and not starts_no_line(after)
                and not ends_no_line(before)
            ):
                found.append((gap, word[start:place]))
                gap, start = "", place
        found.append((gap, word[start:]))
    return found


def scripts(letters: Iterable[str]) -> list[str]:
    """The names of scripts, such as Thai, or 'symbols'; each once, in the order of the letters."""
    names = []
    for letter in letters:
        name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
        named = name and unicodedata.category(letter)[0] in "LM"
        names.append("Chinese" if name == "CJK" else name.capitalize() if named else "symbols")
    return list(dict.fromkeys(names))


def marked(text: str) -> list[str]:
    """Letters with marks of their own, such as vowel points, sorted, each once."""
    return sorted(set(_MARKED.findall(unicodedata.normalize("NFC", text))))


def some(letters: Sequence[str]) -> str:
    """The first twenty, for a message."""
    more = f" and {len(letters) - 20} more" if len(letters) > 20 else ""
    return " ".join(letters[:20]) + more
