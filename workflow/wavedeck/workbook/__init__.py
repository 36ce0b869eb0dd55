"""Reading a sheet of an Excel workbook with the address of every cell.

Values come from python-calamine, which is fast and sees no formulas, hidden rows or error cells
(it turns #DIV/0! into a blank). A scan of the sheet's XML finds those, and refuses before calamine
is called what would exhaust the machine or be read wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.workbook.counting import column_letter
from wavedeck.workbook.file import broken
from wavedeck.workbook.package import Package
from wavedeck.workbook.scan import Extent, Scan, scan_sheet

__all__ = [
    "Guarded",
    "Package",
    "Scan",
    "Sheet",
    "Value",
    "broken",
    "column_letter",
    "guarded",
    "read_sheet",
]

Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True)
class Sheet:
    """A sheet's values from cell A1 on; rows[0] is row 1. An empty cell is ""."""

    workbook: str
    sha256: str
    name: str
    rows: list[list[Value]]
    scan: Scan


@dataclass(frozen=True)
class Guarded:
    """A workbook whose bytes, and one of whose sheets, may be given to a reader."""

    package: Package
    scan: Scan
    extent: Extent


def guarded(path: Path, sheet: str) -> Guarded:
    """What must stand in front of every reader of a workbook.

    Raises WavedeckError: no such file, not a workbook, encrypted, unsafe, no such sheet.
    """
    package = Package(path)
    names = list(package.sheets)
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
    return Guarded(package, *scan_sheet(package, sheet))


def sheet_states(path: Path) -> list[tuple[str, bool]]:
    """Names of the sheets of cells in order, and whether each is visible.

    Raises WavedeckError as `read_sheet` does.
    """
    package = Package(path)
    with _calamine(path, ""):
        found = CalamineWorkbook.from_filelike(io.BytesIO(package.data)).sheets_metadata
    return [
        (meta.name, meta.visible == SheetVisibleEnum.Visible)
        for meta in found
        if meta.typ == SheetTypeEnum.WorkSheet
    ]


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of cells. Raises WavedeckError as `read_sheet` does."""
    return [name for name, _ in sheet_states(path)]


def read_sheet(path: Path, sheet: str) -> Sheet:
    """Read one sheet.

    Raises WavedeckError: no such file, not a workbook, encrypted, no such sheet, not a table.
    """
    found = guarded(path, sheet)
    with _calamine(path, sheet):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(found.package.data))
        kinds = {meta.name: meta.typ for meta in workbook.sheets_metadata}
        if kinds.get(sheet) != SheetTypeEnum.WorkSheet:
            raise WavedeckError(broken(path, "this sheet holds no cells (a chart?)", sheet))
        read = workbook.get_sheet_by_name(sheet)
        rows = read.to_python(skip_empty_area=False)
        merged = tuple(_area(*corners) for corners in read.merged_cell_ranges or ())
    scan = replace(found.scan, merged_cells=merged)
    return Sheet(path.name, found.package.sha256, sheet, rows, scan)


def _area(first: tuple[int, int], last: tuple[int, int]) -> str:
    """Corners as (row, column) from 0: 'C5:C7'."""
    return ":".join(f"{column_letter(column)}{row + 1}" for row, column in (first, last))


@contextmanager
def _calamine(path: Path, sheet: str) -> Iterator[None]:
    """What calamine says of a broken workbook, as a message."""
    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise WavedeckError(broken(path, str(error), sheet)) from None
    except BaseException as error:
        # A panic of calamine's is no Exception, and is the file's fault nevertheless.
        if type(error).__name__ != "PanicException":
            raise
        raise WavedeckError(broken(path, f"the reader gave up ({error})", sheet)) from None
