"""The stage: all files of the bundle, written into one folder that replaces the last."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from wavedeck import configuration, files
from wavedeck.audit import crate, manifest
from wavedeck.audit.pages import MOST_RESPONDENTS, entries, page, write_pages
from wavedeck.audit.tables import HeldTables
from wavedeck.audit.weighting import cells_of, quality_rows, weighting_body
from wavedeck.audit.workbook import audit_workbook
from wavedeck.csvfile import csv_text, read_csv
from wavedeck.layout import WaveFiles
from wavedeck.margins import raked_margins
from wavedeck.shown import Places, places
from wavedeck.survey import Survey, load_codebook, waves_before
from wavedeck.trace.studies import books_of
from wavedeck.trace.tables import Tables

OTHERS = {
    "audit.xlsx": "every estimate as a live formula over the coded answers",
    "answers.sav": "the coded answers with their labels, and the weights, for SPSS",
    "ledger.csv": "what cleaning changed, cell by cell",
    "quality.csv": "the data-quality log",
    "weighting.html": "weighting: margins before and after, g-weights, who is at a bound",
    "bounds.csv": "whose g-weight is at a bound",
    "manifest.json": "every input and output with its sha256, versions, commit, configuration",
    "ro-crate-metadata.json": "the same as RO-Crate metadata (Workflow Run Crate)",
    "SHA256SUMS": "sums of the bundle's files, for sha256sum -c",
    "Snakefile": "the workflow",
}


_OF_ANSWERS = ("audit.xlsx", "ledger.csv", "quality.csv", "answers.sav")
"""Files that a bundle without answers has not."""
_OF_WEIGHTS = ("weighting.html", "bounds.csv")
"""Files that only a weighted survey has."""


def _write_weighting(folder: Path, tables: Tables, title: str) -> None:
    """The page about weighting, who is at a bound, and what the data-quality log says of it."""
    survey, wave = tables.survey, tables.wave
    summary = json.loads(wave.built("weighting.json").read_text(encoding="utf-8"))
    shutil.copyfile(wave.built("bounds.csv"), folder / "bounds.csv")
    bounds = read_csv(folder / "bounds.csv")
    quality = [*read_csv(folder / "quality.csv"), *quality_rows(summary, survey.units)]
    header = ["check", "where", "count", "note"]
    text = csv_text(header, ([row[name] for name in header] for row in quality))
    files.write_text(folder / "quality.csv", text)
    weights = files.read_table(wave.built("weights.parquet"), ["design_weight", "g_weight"])
    design, g = (weights[name].to_numpy() for name in ("design_weight", "g_weight"))
    cells = cells_of(raked_margins(survey), tables.answers([]).codes, design, g)
    named = bounds if len(bounds) <= MOST_RESPONDENTS else []
    margins = tables.rows("margins.parquet")
    body = weighting_body(survey, summary, margins, named, cells, title)
    text = page(f"Weighting · {title}", body, "index.html")
    files.write_text(folder / "weighting.html", text)


def write_bundle(
    wave: WaveFiles, published: list[Path], theme: Path, configured: Path, bundle: Path
) -> None:
    """The audit bundle of a built wave, as the folder `bundle`; `published` are decks and results,
    files or folders. An overview's has neither ledger nor workbook: its studies' bundles do."""
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
            if survey.weighting:
                _write_weighting(folder, books[""], title)
        asked = [b for n, b in books.items() if n or not wave.is_overview]
        few = all(len(b.answers([])) <= MOST_RESPONDENTS for b in asked)
        found = entries(books, shown, with_members=few)
        lacking = (_OF_ANSWERS if wave.is_overview else ()) + (
            () if survey.weighting else _OF_WEIGHTS
        )
        others = {name: what for name, what in OTHERS.items() if name not in lacking}
        write_pages(folder, found, survey, title, others)
        listed = manifest.listing((p for p in folder.rglob("*") if p.is_file()), folder)
        printed = [file for path in published for file in _files(path)]
        earlier = [path.parent.name for path in waves_before(wave.described)]
        content = manifest.manifest(wave, survey, settings, printed, theme, listed, earlier)
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
    """What is told of a wave's answers: the ledger, the data-quality log, the live workbook, the
    coded answers for SPSS."""
    files.write_table(folder / "ledger.csv", files.read_table(tables.wave.built("ledger.parquet")))
    for name in ("quality.csv", "answers.sav"):
        shutil.copyfile(tables.wave.built(name), folder / name)
    answers, weights = tables.answers([]), tables.weights()
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
