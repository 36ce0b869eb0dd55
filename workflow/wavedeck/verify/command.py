"""The verb: all checks of a wave in turn, and what is said about them."""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from wavedeck import configuration
from wavedeck.audit.manifest import settings_of
from wavedeck.csvfile import read_csv
from wavedeck.files import read_table, sha256_of
from wavedeck.layout import Project, WaveFiles
from wavedeck.overview import sources_of
from wavedeck.survey import Survey, Wave, load_codebook, waves_before
from wavedeck.survey.comparable import Described
from wavedeck.survey.words import own_words
from wavedeck.verify import (
    earlier,
    estimates,
    ledger,
    plain,
    population,
    printed,
    raw,
    results,
    tables,
    weights,
)
from wavedeck.verify.coding import Coders, check_columns, fill, read_coders
from wavedeck.verify.earlier import Before, Trend, hidden_in
from wavedeck.verify.failures import Report
from wavedeck.verify.files import check_files
from wavedeck.verify.overview import check_overview
from wavedeck.verify.recompute import Expected
from wavedeck.verify.responses import responses_of
from wavedeck.verify.side import Side
from wavedeck.verify.then import Then, named_of

_MOST = 40  # failures printed; --json has all


def verify(wave: WaveFiles) -> Report:
    """All that can be checked of a built wave; the report says what does not hold."""
    report = Report()
    # A million small objects and none to collect: looking for garbage would double the time.
    gc.disable()
    # Reading PDFs takes as long as all the rest, so it goes on beside it.
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("fork")) as pool:
        pdfs = {path: pool.submit(printed.pdf_texts, path) for path in wave.report.glob("*.pdf")}
        try:
            _verify(wave, pdfs, report)
        finally:
            gc.enable()
    return report


def _verify(wave: WaveFiles, pdfs: Mapping[Path, Future[list[str]]], report: Report) -> None:
    manifest = check_files(wave, report)
    files = wave.codebook, wave.described
    loaded = report.attempt(files[0], lambda: load_codebook(*files))
    if loaded is None:
        return
    survey, described = loaded
    if wave.is_overview:
        found = check_overview(wave, survey, described, report)
    else:
        found = _tables(wave, report)
    if "ledger" in found:
        _recompute(wave, survey, described, found, report)
    if "estimates" in found:
        told = manifest.get("configuration", {}).get("editions", ["unweighted"])
        report.attempt("config.yaml", lambda: _check_settings(manifest, survey, report))
        for edition in (e for e in ("unweighted", "weighted") if e in told):
            _check_prints(wave, edition, found["estimates"], pdfs, own_words(survey), report)
        if not wave.is_overview:
            _check_results(wave, survey, told, found["estimates"], report)


def _check_results(
    wave: WaveFiles, survey: Survey, editions: list[str], rows: list[raw.Row], report: Report
) -> None:
    """The detailed results of all editions."""
    figures = {(row["id"], row["weighted"]): row for row in rows}
    for edition in editions:
        weighted = edition == "weighted"
        path = wave.report / f"results{'-weighted' if weighted else ''}.xlsx"
        check = partial(results.check_workbook, path, weighted, figures, survey, report)
        report.attempt(path, check)
    table = wave.report / "results/results.csv"
    report.attempt(table, lambda: results.check_csv(table, editions, figures, report))


def _check_settings(manifest: Mapping[str, Any], survey: Survey, report: Report) -> None:
    """config.yaml against the manifest, as far as the wave depends on it."""
    settings = configuration.load(Path("config.yaml"))
    editions = settings.editions_of(weighted=survey.weighting is not None)
    now = settings_of(settings.model_copy(update={"editions": editions}))
    for name, value in now.items():
        told = manifest["configuration"].get(name)
        report.equal(value, told, "config.yaml", name)


def _tables(wave: WaveFiles, report: Report) -> dict[str, list[raw.Row]]:
    found = {}
    for name in ("cells", "answers", "comments", "ledger", "weights", "margins", "estimates"):
        path = wave.processed / f"{name}.parquet"
        rows = report.attempt(path, partial(_rows, path))
        if rows is not None:
            found[name] = rows
    return found


def _rows(path: Path) -> list[raw.Row]:
    rows: list[raw.Row] = read_table(path).to_pylist()
    return rows


