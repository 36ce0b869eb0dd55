"""The files of the wave before that the next one begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from wavedeck import files
from wavedeck.layout import WaveFiles
from wavedeck.wave.deck import Changed, exhibits_for, is_drafted, template_for

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


def copy_files(before: WaveFiles, wave: str, changed: Changed) -> list[Copied]:
    """The deck's template and exhibits for a wave, from those of the wave before: where it has its
    own (those of the survey fit a codebook that it has left), where questions were dropped, and
    where `wavedeck new` drafted them and questions are new. A drafted deck follows what changed;
    what any says of the first, the second wave and so on is counted on by one."""
    sources = {name: before.team_file(name) for name in ("deck.qmd.j2", "exhibits.yaml")}
    texts = {
        name: path.read_text(encoding="utf-8") for name, path in sources.items() if path.is_file()
    }
    own = [name for name in texts if sources[name].parent != before.team]
    drafted = len(texts) == len(sources) and is_drafted(texts["deck.qmd.j2"])
    if drafted and (changed.retired or changed.reworded or changed.fresh or changed.rows):
        own = list(texts)
        template = template_for(texts["deck.qmd.j2"], texts["exhibits.yaml"], changed)
        texts["exhibits.yaml"] = exhibits_for(texts["exhibits.yaml"], changed)
        texts["deck.qmd.j2"] = template
    elif changed.retired:
        own = list(texts)
    made = []
    for name in own:
        target = before.team / wave / name
        if not target.exists():
            text, lines = counted_on(texts[name])
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
