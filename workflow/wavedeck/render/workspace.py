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

from wavedeck import assets
from wavedeck.errors import Problem, WavedeckError

FONT_STYLES = ("regular", "italic", "semibold", "semibolditalic")


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

    `engine` is what the colophon says; it goes into the header, where the filter finds it.
    """
    _check_inputs(deck, exhibits, theme)
    text = deck.read_text(encoding="utf-8")
    epoch = _deck_epoch(deck, text)
    with tempfile.TemporaryDirectory(prefix="wavedeck-") as name:
        folder = Path(name)
        text = text.replace("---\n", f"---\ndeck-engine: {json.dumps(engine)}\n", 1)
        (folder / "deck.qmd").write_text(text, encoding="utf-8")
        evidence = deck.with_name("evidence.json")
        if evidence.is_file():
            shutil.copyfile(evidence, folder / evidence.name)
        (folder / "exhibits").mkdir()
        for chart in exhibits.glob("*.svg"):
            shutil.copyfile(chart, folder / "exhibits" / chart.name)
        shutil.copytree(theme, folder / "theme", copy_function=shutil.copyfile)
        fonts = folder / "theme" / "fonts"
        fonts.mkdir(exist_ok=True)
        for style in FONT_STYLES:
            for suffix in ("ttf", "woff"):
                source = assets.font_file(style, suffix)
                shutil.copyfile(source, fonts / source.name)
        yield Workspace(folder, epoch)
