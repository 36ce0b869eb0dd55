"""verify: an untouched wave holds; whatever is tampered with is found and named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

import tampering as t
from conftest import EXPORT, WAVE
from wavedeck.layout import Project
from wavedeck.survey import load_codebook
from wavedeck.verify import main
from wavedeck.verify.command import _check_settings, verify
from wavedeck.verify.failures import Report
from wavedeck.verify.files import check_files

DECK = t.REPORT / "deck.html"
ESTIMATES = t.PROCESSED / "estimates.parquet"
SURVEY = Path("surveys/stp-councillors")


@contextmanager
def within(root: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)


def verified(root: Path) -> Report:
    with within(root):
        return verify(Project.here().wave(WAVE))


def names(report: Report, file: str, place: str = "") -> bool:
    """Whether a failure names a file and a place in it."""
    return any(
        failure.file.endswith(file) and place in failure.place for failure in report.failures
    )


def copied(built: Path, target: Path) -> Path:
    ignored = shutil.ignore_patterns(".snakemake", "logs", "profiles")
    return Path(shutil.copytree(built, target, ignore=ignored))


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return copied(built, tmp_path / "project")


def test_an_untouched_wave_holds(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with within(built):
        status = main([WAVE, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["holds"], told["failures"]) == (0, True, [])
    assert told["checked"]["estimates"] > 40_000
    assert told["checked"]["printed numbers"] > 1_500


FILES = [
    *(EXPORT, f"raw/{WAVE}/wave.yaml", "raw/frames/england-councils-2017.xlsx"),
    *(f"{SURVEY}/{n}" for n in ("survey.yaml", "exhibits.yaml", "deck.qmd.j2", "coding.xlsx")),
    *("workflow/theme/deck.css", "workflow/rules/audit.smk"),
    "workflow/wavedeck/estimate/shares.py",
    *(f"{t.PROCESSED}/{n}.parquet" for n in ("cells", "answers", "comments", "ledger", "weights")),
    *(f"{t.PROCESSED}/{n}" for n in ("margins.parquet", "estimates.parquet", "quality.csv")),
    *(f"{t.PROCESSED}/{n}" for n in ("source.json", "weighting.json", "deck/weighted/deck.qmd")),
    *(f"{t.PROCESSED}/exhibits/unweighted/{n}" for n in ("q1.svg", "q1.csv", "index.json")),
    *(f"{t.REPORT}/deck{n}" for n in (".html", ".pdf", "-weighted.html", "-weighted.pdf")),
    *(f"{t.REPORT}/{n}" for n in ("results.xlsx", "results-weighted.xlsx", "results/results.csv")),
    *(f"{t.BUNDLE}/{n}" for n in ("answers.sav",)),
    *(f"{t.BUNDLE}/{n}" for n in ("audit.xlsx", "index.html", "ledger.csv", "manifest.json")),
    *(f"{t.BUNDLE}/{n}" for n in ("ro-crate-metadata.json", "estimates/q1.great_deal.html")),
]


def test_one_character_in_any_file_is_named(project: Path) -> None:
    with within(project):
        wave = Project.here().wave(WAVE)
        for name in FILES:
            path = Path(name)
            before = path.read_bytes()
            t.flip(path)
            report = Report()
            check_files(wave, report)
            assert names(report, name), name
            path.write_bytes(before)
        report = Report()
        check_files(wave, report)
        assert report.failures == []


def test_a_manifest_damaged_anywhere_is_named(project: Path) -> None:
    path = project / t.BUNDLE / "manifest.json"
    data = path.read_bytes()
    with within(project):
        wave = Project.here().wave(WAVE)
        for place in range(0, len(data), len(data) // 12):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            report = Report()
            check_files(wave, report)
            assert names(report, "manifest.json"), place


def test_missing_and_unknown_files_are_named(project: Path) -> None:
    (project / DECK).unlink()
    (project / t.PROCESSED / "margins.parquet").unlink()
    (project / t.REPORT / "deck-old.pdf").write_bytes(b"%PDF")
    (project / t.BUNDLE / "SHA256SUMS").write_text("")
    report = verified(project)
    for name in ("deck.html", "margins.parquet", "deck-old.pdf", "SHA256SUMS"):
        assert names(report, name)


def test_an_unreadable_file_is_a_failure_and_no_traceback(project: Path) -> None:
    for name in (EXPORT, f"{t.REPORT}/deck.pdf", ESTIMATES, f"{t.BUNDLE}/manifest.json"):
        path = project / name
        path.write_bytes(path.read_bytes()[:500])
    (project / SURVEY / "coding.xlsx").write_bytes(b"no workbook")
    report = verified(project)
    for name in (EXPORT, "estimates.parquet", "manifest.json"):
        assert names(report, name)


def test_a_broken_codebook_is_named(project: Path) -> None:
    t.put(project / SURVEY / "survey.yaml", "minimum_base", "minimun_base")
    assert names(verified(project), "survey.yaml")


PRINTED: list[tuple[str, str, Callable[[Path], None]]] = [
    # A percentage, a count, a base, a fact, words, a chart label, a mean; then the other edition.
    *(
        (f"{t.REPORT}/deck.html", name, lambda p, n=name, c=change: t.reprint(p, n, c))
        for name, change in [
            ("q2a.disagree", lambda _: "68%"),
            ("sample.respondents", lambda _: "82"),
            ("q1:base", lambda _: "80"),
            ("context.stp_areas", lambda _: "45"),
            ("q17.confident.objectives", lambda _: "Just under a fifth"),
            ("q3.not_engaged.drafting_proposals", lambda _: "73%"),
            ("q13.prevention:mean", lambda _: "5.7"),
        ]
    ),
    (
        f"{t.REPORT}/deck.html",
        "slide 3",
        lambda p: t.put(p, "Commissioners, hospital trusts", "Commissioners, 9 hospital trusts"),
    ),
    (
        f"{t.REPORT}/deck.html",
        "alternative text of q1",
        lambda p: t.put(p, "A great deal 33%", "A great deal 34%"),
    ),
    (
        f"{t.REPORT}/deck-weighted.html",
        "q9.disagree",
        lambda p: t.reprint(p, "q9.disagree", lambda text: f"{int(text[:-1]) + 1}%"),
    ),
    (
        f"{t.PROCESSED}/exhibits/unweighted/q4.svg",
        "q4.engaged.full_council",
        lambda p: t.reprint(p, "q4.engaged.full_council", lambda _: "11%"),
    ),
    (
        f"{t.PROCESSED}/exhibits/unweighted/q1.csv",
        "q1.great_deal",
        lambda p: t.put(p, "33.3333333333", "33.4333333333"),
    ),
    (
        f"{t.PROCESSED}/exhibits/weighted/q2a.csv",
        "q2a.agree_strongly",
        lambda p: t.put(p, "q2a.agree_strongly,", "q2a.agree_strongly,1"),
    ),
    (
        f"{t.PROCESSED}/deck/unweighted/deck.qmd",
        "q1.great_deal",
        lambda p: t.put(
            p, r'[33\%]{.estimate data-estimate="q1.gr', r'[32\%]{.estimate data-estimate="q1.gr'
        ),
    ),
    (
        f"{t.REPORT}/deck.pdf",
        "page 9",
        lambda p: shutil.copy(p.with_name("deck-weighted.pdf"), p),
    ),
    (f"{t.REPORT}/results.xlsx", "Q1!C6, q1.great_deal", lambda p: reset(p, "Q1", "C6", 0.34)),
    (
        f"{t.REPORT}/results/results.csv",
        "line 3, role.leader (unweighted), value",
        lambda p: t.put(p, "percentage,33.3,33%,27,81", "percentage,33.4,33%,27,81"),
    ),
]


def reset(path: Path, sheet: str, cell: str, value: float) -> None:
    """Put another number into a workbook."""
    book = openpyxl.load_workbook(path)
    assert book[sheet][cell].value != value
    book[sheet][cell] = value
    book.save(path)


@pytest.fixture(scope="module")
def misprinted(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Every kind of printed number changed, and a manifest forged to agree."""
    root = copied(built, tmp_path_factory.mktemp("misprinted") / "project")
    for file, _, change in PRINTED:
        change(root / file)
    t.forge(root)
    return verified(root)


