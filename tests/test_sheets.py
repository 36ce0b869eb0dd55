"""Answers on several sheets, joined by the response's id: read, traced, verified, or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import toy
from wavedeck.clean.stage import Cleaned, clean
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import Ingested, read_export
from wavedeck.survey import Survey, load_codebook, load_survey
from wavedeck.verify import raw
from wavedeck.verify.failures import Report
from wavedeck.verify.ledger import check_ledger
from wavedeck.verify.responses import responses_of
from wavedeck.verify.tables import check_cells

VISITS = [
    ["About", "you", "Q5. How was the visit?"],
    [None, "Id", "Response"],
    ["x", 107, "agree"],
    ["x", 101, "Disagree"],
    [None, None, None],
    ["x", "104 ", "n/a"],
]
"""Two header rows, an empty row, another order, and no row for most responses."""


@pytest.fixture
def project(toy_project: Path) -> Path:
    """The toy survey with a question on a second sheet."""
    codebook = toy_project / "surveys/toy/survey.yaml"
    text = codebook.read_text()
    text = text.replace(
        "    others: [Link]\n",
        '    others: [Link, "Site visits!About"]\n'
        "  more_sheets:\n"
        "    - {sheet: Site visits, response: you › Id, header: {rows: 2}}\n",
    )
    text = text.replace(
        "sample:\n",
        "  q5: {type: single, number: Q5, text: How was it?, scale: agreement,\n"
        '       column: "Site visits!Q5. How was the visit? › Response"}\nsample:\n',
        1,
    )
    codebook.write_text(text)

    def add(book: Workbook) -> None:
        sheet = book.create_sheet("Site visits", 0)
        for row in VISITS:
            sheet.append(row)

    toy.spoil(export(toy_project), add)
    return toy_project


def export(root: Path) -> Path:
    return root / "raw/toy/2020/toy.xlsx"


def survey_of(root: Path) -> Survey:
    return load_survey(root / "surveys/toy/survey.yaml")[0]


def read(root: Path) -> Ingested:
    return read_export(export(root), survey_of(root))


def cleaned(root: Path) -> Cleaned:
    survey, wave = load_codebook(root / "surveys/toy/survey.yaml", root / "raw/toy/2020/wave.yaml")
    found = read(root)
    return clean(found.cells, survey, wave.exclusions, found.source)


def test_cells_have_the_address_of_their_own_sheet(project: Path) -> None:
    cells = read(project).cells
    column = cells.column("q5")
    book = load_workbook(export(project))
    for index, row in enumerate(column.rows):
        value = None if row is None else book["Site visits"][f"{column.letter}{row}"].value
        assert column.values[index] == value
    assert [row for row in column.rows if row] == [4, 6, 3], "the order of the first sheet"
    assert cells.where(column, 0) == "toy.xlsx, sheet 'Site visits', cell C4"
    assert cells.where(column, 1) == (
        "toy.xlsx, sheet 'Site visits', column C, no row of the response '102'"
    )
    assert cells.column("q1").address(0) == "F2"


def test_who_has_no_row_there_has_not_answered(project: Path) -> None:
    result = cleaned(project)
    codes = dict(zip(result.answers.responses, result.answers.codes["q5"], strict=True))
    assert codes == dict.fromkeys(toy.KEPT, -2) | {"101": 3, "107": 1}
    ledger = {(e["sheet"], e["cell"], e["rule"]) for e in result.ledger if e["question"] == "q5"}
    assert ledger == {("Site visits", "C3", "spelling"), ("Site visits", "C6", "no_answer")}
    (quality,) = [e for e in result.quality if e["check"] == "responses without a row"]
    assert quality["where"] == "toy.xlsx, sheet 'Site visits'"
    assert quality["count"] == len(toy.ROWS) - 3


def test_the_second_path_reads_the_same(project: Path) -> None:
    survey, wave = load_codebook(
        project / "surveys/toy/survey.yaml", project / "raw/toy/2020/wave.yaml"
    )
    from wavedeck.cells import to_table

    result, found = cleaned(project), read(project)
    sheet = raw.read_export(export(project), survey)
    report, refused = Report(), []
    check_cells(to_table(found.cells).to_pylist(), sheet, survey, report)
    check_ledger(sheet, survey, wave, result.ledger, "ledger", report)
    responses = responses_of(sheet, survey, result.ledger, refused)
    assert (report.failures, refused) == ([], [])
    assert report.checked["cells"] == len(toy.ROWS) * (len(toy.HEADER) + 3)
    given = {r.response: r.answers.get("q5") for r in responses}
    assert {name for name, answer in given.items() if answer} == {"101", "107"}

    entry = next(e for e in result.ledger if e["cell"] == "C3")
    for name, value in (("sheet", "Responses"), ("row", 4), ("cell", "C4"), ("old", "Agree")):
        report = Report()
        forged = [e if e is not entry else entry | {name: value} for e in result.ledger]
        check_ledger(sheet, survey, wave, forged, "ledger", report)
        assert report.failures, name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda sheet: sheet.append(["x", 1011, "Agree"]),
            r"sheet 'Site visits', cell B7: '1011' is no response of the sheet 'Responses'.*"
            r"expected: an id that stands in 'Response ID' there.*nearest:\s+101",
        ),
        (
            lambda sheet: sheet.append(["total", None, 3]),
            r"cell B7: the row names no response.*delete the row",
        ),
        (
            lambda sheet: sheet.append(["x", 107, "Agree"]),
            r"cell B3, B7: the response '107' stands on 2 rows.*one row a response at most",
        ),
        (
            lambda sheet: sheet.__setitem__("B2", "Ident"),
            r"the column 'you › Id' is missing, which names the response.*nearest:\s+you › Ident",
        ),
        (
            lambda sheet: sheet.__setitem__("D2", "Why?"),
            r"sheet 'Site visits', cell D2: the codebook does not know the column "
            r"'Site visits!Q5. How was the visit\? › Why\?'",
        ),
        (
            lambda sheet: sheet.__setitem__("C2", "Answer"),
            r"sheet 'Site visits': the column 'Site visits!Q5. How was the visit\? › Response' is "
            r"missing.*nearest:\s+Site visits!Q5. How was the visit\? › Answer",
        ),
        (
            lambda sheet: sheet.__setitem__("E4", 7),
            r"sheet 'Site visits', cell E4: a value \('7'\) in a column without a header.*"
            r"'Site visits!\(column E\)'",
        ),
        (
            lambda sheet: sheet.__setitem__("C4", "Perhaps"),
            r"sheet 'Site visits', cell C4.*'Perhaps'",
        ),
        (
            lambda sheet: setattr(sheet, "title", "Site visit"),
            r"there is no sheet 'Site visits'.*nearest:\s+Site visit",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    project: Path, change: Callable[[object], None], said: str
) -> None:
    toy.spoil(export(project), lambda book: change(book["Site visits"]))
    with pytest.raises(WavedeckError) as error:
        cleaned(project)
    assert re.search(said, str(error.value), re.DOTALL), str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    response: Response ID\n", "", "more_sheets: the sheets are joined by the response"),
        ("sheet: Site visits,", "sheet: Responses,", "more_sheets: each sheet stands once"),
        ("response: Response ID", "response: Respons ID", "'Respons ID' is missing, by which"),
    ],
)
def test_a_codebook_that_cannot_join(project: Path, old: str, new: str, said: str) -> None:
    path = project / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(WavedeckError, match=said):
        read(project)


def test_a_column_without_a_header_there_may_be_listed(project: Path) -> None:
    toy.spoil(export(project), lambda book: book["Site visits"].__setitem__("E4", "y"))
    path = project / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace("[Link,", '[Link, "Site visits!(column E)",'))
    column = next(c for c in read(project).cells.columns if c.header.endswith("(column E)"))
    assert (column.letter, column.sheet, column.values[0]) == ("E", "Site visits", "y")
