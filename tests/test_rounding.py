"""Rounding half up, and shares in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavedeck.rounding import percent_text, round_half_up, share_in_words


@pytest.mark.parametrize(
    ("numerator", "base", "text"),
    [(10, 16, "63%"), (1, 8, "13%"), (4, 55, "7%"), (0, 12, "0%"), (5, 5, "100%"), (17, 80, "21%")],
)
def test_percentages_round_half_up(numerator: int, base: int, text: str) -> None:
    assert percent_text(numerator, base) == text


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_integer_shares_are_exact(numerator: int, base: int) -> None:
    exact = Fraction(numerator * 100, base)
    shown = int(percent_text(numerator, base).rstrip("%"))
    assert exact - Fraction(1, 2) < shown <= exact + Fraction(1, 2)


@given(st.decimals(-1000, 1000, places=3))
def test_floats_round_as_they_are_written(value: Decimal) -> None:
    expected = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert round_half_up(float(value), 2) == expected


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (33.33, "a third"),
        (33.0, "a third"),
        (21.25, "just over a fifth"),
        (50, "half"),
        (49.0, "just under half"),
        (0, "none"),
        (0.4, "just under a tenth"),
        (100, "all"),
        (88.0, "just under nine tenths"),
    ],
)
def test_shares_in_words(percent: float, words: str) -> None:
    assert share_in_words(percent) == words


@given(st.floats(0, 100))
def test_none_and_all_are_said_only_of_none_and_all(percent: float) -> None:
    words = share_in_words(percent)
    assert (words == "none") == (percent == 0)
    assert (words == "all") == (percent == 100)