def _recompute(
    wave: WaveFiles,
    survey: Survey,
    described: Wave,
    found: dict[str, list[raw.Row]],
    report: Report,
) -> None:
    """From the raw workbook to every estimate, by the second path."""
    workbook = wave.raw / described.workbook
    sheet = report.attempt(
        workbook,
        lambda: raw.read_export(workbook, survey),
    )
    if sheet is None:
        return
    refused: list[raw.LedgerError] = []

    def responses_now() -> list[raw.Response]:
        return responses_of(sheet, survey, found["ledger"], refused)

    responses = report.attempt(workbook, responses_now)
    if responses is None:
        return
    for error in refused:
        report.check(False, workbook, f"cell {error.cell}", f"'{error.found}'", error.expected)
    sha256 = sha256_of(workbook)
    report.checked["responses"] += len(responses)
    frame: population.FrameCounts = {}
    if survey.frame and survey.weighting:
        named = Path("raw/frames", survey.frame.workbook)
        told_by = named if survey.frame.workbook else wave.team / "survey.yaml"
        frames = Path("raw/frames")
        frame = report.attempt(told_by, lambda: population.frame_counts(frames, survey)) or {}
    coding = wave.team_file("coding.xlsx")
    coders = Coders()
    if coding.exists():
        coders = report.attempt(coding, lambda: read_coders(coding, wave.wave)) or coders
        fill(survey, responses, coders)

    def step(name: str, check: Callable[[list[raw.Row]], None]) -> None:
        if name in found:
            report.attempt(f"{name}.parquet", lambda: check(found[name]))

    own = f"{sha256[:12]}:{sheet.name}"
    step("cells", lambda rows: tables.check_cells(rows, sheet, survey, report))
    step(
        "ledger",
        lambda rows: ledger.check_ledger(sheet, survey, described, rows, "ledger.parquet", report),
    )
    step("answers", lambda rows: tables.check_answers(rows, survey, responses, own, report))
    step("answers", lambda rows: check_columns(rows, survey, responses, report))
    step("comments", lambda rows: tables.check_comments(rows, responses, report))
    step("weights", lambda rows: weights.take_weights(sheet, sha256, responses, rows, report))
    step("weights", lambda rows: weights.check_weights(survey, responses, rows, frame, report))
    bounds = wave.processed / "bounds.csv"
    listed = report.attempt(bounds, lambda: read_csv(bounds))
    if listed is not None:
        weights.check_bounds(responses, survey, listed, report)
    summary = wave.processed / "weighting.json"
    told = report.attempt(summary, lambda: json.loads(summary.read_text(encoding="utf-8")))
    if told is not None:
        step(
            "margins",
            lambda rows: weights.check_summaries(responses, survey, frame, rows, told, report),
        )

    def recount(rows: list[raw.Row]) -> None:
        others = plain.plain_estimates(survey, described, responses, frame, coders)
        own = Described(survey, described, wave.wave)
        before = _earlier(wave, own, responses, frame, others, report)
        size = population.organisations(survey, frame)
        estimates.check_estimates(rows, survey, responses, others, size, report, before)

    step("estimates", recount)


def _earlier(
    wave: WaveFiles,
    own: Described,
    responses: list[raw.Response],
    frame: population.FrameCounts,
    others: dict[str, Expected],
    report: Report,
) -> dict[bool, tuple[Then, Trend]] | None:
    """Both editions beside those of each wave before, read anew from its raw workbook; None where
    wave.yaml names none. Adds the numbers about these waves to `others`."""
    if not own.wave.previous or own.survey.inference == "none":
        return None
    found: dict[bool, list[Before]] = {False: [], True: []}
    for described in reversed(waves_before(wave.described)):
        files = WaveFiles(wave.survey, described.parent.name, wave.root)
        sides = _sides(files, report)
        nearest = not found[False]
        estimates = _rows(files.processed / "estimates.parquet")
        for weighted, side in sides.items():
            size = population.organisations(side.described.survey, side.frame)
            found[weighted].append(Before(side, hidden_in(estimates, weighted), size))
        before = sides[False]
        known = plain.plain_estimates(
            before.described.survey, before.described.wave, before.responses, frame, Coders()
        )
        others |= earlier.named_of(own, before.described, known)
        if nearest:
            others |= named_of(own, known, (Side(own, responses, frame, False), before))
    return {
        weighted: (
            Then(Side(own, responses, frame, weighted), before[0].side, before[0].hidden),
            Trend(own, tuple(before)),
        )
        for weighted, before in found.items()
    }