@pytest.mark.parametrize(("file", "place"), [(file, place) for file, place, _ in PRINTED])
def test_a_changed_print_is_named_though_the_manifest_is_forged(
    misprinted: Report, file: str, place: str
) -> None:
    assert names(misprinted, file, place)


def test_nothing_else_is_named(misprinted: Report) -> None:
    changed = {file for file, _, _ in PRINTED}
    changed.add(f"{t.REPORT}/deck-weighted.pdf")  # its pages are held against the HTML
    assert {failure.file for failure in misprinted.failures} == changed


def one_more(value: float) -> float:
    return value + 1


TABLES: list[tuple[str, str, Callable[[t.Table], object]]] = [
    *(
        (
            "estimates.parquet",
            f"{name} ({'weighted' if weighted else 'unweighted'}), {column}",
            lambda p, n=name, w=weighted, c=column, v=new: p.rewrite(c, v, id=n, weighted=w),
        )
        for name, weighted, column, new in [
            ("q2a.disagree", False, "value", lambda v: v + 1e-12),
            ("q2a.disagree", False, "text", "70%"),
            ("q2a.disagree", True, "value", lambda v: v + 1e-6),
            ("q1:base", False, "value", one_more),
            ("q1.great_deal:count", False, "numerator", one_more),
            ("q1.great_deal", True, "base", one_more),
            ("q1.great_deal", True, "effective_base", one_more),
            ("q13.prevention:mean", True, "value", lambda v: v + 1e-6),
            ("q13.outcomes:mentions", False, "value", one_more),
            ("q14.too_early.*:max", False, "text", "45%"),
            ("q1.nothing@region.north_east", False, "suppressed", False),
            ("q2a.disagree@role.leader", False, "letters", "B"),
            ("q2a.agree@role.health_lead", False, "letters", ""),
            ("q1.great_deal@role.leader", False, "against_rest", ""),
            ("q1.great_deal@role.health_lead", False, "against_rest", "lower"),
            ("q1@role:rao_scott", False, "value", lambda v: v + 1e-6),
            ("q1@role:rao_scott", True, "numerator", lambda v: v + 1e-6),
            ("sample.councils", False, "value", one_more),
            ("context.stp_areas", False, "text", "45"),
            ("frame.region.london", False, "value", one_more),
            ("responding.region.london:count", True, "text", "20"),
            ("q13.other.workforce:count", False, "value", one_more),
            ("role.other", False, "text", "13%"),
        ]
    ),
    ("estimates.parquet", "q12.great", lambda p: p.drop(id="q12.great", weighted=False)),
    (
        "estimates.parquet",
        "q8.not_a_name",
        lambda p: p.rewrite("id", "q8.not_a_name", id="q8.confident", weighted=True),
    ),
    ("answers.parquet", "row 4 of the export, q1", lambda p: p.rewrite("q1", 3, row=4)),
    (
        "answers.parquet",
        "row 5 of the export, organisation",
        lambda p: p.rewrite("organisation", "Council 999", row=5),
    ),
    (
        "comments.parquet",
        "response R1052, q1_comment",
        lambda p: p.rewrite("text", "No.", response="R1052", question="q1_comment"),
    ),
    ("cells.parquet", "cell K4", lambda p: p.rewrite("value", "Nothing", row=4, column="K")),
    (
        "margins.parquet",
        "region.london, frame_share",
        lambda p: p.rewrite("frame_share", 0.2, category="london"),
    ),
    (
        "ledger.parquet",
        "cell AJ3 (alias)",
        lambda p: p.rewrite("new", "Tend to agree", cell="AJ3", rule="alias"),
    ),
]


