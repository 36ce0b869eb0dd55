"""The raw workbooks, read a second time with openpyxl.

The pipeline reads with calamine and codes into integers; this keeps the cells' texts and the
codebook's names as they are, and applies the ledger's changes and nothing else.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

from wavedeck.errors import WavedeckError
from wavedeck.survey import RankingQuestion, Survey
from wavedeck.workbook import Package, broken, guarded

Row = Mapping[str, Any]
_ESCAPED = re.compile("_x((?!D[89A-F]|FFF[EF])[0-9A-F]{4})_", re.IGNORECASE)
"""Excel writes some control characters as _x000D_ and the like; half a character is none."""
META = ("response", "organisation", "status", "submitted")


@dataclass(frozen=True)
class RawSheet:
    """The texts of a sheet by row number and position; columns by header."""

    workbook: str
    name: str
    header: list[str]
    rows: dict[int, list[str]]
    """Rows that hold anything, from 2 on; an empty cell is ""."""

    def text(self, row: int, header: str) -> str:
        return self.rows[row][self.header.index(one_space(header))]

    def address(self, row: int, header: str) -> str:
        return f"{letters(self.header.index(one_space(header)))}{row}"


@dataclass
class Response:
    """A kept response: the option's name, or the rank, of every answered closed column."""

    row: int
    response: str = ""
    organisation: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Open answers by question, or question.other."""
    weight: Fraction = Fraction(0)


class LedgerError(ValueError):
    """A cell that is neither in the ledger nor spelled as the codebook has it."""

    def __init__(self, cell: str, found: str, expected: str) -> None:
        super().__init__(f"{cell}: '{found}'")
        self.cell, self.found, self.expected = cell, found, expected


def read(workbook: Path, sheet: str) -> RawSheet:
    """One sheet of a workbook; the first row holds the headers.

    Raises WavedeckError for a file that no reader should open.
    """
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
    header = [one_space(text) for text in rows[0]] if rows else []
    kept = {number: row for number, row in enumerate(rows[1:], start=2) if any(row)}
    return RawSheet(workbook.name, sheet, header, kept)


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


def columns_of(survey: Survey) -> dict[str, tuple[str, str, str]]:
    """key -> (header, question, item) of every column that holds an answer."""
    return {key_of(q, item): (header, q, item) for header, q, item in survey.columns()}


def responses_of(
    sheet: RawSheet, survey: Survey, ledger: Iterable[Row], refused: list[LedgerError]
) -> list[Response]:
    """Kept responses from the raw cells. A cell that the ledger should have and has not is added
    to `refused`."""
    changed: dict[tuple[int, str], str] = {}
    excluded: set[int] = set()
    for entry in ledger:
        if entry["rule"].startswith("exclude_"):
            excluded.add(entry["row"])
        else:
            changed[entry["row"], key_of(entry["question"], entry["item"])] = entry["new"]
    columns = columns_of(survey)
    places = {key: sheet.header.index(one_space(c[0])) for key, c in columns.items()}
    own = {"@response": survey.export.columns.response}
    own["@organisation"] = survey.export.columns.organisation
    own_places = {key: sheet.header.index(one_space(header)) for key, header in own.items()}
    found = []
    for row, texts in sheet.rows.items():
        if row in excluded:
            continue
        response = Response(row)
        response.response = changed.get((row, "@response"), texts[own_places["@response"]])
        response.organisation = changed.get(
            (row, "@organisation"), texts[own_places["@organisation"]]
        )
        for key, (_, question, item) in columns.items():
            shown = changed.get((row, key), texts[places[key]])
            if not shown:
                continue
            if is_open(survey, question, item):
                response.texts[key] = shown
                continue
            try:
                answer = _answer(survey, question, shown)
            except (KeyError, ValueError):
                cell = f"{letters(places[key])}{row}"
                refused.append(LedgerError(cell, shown, f"a label of '{question}', or the ledger"))
                continue
            if answer:
                response.answers[key] = answer
        found.append(response)
    return found


def is_open(survey: Survey, question: str, item: str) -> bool:
    return survey.questions[question].type == "text" or item == "other"


def _answer(survey: Survey, question: str, shown: str) -> str:
    """The name of the option with this label, or the rank; "" for one that is no answer."""
    asked = survey.questions[question]
    if isinstance(asked, RankingQuestion):
        if not 1 <= int(shown) <= len(asked.items) or shown != str(int(shown)):
            raise ValueError(shown)
        return shown
    named = {option.label: name for name, option in survey.scale_of(question).options.items()}
    name = named[shown]
    return "" if survey.scale_of(question).options[name].missing else name


def key_of(question: str, item: str) -> str:
    return f"{question}.{item}" if item else question


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
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))
