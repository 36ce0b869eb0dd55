"""A design collapsed to weighting cells, and organisations with several respondents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.collapse import collapse
from wavedeck.statistics.variance import Design, Floats


class Cells:
    """Respondents of a cell share weights, raking categories (q dummies) and stratum (h)."""

    def __init__(self, design: Design) -> None:
        self._inside = design.inside
        self._everyone = len(design.inside) == len(design.weights)
        weights, base = self.of_inside(design.weights), self.of_inside(design.weights)
        clusters = self.of_inside(design.clusters)
        strata = design.strata.codes[clusters]
        shared = (np.bincount(clusters, minlength=len(design.strata.codes)) > 1)[clusters]
        columns: list[NDArray[Any]] = [strata, shared.astype(np.intp)]
        sizes = [len(design.strata.sizes), 2]
        q = 0
        self.inverse = np.zeros((0, 0))
        if design.raking is not None:
            base = self.of_inside(design.raking.base)
            q, self.inverse = design.regression.size, design.regression.inverse
            for margin in design.raking.margins:
                columns.append(self.of_inside(margin))
                sizes.append(int(columns[-1].max()) + 1)
        self.number, first = collapse(columns, sizes)
        for values in (base, weights):
            if not np.array_equal(values[first][self.number], values):
                different, codes = np.unique(values, return_inverse=True)
                columns.append(codes)
                sizes.append(len(different))
                self.number, first = collapse(columns, sizes)
        self.size = len(first)
        """c cells; `number` (n,) is each respondent's, `first` (c,) one respondent of each."""
        self.first = first
        self.weight, self.base = weights[first], base[first]
        self.stratum, self.shared = strata[first], shared[first]
        self.dummies = np.zeros((self.size, q))
        if design.raking is not None:
            for column in design.regression.columns():
                self.dummies[np.arange(self.size), self.of_inside(column)[first]] = 1.0
        scale = design.strata.scale
        self.alone = np.where(self.shared, 0.0, scale[self.stratum]) * self.weight**2
        """(c,) squared weight, scaled, of respondents who are all of their organisation"""
        self._several(design, clusters, weights)
        counts = np.bincount(self.number, minlength=self.size)
        self.spread = (self.dummies.T * (self.alone * counts)) @ self.dummies
        self.spread += (self.own_dummies.T * self.own_scale) @ self.own_dummies
        """(q, q) squares of each organisation's weighted dummies"""
        self.strata = len(design.strata.sizes)
        self.level = np.zeros((self.strata, q))
        """(h, q) sums of weight x dummy"""
        for stratum in range(self.strata):
            here = self.stratum == stratum
            self.level[stratum] = (self.weight * counts)[here] @ self.dummies[here]
        self.centring = scale / np.maximum(design.strata.sizes, 1)

    def _several(self, design: Design, clusters: NDArray[np.intp], weights: Floats) -> None:
        """Respondents of organisations with several (m of these), one by one."""
        self.several = np.flatnonzero(self.shared[self.number])
        found, self.organisation = np.unique(clusters[self.several], return_inverse=True)
        self.organisations = len(found)
        self.own_weight = weights[self.several]
        self.own_scale = design.strata.scale[design.strata.codes[found]]
        dummies = self.dummies[self.number[self.several]] * self.own_weight[:, None]
        self.own_dummies = np.zeros((self.organisations, dummies.shape[1]))
        """(m, q) sums of weight x dummy"""
        for place, column in enumerate(dummies.T):
            self.own_dummies[:, place] = np.bincount(self.organisation, column, self.organisations)

    def of_inside(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values (n,) of those who take part."""
        return values if self._everyone else values[self._inside]
