"""Integer counts and bases that satisfy every published figure at once.

Unknowns are the number of respondents per option (and who gave none) of each closed column, and
the cells of the cross-tabulations that were published. A published percentage p of c out of b reads
p - 0.5 <= 100 c / b < p + 0.5 (rounding half up), which is linear in c and b together, so that a
mixed-integer program finds counts and bases in one go. Among all solutions it takes the one nearest
to the guessed shapes.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from wavedeck.survey import GridQuestion, SingleQuestion, Survey

RESPONDENTS = 81
LEAST_BASE = 74
SILENT = ""
"""The name for 'gave no answer' among the options of a column."""

Counts = dict[str, dict[str, int]]
"""Column ("q1", "q4.leader") -> option, or SILENT -> respondents."""


@dataclass(frozen=True)
class Row:
    """A published figure, its id taken apart."""

    key: str
    measure: str
    value: Fraction
    question: str
    answer: str
    item: str
    subset: str
    """"" or "q2a.agree"; "q2a.answered" for all who answered q2a."""
    statistic: str
    """percent, count, base, max or min."""


@dataclass(frozen=True)
class Solution:
    counts: Counts
    joint: dict[str, dict[tuple[str, str], int]]
    """"q2a" -> (group at q17.objectives, group at q2a) -> respondents."""


def read_rows(path: Path, survey: Survey) -> list[Row]:
    """The published figures that a closed question has to meet."""
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    rows = []
    for entry in table:
        name, _, statistic = entry["key"].partition(":")
        name, _, subset = name.partition("@")
        question, _, rest = name.partition(".")
        closed = survey.questions.get(question)
        if not isinstance(closed, SingleQuestion | GridQuestion):
            continue
        answer, _, item = rest.partition(".")
        if entry["unit"] in ("percent", "respondents"):
            rows.append(
                Row(
                    entry["key"],
                    entry["measure"],
                    Fraction(entry["value"]),
                    question,
                    answer,
                    item,
                    subset,
                    statistic or "percent",
                )
            )
    return rows


def columns_of(row: Row, survey: Survey) -> list[str]:
    """The columns that a row speaks of: one, or all items for '*'."""
    question = survey.questions[row.question]
    if isinstance(question, GridQuestion):
        items = list(question.items) if row.item == "*" else [row.item]
        return [f"{row.question}.{item}" for item in items]
    return [row.question]


@dataclass
class _Program:
    """A program under construction: least cost x with low <= a x <= high and x whole numbers."""

    names: dict[Any, int] = field(default_factory=dict)
    cost: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, name: Any, cost: float = 0.0) -> int:
        if name not in self.names:
            self.names[name] = len(self.names)
            self.cost.append(cost)
        return self.names[name]

    def require(
        self, terms: Iterable[tuple[int, float]], low: float = -np.inf, high: float = np.inf
    ) -> None:
        row: dict[int, float] = {}
        for index, factor in terms:
            row[index] = row.get(index, 0.0) + factor
        self.rows.append((row, low, high))

    def stay_near(self, index: int, target: float, price: float) -> None:
        """Pay `price` for each step between the variable and `target`."""
        gap = self.variable(("gap", index), price)
        self.require([(gap, 1), (index, -1)], low=-target)
        self.require([(gap, 1), (index, 1)], low=target)

    def solve(self) -> dict[Any, int]:
        entries = [(r, c, v) for r, (row, _, _) in enumerate(self.rows) for c, v in row.items()]
        r, c, v = zip(*entries, strict=True)
        matrix = csr_array((v, (r, c)), shape=(len(self.rows), len(self.names)))
        low, high = ([row[i] for row in self.rows] for i in (1, 2))
        # Gaps are continuous: they follow from the integers.
        whole = [0 if isinstance(name, tuple) and name[0] == "gap" else 1 for name in self.names]
        result = milp(
            self.cost,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, RESPONDENTS),
            integrality=whole,
            options={"mip_rel_gap": 0.0},
        )
        if result.status != 0:
            raise RuntimeError(f"no counts satisfy the published figures: {result.message}")
        return {name: round(result.x[index]) for name, index in self.names.items()}


def groups_of(survey: Survey, question: str) -> dict[str, tuple[str, ...]]:
    """The rows or columns of a cross-tabulation: the nets, and each option that is in none."""
    scale = survey.scale_of(question)
    if question == "q12":  # its figures speak of options
        return {name: (name,) for name in (*scale.options, SILENT)}
    netted = {option for net in scale.nets.values() for option in net}
    nets = {name: tuple(members) for name, members in scale.nets.items()}
    return nets | {o: (o,) for o in scale.options if o not in netted} | {SILENT: (SILENT,)}


def solve(survey: Survey, shapes: Mapping[str, Any], rows: list[Row], seed: int) -> Solution:
    """Counts that meet `rows`. Raises RuntimeError when there are none."""
    chance = random.Random(seed)
    program = _Program()
    known = shapes["known"]
    columns = {name: shape for name, shape in shapes.items() if name not in ("known", "joint")}
    options: dict[str, list[str]] = {}
    for column, guess in columns.items():
        options[column] = list(survey.scale_of(column.partition(".")[0]).options)
        cells = [program.variable((column, option)) for option in options[column]]
        silent = program.variable((column, SILENT))
        program.require([(cell, 1) for cell in (*cells, silent)], RESPONDENTS, RESPONDENTS)
        program.require([(silent, 1)], high=RESPONDENTS - LEAST_BASE)
        # Prices and targets off the grid make the best solution the only best one.
        for cell, percent in zip(cells, guess["shape"], strict=True):
            target = guess["base"] * percent / 100 + chance.uniform(-0.2, 0.2)
            program.stay_near(cell, target, chance.uniform(1.0, 1.2))
        program.stay_near(silent, RESPONDENTS - guess["base"], chance.uniform(3.0, 3.5))

    def answered(column: str) -> list[tuple[int, float]]:
        return [(program.names[(column, option)], 1.0) for option in options[column]]

    def holders(column: str, answer: str) -> list[tuple[int, float]]:
        scale = survey.scale_of(column.partition(".")[0])
        return [(program.names[(column, option)], 1.0) for option in scale.members(answer)]

    tables = sorted({row.subset.partition(".")[0] for row in rows if row.subset})
    for by in tables:
        _cross(program, survey, "q17.objectives", by)
        for across, guess in shapes["joint"].get(by, {}).items():
            for down, target in guess.items():
                cell = program.names[(by, across, down)]
                program.stay_near(cell, target + chance.uniform(-0.2, 0.2), chance.uniform(2, 2.2))
    for row in rows:
        if row.subset:
            _meet_subset(program, survey, row)
            continue
        for column in columns_of(row, survey):
            _meet(program, row, holders(column, row.answer), answered(column))
    for key, percent in known.items():
        question, answer, *item = key.split(".")
        column = ".".join([question, *item])
        row = Row(key, "percent", Fraction(percent), question, answer, "", "", "percent")
        if percent == 0:
            program.require(holders(column, answer), 0, 0)
        else:
            _meet(program, row, holders(column, answer), answered(column))
    found = program.solve()
    counts = {
        column: {option: found[(column, option)] for option in (*options[column], SILENT)}
        for column in columns
    }
    joint = {
        by: {
            (row, column): found[(by, row, column)]
            for row in groups_of(survey, "q17")
            for column in groups_of(survey, by)
        }
        for by in tables
    }
    return Solution(counts, joint)


def _meet(
    program: _Program, row: Row, holders: list[tuple[int, float]], base: list[tuple[int, float]]
) -> None:
    """One published percentage or bound of one column, in whole numbers."""

    def scaled(times: int, base_times: int) -> list[tuple[int, float]]:
        return [(i, f * times) for i, f in holders] + [(i, f * base_times) for i, f in base]

    if row.measure == "bound":
        share = row.value / 100
        factor, whole = share.numerator, share.denominator
        if row.statistic == "max":
            program.require(scaled(whole, -factor), high=-1)  # strictly below
        else:
            program.require(scaled(whole, -factor), low=0)
        return
    percent = int(row.value)
    program.require(scaled(200, -(2 * percent - 1)), low=0)
    program.require(scaled(200, -(2 * percent + 1)), high=-1)


def _cross(program: _Program, survey: Survey, column: str, by: str) -> None:
    """Cells of column x by, tied to the counts of both."""
    across, down = groups_of(survey, column.partition(".")[0]), groups_of(survey, by)
    for groups, other, name, flip in ((across, down, column, False), (down, across, by, True)):
        for group, members in groups.items():
            cells = [program.variable((by, o, group) if flip else (by, group, o)) for o in other]
            margin = [(program.names[(name, member)], -1.0) for member in members]
            program.require([*((cell, 1.0) for cell in cells), *margin], 0, 0)


def _meet_subset(program: _Program, survey: Survey, row: Row) -> None:
    """A base, count or percentage within a group of another question."""
    by, _, group = row.subset.partition(".")
    groups = [g for g in groups_of(survey, by) if g] if group == "answered" else [group]
    answering = [a for a in groups_of(survey, "q17") if a]
    base = [(program.names[(by, a, g)], 1.0) for a in answering for g in groups]
    holders = [(program.names[(by, row.answer, g)], 1.0) for g in groups]
    if row.statistic == "percent":
        _meet(program, row, holders, base)
    else:
        terms = base if row.statistic == "base" else holders
        program.require(terms, int(row.value), int(row.value))


def figure(solution: Solution, survey: Survey, row: Row) -> list[Fraction]:
    """The value that a row has under a solution (one per column that it speaks of)."""
    found = []
    for column in columns_of(row, survey):
        if row.subset:
            by, _, group = row.subset.partition(".")
            groups = [g for g in groups_of(survey, by) if g] if group == "answered" else [group]
            cells = solution.joint[by]
            answering = [a for a in groups_of(survey, "q17") if a]
            base = sum(cells[(a, g)] for a in answering for g in groups)
            count = sum(cells[(row.answer, g)] for g in groups)
        else:
            counts = solution.counts[column]
            base = RESPONDENTS - counts[SILENT]
            members = survey.scale_of(row.question).members(row.answer)
            count = sum(counts[option] for option in members)
        wanted = {"base": Fraction(base), "count": Fraction(count)}
        found.append(wanted.get(row.statistic, Fraction(100 * count, base)))
    return found


def meets(row: Row, values: Iterable[Fraction]) -> bool:
    """Whether the values print as the row was printed."""
    if row.statistic == "max":
        return all(value < row.value for value in values)
    if row.statistic == "min":
        return all(value >= row.value for value in values)
    if row.statistic == "percent":
        return all(row.value - Fraction(1, 2) <= v < row.value + Fraction(1, 2) for v in values)
    return all(value == row.value for value in values)
