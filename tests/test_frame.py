"""The population list: counts, and a message with the cell for all that is wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import openpyxl
import pytest

from wavedeck.errors import WavedeckError
from wavedeck.frame import read_frame
from wavedeck.survey import Survey

SURVEY: dict[str, Any] = {
    "title": "A survey",
    "export": {"sheet": "Responses", "columns": {"response": "ID", "organisation": "Council"}},
    "questions": {
        "kind": {
            "type": "single",
            "text": "Type of council",
            "column": "Type",
            "scale": {
                "options": {
                    "county": "County council",
                    "unitary": {"label": "Unitary authority", "aliases": ["Unitary"]},
                    "island": "Island council",
                    "district": "District council",
                    "unknown": {"label": "Not known", "missing": "dont_know"},
                }
            },
        },
        "region": {
            "type": "single",
            "text": "Region",
            "column": "Region",
            "scale": {"options": {"north": "North", "south": "South"}},
        },
    },
    "frame": {
        "workbook": "frame.xlsx",
        "sheet": "Councils",
        "columns": {"kind": "Council type", "region": "Region"},
        "label": "all councils",
        "source": "a list",
    },
    "outside_frame": {"kind": ["district"]},
}
HEADER = ["Name", "Region", "Council type"]
ROWS = [
    ["A", "North", "County council"],
    ["B", "South", "Unitary authority"],
    ["C", "South", "Unitary"],
]


def survey() -> Survey:
    return Survey.model_validate(SURVEY)


def workbook(folder: Path, rows: list[list[Any]], sheet: str = "Councils") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(folder / "frame.xlsx")
    return folder / "frame.xlsx"


def problem(path: Path) -> str:
    with pytest.raises(WavedeckError) as caught:
        read_frame(path, survey())
    return str(caught.value)


def test_counts_by_label_and_alias_in_the_order_of_the_scale(tmp_path: Path) -> None:
    counts = read_frame(workbook(tmp_path, [HEADER, *ROWS]), survey())
    assert {name: list(found.items()) for name, found in counts.items()} == {
        "kind": [("county", 1), ("unitary", 2)],
        "region": [("north", 1), ("south", 2)],
    }


def test_blanks_case_and_empty_rows_do_not_count(tmp_path: Path) -> None:
    rows = [HEADER, ROWS[0], [None] * 3, ["B", " north\N{NO-BREAK SPACE}", "COUNTY  council"]]
    assert read_frame(workbook(tmp_path, rows), survey())["kind"] == {"county": 2}


def test_missing_workbook(tmp_path: Path) -> None:
    workbook(tmp_path, [HEADER])
    text = problem(tmp_path / "frames.xlsx")
    assert "frames.xlsx: there is no such file" in text
    assert "nearest:  frame.xlsx" in text


def test_file_that_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "frame.xlsx").write_text("Name,Region")
    assert "(CSV), not a workbook" in problem(tmp_path / "frame.xlsx")


def test_encrypted_workbook(tmp_path: Path) -> None:
    path, locked = workbook(tmp_path, [HEADER, *ROWS]), tmp_path / "locked.xlsx"
    with path.open("rb") as plain, locked.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("word", target)
    assert "the workbook is encrypted" in problem(locked)


def test_missing_sheet(tmp_path: Path) -> None:
    text = problem(workbook(tmp_path, [HEADER, *ROWS], sheet="Council"))
    assert "there is no sheet 'Councils'" in text
    assert "nearest:  Council" in text


def test_missing_column(tmp_path: Path) -> None:
    text = problem(workbook(tmp_path, [["Name", "Region", "Type of council"], *ROWS]))
    assert "sheet 'Councils', row 1: there is no column 'Council type' (the margin 'kind')" in text
    assert "'Name', 'Region', 'Type of council'" in text


def test_duplicate_column(tmp_path: Path) -> None:
    text = problem(workbook(tmp_path, [["Region", "Region", "Council type"], *ROWS]))
    assert "the column 'Region' stands here 2 times" in text


def test_empty_sheet_and_sheet_without_rows(tmp_path: Path) -> None:
    assert "there is no column 'Region'" in problem(workbook(tmp_path, []))
    assert "no organisation stands under the headers" in problem(workbook(tmp_path, [HEADER]))


def test_every_bad_cell_is_named(tmp_path: Path) -> None:
    rows = [*ROWS, ["D", "Nort", None], ["E", 7, "District council"], ["F", "South", "Not known"]]
    path = workbook(tmp_path, [HEADER, *rows])
    text = problem(path)
    assert f"{path}, sheet 'Councils', cell B5 (Region): 'Nort' is not an option" in text
    assert "nearest:  North" in text
    assert "cell C5 (Council type): the cell is empty" in text
    assert "cell B6 (Region): '7' is not an option of 'region'" in text
    assert "cell C6 (Council type): 'District council' is outside the frame" in text
    assert "cell C7 (Council type): 'Not known' is not an option of 'kind'" in text


def test_addresses_beyond_column_z(tmp_path: Path) -> None:
    header = [f"Column {number}" for number in range(27)] + ["Region", "Council type"]
    path = workbook(tmp_path, [header, ["x"] * 27 + ["North", "Countyy council"]])
    assert "cell AC2 (Council type)" in problem(path)
