"""Groups of respondents, and counts of a coded answer within them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavedeck.statistics.collapse import collapse
from wavedeck.statistics.crossing.cells import Cells
from wavedeck.statistics.crossing.estimates import Estimates, Table, estimates, tables
from wavedeck.statistics.crossing.sums import Sums
from wavedeck.statistics.variance import Design, Floats, Ints, Mask

CELLS = 2**13
"""Families are counted together as long as profiles times weighting cells are no more."""
FEWEST, MOST = 2**17, 2**21
"""Counts that are held at once: two a respondent within these limits, unless one answer needs more.
Answers counted together save overhead and cost memory."""


@dataclass(frozen=True)
class Family:
    """Groups that are compared with each other: the answers of one banner question."""

    groups: Mapping[str, Mask]
    """Name -> (n,) who is in it; they may overlap."""
    whole: Mask
    """(n,) everyone who answered the banner question; the groups lie within."""


class Crossing:
    """The groups of some families within one design."""

    def __init__(self, design: Design, families: Sequence[Family]) -> None:
        self._cells = cells = Cells(design)
        grouped = [_Groups(cells, place, family) for place, family in enumerate(families)]
        waiting = [groups for groups in grouped if groups.by_cell is not None]
        self._blocks: list[_Block] = []
        profiles = 1
        for groups in grouped:
            if groups.by_cell is not None:
                continue
            most = groups.most_profiles
            if profiles > 1 and profiles * most * cells.size > CELLS:
                self._blocks.append(_Block(cells, waiting))
                waiting, profiles = [], 1
            waiting.append(groups)
            profiles *= most
        self._blocks.append(_Block(cells, waiting))
        self._families = len(grouped)

    def estimates(
        self, codes: Sequence[NDArray[np.integer]], values: Floats
    ) -> list[list[Estimates]]:
        """For each coded answer, one for each family.

        `codes`, each (n,), are from 1 to k in the base, 0 or less outside of it; `values` (k, a)
        say what each code from 1 on counts for in each of a answers.
        """
        values = np.asarray(values, np.float64)
        found: list[dict[int, Estimates]] = [{} for _ in codes]
        for block in self._blocks:
            step = block.at_once(len(values))
            for start in range(0, len(codes), step):
                some = [self._cells.of_inside(each) for each in codes[start : start + step]]
                for family, estimated in block.estimates(some, values):
                    for place, each in enumerate(estimated, start=start):
                        found[place][family] = each
        return [[each[family] for family in range(self._families)] for each in found]

    def tables(self, codes: Sequence[NDArray[np.integer]], k: int) -> list[Table]:
        """The shares of the codes 1 to k of each coded answer, with their covariance."""
        some = [self._cells.of_inside(each) for each in codes]
        everyone = np.ones(len(self._cells.number), dtype=bool)
        groups = _Groups(self._cells, 0, Family({}, everyone), inside=True)
        block = _Block(self._cells, [groups])
        step = block.at_once(k)
        starts = range(0, len(codes), step)
        return [table for start in starts for table in block.tables(some[start : start + step], k)]


class _Groups:
    """A family's masks, and whether weighting cells alone tell who is in which group."""

    def __init__(self, cells: Cells, place: int, family: Family, inside: bool = False) -> None:
        self.place = place
        masks = [*family.groups.values(), family.whole]
        self.masks = masks if inside else [cells.of_inside(mask) for mask in masks]
        self.own_members = np.stack([mask[cells.several] for mask in self.masks])
        self.by_cell: Floats | None = None
        """(g, c) 1 where a cell is in the group"""
        if all((mask[cells.first][cells.number] == mask).all() for mask in self.masks):
            self.by_cell = np.stack([mask[cells.first] for mask in self.masks]).astype(np.float64)

    @property
    def most_profiles(self) -> int:
        """How many combinations of the groups a respondent can be in, at most."""
        *groups, whole = self.masks
        overlap = sum(int(mask.sum()) for mask in groups) > int(whole.sum())
        return int(2 ** len(groups)) if overlap else 1 + len(groups)


class _Block:
    """Families that are counted together. Respondents in the same groups have one profile."""

    def __init__(self, cells: Cells, families: Sequence[_Groups]) -> None:
        self._cells, self._families = cells, families
        masks = [mask for each in families if each.by_cell is None for mask in each.masks]
        self._profiles = 1
        self._members: dict[int, Floats] = {}
        """(p, g) of each family that weighting cells do not tell"""
        self._cell = cells.number
        if masks:
            profile, first = collapse([mask.view(np.int8) for mask in masks], [2] * len(masks))
            self._profiles = len(first)
            self._cell = profile * cells.size + cells.number
            for each in families:
                if each.by_cell is None:
                    members = np.stack([mask[first] for mask in each.masks], axis=1)
                    self._members[each.place] = members.astype(np.float64)
        self._keys: tuple[int, Ints] = (0, self._cell)
        self._key = np.empty_like(self._cell)

    def at_once(self, k: int) -> int:
        """How many answers of k codes to count before the next step; several save overhead."""
        if self._cells.organisations:
            return 1
        held = min(max(2 * len(self._cell), FEWEST), MOST)
        return max(1, held // (self._profiles * self._cells.size * k))

    def estimates(
        self, codes: Sequence[NDArray[Any]], values: Floats
    ) -> Iterator[tuple[int, list[Estimates]]]:
        """For each family, by its place, one for each coded answer."""
        for place, sums in self._sums(codes, len(values)):
            yield place, estimates(self._cells, sums, values)

    def tables(self, codes: Sequence[NDArray[Any]], k: int) -> list[Table]:
        """One for each coded answer."""
        ((_, sums),) = self._sums(codes, k)
        return tables(self._cells, sums)

    def _sums(self, codes: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, Sums]]:
        """For each family, by its place."""
        counted = self._counted(codes, k)
        everyone = counted.sum(axis=1, keepdims=True)
        alone = (self._cells.alone @ counted).reshape(*counted.shape[:2], -1)
        for each in self._families:
            if each.by_cell is not None:
                by_group = everyone * each.by_cell[:, :, None]
                squares = each.by_cell * self._cells.alone
                direct = (squares[:, None] * each.by_cell) @ everyone
            else:
                members = self._members[each.place]
                by_group = _times(members.T, counted)
                squares = members[:, :, None] * members[:, None, :]
                direct = squares.reshape(len(members), -1).T @ alone
                direct = direct.reshape(len(codes), *squares.shape[1:], -1)
            yield each.place, Sums(self._cells, by_group, direct, each.own_members, codes)

    def _counted(self, codes: Sequence[NDArray[Any]], k: int) -> Floats:
        """(v, p, c, k) respondents by profile, weighting cell and code from 1 on."""
        size = k + 1
        if self._keys[0] != size:
            self._keys = size, self._cell * size
        shape = self._profiles, self._cells.size, size
        counted = np.empty((len(codes), *shape[:2], k))
        for place, each in enumerate(codes):
            key = np.add(self._keys[1], np.maximum(each, 0), out=self._key)
            counts = np.bincount(key, minlength=shape[0] * shape[1] * shape[2])
            counted[place] = counts.reshape(shape)[:, :, 1:]
        return counted


def _times(members: Floats, counted: Floats) -> Floats:
    """(g, p) times (v, p, c, k): (v, g, c, k)."""
    v, p, c, k = counted.shape
    return (members @ counted.reshape(v, p, c * k)).reshape(v, -1, c, k)
