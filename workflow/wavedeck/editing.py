"""Workbooks that a team keeps by hand: comments.xlsx and coding.xlsx."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.workbook import read_sheet


def read_rows(path: Path, sheet: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a sheet as text by column name, with their row number under "row".

    Raises WavedeckError when a column is missing. Further columns are the team's own.
    """
    found = read_sheet(path, sheet)
    header = [str(value).strip() for value in found.rows[0]] if found.rows else []
    missing = [column for column in columns if column not in header]
    if missing:
        where = f"{path}, sheet '{sheet}', row 1"
        raise WavedeckError(
            *(
                Problem(
                    where,
                    f"the column '{column}' is missing",
                    expected=", ".join(columns),
                    nearest=nearest(column, [name for name in header if name not in columns]),
                    remedy="give the column its name back",
                )
                for column in missing
            )
        )
    rows = []
    for number, values in enumerate(found.rows[1:], start=2):
        row = {name: _text(value) for name, value in zip(header, values, strict=False) if name}
        if any(row.values()):
            rows.append(row | {"row": str(number)})
    return rows


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