def _sides(files: WaveFiles, report: Report) -> dict[bool, Side]:
    """Both editions of an earlier wave, from its raw workbook."""
    survey, described = load_codebook(files.codebook, files.described)
    workbook = files.raw / described.workbook
    sheet = raw.read_export(workbook, survey)
    refused: list[raw.LedgerError] = []
    then = responses_of(sheet, survey, _rows(files.processed / "ledger.parquet"), refused)
    for error in refused:
        report.check(False, workbook, f"cell {error.cell}", f"'{error.found}'", error.expected)
    rows = _rows(files.processed / "weights.parquet")
    weights.take_weights(sheet, sha256_of(workbook), then, rows, report)
    frame: population.FrameCounts = {}
    if survey.frame and survey.weighting:
        frame = population.frame_counts(Path("raw/frames"), survey)
    before = Described(survey, described, files.wave)
    return {weighted: Side(before, then, frame, weighted) for weighted in (False, True)}


def _check_prints(
    wave: WaveFiles,
    edition: str,
    rows: list[raw.Row],
    pdfs: Mapping[Path, Future[list[str]]],
    words: frozenset[str],
    report: Report,
) -> None:
    """Decks, charts and their data of one edition."""
    weighted = edition == "weighted"
    figures = {row["id"]: row for row in rows if row["weighted"] == weighted}
    suffix = "-weighted" if weighted else ""
    folder = wave.processed / "exhibits" / edition
    index = folder / "index.json"
    exhibits = report.attempt(index, lambda: _exhibits(index)) or {}
    report.attempt(index, lambda: printed.check_index(index, exhibits, figures, report))
    html, pdf = wave.report / f"deck{suffix}.html", wave.report / f"deck{suffix}.pdf"
    slides = report.attempt(
        html, lambda: printed.check_html(html, figures, exhibits, words, report)
    )
    report.attempt(html, lambda: printed.check_evidence(html, figures, report))
    if slides and pdf in pdfs:
        pages = report.attempt(pdf, pdfs[pdf].result)
        if pages is not None:
            printed.check_pdf(pdf, pages, slides, report)
            printed.check_annex(pdf, pages, slides, figures, report)
    source = wave.processed / f"deck/{edition}/deck.qmd"
    report.attempt(source, lambda: printed.check_source(source, figures, report))
    for path in sorted(folder.glob("*.svg")):
        report.attempt(path, partial(printed.check_chart, path, figures, words, report))
    for path in sorted(folder.glob("*.csv")):
        report.attempt(path, partial(printed.check_data, path, figures, report))


def _exhibits(index: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(index.read_text(encoding="utf-8"))["exhibits"]
    return found


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wavedeck verify", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    wave = Project.here().wave(arguments.wave)
    report = verify(wave)
    if arguments.json:
        _print_json(arguments.wave, report)
    else:
        _print(arguments.wave, wave, report)
    return 1 if report.failures else 0


def _print_json(name: str, report: Report) -> None:
    told = {
        "wave": name,
        "holds": not report.failures,
        "checked": dict(report.checked),
        "failures": [asdict(failure) for failure in report.failures],
    }
    print(json.dumps(told, indent=1, ensure_ascii=False))


def _print(name: str, wave: WaveFiles, report: Report) -> None:
    for failure in report.failures[:_MOST]:
        print(f"  {failure}")
    if len(report.failures) > _MOST:
        print(f"  ... and {len(report.failures) - _MOST} more; --json lists all")
    print(f"{name}: {'all holds' if not report.failures else f'{len(report.failures)} failures'}")
    for what, count in report.checked.items():
        print(f"  {count:>9,}  {what}")
    for study in dict.fromkeys(
        f"{source.wave.survey}/{source.wave.wave}" for source in sources_of(wave).values()
    ):
        print(f"  not checked here, a study of its own: wavedeck verify {study}")
    manifest = wave.report / "audit/manifest.json"
    if manifest.exists():
        print(f"  manifest sha256 {sha256_of(manifest)}")
