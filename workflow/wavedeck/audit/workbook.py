"""audit.xlsx: coded answers, and every estimate over them as a live formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavedeck.answers import Answers
from wavedeck.audit.formulas import base_formula, formula_of, is_live, name_of
from wavedeck.audit.xlsx import ROW_LIMIT, Formula, Sheet, Value, letters, workbook
from wavedeck.masks import CHOSEN, GIVEN, NOT_CHOSEN
from wavedeck.recipes import Recipe, recipe_of
from wavedeck.shown import Places
from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, Survey, TextQuestion
from wavedeck.survey.keys import VALUE, column_keys

Row = Mapping[str, Any]
Counted = tuple[Row, Recipe | None]
"""An estimate with its recipe; none for the largest and smallest over items."""

RESTRICTED = (
    "RESTRICTED. This workbook holds the answers of single respondents. Keep it with the people"
    " who audit the survey; do not publish or forward it."
)
MOST_CELLS = 10_000_000
"""Coded answers that the workbook holds at most: programs take minutes and gigabytes to open more.
"""
CELLS_LIMIT = 10_000_000
"""Breakdowns that the deck does not show are left out above this many answers to look at (rows
times formulas): recalculating would take minutes."""

_LEADING = ["respondent", "response", "row", "organisation", "unweighted", "weighted"]
_HEADER = ["id", "edition", "what it is", "slides", "recomputed", "pipeline", "difference", "shown"]


def audit_workbook(
    answers: Answers,
    weights: NDArray[np.float64],
    estimates: Sequence[Row],
    survey: Survey,
    shown: Mapping[str, dict[str, Places]],
    title: str,
    most_cells: int = MOST_CELLS,
) -> bytes:
    """The workbook's bytes: a weight for each answer; `shown` are the places of each edition's
    estimates. With more than `most_cells` coded answers it says where to look instead."""
    columns = list(answers.codes)
    if len(answers) >= ROW_LIMIT or len(answers) * len(columns) > most_cells:
        return workbook([_too_long(len(answers), len(columns), title)], {}, title)
    first, rest, others = _sorted(estimates, survey, shown, len(answers))
    left_out = len(answers) * len(rest) > CELLS_LIMIT
    listed = [("Estimates", first)] if left_out else [("Estimates", first), ("Breakdowns", rest)]
    sheets = [
        _about(title, [name for name, _ in listed], len(rest) if left_out else 0),
        Sheet("Answers", [*_LEADING, *columns], _answers(answers, weights), [28, 10, 6]),
        *(
            Sheet(name, _HEADER, _formulas(rows, survey, shown), [44, 11, 60, 8, 14, 14, 11, 8])
            for name, rows in listed
        ),
        Sheet("Other numbers", ["id", "edition", "what it is", "value", "shown"], others, [44]),
        Sheet("Codes", ["column", "code", "answer", "question"], _codes(survey), [34, 6, 40, 80]),
    ]
    return workbook(sheets, _names(columns, len(answers)), title)


def _too_long(respondents: int, columns: int, title: str) -> Sheet:
    lines = [
        RESTRICTED,
        title,
        f"The wave has {respondents:,} respondents with {columns:,} coded answers each: more than"
        " a spreadsheet program opens in reasonable time.",
        "Use instead: answers.parquet and weights.parquet under processed/, one row a respondent,"
        " in any tool that reads Parquet (DuckDB, R, Python), or answers.sav beside this file.",
        "`wavedeck verify` recomputes every estimate from the raw workbook, whatever its length.",
    ]
    return Sheet("About", [], [[line] for line in lines], [110])


def _about(title: str, names: list[str], left_out: int) -> Sheet:
    gaps = [f"MAX({name}!G:G)" for name in names] + [f"-MIN({name}!G:G)" for name in names]
    rows: list[list[Value]] = [
        [RESTRICTED],
        [title],
        [None],
        [
            "Largest difference between a formula and the pipeline",
            Formula(f"MAX({','.join(gaps)})"),
        ],
        [None],
        ["Answers: one row a respondent; each closed question is a column of codes (see Codes)."],
        ["Codes below 1: -1 not asked, -2 no answer, -3 don't know, -4 invalid."],
        ["Weights: 'unweighted' is 1 for everyone; 'weighted' is 0 outside the population list."],
        ["Estimates: what the deck shows first, then the other numbers over all respondents."],
        ["Other numbers: facts, the sample, the population list and coded text, which count no"],
        ["closed answers, and medians that a formula would take too long for. They have none;"],
        ["`wavedeck verify` recomputes them."],
    ]
    if left_out:
        rows.append([f"{left_out:,} breakdowns that the deck does not show are left out here;"])
        rows.append(["they are in estimates.parquet, and `wavedeck verify` recomputes them."])
    else:
        rows.append(["Breakdowns: every number within a group of respondents."])
    return Sheet("About", [], rows, [90, 16])


def _answers(answers: Answers, weights: NDArray[np.float64]) -> Iterator[Sequence[Value]]:
    own = (answers.respondents, answers.responses, answers.rows, answers.organisations)
    unweighted = [1] * len(answers)
    codes = [column.tolist() for column in answers.codes.values()]
    return zip(*own, unweighted, weights.tolist(), *codes, strict=True)


def _names(columns: list[str], count: int) -> dict[str, str]:
    """Defined names of the columns that formulas use."""
    used = [("W_unweighted", 4), ("W_weighted", 5)]
    used += [(name_of(column), place) for place, column in enumerate(columns, start=len(_LEADING))]
    return {
        name: f"Answers!${letters(place)}$2:${letters(place)}${count + 1}" for name, place in used
    }


def _sorted(
    estimates: Sequence[Row],
    survey: Survey,
    shown: Mapping[str, dict[str, Places]],
    respondents: int,
) -> tuple[list[Counted], list[Counted], list[Sequence[Value]]]:
    """Rows for Estimates (shown ones first), for Breakdowns, and lines of Other numbers."""
    first: list[Counted] = []
    second: list[Counted] = []
    rest: list[Counted] = []
    others: list[Sequence[Value]] = []
    for row in estimates:
        recipe = recipe_of(row, survey)
        formula = recipe is not None and is_live(recipe, respondents)
        if not formula and row["item"] != "*":
            value = row["value"]
            others.append([row["id"], _edition(row), row["label"], value, row["text"]])
        elif row["id"] in shown.get(_edition(row), {}):
            first.append((row, recipe))
        elif not row["subset"]:
            second.append((row, recipe))
        else:
            rest.append((row, recipe))
    return first + second, rest, others


def _edition(row: Row) -> str:
    return "weighted" if row["weighted"] else "unweighted"


def _formulas(
    rows: Sequence[Counted], survey: Survey, shown: Mapping[str, dict[str, Places]]
) -> Iterator[Sequence[Value]]:
    places = {(row["id"], row["weighted"]): line for line, (row, _) in enumerate(rows, start=2)}
    for line, (row, recipe) in enumerate(rows, start=2):
        edition = _edition(row)
        place = shown.get(edition, {}).get(row["id"], Places())
        slides = ", ".join(str(number) for number, _ in place.slides)
        empty = row["value"] is None or math.isnan(row["value"])
        live = formula_of(recipe, row["weighted"]) if recipe else _extreme(row, survey, places)
        if recipe and empty:
            live = f'IF({base_formula(recipe, row["weighted"])}=0,"no base",{live})'
        difference = f"IF(E{line}=F{line},0,1)" if empty else f"ROUND(E{line}-F{line},9)"
        yield [
            *(row["id"], edition, row["label"], slides, Formula(live)),
            *("no base" if empty else row["value"], Formula(difference), row["text"]),
        ]


def _extreme(row: Row, survey: Survey, places: Mapping[tuple[str, bool], int]) -> str:
    """The largest or smallest percentage over the items of a grid, by their cells."""
    items = survey.questions[row["question"]].items  # type: ignore[union-attr]
    keys = [(f"{row['question']}.{row['answer']}.{item}", row["weighted"]) for item in items]
    return f"{row['statistic'].upper()}({','.join(f'E{places[key]}' for key in keys)})"


def _codes(survey: Survey) -> Iterator[Sequence[Value]]:
    """The codebook: what each code of each column stands for."""
    for name, question in survey.questions.items():
        for column in column_keys(survey, name):
            item = column.partition(".")[2]
            parts = getattr(question, "options", None) or getattr(question, "items", {})
            words = question.text + (f" [{parts[item].label}]" if item in parts else "")
            if isinstance(question, RankingQuestion):
                yield [column, None, f"the rank, 1 to {len(question.items)}", words]
            elif isinstance(question, MultiQuestion):
                yield [column, CHOSEN, "chosen", words]
                yield [column, NOT_CHOSEN, "not chosen", words]
            elif isinstance(question, TextQuestion):
                words = f"{question.text} [{question.themes[item]}]"
                yield [column, CHOSEN, "raised, as a coder read it", words]
                yield [column, NOT_CHOSEN, "not raised", words]
            elif isinstance(question, NumberQuestion):
                yield [column, GIVEN, "a number was given", words]
                yield [column + VALUE, None, question.unit or "the number", words]
            else:
                for code, option in enumerate(survey.scale_of(name).options.values(), start=1):
                    yield [column, code, option.label, words]
