"""The columns of an export as received, those of several sheets joined by the response's id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wavedeck.cells import text_of
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.headers import Heading, called, folded, names_of
from wavedeck.survey import Export, Header, MoreSheet, Survey
from wavedeck.workbook import Sheet, Value, column_letter, read_sheet

_MOST = 5
"""Rows named in one message."""


@dataclass(frozen=True)
class Received:
    """A column below its header, with a value for every response; "" is an empty cell."""

    heading: Heading
    values: list[Value]
    rows: Sequence[int | None]
    """Row numbers in the sheet, one a response; None where the sheet has no row of it."""

    @cached_property
    def texts(self) -> list[str | None]:
        return [text_of(value) for value in self.values]


def read_sheets(path: Path, export: Export) -> list[Sheet]:
    """The sheets that the codebook names; the first has one row a response. Raises WavedeckError
    as `read_sheet`."""
    return [
        read_sheet(path, name) for name in (export.sheet, *(m.sheet for m in export.more_sheets))
    ]


def columns_of(sheets: Sequence[Sheet], survey: Survey, path: Path) -> list[Received]:
    """Every column of every sheet. Rows without any value are passed over.

    Raises WavedeckError for a sheet without answers and for rows of a further sheet that belong to
    no response, or to one that has a row there already.
    """
    first, *others = sheets
    export = survey.export
    numbers = _filled(first, export.header)
    if not numbers:
        found = "the sheet has a header and no answers" if first.rows else "the sheet is empty"
        raise WavedeckError(
            Problem(place(path, first), found, "a header row and answers", "", "export it again")
        )
    columns = _columns(first, export.header, "", survey, numbers)
    if not others:
        return columns
    ids = _ids(columns, export.columns.response or "", place(path, first))
    problems: list[Problem] = []
    for sheet, more in zip(others, export.more_sheets, strict=True):
        try:
            joined = _joined(sheet, more, survey, ids, path)
        except WavedeckError as error:
            problems += error.problems
            continue
        rows = [joined.get(name) for name in ids]
        columns += _columns(sheet, more.header, sheet.name, survey, rows)
    if problems:
        raise WavedeckError(*problems)
    return columns


def place(path: Path, sheet: Sheet) -> str:
    """`workbook, sheet 'Responses'`, for messages."""
    return f"{path}, sheet '{sheet.name}'"


def _filled(sheet: Sheet, header: Header) -> list[int]:
    """Rows below the header with at least one value."""
    return [
        number
        for number, row in enumerate(sheet.rows[header.last :], start=header.last + 1)
        if any(value != "" for value in row)
    ]


def _columns(
    sheet: Sheet, header: Header, prefix: str, survey: Survey, rows: Sequence[int | None]
) -> list[Received]:
    above = sheet.rows[header.first - 1 : header.last]
    names = names_of([[text_of(value) or "" for value in row] for row in above], header)
    names += [""] * (len(sheet.rows[0]) - len(names) if sheet.rows else 0)
    return [
        Received(
            Heading(called(name, index, prefix, survey), sheet.name, index, header.last),
            ["" if row is None else sheet.rows[row - 1][index] for row in rows],
            rows,
        )
        for index, name in enumerate(names)
    ]


def _ids(columns: Sequence[Received], header: str, where: str) -> list[str]:
    """The id of each response in order; "" for none, and for one that stood before, as clean
    refuses such a wave."""
    own = _named(header, columns)
    if own is None:
        raise WavedeckError(
            Problem(
                where,
                f"the column '{header}' is missing, by which further sheets are joined",
                nearest=nearest(header, _names(columns)),
                remedy="mend response: in survey.yaml (export: columns:)",
            )
        )
    seen: set[str] = set()
    found = []
    for text in own.texts:
        name = folded(text or "")
        found.append("" if name in seen else name)
        seen.add(name)
    return found


def _named(header: str, columns: Iterable[Received]) -> Received | None:
    wanted = folded(header)
    return next((column for column in columns if folded(column.heading.name) == wanted), None)


def _names(columns: Iterable[Received]) -> list[str]:
    return [column.heading.name for column in columns if column.heading.name]


def _joined(
    sheet: Sheet, more: MoreSheet, survey: Survey, ids: Sequence[str], path: Path
) -> dict[str, int]:
    """The row of each response that has one on a further sheet. Raises WavedeckError."""
    where, export = place(path, sheet), survey.export
    rows = _filled(sheet, more.header)
    columns = _columns(sheet, more.header, "", survey, rows)
    own = _named(more.response, columns)
    if own is None:
        raise WavedeckError(
            Problem(
                where,
                f"the column '{more.response}' is missing, which names the response",
                nearest=nearest(more.response, _names(columns)),
                remedy="mend response: in survey.yaml (export: more_sheets:)",
            )
        )
    known = {name for name in ids if name}
    found: dict[str, list[int]] = {}
    strangers: dict[str, str] = {}
    letter = column_letter(own.heading.index)
    for row, text in zip(rows, own.texts, strict=True):
        name = folded(text or "")
        if name in known:
            found.setdefault(name, []).append(row)
        else:
            strangers[f"{letter}{row}"] = name
    problems = []
    if strangers:
        name = next(iter(strangers.values()))
        said = f"'{name}' is no response of the sheet '{export.sheet}'"
        problems.append(
            Problem(
                f"{where}, cell {some(list(strangers))}",
                said if name else "the row names no response",
                expected=f"an id that stands in '{export.columns.response}' there",
                nearest=nearest(name, known),
                remedy="mend the id or delete the row, in a copy of the export",
            )
        )
    again = {name: rows for name, rows in found.items() if len(rows) > 1}
    if again:
        name, rows = next(iter(again.items()))
        alike = f" ({len(again)} responses have several)" if len(again) > 1 else ""
        problems.append(
            Problem(
                f"{where}, cell {some([f'{letter}{row}' for row in rows])}",
                f"the response '{name}' stands on {len(rows)} rows{alike}",
                expected="one row a response at most",
                remedy="what repeats within a response (visits, children) is no answer of a "
                "respondent: give each a column in a copy of the export, or take the sheet out "
                "of more_sheets:",
            )
        )
    if problems:
        raise WavedeckError(*problems)
    return {name: own_rows[0] for name, own_rows in found.items()}


def some(cells: Sequence[str]) -> str:
    """The first cells of many, for messages."""
    shown = ", ".join(cells[:_MOST])
    return f"{shown} and {len(cells) - _MOST} more" if len(cells) > _MOST else shown
