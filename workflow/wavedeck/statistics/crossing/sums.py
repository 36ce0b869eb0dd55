"""Sums over respondents that estimates and their errors are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.crossing.cells import Cells
from wavedeck.statistics.variance import Floats


class Sums:
    """For each coded answer v, by group g and code k (from 1 on); q raking dummies, h strata.

    `by_group` (v, g, c, k) counts respondents by weighting cell c, `direct` (v, g, g, k) adds up
    the squared weights, scaled, of respondents who are all of their organisation and in two groups;
    of those who share it, `own_members` (g, s) are the groups and `codes` the answers, v of (n,).
    """

    def __init__(
        self,
        cells: Cells,
        by_group: Floats,
        direct: Floats,
        own_members: NDArray[np.bool_],
        codes: Sequence[NDArray[Any]],
    ) -> None:
        self.direct = direct
        self.count = by_group.sum(axis=2)
        """(v, g, k) respondents"""
        # Cell after cell, so that sums come out the same on every machine.
        weighted = by_group * cells.weight[:, None]
        self.total = weighted.sum(axis=2)
        """(v, g, k) weights"""
        self.by_stratum = self.total[:, :, None]
        """(v, g, h, k) weights"""
        if cells.strata > 1:
            parts = [weighted[:, :, cells.stratum == h].sum(axis=2) for h in range(cells.strata)]
            self.by_stratum = np.stack(parts, axis=2)
        in_base = by_group.sum(axis=3)
        self.square = (in_base * np.square(cells.weight)).sum(axis=2)
        """(v, g) squared weights of the base"""
        single = in_base * ~cells.shared
        self.organisations = single.sum(axis=2)
        """(v, g) organisations in the base"""
        self.organisation_square = (single * np.square(cells.weight)).sum(axis=2)
        """(v, g) squared weights of organisations in the base"""
        self.regressed = (cells.dummies * cells.base[:, None]).T @ by_group
        """(v, g, q, k) design weights by dummy"""
        self.crossed = (cells.dummies * cells.alone[:, None]).T @ by_group
        """(v, g, q, k) weighted dummies of the organisation x weights"""
        v, g, _, k = by_group.shape
        self.shared = np.zeros((v, 0, g))
        """(v, m, g) weight in the base, of organisations with several respondents"""
        self.pairs: Floats | None = None
        """(v, g, k, g, k) of these: weight in one group and code x weight in another"""
        if cells.organisations:
            self._add_shared(cells, own_members, [each[cells.several] for each in codes], k)

    def _add_shared(
        self, cells: Cells, members: NDArray[np.bool_], codes: Sequence[NDArray[Any]], k: int
    ) -> None:
        v, m, g = len(codes), cells.organisations, len(members)
        own = np.stack([_by_organisation(cells, members, each, k) for each in codes])
        self.shared = own.sum(axis=3)
        self.organisations = self.organisations + (self.shared > 0).sum(axis=1)
        self.organisation_square = self.organisation_square + np.square(self.shared).sum(axis=1)
        flat = own.reshape(v, m, g * k)
        scaled = flat * cells.own_scale[:, None]
        self.pairs = (scaled.transpose(0, 2, 1) @ flat).reshape(v, g, k, g, k)
        crossed = (cells.own_dummies.T @ scaled).reshape(v, -1, g, k)
        self.crossed = self.crossed + crossed.transpose(0, 2, 1, 3)


def _by_organisation(
    cells: Cells, members: NDArray[np.bool_], codes: NDArray[Any], k: int
) -> Floats:
    """(m, g, k) weights by organisation, of those with several respondents."""
    counts = codes > 0
    key = cells.organisation[counts] * k + codes[counts] - 1
    weight, size = cells.own_weight[counts], cells.organisations * k
    parts = [np.bincount(key, weight * mask[counts], size) for mask in members]
    own: Floats = np.stack(parts, axis=1).astype(np.float64)
    return own.reshape(-1, k, len(members)).transpose(0, 2, 1)
