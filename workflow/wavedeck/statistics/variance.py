"""Sampling errors by Taylor linearisation, aware of clusters, raking and a finite population.

The responding organisations are taken as a simple random sample, without replacement, of the
organisations of their stratum; respondents of one organisation are one cluster. An estimate is
written as a total of one linearised value a respondent; raking takes out of it what the margins
explain; what is left, weighted and added up by organisation, varies from organisation to
organisation, and that is the error. docs/maths.md has the formulas and their sources.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.distributions import t_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

CONFIDENCE = 0.95
COLLINEAR = 1e-11
"""Directions with less than this share of the largest curvature are left out as collinear."""


@dataclass(frozen=True)
class Strata:
    """Organisations (m) of a sample, and the populations that they were drawn from."""

    organisations: Sequence[Hashable]
    """(m,) what names each organisation, to find it again in another wave."""
    codes: Ints
    """(m,) stratum of each organisation."""
    population: Floats
    """(H,) organisations of each stratum's population; infinity for no correction."""

    @cached_property
    def sizes(self) -> Ints:
        """(H,) organisations in the sample."""
        return np.bincount(self.codes, minlength=len(self.population))

    @cached_property
    def scale(self) -> Floats:
        """(H,) (1 - n/N) n/(n - 1), nan for a stratum of one organisation."""
        with np.errstate(invalid="ignore", divide="ignore"):
            kept = np.clip(1 - self.sizes / self.population, 0.0, 1.0)
            return kept * np.where(self.sizes > 1, self.sizes / (self.sizes - 1.0), np.nan)

    @property
    def kept(self) -> float:
        """What the finite population correction leaves of a variance; 1 without a single one."""
        single = len(self.sizes) == 1
        return float(max(1 - self.sizes[0] / self.population[0], 0.0)) if single else 1.0

    def centred(self, totals: Floats) -> Floats:
        """Totals (m,) or (m, k) less their stratum's mean."""
        if len(self.sizes) == 1:
            single: Floats = totals - totals.mean(axis=0)
            return single
        means = [totals[self.codes == stratum].mean(axis=0) for stratum in range(len(self.sizes))]
        rest: Floats = totals - np.stack(means)[self.codes]
        return rest


@dataclass(frozen=True)
class Linearised:
    """An estimate with what each organisation adds to its error."""

    value: float
    totals: Floats
    """(m,) linearised values, weighted, without what the margins explain, by organisation."""
    strata: Strata
    df: int
    """Organisations with a respondent in the base, less the strata they are of."""
    organisations: float
    """Kish's effective number of organisations in the base."""

    @property
    def variance(self) -> float:
        return float(covariance(self.totals[:, None], self.strata)[0, 0])

    @property
    def standard_error(self) -> float:
        return float(np.sqrt(self.variance))

    def interval(self) -> tuple[float, float]:
        """95%, symmetric: Student's t with the degrees of freedom of the base."""
        reach = t_quantile((1 - CONFIDENCE) / 2, self.df) * self.standard_error
        return self.value - reach, self.value + reach


def covariance(totals: Floats, strata: Strata) -> Floats:
    """(k, k) of k estimates, from their totals by organisation (m, k)."""
    centred = strata.centred(totals) * np.sqrt(strata.scale)[strata.codes][:, None]
    return centred.T @ centred


@dataclass(frozen=True)
class Raking:
    """What the weights were raked from and to, as far as errors depend on it."""

    base: Floats
    """(n,) design weights; 0 for those who carry no weight."""
    margins: Sequence[NDArray[np.integer]]
    """For each margin, (n,) the category of each respondent, 0 to k-1; any where base is 0."""


