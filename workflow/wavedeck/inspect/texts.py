"""Texts of headers and cells: tidied, compared, and told apart from marks for missing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Literal

from wavedeck.clean.text import match_key, tidy

MISSING_MARKS = (
    *("-", "–", "—", "--", ".", "..", "n/a", "na", "n.a", "#n/a", "null", "#null!", "nan", "-99"),
    *("-9", "no reply", "no answer", "no response", "not answered", "(blank)", "[blank]", "blank"),
    *(
        "missing",
        "system missing",
        "error",
        "(no answer)",
        "unanswered",
        "keine angabe",
        "k.a",
        "pas de",
    ),
    *("pas de réponse", "sans réponse", "sin respuesta", "skipped", "not stated"),
)
"""Texts that mean no answer, where they are few among other answers."""
_CODES = (*range(-9, 0), -77, -88, -96, -97, -98, -99, -999)
NOT_ASKED_MARKS = ("not asked", "not routed", "nicht gestellt", "n/a (not asked)")

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(
    r"[-+]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+|\d{4,},\d{3})"
)
_SELECT_ALL = re.compile(
    r"(?:select|tick|choose|check|mark) (?:all|as many|any|every)|all that apply|up to (?:two"
    r"|three|four|five|\d)|which of|multiple",
    re.I,
)
_IN_WORDS = re.compile(
    r"\bcomments?\b|\bexplain|\bdescribe|\bspecify\b|anything else|\btell us\b|suggestions?\b"
    r"|\bfeedback\b|your own words|further (?:details?|information)|\belaborate",
    re.I,
)
_RANKED = re.compile(
    r"\brank|order of (?:importance|preference|priority)|priorit"
    r"|\b(?:ordnen|rangfolge|reihenfolge|classe[rz]|ordene)\b",
    re.I,
)
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_SKIP = re.compile(
    r"\s*[\[(](?:(?:please\s+)?(?:skip|go|jump|routed?|continue)\s+(?:to|straight)\b|if \w+[^\])]*"
    r"(?:go|skip) to\b|end (?:of )?survey)[^\])]*[\])]",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/. ]\s?(?:\d{1,2}|[A-Za-z]{3,9})[-/. ,]|[A-Za-z]{3,9} \d{1,2},|\d{8}T"
)
_ZONE = re.compile(
    r"(?<=[\dM])\s+(?:(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d|[A-Z]{1,3}[SD]?T|Z)"
    r"(?:\s*\([^()]*\))?$"
)
_DATE_FORMATS = (
    *("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y", "%d.%m.%Y %H:%M"),
    *("%d.%m.%Y %H:%M:%S", "%d-%m-%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d %b %Y"),
    *("%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%y", "%d/%m/%y %H:%M", "%d %b %Y %H:%M"),
    *("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"),
    *("%m/%d/%y", "%m/%d/%y %H:%M", "%m/%d/%y %I:%M:%S %p", "%m/%d/%Y %I:%M %p"),
    *("%Y/%m/%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %I:%M:%S %p", "%b %d, %Y", "%d/%m/%Y, %H:%M:%S"),
)


def heading(text: str) -> str:
    """A header as people read it: one line, without HTML, entities and invisible characters; as it
    stands where nothing else is left of it."""
    return tidy(html.unescape(_TAG.sub(" ", text))) or tidy(text)


def without_skips(label: str) -> str:
    """An option or question without a skip instruction: 'No (go to question 9)' is 'No'."""
    return tidy(_SKIP.sub("", label)) or label


def asks_to_choose(text: str) -> bool:
    """Whether a question says that several answers may be chosen."""
    return bool(_SELECT_ALL.search(text))


def asks_for_words(text: str) -> bool:
    """Whether a question asks for an answer in one's own words."""
    return bool(_IN_WORDS.search(text))


def asks_to_rank(text: str) -> bool:
    """Whether a question asks for an order of preference."""
    return bool(_RANKED.search(text))


def is_missing_mark(text: str) -> bool:
    return match_key(text) in _MARKS


