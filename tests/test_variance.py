"""Sampling errors against R's survey package, svy and formulas of textbooks."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from wavedeck.statistics import intervals
from wavedeck.statistics.change import change
from wavedeck.statistics.crossing import Crossing, Family
from wavedeck.statistics.quantile import quantile, woodruff
from wavedeck.statistics.raking import Margin, rake
from wavedeck.statistics.significance import rao_scott
from wavedeck.statistics.variance import Design, Raking, covariance

GOLDEN = Path(__file__).parent / "golden"
EQUAL = {"rtol": 1e-10, "atol": 1e-14}
OPTIONS = np.eye(5)


def floats(values: list[Any]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


class Wave:
    """The synthetic wave of golden/variance.R."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.population = told["population"]
        self.organisation = np.array(told["org"], dtype=int)
        self.margins = [np.array(told[m], dtype=int) - 1 for m in ("region", "type", "size")]
        self.outside = np.array(told["outside"]) > 0
        self.base, self.weight = floats(told["base"]), floats(told["weight"])
        self.role, self.q, self.later = (
            np.nan_to_num(floats(told[name])).astype(np.int8) for name in ("role", "q", "later")
        )
        self.hours, self.people = floats(told["hours"]), floats(told["people"])

    def raked(self, population: float | None) -> Design:
        raking = Raking(self.base, self.margins)
        return Design.of(self.weight, self.organisation, population, raking=raking)

    def unweighted(self) -> Design:
        ones = np.ones(len(self.q))
        return Design.of(ones, self.organisation, self.population, self.outside)


def check_figures(wave: Wave, design: Design, golden: dict[str, Any]) -> None:
    everyone = Family({}, np.ones(len(wave.q), dtype=bool))
    roles = Family({str(r): wave.role == r for r in (1, 2, 3)}, wave.role > 0)
    ((over_all, by_role),) = Crossing(design, [everyone, roles]).estimates([wave.q], OPTIONS)
    share, error = over_all.value[0], np.sqrt(over_all.variance[0])
    assert_allclose(share, golden["share"]["value"], **EQUAL)
    assert_allclose(error, golden["share"]["se"], **EQUAL)
    assert over_all.df[0] == golden["degf"]
    low, high = intervals.of_shares(share, error, over_all.df[0], over_all.organisations[0], 1)
    assert_allclose(np.stack([low, high], axis=1), golden["interval"], **EQUAL)

    assert_allclose(by_role.value[:3].ravel(), golden["role"]["value"], **EQUAL)
    full = np.array(golden["role"]["covariance"]).reshape(3, 5, 3, 5)
    for answer in range(5):
        expected = full[:, answer, :, answer]
        scale = np.diag(expected).max()
        assert_allclose(by_role.covariance[answer, :3, :3] / scale, expected / scale, atol=1e-10)
    low, high = intervals.of_shares(
        by_role.value[1], np.sqrt(by_role.variance[1]), by_role.df[1], by_role.organisations[1], 1
    )
    assert by_role.df[1] == golden["role2"]["degf"]
    assert_allclose(np.stack([low, high], axis=1), golden["role2"]["interval"], **EQUAL)
    assert_allclose(by_role.value[1] - by_role.rest[1], golden["rest"]["value"], **EQUAL)
    assert_allclose(np.sqrt(by_role.rest_variance[1]), golden["rest"]["se"], **EQUAL)

    answered = ~np.isnan(wave.hours)
    hours = np.where(answered, wave.hours, 0.0)
    for name, found in {
        "mean": design.mean(hours, answered),
        "ratio": design.ratio(hours, np.where(answered, wave.people, 0.0)),
        "total": design.total(hours),
    }.items():
        assert_allclose(found.value, golden[name]["value"], **EQUAL)
        assert_allclose(found.standard_error, golden[name]["se"], **EQUAL)
    median = woodruff(design, wave.hours, answered)
    assert median.value == golden["median"]["value"]
    assert_allclose([median.lower, median.upper], golden["median"]["interval"], **EQUAL)
    assert_allclose(median.standard_error, golden["median"]["se"], **EQUAL)

    both = (wave.q > 0) & (wave.role > 0)
    codes = np.where(both, (wave.q - 1) * 3 + wave.role, 0)
    (table,) = Crossing(design, [everyone]).tables([codes], 15)
    # R counts the degrees of freedom of a raked design over all of it, not over the base.
    df = round(golden["chi"]["df"][1] / golden["chi"]["df"][0])
    chi = rao_scott(table.share.reshape(5, 3), table.covariance, table.base, df)
    assert_allclose([chi.f, chi.df1, chi.df2], [golden["chi"]["f"], *golden["chi"]["df"]], **EQUAL)
    assert_allclose(chi.p, golden["chi"]["p"], rtol=1e-9)


