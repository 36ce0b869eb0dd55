"""Intervals of 95% for shares, means and medians, from linearised standard errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from wavedeck.statistics.distributions import t_quantile
from wavedeck.statistics.variance import CONFIDENCE, Floats, Ints, Linearised


def quantiles(df: Ints) -> Floats:
    """Student's t for a two-sided interval, elementwise; nan without degrees of freedom."""
    tail = (1 - CONFIDENCE) / 2
    different, place = np.unique(df, return_inverse=True)
    found = np.array([t_quantile(tail, float(each)) for each in different])
    return found[place].reshape(np.shape(df))


def of_shares(
    share: Floats, error: Floats, df: Ints, organisations: Floats, kept: float
) -> tuple[Floats, Floats]:
    """Logit intervals of shares from 0 to 1, and Wilson's at 0 and 1; broadcast.

    `organisations` is the effective number of organisations in the base, of which `kept` (1 - n/N)
    is what the finite population correction leaves of a variance.
    """
    t = quantiles(df)
    with np.errstate(all="ignore"):
        reach = t * error / (share * (1 - share))
        odds = np.log(share / (1 - share))
        low, high = 1 / (1 + np.exp(reach - odds)), 1 / (1 + np.exp(-reach - odds))
        # At 0 and 1 the sample tells no variance. Wilson's interval takes it from the limit.
        extent = t * t * kept / (organisations + t * t * kept)
        none, all_ = share <= 0, share >= 1
        low = np.where(none, 0.0 * extent, np.where(all_, 1 - extent, low))
        high = np.where(none, extent, np.where(all_, 1.0 + 0.0 * extent, high))
    return low, high


def of_share(estimate: Linearised) -> tuple[float, float]:
    """The interval of one share."""
    one, df = np.ones(1), np.array([estimate.df])
    low, high = of_shares(
        estimate.value * one,
        estimate.standard_error * one,
        df,
        estimate.organisations * one,
        estimate.strata.kept,
    )
    return float(low[0]), float(high[0])


def of_means(mean: Floats, error: Floats, df: Ints) -> tuple[Floats, Floats]:
    """Symmetric intervals, by Student's t."""
    reach = quantiles(df) * error
    return mean - reach, mean + reach


def variance_of_share(estimate: Linearised) -> float:
    """For tests: that of one share, also where it is 0 or 1."""
    if estimate.value not in (0, 1):
        return estimate.variance
    one = np.ones(1)
    organisations, kept = estimate.organisations * one, estimate.strata.kept
    return float(variance_at_the_ends(estimate.value * one, organisations, kept)[0])


def variance_at_the_ends(share: Floats, organisations: Floats, kept: float) -> Floats:
    """For tests, where a share is 0 or 1: the variance at the middle of its Wilson interval."""
    squared = 1.96**2
    middle = (organisations * share + squared / 2) / (organisations + squared)
    with np.errstate(invalid="ignore", divide="ignore"):
        return kept * middle * (1 - middle) / organisations


def design_effect(variance: Floats, spread: Floats, base: ArrayLike, kept: float) -> Floats:
    """The variance over that of a simple random sample of as many respondents.

    `spread` is the weighted variance of the answers themselves. Both variances have the finite
    population correction, or neither.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = variance / (kept * spread / (np.asarray(base, np.float64) - 1))
    return np.where(np.isfinite(found), found, np.nan)
