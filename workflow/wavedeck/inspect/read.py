"""A workbook's sheets as texts, the way ingest reads them."""

from __future__ import annotations

from pathlib import Path

from wavedeck.cells import text_of, type_of
from wavedeck.errors import Problem, WavedeckError
from wavedeck.inspect.sheets import Raw
from wavedeck.workbook import read_sheet, sheet_states


def read(path: Path) -> list[Raw]:
    """Every worksheet that can be read; one that cannot is left empty, with the reason.

    Raises WavedeckError for what is no workbook, as ingest does, and when no sheet can be read.
    """
    found = []
    failed: list[Problem] = []
    for name, visible in sheet_states(path):
        try:
            sheet = read_sheet(path, name)
        except WavedeckError as error:
            failed += error.problems
            found.append(Raw(name, [], [], not visible, unread=error.problems[0].found))
            continue
        rows = [[text_of(value) for value in row] for row in sheet.rows]
        types = [[type_of(value) for value in row] for row in sheet.rows]
        for cell, text in sheet.scan.error_cells:
            row, column = place_of(cell)
            if row < len(rows) and column < len(rows[row]):
                rows[row][column], types[row][column] = text, "text"
        scan = sheet.scan
        hidden = (scan.hidden_rows, scan.hidden_columns, scan.merged_cells)
        found.append(Raw(name, rows, types, not visible, *hidden))
    if failed and not any(raw.rows for raw in found):
        raise WavedeckError(*failed)
    return found


def place_of(cell: str) -> tuple[int, int]:
    """Row and column of an address, both from 0: 'B3' is (2, 1)."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]) - 1, column - 1
