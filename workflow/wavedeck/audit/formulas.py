"""Estimates as spreadsheet formulas over the coded answers, made from recipes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from wavedeck.recipes import Recipe, Test


def name_of(column: str) -> str:
    """The defined name of a column of answers: A_q4__full_council. (Q4 alone would be a cell.)"""
    return f"A_{column.replace('.', '__').replace(':', '___')}"


def weight_name(weighted: bool) -> str:
    return "W_weighted" if weighted else "W_unweighted"


MEDIAN_ROWS = 3000
"""Above this many respondents no median is live: its formula looks at each pair of them."""


def is_live(recipe: Recipe, respondents: int) -> bool:
    """Whether the statistic is given as a formula."""
    if recipe.statistic != "median":
        return True
    # SUMIFS, which medians need, cannot say "any of several columns".
    several = recipe.within is not None and len(recipe.within.columns) > 1
    return respondents <= MEDIAN_ROWS and not several


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
    if recipe.statistic == "median":
        return _median(recipe, weight, base)
    if recipe.statistic == "mean":
        (own,) = recipe.answered
        answered, inside = _holds(own), "".join(f"*({_holds(test)})" for test in within)
        column = name_of(recipe.value or own.columns[0])
        total = f"SUMPRODUCT({weight}*({answered})*{column}{inside})/({base})"
        return total if recipe.value else f"{recipe.ranks + 1}-{total}"
    chosen = [recipe.chosen] if recipe.chosen else []
    return f"100*({_sums(weight, [*chosen, *within])})/({base})"


def base_formula(recipe: Recipe, weighted: bool) -> str:
    """How many respondents are in the base of a percentage or a mean."""
    return _count(recipe, weight_name(weighted))


def _median(recipe: Recipe, weight: str, base: str) -> str:
    """The middle between the least value that half of the weight does not exceed and the greatest
    that half of it reaches. Sums of weights within a billionth of half count as half."""
    column = name_of(recipe.value)
    tests = [*recipe.answered, *([recipe.within] if recipe.within else [])]
    inside = "*".join([f"({weight}>0)", *(f"({_holds(test)})" for test in tests)])
    half = f"({base})*(0.5-1E-9)"

    def reached(sign: str) -> str:
        """Whether at least half of the weight lies on one side of each value, ends included."""
        side = f'{column},"{sign}"&{column}'
        return f"(({_sums(weight, tests, side)})>={half})*{inside}"

    # A value out of question is moved out of reach: IF would need an array formula.
    far = "1E+12"
    low = f"SUMPRODUCT(MIN({column}+{far}*(1-{reached('<=')})))"
    high = f"SUMPRODUCT(MAX({column}-{far}*(1-{reached('>=')})))"
    return f"({low}+{high})/2"


def _count(recipe: Recipe, weight: str) -> str:
    return _counts(weight, [*recipe.answered, *([recipe.within] if recipe.within else [])])


def _any_of(recipe: Recipe, weight: str) -> str:
    """Respondents with an answer in any of several columns."""
    answered = "+".join(_holds(test) for test in recipe.answered)
    inside = f"*({_holds(recipe.within)})" if recipe.within else ""
    return f"SUMPRODUCT((({answered})>0)*({weight}>0){inside})"


def _counts(weight: str, tests: Iterable[Test]) -> str:
    several = _several(tests := list(tests))
    if several:
        return f"SUMPRODUCT(({weight}>0)*{several})"
    return "+".join(f'COUNTIFS({weight},">0",{criteria})' for criteria in _criteria(tests))


def _sums(weight: str, tests: Iterable[Test], more: str = "") -> str:
    """Sums of weights where tests hold; `more` is a further criterion, with its range."""
    several = _several(tests := list(tests))
    if several and not more:
        return f"SUMPRODUCT({weight}*{several})"
    extra = f",{more}" if more else ""
    return "+".join(f"SUMIFS({weight},{criteria}{extra})" for criteria in _criteria(tests))


def _several(tests: list[Test]) -> str:
    """All tests as a product, where one of them looks at several columns; else ""."""
    if all(len(test.columns) == 1 for test in tests):
        return ""
    return "*".join(f"({_holds(test)})" for test in tests)


def _criteria(tests: Iterable[Test]) -> list[str]:
    """Arguments of COUNTIFS and SUMIFS; one for each combination of runs of codes."""
    choices = [[_run(test.columns[0], *run) for run in _runs(test)] for test in tests]
    return [",".join(choice) for choice in itertools.product(*choices)]


def _run(column: str, low: float, high: float | None) -> str:
    name = name_of(column)
    if high is None:
        return f'{name},">0"'
    return f"{name},{low}" if low == high else f'{name},">={low}",{name},"<={high}"'


def _holds(test: Test) -> str:
    """A test as an expression over columns, 1 where it passes."""
    if len(test.columns) > 1:
        each = "+".join(_holds(Test((column,), test.codes, "")) for column in test.columns)
        return f"(({each})>0)*1"
    name = name_of(test.columns[0])
    # An empty cell would count as 0.
    number = f"ISNUMBER({name})*" if test.between else ""
    parts = (
        f"({name}>0)" if high is None else f"{number}({name}>={low})*({name}<={high})"
        for low, high in _runs(test)
    )
    return "+".join(parts)


def _runs(test: Test) -> list[tuple[float, float | None]]:
    """Codes as runs from low to high; (1, None) for any answer."""
    if test.between:
        return [test.between]
    if not test.codes:
        return [(1, None)]
    runs: list[tuple[float, float | None]] = []
    low = previous = min(test.codes)
    for code in sorted(test.codes)[1:]:
        if code != previous + 1:
            runs.append((low, previous))
            low = code
        previous = code
    return [*runs, (low, previous)]
