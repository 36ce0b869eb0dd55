"""Respondents behind an estimate, each with the cells that put it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.answers import Answers
from wavedeck.masks import CHOSEN
from wavedeck.recipes import Recipe, Test
from wavedeck.survey import RankingQuestion, SampleCount, TextQuestion
from wavedeck.survey.keys import place_of
from wavedeck.trace.tables import Tables

_LONG = 80
"""Open answers with more characters are cut where cells are listed."""


@dataclass(frozen=True)
class Cell:
    """A cell that an estimate used."""

    cell: str
    question: str
    received: str | None
    coded: str
    """The option's label, the rank, or the kind of missing."""
    changes: list[str]


@dataclass(frozen=True)
class Member:
    """A respondent behind an estimate."""

    respondent: str
    response: str
    row: int
    in_numerator: bool
    weight: float
    cells: list[Cell]


@dataclass(frozen=True)
class Respondents:
    """Who is behind an estimate: how many, and those of them that were asked for."""

    count: int
    """Respondents of the base."""
    in_numerator: int
    members: list[Member]
    """Those in the numerator first."""


def in_short(received: str | None) -> str | None:
    """The beginning of a long open answer, in one line; what is short stays as it is."""
    if received is None or len(received) <= _LONG:
        return received
    return f"{' '.join(received.split())[:_LONG]} …"


def _passing(answers: Answers, test: Test) -> np.ndarray:
    codes = answers.codes[test.column]
    return np.isin(codes, test.codes) if test.codes else codes > 0


def of_recipe(tables: Tables, recipe: Recipe, weighted: bool, most: int | None) -> Respondents:
    """Respondents of the base; at most `most` of the numerator and of the rest are listed."""
    tests = [*recipe.answered, recipe.within, recipe.chosen]
    columns = list(dict.fromkeys(test.column for test in tests if test))
    answers = tables.answers(columns)
    weights = tables.weights() if weighted else np.ones(len(answers))
    base = weights > 0
    base &= np.any([_passing(answers, test) for test in recipe.answered], axis=0)
    if recipe.within:
        base &= _passing(answers, recipe.within)
    chosen = base & _passing(answers, recipe.chosen) if recipe.chosen else base
    return _listed(tables, answers, columns, (chosen, base & ~chosen), weights, most)


def of_sample(tables: Tables, wanted: SampleCount, most: int | None) -> Respondents:
    """Respondents behind a count of the sample."""
    test = None
    if wanted.where and wanted.where != "in_frame":
        question = wanted.where.question
        scale = tables.survey.scale_of(question.partition(".")[0])
        codes = list(scale.options)
        members = tuple(codes.index(o) + 1 for o in scale.members(wanted.where.answer))
        test = Test(question, members, "")
    answers = tables.answers([test.column] if test else [])
    counted = _passing(answers, test) if test else np.ones(len(answers), dtype=bool)
    if wanted.where == "in_frame":
        counted &= tables.in_frame()
    columns = ["@organisation", *([test.column] if test else [])]
    nobody = np.zeros(len(answers), dtype=bool)
    return _listed(tables, answers, columns, (counted, nobody), np.ones(len(answers)), most)


def _listed(
    tables: Tables,
    answers: Answers,
    columns: list[str],
    groups: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
    most: int | None,
) -> Respondents:
    """The respondents of two groups, numerator and rest of the base, with their cells."""
    inside, rest = (np.flatnonzero(group) for group in groups)
    listed = [(int(index), True) for index in inside[:most]]
    listed += [(int(index), False) for index in rest[:most]]
    evidence = _Evidence(tables, columns, {answers.rows[index] for index, _ in listed})
    members = [
        Member(
            answers.respondents[index],
            answers.responses[index],
            answers.rows[index],
            counted,
            float(weights[index]),
            evidence.cells(answers, index),
        )
        for index, counted in listed
    ]
    return Respondents(len(inside) + len(rest), len(inside), members)


class _Evidence:
    """Raw values and ledger entries of some columns of answers, for some rows."""

    def __init__(self, tables: Tables, columns: list[str], rows: set[int]) -> None:
        self._tables = tables
        self._columns = columns
        self._raw: dict[tuple[str, int], str | None] = {}
        self._changes: dict[tuple[str, int], list[str]] = {}
        for column in columns:
            question, item = place_of(tables.survey, column)
            only = {"question": question, "item": item}
            for row, value in tables.received(question, item, rows).items():
                self._raw[column, row] = value
            for entry in tables.rows("ledger.parquet", ["row", "rule", "old", "new"], **only):
                change = f"{entry['rule']}: {entry['old']!r} became {entry['new']!r}"
                self._changes.setdefault((column, entry["row"]), []).append(change)

    def _passages(self, column: str, response: str) -> list[str]:
        """What the coder read of a theme in an open answer."""
        name, _, answer = column.partition(".")
        asked = self._tables.survey.questions.get(name)
        if not isinstance(asked, TextQuestion):
            return []
        return [
            f"coding.xlsx, row {mention.row}: {asked.themes[mention.theme]}, {mention.text!r}"
            for mention in self._tables.coding.of(name)
            if mention.response == response and mention.theme in asked.scale.members(answer)
        ]

    def cells(self, answers: Answers, index: int) -> list[Cell]:
        found = []
        for column in self._columns:
            question, item = place_of(self._tables.survey, column)
            row = answers.rows[index]
            if column == "@organisation":
                coded = answers.organisations[index]
            else:
                coded = self._label(column, int(answers.codes[column][index]))
            found.append(
                Cell(
                    f"{self._tables.letters[question, item]}{row}",
                    column,
                    self._raw.get((column, row)),
                    coded,
                    self._changes.get((column, row), [])
                    + self._passages(column, answers.responses[index]),
                )
            )
        return found

    def _label(self, column: str, code: int) -> str:
        missing = {-1: "not asked", -2: "no answer", -3: "don't know", -4: "invalid"}
        if code in missing:
            return missing[code]
        name = column.partition(".")[0]
        if isinstance(self._tables.survey.questions[name], RankingQuestion):
            return f"rank {code}"
        if isinstance(self._tables.survey.questions[name], TextQuestion):
            return "raised" if code == CHOSEN else "not raised"
        return list(self._tables.survey.scale_of(name).options.values())[code - 1].label
