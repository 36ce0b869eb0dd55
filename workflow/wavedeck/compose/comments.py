"""Respondents' comments that the editor has cleared for publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wavedeck.answers import Answers
from wavedeck.editing import read_rows
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Survey

COLUMNS = ["wave", "question", "response", "decision", "text as received", "text to publish"]
DECISIONS = ("publish", "withhold", "")


@dataclass(frozen=True)
class Comment:
    """A comment as published."""

    question: str
    text: str
    attribution: str


@dataclass(frozen=True)
class Editing:
    """What the editor's file says of a wave."""

    published: list[Comment]
    awaiting: int
    """Comments without a decision, those missing from the file included."""


def load(
    path: Path, wave: str, survey: Survey, comments: list[dict[str, str]], answers: Answers
) -> Editing:
    """Comments cleared for publication, in the order of the editor's file.

    Raises WavedeckError for an unknown decision, question or response, and where the text received
    is not the text that the editor decided on.
    """
    received = {(comment["question"], comment["response"]): comment["text"] for comment in comments}
    questions = sorted({question for question, _ in received})
    attributions = _attributions(survey, answers)
    published, decided, problems = [], set(), []
    for row in read_rows(path, "Comments", COLUMNS):
        if row["wave"] != wave:
            continue
        where = f"{path}, sheet 'Comments', row {row['row']}"
        key = (row["question"], row["response"])
        if row["decision"] not in DECISIONS:
            near = nearest(row["decision"], DECISIONS)
            found = f"unknown decision '{row['decision']}'"
            problems.append(Problem(where, found, "publish, withhold or nothing", near))
        elif row["question"] not in questions:
            near = nearest(row["question"], questions)
            found = f"there are no comments on '{row['question']}'"
            problems.append(Problem(where, found, ", ".join(questions), near))
        elif key not in received:
            found = f"response {row['response']} made no comment on '{row['question']}'"
            remedy = "mend the response id, or delete the row"
            problems.append(Problem(where, found, remedy=remedy))
        elif row["text as received"] and _words(row["text as received"]) != _words(received[key]):
            problems.append(
                Problem(
                    where,
                    f"the comment has changed since it was decided on: {received[key]!r}",
                    expected=repr(row["text as received"]),
                    remedy="put the new text under 'text as received' and decide again",
                )
            )
        elif row["decision"]:
            decided.add(key)
            if row["decision"] == "publish":
                text = row["text to publish"] or received[key]
                published.append(Comment(row["question"], text, attributions[row["response"]]))
    if problems:
        raise WavedeckError(*problems)
    return Editing(published, len(set(received) - decided))


def _words(text: str) -> list[str]:
    return text.split()


def _attributions(survey: Survey, answers: Answers) -> dict[str, str]:
    """By response id: the short words for who is speaking, such as 'Leader, unitary authority'."""
    parts = []
    for name in survey.attribution:
        options = list(survey.scale_of(name).options.values())
        words = {code: o.short or o.label for code, o in enumerate(options, start=1)}
        parts.append([words.get(code, "") for code in answers.codes[name]])
    joined = [", ".join(filter(None, words)) for words in zip(*parts, strict=True)]
    return dict(zip(answers.responses, joined or [""] * len(answers), strict=True))
