"""What a wave does not ask any more, for messages to decks and exhibits that still name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from wavedeck.survey.load import load_wave, waves_before
from wavedeck.survey.overview import FILE


def retired(wave: Path) -> dict[str, str]:
    """Questions (q11) and rows (q2.start) that a wave, or one that it builds on, retired -> what a
    message says of it; none for an overview."""
    if wave.name == FILE:
        return {}
    found = {}
    for path in [*waves_before(wave), wave]:
        described, _ = load_wave(path)
        for key, reason in described.retired.items():
            found[key] = f"'{key}' was retired in {described.title} ({reason})"
        for key in described.introduced:
            found.pop(key, None)
    return found


def gone(name: str, known: Mapping[str, str]) -> str:
    """What is said of the retired question or row that an id of an estimate
    (q2.agree.start@q11.yes), or another name, is of or is broken down by; "" where none is."""
    return next((known[key] for key in _keys(name) if key in known), "")


def _keys(name: str) -> Iterator[str]:
    for part in re.split(r"[@&]", name.partition(":")[0]):
        pieces = part.split(".")
        yield pieces[0]
        if len(pieces) > 1:
            yield f"{pieces[0]}.{pieces[-1]}"


def take_out(what: str, path: Path) -> str:
    """What to do about a thing in a template or exhibits.yaml that names what was retired: earlier
    waves keep theirs."""
    if path.parent.parent.name != "surveys":
        return f"take {what} out"
    own = path.parent / "WAVE" / path.name
    return f"earlier waves need it: copy the file to {own} for this wave, and take {what} out there"
