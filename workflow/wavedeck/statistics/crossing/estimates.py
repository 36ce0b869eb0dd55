"""Ratios, their covariances, and a group against the rest of its family, from sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.statistics.crossing.cells import Cells
from wavedeck.statistics.crossing.sums import Sums
from wavedeck.statistics.variance import Floats, Ints

NOTHING = 1e-14
"""A variance below this share of its largest term is rounding, and 0."""


@dataclass(frozen=True)
class Estimates:
    """Ratios of a coded answer in the groups g of a family, of which the last is the whole."""

    value: Floats
    """(g, a) sum of weight x value over sum of weight, nan without a base."""
    numerator: Floats
    """(g, a) sum of weight x value."""
    count: Ints
    """(g, k) respondents by code."""
    spread: Floats
    """(g, a) weighted variance of the values."""
    weighted_base: Floats
    """(g,)"""
    effective_base: Floats
    """(g,) Kish's, over respondents."""
    organisations: Floats
    """(g,) Kish's effective number of organisations in the base."""
    df: Ints
    """(g,) organisations in the base less their strata."""
    covariance: Floats
    """(a, g, g) of the values of the groups."""
    rest: Floats
    """(g, a) value of those of the whole who are not in the group."""
    rest_variance: Floats
    """(g, a) of the group's value less the rest's."""
    rest_organisations: Floats
    """(g,) Kish's effective number of organisations in the rest."""
    rest_df: Ints
    """(g,) degrees of freedom of the rest."""

    @property
    def base(self) -> Ints:
        """(g,) respondents in the base."""
        total: Ints = self.count.sum(axis=1)
        return total

    @property
    def variance(self) -> Floats:
        """(g, a)"""
        return np.diagonal(self.covariance, axis1=1, axis2=2).T


def estimates(cells: Cells, sums: Sums, values: Floats) -> list[Estimates]:
    """One for each coded answer v, of groups g; `values` (k, a) of each code."""
    total, by_stratum = sums.total, sums.by_stratum
    rest_total = total[:, -1:] - total
    base, rest_base = _all(total), _all(rest_total)
    rest_base = np.where(rest_base > NOTHING * base[:, -1:], rest_base, 0.0)
    numerator = _counted_for(total, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = numerator / base[..., None]
        rest = _counted_for(rest_total, values) / rest_base[..., None]
        spread = _counted_for(total, values**2) / base[..., None] - value**2
        weight = (values.T - value[..., None]) / base[..., None, None]
        rest_weight = (values.T - rest[..., None]) / rest_base[..., None, None]
        covariance = _covariance(cells, sums, weight)
        rest_variance = _against_rest(cells, sums, weight, rest_weight)
    shared, organisations = sums.shared, sums.organisations
    alone = organisations - (shared > 0).sum(axis=1)
    gone = shared[:, :, -1:] - shared
    gone = np.where(gone > NOTHING * shared[:, :, -1:], gone, 0.0)
    away = (gone > 0).sum(axis=1)
    single_square = sums.organisation_square - np.square(shared).sum(axis=1)
    rest_square = single_square[:, -1:] - single_square + np.square(gone).sum(axis=1)
    parts = (
        value,
        numerator,
        sums.count.astype(np.intp),
        spread,
        base,
        _kish(base, sums.square),
        _kish(base, sums.organisation_square),
        _freedom(organisations, by_stratum),
        covariance,
        rest,
        rest_variance,
        _kish(rest_base, rest_square),
        _freedom(alone[:, -1:] - alone + away, by_stratum[:, -1:] - by_stratum),
    )
    return [Estimates(*each) for each in zip(*parts, strict=True)]


@dataclass(frozen=True)
class Table:
    """Shares of the codes of one answer among all who gave one, and their covariance."""

    share: Floats
    """(k,)"""
    covariance: Floats
    """(k, k)"""
    base: int
    df: int


def tables(cells: Cells, sums: Sums) -> list[Table]:
    """One for each coded answer, in the one group that `sums` has."""
    found = []
    for place, total in enumerate(sums.total[:, 0]):
        base = total.sum()
        share = total / base if base else np.full(len(total), np.nan)
        weight = (np.eye(len(total)) - share[:, None]) / (base or np.nan)
        slopes = weight @ sums.regressed[place, 0].T @ cells.inverse
        mixed = weight @ sums.crossed[place, 0].T @ slopes.T
        level = weight @ sums.by_stratum[place, 0].T - slopes @ cells.level.T
        covariance = (weight * sums.direct[place, 0, 0]) @ weight.T
        if sums.pairs is not None:
            covariance += weight @ sums.pairs[place, 0, :, 0] @ weight.T
        covariance += slopes @ cells.spread @ slopes.T - mixed - mixed.T
        covariance -= (level * cells.centring) @ level.T
        df = _freedom(sums.organisations[place : place + 1], sums.by_stratum[place : place + 1])
        found.append(Table(share, covariance, int(sums.count[place, 0].sum()), int(df[0, 0])))
    return found


def _counted_for(total: Floats, values: Floats) -> Floats:
    """(v, g, a) code after code: the same on every machine, and what counts for all is `_all`."""
    found = np.zeros((*total.shape[:2], values.shape[1]))
    for code, worth in enumerate(values):
        found += total[..., code, None] * worth
    return found


def _all(total: Floats) -> Floats:
    """(v, g) in the same order, so that a share of all is 1 and not next to it."""
    return _counted_for(total, np.ones((total.shape[2], 1)))[..., 0]


def _kish(total: Floats, squares: Floats) -> Floats:
    return np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)


