"""The raw workbooks, read a second time with openpyxl.

The pipeline reads with calamine and codes into integers; this keeps the cells' texts and the
codebook's names as they are, and applies the ledger's changes and nothing else.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from wavedeck.errors import Problem, WavedeckError
from wavedeck.survey import Header, Survey
from wavedeck.verify.meaning import (
    key_of,
)
from wavedeck.workbook import Package, broken, guarded

Row = Mapping[str, Any]
_ESCAPED = re.compile("_x((?!D[89A-F]|FFF[EF])[0-9A-F]{4})_", re.IGNORECASE)
"""Excel writes some control characters as _x000D_ and the like; half a character is none."""


@dataclass(frozen=True)
class Beside:
    """A further sheet whose columns stand beside those of the first."""

    name: str
    start: int
    """The position of its first column among all of them."""
    rows: dict[int, int]
    """Its row numbers by those of the first sheet."""


@dataclass(frozen=True)
class RawSheet:
    """The texts of a sheet by row number and position; columns by header."""

    workbook: str
    name: str
    header: list[str]
    rows: dict[int, list[str]]
    """Rows below the header that hold anything; an empty cell is ""."""
    beside: tuple[Beside, ...] = ()

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.header)}

    def text(self, row: int, header: str) -> str:
        return self.rows[row][self.place(header)]

    def column(self, place: int) -> tuple[str, str, Mapping[int, int] | None]:
        """Sheet and letters of a column, and the sheet's own row numbers where it is a further
        one."""
        for other in reversed(self.beside):
            if place >= other.start:
                return other.name, letters(place - other.start), other.rows
        return self.name, letters(place), None

    def cell(self, row: int, place: int) -> tuple[str, str, int | None]:
        """Sheet, column and row number of a cell; no number where a further sheet has no row."""
        sheet, column, rows = self.column(place)
        return sheet, column, row if rows is None else rows.get(row)

    def address(self, row: int, header: str) -> str:
        sheet, column, number = self.cell(row, self.place(header))
        cell = f"{column}{number}"
        return cell if sheet == self.name else f"{sheet}!{cell}"

    def place(self, header: str) -> int:
        """The position of a column. Raises KeyError where there is none."""
        return self._places[header if header in self._places else one_space(header)]


@dataclass
class Response:
    """A kept response: the option's name, the rank or the number of every answered closed
    column, and whether each option, net or band that may be chosen was (see meaning.py)."""

    row: int
    response: str = ""
    organisation: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Open answers by question, or question.other."""
    not_asked: set[str] = field(default_factory=set)
    """Questions that this response was not asked."""
    weight: Fraction = Fraction(0)


class LedgerError(ValueError):
    """A cell that is neither in the ledger nor spelled as the codebook has it."""

    def __init__(self, cell: str, found: str, expected: str) -> None:
        super().__init__(f"{cell}: '{found}'")
        self.cell, self.found, self.expected = cell, found, expected


def read(
    workbook: Path, sheet: str, header: Header | None = None, listed: Collection[str] = ()
) -> RawSheet:
    """One sheet of a workbook; without `header` the first row names the columns.

    A column without a name is '(column D)' where `listed` has that.

    Raises WavedeckError for a file that no reader should open.
    """
    header = header or Header()
    safe = guarded(workbook, sheet).package
    try:
        rows = _rows(safe, sheet)
    except WavedeckError:
        raise
    except Exception as error:
        # A damaged file can make openpyxl raise anything.
        said = f"{type(error).__name__}: {error}"
        raise WavedeckError(broken(workbook, said, sheet)) from None
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    last = header.first + header.rows - 1
    above = [[one_space(text) for text in row] for row in rows[header.first - 1 : last]]
    names = _names(above, header) if above else []
    lettered = [f"(column {letters(place)})" for place in range(len(names))]
    names = [
        name or (other if other in listed else "")
        for name, other in zip(names, lettered, strict=True)
    ]
    kept = {number: row for number, row in enumerate(rows[last:], start=last + 1) if any(row)}
    return RawSheet(workbook.name, sheet, names, kept)


