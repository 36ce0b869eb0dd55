"""Numbers as readers see them: rounded half up from unrounded values, and in words."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def round_half_up(value: float | Fraction, places: int = 0) -> Decimal:
    """`value` rounded half up, away from zero: 62.5 -> 63, -0.5 -> -1.

    A float is taken at the value that its shortest decimal text has to 12 places, so that 0.285
    rounds as written and not as stored.
    """
    step = Decimal(1).scaleb(-places)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**places
        whole = math.floor(scaled + Fraction(1, 2))
        return Decimal(whole if value >= 0 else -whole) * step
    return Decimal(f"{value:.12f}").quantize(step, rounding=ROUND_HALF_UP)


def percent_text(numerator: float, base: float) -> str:
    """A share as a whole percentage. Integer counts are divided exactly."""
    if float(numerator).is_integer() and float(base).is_integer():
        return f"{round_half_up(Fraction(int(numerator), int(base)) * 100)}%"
    return f"{round_half_up(100 * numerator / base)}%"


def count_text(value: float) -> str:
    return f"{int(value):,}"


def points_text(points: float) -> str:
    """A change in percentage points: "up 7 points", "down 1 point"."""
    way = "up" if points > 0 else "down"
    size = round_half_up(abs(points))
    if not size:
        return f"{way} less than 1 point"
    return f"{way} {size} point" + ("s" if size != 1 else "")


def mean_text(value: float) -> str:
    return str(round_half_up(value, 1))


def p_text(value: float) -> str:
    """A p value: 0.03, 0.004, or less than 0.001; never rounded up to a limit it is below."""
    if value < 0.001:
        return "<0.001"
    places = 3 if value < 0.01 or 0.045 <= value < 0.055 else 2
    return str(round_half_up(value, places))


_FRACTIONS = (
    (0.0, "none"),
    (10.0, "a tenth"),
    (20.0, "a fifth"),
    (25.0, "a quarter"),
    (100 / 3, "a third"),
    (40.0, "two fifths"),
    (50.0, "half"),
    (60.0, "three fifths"),
    (200 / 3, "two thirds"),
    (75.0, "three quarters"),
    (80.0, "four fifths"),
    (90.0, "nine tenths"),
    (100.0, "all"),
)


def share_in_words(percent: float) -> str:
    """A percentage as a fraction in words: 21.25 -> "just over a fifth", 33.0 -> "a third".

    Within half a point of the fraction it is the fraction itself; further off it is just over or
    just under the nearest. None and all are said only of exactly none and all.
    """
    inner = [entry for entry in _FRACTIONS if entry[0] not in (0.0, 100.0)]
    if percent in (0.0, 100.0):
        return dict(_FRACTIONS)[percent]
    at, words = min(inner, key=lambda entry: abs(entry[0] - percent))
    if abs(percent - at) <= 0.5:
        return words
    return f"just over {words}" if percent > at else f"just under {words}"
