"""Respondents behind an estimate, each with the cells that put it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.answers import Answers
from wavedeck.margins import Margin
from wavedeck.recipes import Recipe, Test, condition_test
from wavedeck.survey import Condition, SampleCount
from wavedeck.trace.evidence import Cell, Evidence
from wavedeck.trace.tables import Tables


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
    sheets: list[str]
    """Where their cells stand."""


def passing(answers: Answers, test: Test) -> np.ndarray:
    """Who passes a test: bool, a value a respondent."""
    found = np.zeros(len(answers), dtype=bool)
    for column in test.columns:
        codes = answers.codes[column]
        if test.between:
            low, high = test.between
            found |= (codes >= low) & (codes <= high)
        else:
            found |= np.isin(codes, test.codes) if test.codes else codes > 0
    return found


def of_recipe(tables: Tables, recipe: Recipe, weighted: bool, most: int | None) -> Respondents:
    """Respondents of the base; at most `most` of the numerator and of the rest are listed."""
    columns = list(dict.fromkeys(column for test in recipe.tests for column in test.columns))
    evidence = Evidence(tables, columns)
    answers = tables.answers(list(dict.fromkeys([*columns, *evidence.keys])))
    weights = tables.weights() if weighted else np.ones(len(answers))
    base = weights > 0
    base &= np.any([passing(answers, test) for test in recipe.answered], axis=0)
    if recipe.within:
        base &= passing(answers, recipe.within)
    chosen = base & passing(answers, recipe.chosen) if recipe.chosen else base
    return _listed(answers, evidence, (chosen, base & ~chosen), weights, most)


def of_sample(tables: Tables, wanted: SampleCount, most: int | None) -> Respondents:
    """Respondents behind a count of the sample."""
    test = None
    if isinstance(wanted.where, Condition):
        test = condition_test(tables.survey, wanted.where.question, wanted.where.answer)
    evidence = Evidence(tables, ["@organisation", *(test.columns if test else [])])
    answers = tables.answers(list(dict.fromkeys([*(test.columns if test else []), *evidence.keys])))
    counted = passing(answers, test) if test else np.ones(len(answers), dtype=bool)
    if wanted.where == "in_frame":
        counted &= tables.in_frame()
    nobody = np.zeros(len(answers), dtype=bool)
    return _listed(answers, evidence, (counted, nobody), np.ones(len(answers)), most)


def of_margin(tables: Tables, margin: Margin, category: str, most: int | None) -> Respondents:
    """Respondents of the organisations that a share of the responding ones counts."""
    evidence = Evidence(tables, ["@organisation", *margin.questions])
    answers = tables.answers(list(dict.fromkeys([*margin.questions, *evidence.keys])))
    number = [other.name for other in margin.categories].index(category)
    inside = tables.in_frame()
    chosen = inside & (margin.codes(answers.codes) == number)
    return _listed(answers, evidence, (chosen, inside & ~chosen), inside * 1.0, most)


def _listed(
    answers: Answers,
    evidence: Evidence,
    groups: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
    most: int | None,
) -> Respondents:
    """The respondents of two groups, numerator and rest of the base, with their cells."""
    inside, rest = (np.flatnonzero(group) for group in groups)
    listed = [(int(index), True) for index in inside[:most]]
    listed += [(int(index), False) for index in rest[:most]]
    evidence.read({answers.respondents[index] for index, _ in listed})
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
    return Respondents(len(inside) + len(rest), len(inside), members, evidence.sheets)
