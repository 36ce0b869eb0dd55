"""Columns that hold what respondents wrote beside the options of their question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Column, Guess, QuestionGuess
from wavedeck.inspect.spread import CHOSEN, UNCHOSEN
from wavedeck.inspect.texts import is_missing_mark

_WRITE_IN = re.compile(
    r".*\b(?:please (?:specify|state|describe|say|give)|specify|write in|open.?ended|comment"
    r"|text\b|"
    r"sonstiges|précisez|especifique).*|other:?|others?\b.{0,12}(?:text)?|.*_text|-oth-"
    r"|.*\bother\]?",
    re.I,
)
_SPECIFY = re.compile(
    r"(?:q?\d+\w?[.)]? )?(?:if )?(?:you (?:said|chose|answered|selected) )?['\"‘“]?others?\b"
    r"['\"’”]?.{0,12}(?:please (?:specify|state|describe|say|give|write|explain)|specify|write in"
    r"|what|which)\b.{0,40}",
    re.I,
)

_NO = ("no", "0", "false", "not selected", "unchecked")
"""What tools write beside the options where nothing was written in."""


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


def is_called_write_in(column: Column) -> bool:
    """Whether a column by itself is called like what is written in beside the options of another:
    'Other, please specify', 'If other, what?', 'Q5_7_TEXT'; ticks in it are none."""
    called = bool(_SPECIFY.fullmatch(tidy(column.item or column.stem)))
    called |= bool(column.code and re.fullmatch(r".*\d_TEXT", column.code))
    if not called:
        return False
    marks = {match_key(answer) for answer in column.given()}
    return bool(marks - {*CHOSEN, *UNCHOSEN}) and len(marks) > 1


def is_text_box(column: Column) -> bool:
    """Whether a tool calls a column the words of a box; many may write the same there."""
    return match_key(column.name).endswith("open-ended response")


def wrote_instead(found: QuestionGuess, column: Column) -> int:
    """How many wrote into a column of its own instead of choosing an answer."""
    beside = zip(found.columns[0].values, column.values, strict=True)
    return sum(_says_nothing(own) and not _says_nothing(words) for own, words in beside)


def _says_nothing(text: str | None) -> bool:
    """Blank, a mark such as '-', or No."""
    return not (text or "").strip() or is_missing_mark(text or "") or match_key(text or "") in _NO


def note_left_out(found: QuestionGuess, column: Column) -> None:
    """A scale beside which some wrote: who wrote there has no answer here."""
    found.notes.append(
        f"{wrote_instead(found, column)} wrote in '{column.name}' with no answer here: not in the"
        " base, so shares are of those who chose an option"
    )


def as_choices(found: QuestionGuess, column: Column) -> QuestionGuess:
    """A single choice whose Other has a column of its own, as a question of several choices in one
    cell: these count who wrote in, which a single choice cannot."""
    assert found.scale is not None
    labels = "".join(option.label for option in found.scale.options)
    separator = next((mark for mark in ";|/~" if mark not in labels), ";")
    reason = "one choice, or words of one's own beside it: read as choices, for these count both"
    return replace(
        found,
        kind="multi_joined",
        guess=Guess("likely", reason),
        scale=None,
        options=found.scale.options,
        separator=separator,
        pieces_by=separator,
        other=column,
        one_each=True,
        notes=[*found.notes, f"{wrote_instead(found, column)} wrote in '{column.name}' instead"],
    )


def written_in(column: Column, text: str, number: str) -> QuestionGuess:
    """What respondents wrote beside the options of a question stays free text, however often some
    wrote the same: none of it was on offer."""
    reason = "what was written in beside the options of a question"
    return QuestionGuess("text", text, [column], Guess("likely", reason), number)


def note_other(found: QuestionGuess, column: Column) -> None:
    denied = {answer: times for answer, times in column.times().items() if match_key(answer) in _NO}
    if denied:
        found.notes.append(
            f"'{column.name}' says '{next(iter(denied))}' {sum(denied.values())} times where "
            "nothing was written"
        )
