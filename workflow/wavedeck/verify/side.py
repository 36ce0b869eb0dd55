"""A wave as a change sees it: shares as exact fractions, and what each organisation adds to errors.

Errors are computed from each respondent's value, with raking taken out by ordinary least squares.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wavedeck.survey.comparable import Described
from wavedeck.verify.meaning import base_key, gave, key_of
from wavedeck.verify.population import FrameCounts, in_frame, raked_categories, unit_of
from wavedeck.verify.raw import Response

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """Of a wave, in percent."""

    value: Fraction | None
    """Exactly; None where nobody is in the base."""
    base: list[int]
    """Places of respondents among those kept."""
    given: Floats
    """Of each of the base: 1 who gave the answer, else 0."""


@dataclass(frozen=True)
class Side:
    """A wave in one edition."""

    described: Described
    responses: list[Response]
    frame: FrameCounts
    weighted: bool

    @cached_property
    def kept(self) -> list[Response]:
        return [r for r in self.responses if not self.weighted or r.weight > 0]

    @cached_property
    def units(self) -> list[str]:
        """Of those kept."""
        return [self.unit(r) for r in self.kept]

    @cached_property
    def weights(self) -> list[Fraction]:
        """Of those kept."""
        return [r.weight if self.weighted else Fraction(1) for r in self.kept]

    def unit(self, response: Response) -> str:
        """What tells an organisation, in either wave."""
        unit = str(unit_of(self.described.survey, response))
        named = self.described.survey.export.columns.organisation
        return unit if named else f"{self.described.wave.title}, {unit}"

    def base(self, name: str, item: str) -> list[int]:
        key = base_key(self.described.survey, name, item)
        return [place for place, r in enumerate(self.kept) if key in r.answers]

    def share(self, name: str, item: str, options: Sequence[str]) -> Share:
        survey, key, base = self.described.survey, key_of(name, item), self.base(name, item)
        given = [
            any(gave(survey, self.kept[place].answers, key, option) for option in options)
            for place in base
        ]
        weight = sum((self.weights[place] for place in base), Fraction(0))
        chosen = (self.weights[place] for place, gives in zip(base, given, strict=True) if gives)
        value = 100 * sum(chosen, Fraction(0)) / weight if base else None
        return Share(value, base, np.array(given, float))

    @cached_property
    def population(self) -> float:
        counts = next(iter(self.frame.values()), None)
        known = self.described.survey.frame
        if known and known.counts_are == "shares":
            return math.inf
        return float(sum(counts.values())) if counts else math.inf

    @cached_property
    def strata(self) -> dict[str, int]:
        """Organisation -> 0, or 1 for those outside of the frame where they are a stratum."""
        survey = self.described.survey
        outside = {u for u, r in zip(self.units, self.kept, strict=True) if not in_frame(survey, r)}
        every = list(dict.fromkeys(self.units))
        apart = 1 < len(outside) < len(every) - 1
        return {name: int(apart and name in outside) for name in every}

    @cached_property
    def _categories(self) -> Floats:
        """(n, k) of the raking margins; none where no weights are raked."""
        survey = self.described.survey
        if not self.weighted or survey.weighting is None:
            return np.empty((len(self.kept), 0))
        return raked_categories(survey, self.kept)

    @cached_property
    def _fit(self) -> Floats:
        """(k, n) what turns values of the respondents into coefficients of the categories."""
        people = Counter(map(self.unit, self.responses))
        root = np.sqrt([1 / people[unit] for unit in self.units])
        fit: Floats = root * np.linalg.pinv(self._categories * root[:, None])
        return fit

    def totals(self, share: Share) -> dict[str, float]:
        """By organisation: what it adds to the error of a share."""
        weights = np.array([float(weight) for weight in self.weights])
        values = np.zeros(len(weights))
        values[share.base] = 100.0 * share.given - float(share.value or 0)
        values /= float(weights[share.base].sum())
        values = values - self._categories @ (self._fit @ values)
        found = dict.fromkeys(self.strata, 0.0)
        for unit, value in zip(self.units, weights * values, strict=True):
            found[unit] += value
        return found

    def at_the_end(self, share: Share) -> float:
        """The variance at the middle of the Wilson interval of 0% or 100%."""
        weights = dict.fromkeys(self.strata, 0.0)
        for place in share.base:
            weights[self.units[place]] += float(self.weights[place])
        organisations = sum(weights.values()) ** 2 / sum(w * w for w in weights.values())
        middle = 1.96**2 / 2 / (organisations + 1.96**2)
        apart = any(self.strata.values())
        kept = 1.0 if apart else max(0.0, 1 - len(self.strata) / self.population)
        return 100.0**2 * kept * middle * (1 - middle) / organisations

    def freedom(self, share: Share) -> int:
        there = {self.units[place] for place in share.base}
        return len(there) - len({self.strata[o] for o in there})
