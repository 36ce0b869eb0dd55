"""Answers that stand off a scale: "Don't know", 'None of these', 'Other'."""

from __future__ import annotations

import re

from wavedeck.clean.text import match_key

_APART = re.compile(
    r"(?:i )?do(?:n't| not) know.*|dk|not sure.*|unsure.*|can't say|cannot say|no opinion.*"
    r"|prefer not to"
    r".*|(?:i'd )?rather not .*|not applicable.*|n/?a\b.*|not relevant.*|too early to .*|no view"
    r"|(?:does|do) not apply.*|decline.*|weiß nicht|weiss nicht|keine angabe|ne sai[st] pas"
    r"|je ne sais pas"
    r"|sans opinion|no s[ée]|no sabe.*|ns/nc|não sei|weet niet|can't remember|don't remember"
    r"|undecided",
    re.I,
)
_OTHER = re.compile(
    r"others?\b.{0,60}|(?:none|neither|no one) of (?:the|these|those).{0,30}|something else.{0,30}"
    r"|sonstige.{0,30}|andere.{0,30}|autres?\b.{0,30}|otr[oa]s?\b.{0,30}|keine davon|aucun.{0,30}",
    re.I,
)
_BARE_OTHER = re.compile(
    r"others?(?: \(.*\)|[,:-]? ?(?:please )?(?:specify|state|describe|write in).*)?:?"
    r"|other answers?|something else"
    r"(?: \(.*\))?|sonstiges?|andere[rs]?|autres?(?: \(.*\))?|otr[oa]s?(?: \(.*\))?",
    re.I,
)


def is_apart(label: str) -> bool:
    """Whether an answer stands off its scale, such as 'Don't know'."""
    return bool(_APART.fullmatch(match_key(label)))


def is_other(label: str) -> bool:
    """Whether an answer is 'Other' or 'None of these'."""
    return bool(_OTHER.fullmatch(match_key(label)))


def takes_write_ins(label: str) -> bool:
    """Whether an option is 'Other' and nothing besides."""
    return bool(_BARE_OTHER.fullmatch(match_key(label)))


def apart_or_other(label: str) -> bool:
    """Whether an option goes with no other: 'None of these', 'Don't know'."""
    return is_apart(label) or (
        is_other(label) and bool(re.match(r"none|neither|keine|aucun", match_key(label)))
    )
