"""Open answers as coders read them: a column of codes for each theme."""

from __future__ import annotations

import numpy as np

from wavedeck.answers import NO_ANSWER, NOT_ASKED
from wavedeck.coding import Coding, Written, coded_questions
from wavedeck.masks import CHOSEN, NOT_CHOSEN
from wavedeck.survey import Survey


def code_themes(
    survey: Survey, coding: Coding, written: Written, responses: list[str]
) -> dict[str, np.ndarray]:
    """int8 codes by `question.theme`: 1 raised, 2 not raised, -2 for who wrote nothing; -1 where
    nothing of the wave has been coded yet."""
    found = {}
    for name, question in coded_questions(survey).items():
        raised = {(mention.response, mention.theme) for mention in coding.of(name)}
        wrote = np.array([(name, response) in written for response in responses])
        for theme in question.themes:
            chosen = [(response, theme) in raised for response in responses]
            codes = np.where(chosen, CHOSEN, NOT_CHOSEN)
            codes = np.where(wrote, codes if raised else NOT_ASKED, NO_ANSWER)
            found[f"{name}.{theme}"] = codes.astype(np.int8)
    return found
