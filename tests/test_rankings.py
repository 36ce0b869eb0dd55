"""Rankings with a column a place, or in one cell: coded, verified, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

import toy
from wavedeck.answers import INVALID, NO_ANSWER, NOT_ASKED
from wavedeck.clean.stage import Cleaned, clean
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import read_export
from wavedeck.survey import Survey, Wave, load_codebook
from wavedeck.verify import raw
from wavedeck.verify.failures import Report
from wavedeck.verify.ledger import check_ledger
from wavedeck.verify.responses import responses_of

QUESTION = """\
  q5:
    type: ranking
    text: What matters?
    items:
      cost: {label: "Cost; price", aliases: [Money]}
      time: {label: Time}
      care: {label: Care}
"""
PLACES = QUESTION + "    places: [{column: First}, {column: Second}, {column: Third}]\n"
JOINED = QUESTION + "    column: Order\n"

Row = list[str | None]
BY_PLACE: list[Row] = [
    ["First", "Second", "Third"],
    ["Care", "Cost; price", "Time"],
    ["money", "care", None],
    [None, "Time", None],
    ["Time", "Care", " Time"],
]
IN_ONE: list[Row] = [
    ["Order"],
    ["Care;Cost; price;Time;"],
    ["money; care"],
    ["Time"],
    ["Time;Care; Time"],
]


def project(root: Path, question: str, rows: list[Row]) -> Path:
    """The toy survey with a ranking beside its columns; the first rows answer it."""
    codebook = root / "surveys/toy/survey.yaml"
    codebook.write_text(codebook.read_text().replace("sample:\n", f"{question}sample:\n", 1))

    def add(book: Workbook) -> None:
        for number, values in enumerate(rows, start=1):
            for place, value in enumerate(values, start=1):
                book["Responses"].cell(number, len(toy.HEADER) + place, value)

    toy.spoil(root / "raw/toy/2020/toy.xlsx", add)
    return root


@pytest.fixture
def by_place(toy_project: Path) -> Path:
    return project(toy_project, PLACES, BY_PLACE)


@pytest.fixture
def in_one(toy_project: Path) -> Path:
    return project(toy_project, JOINED, IN_ONE)


def loaded(root: Path) -> tuple[Survey, Wave]:
    return load_codebook(root / "surveys/toy/survey.yaml", root / "raw/toy/2020/wave.yaml")


def cleaned(root: Path) -> Cleaned:
    survey, wave = loaded(root)
    found = read_export(root / "raw/toy/2020/toy.xlsx", survey)
    return clean(found.cells, survey, wave.exclusions, found.source)


def ranks(result: Cleaned, row: int) -> dict[str, int]:
    index = result.answers.rows.index(row)
    return {i: int(result.answers.codes[f"q5.{i}"][index]) for i in ("cost", "time", "care")}


def failures(root: Path, ledger: list[dict[str, object]]) -> list[str]:
    """What the second path says of a ledger, and of responses read by it."""
    survey, wave = loaded(root)
    sheet = raw.read_export(root / "raw/toy/2020/toy.xlsx", survey)
    report, refused = Report(), []
    check_ledger(sheet, survey, wave, ledger, "ledger", report)
    responses_of(sheet, survey, ledger, refused)
    return [str(failure) for failure in (*report.failures, *refused)]


def test_a_column_a_place(by_place: Path) -> None:
    result = cleaned(by_place)
    assert ranks(result, 2) == {"cost": 2, "time": 3, "care": 1}
    assert ranks(result, 3) == {"cost": 1, "time": NO_ANSWER, "care": 2}
    assert ranks(result, 4) == {"cost": NO_ANSWER, "time": 2, "care": NO_ANSWER}
    assert ranks(result, 5) == {"cost": NO_ANSWER, "time": INVALID, "care": 2}
    changes = [(e["row"], e["item"], e["rule"]) for e in result.ledger if e["question"] == "q5"]
    assert sorted(changes) == [
        *((3, "1", "alias"), (3, "2", "spelling")),
        *((5, "1", "ranked_twice"), (5, "3", "ranked_twice"), (5, "3", "spaces")),
    ]


def test_all_in_one_cell(in_one: Path) -> None:
    result = cleaned(in_one)
    assert ranks(result, 2) == {"cost": 2, "time": 3, "care": 1}
    assert ranks(result, 3) == {"cost": 1, "time": NO_ANSWER, "care": 2}
    assert ranks(result, 4) == {"cost": NO_ANSWER, "time": 1, "care": NO_ANSWER}
    assert set(ranks(result, 5).values()) == {INVALID}
    changes = {(e["row"], e["rule"]): e["new"] for e in result.ledger if e["question"] == "q5"}
    assert changes[3, "alias"] == "Cost; price;Care" and changes[5, "ranked_twice"] == ""


@pytest.mark.parametrize("layout", ["by_place", "in_one"])
def test_the_second_path_reads_the_same(layout: str, request: pytest.FixtureRequest) -> None:
    root = request.getfixturevalue(layout)
    result = cleaned(root)
    assert failures(root, result.ledger) == []
    sheet = raw.read_export(root / "raw/toy/2020/toy.xlsx", loaded(root)[0])
    for response in responses_of(sheet, loaded(root)[0], result.ledger, []):
        own = {f"q5.{i}": str(rank) for i, rank in ranks(result, response.row).items() if rank > 0}
        assert {k: v for k, v in response.answers.items() if k.startswith("q5.")} == own


@pytest.mark.parametrize("layout", ["by_place", "in_one"])
@pytest.mark.parametrize("rule", ["alias", "ranked_twice"])
def test_a_forged_ledger_is_found(layout: str, rule: str, request: pytest.FixtureRequest) -> None:
    root = request.getfixturevalue(layout)
    ledger = cleaned(root).ledger
    own = [e for e in ledger if e["question"] == "q5"]
    entry = next(e for e in own if e["rule"] == rule)
    others = [e for e in ledger if e is not entry]
    assert failures(root, others), "a change is missing"
    assert failures(root, [*others, entry | {"new": "Care"}])
    other = next(e for e in own if e["rule"] not in (rule, "spaces"))
    assert failures(root, [*others, other | {"rule": rule}])


@pytest.mark.parametrize(
    ("layout", "cell", "said"),
    [
        ("by_place", "Tme", r"'Tme' is no answer that the codebook knows.*nearest:\s+Time"),
        ("in_one", "Time;Tme", r"'Tme' in 'Time;Tme' is no option.*nearest:\s+Time"),
    ],
)
def test_what_is_not_to_rank_is_refused(
    layout: str, cell: str, said: str, request: pytest.FixtureRequest
) -> None:
    root = request.getfixturevalue(layout)

    def change(book: Workbook) -> None:
        book["Responses"].cell(2, len(toy.HEADER) + 1, cell)

    toy.spoil(root / "raw/toy/2020/toy.xlsx", change)
    with pytest.raises(WavedeckError, match="(?s)" + said):
        cleaned(root)


def test_who_was_not_asked_has_no_ranks(toy_project: Path) -> None:
    question = PLACES + "    asked_if: q1.agree\n"
    root = project(toy_project, question, [BY_PLACE[0], *[["Care", None, "Time"]] * len(toy.ROWS)])
    result = cleaned(root)
    agreed = result.answers.codes["q1"] == 1
    cares = result.answers.codes["q5.care"]
    assert set(cares[agreed]) == {1} and set(cares[~agreed]) == {NOT_ASKED}
    dropped = {e["item"] for e in result.ledger if e["rule"] == "not_asked"}
    assert dropped == {"1", "3"}, "an empty place has nothing to drop"
    assert failures(root, result.ledger) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    column: Order\n", "", "give one of: a column an item, places:, or one column:"),
        ("time: {label: Time}", "time: {label: Time, column: T}", "give one of"),
        (
            "    column: Order\n",
            "    places: [{column: A}, {column: B}, {column: C}, {column: D}]\n",
            "4 places for 3 items",
        ),
    ],
)
def test_a_codebook_that_does_not_hold_together(
    in_one: Path, old: str, new: str, said: str
) -> None:
    path = in_one / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(WavedeckError, match=said):
        loaded(in_one)