def given_in(answers: Iterable[str]) -> list[str]:
    """Answers less the marks for missing; -9 and -99 are answers among other amounts below zero."""
    texts = list(answers)
    marks = {text for text in texts if is_missing_mark(text)}
    codes = {text for text in marks if number_in(text) is not None}
    below = (number_in(text) or 0.0 for text in texts if codes)
    if any(number < 0 and not is_code(number) for number in below):
        marks -= codes
    return [text for text in texts if text not in marks]


def is_code(number: float) -> bool:
    """Whether a number below zero is one by which surveys say 'refused' and the like."""
    return number in _CODES


def is_not_asked(text: str) -> bool:
    return match_key(text) in NOT_ASKED_MARKS


_MARKS = {match_key(mark) for mark in MISSING_MARKS}


def number_in(text: str) -> float | None:
    """The number that a text is as a whole, as clean reads it, or None. Thousands may have commas;
    for decimal commas see `commas_in`."""
    tidied = tidy(text)
    return float(tidied.replace(",", "")) if _NUMBER.fullmatch(tidied) else None


def commas_in(texts: Iterable[str]) -> Literal["", "decimal", "thousands", "unclear"]:
    """What commas mean in a column of numbers, from all of them; "" where none has one.

    '2,5', '0,125' and '1.234,5' have decimal commas, '1,234,567', '1,234.5' and '1,200' have not.
    '3,125' alone is unclear, unless plain numbers beside it come near a thousand.
    """
    tidied = [text for text in map(tidy, texts) if not is_missing_mark(text)]
    if any(_DECIMAL_COMMA.fullmatch(text) for text in tidied):
        return "decimal"
    grouped = [text for text in tidied if "," in text and _NUMBER.fullmatch(text)]
    if not grouped:
        return ""
    if any(text.count(",") > 1 or "." in text or text.endswith("00") for text in grouped):
        return "thousands"
    plain = [abs(number) for text in tidied if "," not in text and (number := number_in(text))]
    return "thousands" if max(plain, default=0) >= 100 else "unclear"


def with_decimal_comma(text: str) -> float | None:
    """The number that a text with decimal commas is, or None: '2,5', '3,125', '1.234,5', '7'."""
    tidied = tidy(text)
    if not (_DECIMAL_COMMA.fullmatch(tidied) or _NUMBER.fullmatch(tidied)):
        return None
    if "," not in tidied:
        return float(tidied)
    if tidied.count(",") > 1:
        return None
    head, _, digits = tidied.partition(",")
    if "." in digits:
        return None
    return float(f"{head.replace('.', '')}.{digits}")


def whole(text: str) -> int | None:
    """The whole number that a text is, or None."""
    number = number_in(text)
    return int(number) if number is not None and number.is_integer() else None


def dates_in(texts: Iterable[str]) -> list[datetime] | None:
    """Dates, when every text is one in the same way of writing; day before month where both fit."""
    found = [text.strip() for text in texts]
    form = form_of_dates(found)
    if form is None:
        return None
    return _dates(found, form) if form else [_naive(datetime.fromisoformat(text)) for text in found]


def without_zone(text: str) -> str:
    """A time without the zone behind it: '4 Mar 2024 10:00 GMT', '10:00:00 UTC+01:00'."""
    return _ZONE.sub("", text)


def form_of_dates(texts: Sequence[str]) -> str | None:
    """How all texts say a date, as strptime has it; "" for ISO 8601, None where they are no
    dates."""
    if not texts or not all(map(_may_be_date, texts)):
        return None
    if all(map(_iso, texts)):
        return ""
    return next((form for form in _DATE_FORMATS if _dates(texts, form) is not None), None)


@lru_cache(maxsize=1 << 16)
def _iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _may_be_date(text: str) -> bool:
    return 6 <= len(text) <= 32 and bool(_DATE_LIKE.match(text))


@lru_cache(maxsize=1 << 16)
def _date(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _dates(texts: Sequence[str], form: str) -> list[datetime] | None:
    found = []
    for text in texts:
        if (date := _date(text, form)) is None:
            return None
        found.append(date)
    return found


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
