"""What can be wrong with margins and bounds, by category."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from wavedeck.errors import Problem, WavedeckError
from wavedeck.statistics.raking.cells import Cells
from wavedeck.statistics.raking.dual import TOLERANCE, Solution, solve
from wavedeck.statistics.raking.margin import Floats, Margin


def stop(problems: list[Problem]) -> None:
    if problems:
        raise WavedeckError(*problems)


def _where(margin: Margin, code: int | np.integer | None = None) -> str:
    place = f"raking, margin '{margin.name}'"
    return place if code is None else f"{place}, category '{margin.categories[int(code)]}'"


def of_margins(margins: Sequence[Margin]) -> list[Problem]:
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


def of_categories(margins: Sequence[Margin], cells: Cells, targets: Floats) -> list[Problem]:
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


def of_bounds(
    margins: Sequence[Margin], cells: Cells, targets: Floats, lower: float, upper: float
) -> list[Problem]:
    """Categories that the bounds keep from their target, whatever the other margins; each with
    what it can reach while these are met, where they can be."""
    problems: list[Problem] = []
    base = cells.totals(cells.weight)
    for margin, start, end in zip(margins, cells.starts, cells.starts[1:], strict=False):
        here, wanted = base[start:end], targets[start:end]
        total, rest = wanted.sum(), here.sum() - here
        # The other categories share what is left, within bounds of their own.
        least = np.maximum(lower * here, total - _at_most(upper, rest))
        most = np.minimum(_at_most(upper, here), total - lower * rest)
        slack = TOLERANCE * wanted
        aside = ", whatever the other margins" if len(margins) > 1 else ""
        for code in np.flatnonzero((wanted < least - slack) | (wanted > most + slack)):
            low, high, others = max(least[code], 0.0), most[code], False
            if low <= high and len(margins) > 1:
                found = _reach(cells, targets, (start, end), int(code), (low, high), lower, upper)
                low, high, others = (*found, True) if found else (low, high, False)
            needed = wanted[code] / here[code] if here[code] else 1.0
            target, low_text, high_text = percent(wanted[code] / total, low / total, high / total)
            reach = (
                f"between {low_text} and {high_text}, with g-weights from {lower:g} to {upper:g}"
                + (" that meet the other margins" if others else aside)
                if low <= high
                else f"no share at all: g-weights from {lower:g} to {upper:g} do not allow"
                " the total"
            )
            problems.append(
                Problem(
                    _where(margin, code),
                    f"its target is {target} of the total; base weights of"
                    f" {here[code] / here.sum():.1%} cannot reach it within the bounds",
                    expected=reach,
                    remedy="widen the bounds"
                    + ("" if lower <= needed <= upper else f" (it needs g-weights of {needed:.3g})")
                    + ", or merge the category with another",
                )
            )
    return problems


def _reach(
    cells: Cells,
    targets: Floats,
    own: tuple[int, int],
    code: int,
    alone: tuple[float, float],
    lower: float,
    upper: float,
) -> tuple[float, float] | None:
    """The least and the largest total of a category while all margins but its own (of the
    categories from `own` to before it) are met; None where these cannot be met together.

    `alone` is what the bounds allow whatever the other margins, within which it is searched.
    """
    begin, end = own
    place = next(place for place, start in enumerate(cells.starts) if start == begin)
    inside = cells.categories[place] == begin + code
    kept = [c for number, c in enumerate(cells.categories) if number != place]
    free = np.concatenate([targets[:begin], targets[end:]])
    # The category and the rest of its margin, behind the other margins.
    others = [np.where(c >= end, c - (end - begin), c) for c in kept]
    sizes = [b - a for a, b in zip(cells.starts, cells.starts[1:], strict=False)]
    starts = [0, *accumulate(size for number, size in enumerate(sizes) if number != place)]
    without = Cells(cells.weight, others, starts)
    solved = solve(without, free, lower, upper)
    if solved.largest_gap > TOLERANCE:
        return None
    middle = float((cells.weight * solved.g)[inside].sum())
    if inside.all():
        return middle, middle
    two = Cells(
        cells.weight,
        [*others, np.where(inside, len(free), len(free) + 1)],
        [*starts, len(free) + 2],
    )
    total = targets[begin:end].sum()

    def possible(amount: float) -> bool:
        wanted = np.concatenate([free, [amount, total - amount]])
        return solve(two, wanted, lower, upper).largest_gap <= TOLERANCE

    ends = []
    for far in alone:
        near = middle
        for _ in range(24):
            attempt = (near + far) / 2
            near, far = (attempt, far) if possible(attempt) else (near, attempt)
        ends.append(near)
    return ends[0], ends[1]


def percent(*shares: float) -> list[str]:
    """Percentages with one decimal, or with as many as it takes to tell the first from the rest."""
    for decimals in range(1, 10):
        first, *others = (f"{share:.{decimals}%}" for share in shares)
        if first not in others:
            break
    return [first, *others]


def _at_most(upper: float, base: Floats) -> Floats:
    """Largest weight that base weights can get; nothing stays nothing, without a bound too."""
    return np.where(base > 0, upper * np.where(base > 0, base, 1.0), 0.0)


def unmet(
    margins: Sequence[Margin],
    cells: Cells,
    targets: Floats,
    lower: float,
    upper: float,
    solved: Solution,
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
        attempt = solve(cells, start + middle * (targets - start), lower, upper)
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
    target, reached_text = percent(targets[worst] / total, reach[worst] / total)
    against = " and ".join(places[code].removeprefix("raking, ") for code in others)
    return Problem(
        places[worst],
        f"no weights within the bounds meet all margins at once: its target is"
        f" {target} of the total, and it can reach {reached_text}"
        " while all margins move together from the base weights' shares to the targets",
        expected=f"g-weights from {lower:g} to {upper:g} that meet every margin"
        + (f"; most at odds with it: {against}" if against else ""),
        remedy="widen the bounds, merge categories, or drop a margin",
    )
