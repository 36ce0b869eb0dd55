"""A run of the workflow as a whole: one at a time, and its last words."""

from __future__ import annotations

import fcntl
import json
import time
from functools import cache
from pathlib import Path
from typing import IO

from wavedeck.configuration import Configuration
from wavedeck.errors import Problem, WavedeckError
from wavedeck.files import sha256_of

_LOCK = Path(".snakemake/wavedeck.lock")
_LOGS = Path("logs")
_STARTED = time.time()
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
def stamp(folder: Path, source: str) -> str:
    """An empty file in `folder` named after a file's name and sha256; made when it is not there.

    A rule that has stamps as input runs again when the content of a file is another, whatever its
    time says. A setting, such as deck_engine=auto, stands for itself. A file that is missing gets a
    stamp too: the stage that reads it says what is wrong.
    """
    file = Path(source)
    name = file.name
    if "=" not in name:
        name += f".{sha256_of(file) if file.is_file() else 'missing'}"
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch()
    return str(path)


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
    """What the stages said that failed in this run, once more and last."""
    said = [
        path.read_text(encoding="utf-8").strip()
        for path in sorted(_LOGS.rglob("*.log"))
        if path.stat().st_mtime >= _STARTED and path.stat().st_size
    ]
    return "\n" + "\n\n".join([*said, "Not built. When it is mended, run snakemake again."])
