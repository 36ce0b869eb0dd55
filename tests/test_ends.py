"""Shares of 0 and of 1, where the sample tells no variance: what stands for it, everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from wavedeck.estimate.edition import Columns, Edition
from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.variables import Coded
from wavedeck.statistics import intervals
from wavedeck.statistics.change import change
from wavedeck.statistics.crossing import Crossing, Family
from wavedeck.statistics.variance import Design, Linearised, Raking, covariance

YES_NO = np.array([[1.0], [0.0]])


def two_groups(counts: list[tuple[int, int]]) -> tuple[np.ndarray, Breakdown]:
    """(yes, no) of each group: codes, and the breakdown."""
    codes = np.concatenate([[1] * yes + [2] * no for yes, no in counts])
    group = np.repeat(np.arange(len(counts)), [yes + no for yes, no in counts])
    masks = {str(place): group == place for place in range(len(counts))}
    shown = {f"b.{place}": int(place) for place in masks}
    family = Family(masks, np.ones(len(codes), dtype=bool))
    return codes, Breakdown("b", family, shown, tuple(range(len(counts))))


def compared(counts: list[tuple[int, int]]) -> Columns:
    codes, breakdown = two_groups(counts)
    edition = Edition(Design.of(np.ones(len(codes))), weighted=False, minimum=5)
    return edition.columns([Coded(codes, YES_NO)], [breakdown])[0][0]


def test_a_rest_of_which_nobody_says_yes_is_no_certainty() -> None:
    # 15 of 90 and 0 of 10: Fisher's exact test has p = 0.35. Without a variance of the rest the
    # difference would be 4.2 standard errors.
    found = compared([(15, 75), (0, 10)])
    assert found.letters[:2, 0].tolist() == ["", ""]
    assert found.against_rest[:2, 0].tolist() == ["", ""]
    # 60 of 90 and 0 of 10 are told apart, from both sides and by letters.
    found = compared([(60, 30), (0, 10)])
    assert found.letters[:2, 0].tolist() == ["B", ""]
    assert found.against_rest[:2, 0].tolist() == ["higher", "lower"]


def test_a_rest_of_which_all_say_yes_is_no_certainty() -> None:
    found = compared([(75, 15), (10, 0)])
    assert found.against_rest[:2, 0].tolist() == ["", ""]


@pytest.mark.parametrize("clustered", [False, True])
def test_the_rest_has_its_own_number_of_organisations(clustered: bool) -> None:
    random = np.random.default_rng(8)
    n = 120
    organisation = random.integers(0, 60, n) if clustered else np.arange(n)
    weights = random.uniform(0.3, 3, n)
    group = random.integers(0, 3, n)
    masks = {str(place): group == place for place in range(3)}
    design = Design.of(weights, organisation)
    codes = random.integers(0, 3, n)
    family = Family(masks, np.ones(n, dtype=bool))
    ((found,),) = Crossing(design, [family]).estimates([codes], YES_NO)
    for place, mask in enumerate(masks.values()):
        for there, number in (
            (mask, found.organisations[place]),
            (~mask, found.rest_organisations[place]),
        ):
            base = there & (codes > 0)
            sums = np.bincount(organisation[base], weights[base])
            kish = sums.sum() ** 2 / np.square(sums).sum()
            assert number == pytest.approx(kish, rel=1e-12)
            assert design.proportion(codes == 1, base).organisations == pytest.approx(kish)


@pytest.mark.parametrize("options", [7, 8, 12, 40])
def test_a_net_of_all_options_is_all(options: int) -> None:
    """Whatever the order in which sums are taken, a share of all is 1, with Wilson's interval."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        n = 120
        weights, kind = random.uniform(0.3, 3, n), random.integers(0, 3, n)
        design = Design.of(weights, population=300, raking=Raking(np.ones(n), [kind]))
        codes, group = random.integers(1, options + 1, n), random.integers(0, 3, n)
        masks = {str(place): group == place for place in range(3)}
        breakdown = Breakdown("b", Family(masks, np.ones(n, dtype=bool)), {}, (0, 1, 2))
        edition = Edition(design, weighted=True, minimum=5)
        values = np.hstack([np.eye(options), np.ones((options, 1))])
        found = edition.columns([Coded(codes, values)], [breakdown])[0][0]
        assert (found.value[:, -1] == 1).all()
        assert (found.upper[:, -1] == 1).all()
        assert (found.lower[:, -1] < 0.99).all()
        assert (found.numerator[:, -1] == found.weighted_base).all()
        assert not found.letters[:, -1].any()
        assert not found.against_rest[:, -1].any()


def wave(yes: int, size: int, name: str = "") -> Linearised:
    names = [f"{name}{place}" for place in range(size)]
    everyone = np.ones(size, dtype=bool)
    return Design.of(np.ones(size), names).proportion(np.arange(size) < yes, everyone)


def test_from_nobody_to_a_few_is_no_sure_change() -> None:
    # 0 of 100 and 4 of 100: Fisher's exact test has p = 0.12. Without a variance of the 0% the
    # change would be 2.04 standard errors, p = 0.04.
    found = change(wave(4, 100), wave(0, 100, "then "))
    assert found.p > 0.05
    # Wilson's interval of 0 of 100 has its middle at 1.96^2 / 2 / (100 + 1.96^2).
    middle = 1.96**2 / 2 / (100 + 1.96**2)
    expected = 0.04 * 0.96 / 99 + middle * (1 - middle) / 100
    assert found.standard_error == pytest.approx(np.sqrt(expected), rel=1e-12)
    assert found.lower < 0 < found.upper
    assert change(wave(96, 100), wave(100, 100, "then ")).p == pytest.approx(found.p, rel=1e-9)
    assert change(wave(12, 100), wave(0, 100, "then ")).p < 0.01


def test_from_nobody_to_nobody_is_no_change() -> None:
    found = change(wave(0, 50), wave(0, 60, "then "))
    assert (found.difference, found.p) == (0, 1)
    assert found.lower < 0 < found.upper


def test_the_interval_of_one_share_is_that_of_the_table() -> None:
    random = np.random.default_rng(2)
    n = 80
    organisation, weights = random.integers(0, 50, n), random.uniform(0.3, 3, n)
    design = Design.of(weights, organisation, 200)
    codes = np.where(random.random(n) < 0.9, 1, 0)
    everyone = Family({}, np.ones(n, dtype=bool))
    ((table,),) = Crossing(design, [everyone]).estimates([codes], YES_NO)
    low, high = intervals.of_shares(
        table.value, np.zeros((1, 1)), table.df, table.organisations[:, None], design.strata.kept
    )
    one = design.proportion(codes == 1, codes > 0)
    assert intervals.of_share(one) == pytest.approx((low[0, 0], high[0, 0]), rel=1e-12)
    assert one.variance == pytest.approx(covariance(one.totals[:, None], one.strata)[0, 0])