def read_export(workbook: Path, survey: Survey) -> RawSheet:
    """The sheets that the codebook names, as one whose rows are those of the first.

    Raises WavedeckError as `read`, and for a row of a further sheet that belongs to no response.
    """
    export = survey.export
    found = read(workbook, export.sheet, export.header, listed_in(survey))
    if not export.more_sheets:
        return found
    own = found.place(str(export.columns.response))
    places = {one_space(texts[own]): row for row, texts in reversed(found.rows.items())}
    header, rows, beside = list(found.header), dict(found.rows), []
    for more in export.more_sheets:
        prefix = f"{more.sheet}!"
        listed = {h.removeprefix(prefix) for h in listed_in(survey) if h.startswith(prefix)}
        other = read(workbook, more.sheet, more.header, listed)
        names = other.place(more.response)
        by_response = {one_space(texts[names]): row for row, texts in other.rows.items()}
        strange = by_response.keys() - places.keys()
        if strange or len(by_response) < len(other.rows):
            where = f"{workbook}, sheet '{more.sheet}'"
            said = f"rows of no response, or of one that has a row: {sorted(strange)[:5]}"
            raise WavedeckError(Problem(where, said, "one row a response"))
        beside.append(
            Beside(more.sheet, len(header), {places[r]: n for r, n in by_response.items()})
        )
        header += [prefix + name if name else "" for name in other.header]
        nothing = [""] * len(other.header)
        numbers = beside[-1].rows
        for row in found.rows:
            rows[row] = rows[row] + (other.rows[numbers[row]] if row in numbers else nothing)
    return RawSheet(found.workbook, found.name, header, rows, tuple(beside))


def row_of(respondent: str) -> int:
    """The row of the first sheet on which a respondent stands, from its key."""
    return int(respondent.rpartition(":")[2])


def _names(above: list[list[str]], header: Header) -> list[str]:
    """A name a column: joined from the rows, or one row's; a repeated one is numbered."""
    if header.names == "joined":
        columns = []
        before: tuple[str, ...] = ("",) * len(above)
        for own in zip(*above, strict=True):
            depth = next((place for place, text in enumerate(own) if text), len(own))
            if depth < len(own):
                before = before[:depth] + own[depth:]
            columns.append(" › ".join(text for text in before if text) if any(own) else "")
    else:
        columns = above[header.names - 1]
    return [
        f"{name} [{columns[: place + 1].count(name)}]" if name in columns[:place] and name else name
        for place, name in enumerate(columns)
    ]


def _rows(package: Package, sheet: str) -> list[list[str]]:
    """The texts of a sheet, each row as long as it has any."""
    rows: list[list[str]] = []
    book = _one_sheet(package, sheet)
    try:
        found = book[sheet]
        found.reset_dimensions()
        for values in found.iter_rows(values_only=True):
            row = [_text(value) for value in values]
            # Cells that are formatted and empty may reach to the last column.
            while row and not row[-1]:
                row.pop()
            rows.append(row)
    finally:
        book.close()
    return rows


def _one_sheet(package: Package, sheet: str) -> Any:
    """openpyxl's workbook with this sheet alone: the others have not been checked."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.workbook.defined_name import DefinedNameList

    class OneSheet(ExcelReader):  # type: ignore[misc]
        def read_workbook(self) -> None:
            super().read_workbook()
            self.parser.sheets = [entry for entry in self.parser.sheets if entry.name == sheet]
            self.parser.defined_names = DefinedNameList()  # they name sheets by number
            parts = [relation.target for _, relation in self.parser.find_sheets()]
            if parts != [package.part_of(sheet)]:
                raise package.unsafe(f"the sheet '{sheet}' is another one for another reader")

    reader = OneSheet(io.BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that verify does not need
        reader.read()
    return reader.wb


def listed_in(survey: Survey) -> set[str]:
    """Every name of a column that the codebook has."""
    own = survey.export.columns
    return {*own.others, *own.contact, *own.roles.values(), *(h for h, *_ in survey.columns())}


def columns_of(survey: Survey) -> dict[str, tuple[str, str, str]]:
    """key -> (header, question, item) of every column that holds an answer."""
    return {key_of(q, item): (header, q, item) for header, q, item in survey.columns()}


def is_open(survey: Survey, question: str, item: str) -> bool:
    return survey.open_text(question, item) is not None


def one_space(text: object) -> str:
    return " ".join(str(text or "").split())


def letters(position: int) -> str:
    """A spreadsheet's letters for the column at `position`, from 0."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(position + 1))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()  # Excel tells a date and its midnight apart by the format alone
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))
