"""Rao and Scott's test of a crosstab a second time, in plain Python.

The pipeline takes the covariance of all cells from counts; this linearises each cell by itself,
adds it up by organisation, and takes double differences of cells as the contrasts: any basis of
the interactions gives the same test. Only the tail of F is shared.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from operator import mul

from wavedeck.statistics.distributions import f_upper
from wavedeck.verify.errors import Errors

Cell = tuple[str, str]
Matrix = list[list[float]]

NOTHING = 1e-12
"""A pivot below this share of its diagonal is rounding."""


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
    contrasts = [
        {(row, column): 1, (rows[0], column): -1, (row, columns[0]): -1, (rows[0], columns[0]): 1}
        for row, column in product(rows[1:], columns[1:])
    ]
    simple = _simple(contrasts, share, len(places))
    scores = _scores(contrasts, share, members, whole, errors)
    spread = [[sum(map(mul, one, other)) for other in scores] for one in scores]
    effects = _solved(simple, spread)
    if effects is None:
        return none
    trace = math.fsum(row[place] for place, row in enumerate(effects))
    square = math.fsum(
        a * effects[j][i] for i, row in enumerate(effects) for j, a in enumerate(row)
    )
    if not trace > 0 or not square > 0:
        return none
    by_row = {r: math.fsum(s for (row, _), s in share.items() if row == r) for r in rows}
    by_column = {c: math.fsum(s for (_, own), s in share.items() if own == c) for c in columns}
    pearson = len(places) * math.fsum(
        (share.get((r, c), 0.0) - by_row[r] * by_column[c]) ** 2 / (by_row[r] * by_column[c])
        for r, c in product(rows, columns)
    )
    f, df1 = pearson / trace, trace**2 / square
    return f, float(f_upper(f, df1, df1 * df))


def _simple(contrasts: list[dict[Cell, int]], share: Mapping[Cell, float], size: int) -> Matrix:
    """The contrasts' covariance were all respondents a simple random sample."""
    return [
        [
            sum(
                sign * other[cell] / share[cell]
                for cell, sign in one.items()
                if cell in other and cell in share
            )
            / size
            for other in contrasts
        ]
        for one in contrasts
    ]


def _scores(
    contrasts: list[dict[Cell, int]],
    share: Mapping[Cell, float],
    members: Mapping[Cell, list[int]],
    whole: float,
    errors: Errors,
) -> Matrix:
    """For each contrast, a value an organisation; products of them add up to covariances."""
    totals = {cell: errors.scores(dict.fromkeys(own, 1 / whole)) for cell, own in members.items()}
    base = [math.fsum(column) for column in zip(*totals.values(), strict=True)]
    found = []
    for contrast in contrasts:
        signs = {cell: sign for cell, sign in contrast.items() if cell in share}
        lines = [[sign / share[c] * value for value in totals[c]] for c, sign in signs.items()]
        left = sum(signs.values())
        found.append([sum(parts) - left * b for b, *parts in zip(base, *lines, strict=True)])
    return found


def _solved(matrix: Matrix, right: Matrix) -> Matrix | None:
    """The inverse of a positive definite matrix times another; None where it has none."""
    size = len(matrix)
    rows = [[*own, *other] for own, other in zip(matrix, right, strict=True)]
    for place in range(size):
        pivot = rows[place][place]
        if pivot <= NOTHING * matrix[place][place]:
            return None
        own = rows[place] = [value / pivot for value in rows[place]]
        for other in range(size):
            factor = rows[other][place]
            if other != place and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], own, strict=True)]
    return [row[size:] for row in rows]
