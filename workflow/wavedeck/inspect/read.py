"""A workbook's sheets as texts, the way ingest reads them."""

from __future__ import annotations

from pathlib import Path

from wavedeck.ingest import _text, _type
from wavedeck.inspect.sheets import Raw
from wavedeck.workbook import read_sheet, sheet_names


def read(path: Path) -> list[Raw]:
    """Every worksheet. Raises WavedeckError for what is no workbook, as ingest does."""
    found = []
    for name, visible in sheet_names(path):
        sheet = read_sheet(path, name)
        found.append(
            Raw(
                name,
                [[_text(value) for value in row] for row in sheet.rows],
                [[_type(value) for value in row] for row in sheet.rows],
                not visible,
                sheet.scan.hidden_rows,
            )
        )
    return found
