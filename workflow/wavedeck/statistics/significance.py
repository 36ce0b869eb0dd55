"""Which differences are more than chance: columns of a banner, a column and the rest, crosstabs.

All tests are two-sided, at 5%. Where several answer one question (all pairs of the columns of a
row; all columns of a row against their rest), Holm's procedure keeps the chance of any false
finding among them at 5%.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from string import ascii_letters

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.distributions import f_upper, t_two_sided
from wavedeck.statistics.variance import Floats, Ints, Mask

LEVEL = 0.05
UNSURE = 1.9
"""No t below this is significant, whatever its degrees of freedom."""
COLUMNS = ascii_letters[26:] + ascii_letters[:26]
"""A to Z, then a to z."""

Words = NDArray[np.str_]


def column_letter(position: int) -> str:
    """Of a column of a banner question, by the place of its option, from 0; "" beyond z."""
    return COLUMNS[position] if position < len(COLUMNS) else ""


def letters(value: Floats, covariance: Floats, df: Ints, tested: Mask) -> Words:
    """(g, a) the columns that a column is significantly higher than, such as "BD".

    `value` (g, a) and `covariance` (a, g, g) are of the columns of one banner question, `df` (g,)
    and `tested` (g,) whether its base allows a test.
    """
    columns, answers = value.shape
    found = np.full((columns, answers), "", dtype=object)
    pairs = [
        pair
        for pair in combinations(range(min(columns, len(COLUMNS))), 2)
        if tested[pair[0]] and tested[pair[1]]
    ]
    if pairs:
        one, other = np.array(pairs).T
        own = np.diagonal(covariance, axis1=1, axis2=2)
        variance = own[:, one] + own[:, other] - 2 * covariance[:, one, other]
        gap = (value[one] - value[other]).T
        sure = holm(_p(gap, variance, own[:, one] + own[:, other], df[one] + df[other]))
        for answer, pair in zip(*np.nonzero(sure), strict=True):
            high, low = pairs[pair] if gap[answer, pair] > 0 else pairs[pair][::-1]
            found[high, answer] += column_letter(low)
    return np.array([["".join(sorted(cell, key=COLUMNS.index)) for cell in row] for row in found])


def against_rest(gap: Floats, variance: Floats, df: Ints, tested: Mask) -> Words:
    """(g, a) "higher", "lower" or "": columns against all others of the banner question.

    `gap` (g, a) is a column's value less that of the rest, with its variance.
    """
    variance = np.where(tested[:, None], variance, np.nan)
    sure = holm(_p(gap, variance, variance, df[:, None]).T).T
    return np.where(sure, np.where(gap > 0, "higher", "lower"), "")


def _p(gap: Floats, variance: Floats, gross: Floats, df: Ints) -> Floats:
    """p values; nan where there is no variance, 1 where a glance tells that p is above LEVEL."""
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(variance > 1e-14 * gross, np.abs(gap) / np.sqrt(variance), np.nan)
    found = np.where(np.isnan(t), np.nan, 1.0)
    doubtful = t >= UNSURE
    if doubtful.any():
        found[doubtful] = t_two_sided(t[doubtful], np.broadcast_to(df, t.shape)[doubtful])
    return found


def holm(p: Floats, level: float = LEVEL) -> Mask:
    """(a, m) which of the m tests of each row stand, by Holm's procedure; nan is no test."""
    order = np.argsort(p, axis=1)
    ranked = np.take_along_axis(p, order, axis=1)
    tests = np.sum(~np.isnan(p), axis=1, keepdims=True)
    stands = ranked <= level / np.maximum(tests - np.arange(p.shape[1]), 1)
    stands = np.logical_and.accumulate(stands, axis=1)  # the first that falls ends it
    found = np.zeros_like(stands)
    np.put_along_axis(found, order, stands, axis=1)
    return found


@dataclass(frozen=True)
class Association:
    """A test of a crosstab: whether the answers of two questions hang together."""

    f: float
    """Pearson's chi-square of the weighted table, over the sum of the generalised effects."""
    df1: float
    df2: float
    p: float


def rao_scott(share: Floats, covariance: Floats, respondents: int, df: int) -> Association:
    """Rao and Scott's second-order test of a table of shares (r, c) that add up to 1.

    `covariance` (rc, rc) is theirs, row by row. Rows and columns nobody is in are left out.
    """
    rows, columns = share.sum(axis=1) > 0, share.sum(axis=0) > 0
    kept = (rows[:, None] & columns).ravel()
    table = share[rows][:, columns]
    r, c = table.shape
    if r < 2 or c < 2 or df < 1:
        return Association(np.nan, np.nan, np.nan, np.nan)
    flat, own = table.ravel(), covariance[kept][:, kept]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = respondents * float((np.square(table - expected) / expected).sum())
    # Contrasts of the log-linear interactions, orthogonal to the main effects.
    row, column = np.repeat(np.eye(r), c, axis=0), np.tile(np.eye(c), (r, 1))
    main = np.hstack([np.ones((r * c, 1)), row[:, 1:], column[:, 1:]])
    inner = (row[:, 1:, None] * column[:, None, 1:]).reshape(r * c, -1)
    contrasts = inner - main @ np.linalg.lstsq(main, inner, rcond=None)[0]
    inverse = np.divide(1.0, flat, out=np.zeros_like(flat), where=flat > 0)
    scaled = contrasts * inverse[:, None]
    simple = contrasts.T @ (contrasts * inverse[:, None]) / respondents
    if np.linalg.matrix_rank(simple) < len(simple):
        return Association(np.nan, np.nan, np.nan, np.nan)
    effects = np.linalg.solve(simple, scaled.T @ own @ scaled)
    trace = float(np.trace(effects))
    square = float(np.trace(effects @ effects))
    if not trace > 1e-12:  # of design effects: what is left is rounding
        return Association(np.nan, np.nan, np.nan, np.nan)
    f, df1 = pearson / trace, trace**2 / square
    return Association(f, df1, df1 * df, float(f_upper(f, df1, df1 * df)))