@dataclass(frozen=True)
class Design:
    """How the weights and the organisations of n respondents came about."""

    weights: Floats
    """(n,) final weights; 0 for those who take no part."""
    clusters: Ints
    """(n,) organisation of each respondent, 0 to m-1; -1 for those who take no part."""
    strata: Strata
    raking: Raking | None = None

    @classmethod
    def of(
        cls,
        weights: Floats,
        organisations: Sequence[Hashable] | NDArray[np.generic] | None = None,
        population: float | None = None,
        outside: Mask | None = None,
        raking: Raking | None = None,
    ) -> Design:
        """The design of a simple random sample of organisations.

        `organisations` (n,) names each respondent's; without them every respondent is an
        organisation of its own. `population` is the number that the sample was drawn from (None
        for no correction). Respondents `outside` (n,) of that population are a stratum of their
        own without a correction, or, if they are a single organisation, part of the first.
        """
        weights = np.asarray(weights, np.float64)
        inside = weights > 0
        names: Sequence[Hashable]
        if organisations is None:
            names = range(int(inside.sum()))
            codes = np.arange(len(names))
        else:
            numbers: dict[Hashable, int] = {}
            given = [name for name, kept in zip(organisations, inside, strict=True) if kept]
            codes = np.array([numbers.setdefault(name, len(numbers)) for name in given], np.intp)
            names = list(numbers)
        clusters = np.full(len(weights), -1, np.intp)
        clusters[inside] = codes
        apart = np.zeros(len(names), np.intp)
        if outside is not None:
            apart[clusters[inside & outside]] = 1
            if not 1 < apart.sum() < len(apart) - 1:
                apart[:] = 0
        sizes = [np.inf if population is None else float(population), np.inf]
        strata = Strata(names, apart, np.array(sizes[: int(apart.max(initial=0)) + 1]))
        return cls(weights, clusters, strata, raking)

    @cached_property
    def inside(self) -> Ints:
        """Positions of the respondents who take part."""
        return np.flatnonzero(self.clusters >= 0)

    def unexplained(self, values: Floats) -> Floats:
        """Values (n,) or (n, k) less what the raking margins predict of them.

        The prediction is by least squares with the design weights.
        """
        if self.raking is None:
            return values
        return values - self.regression.predicted(values)

    @cached_property
    def regression(self) -> Regression:
        assert self.raking is not None
        return Regression(self.raking)

    def totals(self, values: Floats) -> Floats:
        """(m,) or (m, k) sums over each organisation of weight x (value - predicted value)."""
        rest = self.unexplained(np.asarray(values, np.float64))
        here, codes = self.inside, self.clusters[self.inside]
        size = len(self.strata.codes)
        weights = self.weights[here]
        if rest.ndim == 1:
            return np.bincount(codes, weights * rest[here], size).astype(np.float64)
        columns = [np.bincount(codes, weights * column[here], size) for column in rest.T]
        return np.stack(columns, axis=1).astype(np.float64)

    def freedom(self, base: Mask) -> int:
        """Degrees of freedom of an estimate over `base` (n,): organisations less strata."""
        there = np.unique(self.clusters[base & (self.clusters >= 0)])
        return len(there) - len(np.unique(self.strata.codes[there]))

    def ratio(self, upper: Floats, lower: Floats) -> Linearised:
        """A ratio of two totals, of y (n,) and x (n,): sum(w y) / sum(w x).

        A proportion has 0 or 1 for y and x (x is 1 for the base); a mean has the base for x. The
        base is where x is not 0.
        """
        upper, lower = np.asarray(upper, np.float64), np.asarray(lower, np.float64)
        bottom = float(self.weights @ lower)
        value = float(self.weights @ upper) / bottom if bottom else float("nan")
        values = (upper - value * lower) / bottom if bottom else np.full(len(upper), np.nan)
        return self._linearised(value, values, lower != 0)

    def proportion(self, chosen: Mask, base: Mask) -> Linearised:
        """The share of the base (n,) that is also chosen (n,), from 0 to 1."""
        return self.ratio((chosen & base).astype(np.float64), base.astype(np.float64))

    def mean(self, values: Floats, base: Mask) -> Linearised:
        """The mean of values (n,) over the base (n,); values outside of it may be anything."""
        return self.ratio(np.where(base, values, 0.0), base.astype(np.float64))

    def total(self, values: Floats) -> Linearised:
        """The sum of weight x value (n,)."""
        values = np.asarray(values, np.float64)
        value = float(self.weights @ values)
        return self._linearised(value, values, values == values)

    def _linearised(self, value: float, values: Floats, base: Mask) -> Linearised:
        counted = base & (self.clusters >= 0)
        parts = np.bincount(self.clusters[counted], self.weights[counted])
        squares = float(np.square(parts).sum())
        organisations = float(parts.sum() ** 2 / squares) if squares else 0.0
        totals = self.totals(values)
        return Linearised(value, totals, self.strata, self.freedom(base), organisations)


class Regression:
    """Least squares, with the design weights, on the categories of the raking margins."""

    def __init__(self, raking: Raking) -> None:
        self._base = np.asarray(raking.base, np.float64)
        inside = self._base > 0
        sizes = [int(codes[inside].max()) + 1 for codes in raking.margins]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self.size = int(starts[-1])
        self._margins = list(zip(raking.margins, starts.tolist(), strict=False))
        cross = np.zeros(self.size * self.size)
        for one in self.columns():
            for other in self.columns():
                cross += np.bincount(one * self.size + other, self._base, self.size**2)
        self.inverse = pseudo_inverse(cross.reshape(self.size, self.size))

    def columns(self) -> Iterator[Ints]:
        """For each margin, (n,) the category of each respondent, numbered through the margins."""
        for codes, start in self._margins:
            yield np.where(self._base > 0, codes, 0).astype(np.intp) + start

    def predicted(self, values: Floats) -> Floats:
        """(n,) or (n, k) predictions of values of the same shape."""
        if values.ndim > 1:
            return np.stack([self.predicted(column) for column in values.T], axis=1)
        totals = np.zeros(self.size)
        for column in self.columns():
            totals += np.bincount(column, self._base * values, self.size)
        slopes = self.inverse @ totals
        found = np.zeros(len(values))
        for column in self.columns():
            found += slopes[column]
        return found


def pseudo_inverse(cross: Floats) -> Floats:
    """Of a cross-product of dummies, scaled so that a rare category counts as much as another.

    Margins are collinear: each adds up to 1, and some categories are always together.
    """
    diagonal = np.diag(cross)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    curvature, vectors = np.linalg.eigh(scale[:, None] * cross * scale)
    kept = curvature > COLLINEAR * curvature[-1]
    vectors = scale[:, None] * vectors[:, kept]
    inverse: Floats = (vectors / curvature[kept]) @ vectors.T
    return inverse
