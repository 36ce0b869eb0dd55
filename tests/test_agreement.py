"""Cohen's kappa against published worked examples and hand computation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavedeck.statistics.agreement import agreement

CATEGORIES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)


def coded(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two coders' categories from the counts of a square table."""
    first, second = [], []
    for row, numbers in enumerate(table):
        for column, number in enumerate(numbers):
            first += [row] * number
            second += [column] * number
    return first, second


def test_the_example_of_cohen_1960() -> None:
    # Two judges, three categories, 200 units: kappa .492, standard error .055.
    found = agreement(*coded([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    assert found.units == 200
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert round(found.kappa, 3) == 0.492
    assert round(found.standard_error, 3) == 0.055


def test_fifty_proposals_of_two_readers() -> None:
    # A textbook table: 35 of 50 alike, half expected, kappa 0.4.
    found = agreement(*coded([[20, 5], [10, 15]]))
    assert found.kappa == pytest.approx(0.4)
    # By hand: sqrt(0.7 * 0.3 / 50) / 0.5.
    assert found.standard_error == pytest.approx(0.129615, abs=1e-6)


def test_unlike_margins_lower_what_chance_explains() -> None:
    # The same share alike, 60 of 100, with margins 70/60 and 30/40 against even ones.
    assert agreement(*coded([[45, 15], [25, 15]])).kappa == pytest.approx(0.130435, abs=1e-6)
    assert agreement(*coded([[25, 35], [5, 35]])).kappa == pytest.approx(0.259259, abs=1e-6)


def test_full_agreement_and_none() -> None:
    assert agreement("abab", "abab").kappa == 1
    assert agreement("abab", "baba").kappa == -1
    assert agreement("abab", "abab").standard_error == 0


def test_nothing_can_be_said_of_one_category_or_no_units() -> None:
    assert math.isnan(agreement("aaa", "aaa").kappa)
    assert math.isnan(agreement("aaa", "aaa").standard_error)
    assert math.isnan(agreement("", "").kappa)


def test_lists_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same units"):
        agreement("ab", "a")


@given(CATEGORIES)
def test_the_order_of_coders_and_units_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    found = agreement(first, second)
    assert agreement(second, first) == found
    assert agreement(first[::-1], second[::-1]) == found
    assert math.isnan(found.kappa) or found.kappa <= 1
