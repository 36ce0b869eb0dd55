"""A run of the workflow as a whole: one at a time, and its last words."""

from __future__ import annotations

import fcntl
import json
from functools import cache
from pathlib import Path
from typing import IO

from wavedeck.configuration import Configuration
from wavedeck.errors import Problem, WavedeckError
from wavedeck.files import sha256_of

_LOCK = Path(".snakemake/wavedeck.lock")
_held: list[IO[str]] = []


def take_lock() -> None:
    """Refuse a second run in the same folder. The system frees the lock when a run is killed."""
    _LOCK.parent.mkdir(exist_ok=True)
    stream = _LOCK.open("w")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WavedeckError(
            Problem(
                str(_LOCK), "another run is at work in this folder", remedy="wait until it ends"
            )
        ) from None
    _held.append(stream)


@cache
def stamp(path: str) -> str:
    """A file's name and sha256, or that it is missing; the stage that reads it says what is wrong.

    A name without a file, such as deck_engine=auto, is a setting and stands for itself.
    """
    file = Path(path)
    if "=" in file.name:
        return file.name
    return f"{file.name}.{sha256_of(file) if file.is_file() else 'missing'}"


def summary(configuration: Configuration) -> str:
    """What was built, where it lies, which engine rendered it, and what awaits a person."""
    lines = []
    for wave in configuration.waves:
        processed = Path("processed", wave)
        decks = sorted(Path("report", wave).glob("deck*"))
        engines = {
            json.loads(path.read_text(encoding="utf-8"))["engine"]
            for path in sorted((processed / "deck").glob("engine*.json"))
        }
        lines.append(f"{wave}: rendered by {' and '.join(sorted(engines))}")
        lines += [f"  {path}" for path in decks]
        lines += [f"  awaits you: {what}" for what in _awaiting(processed)]
    return "\n" + "\n".join(lines)


def _awaiting(processed: Path) -> list[str]:
    found: dict[str, None] = {}
    for path in sorted((processed / "deck").glob("*/awaiting.json")):
        found |= dict.fromkeys(json.loads(path.read_text(encoding="utf-8")))
    return list(found)


def failure() -> str:
    return "\nNot built. The message above says what to do; then run snakemake again."
