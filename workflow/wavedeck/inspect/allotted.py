"""Questions that are read as single columns and are more: points shared out, best and worst."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from wavedeck.clean.text import match_key
from wavedeck.errors import listing
from wavedeck.inspect.profile import Column, QuestionGuess
from wavedeck.inspect.texts import number_in

_ENOUGH = 0.9
"""The share of responses that have to fit."""
_TOTALS = (100.0, 10.0, 1.0)
_BEST = re.compile(r"(?:.*\b)?(?:best|most)\b.*", re.I)
_WORST = re.compile(r"(?:.*\b)?(?:worst|least)\b.*", re.I)


def allotted_notes(questions: Sequence[QuestionGuess]) -> list[str]:
    """A note for each constant sum and each best-worst question (MaxDiff) that is read apart."""
    notes = []
    for stem, group in groupby(questions, key=lambda q: match_key(q.columns[0].stem)):
        columns = [column for question in group for column in question.columns]
        total = shared_total(columns) if stem and len(columns) > 1 else 0.0
        if total:
            notes.append(
                f"{listing([column.name for column in columns])} add up to {total:g} in (nearly) "
                "every response, points shared out: each column is read by itself, so a mean is of "
                "those who gave a number there"
            )
    for question in questions:
        if _best_and_worst(question):
            notes.append(
                f"'{question.text[:60]}' holds a best and a worst in every response (MaxDiff): it "
                "is read as a grid that counts both; scores of best less worst are not made"
            )
    return notes


def shared_total(columns: Sequence[Column]) -> float:
    """What numbers side by side add up to in (nearly) every response, 100, 10 or 1; else 0."""
    if any(number_in(answer) is None for column in columns for answer in column.given()):
        return 0.0
    numbers = {a: number_in(a) or 0.0 for column in columns for a in column.given()}
    if any(number < 0 for number in numbers.values()):
        return 0.0
    rows = zip(*(column.values for column in columns), strict=True)
    sums = [_sum(numbers.get(cell or "") for cell in row) for row in rows]
    given = [total for total in sums if total is not None]
    for total in _TOTALS:
        fitting = sum(abs(each - total) < 0.011 * total for each in given)
        if len(given) >= 5 and fitting >= _ENOUGH * len(given):
            return total
    return 0.0


def _sum(numbers: Iterable[float | None]) -> float | None:
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None


def _best_and_worst(question: QuestionGuess) -> bool:
    """A grid with two answers, each once in (nearly) every response."""
    if question.kind != "grid" or question.scale is None or len(question.columns) < 3:
        return False
    labels = [option.label for option in question.scale.options if not option.missing]
    if len(labels) != 2 or not _poles(labels):
        return False
    keys = sorted(map(match_key, labels))
    rows = zip(*(column.values for column in question.columns), strict=True)
    given = [sorted(match_key(cell) for cell in row if cell) for row in rows]
    given = [row for row in given if row]
    return sum(row == keys for row in given) >= _ENOUGH * len(given)


def _poles(labels: Sequence[str]) -> bool:
    one, other = labels
    return any(
        _BEST.fullmatch(best) and _WORST.fullmatch(worst)
        for best, worst in ((one, other), (other, one))
    )
