"""From raw text to a code, judged once for each distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wavedeck.answers import DONT_KNOW, NO_ANSWER, NOT_ASKED
from wavedeck.clean.text import match_key, tidy
from wavedeck.survey import Scale

MISSING = {"not_asked": NOT_ASKED, "no_answer": NO_ANSWER, "dont_know": DONT_KNOW}


@dataclass(frozen=True)
class Coded:
    """What one raw text becomes."""

    code: int
    rule: str = ""
    """The rule of the ledger; "" when the cell was taken as it stands."""
    new: str = ""


def scale_coder(scale: Scale, no_answer: Iterable[str]) -> Callable[[str], Coded | None]:
    """A function from raw text to its code: an option from 1 on, a kind of missing, or unknown."""
    by_label: dict[str, Coded] = {}
    exact: dict[str, int] = {}
    for position, option in enumerate(scale.options.values(), start=1):
        own = MISSING[option.missing] if option.missing else position
        exact[option.label] = own
        by_label[match_key(option.label)] = Coded(own, "spelling", option.label)
        for alias in option.aliases:
            by_label.setdefault(match_key(alias), Coded(own, "alias", option.label))
    marks = {match_key(mark) for mark in no_answer}

    def code(raw: str) -> Coded | None:
        if raw in exact:
            return Coded(exact[raw])
        text = tidy(raw)
        if text in exact:
            return Coded(exact[text], "spaces", text)
        if not text or match_key(text) in marks:
            return Coded(NO_ANSWER, "no_answer")
        return by_label.get(match_key(text))

    return code


def rank_coder(ranks: int, no_answer: Iterable[str]) -> Callable[[str], Coded | None]:
    """A function from raw text to a rank of 1 to `ranks`; None: not a rank."""
    marks = {match_key(mark) for mark in no_answer}

    def code(raw: str) -> Coded | None:
        text = tidy(raw)
        if not text or match_key(text) in marks:
            return Coded(NO_ANSWER, "no_answer")
        if re.fullmatch(r"[0-9]{1,3}", text) and 1 <= int(text) <= ranks:
            return Coded(int(text), "" if text == raw else "spaces", text)
        return None

    return code
