"""Closed answers: coded by the codebook, column by column."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wavedeck.answers import NOT_ASKED
from wavedeck.clean.coders import scale_coder
from wavedeck.clean.column import code_column
from wavedeck.clean.multi import code_multi
from wavedeck.clean.numbers import code_number
from wavedeck.clean.ranking import code_ranking
from wavedeck.clean.work import Work
from wavedeck.errors import listing
from wavedeck.survey import (
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    SingleQuestion,
    Survey,
)
from wavedeck.survey.keys import answer_keys, places_of

_ADD = "add it to survey.yaml as an alias of its option"


def code_all(survey: Survey, work: Work) -> dict[str, np.ndarray]:
    """Codes of every answer column, all rows; only kept rows write the ledger."""
    marks = survey.export.no_answer
    coded: dict[str, np.ndarray] = {}
    for name, question in survey.questions.items():
        if isinstance(question, MultiQuestion):
            coded |= code_multi(name, question, marks, work)
        elif isinstance(question, NumberQuestion):
            coded |= code_number(name, question, marks, work)
        elif isinstance(question, RankingQuestion):
            coded |= code_ranking(name, question, marks, work)
        else:
            for key in answer_keys(survey, name):
                scale = survey.scale_of(name)
                labels = [option.label for option in scale.options.values()]
                (place,) = places_of(survey, key)
                column = work.cells.column(*place)
                coder = scale_coder(scale, marks)
                expected = listing(labels)
                coded[key] = code_column(column, coder, expected, labels, work, key, _ADD)
    return coded


def require_answers(codes: Mapping[str, np.ndarray], survey: Survey, work: Work) -> None:
    unknown = {problem.where for problem in work.problems}
    for name, question in survey.questions.items():
        if not (isinstance(question, SingleQuestion) and question.required):
            continue
        labels = [option.label for option in survey.scale_of(name).options.values()]
        column = work.cells.column(name)
        silent = codes[name] <= 0
        if question.asked_if:
            silent &= codes[name] != NOT_ASKED
        for index in np.flatnonzero(silent & work.kept):
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
