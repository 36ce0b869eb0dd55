"""ingest: every cell with its address, and every export that cannot be read refused."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import pandas as pd
import pytest
from openpyxl.utils import column_index_from_string

import toy
from wavedeck import ingest
from wavedeck.errors import WavedeckError
from wavedeck.files import read_table


def run(root: Path) -> tuple[Path, Path]:
    cells, source = root / "cells.parquet", root / "source.json"
    ingest.main(
        [
            *("--survey", str(root / "surveys/toy/survey.yaml")),
            *("--wave", str(root / "raw/toy/2020/wave.yaml")),
            *("--cells", str(cells), "--source", str(source)),
        ]
    )
    return cells, source


def refusal(root: Path) -> str:
    with pytest.raises(WavedeckError) as error:
        run(root)
    assert not list(root.glob("*.parquet")), "a refused export leaves no output"
    return str(error.value)


def export(root: Path) -> Path:
    return root / "raw/toy/2020/toy.xlsx"


def test_every_cell_keeps_its_address(toy_project: Path) -> None:
    cells = read_table(run(toy_project)[0]).to_pandas()
    assert len(cells) == len(toy.ROWS) * len(toy.HEADER)
    for cell in cells.itertuples():
        raw = toy.ROWS[cell.row - 2][column_index_from_string(cell.column) - 1]
        assert (None if pd.isna(cell.value) else cell.value) == (None if raw is None else str(raw))
        assert (cell.workbook, cell.sheet) == ("toy.xlsx", "Responses")
        assert cell.respondent.endswith(f":Responses:{cell.row}")


def test_same_export_same_bytes(toy_project: Path) -> None:
    first = [path.read_bytes() for path in run(toy_project)]
    assert [path.read_bytes() for path in run(toy_project)] == first


def test_blank_rows_are_passed_over_and_hidden_ones_are_not(toy_project: Path) -> None:
    def change(workbook):
        workbook["Responses"].row_dimensions[3].hidden = True
        workbook["Responses"].column_dimensions["D"].hidden = True
        workbook["Responses"].cell(40, 1, "")
        workbook["Responses"]["A15"] = None

    toy.spoil(export(toy_project), change)
    cells, source = run(toy_project)
    assert set(read_table(cells)["row"].to_pylist()) == set(range(2, 13))
    (sheet,) = json.loads(source.read_text())["sheets"]
    assert (sheet["scan"]["hidden_rows"], sheet["scan"]["hidden_columns"]) == ([3], ["D"])


def test_missing_export(toy_project: Path) -> None:
    export(toy_project).rename(export(toy_project).with_name("toy2.xlsx"))
    message = refusal(toy_project)
    assert "raw/toy/2020/toy.xlsx: there is no such file" in message
    assert "nearest:  toy2.xlsx" in message


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "the file is empty"),
        (b"Response ID,Council\n", "(CSV), not a workbook (it begins with 'Response ID,')"),
        (b"\xef\xbb\xbfName;Town\n", "(CSV), not a workbook (it begins with 'Name;Town')"),
        (b"<html><table></table>", "this is a web page and not a workbook"),
        (b"%PDF-1.7", "this is a PDF and not a workbook"),
        (b"\0\1\2,", "this is not a workbook"),
        (b"PK\x03\x04 not really", "the zip is cut off"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "this is an old Excel file (.xls)"),
    ],
)
def test_not_a_workbook(toy_project: Path, data: bytes, found: str) -> None:
    export(toy_project).write_bytes(data)
    message = refusal(toy_project)
    assert found in message and "to do:" in message


def test_truncated_workbook(toy_project: Path) -> None:
    data = export(toy_project).read_bytes()
    export(toy_project).write_bytes(data[: len(data) // 2])
    assert "toy.xlsx: " in refusal(toy_project)


def test_encrypted_workbook(toy_project: Path) -> None:
    path = export(toy_project)
    plain = path.rename(path.with_name("plain.xlsx"))
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("secret", target)
    message = refusal(toy_project)
    assert "the workbook is encrypted" in message and "take the password off" in message


def test_renamed_sheet(toy_project: Path) -> None:
    toy.spoil(export(toy_project), lambda book: setattr(book["Responses"], "title", "Response"))
    message = refusal(toy_project)
    assert "there is no sheet 'Responses'; the workbook has 'Response'" in message
    assert "nearest:  Response" in message


def test_all_wrong_columns_at_once(toy_project: Path) -> None:
    def change(workbook):
        sheet = workbook["Responses"]
        sheet["F1"] = "Q1. Is it god?"  # renamed
        sheet["G1"] = "Q2 [End]"  # duplicate, and Q2 [Start] missing
        sheet["N1"] = "Extra"

    toy.spoil(export(toy_project), change)
    message = refusal(toy_project)
    assert "the column 'Q1. Is it good?' is missing" in message
    assert "nearest:  Q1. Is it god?" in message
    assert "cell F1: the codebook does not know the column 'Q1. Is it god?'" in message
    assert "cell H1: the codebook does not know the column 'Q2 [End] [2]'" in message
    assert "the column that bears the header 'Q2 [End]' again" in message
    assert "the column 'Q2 [Start]' is missing" in message
    assert "cell N1: the codebook does not know the column 'Extra'" in message


def test_value_in_a_column_without_a_header(toy_project: Path) -> None:
    toy.spoil(export(toy_project), lambda book: book["Responses"].cell(5, 15, "note to self"))
    assert "cell O5: a value ('note to self') in a column without a header" in refusal(toy_project)


def test_error_cell(toy_project: Path) -> None:
    def change(workbook):
        workbook["Responses"]["F4"] = "#DIV/0!"
        workbook["Responses"]["F4"].data_type = "e"

    toy.spoil(export(toy_project), change)
    assert "cell F4: the cell holds the error #DIV/0!" in refusal(toy_project)


def test_formula_cells_are_named(toy_project: Path) -> None:
    toy.spoil(export(toy_project), lambda book: book["Responses"].cell(4, 4, "=1+1"))
    computed(export(toy_project), b"<f>1+1</f><v>2</v>")
    assert '"D4"' in run(toy_project)[1].read_text()


def computed(path: Path, cell: bytes) -> None:
    """Give the formula 1+1 the value that a program would store with it."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, re.sub(rb"<f>1\+1</f><v ?/?>(?:</v>)?", cell, data))


@pytest.mark.parametrize("cell", [b"<f>1+1</f>", b"<f>1+1</f><v/>", b"<f>1+1</f><v></v>"])
def test_a_formula_that_nobody_has_computed_is_no_empty_cell(
    toy_project: Path, cell: bytes
) -> None:
    """Read as empty, the answer would be lost without a word."""
    toy.spoil(export(toy_project), lambda book: book["Responses"].cell(4, 4, "=1+1"))
    computed(export(toy_project), cell)
    message = refusal(toy_project)
    assert "cell D4: a formula without a value" in message and "Excel or LibreOffice" in message


def test_no_answers(toy_project: Path) -> None:
    toy.write(export(toy_project), [toy.HEADER], "Responses")
    assert "a header and no answers" in refusal(toy_project)
