"""Respondents' comments that the editor has cleared for publication."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from wavedeck.answers import Answers
from wavedeck.coding import coded_questions, holds
from wavedeck.compose.privacy import flags, lone
from wavedeck.editing import read_rows
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Survey

COLUMNS = ["wave", "question", "response", "decision", "text as received", "text to publish"]
EDITORS = ["note", "checked"]
"""Columns for editors: what a comment is flagged for, and who looked at it all the same."""
DECISIONS = ("publish", "withhold", "")


@dataclass(frozen=True)
class Comment:
    """A comment as published."""

    question: str
    """The question, or question.theme for a passage chosen for its theme."""
    text: str
    attribution: str


@dataclass(frozen=True)
class Editing:
    """What the editor's file says of a wave."""

    published: list[Comment]
    awaiting: list[dict[str, str]]
    """Comments without a decision, as rows for the editor's file; what they are flagged for is
    their note."""


def load(
    path: Path, wave: str, survey: Survey, comments: list[dict[str, str]], answers: Answers
) -> Editing:
    """Comments cleared for publication, in the order of the editor's file.

    A row with a theme is a passage of a coded answer, published for that theme. Raises
    WavedeckError for an unknown decision, question or response, where the text received is not the
    text that the editor decided on, where no coder gave the theme to the response, and where
    publishing would show who is speaking.
    """
    received = {(comment["question"], comment["response"]): comment["text"] for comment in comments}
    questions = sorted({question for question, _ in received})
    attributions = _attributions(survey, answers)
    singled_out = lone(attributions.values())
    published, decided, problems = [], set(), []
    for row in read_rows(path, "Comments", COLUMNS):
        if row["wave"] != wave:
            continue
        where = f"{path}, sheet 'Comments', row {row['row']}"
        key, theme = (row["question"], row["response"]), row.get("theme", "")
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
        elif theme and _raised(survey, answers, row["question"], theme, row["response"]) != 1:
            found = f"no coder gave '{theme}' to response {row['response']}"
            remedy = "name a theme of coding.xlsx, or leave the cell empty"
            problems.append(Problem(where, found, remedy=remedy))
        elif row["text as received"] and not _decided_on(row, received[key]):
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
                words = attributions[row["response"]]
                place = f"{row['question']}.{theme}" if theme else row["question"]
                published.append(Comment(place, text, words))
                problems += _revealing(where, text, words, words in singled_out, row)
    if problems:
        raise WavedeckError(*problems)
    return Editing(published, undecided(wave, received, decided))


def _revealing(
    where: str, text: str, attribution: str, alone: bool, row: dict[str, str]
) -> list[Problem]:
    """What would show who is speaking, if the comment were published."""
    problems = []
    if (found := flags(text)) and not row.get("checked"):
        problems.append(
            Problem(
                where,
                f"the comment looks as if it named a person ({'; '.join(found)})",
                remedy="redact it under 'text to publish', or say under 'checked' who looked at it",
            )
        )
    if alone:
        problems.append(
            Problem(
                where,
                f"only one respondent is '{attribution}'",
                expected="an attribution that several respondents share",
                remedy="withhold the comment, or attribute by fewer questions (attribution: in "
                "survey.yaml)",
            )
        )
    return problems


def undecided(
    wave: str, received: Mapping[tuple[str, str], str], decided: Collection[tuple[str, str]] = ()
) -> list[dict[str, str]]:
    """Comments without a decision, as rows for the editor's file."""
    blank = {"wave": wave, "decision": "", "text to publish": ""}
    return [
        {
            **blank,
            "question": question,
            "response": response,
            "text as received": text,
            "note": "; ".join(flags(text)),
        }
        for (question, response), text in received.items()
        if (question, response) not in decided
    ]


def _decided_on(row: dict[str, str], received: str) -> bool:
    """Whether the answer is still what the editor saw: all of it, or the passage of a theme."""
    if row.get("theme"):
        return holds(received, row["text as received"])
    return row["text as received"].split() == received.split()


def _raised(survey: Survey, answers: Answers, question: str, theme: str, response: str) -> int:
    """The code of a theme for a response; 0 where the question has no such theme."""
    codes = answers.codes.get(f"{question}.{theme}")
    coded = coded_questions(survey)
    if codes is None or question not in coded or response not in answers.responses:
        return 0
    return int(codes[answers.responses.index(response)])


def _attributions(survey: Survey, answers: Answers) -> dict[str, str]:
    """By response id: the short words for who is speaking, such as 'Leader, unitary authority'."""
    parts = []
    for name in survey.attribution:
        options = list(survey.scale_of(name).options.values())
        words = {code: o.short or o.label for code, o in enumerate(options, start=1)}
        parts.append([words.get(code, "") for code in answers.codes[name]])
    joined = [", ".join(filter(None, words)) for words in zip(*parts, strict=True)]
    return dict(zip(answers.responses, joined or [""] * len(answers), strict=True))
