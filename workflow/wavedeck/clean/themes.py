"""Open answers as coders read them: a column of codes for each theme and net."""

from __future__ import annotations

import numpy as np

from wavedeck.answers import NO_ANSWER, NOT_ASKED
from wavedeck.coding import Coding, Written, coded_questions
from wavedeck.masks import CHOSEN, NOT_CHOSEN
from wavedeck.survey import Survey


def code_themes(
    survey: Survey, coding: Coding, written: Written, responses: list[str]
) -> dict[str, np.ndarray]:
    """int8 codes by `question.theme` and `question.net`: 1 raised, 2 not raised, -2 for who wrote
    nothing; -1 throughout where nothing of the wave has been coded yet."""
    found = {}
    for name, question in coded_questions(survey).items():
        raised = {(mention.response, mention.theme) for mention in coding.of(name)}
        wrote = np.array([(name, response) in written for response in responses])
        for answer in question.scale.answers:
            members = question.scale.members(answer)
            chosen = [any((response, t) in raised for t in members) for response in responses]
            codes = np.where(chosen, CHOSEN, NOT_CHOSEN)
            codes = np.where(wrote, codes if raised else NOT_ASKED, NO_ANSWER)
            found[f"{name}.{answer}"] = codes.astype(np.int8)
    return found
