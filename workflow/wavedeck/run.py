"""A run of the workflow as a whole: one at a time, and its last words."""

from __future__ import annotations

import fcntl
import json
import re
import time
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import IO

from wavedeck.configuration import Configuration
from wavedeck.csvfile import read_csv
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.files import sha256_of
from wavedeck.layout import WaveFiles

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
def stamp(source: str) -> str | None:
    """The name of a file's stamp: its own and the sha256 of its content; None without the file.

    A setting, such as deck_engine=auto, is its own stamp.
    """
    file = Path(source)
    if "=" in file.name:
        return file.name
    return f"{file.name}.{sha256_of(file)}" if file.is_file() else None


@cache
def frames_of(survey: str, wave: str) -> list[str]:
    """Population lists that a wave or its survey names: those of others are none of its input.

    The files are searched, not parsed: this runs each time the Snakefile is read.
    """
    rounds = [wave, *waves_before(survey, wave)]
    named = [Path("surveys", survey, "survey.yaml"), *(_described(survey, w) for w in rounds)]
    text = "\n".join(p.read_text(encoding="utf-8", errors="replace") for p in named if p.is_file())
    found = sorted(Path("raw/frames").glob("[!~.]*.xlsx"))
    return [str(path) for path in found if path.name in text]


def previous_of(survey: str, wave: str) -> str:
    """The wave that wave.yaml says its changes are measured from; "" where it says none.

    Searched, not parsed, like `frames_of`; the estimate stage reads it properly.
    """
    path = _described(survey, wave)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    found = re.search(r"""^previous: *["']?([^"'\s#]+)""", text, re.M)
    return found[1] if found else ""


def waves_before(survey: str, wave: str) -> list[str]:
    """The waves that a wave's codebook builds on, the nearest first."""
    found: list[str] = []
    while (wave := previous_of(survey, wave)) and wave not in found:
        found.append(wave)
    return found


def refuse_unknown_waves(waves: list[str]) -> None:
    """Raises WavedeckError where a wave is measured from one that is not there, before Snakemake
    misses its files."""
    problems = []
    for name in waves:
        survey, wave = Path(name).parts
        rounds = [wave, *waves_before(survey, wave)]
        for own, previous in pairwise(rounds):
            if not _described(survey, previous).is_file():
                known = sorted(path.parent.name for path in Path("raw", survey).glob("*/wave.yaml"))
                problems.append(
                    Problem(
                        str(_described(survey, own)),
                        f"there is no wave '{previous}' of '{survey}'",
                        expected=", ".join(known),
                        nearest=nearest(previous, known),
                        remedy="mend previous:",
                    )
                )
    if problems:
        raise WavedeckError(*problems)


def _described(survey: str, wave: str) -> Path:
    return Path("raw", survey, wave, "wave.yaml")


def overviews() -> list[str]:
    """Folders of surveys/ that hold overviews."""
    return sorted({path.parts[-3] for path in Path("surveys").glob("*/*/overview.yaml")})


def studies_of(wave: WaveFiles) -> list[str]:
    """The waves that an overview names. Searched, not parsed, like `frames_of`."""
    text = wave.overview.read_text(encoding="utf-8", errors="replace")
    return re.findall(r"""\bwave: *["']?([^\s"'/#,}]+/[^\s"'/#,}]+)""", text)


def receive(waves: list[str], *others: str) -> None:
    """Make the stamps that are not there yet of all that people write for each wave, and of
    other files and settings.

    A stamp is an empty file that is never written again. A rule with stamps as input runs again
    when the content of a file is another, whatever its time says. Called while the Snakefile is
    read: once Snakemake has begun to look at files, a new one may escape it.
    """
    for name in waves:
        survey, wave = Path(name).parts
        folder = Path("processed", name, "received")
        sources = (Path("raw", name), Path("surveys", survey), Path("surveys", name))
        files = [str(path) for source in sources for path in sorted(source.glob("[!~.]*"))]
        files += frames_of(survey, wave)
        files += [str(_described(survey, before)) for before in waves_before(survey, wave)]
        for own in map(stamp, [*files, *others]):
            if own and not (folder / own).exists():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / own).touch()


def summary(configuration: Configuration) -> str:
    """What was built, where it lies, which engine rendered it, and what awaits a person."""
    lines = []
    for wave in configuration.waves:
        processed = Path("processed", wave)
        written = sorted(p for k in ("deck*", "results*") for p in Path("report", wave).glob(k))
        engines = {
            json.loads(path.read_text(encoding="utf-8"))["engine"]
            for path in sorted((processed / "deck").glob("engine*.json"))
        }
        lines.append(f"{wave}: rendered by {' and '.join(sorted(engines))}")
        lines += [f"  {path}" for path in written]
        lines += [f"  weighting: {what}" for what in _trimmed(processed)]
        lines += [f"  awaits you: {what}" for what in _awaiting(processed)]
    return "\n" + "\n".join(lines)


def _trimmed(processed: Path) -> list[str]:
    """Whose weights the bounds changed: nothing is trimmed silently."""
    path = processed / "weighting.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    lower, upper = (told.get(f"organisations_at_{bound}", 0) for bound in ("lower", "upper"))
    if not lower + upper:
        return []
    return [
        f"{lower:,} at the lower bound of {told['lower']:g}, {upper:,} at the upper bound of"
        f" {told['upper']:g} (list: {processed / 'bounds.csv'})"
    ]


def _awaiting(processed: Path) -> list[str]:
    path = processed / "awaiting.csv"
    rows = read_csv(path) if path.exists() else []
    if not rows:
        return []
    flagged = sum(bool(row["note"]) for row in rows)
    extra = f", {flagged} flagged for naming a person" if flagged else ""
    return [f"{len(rows)} comments without a decision{extra} (list: {path})"]


def failure() -> str:
    """What the stages said that failed in this run, once more and last."""
    said = [
        path.read_text(encoding="utf-8").strip()
        for path in sorted(_LOGS.rglob("*.log"))
        if path.stat().st_mtime >= _STARTED and path.stat().st_size
    ]
    # Editions and formats often fail for the same reason.
    said = list(dict.fromkeys(said))
    return "\n" + "\n\n".join([*said, "Not built. When it is mended, run snakemake again."])