def _freedom(organisations: Floats, by_stratum: Floats) -> Ints:
    strata = (by_stratum.sum(axis=3) > 0).sum(axis=2)
    found: Ints = np.maximum(organisations - strata, 0).astype(np.intp)
    return found


@dataclass(frozen=True)
class _Linear:
    """What raking leaves of linear functions of the answers: v, g and a of them."""

    slopes: Floats
    """(v, g, a, q) of the regression on the margins"""
    crossed: Floats
    """(v, g, a, q) weighted dummies of the organisation x value"""
    sums: Floats
    """(v, g, a, h) sums by stratum of what is left"""


def _linear(cells: Cells, regressed: Floats, crossed: Floats, by_stratum: Floats) -> _Linear:
    slopes = regressed @ cells.inverse
    return _Linear(slopes, crossed, by_stratum - slopes @ cells.level.T)


def _turned(values: Floats) -> Floats:
    return values.swapaxes(-1, -2)


def _covariance(cells: Cells, sums: Sums, weight: Floats) -> Floats:
    """(v, a, g, g) where code k has the linearised value `weight` (v, g, a, k) in the group."""
    linear = _linear(
        cells,
        weight @ _turned(sums.regressed),
        weight @ _turned(sums.crossed),
        weight @ _turned(sums.by_stratum),
    )
    by_answer = weight.swapaxes(1, 2)
    within = sums.direct
    # (v, a, g, g): the weights of two groups by code, times what both share of it.
    direct = (by_answer[:, :, :, None] * by_answer[:, :, None] * within[:, None]).sum(axis=4)
    if sums.pairs is not None:
        pairs = sums.pairs
        direct += np.einsum("vgak,vhal,vgkhl->vagh", weight, weight, pairs, optimize=True)
    slopes, crossed, total = (
        part.swapaxes(1, 2) for part in (linear.slopes, linear.crossed, linear.sums)
    )
    mixed = crossed @ _turned(slopes)
    explained = slopes @ cells.spread @ _turned(slopes)
    centre = (total * cells.centring) @ _turned(total)
    found: Floats = direct - mixed - _turned(mixed) + explained - centre
    # Where the margins explain an answer fully, rounding is what is left.
    places = np.arange(found.shape[-1])
    own = found[..., places, places]
    own[own <= NOTHING * direct[..., places, places]] = 0.0
    found[..., places, places] = own
    return found


def _against_rest(cells: Cells, sums: Sums, weight: Floats, rest: Floats) -> Floats:
    """(v, g, a) variance of a group's value less that of the rest of the whole.

    The difference is linear in the group and in the whole: the group counts for its own linearised
    values and takes those of the rest back, the whole counts for those of the rest.
    """
    group, whole = weight + rest, -rest

    def both(parts: Floats) -> Floats:
        own = _turned(parts)
        return group @ own + whole @ own[:, -1:]

    linear = _linear(cells, both(sums.regressed), both(sums.crossed), both(sums.by_stratum))
    within = sums.direct
    places = np.arange(within.shape[1])
    direct = (
        group * group * within[:, places, places][:, :, None]
        + 2 * group * whole * within[:, -1][:, :, None]
        + whole * whole * within[:, -1, -1][:, None, None]
    ).sum(axis=3)
    if sums.pairs is not None:
        pairs = sums.pairs
        own = pairs[:, places, :, places].swapaxes(0, 1)
        direct += np.einsum("vgak,vgal,vgkl->vga", group, group, own)
        direct += 2 * np.einsum("vgak,vgal,vgkl->vga", group, whole, pairs[:, :, :, -1])
        direct += np.einsum("vgak,vgal,vkl->vga", whole, whole, pairs[:, -1, :, -1])
    mixed = (linear.crossed * linear.slopes).sum(axis=3)
    explained = ((linear.slopes @ cells.spread) * linear.slopes).sum(axis=3)
    centre = (linear.sums**2 * cells.centring).sum(axis=3)
    found = direct - 2 * mixed + explained - centre
    return np.where(found <= NOTHING * direct, 0.0, found)
