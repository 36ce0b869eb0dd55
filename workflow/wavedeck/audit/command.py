"""The stage: all files of the bundle, written into one folder that replaces the last."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from wavedeck import configuration, files
from wavedeck.audit import crate, manifest
from wavedeck.audit.pages import MOST_RESPONDENTS, entries, write_pages
from wavedeck.audit.tables import HeldTables
from wavedeck.audit.workbook import audit_workbook
from wavedeck.layout import WaveFiles
from wavedeck.shown import Places, places
from wavedeck.survey import Survey, load_codebook
from wavedeck.trace.studies import books_of
from wavedeck.trace.tables import Tables

OTHERS = {
    "audit.xlsx": "every estimate as a live formula over the coded answers",
    "answers.sav": "the coded answers with their labels, and the weights, for SPSS",
    "ledger.csv": "what cleaning changed, cell by cell",
    "quality.csv": "the data-quality log",
    "manifest.json": "every input and output with its sha256, versions, commit, configuration",
    "ro-crate-metadata.json": "the same as RO-Crate metadata (Workflow Run Crate)",
    "SHA256SUMS": "sums of the bundle's files, for sha256sum -c",
    "Snakefile": "the workflow",
}


_OF_ANSWERS = ("audit.xlsx", "answers.sav", "ledger.csv", "quality.csv")
"""Files that a bundle without answers has not."""


def write_bundle(
    wave: WaveFiles, published: list[Path], theme: Path, configured: Path, bundle: Path
) -> None:
    """The audit bundle of a built wave, as the folder `bundle`. An overview's has neither ledger
    nor workbook: its studies' bundles have them. `published` are decks and results, files or
    folders."""
    survey, described = load_codebook(wave.codebook, wave.described)
    settings = configuration.load(configured)
    editions = settings.editions_of(weighted=survey.weighting is not None)
    settings = settings.model_copy(update={"editions": editions})
    title = f"{survey.title}, {described.title}"
    books = books_of(wave, survey, HeldTables)
    shown: dict[str, dict[str, Places]] = {
        edition: places(wave.built(f"deck/{edition}/deck.qmd"), wave.built(f"exhibits/{edition}"))
        for edition in settings.editions
    }
    with files.directory(bundle) as folder:
        shutil.copyfile("Snakefile", folder / "Snakefile")
        if not wave.is_overview:
            _write_tables(folder, books[""], survey, shown, title)
        asked = [b for n, b in books.items() if n or not wave.is_overview]
        few = all(len(b.rows("answers.parquet")) <= MOST_RESPONDENTS for b in asked)
        found = entries(books, shown, with_members=few)
        there = {name: what for name, what in OTHERS.items() if name not in _OF_ANSWERS}
        write_pages(folder, found, survey, title, there if wave.is_overview else OTHERS)
        listed = manifest.listing((p for p in folder.rglob("*") if p.is_file()), folder)
        published = [file for path in published for file in _files(path)]
        content = manifest.manifest(
            wave, survey, settings, published, theme, listed, described.previous
        )
        files.write_text(folder / "manifest.json", manifest.write(content))
        listed |= manifest.listing([folder / "manifest.json"], folder)
        described_crate = crate.metadata(content, survey, described, listed)
        files.write_text(folder / "ro-crate-metadata.json", described_crate)
        listed |= manifest.listing([folder / "ro-crate-metadata.json"], folder)
        sums = "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(listed.items()))
        files.write_text(folder / "SHA256SUMS", sums)


def _files(path: Path) -> list[Path]:
    return manifest.plain_files(path) if path.is_dir() else [path]


def _write_tables(
    folder: Path,
    tables: Tables,
    survey: Survey,
    shown: dict[str, dict[str, Places]],
    title: str,
) -> None:
    """What is told of a wave's answers: the ledger, the data-quality log, the live workbook."""
    import pyarrow as pa

    ledger = tables.rows("ledger.parquet")
    files.write_table(folder / "ledger.csv", pa.Table.from_pylist(ledger))
    for name in ("quality.csv", "answers.sav"):
        shutil.copyfile(tables.wave.built(name), folder / name)
    answers, weights = tables.rows("answers.parquet"), tables.rows("weights.parquet")
    estimates = tables.rows("estimates.parquet")
    book = audit_workbook(answers, weights, estimates, survey, shown, title)
    files.write_bytes(folder / "audit.xlsx", book)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck audit", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("--published", type=Path, nargs="+", required=True)
    for flag in ("theme", "config", "bundle"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, _, wave = arguments.wave.partition("/")
    files_of = WaveFiles(survey, wave)
    write_bundle(files_of, arguments.published, arguments.theme, arguments.config, arguments.bundle)
