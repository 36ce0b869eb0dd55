"""Counts of cells give what linearising respondent by respondent gives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from wavedeck.statistics.crossing import Crossing, Family
from wavedeck.statistics.variance import Design, Raking, covariance

VALUES = np.array([[1, 0, 0, 1, 4], [0, 1, 0, 1, 3], [0, 0, 0, 0, 2], [0, 0, 1, 0, 1.0]])
"""Four codes: three options, a net and a score."""


def a_design(seed: int, clustered: bool, raked: bool, outside: bool) -> tuple[Design, np.ndarray]:
    random = np.random.default_rng(seed)
    n = 150
    organisation = random.integers(0, 90, n)
    kind, size = random.integers(0, 3, n), random.integers(0, 2, n)
    if clustered and seed % 2:  # categories of the organisation; else of the respondent
        kind, size = organisation % 3, organisation // 3 % 2
    design = 1 / np.bincount(organisation)[organisation] if clustered else np.ones(n)
    weights = np.ones(n)
    if raked:
        # Weights that are the same in every cell, and weights of one's own.
        level = 1 + 0.3 * kind - 0.2 * size if seed % 3 else random.uniform(0.5, 2, n)
        weights = design * level * (random.random(n) > 0.1)
        design = np.where(weights > 0, design, 0.0)
    apart = (random.random(90) < 0.15)[organisation] if outside else None
    found = Design.of(
        weights,
        organisation if clustered else None,
        200 if seed % 4 else None,
        apart,
        Raking(design, [kind, size]) if raked else None,
    )
    return found, kind


def families(kind: np.ndarray, random: np.random.Generator) -> list[Family]:
    n = len(kind)
    single, several = random.integers(0, 4, n), random.random((n, 3)) < 0.4
    everyone = np.ones(n, dtype=bool)
    return [
        Family({}, everyone),
        Family({f"{code}": single == code for code in (1, 2, 3)}, single > 0),
        Family({f"{place}": several[:, place] for place in range(3)}, several.any(axis=1)),
        Family({"a margin": kind == 1}, everyone),
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize(("raked", "outside"), [(True, False), (False, False), (False, True)])
def test_every_figure(
    seed: int, clustered: bool, raked: bool, outside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed == 5:
        monkeypatch.setattr("wavedeck.statistics.crossing.blocks.CELLS", 1)  # a block a family
    design, kind = a_design(seed, clustered, raked, outside)
    random = np.random.default_rng(seed)
    asked = families(kind, random)
    codes = random.integers(-2, 5, len(kind)).astype(np.int8)
    counted, inside = codes > 0, design.weights > 0
    scores = np.vstack([np.zeros(5), VALUES])[np.maximum(codes, 0)]
    found = Crossing(design, asked).estimates([codes], VALUES)[0]
    assert len(found) == len(asked)
    for family, estimates in zip(asked, found, strict=True):
        masks = [*family.groups.values(), family.whole]
        for answer in range(5):
            one = [design.mean(scores[:, answer], mask & counted) for mask in masks]
            full = covariance(np.stack([each.totals for each in one], axis=1), design.strata)
            largest = np.diag(full).max()
            assert_allclose(estimates.covariance[answer], full, rtol=1e-11, atol=1e-13 * largest)
            assert_allclose(estimates.value[:, answer], [each.value for each in one], rtol=1e-12)
            assert list(estimates.df) == [each.df for each in one]
            for place, mask in enumerate(masks[:-1]):
                others = family.whole & ~mask & counted & inside
                rest = design.mean(scores[:, answer], others)
                apart = (one[place].totals - rest.totals)[:, None]
                assert_allclose(
                    estimates.rest_variance[place, answer],
                    covariance(apart, design.strata)[0, 0],
                    rtol=1e-10,
                )
                assert estimates.rest[place, answer] == pytest.approx(rest.value, rel=1e-11)
                assert estimates.rest_df[place] == rest.df
        for place, mask in enumerate(masks):
            weights = design.weights[mask & counted]
            squares = np.square(weights).sum()
            assert estimates.base[place] == (weights > 0).sum()
            assert estimates.weighted_base[place] == pytest.approx(weights.sum(), rel=1e-13)
            assert estimates.effective_base[place] == pytest.approx(weights.sum() ** 2 / squares)


def test_what_the_margins_explain_has_no_error() -> None:
    design, kind = a_design(1, clustered=True, raked=True, outside=False)
    everyone = Family({}, np.ones(len(kind), dtype=bool))
    (found,) = Crossing(design, [everyone]).estimates([kind + 1], np.eye(3))[0]
    assert (found.variance == 0).all()


def test_a_group_nobody_is_in_has_no_estimate() -> None:
    design, kind = a_design(1, clustered=True, raked=True, outside=False)
    nobody = Family({"nobody": np.zeros(len(kind), dtype=bool)}, np.ones(len(kind), dtype=bool))
    codes = np.ones(len(kind), dtype=np.int8)
    (found,) = Crossing(design, [nobody]).estimates([codes], np.eye(2))[0]
    assert np.isnan(found.value[0]).all()
    assert np.isnan(found.variance[0]).all()
    assert found.df[0] == 0
    assert (found.value[1] == [1, 0]).all()
