"""Rao and Scott's test of a crosstab a second time.

The pipeline takes the covariance of all cells from counts; this linearises each cell by itself,
adds it up by organisation, and takes double differences of cells as the contrasts: any basis of
the interactions gives the same test. Only the tail of F is shared.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.distributions import f_upper
from wavedeck.verify.errors import NOTHING, Errors

Cell = tuple[str, str]
Floats = NDArray[np.float64]


def f_and_p(places: Mapping[int, Cell], errors: Errors) -> tuple[float, float]:
    """F and p of a crosstab; NaN where there is no test. `places` has each respondent's cell."""
    none = math.nan, math.nan
    members: dict[Cell, list[int]] = defaultdict(list)
    for place, cell in places.items():
        members[cell].append(place)
    rows, columns = (sorted({cell[side] for cell in members}) for side in (0, 1))
    df = errors.degrees_of_freedom(places)
    if len(rows) < 2 or len(columns) < 2 or df < 1:
        return none
    weights = {cell: errors.weight(own) for cell, own in members.items()}
    whole = math.fsum(weights.values())
    share = {cell: weight / whole for cell, weight in weights.items()}
    cells = sorted(members)
    contrasts = _contrasts(rows, columns, cells)
    own = np.array([share[cell] for cell in cells])
    scaled = contrasts / own
    simple = scaled @ contrasts.T / len(places)
    if np.linalg.matrix_rank(simple) < len(simple):
        return none
    scores = np.array([errors.scores(dict.fromkeys(members[cell], 1 / whole)) for cell in cells])
    scores = scaled @ (scores - own[:, None] * scores.sum(axis=0))
    effects = np.linalg.solve(simple, scores @ scores.T)
    trace, square = float(np.trace(effects)), float(np.trace(effects @ effects))
    if not trace > NOTHING:  # of design effects: what is left is rounding
        return none
    by_row = {r: math.fsum(s for (row, _), s in share.items() if row == r) for r in rows}
    by_column = {c: math.fsum(s for (_, own), s in share.items() if own == c) for c in columns}
    pearson = len(places) * math.fsum(
        (share.get((r, c), 0.0) - by_row[r] * by_column[c]) ** 2 / (by_row[r] * by_column[c])
        for r, c in product(rows, columns)
    )
    f, df1 = pearson / trace, trace**2 / square
    return f, float(f_upper(f, df1, df1 * df))


def _contrasts(rows: list[str], columns: list[str], cells: list[Cell]) -> Floats:
    """(contrasts, cells) double differences against the first row and column."""
    found = []
    for row, column in product(rows[1:], columns[1:]):
        signs = {
            (row, column): 1.0,
            (rows[0], columns[0]): 1.0,
            (row, columns[0]): -1.0,
            (rows[0], column): -1.0,
        }
        found.append([signs.get(cell, 0.0) for cell in cells])
    return np.array(found)
