"""Answers that are ranges of numbers, in their order: '18-24', 'under 1 year', '> 1,000'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wavedeck.clean.text import match_key

_UNITS = (
    (r"seconds?|secs?", 1 / 3600), (r"minutes?|mins?", 1 / 60), (r"hours?|hrs?", 1.0),
    (r"days?", 24.0), (r"weeks?", 168.0),
    (r"months?", 730.0), (r"years?|yrs?", 8760.0),
)  # fmt: skip
_BAND_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:k\b|m\b|million|thousand)?", re.I)
_UNDER = re.compile(
    r"\b(?:under|less than|below|fewer than|up to|younger|unter|moins de|menos de|or less"
    r"|or under|and under|or fewer|within)\b|^\s*[<≤]",
    re.I,
)
_OVER = re.compile(
    r"\b(?:over|more than|above|older|greater than|at least|über|plus de|más de|or (?:more|over"
    r"|older|above)|and (?:over|above|older|more)|longer than|or longer)\b|[+>≥]",
    re.I,
)
_DECIMAL = re.compile(r"(?<![\d,.])(?:0,\d|\d+,(?:\d{1,2}|\d{4,})(?![\d,]))")
"""A comma that stands between no thousands: where one label has it, it is decimal in all."""
_AGE = re.compile(
    r"(?:\s|\d|[-–+<>≤≥&,.()]|(?:under|over|up to|to|less than|more than|below|above|and|or"
    r"|between|aged?|years?|yrs?|old|older|younger|unter|über|bis|und|älter|jünger|jahre?|ans|et|plus"
    r"|moins|de|à|años|más|menos|y|a)\b)*",
    re.I,
)
"""Nothing but a range and what ages are told with; 'Band 5' is none."""
_ZERO = {
    "none",
    "0",
    "zero",
    "no",
    "nil",
    "never",
    "nobody",
    "keine",
    "aucun",
    "ninguno",
    "not at all",
}


_OF_RANGES = re.compile(
    r"\b(?:under|less|than|below|fewer|up|to|younger|or|and|over|more|above|older|greater|at|least"
    r"|most|between|from|about|within|longer|old|per|each|a|the|of|in|no|none|not|times?|people"
    r"|staff|employees|pounds?|k|m|million|thousand|seconds?|secs?|minutes?|mins?|hours?|hrs?"
    r"|days?|weeks?|months?|years?|yrs?|unter|bis|über|moins|plus|de|menos|más|jahre?|ans|años)\b",
    re.I,
)


def reads_as_range(label: str) -> bool:
    """Whether a label says a number or a range and little else: '10 more buses, please' is none."""
    rest = _OF_RANGES.sub(" ", _BAND_NUMBER.sub(" ", label))
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= 1


def ranges_in(labels: Sequence[str]) -> tuple[str, dict[str, float]] | None:
    """The family ('ages' or 'bands') and each label's place, or None where a label is no range."""
    ranks: dict[str, float] = {}
    zero = 0
    decimal = any(_DECIMAL.search(label) for label in labels)
    for label in labels:
        key = match_key(label)
        if key in _ZERO or re.fullmatch(r"(?:no|none)\b.{0,20}", key):
            ranks[label] = -1.0
            zero += 1
            continue
        numbers = list(_BAND_NUMBER.finditer(label))
        if not numbers or len(numbers) > 3:
            return None
        low = _size(numbers[0][0], decimal) * _unit(label, numbers[0].end())
        # 'Under 18' and '18 and over' begin where another band ends.
        ranks[label] = (
            low
            - 0.3 * max(low, 0.01) * bool(_UNDER.search(label))
            + 0.001 * low * bool(_OVER.search(label) and len(numbers) == 1)
        )
        if _UNDER.search(label) and len(numbers) == 1:
            ranks[label] = min(ranks[label], low * 0.001)
    if zero > 1 or len(set(ranks.values())) < len(ranks) or len(ranks) - zero < 2:
        return None
    family = (
        "ages"
        if all(_AGE.fullmatch(each) for each in labels if ranks[each] >= 0)
        and max(ranks.values()) < 110
        else "bands"
    )
    return family, ranks


def _size(text: str, decimal: bool) -> float:
    """`decimal`: a comma stands before decimals, not between thousands."""
    digits = re.sub(r"[^\d.]", "", text.replace(",", ".") if decimal else text).rstrip(".")
    factor = (
        1000
        if re.search(r"k|thousand", text, re.I)
        else 1_000_000
        if re.search(r"m", text, re.I)
        else 1
    )
    return float(digits or 0) * factor


def _unit(label: str, after: int) -> float:
    rest = label[after:]
    for unit, factor in _UNITS:
        if re.match(rf"[\s\-–to\d.,]*(?:{unit})\b", rest, re.I):
            return factor
    return 1.0
