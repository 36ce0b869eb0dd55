"""Themes that coders gave to open text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wavedeck.editing import read_rows
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.estimate.table import Estimate, plain_number
from wavedeck.survey import Survey
from wavedeck.survey.keys import key_of


@dataclass(frozen=True)
class Mention:
    """A theme that a coder gave to an open answer."""

    question: str
    response: str
    theme: str


def themes_of(survey: Survey, coding: list[Mention], kept: set[str]) -> Iterator[Estimate]:
    """Mentions of each theme in coded open text; one row of the coding is one mention."""
    for name, question in survey.questions.items():
        written = bool(getattr(question, "other", None))
        key = f"{name}.other" if written else name
        themes = _theme_names(survey).get(key)
        if not themes:
            continue
        rows = [m for m in coding if m.question == key and m.response in kept]
        title = f"{question.number or question.text}, written in"
        where = {"base": len({mention.response for mention in rows})}
        # q13.other:count: the part after the question stands where an answer's name would.
        total = len(rows)
        answer = "other" if written else ""
        yield plain_number(name, "count", total, f"{title}: mentions", answer=answer, **where)
        for theme, words in themes.items():
            mentions = sum(mention.theme == theme for mention in rows)
            parts = {"answer": answer or theme, "item": theme if answer else ""}
            yield plain_number(name, "count", mentions, f"{title}: {words}", **parts, **where)


def read_coding(
    path: Path, survey: Survey, wave: str, written: set[tuple[str, str]]
) -> list[Mention]:
    """Themes given to the open answers of a wave; `written` are its (question, response).

    Raises WavedeckError for an unknown question or theme, and for a response that wrote nothing.
    """
    themes = _theme_names(survey)
    if not themes:
        return []
    rows = [
        row
        for row in read_rows(path, "Coding", ["wave", "question", "response", "theme"])
        if row["wave"] == wave
    ]
    problems = []
    for row in rows:
        where = f"{path}, sheet 'Coding', row {row['row']}"
        question, theme = row["question"], row["theme"]
        if question not in themes:
            near = nearest(question, themes)
            problems.append(
                Problem(where, f"no question '{question}' is coded", ", ".join(themes), near)
            )
        elif theme not in themes[question]:
            near = nearest(theme, themes[question])
            expected = ", ".join(themes[question])
            problems.append(Problem(where, f"'{question}' has no theme '{theme}'", expected, near))
        elif (question, row["response"]) not in written:
            found = f"response {row['response']} wrote nothing at '{question}'"
            problems.append(Problem(where, found, remedy="mend the response id, or delete the row"))
    if problems:
        raise WavedeckError(*problems)
    return [Mention(row["question"], row["response"], row["theme"]) for row in rows]


def _theme_names(survey: Survey) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for _, name, item in survey.columns():
        source = survey.open_text(name, item)
        if source and source.themes:
            found[key_of(name, item)] = source.themes
    return found
