"""Excel workbooks whose bytes depend on their content alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Time = tuple[int, int, int, int, int, int]

_EPOCH: Time = (2017, 5, 12, 9, 0, 0)


@dataclass
class Sheet:
    title: str
    rows: Sequence[Sequence[Any]]
    """The first row is the header."""
    widths: Mapping[int, float] = field(default_factory=dict)
    """Column width by position, from 1."""
    hidden: Sequence[int] = ()
    """Hidden columns, from 1."""
    blank_rows: int = 0
    """Formatted and empty rows below the data, as tools leave them."""
    table: bool = True
    """Whether it begins with a header."""
    header_rows: int = 1


def workbook_bytes(title: str, sheets: Sequence[Sheet], written: Time = _EPOCH) -> bytes:
    """A workbook with fixed properties and times."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "Survey tool"
    book.properties.title = title
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for row, values in enumerate(sheet.rows, start=1):
            for column, value in enumerate(values, start=1):
                if value is not None:
                    _write(page.cell(row, column), value)
        if sheet.table:
            for cell in (cell for row in range(1, sheet.header_rows + 1) for cell in page[row]):
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            page.freeze_panes = f"A{sheet.header_rows + 1}"
        for row in range(len(sheet.rows) + 1, len(sheet.rows) + 1 + sheet.blank_rows):
            for column in range(1, 8):
                # One row of empty texts first, then rows of empty cells.
                cell = page.cell(row, column, "" if row == len(sheet.rows) + 1 else None)
                cell.alignment = Alignment(vertical="top")
        for column, width in sheet.widths.items():
            page.column_dimensions[get_column_letter(column)].width = width
        for column in sheet.hidden:
            page.column_dimensions[get_column_letter(column)].hidden = True
    raw = io.BytesIO()
    book.save(raw)
    return _fixed(raw.getvalue(), written)


def _write(cell: Cell, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        # Words that begin with "=" are words.
        cell.data_type = "s"
    elif hasattr(value, "year"):
        cell.number_format = "dd/mm/yyyy hh:mm:ss"


def _fixed(data: bytes, written: Time) -> bytes:
    """The same workbook, written at a time of our own."""
    stamp = datetime(*written).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", stamp, content)
            entry = zipfile.ZipInfo(name, written)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, content, compresslevel=9)
    return out.getvalue()
