"""The groups that questions are broken down by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.answers import Answers
from wavedeck.estimate.table import EVERYONE
from wavedeck.estimate.variables import variables_of
from wavedeck.statistics.crossing import Family
from wavedeck.statistics.significance import column_letter
from wavedeck.survey import Survey


@dataclass(frozen=True)
class Breakdown:
    """The answers of one question as groups, or everyone."""

    by: str
    """The question; "" for everyone."""
    family: Family
    shown: dict[str, int]
    """Subset -> its place in the family, whose last place is everyone who answered `by`."""
    columns: tuple[int, ...] = ()
    """Places of the options: the columns that are compared with each other."""

    def letter(self, place: int) -> str:
        """Of a group that is a column; "" for nets and for everyone."""
        return column_letter(self.columns.index(place)) if place in self.columns else ""

    def masks(self) -> dict[str, np.ndarray]:
        """Subset -> (n,) who is in it."""
        masks = [*self.family.groups.values(), self.family.whole]
        return {subset: masks[place] for subset, place in self.shown.items()}


def breakdowns_of(survey: Survey, answers: Answers) -> dict[str, tuple[Breakdown, ...]]:
    """For each question, everyone and what it is broken down by.

    Banner questions are not broken down by each other; a banner has options only, a crosstab has
    nets too, and all who answered.
    """
    everyone = np.ones(len(answers), dtype=bool)
    total = Breakdown("", Family({}, everyone), {EVERYONE: 0})
    crossed = {crosstab.by for crosstab in survey.crosstabs}
    found: dict[str, Breakdown] = {}
    for by in dict.fromkeys([*survey.banner, *crossed]):
        found[by] = _breakdown(survey, answers, by, nets=by in crossed)
    wanted = {
        name: {by: _options_only(found[by]) for by in survey.banner if name not in survey.banner}
        for name in survey.questions
    }
    for crosstab in survey.crosstabs:
        wanted[crosstab.question][crosstab.by] = found[crosstab.by]
    return {name: (total, *each.values()) for name, each in wanted.items()}


def _breakdown(survey: Survey, answers: Answers, by: str, nets: bool) -> Breakdown:
    (variable,) = variables_of(survey, answers, by)
    options = survey.scale_of(by).options
    groups = {
        answer: mask for answer, mask in variable.groups().items() if nets or answer in options
    }
    shown = {f"{by}.{answer}": place for place, answer in enumerate(groups)}
    columns = tuple(place for place, answer in enumerate(groups) if answer in options)
    if nets:
        shown[f"{by}.answered"] = len(groups)
    return Breakdown(by, Family(groups, variable.answered), shown, columns)


def _options_only(breakdown: Breakdown) -> Breakdown:
    shown = {s: place for s, place in breakdown.shown.items() if place in breakdown.columns}
    return Breakdown(breakdown.by, breakdown.family, shown, breakdown.columns)
