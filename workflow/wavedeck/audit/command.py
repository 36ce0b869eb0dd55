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
from wavedeck.survey import load_codebook

OTHERS = {
    "audit.xlsx": "every estimate as a live formula over the coded answers",
    "ledger.csv": "what cleaning changed, cell by cell",
    "quality.csv": "the data-quality log",
    "manifest.json": "every input and output with its sha256, versions, commit, configuration",
    "ro-crate-metadata.json": "the same as RO-Crate metadata (Workflow Run Crate)",
    "SHA256SUMS": "sums of the bundle's files, for sha256sum -c",
    "Snakefile": "the workflow",
}


def write_bundle(
    wave: WaveFiles, decks: list[Path], theme: Path, configured: Path, bundle: Path
) -> None:
    """The audit bundle of a built wave, as the folder `bundle`."""
    import pyarrow as pa

    survey, described = load_codebook(wave.team / "survey.yaml", wave.raw / "wave.yaml")
    settings = configuration.load(configured)
    title = f"{survey.title}, {described.title}"
    tables = HeldTables(wave, survey)
    shown: dict[str, dict[str, Places]] = {
        edition: places(wave.built(f"deck/{edition}/deck.qmd"), wave.built(f"exhibits/{edition}"))
        for edition in settings.editions
    }
    answers, weights = tables.rows("answers.parquet"), tables.rows("weights.parquet")
    with files.directory(bundle) as folder:
        shutil.copyfile("Snakefile", folder / "Snakefile")
        ledger = tables.rows("ledger.parquet")
        files.write_table(folder / "ledger.csv", pa.Table.from_pylist(ledger))
        shutil.copyfile(wave.built("quality.csv"), folder / "quality.csv")
        estimates = tables.rows("estimates.parquet")
        book = audit_workbook(answers, weights, estimates, survey, shown, title)
        files.write_bytes(folder / "audit.xlsx", book)
        found = entries(tables, shown, with_members=len(answers) <= MOST_RESPONDENTS)
        write_pages(folder, found, survey, title, OTHERS)
        listed = manifest.listing((p for p in folder.rglob("*") if p.is_file()), folder)
        content = manifest.manifest(wave, survey, settings, decks, theme, listed)
        files.write_text(folder / "manifest.json", manifest.write(content))
        listed |= manifest.listing([folder / "manifest.json"], folder)
        described_crate = crate.metadata(content, survey, described, listed)
        files.write_text(folder / "ro-crate-metadata.json", described_crate)
        listed |= manifest.listing([folder / "ro-crate-metadata.json"], folder)
        sums = "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(listed.items()))
        files.write_text(folder / "SHA256SUMS", sums)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck audit", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("--decks", type=Path, nargs="+", required=True)
    for flag in ("theme", "config", "bundle"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, _, wave = arguments.wave.partition("/")
    files_of = WaveFiles(survey, wave)
    write_bundle(files_of, arguments.decks, arguments.theme, arguments.config, arguments.bundle)
