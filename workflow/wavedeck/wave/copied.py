"""The files of the wave before that the next one begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from wavedeck import files
from wavedeck.layout import WaveFiles

_ORDINALS = [
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth"),
]
_COUNTED = re.compile(rf"\b({'|'.join(_ORDINALS[:-1])})(?=[ -](?:wave|round)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Copied:
    """A file of the wave before, for the next one."""

    path: Path
    counted: tuple[int, ...] = ()
    """Lines in which a second wave has become a third one, and so on."""


def copy_files(before: WaveFiles, wave: str) -> list[Copied]:
    """The deck's template and exhibits, where the wave before has its own: those of the survey fit
    a codebook that the wave before has left. What the template says of the first, the second wave
    and so on is counted on by one."""
    made = []
    for name in ("deck.qmd.j2", "exhibits.yaml"):
        source, target = before.team / before.wave / name, before.team / wave / name
        if source.is_file() and not target.exists():
            text, lines = counted_on(source.read_text(encoding="utf-8"))
            files.write_text(target, text)
            made.append(Copied(target, lines))
    return made


def counted_on(text: str) -> tuple[str, tuple[int, ...]]:
    """A text in which each 'second wave' (or round) is a 'third wave', and the lines where."""

    def following(found: re.Match[str]) -> str:
        word = _ORDINALS[_ORDINALS.index(found[1].casefold()) + 1]
        return word.capitalize() if found[1][0].isupper() else word

    lines = text.split("\n")
    changed = [_COUNTED.sub(following, line) for line in lines]
    numbers = (n for n, (old, new) in enumerate(zip(lines, changed, strict=True), 1) if old != new)
    return "\n".join(changed), tuple(numbers)
