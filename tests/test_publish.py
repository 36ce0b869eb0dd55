"""publish: the tables, the workbook as other programs read it, the CSVs, and the SPSS file."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest
from openpyxl import Workbook, load_workbook

from wavedeck import spss
from wavedeck.publish import csvs, stage
from wavedeck.publish.tables import Cell, Table, Tables
from wavedeck.publish.words import cover as cover_of
from wavedeck.publish.workbook import Book, number_of, text_cell
from wavedeck.survey import Survey, Wave, load_codebook
from wavedeck.verify import results
from wavedeck.verify.failures import Report

Row = dict[str, Any]
NAN = float("nan")


@pytest.fixture
def described(toy_project: Path) -> tuple[Survey, Wave]:
    folder = toy_project
    path = folder / "surveys/toy/survey.yaml"
    text = path.read_text().replace("minimum_base: 2", "minimum_base: 10\nlow_base: 30")
    path.write_text(text.replace("text: Is it good?", "text: '=1+1, is it good?'"))
    return load_codebook(path, folder / "raw/toy/2020/wave.yaml")


def row(id_: str, text: str, base: int = 40, **more: Any) -> Row:
    """A row of estimates.parquet; what the id does not say is given."""
    stem, _, statistic = id_.partition(":")
    name, _, subset = stem.partition("@")
    question, *rest = name.split(".")
    value = float(text.rstrip("%")) if text[0].isdigit() else NAN
    found = {
        "id": id_,
        "weighted": False,
        "question": question,
        "answer": rest[0] if rest else "",
        "item": rest[1] if len(rest) > 1 else "",
        "subset": subset,
        "statistic": statistic or "percent",
        "numerator": value,
        "base": base,
        "weighted_base": base * 0.8,
        "effective_base": float(base),
        "value": value,
        "text": text,
        "suppressed": text == "[c]",
        "label": id_,
        "standard_error": 2.345,
        "lower": value - 4,
        "upper": value + 4,
        "design_effect": 1.1,
        "letters": "",
    }
    return found | more


COUNTY, UNITARY, DISTRICT = (f"council_type.{n}" for n in ("county", "unitary", "district"))


def estimates() -> list[Row]:
    """Two answers of a question by three groups: one low, one hidden with its neighbour."""
    found = []
    for weighted in (False, True):
        both = {"weighted": weighted}
        found += [
            row("q1:base", "40", **both),
            row("q1.agree", "33%", value=33.28, **both),
            row("q1.agree:count", "13", **both),
            row("q1.disagree", "0%", value=0.31, **both),
            row(f"q1:base@{COUNTY}".replace(":base", "") + ":base", "31", 31, **both),
            row(f"q1.agree@{COUNTY}", "62%", 31, letters="B", value=62.5, **both),
            row(f"q1.disagree@{COUNTY}", "5%", 31, **both),
            row(f"q1@{UNITARY}:base", "12", 12, **both),
            row(f"q1.agree@{UNITARY}", "25%", 12, **both),
            row(f"q1.disagree@{UNITARY}", "8%", 12, **both),
            row(f"q1@{DISTRICT}:base", "3", 3, **both),
            row(f"q1.agree@{DISTRICT}", "[c]", 3, value=66.7, **both),
            row(f"q1.disagree@{DISTRICT}", "[c]", 3, **both),
        ]
    found.append(row("sample.respondents", "46", question="", statistic="count", label="=Sum"))
    return found


def table_of(survey: Survey) -> Table:
    return next(iter(Tables(survey, estimates(), weighted=False).tables()))


def workbook(described: tuple[Survey, Wave], weighted: bool = False) -> bytes:
    return stage.results_workbook(*described, estimates(), weighted)


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


# Tables


def test_a_table_has_total_and_banner_with_letters_by_option(
    described: tuple[Survey, Wave],
) -> None:
    table = table_of(described[0])
    assert [column.heading for column in table.columns] == [
        "Total",
        "Council type: county council (A)",
        "Council type: unitary authority (B)",
        "Council type: district council (C)",
    ]
    texts = {(line.answer, line.statistic): [c.text for c in line.cells] for line in table.lines}
    assert texts == {
        ("Agree", "Percentage"): ["33%", "62%", "25%", "[c]"],
        ("Agree", "Higher than columns"): ["[z]", "B", "[ns]", "[c]"],
        ("Disagree", "Percentage"): ["[low]", "5%", "8%", "[c]"],
        ("Unweighted base", "Respondents"): ["40", "31", "12", "3"],
        # The sum of three weights would tell single ones.
        ("Weighted base", "Sum of weights"): ["32.0", "24.8", "9.6", "[c]"],
    }


def test_a_low_base_marks_the_number_and_not_the_base(described: tuple[Survey, Wave]) -> None:
    lines = {(line.answer, line.statistic): line.cells for line in table_of(described[0]).lines}
    assert [cell.low for cell in lines["Agree", "Percentage"]] == [False, False, True, False]
    assert not any(cell.low for cell in lines["Unweighted base", "Respondents"])


def test_numbers_are_what_is_shown() -> None:
    cells = [("33%", "percent"), ("1,234", "count"), ("5.6", "decimal")]
    assert [number_of(Cell(*cell)) for cell in cells] == [0.33, 1234, 5.6]


# The workbook, as openpyxl and a zip reader see it


def test_the_same_bytes_and_no_time_of_writing(described: tuple[Survey, Wave]) -> None:
    data = workbook(described)
    assert data == workbook(described)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        core = package.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2020-05-01T00:00:00Z") == 2 and "<dc:creator></dc:creator>" in core
    assert "<dc:language>en-GB</dc:language>" in core


def test_sheets_follow_the_guidance(described: tuple[Survey, Wave]) -> None:
    book = opened(workbook(described))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Sample", "Columns", "Q1"]
    assert book.active.title == "Cover"
    names = []
    for sheet in book:
        assert not sheet.merged_cells.ranges, sheet.title
        assert sheet["A1"].font.b and sheet["A1"].value
        assert sheet.sheet_view.topLeftCell in (None, "A1")
        assert sheet.sheet_view.selection[0].activeCell in (None, "A1") or sheet.freeze_panes
        rows = list(sheet.values)
        assert all(row[0] for row in rows), f"{sheet.title} has an empty row"
        for name, place in sheet.tables.items():
            names.append(name)
            top = int(place.split(":")[0][1:])
            head = rows[top - 1]
            assert None not in head and len(set(head)) == len(head)
            assert all(None not in row for row in rows[top:]), f"{name} has an empty cell"
            assert sheet.freeze_panes and sheet.freeze_panes.endswith(str(top + 1))
            assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0
    assert len(names) == 5 and len(set(names)) == 5


@pytest.mark.parametrize(("groups", "across"), [(8, False), (24, True)])
def test_a_table_is_printed_in_type_that_can_be_read(groups: int, across: bool) -> None:
    book = Book("x", date(2020, 5, 1))
    header = ["Answer", "Statistic", *(f"Group {n}" for n in range(groups))]
    sheet = book.sheet("Wide", "Wide", [], [36, 20, *[13.5] * groups])
    sheet.table("wide", header, [[text_cell(book, text) for text in header]], freeze=2)
    wide = opened(book.close())["Wide"]
    assert wide.sheet_properties.pageSetUpPr.fitToPage is not across
    if across:
        assert wide.page_setup.scale == 60 and wide.page_setup.pageOrder == "overThenDown"
        assert wide.print_title_cols == "$A:$B" and wide.print_title_rows == "$3:$3"


def test_contents_lead_to_every_sheet_and_back(described: tuple[Survey, Wave]) -> None:
    book = opened(workbook(described))
    links = {cell.hyperlink.location for row in book["Contents"] for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in ("Notes", "Sample", "Columns", "Q1")}
    for name in ("Notes", "Sample", "Columns", "Q1"):
        back = [c.hyperlink.location for row in book[name] for c in row if c.hyperlink]
        assert back == ["'Contents'!A1"]


def test_cells_hold_numbers_and_text_stays_text(described: tuple[Survey, Wave]) -> None:
    book = opened(workbook(described))
    sheet = book["Q1"]
    assert sheet["A1"].value == "Q1: =1+1, is it good?" and sheet["A1"].data_type == "s"
    rows = {row[0].value + row[1].value: row for row in sheet.iter_rows(min_row=6)}
    agree = rows["AgreePercentage"]
    assert [cell.value for cell in agree[2:6]] == [0.33, 0.62, 0.25, "[c]"]
    assert [cell.number_format for cell in agree[2:5]] == ["0%", "0%", '0%" [u]"']
    assert agree[6].value == "q1.agree"
    sample = {row[0].value: row[1].value for row in book["Sample"].iter_rows(min_row=5)}
    assert sample == {"=Sum": 46} and book["Sample"]["A5"].data_type == "s"
    for part in zipfile.ZipFile(io.BytesIO(workbook(described))).namelist():
        if part.startswith("xl/worksheets/sheet"):
            package = zipfile.ZipFile(io.BytesIO(workbook(described)))
            assert b"<f>" not in package.read(part)


# The CSVs


def test_every_statistic_is_a_row_and_hidden_ones_are_empty(
    described: tuple[Survey, Wave],
) -> None:
    table = csvs.results_table(described[0], estimates(), ["unweighted", "weighted"])
    assert table.column_names == list(csvs.DICTIONARY)
    rows = {(r["id"], r["edition"]): r for r in table.to_pylist()}
    assert len(rows) == 2 * 12
    agree = rows["q1.agree", "unweighted"]
    assert (agree["value"], agree["shown"], agree["count"]) == ("33.3", "33%", "13")
    assert (agree["standard_error"], agree["lower"], agree["group"]) == ("2.35", "29.0", "Total")
    hidden = rows[f"q1.agree@{DISTRICT}", "weighted"]
    told = [hidden[name] for name in ("value", "weighted_base", "standard_error", "lower", "upper")]
    assert told == [""] * 5 and (hidden["shown"], hidden["base"]) == ("[c]", "3")
    assert hidden["suppression"] == "minimum base" and hidden["group"] == "district council"
    only = csvs.results_table(described[0], estimates(), ["unweighted"])
    assert set(only["edition"].to_pylist()) == {"unweighted"}


def test_the_csv_has_change_design_effect_and_effective_base(
    described: tuple[Survey, Wave],
) -> None:
    change = {"value": 4.63, "change_p": 0.37171, "design_effect": NAN}
    rows = [
        row("q1.agree", "33%", value=33.28, design_effect=1.234, effective_base=38.46),
        row("q1.agree:previous", "29%", value=28.65),
        row("q1.agree:change", "no clear change", **change),
        row(f"q1.agree@{DISTRICT}", "[c]", 3, design_effect=0.9),
    ]
    found = csvs.results_table(described[0], rows, ["unweighted"]).to_pylist()
    assert [(r["statistic"], r["value"], r["p_value"]) for r in found] == [
        ("percentage", "33.3", ""),
        ("previous wave", "28.7", ""),
        ("change since the previous wave", "4.6", "0.372"),
        ("percentage", "", ""),
    ]
    assert [(r["design_effect"], r["effective_base"]) for r in found] == [
        *(("1.23", "38.5"), ("1.10", "40.0"), ("", "40.0"), ("", "")),
    ]


def test_a_fall_is_a_number_in_the_csv_and_a_text_stays_a_text(
    described: tuple[Survey, Wave],
) -> None:
    rows = [row("q1.agree:change", "-1 beyond words", value=-5.62, lower=-14.4, change_p=0.01)]
    text = csvs.results_text(csvs.results_table(described[0], rows, ["unweighted"]))
    (record,) = csv.DictReader(text.splitlines())
    assert (record["value"], record["lower"]) == ("-5.6", "-14.4")
    assert record["shown"] == "'-1 beyond words"


def test_what_rounds_to_nothing_and_is_some_is_low(described: tuple[Survey, Wave]) -> None:
    some = row("q1.agree", "0%", value=0.31, numerator=1.0)
    none = row("q1.disagree", "0%")
    table = next(iter(Tables(described[0], [some, none], weighted=False).tables()))
    assert [line.cells[0] for line in table.lines] == [Cell("[low]"), Cell("0%", "percent")]


def test_all_mentions_are_named(described: tuple[Survey, Wave]) -> None:
    data = described[0].model_dump(exclude_unset=True)
    data["questions"]["why"] = {"type": "text", "text": "Why?", "column": "W"}
    data["questions"]["why"]["themes"] = {"cost": "What it costs"}
    rows = [row("why.cost", "33%"), row("why:mentions", "7", statistic="mentions")]
    table = next(iter(Tables(Survey.model_validate(data), rows, weighted=False).tables()))
    assert [line.answer for line in table.lines] == ["What it costs", "All mentions"]


def test_the_cover_names_whom_to_ask(described: tuple[Survey, Wave]) -> None:
    survey, wave = described
    asked = survey.model_copy(update={"enquiries": "Research team, research@example.org"})
    cover = opened(workbook((asked, wave)))["Cover"]
    assert "Enquiries: Research team, research@example.org" in [row[0] for row in cover.values]


def test_the_cover_speaks_of_groups_only_where_there_are_any(
    described: tuple[Survey, Wave],
) -> None:
    survey, wave = described
    assert "by the groups" in " ".join(cover_of(survey, wave, False))
    alone = " ".join(cover_of(survey.model_copy(update={"banner": []}), wave, False))
    assert "by the groups" not in alone and "a sheet for each question" in alone


def test_the_dictionary_names_every_column_and_the_questions_every_option(
    described: tuple[Survey, Wave],
) -> None:
    described_columns: dict[str, list[str]] = {}
    for entry in csvs.dictionary_table().to_pylist():
        described_columns.setdefault(entry["file"], []).append(entry["column"])
        assert entry["meaning"].endswith(".")
    assert described_columns == {
        "results.csv": csvs.results_table(described[0], estimates(), ["weighted"]).column_names,
        "questions.csv": csvs.questions_table(described[0]).column_names,
        "data-dictionary.csv": csvs.dictionary_table().column_names,
    }
    questions = csvs.questions_table(described[0]).to_pylist()
    q1 = [(q["kind"], q["key"], q["members"]) for q in questions if q["name"] == "q1"]
    assert q1[0] == ("option", "agree", "") and q1[-1] == ("net", "opinion", "agree disagree")


# Verify reads what publish wrote


def checked(described: tuple[Survey, Wave], folder: Path, change: Any = None) -> Report:
    path = folder / "results.xlsx"
    path.write_bytes(workbook(described))
    if change:
        book = load_workbook(path)
        change(book)
        book.save(path)
    figures = {(r["id"], r["weighted"]): r for r in estimates()}
    report = Report()
    results.check_workbook(path, False, figures, described[0], report)
    return report


def test_verify_takes_the_workbook_as_written(
    described: tuple[Survey, Wave], tmp_path: Path
) -> None:
    report = checked(described, tmp_path)
    assert report.failures == [] and report.checked["numbers in results"] == 21


def set_(address: str, value: Any) -> Any:
    sheet, cell = address.split("!")

    def change(book: Workbook) -> None:
        assert book[sheet][cell].value != value
        book[sheet][cell].value = value

    return change


def test_the_wave_before_has_its_base(described: tuple[Survey, Wave], tmp_path: Path) -> None:
    rows = estimates()
    for weighted in (False, True):
        both = {"weighted": weighted}
        rows.append(row("q1.agree:previous", "29%", 37, **both))
        rows.append(row("q1.agree:change", "up 4 points", 40, **both))
        rows.append(row("q1:previous_base", "37", 37, **both))
    path = tmp_path / "results.xlsx"
    path.write_bytes(stage.results_workbook(*described, rows, False))
    lines = [*load_workbook(path)["Q1"].values]
    heads = next(line for line in lines if line[0] == "Answer")
    bases = next(line for line in lines if line[0] == "Unweighted base")
    assert bases[heads.index("Previous wave")] == 37
    report = Report()
    figures = {(r["id"], r["weighted"]): r for r in rows}
    results.check_workbook(path, False, figures, described[0], report)
    assert report.failures == []


@pytest.mark.parametrize(
    ("address", "value", "place"),
    [
        ("Q1!C6", 0.34, "Q1!C6, q1.agree"),
        ("Q1!C6", 0.3328, "Q1!C6, q1.agree"),  # more digits than are shown
        ("Q1!C6", "33%", "Q1!C6, q1.agree"),  # a text in place of a number
        ("Q1!F6", 0.67, f"Q1!F6, q1.agree@{DISTRICT}"),  # what was hidden
        ("Q1!D7", "BC", f"Q1!D7, q1.agree@{COUNTY}"),
        ("Q1!D9", 32, f"Q1!D9, q1@{COUNTY}:base"),
        ("Q1!F10", 2.4, f"Q1!F10, q1@{DISTRICT}:base"),
        ("Q1!A6", "Disagree", "Q1!A6"),
        ("Q1!D5", "Council type: county council", "Q1!D5"),
        ("Sample!B5", 47, "Sample!B5, sample.respondents"),
        ("Notes!B5", 12, "Notes!B5"),
    ],
)
def test_a_changed_cell_is_named(
    described: tuple[Survey, Wave], tmp_path: Path, address: str, value: Any, place: str
) -> None:
    report = checked(described, tmp_path, set_(address, value))
    assert place in [failure.place for failure in report.failures]


@pytest.mark.parametrize(
    "column",
    [
        "value",
        "shown",
        "base",
        "count",
        "lower",
        "weighted_base",
        "effective_base",
        "design_effect",
    ],
)
def test_a_changed_field_of_the_csv_is_named(
    described: tuple[Survey, Wave], tmp_path: Path, column: str
) -> None:
    rows = csvs.results_table(described[0], estimates(), ["unweighted", "weighted"]).to_pylist()
    figures = {(r["id"], r["weighted"]): r for r in estimates()}
    for spoilt in (False, True):
        if spoilt:
            next(r for r in rows if r["id"] == "q1.agree" and r["edition"] == "weighted")[
                column
            ] += "1"
        with (tmp_path / "results.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(csvs.DICTIONARY))
            writer.writeheader()
            writer.writerows(rows)
        report = Report()
        path = tmp_path / "results.csv"
        results.check_csv(path, ["unweighted", "weighted"], figures, report)
        found = [f.place for f in report.failures]
        assert len(found) == spoilt
        assert all(place.endswith(f"q1.agree (weighted), {column}") for place in found)


def test_a_row_that_is_missing_is_named(described: tuple[Survey, Wave], tmp_path: Path) -> None:
    rows = csvs.results_table(described[0], estimates(), ["unweighted"]).to_pylist()
    with (tmp_path / "results.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(csvs.DICTIONARY))
        writer.writeheader()
        writer.writerows(r for r in rows if r["id"] != "q1.agree")
    figures = {(r["id"], r["weighted"]): r for r in estimates()}
    report = Report()
    results.check_csv(tmp_path / "results.csv", ["unweighted"], figures, report)
    assert [failure.place for failure in report.failures] == ["q1.agree"]


# SPSS


COLUMNS: dict[str, Any] = {
    "respondent": ["abc:Responses:2", "abc:Responses:3"],
    "organisation": ["=1+1", "Østerby"],
    "row": [2, 3],
    "council_type": np.array([1, 2], np.int8),
    "q1": np.array([1, -2], np.int8),
    "q2.start": np.array([3, -1], np.int8),
    "q3.red": np.array([1, -2], np.int8),
    "weight": np.array([0.123456, 1.5]),
}


def test_spss_reads_answers_with_their_labels(
    described: tuple[Survey, Wave], tmp_path: Path
) -> None:
    path = tmp_path / "answers.sav"
    spss.write(path, spss.variables(described[0], COLUMNS), "Toy survey, Spring", date(2020, 5, 1))
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    assert list(frame.columns) == list(COLUMNS)
    assert frame["q1"].tolist() == [1, -2] and frame["organisation"].tolist() == ["=1+1", "Østerby"]
    assert frame["weight"].tolist() == [0.123456, 1.5]
    labels = dict(zip(meta.column_names, meta.column_labels, strict=True))
    assert labels["q2.start"] == "Q2: Which parts are good? The start"
    assert meta.variable_value_labels["q1"][1.0] == "Agree"
    assert meta.variable_value_labels["q1"][-2.0] == "No answer"
    assert meta.missing_ranges["q1"] == [{"lo": -4.0, "hi": -1.0}] == meta.missing_ranges["q3.red"]
    measures = meta.variable_measure
    assert (measures["q1"], measures["council_type"], measures["weight"]) == (
        *("ordinal", "nominal", "scale"),
    )
    assert meta.file_label == "Toy survey, Spring"
    # As missing, unless asked to keep the codes.
    plain, _ = pyreadstat.read_sav(path)
    assert plain["q1"].isna().tolist() == [False, True]


def test_spss_files_have_the_same_bytes_stamped_with_the_day_of_publication(
    described: tuple[Survey, Wave], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        path = tmp_path / f"{zone[:3]}.sav"
        spss.write(path, spss.variables(described[0], COLUMNS), "Toy", date(2020, 5, 1))
        found.append(path.read_bytes())
    assert found[0] == found[1]
    assert pyreadstat.read_sav(path)[1].creation_time.date() == date(2020, 5, 1)


def test_spss_says_which_theme_option_and_rank_a_variable_is_of(
    described: tuple[Survey, Wave],
) -> None:
    data = described[0].model_dump(exclude_unset=True)
    themes = {"type": "text", "text": "Why? " * 60, "column": "Why", "themes": {}}
    themes["themes"] = {"cost": "What it costs", "time": "How long it takes " * 9}
    items = {"speed": {"label": "Speed", "column": "S"}, "care": {"label": "Care", "column": "C"}}
    ranking = {"type": "ranking", "text": "Order these", "items": items}
    weighing = {"type": "single", "text": "How heavy?", "column": "H", "scale": {}}
    weighing["scale"] = {"options": {"light": "Light", "heavy": "Heavy"}}
    options = {"radio": {"label": "Local radio", "column": "R"}}
    media = {"type": "multi", "text": "Which?", "options": options}
    data["questions"] |= {"why": themes, "order": ranking, "weight_felt": weighing, "media": media}
    survey = Survey.model_validate(data)
    code = np.array([1, 2], np.int8)
    keys = ["why.cost", "why.time", "order.speed", "media.radio", "weight_felt"]
    found = {v.name: v for v in spss.variables(survey, dict.fromkeys(keys, code))}
    assert [found["why.cost"].labels[c] for c in (1.0, 2.0)] == ["Raised", "Not raised"]
    assert found["why.cost"].label.endswith("… What it costs")
    assert "… How long it takes How" in found["why.time"].label
    assert all(len(v.label.encode()) <= 255 for v in found.values())
    assert [found["order.speed"].labels[c] for c in (1.0, 2.0)] == ["Rank 1", "Rank 2"]
    assert found["media.radio"].label == "Which? Local radio"
    assert [found["media.radio"].labels[c] for c in (1.0, 2.0)] == ["Chosen", "Not chosen"]
    # A question whose name begins as the weights' does is a question.
    assert found["weight_felt"].label == "How heavy?"
    assert found["weight_felt"].labels[2.0] == "Heavy"


def test_spss_takes_long_and_like_names(described: tuple[Survey, Wave]) -> None:
    taken: set[str] = set()
    keys = ["q1." + "x" * 80, "q1." + "x" * 81, "Q1.a", "q1.A"]
    names = [spss._name(key, taken) for key in keys]
    assert len({name.casefold() for name in names}) == 4 and max(map(len, names)) <= 64
