"""Raking within bounds, and what unequal weights cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wavedeck.errors import Problem, WavedeckError
from wavedeck.statistics.raking import problems
from wavedeck.statistics.raking.cells import collapsed
from wavedeck.statistics.raking.dual import TOLERANCE, solve
from wavedeck.statistics.raking.margin import Floats, Margin


@dataclass(frozen=True)
class Raked:
    """Weights that meet the margins."""

    weights: Floats
    """(n,) base weight times g-weight."""
    g: Floats
    """(n,) g-weights, within the bounds."""
    iterations: int
    """Newton steps taken."""
    largest_gap: float
    """Largest |total - target| / target over all categories."""


def rake(
    base: Floats,
    margins: Sequence[Margin],
    lower: float = 0.0,
    upper: float = np.inf,
    total: float | None = None,
) -> Raked:
    """Rake the base weights (n,) to the margins, with every g-weight in [lower, upper].

    The targets are totals; with `total` they are shares (or counts in any unit) that are first
    scaled to it. Bounds 0 and infinity give plain raking. Raises WavedeckError, with all problems
    found, when a category has answers and no target or the reverse, a value is missing, totals
    disagree, or no weights within the bounds meet the margins.
    """
    base = np.asarray(base, dtype=np.float64)
    if any(margin.codes.shape != base.shape for margin in margins) or not margins:
        raise ValueError("raking needs margins with one code a base weight")
    if not 0 <= lower < upper:
        raise ValueError(f"bounds must be 0 <= lower < upper, not {lower} and {upper}")
    if not len(base):
        raise WavedeckError(Problem("raking", "there is nobody to weight"))
    if not (np.isfinite(base).all() and base.min() > 0):
        raise WavedeckError(
            Problem("raking", "a base weight is not a positive number", expected="above 0")
        )
    problems.stop(problems.of_margins(margins))
    cells, cell_of_unit = collapsed(base, margins)
    targets = np.concatenate([scaled(margin.targets, total) for margin in margins])
    problems.stop(problems.of_categories(margins, cells, targets))
    problems.stop(problems.of_bounds(margins, cells, targets, lower, upper))
    solved = solve(cells, targets, lower, upper)
    if solved.largest_gap > TOLERANCE:
        raise WavedeckError(problems.unmet(margins, cells, targets, lower, upper, solved))
    g = solved.g[cell_of_unit]
    return Raked(base * g, g, solved.iterations, solved.largest_gap)


def design_effect(weights: Floats) -> float:
    """Kish's design effect of unequal weights, 1 + cv^2 (Kish 1965, 11.7)."""
    return len(weights) / effective_base(weights)


def effective_base(weights: Floats) -> float:
    """Units of an equally weighted sample with the same precision: (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def scaled(targets: Floats, total: float | None) -> Floats:
    return np.asarray(targets, np.float64) * (1.0 if total is None else total / np.sum(targets))
