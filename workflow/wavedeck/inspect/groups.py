"""Columns that share a header: one question, or each its own."""

from __future__ import annotations

from collections.abc import Sequence

from wavedeck.inspect.grids import grid_of
from wavedeck.inspect.joined import joined_in
from wavedeck.inspect.profile import Aside, Column, Found, Guess, QuestionGuess
from wavedeck.inspect.questions import question_of, text_of
from wavedeck.inspect.rankings import ranking_of
from wavedeck.inspect.spread import spread_of
from wavedeck.inspect.values import Values
from wavedeck.inspect.write_ins import (
    as_choices,
    is_called_write_in,
    is_write_in,
    note_left_out,
    note_other,
    written_in,
    wrote_instead,
)


def questions_of(columns: Sequence[Column], values: Values) -> Found:
    """What columns that share a header ask; columns that do not go together ask for themselves."""
    if len(columns) == 1:
        return [_alone(columns[0], values)]
    text, number = text_of(columns[0].stem)
    joined = [column for column in columns if not column.item]
    parts = [column for column in columns if column.item]
    free = [column for column in parts if is_write_in(column, parts)]
    closed = [column for column in parts if column not in free]
    found: QuestionGuess | None = None
    if not closed and joined and free:
        return _with_words(joined, free, values)
    if sum(joined_in(column) is not None for column in closed) > 0.5 * len(closed):
        closed = []  # several choices a row: each row a question of its own
    if len(closed) >= 2 or (len(closed) == 1 and free):
        found = (
            ranking_of(closed, text, number)
            or spread_of(closed, text, number)
            or grid_of(closed, text, number, values)
        )
    if found is None:
        return [question_of(column, values) for column in columns]
    result: Found = [found]
    for column in joined:
        reason = "the same answers as its own columns, joined in one cell"
        result.append(Aside(column, "other", Guess("sure", reason)))
    for place, column in enumerate(free):
        if (
            found.kind in ("multi_spread", "ranking", "ranking_places")
            and place == 0
            and column.answers()
        ):
            found.other = column
            note_other(found, column)
        else:
            result.append(_words(column, values))
    return result


def _alone(column: Column, values: Values) -> QuestionGuess | Aside:
    """A column that shares its header with no other."""
    return _words(column, values) if is_called_write_in(column) else question_of(column, values)


def _words(column: Column, values: Values) -> QuestionGuess | Aside:
    """A column of what was written in, without a question that takes it as its own."""
    if not column.given():
        return question_of(column, values)
    return written_in(column, *text_of(column.title))


def _with_words(joined: list[Column], free: list[Column], values: Values) -> Found:
    """A question in one cell, and the column of what was written in beside its options."""
    first = question_of(joined[0], values)
    rest = free
    if isinstance(first, QuestionGuess) and first.kind == "multi_joined" and free[0].answers():
        first.other, rest = free[0], free[1:]
        note_other(first, free[0])
    elif isinstance(first, QuestionGuess) and first.scale and wrote_instead(first, free[0]):
        if first.scale.family:
            note_left_out(first, free[0])
        else:
            first, rest = as_choices(first, free[0]), free[1:]
    others = [question_of(column, values) for column in joined[1:]]
    return [first, *others, *(_words(column, values) for column in rest)]
