"""trace: the chain behind numbers of the 2017 deck, checked against the raw workbook."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from conftest import EXPORT, WAVE
from wavedeck import cli
from wavedeck.recipes import Test as Condition
from wavedeck.trace.estimate import _code


def traced(root: Path, capsys, monkeypatch, *arguments: str) -> dict:
    monkeypatch.chdir(root)
    assert not cli.main(["trace", WAVE, *arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_an_estimate_leads_to_its_cells(built: Path, capsys, monkeypatch) -> None:
    found = traced(built, capsys, monkeypatch, "q2a.disagree")
    assert (found["text"], found["numerator"], found["base"]) == ("69%", 55, 80)
    assert [number for number, _ in found["slides"]] == [5, 9]
    assert found["exhibits"] == ["q2a"]
    sheet = load_workbook(built / EXPORT)["Responses"]
    inside = [member for member in found["members"] if member["in_numerator"]]
    assert len(inside) == 55 and len(found["members"]) == 80
    for member in found["members"]:
        (cell,) = member["cells"]
        assert sheet[cell["cell"]].value == cell["received"]
        assert sheet[f"A{member['row']}"].value == member["response"]
        assert member["in_numerator"] == (
            cell["coded"].lower() in {"tend to disagree", "disagree strongly"}
        )
        assert bool(cell["changes"]) == (cell["received"] != cell["coded"])


def test_a_breakdown_shows_the_cells_of_its_filter(built: Path, capsys, monkeypatch) -> None:
    found = traced(built, capsys, monkeypatch, "q17.confident.objectives@q2a.agree", "--weighted")
    assert found["filter"] == [
        "base: q17.objectives > 0",
        "within: q2a in [1, 2]",
        "numerator: q17.objectives in [1, 2]",
    ]
    assert {len(member["cells"]) for member in found["members"]} == {2}
    total = sum(member["weight"] for member in found["members"])
    inside = sum(member["weight"] for member in found["members"] if member["in_numerator"])
    assert found["value"] == pytest.approx(100 * inside / total)


@pytest.mark.parametrize(
    ("name", "members", "words"),
    [
        ("sample.councils", 81, "Councils among the respondents"),
        ("sample.districts", 2, "District councils"),
        ("q13.prevention:mean", 74, "The mean of 8 minus the rank"),
        ("q14.positive.*:max", 78, "Acute care provision"),
        ("context.stp_areas", 0, "STP areas in England"),
        ("q1:base", 81, "The number of respondents who answered"),
        ("responding.region.london", 79, "London: share of responding organisations"),
        ("frame.region.london:count", 0, "London: share of all organisations"),
    ],
)
def test_every_kind_of_estimate(
    built: Path, capsys, monkeypatch, name: str, members: int, words: str
) -> None:
    found = traced(built, capsys, monkeypatch, name)
    assert len(found["members"]) == members
    assert words in found["definition"]


def test_a_share_of_the_frame_leads_to_the_rows_of_its_list(
    built: Path, capsys, monkeypatch
) -> None:
    found = traced(built, capsys, monkeypatch, "frame.region.london")
    assert (found["numerator"], found["base"]) == (33, 152)
    assert found["source"]["workbook"] == "england-councils-2017.xlsx"
    assert len(found["frame"]) == 33
    book = load_workbook(built / "raw/frames/england-councils-2017.xlsx")
    assert {book["Councils"][cell.partition("!")[2]].value for cell in found["frame"]} == {"London"}


def test_a_share_of_those_who_responded_leads_to_their_cells(
    built: Path, capsys, monkeypatch
) -> None:
    found = traced(built, capsys, monkeypatch, "responding.region.london")
    inside = [member for member in found["members"] if member["in_numerator"]]
    councils = {member["cells"][0]["coded"] for member in inside}
    assert len(councils) == found["numerator"] == 19
    assert {member["cells"][1]["coded"] for member in inside} == {"London"}


def test_every_number_of_the_deck_can_be_traced(built: Path, capsys, monkeypatch) -> None:

    deck = (built / f"processed/{WAVE}/deck/unweighted/deck.qmd").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r'data-estimate="([^"]+)"', deck)))
    assert len(names) > 90
    for name in names[::7]:
        assert traced(built, capsys, monkeypatch, name)["slides"]


def test_a_cell_leads_to_what_it_moves(built: Path, capsys, monkeypatch) -> None:
    found = traced(built, capsys, monkeypatch, "--cell", "Responses!M3")
    assert found["question"] == "q2a"
    assert "q2a.disagree" in found["estimates"]
    assert "q17.confident.objectives@q2a.agree" in found["estimates"]
    assert "q1.great_deal" not in found["estimates"]
    assert found["exhibits"] == ["q17_by_q2a", "q2a"]
    assert [number for number, _ in found["slides"]] == [5, 9, 30]


def test_a_cell_of_an_excluded_response_moves_nothing(built: Path, capsys, monkeypatch) -> None:
    import pyarrow.parquet as parquet

    ledger = parquet.ParquetFile(built / f"processed/{WAVE}/ledger.parquet").read().to_pylist()
    row = next(entry["row"] for entry in ledger if entry["rule"] == "exclude_value")
    found = traced(built, capsys, monkeypatch, "--cell", f"M{row}")
    assert not found["kept"] and not found["estimates"] and found["excluded"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["q2a.disagre"], "nearest:  q2a.disagree"),
        (["--cell", "Other!M3"], "no cell of a sheet that is read"),
        (["--cell", "ZZ3"], "the sheet 'Responses' has no column ZZ"),
        (["--cell", "hello"], "no cell of a sheet that is read"),
    ],
)
def test_what_a_user_gets_wrong(built: Path, capsys, monkeypatch, arguments, words) -> None:
    monkeypatch.chdir(built)
    assert cli.main(["trace", WAVE, *arguments]) == 1
    assert words in capsys.readouterr().err


def test_claims_are_listed_with_their_state(built: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(built)
    for edition in ([], ["--weighted"]):
        assert cli.main(["claims", WAVE, "--json", *edition]) == 0
        claims = json.loads(capsys.readouterr().out)
        assert len(claims) >= 20 and all(claim["holds"] for claim in claims)
        assert {claim["slide"] for claim in claims} >= {5, 6, 9, 12, 14, 15, 23, 25}


def test_large_numbers_are_told_in_full() -> None:
    """Not as 1.25e+06, which is another number."""
    assert _code(Condition(("q7:value",), (), "", (0, 1_250_001))) == "q7:value from 0 to 1250001"
