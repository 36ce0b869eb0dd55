"""Texts made comparable: what no reader would call a difference is none."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


_SHORT = 200
"""Answers on offer repeat and are kept in memory; longer texts seldom do."""


def tidy(text: str) -> str:
    """One line of composed text: no invisible characters, every run of spaces one space."""
    return _tidy_short(text) if len(text) <= _SHORT else _tidy(text)


def _tidy(text: str) -> str:
    composed = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(composed.split())


_tidy_short = lru_cache(maxsize=1 << 15)(_tidy)


def tidy_lines(text: str) -> str:
    """`tidy` for open text, line by line; empty lines at the ends go."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def match_key(label: str) -> str:
    """What two spellings of one label share: case, straight quotes, plain dashes, no final stop."""
    return _key_short(label) if len(label) <= _SHORT else _key(label)


def _key(label: str) -> str:
    straight = tidy(label).translate(str.maketrans("‘’‛`“”–—‑−", "''''\"\"----"))
    return straight.casefold().rstrip(".")


_key_short = lru_cache(maxsize=1 << 15)(_key)
