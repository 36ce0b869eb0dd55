"""Significance as it may be shown: nothing is told of a hidden column."""

from __future__ import annotations

from collections.abc import Sequence

from wavedeck.estimate.table import Estimate

Row = tuple[bool, str, str, str, str, str]


def of_shown_columns(found: Sequence[Estimate]) -> list[Estimate]:
    """`found`, with neither letters on hidden columns nor letters that name a hidden column."""
    hidden: dict[Row, str] = {}
    for entry in found:
        if entry.suppressed and entry.column:
            hidden[_row(entry)] = hidden.get(_row(entry), "") + entry.column
    return [_told(entry, hidden) for entry in found]


def _row(entry: Estimate) -> Row:
    """The row of a banner question's table that an estimate stands in."""
    by = entry.subset.partition(".")[0]
    return entry.weighted, entry.question, entry.item, entry.answer, entry.statistic, by


def _told(entry: Estimate, hidden: dict[Row, str]) -> Estimate:
    if entry.suppressed:
        return entry._replace(letters="", against_rest="")
    if not entry.letters:
        return entry
    names = hidden.get(_row(entry), "")
    return entry._replace(letters="".join(name for name in entry.letters if name not in names))
