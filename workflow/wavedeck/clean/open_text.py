"""Open answers, tidied line by line."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wavedeck.clean.text import match_key, tidy_lines
from wavedeck.clean.work import Work
from wavedeck.survey import Survey

COMMENT_COLUMNS = ["respondent", "response", "question", "text"]


def open_text(survey: Survey, asked: Mapping[str, np.ndarray], work: Work) -> list[dict[str, str]]:
    """Open answers with COMMENT_COLUMNS; `asked` are the rows asked, by question with routing."""
    marks = {match_key(mark) for mark in survey.export.no_answer}
    found = []
    for _, name, item in survey.columns():
        if survey.open_text(name, item) is None:
            continue
        column = work.cells.column(name, item)
        question = survey.questions[name]
        # Beside spread options, tools write 'No' where nothing was written in.
        none = marks | {match_key(text) for text in getattr(question, "unchosen", [])}
        for index in work.kept_rows():
            raw = column.values[index]
            if raw is None:
                continue
            text = tidy_lines(raw)
            if not text or match_key(text) in none:
                work.change(column, index, "no_answer", "")
                continue
            if name in asked and not asked[name][index]:
                work.change(column, index, "not_asked", "")
                continue
            if text != raw:
                work.change(column, index, "spaces", text)
            found.append(
                {
                    "respondent": work.cells.respondents[index],
                    "response": work.responses[index],
                    "question": f"{name}.{item}" if item else name,
                    "text": text,
                }
            )
    return found
