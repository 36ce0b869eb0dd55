"""Raking: the weights nearest to the base weights whose category totals equal the targets.

With bounds on the g-weights it is the multiplicative case of Deville and Särndal (1992), truncated
as they truncate the linear one: the g-weight of a unit is F(u) = clip(exp(u), lower, upper), where
u adds up one multiplier a category of the unit. The multipliers minimise a smooth convex function
(the dual), by Newton's method with step halving. Units with the same categories share a g-weight,
so all of it runs on cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from wavedeck.errors import Problem, WavedeckError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

TOLERANCE = 1e-10
"""Weights whose margins miss a target by more, relative to the target, are refused."""
AIM = 1e-13
"""Newton's steps go on to this gap, as long as they gain anything."""
MAX_ITERATIONS = 300
COLLINEAR = 1e-11
"""Directions with less than this share of the largest curvature are left out as collinear."""


@dataclass(frozen=True)
class Margin:
    """A partition of the units and what its categories are to add up to."""

    name: str
    categories: Sequence[str]
    """Names of the k categories, for errors."""
    codes: NDArray[np.integer]
    """(n,) the category of each unit, 0 to k-1; below 0 for a missing value."""
    targets: Floats
    """(k,) totals, or shares of a total that `rake` is given."""


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
    _stop(_problems_of_margins(margins))
    cells, cell_of_unit = _collapse(base, margins)
    targets = np.concatenate([_scaled(margin.targets, total) for margin in margins])
    _stop(_problems_of_categories(margins, cells, targets))
    _stop(_problems_of_bounds(margins, cells, targets, lower, upper))
    solved = _solve(cells, targets, lower, upper)
    if solved.largest_gap > TOLERANCE:
        raise WavedeckError(_unmet(margins, cells, targets, lower, upper, solved))
    g = solved.g[cell_of_unit]
    return Raked(base * g, g, solved.iterations, solved.largest_gap)


def design_effect(weights: Floats) -> float:
    """Kish's design effect of unequal weights, 1 + cv^2 (Kish 1965, 11.7)."""
    return len(weights) / effective_base(weights)


