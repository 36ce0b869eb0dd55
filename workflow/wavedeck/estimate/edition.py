"""One edition's estimates of coded answers, with errors and tests, within each breakdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.table import Estimate
from wavedeck.estimate.variables import Coded
from wavedeck.statistics import intervals, significance
from wavedeck.statistics.crossing import Crossing, Estimates
from wavedeck.statistics.variance import Design

DIGITS = 10
"""Of errors: what linear algebra differs in between machines lies below."""


@dataclass(frozen=True)
class Columns:
    """Figures of one variable in the groups g of a breakdown, for a answers."""

    base: np.ndarray
    weighted_base: np.ndarray
    effective_base: np.ndarray
    """(g,)"""
    value: np.ndarray
    numerator: np.ndarray
    count: np.ndarray
    """(g, a)"""
    standard_error: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    design_effect: np.ndarray
    """(g, a), in the unit of value"""
    letters: np.ndarray
    against_rest: np.ndarray
    """(g, a) text"""

    def basis(self, place: int, weighted: bool, **where: str) -> Estimate:
        """An estimate's edition, place and bases, to be filled with a statistic."""
        return Estimate(
            weighted=weighted,
            base=int(self.base[place]),
            weighted_base=float(self.weighted_base[place]),
            effective_base=float(self.effective_base[place]),
            **where,  # type: ignore[arg-type]
        )

    def errors(self, place: int, answer: int, unit: float = 1.0) -> dict[str, Any]:
        """The columns of the estimates table that tell how sure a value is."""
        return {
            "standard_error": rounded(unit * self.standard_error[place, answer]),
            "lower": rounded(unit * self.lower[place, answer]),
            "upper": rounded(unit * self.upper[place, answer]),
            "design_effect": rounded(self.design_effect[place, answer]),
            "letters": str(self.letters[place, answer]),
            "against_rest": str(self.against_rest[place, answer]),
        }


@dataclass
class Edition:
    """Weights of one edition, and the groups that they were crossed with."""

    design: Design
    weighted: bool
    minimum: int
    """Of the base of a column that is compared."""
    _crossings: dict[tuple[str, ...], Crossing] = field(default_factory=dict)

    @property
    def kept(self) -> float:
        """What the finite population correction leaves of variances."""
        return self.design.strata.kept

    def crossing(self, breakdowns: Sequence[Breakdown]) -> Crossing:
        """The groups of the breakdowns."""
        key = tuple(breakdown.by for breakdown in breakdowns)
        if key not in self._crossings:
            families = [breakdown.family for breakdown in breakdowns]
            self._crossings[key] = Crossing(self.design, families)
        return self._crossings[key]

    def columns(
        self, parts: Sequence[Coded], breakdowns: Sequence[Breakdown], shares: bool = True
    ) -> list[list[Columns]]:
        """For each part, one for each breakdown. Parts with equal values are counted together."""
        crossing = self.crossing(breakdowns)
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, part in enumerate(parts):
            alike.setdefault((part.values.shape, part.values.tobytes()), []).append(place)
        found: list[list[Columns]] = [[] for _ in parts]
        for places in alike.values():
            values = parts[places[0]].values
            codes = [parts[place].codes for place in places]
            estimated = crossing.estimates(codes, values)
            for place, each in zip(places, estimated, strict=True):
                found[place] = [
                    self._columns(one, values, breakdown, shares)
                    for one, breakdown in zip(each, breakdowns, strict=True)
                ]
        return found

    def _columns(
        self, found: Estimates, values: np.ndarray, breakdown: Breakdown, shares: bool
    ) -> Columns:
        error = np.sqrt(found.variance)
        df, organisations = found.df[:, None], found.organisations[:, None]
        if shares:
            low, high = intervals.of_shares(found.value, error, df, organisations, self.kept)
        else:
            low, high = intervals.of_means(found.value, error, df)
        # One organisation tells nothing of how much organisations differ.
        error = np.where(df > 0, error, np.nan)
        effect = intervals.design_effect(
            found.variance, found.spread, found.base[:, None], self.kept
        )
        effect = np.where(df > 0, effect, np.nan)
        letters = np.full(found.value.shape, "", dtype=object)
        rest = np.full(found.value.shape, "", dtype=object)
        if breakdown.columns:
            self._compare(found, breakdown, shares, letters, rest)
        return Columns(
            base=found.base,
            weighted_base=found.weighted_base,
            effective_base=found.effective_base,
            value=found.value,
            numerator=found.numerator,
            count=np.rint(found.count @ values).astype(np.intp),
            standard_error=error,
            lower=low,
            upper=high,
            design_effect=effect,
            letters=letters,
            against_rest=rest,
        )

    def _compare(
        self,
        found: Estimates,
        breakdown: Breakdown,
        shares: bool,
        letters: np.ndarray,
        rest: np.ndarray,
    ) -> None:
        """Fill in letters and the comparison with the rest, of the options and of all groups."""
        columns = np.array(breakdown.columns)
        large = (found.base >= self.minimum) & (found.df > 0)
        left = (found.base[-1] - found.base >= self.minimum) & (found.rest_df > 0)
        covariance, rest_variance = found.covariance.copy(), found.rest_variance.copy()
        if shares:
            own_end = self._at_the_ends(found.value, found.organisations, large)
            places = np.arange(len(large))
            covariance[:, places, places] += own_end.T
            rest_variance += own_end
            rest_variance += self._at_the_ends(found.rest, found.rest_organisations, left)
        own = covariance[:, columns[:, None], columns]
        letters[columns] = significance.letters(
            found.value[columns], own, found.df[columns], large[columns]
        )
        groups = np.arange(len(large) - 1)
        gap = (found.value - found.rest)[groups]
        df = (found.df + found.rest_df)[groups]
        rest[groups] = significance.against_rest(
            gap, rest_variance[groups], df, (large & left)[groups]
        )

    def _at_the_ends(
        self, share: np.ndarray, organisations: np.ndarray, tested: np.ndarray
    ) -> np.ndarray:
        """(g, a) what stands for the variance that a share of 0 or 1 does not show."""
        ends = ((share <= 0) | (share >= 1)) & tested[:, None]
        variance = intervals.variance_at_the_ends(share, organisations[:, None], self.kept)
        return np.where(ends, variance, 0.0)


def rounded(value: float) -> float:
    """To the digits that are the same on every machine."""
    return float(f"{value:.{DIGITS}g}")
