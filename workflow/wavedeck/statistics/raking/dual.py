"""The dual of raking within bounds, and its minimum by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.statistics.raking.cells import Cells
from wavedeck.statistics.raking.margin import Floats

TOLERANCE = 1e-10
"""Weights whose margins miss a target by more, relative to the target, are refused."""
AIM = 1e-13
"""Newton's steps go on to this gap, as long as they gain anything."""
MAX_ITERATIONS = 300
COLLINEAR = 1e-11
"""Directions with less than this share of the largest curvature are left out as collinear."""


@dataclass(frozen=True)
class Solution:
    g: Floats
    """(c,) g-weights of the cells."""
    iterations: int
    largest_gap: float
    conflict: Floats | None = None
    """(K,) multipliers that prove that nothing within the bounds meets the targets."""


def solve(cells: Cells, targets: Floats, lower: float, upper: float) -> Solution:
    """Minimise the dual, sum of d G(u) - multipliers . targets, where G' = F.

    Stops at the aim, when no step gains anything, or with the proof that it has no minimum.
    """
    base, wanted = cells.weight, targets > 0
    # Multipliers are sought in the span of the margins, scaled so that a rare category counts as
    # much as a common one. What lies outside the span (categories that are always together, such
    # as a region and the type of all its councils) changes no weight.
    scale = 1 / np.sqrt(np.where(wanted, cells.totals(base), 1.0))
    curvature, vectors = np.linalg.eigh(scale[:, None] * cells.cross(base) * scale)
    vectors = vectors[:, curvature > COLLINEAR * curvature[-1]]
    span = scale[:, None] * vectors
    # Targets outside the span ask for different totals of categories that are always together.
    outside = scale * (scale * targets - vectors @ (vectors.T @ (scale * targets)))

    def gap_of(g: Floats) -> tuple[Floats, float]:
        missing = targets - cells.totals(base * g)
        return missing, float(np.max(np.abs(missing[wanted]) / targets[wanted]))

    multipliers = np.zeros(len(targets))
    # Every unit is in one category of the first margin, which thus can carry the overall level.
    multipliers[: cells.starts[1]] = np.log(targets[: cells.starts[1]].sum() / base.sum())
    u = cells.sums(multipliers)
    g = _g(u, lower, upper)
    missing, gap = gap_of(g)
    best = Solution(g, 0, gap)
    for iteration in range(1, MAX_ITERATIONS + 1):
        if best.largest_gap <= AIM:
            break
        if gap > TOLERANCE:
            conflict = _proof(cells, targets, lower, upper, multipliers, outside)
            if conflict is not None:
                return Solution(best.g, iteration, best.largest_gap, conflict)
        # A clipped cell has no slope. The small term keeps the system solvable when whole
        # categories are clipped, and all but vanishes towards the solution.
        slope = np.where((g > lower) & (g < upper), g, 0.0)
        system = span.T @ cells.cross(base * (slope + 1e-3 * min(max(gap, 1e-9), 1.0))) @ span
        step = span @ np.linalg.solve(system, span.T @ missing)
        change, gain = cells.sums(step), float(step @ missing)
        here = _potential(u, lower, upper)
        # Near the solution rounding hides the descent; then the whole step is taken.
        noise = 1e-15 * (base @ np.abs(here) + np.abs(multipliers) @ targets)
        for _ in range(60):
            rise = base @ (_potential(u + change, lower, upper) - here) - step @ targets
            if rise <= noise - 1e-4 * gain:
                break
            step, change, gain = step / 2, change / 2, gain / 2
        else:
            break
        multipliers = multipliers + step
        u = cells.sums(multipliers)
        g = _g(u, lower, upper)
        missing, gap = gap_of(g)
        if gap >= best.largest_gap and best.largest_gap <= TOLERANCE:
            break  # rounding is all that is left
        if gap < best.largest_gap:
            best = Solution(g, iteration, gap)
    return best


def _g(u: Floats, lower: float, upper: float) -> Floats:
    """F, the g-weight of a sum of multipliers."""
    with np.errstate(over="ignore"):
        return np.clip(np.exp(u), lower, upper)


def _potential(u: Floats, lower: float, upper: float) -> Floats:
    """G, the integral of F: exp(u) between the bounds, straight lines beyond."""
    with np.errstate(divide="ignore"):
        bend = np.clip(u, np.log(lower), np.log(upper))
    return _g(u, lower, upper) * (1 + u - bend)


def _proof(
    cells: Cells, targets: Floats, lower: float, upper: float, *candidates: Floats
) -> Floats | None:
    """Multipliers y that prove the targets out of reach, if one of the candidates does (Farkas).

    Weights w that meet the targets have sum(u w) = y . targets, where u are the cells' sums of y;
    yet w lies within its bounds, so the left side is at most its largest value there.
    """
    most = np.min([targets[category] for category in cells.categories], axis=0)
    least = lower * cells.weight
    most = np.maximum(np.minimum(upper * cells.weight, most), least)
    for candidate in candidates:
        u = cells.sums(candidate)
        reach = np.where(u > 0, most * u, least * u)
        excess = candidate @ targets - reach.sum()
        if excess > 1e-9 * (np.abs(candidate) @ targets + np.abs(reach).sum()):
            return candidate
    return None
