"""Standard errors and intervals a second time, respondent by respondent, in plain Python.

The pipeline adds up counts of cells with numpy; this linearises each estimate on its own: residuals
of a regression on the raked margins with the design weights, times the weights, added up by
organisation. Floats will do: a root is no fraction. Only Student's t is shared.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wavedeck.statistics.distributions import t_quantile
from wavedeck.survey import Survey
from wavedeck.verify.population import in_frame, margins_of
from wavedeck.verify.raw import Response

Values = Mapping[int, float]
"""What each respondent of a base, by place, counts for."""

NOTHING = 1e-12
"""A variance below this share of the gross one is rounding."""


@dataclass(frozen=True)
class Sure:
    """How sure an estimate is, in its own unit (shares from 0 to 1)."""

    standard_error: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    design_effect: float = math.nan


class Errors:
    """Of one edition. `responses` are those that count; `population` organisations, if known."""

    def __init__(
        self, survey: Survey, responses: Sequence[Response], weighted: bool, population: int | None
    ) -> None:
        self._weights = [float(r.weight) if weighted else 1.0 for r in responses]
        names = [r.organisation.strip() or f"row {r.row}" for r in responses]
        self._organisation = names
        outside = {
            name for name, r in zip(names, responses, strict=True) if not in_frame(survey, r)
        }
        if weighted or not 1 < len(outside) < len(set(names)) - 1:
            outside = set()
        self._stratum = {name: int(name in outside) for name in names}
        self._sizes = Counter(self._stratum.values())
        self._kept = [1.0, 1.0]
        if population:
            self._kept[0] = max(1 - self._sizes[0] / population, 0.0)
        people = Counter(names)
        self._design = [1 / people[name] for name in names]
        self._categories: list[tuple[str, ...]] = [() for _ in responses]
        if weighted:
            raked = [margin for margin in margins_of(survey) if margin.raked]
            self._categories = [
                tuple(f"{margin.name} {margin.category(r.answers)}" for margin in raked)
                for r in responses
            ]
        self._inverse = self._inverted()
        self._sums: dict[str, dict[str, float]] = {name: defaultdict(float) for name in names}
        """By organisation, the sum of weights in each category."""
        for name, weight, own in zip(names, self._weights, self._categories, strict=True):
            for category in own:
                self._sums[name][category] += weight

    def of_share(self, values: Values) -> Sure:
        """Logit; Wilson's at 0 and 1, with Kish's number of organisations in the base."""
        share, error, effect, df = self._linearised(values)
        if df < 1:
            return Sure()
        t, kept = t_quantile(0.025, df), self._kept[0] if len(self._sizes) == 1 else 1.0
        if 0 < share < 1:
            odds, reach = math.log(share / (1 - share)), t * error / (share * (1 - share))
            low, high = (1 / (1 + math.exp(-(odds + sign * reach))) for sign in (-1, 1))
            return Sure(error, low, high, effect)
        weights: dict[str, float] = defaultdict(float)
        for place in values:
            weights[self._organisation[place]] += self._weights[place]
        number = sum(weights.values()) ** 2 / sum(w * w for w in weights.values())
        extent = t * t * kept / (number + t * t * kept)
        low, high = (0.0, extent) if share <= 0 else (1 - extent, 1.0)
        return Sure(error, low, high, effect)

    def of_mean(self, values: Values) -> Sure:
        mean, error, effect, df = self._linearised(values)
        if df < 1:
            return Sure()
        reach = t_quantile(0.025, df) * error
        return Sure(error, mean - reach, mean + reach, effect)

    def weight(self, places: Iterable[int]) -> float:
        """The sum of some respondents' weights."""
        return math.fsum(self._weights[place] for place in places)

    def degrees_of_freedom(self, places: Iterable[int]) -> int:
        """Organisations of some respondents, less the strata these are of."""
        inside = {self._organisation[place] for place in places}
        return len(inside) - len({self._stratum[name] for name in inside})

    def scores(self, parts: Values) -> list[float]:
        """A value an organisation: products of two linearised variables' scores add up to their
        covariance. `parts` are a variable's values, by place; 0 for all others."""
        totals = dict.fromkeys(self._organisation, 0.0)
        for place, part in parts.items():
            totals[self._organisation[place]] += self._weights[place] * part
        if slopes := self._slopes(parts):
            for name, sums in self._sums.items():
                totals[name] -= sum(slopes.get(c, 0.0) * weight for c, weight in sums.items())
        found = []
        for stratum, size in self._sizes.items():
            own = [total for name, total in totals.items() if self._stratum[name] == stratum]
            middle = math.fsum(own) / size
            scale = math.sqrt(self._kept[stratum] * size / (size - 1)) if size > 1 else 0.0
            found += [scale * (total - middle) for total in own]
        return found

    def _linearised(self, values: Values) -> tuple[float, float, float, int]:
        """The mean, its standard error, its design effect and the degrees of freedom."""
        weights = self._weights
        base, df = self.weight(values), self.degrees_of_freedom(values)
        if not base:
            return math.nan, math.nan, math.nan, 0
        mean = math.fsum(weights[place] * value for place, value in values.items()) / base
        parts = {place: (value - mean) / base for place, value in values.items()}
        variance = math.fsum(score**2 for score in self.scores(parts))
        gross = math.fsum((weights[place] * part) ** 2 for place, part in parts.items())
        if variance <= NOTHING * gross:
            variance = 0.0
        squares = math.fsum(weights[p] * (v - mean) ** 2 for p, v in values.items()) / base
        kept = self._kept[0] if len(self._sizes) == 1 else 1.0
        simple = kept * squares / (len(values) - 1) if len(values) > 1 else 0.0
        return mean, math.sqrt(variance), variance / simple if simple else math.nan, df

    def _slopes(self, parts: Values) -> dict[str, float]:
        totals: dict[str, float] = {}
        for place, part in parts.items():
            for category in self._categories[place]:
                totals[category] = totals.get(category, 0.0) + self._design[place] * part
        return {
            category: sum(weight * totals.get(other, 0.0) for other, weight in row.items())
            for category, row in self._inverse.items()
        }

    def _inverted(self) -> dict[str, dict[str, float]]:
        """The inverse of the margins' cross-product, over categories none of which the others
        make up (Gauss and Jordan; a category whose pivot is nothing is left out)."""
        cross: dict[str, dict[str, float]] = {}
        for categories, weight in zip(self._categories, self._design, strict=True):
            for one in categories:
                row = cross.setdefault(one, {})
                for other in categories:
                    row[other] = row.get(other, 0.0) + weight
        names: list[str] = []
        inverse: list[list[float]] = []
        # Bordering: the inverse grows by one category at a time.
        for name in sorted(cross):
            border = [cross[name].get(other, 0.0) for other in names]
            turned = [math.fsum(a * b for a, b in zip(row, border, strict=True)) for row in inverse]
            rest = cross[name][name] - math.fsum(a * b for a, b in zip(border, turned, strict=True))
            if rest <= 1e-9 * cross[name][name]:
                continue
            for own, part in zip(inverse, turned, strict=True):
                for place, another in enumerate(turned):
                    own[place] += part * another / rest
                own.append(-part / rest)
            inverse.append([-each / rest for each in turned] + [1 / rest])
            names.append(name)
        pairs = zip(names, inverse, strict=True)
        return {name: dict(zip(names, own, strict=True)) for name, own in pairs}