def effective_base(weights: Floats) -> float:
    """Units of an equally weighted sample with the same precision: (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


@dataclass(frozen=True)
class _Cells:
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


@dataclass(frozen=True)
class _Solution:
    g: Floats
    """(c,) g-weights of the cells."""
    iterations: int
    largest_gap: float
    conflict: Floats | None = None
    """(K,) multipliers that prove that nothing within the bounds meets the targets."""


def _collapse(base: Floats, margins: Sequence[Margin]) -> tuple[_Cells, Ints]:
    """The cells that occur, and (n,) the cell of each unit."""
    sizes = [len(margin.categories) for margin in margins]
    cell_of_unit = np.zeros(len(base), dtype=np.intp)
    combinations = 1
    for margin, size in zip(margins, sizes, strict=True):
        if combinations * size > max(2**20, len(base)):  # keep the table of combinations small
            found, cell_of_unit = np.unique(cell_of_unit, return_inverse=True)
            combinations = len(found)
        cell_of_unit *= size
        cell_of_unit += margin.codes
        combinations *= size
    number = np.cumsum(np.bincount(cell_of_unit, minlength=combinations) > 0) - 1
    cell_of_unit = number[cell_of_unit]
    first = np.empty(number[-1] + 1, dtype=np.intp)  # any unit of the cell will do
    first[cell_of_unit] = np.arange(len(base))
    starts = list(accumulate(sizes, initial=0))
    categories = [
        margin.codes[first].astype(np.intp) + start
        for margin, start in zip(margins, starts, strict=False)
    ]
    weight = np.bincount(cell_of_unit, weights=base).astype(np.float64, copy=False)
    return _Cells(weight, categories, starts), cell_of_unit


def _scaled(targets: Floats, total: float | None) -> Floats:
    return np.asarray(targets, np.float64) * (1.0 if total is None else total / np.sum(targets))


def _solve(cells: _Cells, targets: Floats, lower: float, upper: float) -> _Solution:
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
    best = _Solution(g, 0, gap)
    for iteration in range(1, MAX_ITERATIONS + 1):
        if best.largest_gap <= AIM:
            break
        if gap > TOLERANCE:
            conflict = _proof(cells, targets, lower, upper, multipliers, outside)
            if conflict is not None:
                return _Solution(best.g, iteration, best.largest_gap, conflict)
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
            best = _Solution(g, iteration, gap)
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
    cells: _Cells, targets: Floats, lower: float, upper: float, *candidates: Floats
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


# What can be wrong, by category.


def _stop(problems: list[Problem]) -> None:
    if problems:
        raise WavedeckError(*problems)


def _where(margin: Margin, code: int | np.integer | None = None) -> str:
    place = f"raking, margin '{margin.name}'"
    return place if code is None else f"{place}, category '{margin.categories[int(code)]}'"


def _problems_of_margins(margins: Sequence[Margin]) -> list[Problem]:
    """Missing values and targets that are no numbers; totals that disagree."""
    problems: list[Problem] = []
    for margin in margins:
        targets = np.asarray(margin.targets, np.float64)
        if targets.shape != (len(margin.categories),):
            raise ValueError(f"margin '{margin.name}' needs one target a category")
        for code in np.flatnonzero(~(np.isfinite(targets) & (targets >= 0))):
            problems.append(
                Problem(_where(margin, code), f"the target {targets[code]} is not a count or share")
            )
        if margin.codes.min() < 0:
            units = np.flatnonzero(margin.codes < 0)
            shown = ", ".join(str(unit + 1) for unit in units[:12])
            more = f" and {len(units) - 12} more" if len(units) > 12 else ""
            problems.append(
                Problem(
                    _where(margin),
                    f"no value for {len(units)} of {len(margin.codes)} (number {shown}{more})",
                    expected="one of: " + ", ".join(margin.categories),
                    remedy="fill the value in, or leave these answers out with a reason",
                )
            )
        if margin.codes.max() >= len(targets):
            raise ValueError(f"margin '{margin.name}' has a code beyond its categories")
    if problems:
        return problems
    first, *others = margins
    total = float(np.sum(first.targets))
    if not total > 0:
        return [Problem(_where(first), "the targets add up to 0")]
    for margin in others:
        other = float(np.sum(margin.targets))
        if abs(other - total) > 1e-9 * total:
            problems.append(
                Problem(
                    _where(margin),
                    f"its targets ({', '.join(margin.categories)}) add up to {other:.12g}",
                    expected=f"{total:.12g}, as those of margin '{first.name}'"
                    f" ({', '.join(first.categories)})",
                    remedy="both margins must count the same population",
                )
            )
    return problems


def _problems_of_categories(
    margins: Sequence[Margin], cells: _Cells, targets: Floats
) -> list[Problem]:
    """Targets without answers and answers without a target."""
    problems: list[Problem] = []
    for margin, start, end in zip(margins, cells.starts, cells.starts[1:], strict=False):
        total = targets[start:end].sum()
        answered = np.bincount(margin.codes, minlength=end - start)
        for code, target in enumerate(targets[start:end]):
            if target > 0 and not answered[code]:
                problems.append(
                    Problem(
                        _where(margin, code),
                        f"nobody answered, but its target is {target / total:.1%} of the total",
                        remedy="merge the category with another, or drop the margin",
                    )
                )
            if answered[code] and not target > 0:
                problems.append(
                    Problem(
                        _where(margin, code),
                        f"it has answers ({answered[code]}) but no target",
                        remedy="add the category to the targets, or take its answers out of the"
                        " population that is weighted",
                    )
                )
    return problems


def _problems_of_bounds(
    margins: Sequence[Margin], cells: _Cells, targets: Floats, lower: float, upper: float
) -> list[Problem]:
    """Categories that the bounds keep from their target, whatever the other margins."""
    problems: list[Problem] = []
    base = cells.totals(cells.weight)
    for margin, start, end in zip(margins, cells.starts, cells.starts[1:], strict=False):
        here, wanted = base[start:end], targets[start:end]
        total, rest = wanted.sum(), here.sum() - here
        # The other categories share what is left, within bounds of their own.
        least = np.maximum(lower * here, total - _at_most(upper, rest))
        most = np.minimum(_at_most(upper, here), total - lower * rest)
        slack = TOLERANCE * wanted
        for code in np.flatnonzero((wanted < least - slack) | (wanted > most + slack)):
            low, high = sorted((max(least[code], 0.0), most[code]))
            reach = (
                f"between {low / total:.1%} and {high / total:.1%}"
                if least[code] <= most[code]
                else "no share at all: the bounds do not allow the total"
            )
            problems.append(
                Problem(
                    _where(margin, code),
                    f"its target is {wanted[code] / total:.1%} of the total; base weights of"
                    f" {here[code] / here.sum():.1%} cannot reach it within the bounds",
                    expected=f"{reach}, with g-weights from {lower:g} to {upper:g}",
                    remedy="widen the bounds, or merge the category with another",
                )
            )
    return problems


def _at_most(upper: float, base: Floats) -> Floats:
    """Largest weight that base weights can get; nothing stays nothing, without a bound too."""
    return np.where(base > 0, upper * np.where(base > 0, base, 1.0), 0.0)


def _unmet(
    margins: Sequence[Margin],
    cells: _Cells,
    targets: Floats,
    lower: float,
    upper: float,
    solved: _Solution,
) -> Problem:
    """Why a problem whose categories are each within reach has no solution."""
    places = [_where(margin, code) for margin in margins for code in range(len(margin.categories))]
    base = cells.totals(cells.weight)
    total = targets[: cells.starts[1]].sum()
    reached = cells.totals(cells.weight * solved.g)
    missed = np.abs(targets - reached) / np.where(targets > 0, targets, 1.0)
    if solved.conflict is None:
        worst = int(np.argmax(missed))
        return Problem(
            places[worst],
            f"raking did not converge in {solved.iterations} steps: the weights reach"
            f" {reached[worst] / total:.10%} of the total, the target is"
            f" {targets[worst] / total:.10%}",
            expected=f"a relative gap of at most {TOLERANCE:g} (it is {missed[worst]:.2g})",
            remedy="widen the bounds, merge rare categories, or use fewer margins",
        )
    # How far all shares can move together from those of the base weights to the targets.
    start = base * total / cells.weight.sum()
    near, far = 0.0, 1.0
    for _ in range(20):
        middle = (near + far) / 2
        attempt = _solve(cells, start + middle * (targets - start), lower, upper)
        near, far = (middle, far) if attempt.largest_gap <= TOLERANCE else (near, middle)
    reach = start + near * (targets - start)
    # The multipliers that prove the conflict weigh the categories; the one with most to move leads.
    pull = np.concatenate(
        [
            solved.conflict[a:b] - np.average(solved.conflict[a:b], weights=start[a:b])
            for a, b in zip(cells.starts, cells.starts[1:], strict=False)
        ]
    ) * (targets - start)
    order = np.argsort(-pull, kind="stable")
    worst = int(order[0])
    others = [int(code) for code in order[1:3] if pull[code] > 1e-6 * pull[worst]]
    against = " and ".join(places[code].removeprefix("raking, ") for code in others)
    return Problem(
        places[worst],
        f"no weights within the bounds meet all margins at once: its target is"
        f" {targets[worst] / total:.1%} of the total, and it can reach {reach[worst] / total:.1%}"
        " while all margins move together from the base weights' shares to the targets",
        expected=f"g-weights from {lower:g} to {upper:g} that meet every margin"
        + (f"; most at odds with it: {against}" if against else ""),
        remedy="widen the bounds, merge categories, or drop a margin",
    )
