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


@dataclass(frozen=True)
class Tests:
    """Of the columns of one question."""

    options: list[str]
    """In the order of their letters."""
    of_letters: dict[tuple[str, str], Gap]
    of_the_rest: dict[str, Gap]


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
        tested = [self._tests(family, shown) for family, shown in families.items()]
        higher = standing([tests.of_letters for tests in tested])
        apart = standing([tests.of_the_rest for tests in tested])
        for shown, tests, letters, words in zip(
            families.values(), tested, higher, apart, strict=True
        ):
            _check(shown, tests, letters, words, edition, report)

    def _compared(self, row: Row) -> bool:
        question = self._survey.questions.get(row["question"])
        ranked = isinstance(question, RankingQuestion) and row["statistic"] == "mean"
        share = row["statistic"] == "percent" and row["item"] != "*"
        return question is not None and (share or ranked)

    def _tests(self, family: Family, shown: Mapping[str, Row]) -> Tests:
        """All tests of the columns of one question, those of groups that are not shown too."""
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
        return Tests(
            options, self._of_letters(options, groups), self._of_rest(whole, values, groups, family)
        )

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

    def _of_letters(
        self, options: Sequence[str], groups: Mapping[str, Group]
    ) -> dict[tuple[str, str], Gap]:
        """Each column with each other."""
        known = [name for name in options[: len(LETTERS)] if self._large(groups[name])]
        tests = {}
        for one, other in combinations(known, 2):
            a, b = groups[one], groups[other]
            gross = a.variance + b.variance
            variance = _of_gap(a.scores, b.scores) + a.at_the_end + b.at_the_end
            if variance > NOTHING * gross:
                tests[one, other] = Gap(a.value - b.value, variance, a.df + b.df)
        return tests

    def _of_rest(
        self,
        whole: Values,
        values: Mapping[str, Values],
        groups: Mapping[str, Group],
        family: Family,
    ) -> dict[str, Gap]:
        """Each group with all others of its question."""
        tests = {}
        for name, group in groups.items():
            others = {place: own for place, own in whole.items() if place not in values[name]}
            rest = self._group(others, family)
            if not (self._large(group) and self._large(rest)):
                continue
            variance = _of_gap(group.scores, rest.scores) + group.at_the_end + rest.at_the_end
            if variance > 0:
                tests[name] = Gap(group.value - rest.value, variance, group.df + rest.df)
        return tests


def _check(
    shown: Mapping[str, Row],
    tests: Tests,
    higher: Sequence[tuple[str, str]],
    apart: Sequence[str],
    edition: str,
    report: Report,
) -> None:
    """What the rows of a question say, against the tests that stand."""
    letters = dict(zip(tests.options, LETTERS, strict=False))
    told: dict[str, set[str]] = defaultdict(set)
    for one, other in higher:
        above, below = (one, other) if tests.of_letters[one, other].value > 0 else (other, one)
        if not (below in shown and shown[below]["suppressed"]):
            told[above].add(letters[below])
    words = {name: "higher" if tests.of_the_rest[name].value > 0 else "lower" for name in apart}
    for name, row in shown.items():
        secret = row["suppressed"]
        place = f"{row['id']} ({edition})"
        report.checked["comparisons"] += 1
        expected = "" if secret else "".join(sorted(told[name], key=LETTERS.index))
        report.equal(row["letters"] or "", expected, "estimates.parquet", f"{place}, letters")
        expected = "" if secret else words.get(name, "")
        found = row["against_rest"] or ""
        report.equal(found, expected, "estimates.parquet", f"{place}, against_rest")


def _of_gap(one: Floats, other: Floats) -> float:
    """The variance of a difference, from both scores."""
    return float(np.square(one - other).sum())


def standing(families: Sequence[Mapping[Name, Gap]]) -> list[list[Name]]:
    """Which gaps of each family stand by Holm's procedure. The tails of all are worked out at once,
    which is much quicker."""
    doubtful = [
        {name: t for name, gap in tests.items() if (t := _t(gap)) >= HOPELESS} for tests in families
    ]
    tails = iter(
        t_two_sided(
            [t for some in doubtful for t in some.values()],
            [
                tests[name].df
                for tests, some in zip(families, doubtful, strict=True)
                for name in some
            ],
        )
    )
    return [
        _holm({name: next(tails) for name in some}, len(tests))
        for tests, some in zip(families, doubtful, strict=True)
    ]


def _t(gap: Gap) -> float:
    return abs(gap.value) / math.sqrt(gap.variance)


def _holm(p: Mapping[Name, float], number: int) -> list[Name]:
    """The smallest p against a share of all `number` tests, the next against one fewer, until one
    falls; `p` has all that may stand."""
    found = []
    for place, name in enumerate(sorted(p, key=p.__getitem__)):
        if p[name] > LEVEL / (number - place):
            break
        found.append(name)
    return found
