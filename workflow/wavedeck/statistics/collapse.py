"""Units collapsed to the combinations of categories that occur: sums over units run over these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]

TABLE = 2**20
"""Combinations that a table may have, or one a unit, before those that occur are numbered anew."""


def collapse(columns: Sequence[NDArray[np.integer]], sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """(n,) the number of each unit's combination and (c,) a unit of each combination.

    Columns (n,) hold categories from 0 to size - 1. Combinations are in the order of the columns,
    the first column first.
    """
    n = len(columns[0])
    number = np.zeros(n, dtype=np.intp)
    combinations = 1
    for column, size in zip(columns, sizes, strict=True):
        if combinations * size > max(TABLE, n):
            number, combinations = _renumbered(number, combinations)
        if combinations * size > max(TABLE, n):  # the table has grown too large all the same
            found, number = np.unique(number * size + column, return_inverse=True)
            combinations = len(found)
            continue
        number *= size
        number += column
        combinations *= size
    number, combinations = _renumbered(number, combinations)
    first = np.empty(combinations, dtype=np.intp)  # any unit will do
    first[number] = np.arange(n)
    return number, first


def _renumbered(number: Ints, combinations: int) -> tuple[Ints, int]:
    """Numbers of the combinations that occur, in the same order, and how many do."""
    present = np.bincount(number, minlength=combinations) > 0
    fresh = np.cumsum(present) - 1
    return fresh[number], int(present.sum())
