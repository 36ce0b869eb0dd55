"""Mean and median of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from wavedeck.estimate.edition import rounded
from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import Estimate, within_words
from wavedeck.estimate.variables import Quantity
from wavedeck.rounding import mean_text
from wavedeck.statistics.intervals import design_effect
from wavedeck.statistics.quantile import woodruff
from wavedeck.statistics.variance import Design, Linearised


def numbers_of(
    quantity: Quantity, breakdown: Breakdown, sample: Sample, design: Design, minimum: int
) -> Iterator[Estimate]:
    """The mean and the median of a question's numbers within the groups of a breakdown."""
    numbers = np.where(quantity.answered, quantity.values, 0.0)
    for subset, mask in breakdown.masks().items():
        counted = mask & quantity.answered & (sample.weights > 0)
        basis = basis_of(sample, counted, question=quantity.question, subset=subset)
        hidden = bool(subset) and basis.base < minimum
        unit = f", {quantity.unit}" if quantity.unit else ""
        total = math.fsum(numbers[counted] * sample.weights[counted])
        mean = total / basis.weighted_base if basis.base else float("nan")
        error, middle = design.mean(numbers, counted), woodruff(design, numbers, counted)
        nothing = float("nan")
        low, high = error.interval() if error.df > 0 else (nothing, nothing)
        own, effect = (
            (error.standard_error, _effect(error, numbers, counted, design))
            if error.df > 0
            else (nothing, nothing)
        )
        for statistic, numerator, value, errors in (
            ("mean", total, mean, (own, low, high, effect)),
            (
                "median",
                middle.value,
                middle.value,
                (middle.standard_error, middle.lower, middle.upper, nothing),
            ),
        ):
            names = ("standard_error", "lower", "upper", "design_effect")
            named: dict[str, Any] = dict(zip(names, map(rounded, errors), strict=True))
            found = basis._replace(
                statistic=statistic,
                numerator=numerator if basis.base else 0.0,
                value=value,
                text=mean_text(value) if basis.base else "[x]",
                label=f"{quantity.label}: {statistic}{unit}{within_words(subset)}",
                **named,
            )
            yield found._replace(text="[c]", suppressed=True) if hidden else found


def _effect(mean: Linearised, numbers: np.ndarray, counted: np.ndarray, design: Design) -> float:
    """The design effect of a mean over the respondents that are `counted` (n,)."""
    weights, gaps = design.weights[counted], numbers[counted] - mean.value
    spread = np.array(weights @ np.square(gaps) / weights.sum())
    variance = np.array(mean.variance)
    return float(design_effect(variance, spread, len(gaps), design.strata.kept))
