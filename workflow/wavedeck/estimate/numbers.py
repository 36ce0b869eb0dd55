"""Mean and median of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import Estimate, within_words
from wavedeck.estimate.variables import Quantity
from wavedeck.rounding import mean_text

HALF_TOLERANCE = 1e-9
"""Sums of weights this near to half of all, as a share of all, count as half: floats cannot say
more."""


def numbers_of(
    quantity: Quantity, subset: str, mask: np.ndarray, sample: Sample, minimum: int
) -> Iterator[Estimate]:
    """The mean and the median of a question's numbers within one subset."""
    counted = mask & quantity.answered & (sample.weights > 0)
    basis = basis_of(sample, counted, question=quantity.question, subset=subset)
    hidden = bool(subset) and basis.base < minimum
    values, weights = quantity.values[counted], sample.weights[counted]
    unit = f", {quantity.unit}" if quantity.unit else ""
    total = math.fsum(values * weights)
    mean = total / basis.weighted_base if basis.base else float("nan")
    middle = weighted_median(values, weights)
    for statistic, numerator, value in (("mean", total, mean), ("median", middle, middle)):
        found = basis._replace(
            statistic=statistic,
            numerator=numerator if basis.base else 0.0,
            value=value,
            text=mean_text(value) if basis.base else "[x]",
            label=f"{quantity.label}: {statistic}{unit}{within_words(subset)}",
        )
        yield found._replace(text="[c]", suppressed=True) if hidden else found


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The middle between the least value that at least half of the weight does not exceed and the
    greatest value that at least half of the weight reaches; NaN without values.

    With equal weights this is the ordinary median.
    """
    if not len(values):
        return float("nan")
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    upto = np.cumsum(weights[order])
    half = upto[-1] / 2
    slack = HALF_TOLERANCE * upto[-1]
    low = ordered[np.argmax(upto >= half - slack)]
    # The weight from a place on is all of it less what lies before the place.
    before = upto - weights[order]
    high = ordered[len(ordered) - 1 - np.argmax((before <= half + slack)[::-1])]
    return float((low + high) / 2)
