"""Questions about dates: recognised, read by year or month, verified, or refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import export_layouts as layouts
import toy
from test_new_layouts import Drafted, drafted
from wavedeck.clean.stage import Cleaned, clean
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import read_export
from wavedeck.inspect.profile import QuestionGuess
from wavedeck.survey import load_codebook
from wavedeck.verify import raw
from wavedeck.verify.failures import Report
from wavedeck.verify.ledger import check_ledger
from wavedeck.verify.responses import responses_of

JOINED = "When did you join the friends of the park?"
YEARS = [2011 + i % 7 for i in range(layouts.COUNT)]


def with_dates(texts: list[object], folder: Path) -> Drafted:
    sheets = layouts.microsoft_forms()
    rows = sheets["Sheet1"]
    rows[0].append(JOINED)
    for row, text in zip(rows[1:], texts, strict=True):
        row.append(text)
    return drafted(sheets, folder)


def guess_of(found: Drafted) -> QuestionGuess:
    return next(q for q in found.profile.questions if q.text == JOINED)


def test_dates_over_years_are_read_by_year(tmp_path: Path) -> None:
    found = with_dates([datetime(year, 3, 1 + i) for i, year in enumerate(YEARS)], tmp_path)
    name = found.question(JOINED)
    assert guess_of(found).dates is not None
    assert list(found.codes[f"{name}:value"]) == YEARS
    assert "dates: {take: year}" in found.texts.survey
    bands = found.survey.questions[name].bands  # type: ignore[union-attr]
    assert sum(low <= year <= high for year in YEARS for low, high in bands.values()) == len(YEARS)
    rules = {e["rule"] for e in found.cleaned.ledger if e["question"] == name}
    assert rules == {"date"}


def test_texts_within_a_year_are_read_by_month(tmp_path: Path) -> None:
    texts: list[object] = [f"{13 + i % 9}/{1 + i % 3:02}/2024" for i in range(layouts.COUNT)]
    texts[5] = None
    found = with_dates(texts, tmp_path)
    name = found.question(JOINED)
    assert "dates: {take: month, written:" in found.texts.survey
    labels = [o.label for o in found.survey.scale_of(name).options.values()]
    assert labels == ["January", "February", "March"]
    assert found.base(JOINED) == layouts.COUNT - 1


def test_dates_written_in_several_ways_are_set_aside(tmp_path: Path) -> None:
    texts: list[object] = ["13/01/2024", "Jan 14, 2024"] * (layouts.COUNT // 2)
    found = with_dates(texts, tmp_path)
    (aside,) = [a for a in found.profile.asides if a.column.name == JOINED]
    assert "written in several ways" in aside.guess.reason


@pytest.fixture
def project(toy_project: Path) -> Path:
    """The toy survey with a date, in cells of dates and of text."""
    codebook = toy_project / "surveys/toy/survey.yaml"
    codebook.write_text(
        codebook.read_text().replace(
            "sample:\n",
            "  q5:\n    type: number\n    text: Since when?\n    column: Since\n"
            "    dates: {take: year, written: '%d/%m/%Y'}\n    minimum: 1990\n"
            "sample:\n",
            1,
        )
    )
    cells = [datetime(2015, 5, 31), "31/05/2016", "2014", " 2013 ", None, "n/a"]

    def add(book: object) -> None:
        sheet = book["Responses"]  # type: ignore[index]
        column = sheet.max_column + 1
        for row, value in enumerate(["Since", *cells], start=1):
            sheet.cell(row, column, value)

    toy.spoil(toy_project / "raw/toy/2020/toy.xlsx", add)
    return toy_project


def cleaned(root: Path) -> Cleaned:
    survey, wave = load_codebook(root / "surveys/toy/survey.yaml", root / "raw/toy/2020/wave.yaml")
    found = read_export(root / "raw/toy/2020/toy.xlsx", survey)
    return clean(found.cells, survey, wave.exclusions, found.source)


def test_what_counts_of_a_date_is_in_the_ledger_and_verified(project: Path) -> None:
    result = cleaned(project)
    changes = {e["old"]: (e["rule"], e["new"]) for e in result.ledger if e["question"] == "q5"}
    assert changes == {
        "2015-05-31": ("date", "2015"),
        "31/05/2016": ("date", "2016"),
        " 2013 ": ("spaces", "2013"),
        "n/a": ("no_answer", ""),
    }
    survey, wave = load_codebook(
        project / "surveys/toy/survey.yaml", project / "raw/toy/2020/wave.yaml"
    )
    sheet = raw.read_export(project / "raw/toy/2020/toy.xlsx", survey)
    report, refused = Report(), []
    check_ledger(sheet, survey, wave, result.ledger, "ledger", report)
    responses = responses_of(sheet, survey, result.ledger, refused)
    assert (report.failures, refused) == ([], [])
    given = {r.answers.get("q5") for r in responses} - {None, ""}
    assert {"2015", "2016"} <= given
    forged = [e if e["new"] != "2015" else e | {"new": "2014"} for e in result.ledger]
    report = Report()
    check_ledger(sheet, survey, wave, forged, "ledger", report)
    assert len(report.failures) == 1


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("soon", "'soon' is not a date.*a date, as 2017-05-31 or as '%d/%m/%Y', whose year counts"),
        ("31/05/16", "is not a date.*say how dates are written"),
        ("31/05/1916", "below the minimum, 1990"),
        (42_155, "'42155' is not a date"),
    ],
)
def test_what_is_no_date_is_refused(project: Path, cell: object, said: str) -> None:
    def change(book: object) -> None:
        sheet = book["Responses"]  # type: ignore[index]
        sheet.cell(3, sheet.max_column, cell)

    toy.spoil(project / "raw/toy/2020/toy.xlsx", change)
    with pytest.raises(WavedeckError, match=r"(?s)" + said):
        cleaned(project)
