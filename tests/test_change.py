"""The test of change between waves."""

from __future__ import annotations

import numpy as np
import pytest

from wavedeck.statistics.change import change
from wavedeck.statistics.variance import Design, Linearised


def wave(values: list[float], names: list[str], population: float | None = None) -> Linearised:
    """The plain mean of one respondent an organisation."""
    design = Design.of(np.ones(len(values)), names, population)
    return design.mean(np.array(values), np.ones(len(values), dtype=bool))


NAMES = list("abcdefgh")
FIRST = [1.0, 4, 2, 5, 3, 6, 2, 5]
SECOND = [2.0, 5, 2, 7, 3, 8, 4, 5]


def test_independent_samples_add_their_variances() -> None:
    before, now = wave(FIRST, NAMES), wave(SECOND, [name.upper() for name in NAMES])
    found = change(now, before)
    # The textbook: s^2/n + s^2/n.
    expected = np.sqrt(np.var(FIRST, ddof=1) / 8 + np.var(SECOND, ddof=1) / 8)
    assert found.difference == pytest.approx(1.0, rel=1e-15)
    assert found.standard_error == pytest.approx(expected, rel=1e-14)
    assert (found.df, found.in_both) == (14, 0)


def test_the_same_organisations_are_a_paired_test() -> None:
    before, now = wave(FIRST, NAMES), wave(SECOND, NAMES)
    found = change(now, before)
    differences = np.array(SECOND) - np.array(FIRST)
    error = differences.std(ddof=1) / np.sqrt(8)
    assert found.standard_error == pytest.approx(error, rel=1e-14)
    assert (found.df, found.in_both) == (7, 8)
    stats = pytest.importorskip("scipy.stats")
    assert found.p == pytest.approx(stats.ttest_rel(SECOND, FIRST).pvalue, rel=1e-12)


def test_order_of_organisations_does_not_matter() -> None:
    order = [5, 2, 7, 0, 1, 6, 3, 4]
    turned = wave([SECOND[k] for k in order], [NAMES[k] for k in order], 12)
    straight = wave(SECOND, NAMES, 12)
    before = wave(FIRST, NAMES, 12)
    assert change(turned, before).standard_error == pytest.approx(
        change(straight, before).standard_error, rel=1e-14
    )


def test_nothing_is_left_to_chance_when_the_whole_population_answered_twice() -> None:
    found = change(wave(SECOND, NAMES, 8), wave(FIRST, NAMES, 8))
    assert found.standard_error == 0
    assert np.isnan(found.p)


def test_partly_overlapping_samples_have_the_error_that_repeated_sampling_shows() -> None:
    random = np.random.default_rng(5)
    size, n = 60, 30
    first = random.normal(50, 10, size)
    second = first + random.normal(2, 4, size)
    truth = float((second - first).mean())
    gaps, variances, inside = [], [], 0
    for _ in range(3000):
        pools = [random.permutation(size)[:n] for _ in range(2)]
        before, now = (
            wave(list(values[pool]), [str(k) for k in pool], size)
            for values, pool in zip((first, second), pools, strict=True)
        )
        found = change(now, before)
        gaps.append(found.difference - truth)
        variances.append(found.standard_error**2)
        inside += found.lower <= truth <= found.upper
    assert np.mean(variances) == pytest.approx(np.var(gaps), rel=0.1)
    assert 0.93 < inside / 3000 < 0.97
