"""Standard errors and intervals a second time, respondent by respondent.

The pipeline adds up counts of cells; this linearises each estimate on its own: residuals of a
least-squares fit of the raked margins with the design weights, times the weights, added up by
organisation. Floats will do: a root is no fraction. Only Student's t is shared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.distributions import t_quantile
from wavedeck.survey import Survey
from wavedeck.verify.population import in_frame, raked_categories
from wavedeck.verify.raw import Response

Floats = NDArray[np.float64]
Values = Mapping[int, float]
"""What each respondent of a base, by place, counts for."""

HAIR = 1e-9
NOTHING = 1e-12
"""A variance below this share of the gross one is rounding."""


@dataclass(frozen=True)
class Sure:
    """How sure an estimate is, in its own unit (shares from 0 to 1)."""

    standard_error: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    design_effect: float = math.nan


@dataclass(frozen=True)
class Linear:
    """A mean, linearised."""

    value: float = math.nan
    error: float = math.nan
    effect: float = math.nan
    """The design effect."""
    df: int = 0
    scores: Floats = field(default_factory=lambda: np.empty(0))
    """A value an organisation; products of two means' scores add up to their covariance."""


class Errors:
    """Of one edition. `responses` are those that count; `population` organisations, if known."""

    def __init__(
        self, survey: Survey, responses: Sequence[Response], weighted: bool, population: int | None
    ) -> None:
        self._weights = np.array([float(r.weight) if weighted else 1.0 for r in responses])
        names = [r.organisation.strip() or f"row {r.row}" for r in responses]
        people = Counter(names)
        places = {name: place for place, name in enumerate(people)}
        self._organisation = np.array([places[name] for name in names], np.intp)
        outside = {
            name for name, r in zip(names, responses, strict=True) if not in_frame(survey, r)
        }
        if weighted or not 1 < len(outside) < len(people) - 1:
            outside = set()
        self._stratum = np.array([int(name in outside) for name in people], np.intp)
        self._sizes = np.bincount(self._stratum, minlength=1)
        self._kept = np.ones(len(self._sizes))
        if population:
            self._kept[0] = max(1 - self._sizes[0] / population, 0.0)
        self._dummies = (
            raked_categories(survey, responses) if weighted else np.empty((len(names), 0))
        )
        root = np.sqrt([1 / people[name] for name in names])
        # Coefficients of a least-squares fit; an organisation's people share its design weight.
        self._fit = np.linalg.pinv(self._dummies * root[:, None]) * root

    @property
    def kept(self) -> float:
        """What the finite population correction leaves of variances; 1 without a single one."""
        return float(self._kept[0]) if len(self._sizes) == 1 else 1.0

    def organisations(self, places: Iterable[int]) -> float:
        """Kish's effective number of organisations of some respondents."""
        inside = list(places)
        weights = np.bincount(self._organisation[inside], self._weights[inside])
        return float(weights.sum() ** 2 / (weights @ weights))

    def of_share(self, values: Values) -> Sure:
        """Logit; Wilson's at 0 and 1, with Kish's number of organisations in the base."""
        found = self.linearised(values)
        share, error, effect = found.value, found.error, found.effect
        if found.df < 1:
            return Sure()
        t, kept = t_quantile(0.025, found.df), self.kept
        if 0 < share < 1:
            odds, reach = math.log(share / (1 - share)), t * error / (share * (1 - share))
            low, high = (1 / (1 + math.exp(-(odds + sign * reach))) for sign in (-1, 1))
            return Sure(error, low, high, effect)
        number = self.organisations(values)
        extent = t * t * kept / (number + t * t * kept)
        low, high = (0.0, extent) if share <= 0 else (1 - extent, 1.0)
        return Sure(error, low, high, effect)

    def of_mean(self, values: Values) -> Sure:
        found = self.linearised(values)
        if found.df < 1:
            return Sure()
        reach = t_quantile(0.025, found.df) * found.error
        return Sure(found.error, found.value - reach, found.value + reach, found.effect)

    def of_median(self, values: Values) -> Sure:
        """Woodruff's: the quantiles at the ends of the interval of the share that does not exceed
        the median."""
        ordered = sorted((value, float(self._weights[place])) for place, value in values.items())
        if not ordered:
            return Sure()
        middle = _quantile(ordered, 0.5)
        below = self.linearised({place: float(v <= middle) for place, v in values.items()})
        if below.df < 1:
            return Sure()
        t = t_quantile(0.025, below.df)
        low, high = below.value - t * below.error, below.value + t * below.error
        lower = _quantile(ordered, low) if low >= 0 else math.nan
        upper = _quantile(ordered, high) if high <= 1 else math.nan
        return Sure((upper - lower) / (2 * t), lower, upper)

    def weight(self, places: Iterable[int]) -> float:
        """The sum of some respondents' weights."""
        return math.fsum(self._weights[list(places)])

    def degrees_of_freedom(self, places: Iterable[int]) -> int:
        """Organisations of some respondents, less the strata these are of."""
        there = np.zeros(len(self._stratum), bool)
        there[self._organisation[list(places)]] = True
        strata = np.bincount(self._stratum[there])
        return int(strata.sum()) - int(np.count_nonzero(strata))

    def scores(self, parts: Values) -> Floats:
        """A value an organisation: products of two linearised variables' scores add up to their
        covariance. `parts` are a variable's values, by place; 0 for all others."""
        variable = np.zeros(len(self._weights))
        variable[list(parts)] = list(parts.values())
        residual = variable - self._dummies @ (self._fit @ variable)
        totals = np.bincount(self._organisation, self._weights * residual, len(self._stratum))
        middle = np.bincount(self._stratum, totals, len(self._sizes)) / np.maximum(self._sizes, 1)
        spread = np.where(self._sizes > 1, self._sizes / np.maximum(self._sizes - 1, 1), 0.0)
        scale = np.sqrt(self._kept * spread)
        found: Floats = scale[self._stratum] * (totals - middle[self._stratum])
        return found

    def linearised(self, values: Values) -> Linear:
        """The mean of some respondents' values with its error."""
        places, given = list(values), np.array(list(values.values()))
        weights = self._weights[places]
        base = self.weight(places)
        if not base:
            return Linear()
        mean = math.fsum(weights * given) / base
        gaps = given - mean
        scores = self.scores(dict(zip(places, gaps / base, strict=True)))
        variance = float(scores @ scores)
        if variance <= NOTHING * float(np.square(weights * gaps).sum()) / base**2:
            variance, scores = 0.0, np.zeros_like(scores)
        squares = float(weights @ np.square(gaps)) / base
        simple = self.kept * squares / (len(places) - 1) if len(places) > 1 else 0.0
        effect = variance / simple if simple else math.nan
        return Linear(mean, math.sqrt(variance), effect, self.degrees_of_freedom(places), scores)


def _quantile(ordered: Sequence[tuple[float, float]], share: float) -> float:
    """Of (value, weight) in order: the middle between the least value that at least `share` of the
    weight does not exceed and the greatest that at least the rest reaches; sums a billionth of all
    off count as the share."""
    total = math.fsum(weight for _, weight in ordered)
    least = greatest = None
    upto = 0.0
    for value, weight in ordered:
        upto += weight
        if least is None and upto >= share * total - HAIR * total:
            least = value
        if upto > share * total + HAIR * total:
            greatest = value
            break
    last = ordered[-1][0]
    return ((last if least is None else least) + (last if greatest is None else greatest)) / 2
