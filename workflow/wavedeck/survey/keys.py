"""Keys of the columns of answers.parquet, and where their cells stand in the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wavedeck.survey.questions import (
    GridQuestion,
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    SingleQuestion,
    TextQuestion,
)

if TYPE_CHECKING:
    from wavedeck.survey.codebook import Survey

VALUE = ":value"
"""Ends the key of the numbers themselves: q7 says that a number was given, q7:value which."""


def key_of(question: str, item: str = "") -> str:
    return f"{question}.{item}" if item else question


def answer_keys(survey: Survey, name: str) -> list[str]:
    """Keys of the int8 columns that a question's cells are coded into; none for open text."""
    question = survey.questions[name]
    if isinstance(question, SingleQuestion | NumberQuestion):
        return [name]
    if isinstance(question, GridQuestion | RankingQuestion):
        return [key_of(name, item) for item in question.items]
    if isinstance(question, MultiQuestion):
        return [key_of(name, o) for o, option in question.options.items() if not option.missing]
    return []


def column_keys(survey: Survey, name: str) -> list[str]:
    """Keys of all int8 columns of a question: its answers, or the themes that coders may have read
    in its open text."""
    question = survey.questions[name]
    if isinstance(question, TextQuestion):
        return [key_of(name, theme) for theme in question.themes]
    return answer_keys(survey, name)


def places_of(survey: Survey, key: str) -> list[tuple[str, str]]:
    """(question, item) of the columns of the export that an answer column is read from: one, but
    for rankings with a column a place."""
    name, _, item = key.removesuffix(VALUE).partition(".")
    question = survey.questions.get(name)
    if item == "other":
        return [(name, item)]
    if isinstance(question, RankingQuestion) and question.places:
        return [(name, str(number)) for number in range(1, len(question.places) + 1)]
    joined = isinstance(question, TextQuestion)
    joined |= isinstance(question, MultiQuestion | RankingQuestion) and bool(question.column)
    return [(name, "" if joined else item)]
