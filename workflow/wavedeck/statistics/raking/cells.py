"""Units collapsed to cells, and sums over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from wavedeck.statistics.collapse import collapse
from wavedeck.statistics.raking.margin import Floats, Ints, Margin


@dataclass(frozen=True)
class Cells:
    """Units collapsed to the combinations of categories that occur. Categories of all margins
    are numbered through: K = the sum of all k."""

    weight: Floats
    """(c,) base weight."""
    categories: list[Ints]
    """For each margin, (c,) the category of each cell, numbered through."""
    starts: list[int]
    """The first category of each margin, and K at the end."""

    def totals(self, values: Floats) -> Floats:
        """(K,) sums of a value a cell over the cells of each category."""
        size = self.starts[-1]
        total = np.zeros(size)
        for category in self.categories:
            total += np.bincount(category, values, size)
        return total

    def cross(self, values: Floats) -> Floats:
        """(K, K) sums of a value a cell over the cells of each pair of categories."""
        size = self.starts[-1]
        crossed = np.zeros(size * size)
        for one in self.categories:
            for other in self.categories:
                crossed += np.bincount(one * size + other, values, size * size)
        return crossed.reshape(size, size)

    def sums(self, multipliers: Floats) -> Floats:
        """(c,) the multipliers (K,) of each cell's categories, added up."""
        total = np.zeros(len(self.weight))
        for category in self.categories:
            total += multipliers[category]
        return total


def collapsed(base: Floats, margins: Sequence[Margin]) -> tuple[Cells, Ints]:
    """The cells that occur, and (n,) the cell of each unit."""
    sizes = [len(margin.categories) for margin in margins]
    cell_of_unit, first = collapse([margin.codes for margin in margins], sizes)
    starts = list(accumulate(sizes, initial=0))
    categories = [
        margin.codes[first].astype(np.intp) + start
        for margin, start in zip(margins, starts, strict=False)
    ]
    weight = np.bincount(cell_of_unit, weights=base).astype(np.float64, copy=False)
    return Cells(weight, categories, starts), cell_of_unit
