"""Texts stay texts in every CSV and workbook that is written."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from wavedeck import files
from wavedeck.audit.xlsx import Sheet, workbook
from wavedeck.csvfile import csv_text, read_csv
from wavedeck.draw.result import Point
from wavedeck.draw.stage import data_csv
from wavedeck.figures import Figure

PACKAGE = Path(files.__file__).parent
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=cmd|' /C calc'!A0"]
TEXTS = ["", "Agree", "'quoted'", "1 = 1", " =1", "a,b", 'a "b"', "–1", "a\nb"]


def first_letters(text: str) -> set[str]:
    """What the cells of a CSV begin with, as a spreadsheet reads it."""
    return {cell[:1] for row in csv.reader(io.StringIO(text, newline="")) for cell in row}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    written = csv_text([text], [[text, f"'{text}", 1]])
    assert not first_letters(written) & set("=+-@\t\r\n＝")


@pytest.mark.parametrize("text", TEXTS)
def test_other_texts_are_not_touched(text: str) -> None:
    assert next(csv.reader(io.StringIO(csv_text([text], [])))) == ([text] if text else [""])


def test_numbers_stay_numbers() -> None:
    assert csv_text(["a", "b"], [[-1.5, -3]]) == "a,b\n-1.5,-3\n"


@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_reading_gives_what_was_written(rows: list[list[str]], tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(csv_text(["=a", "b"], rows).encode("utf-8", "surrogatepass"))
    assert [list(row.values()) for row in read_csv(path)] == rows


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", ["ledger.csv", "quality.csv", "awaiting.csv"])
def test_every_table_that_is_written(tmp_path: Path, name: str, text: str) -> None:
    files.write_table(tmp_path / name, pa.table({"comment": [text], "count": [-1]}))
    written = (tmp_path / name).read_bytes().decode()
    assert written.endswith(",-1\n")
    assert not first_letters(written.removesuffix(",-1\n")) & set("=+-@\t\r\n＝")
    assert read_csv(tmp_path / name) == [{"comment": text, "count": "-1"}]


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_are_texts_in_a_workbook(tmp_path: Path, text: str) -> None:
    path = tmp_path / "audit.xlsx"
    path.write_bytes(workbook([Sheet("A", [text, -2], [[text, -1]])], {}, text))
    cells = list(load_workbook(path)["A"].iter_rows())
    assert [[cell.data_type for cell in row] for row in cells] == [["s", "n"]] * 2
    written = cells[1][0].value
    assert written.replace("\r", "\n") == text.replace("\r", "\n")


def test_nothing_else_writes_csv_or_workbooks() -> None:
    """A new kind of file goes through the same two modules, or this fails."""
    writers = re.compile(r"csv\.(?:Dict)?[wW]riter|to_csv|write_csv|xlsxwriter|Workbook\(\)")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if writers.search(path.read_text(encoding="utf-8"))
    }
    # results.xlsx tells its library so; the empty comments.xlsx holds our own headers only.
    assert found == {"publish/workbook.py", "new/command.py"}
    options = (PACKAGE / "publish/workbook.py").read_text(encoding="utf-8")
    assert '"strings_to_formulas": False' in options
    zips = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"ZipFile\([^)]*\"w\"", path.read_text(encoding="utf-8"))
    }
    # The one of results.xlsx copies the library's parts as they are.
    assert zips == {"audit/xlsx.py", "publish/workbook.py"}


@pytest.mark.parametrize("text", FORMULAS)
def test_labels_and_texts_of_a_chart_s_data(tmp_path: Path, text: str) -> None:
    figure = Figure("q1.a:change", "change", -1.5, text, 7, False)
    written = data_csv([Point(text, text, figure)])
    assert not first_letters(written) & set("=+@\t\r\n＝")
    (tmp_path / "a.csv").write_bytes(written.encode())
    (row,) = read_csv(tmp_path / "a.csv")
    assert (row["row"], row["series"], row["text"], row["value"]) == (text, text, text, "-1.5")