@pytest.fixture(scope="module")
def altered(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A value changed in every table, and a manifest forged to agree."""
    root = copied(built, tmp_path_factory.mktemp("altered") / "project")
    for file in dict.fromkeys(file for file, _, _ in TABLES):
        table = t.Table(root / t.PROCESSED / file)
        for _, _, change in (entry for entry in TABLES if entry[0] == file):
            change(table)
        table.save()
    t.put(root / t.PROCESSED / "weighting.json", '"effective_base": 6', '"effective_base": 7')
    t.forge(root)
    return verified(root)


@pytest.mark.parametrize(
    ("file", "place"),
    [*((file, place) for file, place, _ in TABLES), ("weighting.json", "effective_base")],
)
def test_a_changed_table_is_named_though_the_manifest_is_forged(
    altered: Report, file: str, place: str
) -> None:
    assert names(altered, file, place)


def test_what_the_ledger_leaves_out_is_named(project: Path) -> None:
    ledger = t.Table(project / t.PROCESSED / "ledger.parquet")
    excluded, alias = ledger.drop(rule="exclude_value"), ledger.drop(rule="alias")
    ledger.save()
    report = verified(project)
    assert names(report, "ledger.parquet", f"row {excluded['row']}, left out or kept")
    assert names(report, "answers.parquet", "rows")
    assert names(report, EXPORT, f"cell {alias['cell']}")


def test_changed_weights_are_named(project: Path) -> None:
    table = t.Table(project / t.PROCESSED / "weights.parquet")
    changes = {"weight": 1e-6, "design_weight": 1e-6, "g_weight": 3.5}
    for row, (column, more) in zip(table.rows, changes.items(), strict=False):
        row[column] += more
    table.rows[3]["in_frame"] = not table.rows[3]["in_frame"]
    table.save()
    t.forge(project)
    report = verified(project)
    rows = [row["respondent"].rpartition(":")[2] for row in table.rows]
    for row, column in zip(rows, ("weight", "design weight", "g-weight", "in_frame"), strict=False):
        assert names(report, "weights.parquet", f"row {row} of the export, {column}")
    assert names(report, "weights.parquet", "sum of weights, region")


def test_a_changed_cell_moves_estimates_and_is_named(project: Path) -> None:
    path = project / EXPORT
    cell = t.retype(path, "Responses", "Q1.", 4, "Hardly anything")
    t.forge(project)
    report = verified(project)
    assert names(report, "cells.parquet", f"cell {cell}")
    assert names(report, "answers.parquet", "row 4 of the export, q1")
    assert names(report, "estimates.parquet", "q1.hardly_anything (unweighted), value")


def test_changed_definitions_are_named(project: Path) -> None:
    t.put(project / f"raw/{WAVE}/wave.yaml", "answered: 5", "answered: 4")
    t.put(project / f"raw/{WAVE}/wave.yaml", "2017-05-11", "2017-05-12")
    t.put(project / SURVEY / "survey.yaml", "upper: 3", "upper: 1.5")
    t.put(project / SURVEY / "survey.yaml", "minimum_base: 10", "minimum_base: 12")
    t.forge(project)
    report = verified(project)
    assert names(report, "ledger.parquet", "row 72, left out or kept")
    assert names(report, "estimates.parquet", "fieldwork.end")
    assert names(report, "estimates.parquet", "@")
    assert names(report, "weights.parquet", "g-weight")


def test_a_changed_frame_and_coding_are_named(project: Path) -> None:
    frame = project / "raw/frames/england-councils-2017.xlsx"
    t.retype(frame, "Councils", "Region", 2, "London")
    t.retype(project / SURVEY / "coding.xlsx", "Coding", "theme", 2, "campaigns")
    t.forge(project)
    report = verified(project)
    assert names(report, "estimates.parquet", "frame.region.london")
    assert names(report, "weights.parquet", "sum of weights, region.london")
    assert names(report, "estimates.parquet", "q13.other.campaigns:count")


def test_failures_are_printed_with_found_and_expected(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    t.reprint(project / DECK, "q2a.disagree", lambda _: "68%")
    with within(project):
        assert main([WAVE]) == 1
    said = capsys.readouterr().out
    assert f"{DECK}: found sha256" in said
    assert "q2a.disagree: found '68%', expected '69%'" in said


def test_a_setting_that_was_another_is_found_and_another_wave_is_none(
    built: Path, tmp_path: Path
) -> None:
    survey, _ = load_codebook(
        built / "surveys/stp-councillors/survey.yaml", built / f"raw/{WAVE}/wave.yaml"
    )
    manifest = json.loads((built / f"report/{WAVE}/audit/manifest.json").read_text())
    path, report = built / "config.yaml", Report()
    original = path.read_text()
    try:
        path.write_text(original.replace(f"- {WAVE}", f"- {WAVE}\n- stp-councillors/2018"))
        with within(built):
            _check_settings(manifest, survey, report)
        assert report.failures == []
        path.write_text(original.replace("embedded", "auto"))
        with within(built):
            _check_settings(manifest, survey, report)
    finally:
        path.write_text(original)
    assert [failure.place for failure in report.failures] == ["deck_engine"]
