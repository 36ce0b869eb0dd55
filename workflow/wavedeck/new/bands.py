"""Ranges of numbers in round steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

_STEPS = (1, 2, 2.5, 5, 10)
_MOST = 7
_OPEN = 999_999_999.0
"""Where a range of "... or more" ends: a larger number of a later wave is in it too."""


def bands_of(values: Sequence[float]) -> list[tuple[str, float, float]]:
    """(label, least, greatest) of up to seven ranges that hold every value; none where all values
    are the same. Ranges between decimal numbers end just below the next."""
    low, high = min(values), max(values)
    if low == high:
        return []
    whole = all(value.is_integer() for value in values)
    # A few far values would leave all others in one range: the last range is theirs.
    ordered = sorted(values)
    top = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    top = top if top > low else high
    raw = (top - low) / (_MOST - 1)
    size = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next(size * s for s in _STEPS if size * s >= raw * 0.999)
    if whole:
        step = max(1.0, math.ceil(step))
    start = math.floor(low / step) * step
    comma = "," if high >= 10_000 else ""  # a year has none
    found: list[tuple[str, float, float]] = []
    while start <= high and len(found) < _MOST + 1:
        end = start + step
        last = end > top
        greatest = (
            high
            if last
            else (end - 1 if whole else end - 10.0 ** (math.floor(math.log10(step)) - 4))
        )
        greatest = max(greatest, start)
        open_ = last and high >= end
        label = _label(start, greatest, end, whole, open_, comma)
        found.append((label, start, max(high, _OPEN) if open_ else greatest))
        start = end
        if last:
            break
    return found


def _label(low: float, greatest: float, end: float, whole: bool, open_: bool, comma: str) -> str:
    first, last = (f"{number:{comma}.12g}" for number in (low, greatest if whole else end))
    if open_:
        return f"{first} or more"
    if whole:
        return first if low == greatest else f"{first} to {last}"
    return f"{first} to under {last}"
