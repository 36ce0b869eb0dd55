"""Medians and other quantiles of weighted numbers, with Woodruff's interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.statistics.distributions import t_quantile
from wavedeck.statistics.variance import CONFIDENCE, Design, Floats, Mask

TOLERANCE = 1e-9
"""Sums of weights this near to a share of all, as a share of all, count as it: floats cannot say
more."""


@dataclass(frozen=True)
class Quantile:
    value: float
    lower: float
    upper: float
    standard_error: float
    """Half of the interval over Student's t; nan where the interval leaves the numbers."""


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """The middle between the least value that at least `share` of the weight does not exceed and
    the greatest value that at least the rest of the weight reaches; nan without values.

    For a share of half and equal weights this is the ordinary median.
    """
    if not len(values):
        return float("nan")
    order = np.argsort(values, kind="stable")
    return _of_ordered(values[order], np.cumsum(weights[order]), share)


def _of_ordered(ordered: Floats, upto: Floats, share: float) -> float:
    wanted, slack = share * upto[-1], TOLERANCE * upto[-1]
    last = len(ordered) - 1
    low = min(int(np.searchsorted(upto, wanted - slack)), last)
    high = min(int(np.searchsorted(upto, wanted + slack, side="right")), last)
    return float((ordered[low] + ordered[high]) / 2)


def woodruff(design: Design, values: Floats, base: Mask, share: float = 0.5) -> Quantile:
    """A quantile of values (n,) over the base (n,).

    The interval holds the quantiles at both ends of the interval of the share that does not exceed
    the estimate (Woodruff 1952).
    """
    counted = base & (design.clusters >= 0)
    chosen, weights = values[counted], design.weights[counted]
    nothing = float("nan")
    if not len(chosen):
        return Quantile(nothing, nothing, nothing, nothing)
    order = np.argsort(chosen, kind="stable")
    ordered, upto = chosen[order], np.cumsum(weights[order])
    value = _of_ordered(ordered, upto, share)
    below = design.proportion(np.where(base, values, np.inf) <= value, base)
    low, high = (float(end) for end in below.interval())
    lower = _of_ordered(ordered, upto, low) if low >= 0 else nothing
    upper = _of_ordered(ordered, upto, high) if high <= 1 else nothing
    reach = 2 * t_quantile((1 - CONFIDENCE) / 2, below.df)
    return Quantile(value, lower, upper, (upper - lower) / reach)
