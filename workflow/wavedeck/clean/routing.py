"""Who was asked: a question asked only of some counts as not asked for all others."""

from __future__ import annotations

import numpy as np

from wavedeck.answers import DONT_KNOW, INVALID, NOT_ASKED
from wavedeck.clean.work import Work
from wavedeck.masks import CHOSEN, meets
from wavedeck.survey import MultiQuestion, NumberQuestion, Survey
from wavedeck.survey.keys import VALUE, answer_keys, places_of


def route(codes: dict[str, np.ndarray], survey: Survey, work: Work) -> dict[str, np.ndarray]:
    """Who was asked each question that has a condition, by its name.

    Sets the codes of all others to not asked, in place; an answer that one of them gave all the
    same is a row of the ledger. Conditions name earlier questions, so one pass is enough.
    """
    asked: dict[str, np.ndarray] = {}
    for name, question in survey.questions.items():
        if question.asked_if is None:
            continue
        asked[name] = meets(survey, codes, question.asked_if)
        outside = ~asked[name]
        keys = answer_keys(survey, name)
        given: dict[tuple[str, str], np.ndarray] = {}
        for key in keys:
            own = _given(codes[key], isinstance(question, MultiQuestion)) & outside & work.kept
            for place in places_of(survey, key):
                given[place] = given.get(place, np.zeros(len(own), dtype=bool)) | own
            codes[key][outside] = NOT_ASKED
        if isinstance(question, NumberQuestion):
            codes[name + VALUE][outside] = np.nan
        for place, rows in given.items():
            column = work.cells.column(*place)
            for index in np.flatnonzero(rows):
                if column.values[index] is not None:
                    work.change(column, int(index), "not_asked", "")
    return asked


def _given(codes: np.ndarray, several: bool) -> np.ndarray:
    """Where there is an answer of some kind; an option that was not chosen is none."""
    valid = codes == CHOSEN if several else codes > 0
    return np.asarray(valid | (codes == DONT_KNOW) | (codes == INVALID))
