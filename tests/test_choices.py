"""Several choices, numbers, routing, header rows and contact columns: from workbook to verify."""

from __future__ import annotations

import math
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as parquet
import pytest

import toy
import toy_choices
from wavedeck import clean, estimate, files, ingest, weight
from wavedeck.answers import DONT_KNOW, NO_ANSWER, NOT_ASKED, Answers
from wavedeck.audit.workbook import audit_workbook
from wavedeck.chain import chain_of
from wavedeck.clean.joined import joined_coder
from wavedeck.clean.numbers import read_number
from wavedeck.draw import stage as draw
from wavedeck.errors import WavedeckError
from wavedeck.layout import WaveFiles
from wavedeck.statistics.quantile import quantile
from wavedeck.survey import MultiQuestion, Survey, load_codebook, load_survey
from wavedeck.trace.cell import moved_by
from wavedeck.trace.estimate import trace
from wavedeck.trace.tables import Tables
from wavedeck.verify import command
from wavedeck.verify.failures import Report
from wavedeck.verify.meaning import choices_in

FOLDER = Path("processed/choices/2020")
GIVEN = ["--survey", "surveys/choices/survey.yaml", "--wave", "raw/choices/2020/wave.yaml"]


def run(stage: Any, **paths: str) -> None:
    told = [part for name, path in paths.items() for part in (f"--{name}", path)]
    stage.main([*GIVEN, *told])


def processed(*names: str) -> dict[str, str]:
    suffix = {"source": "json", "weighting": "json", "quality": "csv", "bounds": "csv"}
    return {name: str(FOLDER / f"{name}.{suffix.get(name, 'parquet')}") for name in names}


def build() -> None:
    """The stages from the export to the estimates, in the working directory."""
    run(ingest, **processed("cells", "source"))
    told = processed("cells", "source", "answers", "comments", "ledger", "quality")
    run(clean, **told)
    summary = {"summary": str(FOLDER / "weighting.json"), "frames": "raw/frames"}
    run(weight, **processed("answers", "weights", "margins", "bounds"), **summary)
    used = processed("answers", "comments", "weights", "margins", "weighting", "estimates")
    run(estimate, **used, coding="surveys/choices/coding.xlsx")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = toy_choices.project(tmp_path_factory.mktemp("choices") / "project")
    before = Path.cwd()
    os.chdir(root)
    try:
        build()
    finally:
        os.chdir(before)
    return root


