"""Reading a sheet of an Excel workbook with the address of every cell.

Values come from python-calamine, which is fast and sees no formulas, hidden rows or error cells
(it turns #DIV/0! into a blank). A scan of the sheet's XML finds those.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.files import sha256_of

Value = int | float | str | bool | time | date | datetime | timedelta

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Scan:
    """What values alone do not show. Rows are 1-based, columns are letters, cells are like H23."""

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    formula_cells: tuple[str, ...] = ()
    error_cells: tuple[tuple[str, str], ...] = ()
    """(cell, error), such as ("H23", "#DIV/0!")."""


@dataclass(frozen=True)
class Sheet:
    """A sheet's values from cell A1 on; rows[0] is row 1. An empty cell is ""."""

    workbook: str
    sha256: str
    name: str
    rows: list[list[Value]]
    scan: Scan


def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_names(path: Path) -> list[tuple[str, bool]]:
    """Names of the worksheets in order, and whether each is visible.

    Raises WavedeckError as `read_sheet` does.
    """
    _refuse_other_files(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise WavedeckError(_broken(path, str(error))) from None
    return [
        (meta.name, meta.visible == SheetVisibleEnum.Visible)
        for meta in workbook.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet
    ]


def read_sheet(path: Path, sheet: str) -> Sheet:
    """Read one sheet.

    Raises WavedeckError: no such file, not a workbook, encrypted, no such sheet, not a table.
    """
    _refuse_other_files(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise WavedeckError(_broken(path, str(error))) from None
    names = [meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if sheet not in names:
        raise WavedeckError(
            Problem(
                str(path),
                f"there is no sheet '{sheet}'; the workbook has {listing(names)}",
                expected=f"a sheet '{sheet}'",
                nearest=nearest(sheet, names),
                remedy="rename the sheet, or name the right one in survey.yaml (export: sheet:)",
            )
        )
    try:
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        scan = _scan(path, sheet)
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError) as error:
        raise WavedeckError(_broken(path, str(error), sheet)) from None
    return Sheet(path.name, sha256_of(path), sheet, rows, scan)


def _broken(path: Path, message: str, sheet: str = "") -> Problem:
    where = f"{path}, sheet '{sheet}'" if sheet else str(path)
    return Problem(
        where,
        f"the workbook cannot be read: {message}",
        expected="an Excel workbook (.xlsx)",
        remedy="export it again, or open it in Excel or LibreOffice and save it as .xlsx",
    )


def _refuse_other_files(path: Path) -> None:
    expected = "an Excel workbook (.xlsx)"
    if not path.is_file():
        folder = path.parent
        others = sorted(file.name for file in folder.glob("*.xls*")) if folder.is_dir() else []
        found = f"there is no such file; the folder holds {listing(others) or 'no workbook'}"
        raise WavedeckError(
            Problem(
                str(path),
                found,
                expected,
                nearest(path.name, others),
                "put the file there, or name the right one in wave.yaml or survey.yaml (workbook:)",
            )
        )
    with path.open("rb") as stream:
        start = stream.read(8)
        if start == _OLE:
            encrypted = "EncryptedPackage".encode("utf-16-le") in start + stream.read()
            if encrypted:
                raise WavedeckError(
                    Problem(
                        str(path),
                        "the workbook is encrypted",
                        expected="a workbook that opens without a password",
                        remedy="open it with its password, take the password off and save it again",
                    )
                )
            raise WavedeckError(
                Problem(
                    str(path),
                    "this is an old Excel file (.xls)",
                    expected,
                    remedy="open it in Excel or LibreOffice and save it as .xlsx",
                )
            )
    if not zipfile.is_zipfile(path):
        shown = start.decode("ascii", "replace").strip()
        raise WavedeckError(
            Problem(
                str(path),
                f"this is not a workbook (it begins with {shown!r})"
                if start
                else "the file is empty",
                expected,
                remedy="export it again as .xlsx",
            )
        )


def _scan(path: Path, sheet: str) -> Scan:
    """Hidden rows and columns, formulas and error cells of a sheet, from its XML."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(_part_of(archive, sheet))
    # Most sheets have none of these, and a look through the bytes is far cheaper than a parse.
    if not re.search(rb"""<(?:\w+:)?f[\s>/]|\bt=["']e["']|\bhidden=["'](?:1|true)""", xml):
        return Scan()
    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    formulas: list[str] = []
    errors: list[tuple[str, str]] = []
    row_number = 0
    for element in ElementTree.fromstring(xml).iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "col" and element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            hidden_columns += [column_letter(index - 1) for index in range(first, last + 1)]
        elif tag == "row":
            row_number = int(element.get("r", row_number + 1))
            if element.get("hidden") in ("1", "true"):
                hidden_rows.append(row_number)
        elif tag == "c":
            cell = element.get("r", "")
            if any(child.tag.endswith("}f") for child in element):
                formulas.append(cell)
            if element.get("t") == "e":
                errors.append((cell, "".join(element.itertext())))
    return Scan(tuple(hidden_rows), tuple(hidden_columns), tuple(formulas), tuple(errors))


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The path of a sheet's XML inside the workbook."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _elements(archive, "xl/_rels/workbook.xml.rels")
    }
    for element in _elements(archive, "xl/workbook.xml"):
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets[element.get(_RELATIONSHIPS)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(f"no part for the sheet '{sheet}'")


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(archive.read(part)).iter()
