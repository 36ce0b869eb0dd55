"""Rankings: a column an item with its rank, or a column a place with what was put there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.profile import Column, Guess, QuestionGuess
from wavedeck.inspect.texts import asks_to_rank, is_missing_mark, whole

_POSITION = re.compile(
    r"(?:rank|rang|position|platz|place|choice|priority|puesto)?\s*#?\d{1,2}"
    r"|(?:1st|2nd|3rd|\dth)(?: choice)?"
    r"|(?:first|second|third|fourth|fifth)(?: choice| priority)?",
    re.I,
)


def ranking_of(columns: Sequence[Column], text: str, number: str) -> QuestionGuess | None:
    """Each cell a rank: whole numbers up to the number of columns, none twice in a row of cells."""
    size = len(columns)
    if not 2 < size <= 40:
        return None
    ranks = {a: whole(a) for column in columns for a in column.given()}
    if any(rank is None or not 1 <= rank <= size for rank in ranks.values()):
        return None
    rows = list(zip(*(c.values for c in columns), strict=True))
    rows_of_ranks, ties, seen = 0, 0, set()
    for row in rows:
        given = [whole(v) for v in row if v and v.strip() and not is_missing_mark(v)]
        if not given:
            continue
        rows_of_ranks += 1
        ties += len(set(given)) < len(given)
        seen |= set(given)
    if not rows_of_ranks or ties > 0.2 * rows_of_ranks or len(seen) < 2:
        return None
    if not asks_to_rank(text) and rows_of_ranks < 5 and ties:
        return None
    guess = Guess("sure" if asks_to_rank(text) else "likely", f"ranks from 1 to {size}")
    question = QuestionGuess("ranking", text, list(columns), guess, number)
    question.labels = [column.item for column in columns]
    if ties:
        question.notes.append(f"{ties} respondents gave a rank twice: neither counts")
    return question


def is_positional(columns: Sequence[Column], per: Sequence[Counter[str]], text: str) -> bool:
    """A ranking with a column a place: no answer stands twice in a row."""
    places = all(_POSITION.fullmatch(tidy(column.item)) for column in columns)
    if not places and not asks_to_rank(text):
        return False
    rows = [
        [match_key(v) for v in row if v] for row in zip(*(c.values for c in columns), strict=True)
    ]
    many = [row for row in rows if len(row) > 1]
    # '1st' or '2' is a rank given to the column's item, and nothing that was put on a place.
    numbers = all(
        whole(label) is not None or _POSITION.fullmatch(tidy(label))
        for counts in per
        for label in counts
    )
    return bool(many) and not numbers and all(len(set(row)) == len(row) for row in many)
