"""Closed answers: coded by the codebook, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from wavedeck.answers import INVALID, NO_ANSWER
from wavedeck.cells import Column
from wavedeck.clean.coders import Coded, rank_coder, scale_coder
from wavedeck.clean.text import tidy
from wavedeck.clean.work import Work
from wavedeck.errors import listing, nearest
from wavedeck.survey import GridQuestion, OpenText, RankingQuestion, SingleQuestion, Survey


def closed_columns(survey: Survey) -> dict[str, list[str]]:
    """Keys of the answer columns of each closed question."""
    found: dict[str, list[str]] = {}
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion):
            found[name] = [name]
        elif isinstance(question, GridQuestion | RankingQuestion):
            found[name] = [f"{name}.{item}" for item in question.items]
    return found


def code_all(survey: Survey, work: Work) -> dict[str, np.ndarray]:
    """int8 codes of every closed column, all rows; only kept rows write the ledger."""
    coded = {}
    for _, name, item in survey.columns():
        question = survey.questions[name]
        if isinstance(question, OpenText) or item == "other":
            continue
        if isinstance(question, RankingQuestion):
            coder = rank_coder(len(question.items), survey.export.no_answer)
            expected = f"a rank from 1 to {len(question.items)}, or nothing"
            labels: list[str] = []
        else:
            scale = survey.scale_of(name)
            coder = scale_coder(scale, survey.export.no_answer)
            labels = [option.label for option in scale.options.values()]
            expected = listing(labels)
        key = f"{name}.{item}" if item else name
        column = work.cells.column(name, item)
        coded[key] = _code_column(column, coder, expected, labels, work, key)
    return coded


def _code_column(
    column: Column,
    coder: Callable[[str], Coded | None],
    expected: str,
    labels: list[str],
    work: Work,
    key: str,
) -> np.ndarray:
    # Each distinct text is judged once; answers repeat, rows do not matter to the judgement.
    judged = {raw: coder(raw) for raw in dict.fromkeys(column.values) if raw is not None}
    codes = np.full(len(column.values), NO_ANSWER, dtype=np.int8)
    told: dict[str, int] = {}
    for index, raw in enumerate(column.values):
        if raw is None:
            continue
        result = judged[raw]
        if result is not None:
            codes[index] = result.code
            if result.rule and work.kept[index]:
                work.change(column, index, result.rule, result.new)
        elif work.kept[index] and told.get(raw, 0) < 3:
            told[raw] = told.get(raw, 0) + 1
            work.problem(
                column,
                index,
                f"{key}: '{raw}' is no answer that the codebook knows",
                expected,
                nearest(tidy(raw), labels),
                "add it to survey.yaml as an alias of its option"
                if labels
                else "correct the cell in a copy of the export",
            )
    return codes


def invalidate_ties(codes: dict[str, np.ndarray], survey: Survey, work: Work) -> None:
    for name, question in survey.questions.items():
        if not isinstance(question, RankingQuestion):
            continue
        items = list(question.items)
        ranks = np.stack([codes[f"{name}.{item}"] for item in items], axis=1)
        for rank in range(1, len(items) + 1):
            tied = (ranks == rank).sum(axis=1) > 1
            for index in np.flatnonzero(tied & work.kept):
                for position in np.flatnonzero(ranks[index] == rank):
                    column = work.cells.column(name, items[position])
                    work.change(column, int(index), "tied_rank", "")
                    codes[f"{name}.{items[position]}"][index] = INVALID


def require_answers(codes: Mapping[str, np.ndarray], survey: Survey, work: Work) -> None:
    unknown = {problem.where for problem in work.problems}
    for name, question in survey.questions.items():
        if not (isinstance(question, SingleQuestion) and question.required):
            continue
        labels = [option.label for option in survey.scale_of(name).options.values()]
        column = work.cells.column(name)
        for index in np.flatnonzero((codes[name] <= 0) & work.kept):
            if work.cells.where(column, int(index)) in unknown:
                continue
            work.problem(
                column,
                int(index),
                f"the respondent has no '{name}' ({question.text})",
                listing(labels),
                "",
                "complete the cell in a copy of the export, or exclude the response in wave.yaml",
            )
