"""Tests of differences: Holm, letters, the rest, and crosstabs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from wavedeck.statistics.crossing import Crossing, Family
from wavedeck.statistics.distributions import f_upper, t_quantile, t_two_sided
from wavedeck.statistics.significance import against_rest, column_letter, holm, letters, rao_scott
from wavedeck.statistics.variance import Design

NAN = float("nan")


@pytest.mark.parametrize("df", [1, 2.5, 14, 109, 999, 1000, 5000])
def test_tails_of_t(df: float) -> None:
    t = np.array([0, 0.3, 1.96, 4, 12])
    assert_allclose(t_two_sided(t, df), 2 * stats.t.sf(t, df), rtol=1e-10)
    assert t_quantile(0.025, df) == pytest.approx(stats.t.isf(0.025, df), rel=1e-12)


def test_from_a_million_degrees_of_freedom_on_t_is_normal() -> None:
    assert t_two_sided(1.96, 2e6) == pytest.approx(2 * stats.t.sf(1.96, 2e6), abs=1e-6)
    assert t_quantile(0.025, 2e6) == pytest.approx(stats.t.isf(0.025, 2e6), rel=1e-12)


def test_tails_of_t_without_degrees_of_freedom() -> None:
    assert np.isnan(t_two_sided(1.0, 0))
    assert np.isnan(t_quantile(0.025, 0))


@pytest.mark.parametrize(("df1", "df2"), [(0.7, 3), (1, 40), (7.73, 842.5), (30, 60)])
def test_tails_of_f(df1: float, df2: float) -> None:
    f = np.array([0.1, 1, 2.5, 9])
    assert_allclose(f_upper(f, df1, df2), stats.f.sf(f, df1, df2), rtol=1e-10)


def test_holm_by_hand() -> None:
    # 0.01 <= 0.05 / 3, 0.02 <= 0.05 / 2, 0.06 > 0.05; then one that stops at the first.
    p = np.array([[0.06, 0.01, 0.02], [0.03, 0.02, 0.04], [NAN, 0.02, 0.06]])
    assert holm(p).tolist() == [[False, True, True], [False] * 3, [False, True, False]]


def test_letters_name_the_lower_column() -> None:
    value = np.array([[0.8, 0.5], [0.3, 0.5], [0.36, 0.5]])
    covariance = np.stack([np.diag([0.001] * 3)] * 2)
    everyone = np.ones(3, dtype=bool)
    found = letters(value, covariance, np.array([50, 50, 50]), everyone)
    assert found.tolist() == [["BC", ""], ["", ""], ["", ""]]
    # A column that is not tested has no letters and gives none.
    found = letters(value, covariance, np.array([50] * 3), np.array([True, False, True]))
    assert found.tolist() == [["C", ""], ["", ""], ["", ""]]


def test_overlap_counts() -> None:
    # The same difference is sure where the columns share most of their respondents.
    value, df = np.array([[0.5], [0.4]]), np.array([50, 50])
    apart = np.array([[[0.002, 0.0], [0.0, 0.002]]])
    overlapping = np.array([[[0.002, 0.0015], [0.0015, 0.002]]])
    both = np.ones(2, dtype=bool)
    assert letters(value, apart, df, both).tolist() == [[""], [""]]
    assert letters(value, overlapping, df, both).tolist() == [["B"], [""]]


def test_nothing_is_said_where_nothing_varies() -> None:
    value, df = np.array([[1.0], [0.0]]), np.array([50, 50])
    nothing = letters(value, np.zeros((1, 2, 2)), df, np.ones(2, dtype=bool))
    assert nothing.tolist() == [[""], [""]]


def test_letters_go_on_in_small_letters() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "a", "z", ""]


def test_against_the_rest() -> None:
    gap = np.array([[0.3, 0.01], [-0.2, 0.0], [-0.1, 0.01]])
    variance = np.full((3, 2), 0.002)
    found = against_rest(gap, variance, np.array([50] * 3), np.ones(3, dtype=bool))
    assert found.tolist() == [["higher", ""], ["lower", ""], ["lower", ""]]
    few = against_rest(gap, variance, np.array([50] * 3), np.array([False, True, True]))
    assert few[0].tolist() == ["", ""]


def test_rao_scott_of_a_simple_random_sample_is_pearsons_test() -> None:
    # Without clusters and weights the generalised design effects are all but 1.
    random = np.random.default_rng(4)
    n = 4000
    row = random.integers(0, 3, n)
    column = np.where(random.random(n) < 0.05, row % 2, random.integers(0, 2, n))
    codes = row * 2 + column + 1
    everyone = Family({}, np.ones(n, dtype=bool))
    (table,) = Crossing(Design.of(np.ones(n)), [everyone]).tables([codes], 6)
    found = rao_scott(table.share.reshape(3, 2), table.covariance, table.base, table.df)
    counts = np.bincount(codes - 1, minlength=6).reshape(3, 2)
    told = stats.chi2_contingency(counts, correction=False)
    assert found.p == pytest.approx(told.pvalue, rel=0.02)
    assert found.df1 == pytest.approx(2, rel=0.01)


def test_rao_scott_needs_two_rows_and_two_columns() -> None:
    assert np.isnan(rao_scott(np.array([[0.4, 0.6]]), np.eye(2), 50, 49).p)
    empty_row = np.array([[0.5, 0.5], [0.0, 0.0]])
    assert np.isnan(rao_scott(empty_row, np.eye(4), 50, 49).p)
