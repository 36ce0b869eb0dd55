"""Margins: how answers split the population into categories.

A margin is a question, whose options are the categories, or several questions crossed, whose cells
are; declared collapses take categories together. Weighting rakes to some of them, and compares the
others with the frame all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wavedeck.survey import Survey
from wavedeck.survey.population import categories_of, joined, parts_of

Ints = NDArray[np.intp]

COLLAPSED = "_collapsed"
"""How the name of a margin ends whose categories are collapsed."""


@dataclass(frozen=True)
class Category:
    """A category of a margin."""

    name: str
    """An option, cells such as county_x_north, or a collapsed category's own name."""
    label: str
    cells: tuple[tuple[str, ...], ...]
    """The options of each question that make it, in the margin's order; several if collapsed."""


@dataclass(frozen=True)
class Margin:
    """A split of the population, with its name in ids: region, age_x_sex."""

    name: str
    text: str
    declared: str
    """As survey.yaml has it: 'age x sex'."""
    questions: tuple[str, ...]
    categories: tuple[Category, ...]
    raked: bool
    """Whether weights are raked to it; else it is only compared."""
    table: Ints
    """For each combination of codes (a position from 1 in each question's scale), the category's
    number from 0, or -1."""

    def codes(self, answers: Mapping[str, NDArray[np.integer]]) -> Ints:
        """(n,) category of each respondent from 0; -1 for those of none (no answer, or outside)."""
        position = np.zeros(1, dtype=np.intp)
        for question, size in zip(self.questions, self.table.shape, strict=True):
            given = answers[question].astype(np.intp)
            position = position * size + np.where((given > 0) & (given < size), given, 0)
        return self.table.ravel()[position]

    @property
    def labels(self) -> list[str]:
        return [category.label for category in self.categories]


def margins_of(survey: Survey) -> list[Margin]:
    """All margins that are shown: questions of the frame, each on its own, then those raked to
    that are crossed or collapsed."""
    if survey.frame is None:
        return []
    raked = {margin.name: margin for margin in raked_margins(survey)}
    single = [_margin(survey, name, raked=name in raked) for name in survey.frame.questions]
    names = {margin.name for margin in single}
    return [*single, *(margin for name, margin in raked.items() if name not in names)]


def raked_margins(survey: Survey) -> list[Margin]:
    """The margins that weights are raked to, in the order of survey.yaml."""
    declared = survey.weighting.margins if survey.weighting else []
    return [_margin(survey, margin, raked=True) for margin in declared]


def _margin(survey: Survey, declared: str, raked: bool) -> Margin:
    questions = parts_of(declared)
    groups = {}
    if raked and survey.weighting:
        groups = survey.weighting.collapse.get(declared, {})
    group_of = {parts_of(part): name for name, group in groups.items() for part in group.parts}
    cells: dict[str, list[tuple[str, ...]]] = {}
    for cell in product(*(categories_of(survey, question) for question in questions)):
        cells.setdefault(group_of.get(cell, joined(cell)), []).append(cell)
    categories = []
    for name, members in cells.items():
        labels = [
            " × ".join(survey.scale_of(q).label(o) for q, o in zip(questions, cell, strict=True))
            for cell in members
        ]
        own = groups[name].label if name in groups else ""
        categories.append(Category(name, own or " or ".join(labels), tuple(members)))
    orders = [list(survey.scale_of(question).options) for question in questions]
    table = np.full([len(order) + 1 for order in orders], -1, dtype=np.intp)
    for number, category in enumerate(categories):
        for cell in category.cells:
            place = tuple(o.index(option) + 1 for o, option in zip(orders, cell, strict=True))
            table[place] = number
    text = " × ".join(survey.questions[question].text for question in questions)
    return Margin(
        joined(questions) + (COLLAPSED if groups else ""),
        f"{text} (collapsed)" if groups else text,
        declared,
        questions,
        tuple(categories),
        raked,
        table,
    )