@pytest.fixture
def project(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The built toy, to look at and to spoil."""
    root = Path(shutil.copytree(original, tmp_path / "project"))
    monkeypatch.chdir(root)
    return root


def table(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(FOLDER / f"{name}.parquet").to_pylist()
    return rows


def codebook() -> Survey:
    return load_codebook(Path(GIVEN[1]), Path(GIVEN[3]))[0]


def verified() -> Report:
    report, wave = Report(), WaveFiles("choices", "2020")
    survey, described = load_codebook(Path(GIVEN[1]), Path(GIVEN[3]))
    command._recompute(wave, survey, described, command._tables(wave, report), report)
    return report


# the codebook


@pytest.mark.parametrize(
    ("old", "new", "found", "near"),
    [
        ("exclusive: [none]", "exclusive: [non]", "exclusive names the unknown 'non'", "'none'"),
        ("any_place: [gp, clinic]", "any_place: [gp, clinc]", "unknown 'clinc'", "'clinic'"),
        (', column: "Q2. Where? › None of these"', "", "its option 'none' names a column", ""),
        ("    separator:", "    separatr:", "unknown field 'separatr'", "separator"),
        ("staff: Staff", "staff: {label: Staff, column: Q}", "give either one column", ""),
        ("few: [0, 7.99]", "few: [0, 8]", "the bands 'few' and 'many' overlap", ""),
        ("few: [0, 7.99]", "few: [7, 0]", "the band 'few' begins above its end", ""),
        ("minimum: 0", "minimum: 200", "the minimum is above the maximum", ""),
        ("asked_if: q1.yes_", "asked_if: q3.money", "unknown 'q3'", ""),
        ("asked_if: q1.yes_", "asked_if: q1.yes", "unknown 'yes'", "'yes_'"),
        ("asked_if: q2.any_place", "asked_if: q2.gp.row", "no grid and has no item", ""),
        ("where: q2.any_place", "where: q2.any_palce", "unknown 'any_palce'", "'any_place'"),
        ("clinic: {label", "other: {label", "'other' names what respondents wrote in", ""),
        ("contact: [Email]", "contact: [Email, Size]", "contact column 'Size' is never read", ""),
        ("rows: 2, first: 2", "rows: 2, names: 3", "names: 3 is none of the 2 header rows", ""),
        ("rows: 2, first: 2", "rows: 4, first: 2", "rows", ""),
        ("{question: q4, by: q1}", "{question: q4, by: q5}", "'q5' makes no groups", ""),
    ],
)
def test_mistakes_of_the_codebook_are_named(
    tmp_path: Path, old: str, new: str, found: str, near: str
) -> None:
    path = tmp_path / "survey.yaml"
    assert old in toy_choices.SURVEY
    path.write_text(toy_choices.SURVEY.replace(old, new, 1))
    with pytest.raises(WavedeckError) as error:
        load_survey(path)
    message = str(error.value)
    assert found in message and near in message
    assert "survey.yaml, line " in message


def test_the_line_is_that_of_the_condition(tmp_path: Path) -> None:
    path = tmp_path / "survey.yaml"
    path.write_text(toy_choices.SURVEY.replace("asked_if: q1.yes_", "asked_if: q1.yes"))
    lines = path.read_text().splitlines()
    line = 1 + next(n for n, text in enumerate(lines) if text.endswith("asked_if: q1.yes"))
    with pytest.raises(WavedeckError, match=rf"survey\.yaml, line {line}: .*unknown 'yes'"):
        load_survey(path)


# ingest


def test_cells_keep_their_addresses_below_two_header_rows(project: Path) -> None:
    cells = table("cells")
    (cell,) = [c for c in cells if (c["question"], c["item"], c["row"]) == ("q2", "clinic", 5)]
    assert (cell["value"], cell["column"], cell["header"]) == ("clinic", "J", "Q2. Where? › Clinic")
    assert {c["row"] for c in cells} == set(range(4, 12))
    assert {c["header"] for c in cells} >= {"Score", "Score [2]"}


def test_contact_columns_are_in_no_table_and_named_in_quality(project: Path) -> None:
    for path in FOLDER.iterdir():
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data = repr(parquet.read_table(path).to_pylist()).encode()
        assert b"example.org" not in data and b"203.0.113" not in data, path
    quality = (FOLDER / "quality.csv").read_text()
    assert "'Email' is not read: listed under contact:" in quality
    assert "'Reached by' is not read: listed under others:" in quality
    assert "look like IP addresses" in quality


# clean


def column(name: str) -> list[Any]:
    return [row[name] for row in table("answers")]


def test_codes(project: Path) -> None:
    assert column("response") == ["1", "2", "3", "4", "5", "6", "8"]
    no, routed, unsure = NO_ANSWER, NOT_ASKED, DONT_KNOW
    assert column("q2.gp") == [1, 1, routed, 2, 2, no, routed]
    assert column("q2.clinic") == [2, 1, routed, 1, 2, no, routed]
    assert column("q2.none") == [2, 2, routed, 2, 1, no, routed], "none goes with no other"
    assert column("q3.time_") == [2, 1, 2, unsure, 2, 2, 2], "everyone asked is in the base"
    assert column("q3.any_kind") == [2, 2, 2, unsure, 1, 2, 2]
    assert column("q4") == [1, 1, 1, 1, no, 1, 1]
    values = np.array(column("q4:value"))
    assert list(values[:4]) == [10, 8, 4.5, 8] and np.isnan(values[4])
    assert [c["response"] for c in table("comments") if c["question"] == "q5"] == ["1"]


def test_every_change_is_in_the_ledger(project: Path) -> None:
    told = {(e["cell"], e["rule"], e["old"], e["new"]) for e in table("ledger")}
    assert told == {
        ("J5", "spelling", "clinic", "Clinic"),
        ("I6", "not_asked", "GP surgery", ""),
        ("M6", "alias", "Funds; staff", "Money;Staff"),
        ("O6", "not_asked", "Not asked of me.", ""),
        ("K7", "exclusive", "None of these", ""),
        ("K8", "spelling", "x", "X"),
        ("M10", "no_answer", "-", ""),
        ("N10", "no_answer", "-", ""),
        ("A10", "exclude_incomplete", "7", "(response left out)"),
    }
    quality = (FOLDER / "quality.csv").read_text()
    assert "ledger: not_asked" in quality and "not asked,q2,2,asked only of q1.yes_" in quality


def test_what_is_no_number_or_no_option_stops_the_wave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = toy_choices.project(tmp_path / "project", mended=False)
    monkeypatch.chdir(root)

    def spoil(book: Any) -> None:
        book.active["M4"] = "Money;Stff; of any kind"
        book.active["I4"] = "Maybe"

    toy.spoil(root / "raw/choices/2020/choices.xlsx", spoil)
    with pytest.raises(WavedeckError) as error:
        build()
    message = str(error.value)
    assert "cell N5: q4: '1,0' is not a number" in message
    assert "expected: a number from 0 to 168 (hours a week), or nothing" in message
    assert "cell N9: q4: 1,000 is above the maximum, 168" in message
    assert "cell M4: q3: 'Stff' in 'Money;Stff; of any kind' is no option" in message
    assert "nearest:  Staff" in message
    assert "cell I4: q2.gp: 'Maybe' is no answer" in message
    assert "add it to chosen: or unchosen: of 'q2'" in message


def multi(*labels: str, separator: str = ";") -> MultiQuestion:
    options = {f"o{n}": label for n, label in enumerate(labels)}
    return MultiQuestion.model_validate(
        {"type": "multi", "text": "?", "column": "Q", "separator": separator, "options": options}
    )


@pytest.mark.parametrize(
    ("labels", "separator", "cell", "chosen"),
    [
        (["A", "B"], ";", "A;B;", {0, 1}),
        (["A", "B"], ";", " B ; A ", {0, 1}),
        (["Yes, often", "Yes", "often"], ", ", "Yes, often", {0}),
        (["Yes, often", "Yes", "often"], ", ", "often, Yes", {1, 2}),
        (["A;B", "A", "B;C"], ";", "A;B;C", {1, 2}),  # the longest first would leave C over
        (["A", "B"], "\n", "A\nB", {0, 1}),
    ],
)
def test_joined_options_that_hold_the_separator(
    labels: list[str], separator: str, cell: str, chosen: set[int]
) -> None:
    question = multi(*labels, separator=separator)
    choices = joined_coder(question.options, question.separator, ["-"])(cell)
    assert (set(choices.places), choices.unknown) == (chosen, "")
    if separator.strip():
        assert choices_in(question, cell) == {f"o{n}" for n in chosen}, "the second path agrees"


def test_the_unknown_part_of_a_cell_is_named() -> None:
    choices = joined_coder(multi("Red", "Green").options, ";", [])("Red; Blue;Green")
    assert choices.unknown == "Blue" and not choices.places


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        ("12", 12, ""),
        (" 1.5", 1.5, "spaces"),
        ("-3", -3, ""),
        ("1,234.5", 1234.5, "thousands"),
        ("1e-05", 1e-5, ""),
        ("-", None, "no_answer"),
    ],
)
def test_numbers_as_written(raw: str, value: float | None, rule: str) -> None:
    number = read_number(raw, {"-"})
    assert number is not None
    assert (number.value, number.rule) == (value, rule)


@pytest.mark.parametrize("raw", ["12 hours", "1,2", "TRUE", "nan", "inf", "2020-03-01", "1-2"])
def test_what_is_no_number(raw: str) -> None:
    assert read_number(raw, {"-"}) is None


# estimate


@pytest.mark.parametrize(
    ("name", "weighted", "value", "base"),
    [
        ("q2.gp", False, 50, 4),
        ("q2.any_place", False, 75, 4),
        ("q2.any_place:count", False, 3, 4),
        ("q2:base", False, 4, 4),
        ("q3.means", False, 400 / 6, 6),
        ("q3.staff@q2.clinic:base", False, 1, 1),
        ("q3.money@q2.any_place", False, 50, 2),
        ("q4.few", False, 100 / 6, 6),
        ("q4:mean", False, 150.5 / 6, 6),
        ("q4:median", False, 9, 6),
        ("q4@size.small:median", False, 8, 3),
        ("q1.yes_@q4.many", False, 100, 4),
        ("sample.anywhere", False, 3, 0),
        ("q2.other.van:count", False, 1, 1),
        # Weights: A's two partners 0.45 each, B 0.9, the four others 1.05 each.
        ("q2.any_place", True, 100 * 1.95 / 3, 4),
        ("q4:mean", True, (0.45 * 18 + 0.9 * 4.5 + 1.05 * 128) / 4.95, 6),
        ("q4:median", True, 10, 6),  # 4.5, 8 and 8 weigh 2.4 of 4.95
        ("q4@size.small:median", True, 6.25, 3),  # 4.5 weighs half: the middle of it and 8
    ],
)
def test_against_counts_by_hand(
    project: Path, name: str, weighted: bool, value: float, base: int
) -> None:
    (row,) = [r for r in table("estimates") if (r["id"], r["weighted"]) == (name, weighted)]
    assert row["value"] == pytest.approx(value)
    assert row["base"] == base


def test_a_mean_has_a_design_effect_as_a_share_has(project: Path) -> None:
    rows = {r["id"]: r for r in table("estimates") if not r["weighted"]}
    share, mean = rows["q4.few"], rows["q4:mean"]
    # Of the same six: what a simple random sample's variance is, by what the share's was.
    simple = (share["standard_error"] / 100) ** 2 / share["design_effect"]
    numbers = [r["q4:value"] for r in table("answers") if r["q4:value"] == r["q4:value"]]
    spread = np.var(numbers) / (1 / 6 * 5 / 6)
    assert mean["standard_error"] ** 2 / (simple * spread) == pytest.approx(mean["design_effect"])
    assert np.isnan(rows["q4:median"]["design_effect"])


def test_a_small_base_hides_means_too(project: Path) -> None:
    rows = {r["id"]: r for r in table("estimates") if not r["weighted"]}
    for name in ("q4@q1.no_:mean", "q4@q1.no_:median", "q4.few@q1.no_"):
        assert (rows[name]["text"], rows[name]["suppressed"]) == ("[c]", True)


def test_the_weighted_median() -> None:
    ones = np.ones(4)
    assert quantile(np.array([4.0, 1, 3, 2]), ones, 0.5) == 2.5
    assert quantile(np.array([4.0, 1, 3, 2]), np.array([1.0, 1, 1, 10]), 0.5) == 2
    third = np.array([1 / 3, 1 / 3, 1 / 3, 1])  # which is half of all but for rounding
    assert quantile(np.array([1.0, 2, 3, 9]), third, 0.5) == 6
    assert np.isnan(quantile(np.array([]), np.array([]), 0.5))


# the chain behind a number


def test_a_trace_ends_at_the_cells(project: Path) -> None:
    tables = Tables(WaveFiles("choices", "2020"), codebook())
    found = trace(tables, "q3.money", "unweighted", {})
    assert (found.in_numerator, found.respondents) == (3, 6)
    third = next(m for m in found.members if m.response == "3")
    (cell,) = third.cells
    assert (cell.cell, cell.received, cell.coded) == ("M6", "Funds; staff", "Money; Staff")
    assert cell.changes == ["alias: 'Funds; staff' became 'Money;Staff'"]
    routed = trace(tables, "q2.any_place", "unweighted", {})
    assert "It was asked only of those who answered 'Yes' at Q1." in routed.definition
    assert "asked: q1 in [1]; all others are coded -1" in routed.filter
    cells = {c.cell: c.coded for c in routed.members[0].cells}
    assert cells == {"I4": "chosen", "J4": "not chosen", "K4": "not chosen", "H4": "Yes"}
    median = trace(tables, "q4:median", "weighted", {})
    assert [c.coded for m in median.members for c in m.cells][:3] == ["10", "8", "4.5"]


def test_a_cell_moves_what_reads_it(project: Path) -> None:
    tables = Tables(WaveFiles("choices", "2020"), codebook())
    ids = moved_by(tables, "Sheet0!M6", {})["estimates"]
    assert {"q3.money", "q3.time_:count", "q3:base"} <= set(ids)
    assert not [name for name in ids if name.startswith("q4")]
    asking = moved_by(tables, "H4", {})["estimates"]
    assert {"q1.yes_", "q2.gp", "q4@q1.yes_:median"} <= set(asking)
    with pytest.raises(WavedeckError, match="'Email' is never read"):
        moved_by(tables, "C4", {})


def test_the_public_chain_says_who_was_asked(project: Path) -> None:
    rows = {r["id"]: r for r in table("estimates") if not r["weighted"]}
    facts = chain_of(rows["q2.gp"], rows, codebook()).facts
    assert facts["Base"] == "4 partners of those asked"
    facts = chain_of(rows["q4:mean"], rows, codebook()).facts
    assert facts["Numerator"] == "150.5, the sum of the numbers"
    assert facts["Rounding"].startswith("half up to one decimal")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_formulas_of_the_audit_workbook_agree(project: Path, tmp_path: Path) -> None:
    shown: dict[str, Any] = {"unweighted": {}, "weighted": {}}
    answers = Answers.from_table(parquet.read_table(FOLDER / "answers.parquet"))
    weights = np.array([row["weight"] for row in table("weights")])
    path = tmp_path / "audit.xlsx"
    book = audit_workbook(answers, weights, table("estimates"), codebook(), shown, "Toy")
    path.write_bytes(book)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = ["--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(["soffice", profile, "--headless", *out], check=True, capture_output=True)
    book = openpyxl.load_workbook(tmp_path / "out/audit.xlsx", data_only=True)
    lines = [
        line
        for name in ("Estimates", "Breakdowns")
        for line in list(book[name].iter_rows(values_only=True))[1:]
    ]
    assert {line[0] for line in lines} >= {"q4:median", "q4@size.small:median", "q2.any_place"}
    assert [line for line in lines if line[6] != 0] == []


# draw


def test_charts_and_tables(project: Path) -> None:
    out = FOLDER / "exhibits/unweighted"
    exhibits = {"exhibits": "surveys/choices/exhibits.yaml", "out": str(out)}
    run(draw, **processed("estimates", "margins"), edition="unweighted", **exhibits)
    rows = (out / "places.csv").read_text().splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == [
        "GP surgery",
        "Clinic",
        "None of these",
        "Any place",
    ]
    index = (out / "index.json").read_text()
    assert "of those asked who chose anything" in index
    assert "they could choose several answers" in index
    assert "; mean " in index and '"q4:median"' in index
    assert "gave a number" in index


# verify


def test_all_holds(project: Path) -> None:
    report = verified()
    assert report.failures == []
    assert report.checked["estimates"] == len(table("estimates"))


def tamper(name: str, change: Any) -> list[str]:
    path = FOLDER / f"{name}.parquet"
    found = parquet.read_table(path)
    rows = found.to_pylist()
    change(rows)
    files.write_table(path, type(found).from_pylist(rows, schema=found.schema))
    return [str(failure) for failure in verified().failures]


def put(place: int, **values: Any) -> Any:
    return lambda rows: rows[place].update(values)


def drop(**where: Any) -> Any:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if any(r[name] != value for name, value in where.items())]

    return change


@pytest.mark.parametrize(
    ("name", "change", "failure"),
    [
        ("answers", put(0, **{"q2.gp": 2}), "row 4 of the export, q2.gp"),
        ("answers", put(0, **{"q4:value": 11.0}), "row 4 of the export, q4:value"),
        ("answers", put(2, **{"q2.gp": -2}), "-1, not asked"),
        ("answers", put(1, **{"q3.time_": 2}), "row 5 of the export, q3.time_"),
        ("ledger", drop(cell="I6", rule="not_asked"), "cell I6: found 'GP surgery'"),
        ("ledger", drop(cell="K7", rule="exclusive"), "options that go together"),
        ("ledger", drop(cell="M6", rule="alias"), "cell M6: found 'Funds; staff'"),
        ("ledger", drop(cell="O6", rule="not_asked"), "cell O6: found 'Not asked of me.'"),
    ],
)
def test_what_was_tampered_with_is_found(
    project: Path, name: str, change: Any, failure: str
) -> None:
    assert any(failure in found for found in tamper(name, change))


def test_a_changed_entry_of_the_ledger_is_found(project: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        next(r for r in rows if r["cell"] == "M6")["new"] = "Money"

    assert any("what alias allows" in failure for failure in tamper("ledger", change))


@pytest.mark.parametrize("column", ["value", "lower", "upper", "standard_error"])
@pytest.mark.parametrize("name", ["q4:mean", "q4:median", "q2.any_place", "q3.means@q2.gp"])
def test_a_changed_estimate_is_found(project: Path, name: str, column: str) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        row = next(r for r in rows if r["id"] == name)
        row[column] = 0.25 if math.isnan(row[column]) else row[column] + 0.25

    place = f"{name} (unweighted), {column}"
    assert any(place in failure for failure in tamper("estimates", change))


def test_a_contact_column_in_the_cells_is_found(project: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        rows.append(rows[0] | {"column": "C", "header": "Email", "value": "a@example.org"})

    assert any("cell C4" in failure for failure in tamper("cells", change))


POOLS: list[list[Any]] = [
    ["Yes", "No", None, "yes", "-"],
    ["GP surgery", None, "Yes", "No", 0, 1, "gp surgery.", "-"],
    ["Clinic", None, "TRUE", "FALSE", "Selected", True, " Clinic"],
    ["None of these", None, None, None, "x"],
    [None, "Words; of any kind", "-"],
    [
        *(None, "-", "Money", "Staff;Money", "funds; Time; of any kind;", "of any kind;Staff"),
        *("Don't know", "Don’t know; Money", "Time; of any kind;of any kind", "MONEY ; staff"),
    ],
    [None, "-", 0, 7.99, 8, "12.25", " 40", 168, 7.995, "0.1"],
    [None, "A comment", "-"],
]


@pytest.mark.parametrize("seed", range(6))
def test_both_paths_agree_whatever_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    root = toy_choices.project(tmp_path / "project")
    monkeypatch.chdir(root)
    draw_one = random.Random(seed)
    rows: list[list[Any]] = []
    for number in range(40):
        practice = draw_one.randrange(8)
        size = "Small" if practice < 3 else draw_one.choice(["Large", "large "])
        own = [number, f"P{practice}", f"{number}@example.org", None, 1, 2, size]
        rows.append(own + [draw_one.choice(pool) for pool in POOLS])
    coding = [["wave", "question", "response", "theme"]]
    toy.write(root / "surveys/choices/coding.xlsx", coding, "Coding")
    toy.write(root / "raw/choices/2020/choices.xlsx", [*toy_choices.HEADER, *rows], "Sheet0")
    build()
    assert verified().failures == []


# what an export may lack


def test_without_ids_and_organisations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = toy_choices.project(tmp_path / "project")
    monkeypatch.chdir(root)
    path = root / GIVEN[1]
    text = path.read_text().replace("    response: Respondent ID\n    organisation: Practice\n", "")
    text = text.replace("[Score,", "[Respondent ID, Practice, Score,")
    text = text[: text.index("frame:")]
    path.write_text(text)
    coding = [["wave", "question", "response", "theme"], ["2020", "q2.other", "row 5", "van"]]
    toy.write(root / "surveys/choices/coding.xlsx", coding, "Coding")
    build()
    assert column("response")[:2] == ["row 4", "row 5"]
    assert column("organisation") == column("response")
    assert verified().failures == []
    (excluded,) = [e for e in table("ledger") if e["rule"] == "exclude_incomplete"]
    assert excluded["cell"] == "A10"
