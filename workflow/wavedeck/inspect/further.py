"""Further sheets with answers of the same responses, joined by the response's id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wavedeck.clean.text import match_key
from wavedeck.headers import folded
from wavedeck.inspect.columns import columns_of
from wavedeck.inspect.profile import Aside, Column, Further
from wavedeck.inspect.roles import asides_of, names_a_response
from wavedeck.inspect.sheets import Table
from wavedeck.survey import on_sheet


@dataclass
class Joined:
    """The further sheets of an export, as the codebook would read them."""

    sheets: list[Further] = field(default_factory=list)
    columns: list[list[Column]] = field(default_factory=list)
    """Of each sheet, less the id: with a value for every response of the first sheet."""
    asides: list[Aside] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Sheets that name responses and cannot be joined -> why."""


def join(
    tables: Sequence[Table], response: Column | None, labels: Mapping[str, str], taken: int
) -> Joined:
    """The sheets of which a column names responses by `response`, at most one row each.

    `labels`: questions by the match key of a column's name. `taken`: how many columns the first
    sheet has; those of further sheets are numbered on.
    """
    found = Joined()
    if response is None:
        return found
    ids = [folded(value or "") for value in response.values]
    for table in tables:
        columns = columns_of(table, labels)
        own = _own(columns, response, set(ids))
        if own is None:
            continue
        if why := _refused(table, own, set(ids)):
            found.refused[table.raw.name] = why
            continue
        at = {folded(value or ""): place for place, value in enumerate(own.values)}
        places = [at.get(name) for name in ids]
        asides = asides_of(columns)
        columns.remove(own)
        for number, column in enumerate(columns, start=taken):
            _spread(column, table.raw.name, number, places)
        taken += len(columns)
        found.sheets.append(Further(table.raw.name, table.header, own.name, len(at)))
        found.columns.append(columns)
        found.asides += [
            replace(aside, role="contact" if aside.role == "contact" else "other")
            for aside in asides
            if aside.column is not own
        ]
    return found


def _own(columns: Sequence[Column], response: Column, ids: set[str]) -> Column | None:
    """The column that names responses: called like the first sheet's, or like an id, and holding
    at least as many of its ids as others."""
    for column in columns:
        alike = match_key(column.name) == match_key(response.name) or names_a_response(column)
        names = [folded(answer) for answer in column.answers()]
        if alike and sum(name in ids for name in names) >= max(1, len(names) / 2):
            return column
    return None


def _refused(table: Table, own: Column, ids: set[str]) -> str:
    """Why a sheet cannot be joined; "" where it can."""
    names = [folded(value or "") for value in own.values]
    again = [name for name, count in Counter(filter(None, names)).items() if count > 1]
    if again:
        more = f" and for {len(again) - 1} others" if len(again) > 1 else ""
        return (
            f"it has several rows for '{again[0]}'{more} ('{own.name}'), so it holds what repeats "
            "within a response"
        )
    strangers = [row for row, name in zip(table.rows, names, strict=True) if name not in ids]
    if table.below:
        strangers += range(table.below.first, table.below.last + 1)
    if not strangers:
        return ""
    more = f", nor do {len(strangers) - 1} others" if len(strangers) > 1 else ""
    return (
        f"row {strangers[0]} names no response in '{own.name}'{more}; mend or delete in a copy of "
        "the export, and it is joined"
    )


def _spread(column: Column, sheet: str, index: int, places: Sequence[int | None]) -> None:
    """A column of a further sheet becomes one of the first sheet's responses."""
    column.sheet, column.index = sheet, index
    column.name = on_sheet(sheet, column.name)
    column.values = [None if place is None else column.values[place] for place in places]
    column.types = ["empty" if place is None else column.types[place] for place in places]
