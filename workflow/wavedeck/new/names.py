"""Names for ids, made from labels: lower case, digits and underscores, beginning with a letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SMALL = {
    "the",
    "a",
    "an",
    "of",
    "to",
    "and",
    "or",
    "in",
    "for",
    "on",
    "with",
    "your",
    "you",
    "is",
    "are",
    "do",
    "my",
}
_SPELLED = {
    "ß": "ss",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "æ": "ae",
    "ø": "o",
    "œ": "oe",
    "&": " and ",
    "%": " percent ",
    "+": " plus ",
    "#": " sharp ",
    "<": " under ",
    ">": " over ",
    "£": " pounds ",
    "€": " euros ",
    "$": " dollars ",
}
_LONGEST = 36


def file_name(given: str) -> str:
    """The name under which a workbook lies in raw/: one that rules, globs and every file system
    take, as near to its own as can be. (Braces are wildcards of Snakemake, '=' marks settings
    among stamps, and files that begin with a dot or '~' are passed over.)"""
    stem = re.sub(r"\.xls[xm]?$", "", unicodedata.normalize("NFC", given), flags=re.IGNORECASE)
    plain = re.sub(r"[^\w .()&',+@-]", "-", stem).strip(" .-")
    return f"{plain or 'export'}.xlsx"


def name_of(label: str, fallback: str) -> str:
    """A name for a label: 'Tend to agree' -> tend_agree; `fallback` where no letter is left."""
    text = "".join(_SPELLED.get(letter, letter) for letter in label.casefold())
    text = re.sub("[–—−‑/]", " ", text)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain)
    kept = [word for word in words if word not in _SMALL] or words
    name = ""
    for word in kept:
        if name and len(name) + len(word) + 1 > _LONGEST:
            break
        name = f"{name}_{word}" if name else word[:_LONGEST]
    if not name:
        return fallback
    return name if name[0].isalpha() else f"{fallback.rstrip('0123456789_')}_{name}"


def unique_names(labels: Iterable[str], fallback: str, taken: Iterable[str] = ()) -> list[str]:
    """A name for each label, no two the same."""
    used = set(taken)
    found = []
    for place, label in enumerate(labels, start=1):
        name = name_of(label, f"{fallback}_{place}")
        stem, number = name, 2
        while name in used:
            name = f"{stem}_{number}"
            number += 1
        used.add(name)
        found.append(name)
    return found
