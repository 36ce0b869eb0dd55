"""Coded answers as masks: who is in the base of a question, and who gave an answer.

Single choice, a row of a grid, several choices and bands of a number are all asked the same two
things here, so whatever counts respondents need not know the kind of a question. A mask has a
truth value a respondent.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wavedeck.survey import Condition, MultiQuestion, NumberQuestion, Survey, TextQuestion
from wavedeck.survey.keys import VALUE, column_keys, key_of

CHOSEN, NOT_CHOSEN = 1, 2
"""Codes of an option of a multiple choice, and of a theme of coded open text; below 0 it is
missing, as in any other column."""

GIVEN = 1
"""The code of a question that was answered with a number."""

Codes = Mapping[str, np.ndarray]
"""Columns of coded answers by key."""


def answered(survey: Survey, codes: Codes, question: str, item: str = "") -> np.ndarray:
    """Who is in the base of a question or of a row of a grid."""
    if isinstance(survey.questions[question], MultiQuestion | TextQuestion):
        # All options of a multiple choice are missing together, or none is; so are themes.
        return codes[column_keys(survey, question)[0]] > 0
    return codes[key_of(question, item)] > 0


def gave(survey: Survey, codes: Codes, question: str, answer: str, item: str = "") -> np.ndarray:
    """Who gave an answer: an option, a net (any of its options) or a band (both ends included)."""
    asked = survey.questions[question]
    if isinstance(asked, NumberQuestion):
        low, high = asked.bands[answer]
        values = codes[key_of(question) + VALUE]  # NaN where there is none, which is in no band
        return (values >= low) & (values <= high)
    scale = survey.scale_of(question)
    members = [option for option in scale.members(answer) if not scale.options[option].missing]
    if isinstance(asked, MultiQuestion | TextQuestion):
        found = np.zeros(len(codes[column_keys(survey, question)[0]]), dtype=bool)
        for option in members:
            found |= codes[key_of(question, option)] == CHOSEN
        return found
    order = list(scale.options)
    return np.isin(codes[key_of(question, item)], [order.index(o) + 1 for o in members])


def meets(survey: Survey, codes: Codes, condition: Condition) -> np.ndarray:
    """Who meets a condition. It must be one that `Survey.check_condition` takes."""
    question, _, item = condition.question.partition(".")
    return gave(survey, codes, question, condition.answer, item)
