"""The typefaces that stand in where the deck's own lacks letters, out of installed packages.

DejaVu Sans (Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, symbols) comes with matplotlib;
Noto Sans CJK (Chinese, Japanese, Korean), drawn to go with Source Sans, has a package of its own.
No typeface of the machine is used: the same inputs give the same bytes on another one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wavedeck import assets
from wavedeck.letters import wide

SCRIPTS = "Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Chinese, Japanese or Korean"
"""What the typefaces have together."""
STYLES = ("regular", "italic", "semibold")


@dataclass(frozen=True)
class Typeface:
    """`files` by style; `face` is its place in a collection; `scale` its size beside the deck's."""

    family: str
    files: Mapping[str, Path]
    face: int = 0
    scale: float = 1.0

    def __hash__(self) -> int:
        return hash(self.family)

    def file(self, style: str) -> Path:
        return self.files.get(style, self.files["regular"])

    def has(self, letter: str) -> bool:
        return ord(letter) in _letters(self.file("regular"), self.face)


DECK = Typeface(assets.FONT_FAMILY, {style: assets.font_file(style) for style in STYLES})
COMMON = frozenset(map(chr, range(0x100))) | frozenset("–—‘’“”…")
"""What the deck's typeface has for sure: most decks need no look into it."""
_DEJAVU = {"regular": "", "italic": "-Oblique", "semibold": "-Bold"}
_DEJAVU_SCALE = 2048 / 2304
"""At this size its small letters and capitals are as tall as those of Source Sans."""
_CJK_FACES = ("JP", "KR", "SC", "TC")


def _folder(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


@lru_cache(maxsize=1)
def _dejavu() -> Typeface | None:
    folder = _folder("matplotlib")
    if folder is None:
        return None
    fonts = folder / "mpl-data" / "fonts" / "ttf"
    files = {style: fonts / f"DejaVuSans{suffix}.ttf" for style, suffix in _DEJAVU.items()}
    return Typeface("DejaVu Sans", files, scale=_DEJAVU_SCALE)


@lru_cache(maxsize=len(_CJK_FACES))
def _cjk(face: str) -> Typeface | None:
    folder = _folder("noto_cjk_sans_otc")
    if folder is None:
        return None
    files = {"regular": folder / "NotoSansCJK-Regular.ttc"}
    return Typeface(f"Noto Sans CJK {face}", files, _CJK_FACES.index(face))


def cjk_face(text: str) -> str:
    """Whose shapes the ideographs of a text have: JP beside kana, KR beside Hangul, TC where they
    are traditional, else SC."""
    blocks = {unicodedata.name(c, "").split(" ")[0] for c in set(text) if wide(c)}
    if blocks & {"HIRAGANA", "KATAKANA"}:
        return "JP"
    if "HANGUL" in blocks:
        return "KR"
    ideographs = "".join(sorted({c for c in text if unicodedata.name(c, "").startswith("CJK U")}))
    return "TC" if not _written(ideographs, "gb2312") and _written(ideographs, "big5") else "SC"


def _written(text: str, encoding: str) -> bool:
    """Whether a character set of one way of writing has all of it."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=8)
def _font(path: Path, face: int) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(path, fontNumber=face, lazy=True)


@lru_cache(maxsize=8)
def _letters(path: Path, face: int) -> frozenset[int]:
    return frozenset(_font(path, face).getBestCmap())


def _seen(letter: str) -> bool:
    """Whether a letter leaves ink: not spaces, controls and marks of direction."""
    return not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Cn")


def missing(text: str) -> list[str]:
    """Letters that the deck's typeface lacks, sorted, each once."""
    rest = () if text.isascii() else set(text) - COMMON
    return sorted(c for c in rest if _seen(c) and not DECK.has(c))


def shared_out(text: str) -> tuple[dict[Typeface, list[str]], list[str]]:
    """The letters that the deck's typeface lacks, by the typeface that has them; and those that
    none has."""
    found: dict[Typeface, list[str]] = {}
    none: list[str] = []
    letters = missing(text)
    stand_ins = _stand_ins(cjk_face(text)) if letters else []
    for letter in letters:
        has = next((typeface for typeface in stand_ins if typeface.has(letter)), None)
        (found.setdefault(has, []) if has else none).append(letter)
    return found, none


def lacking(text: str) -> list[str]:
    """Letters that no typeface has."""
    return shared_out(text)[1]


def _stand_ins(face: str) -> list[Typeface]:
    return [typeface for typeface in (_dejavu(), _cjk(face)) if typeface]


@lru_cache(maxsize=4096)
def advance(letter: str, style: str = "regular") -> float:
    """From one letter to the next in em of the deck's typeface; guessed where none has it."""
    if not (_seen(letter) or letter.isspace()):
        return 0.0
    for typeface in (DECK, *_stand_ins("JP")):
        if typeface.has(letter):
            font = _font(typeface.file(style), typeface.face)
            name = font.getBestCmap().get(ord(letter), ".notdef")
            width: float = font["hmtx"][name][0] / font["head"].unitsPerEm
            return width * typeface.scale
    return 1.0 if wide(letter) else 0.6


def width(text: Iterable[str], style: str = "regular") -> float:
    """Width in em of a line that has letters of several typefaces."""
    return sum(advance(letter, style) for letter in text)
