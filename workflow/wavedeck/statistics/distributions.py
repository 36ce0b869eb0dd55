"""Tails of Student's t and of F, from the incomplete beta function; no stage needs scipy for them.

The continued fraction is that of Abramowitz and Stegun 26.5.8, by Lentz's method.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_TINY = 1e-300
_ENOUGH = 300
"""Steps of the fraction; it needs some sqrt(max(a, b))."""
_EXPANDED = 1000
"""From so many degrees of freedom on, quantiles are had from a series: it is exact to 1e-13."""
_MANY = 1e6
"""From so many degrees of freedom on, t is taken as normal (they differ by less than 1e-6)."""


def t_two_sided(t: ArrayLike, df: ArrayLike) -> Floats:
    """P(|T| > |t|) for Student's t with `df` degrees of freedom, elementwise; nan in, nan out."""
    t, df = np.broadcast_arrays(np.asarray(t, np.float64), np.asarray(df, np.float64))
    x = df / (df + t * t)
    found = _beta_ratio(df / 2, np.full(df.shape, 0.5), x)
    many = df >= _MANY
    if many.any():
        found = np.where(many, np.vectorize(math.erfc, otypes=[float])(np.abs(t) / 2**0.5), found)
    return np.where(df > 0, found, np.nan)


def f_upper(f: ArrayLike, df1: ArrayLike, df2: ArrayLike) -> Floats:
    """P(F > f) for the F distribution with `df1` and `df2` degrees of freedom, elementwise."""
    f, df1, df2 = (np.asarray(value, np.float64) for value in (f, df1, df2))
    f, df1, df2 = np.broadcast_arrays(f, df1, df2)
    found = _beta_ratio(df2 / 2, df1 / 2, df2 / (df2 + df1 * f))
    return np.where((df1 > 0) & (df2 > 0), found, np.nan)


@cache
def t_quantile(tail: float, df: float) -> float:
    """The t with P(T > t) = tail, for a tail below 0.5; nan without degrees of freedom."""
    if not df > 0:
        return math.nan
    normal = NormalDist().inv_cdf(1 - tail)
    if df >= _EXPANDED:
        return _expanded(normal, df)
    low, high = 0.0, max(normal, 1.0)
    while t_two_sided(high, df) > 2 * tail:
        low, high = high, high * 4
    t = min(max(normal, low), high)
    for _ in range(200):
        gap = float(t_two_sided(t, df)) / 2 - tail
        low, high = (t, high) if gap > 0 else (low, t)
        # Newton's step, kept between the bounds by halving.
        step = t + gap / _t_density(t, df)
        following = step if low < step < high else (low + high) / 2
        if abs(following - t) <= 4e-16 * abs(t):
            break
        t = following
    return t


def _expanded(z: float, df: float) -> float:
    """Fisher's expansion of Student's t about the normal quantile z (Abramowitz and Stegun
    26.7.5)."""
    square = z * z
    terms = (
        (square + 1) / 4,
        ((5 * square + 16) * square + 3) / 96,
        (((3 * square + 19) * square + 17) * square - 15) / 384,
        ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
    )
    return z * (1 + sum(term / df**power for power, term in enumerate(terms, start=1)))


def _t_density(t: float, df: float) -> float:
    logarithm = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(logarithm - (df + 1) / 2 * math.log1p(t * t / df))


def _beta_ratio(a: Floats, b: Floats, x: Floats) -> Floats:
    """The regularised incomplete beta function I_x(a, b)."""
    lgamma = np.vectorize(math.lgamma, otypes=[float])
    with np.errstate(all="ignore"):
        inside = (x > 0) & (x < 1) & (a > 0) & (b > 0)
        swap = x > (a + 1) / (a + b + 2)
        a_, b_ = np.where(swap, b, a), np.where(swap, a, b)
        x_ = np.where(swap, 1 - x, x)
        a_, b_, x_ = (np.where(inside, v, 0.5) for v in (a_, b_, x_))
        front = lgamma(a_ + b_) - lgamma(a_) - lgamma(b_) + a_ * np.log(x_) + b_ * np.log1p(-x_)
        value = np.exp(front) / a_ / _fraction(a_, b_, x_)
        value = np.where(swap, 1 - value, value)
    value = np.where(inside, value, np.where(x >= 1, 1.0, np.where(x <= 0, 0.0, np.nan)))
    return np.clip(value, 0.0, 1.0)


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """1 + d1/(1 + d2/(1 + ...)), by Lentz's method."""
    c = np.ones_like(x)
    d = 1 - (a + b) * x / (a + 1)
    d = 1 / np.where(np.abs(d) < _TINY, _TINY, d)
    h = d.copy()
    for m in range(1, _ENOUGH):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 + term * d
            c = 1 + term / c
            d = 1 / np.where(np.abs(d) < _TINY, _TINY, d)
            c = np.where(np.abs(c) < _TINY, _TINY, c)
            h = h * (d * c)
        if not np.any(np.abs(d * c - 1) > 1e-15):
            break
    return 1 / h
