"""coding.xlsx: the themes that coders gave to open answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wavedeck.editing import read_rows
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Survey, TextQuestion
from wavedeck.survey.keys import key_of
from wavedeck.workbook import sheet_names

FIRST, SECOND = "Coding", "Second coder"
"""The sheets: what counts, and what a second coder said of some of it."""
COLUMNS = ["wave", "question", "response", "theme"]

Written = Mapping[tuple[str, str], str]
"""Open answers of a wave by (question, response)."""


@dataclass(frozen=True)
class Mention:
    """A theme that a coder gave to an open answer, or to a passage of it."""

    question: str
    """The question, or question.other."""
    response: str
    theme: str
    text: str
    """The passage, or the answer; "" where the coder noted none."""
    row: int
    """Of the sheet."""


@dataclass(frozen=True)
class Coding:
    """What the coders of a wave said."""

    mentions: tuple[Mention, ...] = ()
    """One a theme given; these count."""
    second: tuple[Mention, ...] = ()
    """The second coder's, over some of the same passages; they count towards agreement only."""

    def of(self, question: str) -> list[Mention]:
        return [mention for mention in self.mentions if mention.question == question]


def coded_questions(survey: Survey) -> dict[str, TextQuestion]:
    """Questions whose open answers are coded, by name."""
    return {
        name: question
        for name, question in survey.questions.items()
        if isinstance(question, TextQuestion) and question.themes
    }


def read_coding(path: Path, survey: Survey, wave: str, written: Written) -> Coding:
    """The coding of a wave.

    Raises WavedeckError, with all that is wrong at once, for an unknown question or theme, a
    response that wrote nothing, a passage that the answer does not hold, and a passage that a
    second coder read and the first did not code.
    """
    themes = _theme_names(survey)
    if not themes:
        return Coding()
    problems: list[Problem] = []
    first = _read(path, FIRST, themes, wave, written, problems)
    second: list[Mention] = []
    if SECOND in sheet_names(path):
        second = _read(path, SECOND, themes, wave, written, problems)
        problems += _unpaired(path, first, second)
    if problems:
        raise WavedeckError(*problems)
    return Coding(tuple(first), tuple(second))


def _read(
    path: Path,
    sheet: str,
    themes: Mapping[str, dict[str, str]],
    wave: str,
    written: Written,
    problems: list[Problem],
) -> list[Mention]:
    found = []
    for row in read_rows(path, sheet, COLUMNS):
        if row["wave"] != wave:
            continue
        where = f"{path}, sheet '{sheet}', row {row['row']}"
        question, theme, text = row["question"], row["theme"], row.get("text", "")
        answer = written.get((question, row["response"]))
        if question not in themes:
            near = nearest(question, themes)
            what = f"no question '{question}' is coded"
            problems.append(Problem(where, what, ", ".join(themes), near))
        elif theme not in themes[question]:
            near = nearest(theme, themes[question])
            expected = ", ".join(themes[question])
            problems.append(Problem(where, f"'{question}' has no theme '{theme}'", expected, near))
        elif answer is None:
            what = f"response {row['response']} wrote nothing at '{question}'"
            problems.append(Problem(where, what, remedy="mend the response id, or delete the row"))
        elif not holds(answer, text):
            what = f"response {row['response']} did not write this at '{question}': {text!r}"
            remedy = "copy the passage from the answer, or leave the cell empty"
            problems.append(Problem(where, what, remedy=remedy))
        else:
            found.append(Mention(question, row["response"], theme, text, int(row["row"])))
    return found


def holds(answer: str, passage: str) -> bool:
    """Whether an answer holds a passage, whatever the spaces and the breaks of lines."""
    return " ".join(passage.split()) in " ".join(answer.split())


def passage_of(mention: Mention) -> tuple[str, str, str]:
    """What two coders have in common: question, response, passage."""
    return mention.question, mention.response, " ".join(mention.text.split())


def _unpaired(path: Path, first: list[Mention], second: list[Mention]) -> list[Problem]:
    """A passage counts towards agreement when each coder gave it one theme."""
    problems = []
    themes: dict[tuple[str, str, str], int] = {}
    for mention in first:
        themes[passage_of(mention)] = themes.get(passage_of(mention), 0) + 1
    seen: dict[tuple[str, str, str], int] = {}
    for mention in second:
        where = f"{path}, sheet '{SECOND}', row {mention.row}"
        times = themes.get(passage_of(mention), 0)
        earlier = seen.setdefault(passage_of(mention), mention.row)
        if times != 1:
            told = f"the first coder gave {times or 'no'} themes to this passage"
            problems.append(
                Problem(where, told, "one theme from each coder", remedy="choose another passage")
            )
        elif earlier != mention.row:
            told = f"row {earlier} holds the same passage of the same response"
            problems.append(Problem(where, told, "one theme from each coder"))
    return problems


def _theme_names(survey: Survey) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for _, name, item in survey.columns():
        source = survey.open_text(name, item)
        if source and source.themes:
            found[key_of(name, item)] = source.themes
    return found