def check_against_r(golden: dict[str, Any]) -> None:
    api = {name: floats(v) for name, v in golden["api"].items() if isinstance(v, list)}
    raking = Raking(api["base"], [api["stype"].astype(int), api["wide"].astype(int)])
    # A row stands for the schools of a district and cell; values are their means.
    design = Design.of(api["raked"], api["district"], golden["api"]["districts"], raking=raking)
    n = api["n"]
    everyone = np.ones(len(n), dtype=bool)
    for name, found in {
        "mean_api00": design.mean(api["api00"] / n, everyone),
        "total_enroll": design.total(api["enroll"] / n),
        "ratio": design.ratio(api["tested"] / n, api["enroll"] / n),
    }.items():
        assert_allclose(found.value, golden["api"][name]["value"], **EQUAL)
        assert_allclose(found.standard_error, golden["api"][name]["se"], **EQUAL)
    mean = design.mean(api["api00"] / n, everyone)
    assert_allclose(mean.standard_error, golden["api"]["rake_mean_api00"]["se"], rtol=1e-9)

    wave = Wave(golden["wave"])
    check_figures(wave, wave.raked(wave.population), golden["with_correction"])
    check_figures(wave, wave.raked(None), golden["without_correction"])
    check_figures(wave, wave.unweighted(), golden["unweighted"])

    crossed, (region, kind, size) = golden["crossed"], wave.margins
    cells = kind * 3 + size
    targets = (crossed["region"], crossed["cells"])
    raked = rake(
        wave.base,
        [
            Margin(name, tuple(map(str, range(len(shares)))), codes, np.array(shares))
            for name, codes, shares in zip("rc", (region, cells), targets, strict=True)
        ],
        total=wave.base.sum(),
    )
    assert_allclose(raked.weights, floats(crossed["weight"]), rtol=1e-10)
    design = Design.of(
        raked.weights, wave.organisation, wave.population, raking=Raking(wave.base, [region, cells])
    )
    check_figures(wave, design, crossed["figures"])

    plain = Design.of(wave.base, wave.organisation)
    everyone = np.ones(len(wave.q), dtype=bool)
    ((found,),) = Crossing(plain, [Family({}, everyone)]).estimates([wave.q], OPTIONS)
    effect = intervals.design_effect(found.variance, found.spread, found.base[:, None], 1)
    assert_allclose(effect[0], golden["deff"], **EQUAL)

    panel = Design.of(wave.base, wave.organisation, wave.population)
    before = panel.proportion(wave.q >= 4, wave.q > 0)
    test = change(panel.proportion(wave.later >= 4, wave.later > 0), before)
    assert_allclose(test.difference, golden["change"]["value"][0], **EQUAL)
    assert_allclose(test.standard_error, golden["change"]["se"][0], **EQUAL)


def test_golden_figures_of_r() -> None:
    golden = json.loads((GOLDEN / "variance.json").read_text())
    assert golden["R"]
    assert golden["survey"]
    # As published in R's help, ?rake.
    assert round(golden["api"]["mean_api00"]["value"][0], 2) == 641.23
    assert round(golden["api"]["mean_api00"]["se"][0], 3) == 23.704
    assert round(golden["api"]["total_enroll"]["value"][0]) == 3_647_280
    check_against_r(golden)


