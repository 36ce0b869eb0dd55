"""What a scan has counted of a sheet so far, and what it holds against the limits.

Each function takes the next piece of the sheet: the places of its cells with their rows and columns
(both from 1), in the order of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wavedeck.workbook.file import MIB
from wavedeck.workbook.octets import numbers_at
from wavedeck.workbook.package import Package
from wavedeck.workbook.regular import IrregularError

if TYPE_CHECKING:
    from wavedeck.workbook.octets import Bytes, Places

ROWS, COLUMNS = 1_048_576, 16_384
"""What Excel's sheets hold."""
CELLS_LIMIT = 16_777_216
"""Cells of the rectangle from A1 to the last value: 1,048,576 rows of 16, 100,000 of 167."""
TEXT_LIMIT = 256 * MIB
"""Bytes of text in all cells together."""
NOTED_LIMIT = 1_000_000
"""Formulas and error cells with their addresses."""

ATTRIBUTE = re.compile(rb"""\s(\w+)\s*=\s*["']([^"']*)["']""")
_ERROR = re.compile(rb"""<c (?=[^<>]*\st\s*=\s*["']e["'])[^<>]*>(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?""")
_VALUED = re.compile(rb"<v(?:\s[^<>]*)?>[^<]")
_TEXT = re.compile(rb"""<c [^<>]*\st\s*=\s*["']str["']""")
"""A formula that gives a text, which may be empty."""


def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass
class Found:
    """What has been counted so far."""

    package: Package
    lengths: Places
    """Bytes of each shared text."""
    row: int = 0
    """The row that the chunk before ended in."""
    column: int = 0
    """Its last cell; 0 for none."""
    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    reach: int = 0
    """The columns of each row's last cell, empty or not, added up: what a row costs openpyxl."""
    text: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)


def check_size(found: Found) -> None:
    area = found.last_row * found.last_column
    if area > CELLS_LIMIT:
        last = f"{column_letter(found.last_column - 1)}{found.last_row}"
        raise found.package.too_large(f"the sheet reaches to cell {last}, {area:,} cells")
    if found.cells > CELLS_LIMIT or found.reach > 4 * CELLS_LIMIT:
        raise found.package.too_large(f"the sheet has more than {CELLS_LIMIT:,} cells")


def check_addresses(
    found: Found, rows: Places, row_tags: Places, cells: Places, numbers: Places, letters: Places
) -> None:
    """Rows and cells in order, each once, each where it says that it is."""
    import numpy as np

    if len(rows) and not (np.diff(rows, prepend=found.row) > 0).all():
        raise found.package.broken("the rows are out of order, or one stands twice")
    if len(rows) and rows[-1] > ROWS:
        raise found.package.broken(f"row {int(rows[-1]):,} is beyond a sheet's end")
    if not len(cells):
        found.row, found.column = (int(rows[-1]), 0) if len(rows) else (found.row, found.column)
        return
    own = np.concatenate(([found.row], rows))[np.searchsorted(row_tags, cells)]
    bad = (own != numbers) | (letters > COLUMNS)
    if bad.any():
        place = int(np.flatnonzero(bad)[0])
        cell = f"{column_letter(int(letters[place]) - 1)}{numbers[place]}"
        raise found.package.broken(f"the cell '{cell}' stands in row {own[place]}")
    order = numbers * (COLUMNS + 1) + letters
    if not (np.diff(order, prepend=found.row * (COLUMNS + 1) + found.column) > 0).all():
        raise found.package.broken("the cells of a row are out of order, or one stands twice")
    found.row = int(rows[-1]) if len(rows) else found.row
    found.column = int(letters[-1]) if int(numbers[-1]) == found.row else 0


def add_texts(
    found: Found, a: Bytes, marks: Places, cells: Places, values: Places, owners: Places
) -> None:
    """Add the lengths of the shared texts that cells name by number; each must exist.

    `marks` are the places of "s", the type of such cells; `owners` says whose each value is.
    """
    import numpy as np

    shared = np.zeros(len(cells) + 1, bool)
    shared[np.searchsorted(cells, marks) - 1] = True
    shared[-1] = False
    named = values[shared[owners]]
    if not ((a[named + 1] == ord("v")) & (a[named + 2] == ord(">"))).all():
        raise IrregularError("a cell names its text in an unusual way")
    numbers, ends = numbers_at(a, named + 3, 9)
    if not (a[ends] == ord("<")).all() or (ends == named + 3).any():
        raise IrregularError("a cell names its text by something else than a number")
    if len(numbers) and numbers.max() >= len(found.lengths):
        raise found.package.broken(
            f"a cell names the text number {int(numbers.max())}, and there are {len(found.lengths)}"
        )
    found.text += int(found.lengths[numbers].sum())
    if found.text > TEXT_LIMIT:
        raise found.package.too_large(
            f"the cells hold more than {TEXT_LIMIT // MIB} MiB of text together"
        )


def add_formulas(
    found: Found, xml: bytes, formulas: Places, cells: Places, numbers: Places, letters: Places
) -> None:
    import numpy as np

    ends = np.append(cells[1:], len(xml))
    for place in (np.searchsorted(cells, formulas) - 1).tolist():
        cell = f"{column_letter(int(letters[place]) - 1)}{numbers[place]}"
        found.formulas.append(cell)
        body = xml[cells[place] : ends[place]]
        if not _VALUED.search(body) and not _TEXT.match(body):
            found.unvalued.append(cell)


def errors_in(xml: bytes) -> list[tuple[str, str]]:
    """(cell, error) of the error cells."""
    found = []
    for match in _ERROR.finditer(xml):
        address = dict(ATTRIBUTE.findall(match[0]))[b"r"].decode("ascii")
        value = re.match(rb"<v>([^<]*)</v>", xml[match.end() : match.end() + 200])
        found.append((address, value[1].decode("utf-8", "replace") if value else ""))
    return found
