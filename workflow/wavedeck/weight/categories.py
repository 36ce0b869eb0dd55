"""Whether answers and population have the same categories, before weights are sought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from wavedeck.errors import Problem, WavedeckError
from wavedeck.frame import FrameCounts
from wavedeck.margins import Category, Margin
from wavedeck.survey import Survey

Ints = NDArray[np.intp]


def check_categories(
    survey: Survey,
    margins: Mapping[str, Margin],
    responding: Mapping[str, Ints],
    frame: FrameCounts,
) -> None:
    """`responding` has the organisations of the frame that answered, by category of each margin.

    Raises WavedeckError with each category that has a target and no answers or the reverse, and
    each with more answers than the population has organisations.
    """
    problems = [
        problem
        for name, margin in margins.items()
        for problem in _problems(survey, margin, responding[name], frame[name])
    ]
    if problems:
        raise WavedeckError(*problems)


def _problems(
    survey: Survey, margin: Margin, responding: Ints, counts: Mapping[str, float]
) -> Iterator[Problem]:
    assert survey.frame is not None
    units, shares = survey.units, survey.frame.counts_are == "shares"
    total = sum(counts.values())
    for number, category in enumerate(margin.categories):
        answered, count = int(responding[number]), counts.get(category.name, 0)
        where = f"weighting, margin '{margin.declared}', category '{category.label}'"
        amount = f"{count / total:.1%}" if shares else f"{count:,} ({count / total:.1%})"
        if count and not answered and margin.raked:
            yield Problem(
                where,
                f"nobody answered, but it is {amount} of the frame",
                expected=f"answers from some of its {units}",
                remedy=_collapse(margin, number, responding, "no weight can stand for it"),
            )
        elif answered and not count and margin.raked:
            yield Problem(
                where,
                f"{answered} {units} of it answered, but the frame has none",
                expected="a category of the frame",
                remedy=_collapse(
                    margin, number, responding, "mend the frame, or name it under outside_frame"
                ),
            )
        elif count and answered > count and not shares:
            yield Problem(
                where,
                f"{answered} {units} answered, but the frame lists {count:,}",
                remedy="look for one that goes by two names, or correct the frame",
            )


def _collapse(margin: Margin, number: int, responding: Ints, else_: str) -> str:
    """How to declare that the category is taken together with the one most like it."""
    category = margin.categories[number]
    near = [
        (_distance(margin, category, other), -int(responding[index]), index)
        for index, other in enumerate(margin.categories)
        if index != number and responding[index]
    ]
    if not near:
        return f"{else_}; or drop the margin"
    other = margin.categories[min(near)[2]]
    parts = ", ".join(
        " x ".join(cell)
        for c in sorted((category, other), key=margin.categories.index)
        for cell in c.cells
    )
    return (
        f"{else_}; take it together with a like one, in survey.yaml under weighting:"
        f" collapse: {{{margin.declared}: {{{category.name}_and_others: [{parts}]}}}}; or drop the"
        " margin"
    )


def _distance(margin: Margin, one: Category, other: Category) -> tuple[int, int]:
    """In how many questions two categories differ, and by how many places of the scales."""
    found = []
    for a in one.cells:
        for b in other.cells:
            places = [
                abs(_place(margin, axis, x) - _place(margin, axis, y))
                for axis, (x, y) in enumerate(zip(a, b, strict=True))
            ]
            found.append((sum(place > 0 for place in places), sum(places)))
    return min(found)


def _place(margin: Margin, axis: int, option: str) -> int:
    order = list(dict.fromkeys(cell[axis] for c in margin.categories for cell in c.cells))
    return order.index(option)
