"""How far two coders agree: Cohen's kappa.

J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
Measurement 20(1), 37-46.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """What two coders said of the same units."""

    units: int
    alike: int
    """Units to which both gave the same category."""
    expected: float
    """Share of units on which coders with these margins would agree by chance."""

    @property
    def observed(self) -> float:
        """Share of units on which they agree; nan without a unit."""
        return self.alike / self.units if self.units else math.nan

    @property
    def kappa(self) -> float:
        """(observed - expected) / (1 - expected); nan where chance alone gives full agreement."""
        if not self.units or self.expected >= 1:
            return math.nan
        return (self.observed - self.expected) / (1 - self.expected)

    @property
    def standard_error(self) -> float:
        """Cohen's large-sample approximation; nan where kappa is."""
        if math.isnan(self.kappa):
            return math.nan
        return math.sqrt(self.observed * (1 - self.observed) / self.units) / (1 - self.expected)


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> Agreement:
    """Of two coders' categories, unit by unit. Raises ValueError for lists of unlike length."""
    if len(first) != len(second):
        raise ValueError("the coders did not code the same units")
    units = len(first)
    alike = sum(one == other for one, other in zip(first, second, strict=True))
    one, other = Counter(first), Counter(second)
    # Whole numbers first, so that a table of counts gives the same floats in any order.
    chance = sum(one[category] * other[category] for category in one)
    return Agreement(units, alike, chance / units**2 if units else math.nan)
