"""The reader against generated workbooks: what was written is what is read, at its address."""

from __future__ import annotations

import html
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

import packages
from wavedeck.cells import text_of
from wavedeck.errors import WavedeckError
from wavedeck.verify import raw
from wavedeck.workbook import read_sheet

texts = st.text(max_size=12).filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text))
texts |= st.sampled_from(
    ["=1+1", "-", "n/a", " a ", "a\nb", "’", "🙂", "1", "#DIV/0!", "<c>", "a:b"]
)
dates = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)).map(
    lambda found: found.replace(microsecond=0)
)
values = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 6)),
    dates,
    st.none(),
)


@st.composite
def sheets(draw: st.DrawFn) -> dict[str, Any]:
    """Cells by (row, column), hidden rows and columns, a merge, and a dimension to be stated."""
    places = st.tuples(st.integers(1, 30), st.integers(1, 40))
    return {
        "cells": draw(st.dictionaries(places, values, max_size=25)),
        "hidden_rows": draw(st.sets(st.integers(1, 30), max_size=3)),
        "hidden_columns": draw(st.sets(st.integers(1, 40), max_size=3)),
        "merge": draw(st.none() | st.sampled_from(["A31:C33", "B40:B41"])),
        "dimension": draw(st.none() | st.sampled_from(["A1", "A1:XFD1048576", "D4:E5"])),
        "others": draw(st.lists(st.sampled_from("XYZ"), unique=True)),
        "place": draw(st.integers(0, 3)),
    }


def write(path: Path, made: dict[str, Any]) -> None:
    book = Workbook()
    book.remove(book.active)
    names = list(made["others"])
    names.insert(made["place"], "S")
    for name in names:
        book.create_sheet(name)["B2"] = f"of {name}"
    sheet = book["S"]
    sheet["B2"] = None
    for (row, column), value in made["cells"].items():
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"  # never a formula or an error
    for row in made["hidden_rows"]:
        sheet.row_dimensions[row].hidden = True
    for column in made["hidden_columns"]:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    if made["merge"]:
        sheet.merge_cells(made["merge"])
    book.save(path)
    if made["dimension"]:
        part = f"xl/worksheets/sheet{names.index('S') + 1}.xml"
        state_dimension(path, part, made["dimension"])


def state_dimension(path: Path, part: str, dimension: str) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    stated = f'<dimension ref="{dimension}"'.encode()
    content[part] = re.sub(rb'<dimension ref="[^"]*"', stated, content[part])
    packages.write(path, content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=sheets())
def test_what_was_written_is_what_is_read(tmp_path_factory: Any, made: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("reader") / "export.xlsx"
    write(path, made)
    found = read_sheet(path, "S")
    held = {
        (row, column): value
        for row, values in enumerate(found.rows, start=1)
        for column, value in enumerate(values, start=1)
        if value != "" or isinstance(value, bool)
    }
    written = {place: expected(v) for place, v in made["cells"].items() if v not in (None, "")}
    assert {place: expected(value) for place, value in held.items()} == written
    assert set(found.scan.hidden_rows) == made["hidden_rows"]
    letters = {get_column_letter(column) for column in made["hidden_columns"]}
    assert set(found.scan.hidden_columns) == letters
    assert found.scan.formula_cells == found.scan.error_cells == ()

    # openpyxl as the oracle: of the whole workbook, and as verify reads it.
    oracle = load_workbook(path)["S"]
    for (row, column), value in held.items():
        assert expected(oracle.cell(row, column).value) == expected(value)
    second = raw.read(path, "S")
    for row, shown in second.rows.items():
        for column, text in enumerate(shown, start=1):
            assert text == (text_of(held.get((row, column), "")) or ""), (row, column)


def expected(value: Any) -> Any:
    """A value as both libraries have it: whole numbers as such, dates at midnight as dates, line
    ends as XML has them."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    return unescaped(value).replace("\r\n", "\n").replace("\r", "\n") if value else value


def unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=30))
@pytest.mark.parametrize("kind", ["inlineStr", "s", "str"])
def test_any_text_comes_through(tmp_path_factory: Any, kind: str, text: str) -> None:
    """Also what openpyxl refuses to write: control characters in Excel's own spelling."""
    shown = "".join(
        f"_x{ord(letter):04X}_" if ord(letter) < 32 or letter in "\ufffe\uffff" else letter
        for letter in re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
        if not 0xD800 <= ord(letter) < 0xE000
    )
    escaped = html.escape(shown)
    cell = {
        "inlineStr": f'<is><t xml:space="preserve">{escaped}</t></is>',
        "s": "<v>0</v>",
        "str": f"<f>A1</f><v>{escaped}</v>",
    }[kind]
    strings = f'<sst xmlns="{packages.MAIN}"><si><t xml:space="preserve">{escaped}</t></si></sst>'
    rows = f'<row r="1"><c r="A1" t="{kind}">{cell}</c></row>'
    path = tmp_path_factory.mktemp("reader") / "export.xlsx"
    found = read_sheet(packages.write(path, packages.parts(rows, strings=strings)), "S").rows
    wanted = "".join(letter for letter in text if not 0xD800 <= ord(letter) < 0xE000)
    assert found in ([[wanted]], [[]], []) if not wanted else found == [[wanted]]


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 16_384)), max_size=40))
def test_the_two_passes_see_the_same(tmp_path_factory: Any, cells: list[tuple[int, int]]) -> None:
    """The pass over regular XML and the parser: the same extent, formulas and errors."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(set(cells)):
        rows.setdefault(row, []).append(column)
    body = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{get_column_letter(c)}{row}" t="e"><f>1</f><v>#N/A</v></c>' for c in cs)
        + "</row>"
        for row, cs in rows.items()
    )
    found = []
    for before in ("", "<!-- a comment -->"):
        path = tmp_path_factory.mktemp("reader") / "export.xlsx"
        found.append(read_sheet(packages.write(path, packages.parts(body + before)), "S"))
    assert found[0].scan == found[1].scan and found[0].rows == found[1].rows
    assert len(found[0].scan.error_cells) == len(set(cells))


def test_a_sheet_larger_than_a_piece(tmp_path: Path) -> None:
    """Cells are whole on both sides of each cut, wherever it falls."""
    book = Workbook()
    book.active.title = "S"
    for row in range(1, 3_000):
        book.active.append([f"r{row}c{column}" * (row % 7) or None for column in range(1, 13)])
    book.active["C2500"] = "=1+1"
    book.active["D2501"] = "#N/A"
    book.active.row_dimensions[2_700].hidden = True
    book.save(tmp_path / "export.xlsx")
    found = read_sheet(tmp_path / "export.xlsx", "S")
    assert found.scan.formula_cells == ("C2500",)
    assert found.scan.error_cells == (("D2501", "#N/A"),)
    assert found.scan.hidden_rows == (2_700,)
    assert found.rows[2_996] == [f"r2997c{column}" for column in range(1, 13)]


def test_every_cut_of_a_small_file_is_refused_or_whole(tmp_path: Path) -> None:
    data = packages.packed(packages.parts())
    path = tmp_path / "export.xlsx"
    for size in range(0, len(data), 7):
        path.write_bytes(data[:size])
        with pytest.raises(WavedeckError):
            read_sheet(path, "S")
