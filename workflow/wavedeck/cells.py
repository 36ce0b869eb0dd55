"""Cells of an export: what ingest reads and clean codes.

In memory a column is a list; on disk (cells.parquet) a cell is a row with its address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from wavedeck.workbook import Value


@dataclass(frozen=True)
class Column:
    """A column of a sheet, below its header."""

    question: str
    """The question it answers; "@response" and the like for the response's own columns, "" for
    columns that are known and not used."""
    item: str
    header: str
    sheet: str
    letter: str
    rows: Sequence[int | None]
    """Row numbers in the sheet from 1, one a response; None where the sheet has no row of it."""
    values: list[str | None]
    """Texts as received, one a response; None for an empty cell."""
    types: list[str]
    """text, number, boolean, date or empty, as stored."""

    def address(self, index: int) -> str:
        """`H23`, or "" where the sheet has no row of the response."""
        row = self.rows[index]
        return "" if row is None else f"{self.letter}{row}"


@dataclass(frozen=True)
class Cells:
    """All cells of an export's responses. Every column has a value for every response."""

    workbook: str
    respondents: list[str]
    rows: list[int]
    """Row numbers in the first sheet, which has a row for every response."""
    columns: list[Column]

    @property
    def sheet(self) -> str:
        """The first sheet."""
        return self.columns[0].sheet

    def column(self, question: str, item: str = "") -> Column:
        return next(c for c in self.columns if (c.question, c.item) == (question, item))

    def find(self, question: str, item: str = "") -> Column | None:
        """The column of a question or of "@response" and the like; None where there is none."""
        wanted = (question, item)
        return next((c for c in self.columns if (c.question, c.item) == wanted), None)

    def where(self, column: Column, index: int) -> str:
        """`workbook, sheet 'Responses', cell H23`, for messages."""
        cell = column.address(index)
        at = f"cell {cell}" if cell else f"column {column.letter}, no row of {self._named(index)}"
        return f"{self.workbook}, sheet '{column.sheet}', {at}"

    def _named(self, index: int) -> str:
        own = self.find("@response")
        name = own.values[index] if own else None
        return f"the response '{name}'" if name else f"row {self.rows[index]} of '{self.sheet}'"


def to_table(cells: Cells) -> pa.Table:
    """One row a cell, column after column: respondent, question, item, header, value, type,
    workbook, sheet, row (of that sheet; null where it has none of the response), column
    (letters)."""
    import pyarrow as pa

    count = len(cells.rows)
    words = pa.dictionary(pa.int32(), pa.string())

    def repeated(texts: list[str]) -> pa.Array:
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        indices = [places[text] for text in texts for _ in range(count)]
        return pa.DictionaryArray.from_arrays(
            pa.array(indices, pa.int32()), pa.array(list(places), pa.string())
        )

    columns = cells.columns
    size = count * len(columns)
    return pa.table(
        {
            "respondent": pa.array(cells.respondents * len(columns), pa.string()).cast(words),
            "question": repeated([column.question for column in columns]),
            "item": repeated([column.item for column in columns]),
            "header": repeated([column.header for column in columns]),
            "value": pa.array([v for column in columns for v in column.values], pa.string()),
            "type": pa.array([t for column in columns for t in column.types], pa.string()),
            "workbook": pa.array([cells.workbook] * size, pa.string()).cast(words),
            "sheet": repeated([column.sheet for column in columns]),
            "row": pa.array([row for column in columns for row in column.rows], pa.int32()),
            "column": repeated([column.letter for column in columns]),
        }
    )


def from_table(table: pa.Table) -> Cells:
    """Cells as `to_table` laid them out."""
    headers = table["header"].to_pylist()  # a column's own: names of columns stand once
    count = next((i for i, header in enumerate(headers) if header != headers[0]), len(headers))
    values, types = table["value"].to_pylist(), table["type"].to_pylist()
    first = table.take(list(range(0, len(table), count))).to_pylist()
    rows: dict[str, list[int | None]] = {}
    columns = []
    for head, start in zip(first, range(0, len(table), count), strict=True):
        if head["sheet"] not in rows:
            rows[head["sheet"]] = table["row"][start : start + count].to_pylist()
        columns.append(
            Column(
                head["question"],
                head["item"],
                head["header"],
                head["sheet"],
                head["column"],
                rows[head["sheet"]],
                values[start : start + count],
                types[start : start + count],
            )
        )
    return Cells(
        first[0]["workbook"],
        table["respondent"][:count].to_pylist(),
        table["row"][:count].to_pylist(),
        columns,
    )


def cell_name(cell: str, sheet: str = "") -> str:
    """A cell as formulas call it: H23, Visits!C14, 'Site visits'!C14."""
    if not sheet:
        return cell
    plain = re.fullmatch(r"[A-Za-z_]\w*", sheet)
    return f"{sheet}!{cell}" if plain else "'" + sheet.replace("'", "''") + f"'!{cell}"


def text_of(value: Value) -> str | None:
    """A cell as text, or None for an empty one. 3.0 is "3"; dates are ISO 8601."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def type_of(value: Value) -> str:
    """text, number, boolean, date or empty, as stored."""
    if isinstance(value, str):
        return "text" if value else "empty"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "date"
