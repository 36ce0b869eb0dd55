"""What the ledger may say of a ranking with a column a place or in one cell, held against the raw
cells."""

from __future__ import annotations

from collections import Counter

from wavedeck.survey import RankingQuestion
from wavedeck.verify.meaning import listed_in
from wavedeck.verify.raw import RawSheet, Row
from wavedeck.verify.several import loosely


def spelled(question: RankingQuestion, entry: Row) -> bool:
    """Whether a cell names the same things before and after, in the same order."""
    was = loosely(question.named.options, entry["old"])
    labels = {item.label: name for name, item in question.items.items()}
    if entry["item"]:
        return was is not None and [labels.get(entry["new"])] == was
    try:
        return was == listed_in(labels, question.separator, entry["new"])
    except ValueError:
        return False


def twice(sheet: RawSheet, question: RankingQuestion, row: int) -> set[str]:
    """Columns of a response where something stands that it has ranked twice: the numbers of
    places, or "" for the one cell."""
    if question.column:
        named = loosely(question.named.options, sheet.text(row, question.column)) or []
        return {""} if len(set(named)) < len(named) else set()
    put = {
        str(number): loosely(question.named.options, sheet.text(row, place.column)) or []
        for number, place in enumerate(question.places, start=1)
    }
    times = Counter(name for names in put.values() for name in names)
    return {number for number, names in put.items() if any(times[name] > 1 for name in names)}
