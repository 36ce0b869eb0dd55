"""manifest.json: what went into a build and what came out, with the sha256 of each file.

The same inputs give the same bytes: no times, no host, no absolute paths.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from wavedeck.cli import STAGES
from wavedeck.configuration import Configuration
from wavedeck.dependencies import modules_of
from wavedeck.files import sha256_of
from wavedeck.layout import EARLIER, WaveFiles
from wavedeck.overview import sources_of
from wavedeck.survey import Survey

FORMAT = 1
TABLES = (
    *("source.json", "cells.parquet", "answers.parquet", "comments.parquet", "ledger.parquet"),
    *("quality.csv", "weights.parquet", "margins.parquet", "bounds.csv", "weighting.json"),
    *("estimates.parquet", "answers.sav", "awaiting.csv"),
)
OVERVIEW_TABLES = ("source.json", "estimates.parquet")
DECK_SOURCES = ("deck.qmd", "evidence.json")

Listing = dict[str, dict[str, Any]]
"""Path from the project's folder -> sha256 and size in bytes."""


def manifest(
    wave: WaveFiles,
    survey: Survey,
    configuration: Configuration,
    published: list[Path],
    theme: Path,
    bundle: Listing,
    earlier: Sequence[str] = (),
) -> dict[str, Any]:
    """The manifest of a wave; `bundle` lists the audit folder's own files, `earlier` are the waves
    before it."""
    return {
        "format": FORMAT,
        "survey": wave.survey,
        "wave": wave.wave,
        "inputs": listing(inputs_of(wave, survey, theme, earlier)),
        "code": listing(code()),
        "processed": listing(processed_of(wave, configuration)),
        "published": listing(published),
        "audit": bundle,
        "engines": {
            path.name: _engine(wave, path)
            for path in sorted(published)
            if path.stem.startswith("deck")
        },
        "software": {"python": platform.python_version(), "packages": packages()},
        "code_state": commit(),
        "configuration": settings_of(configuration),
    }


def settings_of(configuration: Configuration) -> dict[str, Any]:
    """What of config.yaml a wave depends on: not which others are built beside it."""
    return configuration.model_dump(mode="json", exclude={"waves"})


def write(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def listing(paths: Iterable[Path], within: Path = Path()) -> Listing:
    """Hash and size of files, by path from `within`."""
    return {
        path.relative_to(within).as_posix(): {
            "sha256": sha256_of(path),
            "size": path.stat().st_size,
        }
        for path in sorted(paths)
    }


def inputs_of(
    wave: WaveFiles, survey: Survey, theme: Path, earlier: Sequence[str] = ()
) -> list[Path]:
    """What people wrote or received: the wave's folder, the survey's, its frame, the theme; and
    of each wave before it the export and the tables."""
    found = [] if wave.is_overview else plain_files(wave.raw)
    found += plain_files(wave.team)
    if (wave.team / wave.wave).is_dir():
        found += plain_files(wave.team / wave.wave)
    found += plain_files(theme)
    for source in sources_of(wave).values():
        found.append(source.estimates)
    if survey.frame and survey.frame.workbook:
        found.append(Path("raw/frames", survey.frame.workbook))
    for name in earlier:
        before = WaveFiles(wave.survey, name, wave.root)
        found += plain_files(before.raw)
        found += [before.processed / table for table in EARLIER]
    return found


def processed_of(wave: WaveFiles, configuration: Configuration) -> list[Path]:
    """The tables between the stages, the exhibits and the decks' sources."""
    tables = OVERVIEW_TABLES if wave.is_overview else TABLES
    found = [wave.processed / name for name in tables]
    for edition in configuration.editions:
        found += plain_files(wave.processed / "exhibits" / edition)
        found += [wave.processed / f"deck/{edition}" / name for name in DECK_SOURCES]
        suffix = "" if edition == "unweighted" else f"-{edition}"
        found += [wave.processed / f"deck/engine{suffix}-{kind}.json" for kind in ("html", "pdf")]
    return found


def plain_files(folder: Path) -> list[Path]:
    """Files of a folder, without what editors and Snakemake leave there."""
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~")))


def code() -> list[Path]:
    """What computes: the Snakefile, the rules and the modules of all stages."""
    modules = {Path(name) for stage in (*STAGES, "__main__") for name in modules_of(stage)}
    return [*modules, Path("Snakefile"), *Path("workflow/rules").glob("*.smk")]


def packages() -> dict[str, str]:
    """Installed versions of the packages that envs/requirements.txt locks."""
    text = Path("envs/requirements.txt").read_text(encoding="utf-8")
    found = {}
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.M):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # locked for another platform
    return dict(sorted(found.items()))


def commit() -> dict[str, Any]:
    """The commit, and whether its files are as committed; nothing where this is no checkout."""
    top = _git("rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != Path.cwd().resolve():
        return {"commit": None, "clean": None}
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return {"commit": _git("rev-parse", "HEAD"), "clean": changed == ""}


def _git(*arguments: str) -> str | None:
    try:
        told = subprocess.run(["git", *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return told.stdout.strip() if told.returncode == 0 else None


def _engine(wave: WaveFiles, deck: Path) -> dict[str, Any]:
    name = f"engine{deck.stem.removeprefix('deck')}-{deck.suffix[1:]}.json"
    record: dict[str, Any] = json.loads((wave.processed / "deck" / name).read_text("utf-8"))
    return record