def test_r_live(tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed: errors are compared with R's recorded figures only")
    asked = subprocess.run([rscript, "-e", "library(survey)"], capture_output=True, check=False)
    if asked.returncode:
        pytest.skip("R's package survey is not installed: recorded figures only")
    target = tmp_path / "variance.json"
    subprocess.run(
        [rscript, str(GOLDEN / "variance.R"), str(target)], check=True, capture_output=True
    )
    check_against_r(json.loads(target.read_text()))


def test_a_simple_random_sample_has_the_error_of_textbooks() -> None:
    values = np.array([3.0, 5, 7, 8, 12])
    design = Design.of(np.ones(5), population=20)
    mean = design.mean(values, np.ones(5, dtype=bool))
    assert mean.value == 7
    assert mean.variance == pytest.approx((1 - 5 / 20) * values.var(ddof=1) / 5, rel=1e-14)
    assert mean.df == 4
    low, high = mean.interval()
    assert high - 7 == pytest.approx(2.7764451051977987 * mean.standard_error, rel=1e-12)
    assert low + high == pytest.approx(14)


def test_a_whole_population_has_no_error() -> None:
    design = Design.of(np.ones(4), population=4)
    assert design.mean(np.arange(4.0), np.ones(4, dtype=bool)).standard_error == 0


def test_colleagues_who_agree_are_worth_one_answer() -> None:
    answers = np.array([1.0, 0, 0, 1, 1, 0, 1, 0])
    twice = Design.of(np.full(16, 0.5), np.repeat(np.arange(8), 2))
    once = Design.of(np.ones(8))
    both = twice.mean(np.repeat(answers, 2), np.ones(16, dtype=bool))
    alone = once.mean(answers, np.ones(8, dtype=bool))
    assert both.variance == pytest.approx(alone.variance, rel=1e-14)


def test_a_single_organisation_outside_is_no_stratum() -> None:
    outside = np.array([False, False, False, True])
    design = Design.of(np.ones(4), population=10, outside=outside)
    assert len(design.strata.sizes) == 1


def test_intervals_at_none_and_all_are_wilsons() -> None:
    share, error = np.array([0.0, 1.0]), np.zeros(2)
    low, high = intervals.of_shares(share, error, np.array(19), np.array(20.0), 1.0)
    t2 = 2.093024054408263**2  # Student's t with 19 degrees of freedom
    assert low == pytest.approx([0, 20 / (20 + t2)], rel=1e-12)
    assert high == pytest.approx([t2 / (20 + t2), 1], rel=1e-12)
    # A correction narrows them: nothing is left open when the whole population answered.
    low, high = intervals.of_shares(share, error, np.array(19), np.array(20.0), 0.0)
    assert list(low) == list(high) == [0, 1]


def test_quantiles_of_weighted_numbers() -> None:
    values = np.array([5.0, 1, 3])
    assert quantile(values, np.ones(3), 0.5) == 3
    assert quantile(np.array([1.0, 2, 3, 4]), np.ones(4), 0.5) == 2.5
    assert quantile(values, np.array([3.0, 1, 1]), 0.5) == 5
    assert quantile(values, np.array([2.0, 1, 1]), 0.5) == 4
    assert np.isnan(quantile(np.zeros(0), np.zeros(0), 0.5))


def test_svy_says_the_same() -> None:
    """With equal design weights: svy, as R's rake, takes averages of the margins without them."""
    svy = pytest.importorskip("svy", reason="svy is a development dependency")
    polars = pytest.importorskip("polars")
    wave = Wave(json.loads((GOLDEN / "variance.json").read_text())["wave"])
    names = ("region", "type", "size")
    labels = dict(zip(names, (codes.astype(str) for codes in wave.margins), strict=True))
    frame = polars.DataFrame(
        {**labels, "org": wave.organisation, "q": wave.q, "base": np.ones(len(wave.q))}
    )
    totals = [np.bincount(codes, wave.weight) for codes in wave.margins]
    controls = {
        name: {str(code): float(total) for code, total in enumerate(each)}
        for name, each in zip(names, totals, strict=True)
    }
    sample = svy.Sample(frame, svy.Design(psu="org", wgt="base"))
    sample = sample.weighting.rake(controls=controls, tol=1e-13, max_iter=1000)
    theirs = {
        each.y_level: each
        for each in sample.estimation.prop("q", where=svy.col("q") > 0).estimates
        if each.y_level  # those left out come as a share of 0
    }
    margins = [
        Margin(name, list(controls[name]), codes, total)
        for name, codes, total in zip(names, wave.margins, totals, strict=True)
    ]
    ones = np.ones(len(wave.q))
    raking = Raking(ones, wave.margins)
    design = Design.of(rake(ones, margins).weights, wave.organisation, raking=raking)
    everyone = Family({}, ones > 0)
    ((ours,),) = Crossing(design, [everyone]).estimates([wave.q], OPTIONS)
    error = np.sqrt(ours.variance[0])
    found = [theirs[option] for option in (1, 2, 3, 4, 5)]
    assert_allclose([each.est for each in found], ours.value[0], rtol=1e-10)
    assert_allclose([each.se for each in found], error, rtol=1e-10)
    # svy counts degrees of freedom its own way.
    df = np.array([each.df for each in found])
    low, high = intervals.of_shares(ours.value[0], error, df, ours.organisations[0], 1)
    assert_allclose([each.lci for each in found], low, rtol=1e-10)
    assert_allclose([each.uci for each in found], high, rtol=1e-10)


def test_covariance_of_many_is_that_of_each_pair() -> None:
    wave = Wave(json.loads((GOLDEN / "variance.json").read_text())["wave"])
    design = wave.raked(wave.population)
    one, other = (design.proportion(wave.q == k, wave.q > 0) for k in (1, 2))
    both = covariance(np.stack([one.totals, other.totals], axis=1), design.strata)
    assert both[0, 0] == pytest.approx(one.variance, rel=1e-14)
    apart = covariance((one.totals - other.totals)[:, None], design.strata)[0, 0]
    assert apart == pytest.approx(both[0, 0] + both[1, 1] - 2 * both[0, 1], rel=1e-12)
