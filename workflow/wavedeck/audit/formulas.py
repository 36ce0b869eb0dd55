"""Estimates as spreadsheet formulas over the coded answers, made from recipes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from wavedeck.recipes import Recipe, Test


def name_of(column: str) -> str:
    """The defined name of a column of answers: A_q4__full_council. (Q4 alone would be a cell.)"""
    return f"A_{column.replace('.', '__')}"


def weight_name(weighted: bool) -> str:
    return "W_weighted" if weighted else "W_unweighted"


def formula_of(recipe: Recipe, weighted: bool) -> str:
    """The statistic of a recipe, without an equals sign. Bases count respondents with a weight."""
    weight = weight_name(weighted)
    within = [recipe.within] if recipe.within else []
    if recipe.statistic == "base":
        return _any_of(recipe, weight) if len(recipe.answered) > 1 else _count(recipe, weight)
    if recipe.statistic in ("count", "mentions"):
        chosen = [recipe.chosen] if recipe.chosen else []
        return _counts(weight, [*chosen, *within])
    base = _sums(weight, [*recipe.answered, *within])
    if recipe.statistic == "mean":
        (own,) = recipe.answered
        column, inside = name_of(own.column), "".join(f"*({_holds(test)})" for test in within)
        total = f"SUMPRODUCT({weight}*({column}>0)*{column}{inside})"
        return f"{recipe.ranks + 1}-{total}/({base})"
    chosen = [recipe.chosen] if recipe.chosen else []
    return f"100*({_sums(weight, [*chosen, *within])})/({base})"


def base_formula(recipe: Recipe, weighted: bool) -> str:
    """How many respondents are in the base of a percentage or a mean."""
    return _count(recipe, weight_name(weighted))


def _count(recipe: Recipe, weight: str) -> str:
    return _counts(weight, [*recipe.answered, *([recipe.within] if recipe.within else [])])


def _any_of(recipe: Recipe, weight: str) -> str:
    """Respondents with an answer in any of several columns."""
    answered = "+".join(f"({name_of(test.column)}>0)" for test in recipe.answered)
    inside = f"*({_holds(recipe.within)})" if recipe.within else ""
    return f"SUMPRODUCT((({answered})>0)*({weight}>0){inside})"


def _counts(weight: str, tests: Iterable[Test]) -> str:
    return "+".join(f'COUNTIFS({weight},">0",{criteria})' for criteria in _criteria(tests))


def _sums(weight: str, tests: Iterable[Test]) -> str:
    return "+".join(f"SUMIFS({weight},{criteria})" for criteria in _criteria(tests))


def _criteria(tests: Iterable[Test]) -> list[str]:
    """Arguments of COUNTIFS and SUMIFS; one for each combination of runs of codes."""
    choices = [[_run(test.column, *run) for run in _runs(test)] for test in tests]
    return [",".join(choice) for choice in itertools.product(*choices)]


def _run(column: str, low: int, high: int | None) -> str:
    name = name_of(column)
    if high is None:
        return f'{name},">0"'
    return f"{name},{low}" if low == high else f'{name},">={low}",{name},"<={high}"'


def _holds(test: Test) -> str:
    """A test as an expression over a column, 1 where it passes."""
    name = name_of(test.column)
    parts = (
        f"({name}>0)" if high is None else f"({name}>={low})*({name}<={high})"
        for low, high in _runs(test)
    )
    return "+".join(parts)


def _runs(test: Test) -> list[tuple[int, int | None]]:
    """Codes as runs from low to high; (1, None) for any answer."""
    if not test.codes:
        return [(1, None)]
    runs: list[tuple[int, int | None]] = []
    low = previous = min(test.codes)
    for code in sorted(test.codes)[1:]:
        if code != previous + 1:
            runs.append((low, previous))
            low = code
        previous = code
    return [*runs, (low, previous)]
