"""Columns that hold what respondents wrote beside the options of their question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Column, QuestionGuess
from wavedeck.inspect.spread import CHOSEN, UNCHOSEN

_WRITE_IN = re.compile(
    r".*\b(?:please (?:specify|state|describe|say|give)|specify|write in|open.?ended|comment"
    r"|text\b|"
    r"sonstiges|précisez|especifique).*|other:?|others?\b.{0,12}(?:text)?|.*_text|-oth-"
    r"|.*\bother\]?",
    re.I,
)


def is_write_in(column: Column, among: Sequence[Column]) -> bool:
    """Whether a column of a group holds what people wrote beside the options."""
    counts = tally(column.given())
    marks = {match_key(label) for label in counts}
    if marks <= {*CHOSEN, *UNCHOSEN, match_key(column.item)} and marks:
        return False
    named = bool(
        _WRITE_IN.fullmatch(column.item)
        or (column.code and column.code.lower().endswith(("_text", "other", "[other]", "_other")))
    )
    if not counts:
        return named and bool(
            re.search(r"specify|state|text|comment", f"{column.item} {column.code}", re.I)
        )
    others = {match_key(a) for c in among if c is not column for a in c.given()}
    shared = sum(mark in others and mark not in ("no", "0") for mark in marks)
    return named and shared <= 0.5 * len(marks)


def note_other(found: QuestionGuess, column: Column) -> None:
    denied = {
        answer: times
        for answer, times in column.times().items()
        if match_key(answer) in ("no", "0", "false", "not selected")
    }
    if denied:
        found.notes.append(
            f"'{column.name}' says '{next(iter(denied))}' {sum(denied.values())} times where "
            "nothing was written"
        )
