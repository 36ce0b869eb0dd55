"""Columns that hold what respondents wrote beside the options of their question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Column, QuestionGuess
from wavedeck.inspect.spread import CHOSEN, UNCHOSEN
from wavedeck.inspect.texts import is_missing_mark

_WRITE_IN = re.compile(
    r".*\b(?:please (?:specify|state|describe|say|give)|specify|write in|open.?ended|comment"
    r"|text\b|"
    r"sonstiges|précisez|especifique).*|other:?|others?\b.{0,12}(?:text)?|.*_text|-oth-"
    r"|.*\bother\]?",
    re.I,
)


def is_write_in(column: Column, among: Sequence[Column]) -> bool:
    """Whether a column of a group holds what people wrote beside the options."""
    counts = tally(a for a in column.answers() if not is_missing_mark(a))
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
    others = Counter(
        match_key(a)
        for c in among
        if c is not column
        for a in c.answers()
        if not is_missing_mark(a)
    )
    shared = sum(mark in others and mark not in ("no", "0") for mark in marks)
    return named and shared <= 0.5 * len(marks)


def note_other(found: QuestionGuess, column: Column) -> None:
    denied = [a for a in column.answers() if match_key(a) in ("no", "0", "false", "not selected")]
    if denied:
        found.notes.append(
            f"'{column.name}' says '{denied[0]}' {len(denied)} times where nothing was written"
        )
