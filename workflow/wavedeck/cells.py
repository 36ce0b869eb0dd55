"""Cells of an export: what ingest reads and clean codes.

In memory a column is a list; on disk (cells.parquet) a cell is a row with its address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from wavedeck.workbook import Value


@dataclass(frozen=True)
class Column:
    """A column of the sheet, below its header."""

    question: str
    """The question it answers; "@response" and the like for the response's own columns, "" for
    columns that are known and not used."""
    item: str
    header: str
    letter: str
    values: list[str | None]
    """Texts as received, one a response; None for an empty cell."""
    types: list[str]
    """text, number, boolean, date or empty, as stored."""


@dataclass(frozen=True)
class Cells:
    """All cells of an export's responses. Every column has a value for every row."""

    workbook: str
    sheet: str
    respondents: list[str]
    rows: list[int]
    """Row numbers in the sheet, from 1."""
    columns: list[Column]

    def column(self, question: str, item: str = "") -> Column:
        return next(c for c in self.columns if (c.question, c.item) == (question, item))

    def find(self, question: str, item: str = "") -> Column | None:
        """The column of a question or of "@response" and the like; None where there is none."""
        wanted = (question, item)
        return next((c for c in self.columns if (c.question, c.item) == wanted), None)

    def where(self, column: Column, index: int) -> str:
        """`workbook, sheet 'Responses', cell H23`, for messages."""
        return f"{self.workbook}, sheet '{self.sheet}', cell {column.letter}{self.rows[index]}"


def to_table(cells: Cells) -> pa.Table:
    """One row a cell, column after column: respondent, question, item, header, value, type,
    workbook, sheet, row, column (letters)."""
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
            "sheet": pa.array([cells.sheet] * size, pa.string()).cast(words),
            "row": pa.array(cells.rows * len(columns), pa.int32()),
            "column": repeated([column.letter for column in columns]),
        }
    )


def from_table(table: pa.Table) -> Cells:
    """Cells as `to_table` laid them out."""
    letters = table["column"].to_pylist()
    count = next((i for i, letter in enumerate(letters) if letter != letters[0]), len(letters))
    values, types = table["value"].to_pylist(), table["type"].to_pylist()
    first = table.take(list(range(0, len(letters), count))).to_pylist()
    columns = [
        Column(
            head["question"],
            head["item"],
            head["header"],
            head["column"],
            values[start : start + count],
            types[start : start + count],
        )
        for head, start in zip(first, range(0, len(letters), count), strict=True)
    ]
    return Cells(
        first[0]["workbook"],
        first[0]["sheet"],
        table["respondent"][:count].to_pylist(),
        table["row"][:count].to_pylist(),
        columns,
    )


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
