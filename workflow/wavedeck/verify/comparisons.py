"""Letters of columns, and columns against the rest, a second time: pair by pair.

The pipeline takes covariances of all groups from counts; this linearises each group and its rest by
themselves and squares differences of their scores. Only the tail of Student's t is shared.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_lowercase, ascii_uppercase
from typing import TypeVar

import numpy as np

from wavedeck.statistics.distributions import t_two_sided
from wavedeck.survey import RankingQuestion, Survey
from wavedeck.verify.errors import NOTHING, Errors, Floats, Values
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row
from wavedeck.verify.recompute import Recount

LETTERS = ascii_uppercase + ascii_lowercase
LEVEL = 0.05
HOPELESS = 1.95
"""A t below this is above the level, whatever its degrees of freedom."""
Name = TypeVar("Name", bound=Hashable)
Family = tuple[str, str, str, str, str]
"""Question, item, answer, statistic, and the question that makes the columns."""


@dataclass(frozen=True)
class Group:
    """A column's value, or that of a column's rest."""

    value: float
    base: int
    df: int
    scores: Floats
    at_the_end: float
    """What a share of 0 or 1 has for a variance, as its own is nothing; else 0."""

    @property
    def variance(self) -> float:
        return float(self.scores @ self.scores) + self.at_the_end


@dataclass(frozen=True)
class Gap:
    """Between two groups, as a test sees it."""

    value: float
    variance: float
    df: int


class Comparisons:
    """Of one edition."""

    def __init__(self, survey: Survey, recount: Recount, errors: Errors) -> None:
        self._survey, self._recount, self._errors = survey, recount, errors
        self._netted = {crosstab.by for crosstab in survey.crosstabs}

    def check(self, rows: Iterable[Row], edition: str, report: Report) -> None:
        """Letters and words of every row that stands under a column."""
        families: dict[Family, dict[str, Row]] = defaultdict(dict)
        for row in rows:
            by, _, group = row["subset"].partition(".")
            if by and group not in ("", "answered") and self._compared(row):
                key = (row["question"], row["item"], row["answer"], row["statistic"], by)
                families[key][group] = row
        for family, shown in families.items():
            self._check(family, shown, edition, report)

    def _compared(self, row: Row) -> bool:
        question = self._survey.questions.get(row["question"])
        ranked = isinstance(question, RankingQuestion) and row["statistic"] == "mean"
        share = row["statistic"] == "percent" and row["item"] != "*"
        return question is not None and (share or ranked)

    def _check(
        self, family: Family, shown: Mapping[str, Row], edition: str, report: Report
    ) -> None:
        *_, by = family
        scale = self._survey.scale_of(by)
        options = [name for name, option in scale.options.items() if not option.missing]
        nets = list(scale.nets) if by in self._netted else []
        any_row = next(iter(shown.values()))
        whole = self._recount.values({**any_row, "subset": f"{by}.answered"})
        values = {
            name: self._recount.values({**any_row, "subset": f"{by}.{name}"})
            for name in (*options, *nets)
        }
        groups = {name: self._group(own, family) for name, own in values.items()}
        letters = self._letters(options, groups)
        words = self._words(whole, values, groups, family)
        hidden = {
            LETTERS[place]
            for place, name in enumerate(options)
            if name in shown and shown[name]["suppressed"] and place < len(LETTERS)
        }
        for name, row in shown.items():
            secret = row["suppressed"]
            told = "" if secret else "".join(x for x in letters.get(name, "") if x not in hidden)
            place = f"{row['id']} ({edition})"
            report.checked["comparisons"] += 1
            report.equal(row["letters"] or "", told, "estimates.parquet", f"{place}, letters")
            expected = "" if secret else words.get(name, "")
            found = row["against_rest"] or ""
            report.equal(found, expected, "estimates.parquet", f"{place}, against_rest")

    def _group(self, values: Values, family: Family) -> Group:
        linear = self._errors.linearised(values)
        added = 0.0
        if family[3] == "percent" and linear.value in (0.0, 1.0):
            number = self._errors.organisations(values)
            squared = 1.96**2
            middle = (number * linear.value + squared / 2) / (number + squared)
            added = self._errors.kept * middle * (1 - middle) / number
        return Group(linear.value, len(values), linear.df, linear.scores, added)

    def _large(self, group: Group) -> bool:
        return group.base >= self._survey.minimum_base and group.df > 0

    def _letters(self, options: Sequence[str], groups: Mapping[str, Group]) -> dict[str, str]:
        """The columns that each column is significantly higher than."""
        known = [name for name in options[: len(LETTERS)] if self._large(groups[name])]
        tests = {}
        for one, other in combinations(known, 2):
            a, b = groups[one], groups[other]
            gross = a.variance + b.variance
            variance = _of_gap(a.scores, b.scores) + a.at_the_end + b.at_the_end
            if variance > NOTHING * gross:
                tests[one, other] = Gap(a.value - b.value, variance, a.df + b.df)
        found: dict[str, str] = defaultdict(str)
        for one, other in stand(tests):
            higher, lower = (one, other) if tests[one, other].value > 0 else (other, one)
            found[higher] += LETTERS[options.index(lower)]
        return {name: "".join(sorted(told, key=LETTERS.index)) for name, told in found.items()}

    def _words(
        self,
        whole: Values,
        values: Mapping[str, Values],
        groups: Mapping[str, Group],
        family: Family,
    ) -> dict[str, str]:
        """higher or lower, of each group that differs from all others of its question."""
        tests = {}
        for name, group in groups.items():
            others = {place: own for place, own in whole.items() if place not in values[name]}
            rest = self._group(others, family)
            if not (self._large(group) and self._large(rest)):
                continue
            variance = _of_gap(group.scores, rest.scores) + group.at_the_end + rest.at_the_end
            if variance > 0:
                tests[name] = Gap(group.value - rest.value, variance, group.df + rest.df)
        return {name: "higher" if tests[name].value > 0 else "lower" for name in stand(tests)}


def _of_gap(one: Floats, other: Floats) -> float:
    """The variance of a difference, from both scores."""
    return float(np.square(one - other).sum())


def stand(tests: Mapping[Name, Gap]) -> list[Name]:
    """Which gaps stand by Holm's procedure: the smallest p against a share of all tests, the next
    against one fewer, until one falls."""
    t = {name: abs(gap.value) / math.sqrt(gap.variance) for name, gap in tests.items()}
    doubtful = [name for name in tests if t[name] >= HOPELESS]
    tails = t_two_sided([t[name] for name in doubtful], [tests[name].df for name in doubtful])
    p = dict(zip(doubtful, tails, strict=True))
    found = []
    for place, name in enumerate(sorted(doubtful, key=p.__getitem__)):
        if p[name] > LEVEL / (len(tests) - place):
            break
        found.append(name)
    return found
