"""The temporary folder an engine works in: the deck, its evidence, exhibits, theme and date."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError
from wavedeck.render import fonts

_EVIDENCE = "evidence.json"


@dataclass(frozen=True)
class Workspace:
    """`folder` holds deck.qmd, exhibits and theme; `epoch` is the deck's date in Unix seconds."""

    folder: Path
    epoch: int


def _deck_epoch(deck: Path, text: str) -> int:
    found = re.search(r'^deck-date:\s*"?(\d{4}-\d{2}-\d{2})"?\s*$', text, flags=re.MULTILINE)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None:
        raise WavedeckError(
            Problem(
                str(deck),
                "the header has no deck-date that is a day",
                expected='a line such as deck-date: "2017-07-31"',
                remedy="write the header with workflow/theme/front-matter.yml.j2",
            )
        )
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _check_inputs(deck: Path, exhibits: Path, theme: Path) -> None:
    problems = [
        Problem(str(path), f"the {what} does not exist", remedy="build it first, or mend the path")
        for path, what, there in (
            (deck, "deck", deck.is_file()),
            (exhibits, "folder of exhibits", exhibits.is_dir()),
            (theme, "theme folder", theme.is_dir()),
        )
        if not there
    ]
    if problems:
        raise WavedeckError(*problems)


@contextmanager
def workspace(deck: Path, exhibits: Path, theme: Path, engine: str) -> Iterator[Workspace]:
    """Copy what a deck needs into a temporary folder, and remove the folder afterwards.

    `engine` is what the colophon says; it goes into the header, where the filter finds it. So do
    the typefaces that stand in for the deck's own.
    """
    _check_inputs(deck, exhibits, theme)
    text = deck.read_text(encoding="utf-8")
    epoch = _deck_epoch(deck, text)
    with tempfile.TemporaryDirectory(prefix="wavedeck-") as name:
        folder = Path(name)
        (folder / "exhibits").mkdir()
        shown = [(exhibits, folder / "exhibits", chart.name) for chart in exhibits.glob("*.svg")]
        if deck.with_name(_EVIDENCE).is_file():
            shown.append((deck.parent, folder, _EVIDENCE))
        for source, target, file in shown:
            shutil.copyfile(source / file, target / file)
        shutil.copytree(theme, folder / "theme", copy_function=shutil.copyfile)
        texts = ((source / file).read_text(encoding="utf-8") for source, _, file in sorted(shown))
        families = fonts.supply((text, *texts), folder / "theme")
        header = f"deck-engine: {json.dumps(engine)}\n"
        if families:
            header = f"deck-fonts: {json.dumps(families)}\n{header}"
        (folder / "deck.qmd").write_text(
            text.replace("---\n", f"---\n{header}", 1), encoding="utf-8"
        )
        yield Workspace(folder, epoch)
