"""What is counted: answers as masks, and numbers, each with the words for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wavedeck import masks
from wavedeck.answers import Answers
from wavedeck.survey import (
    GridQuestion,
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    Survey,
    TextQuestion,
)
from wavedeck.survey.keys import VALUE


@dataclass(frozen=True)
class Variable:
    """A question with options, nets or bands, or a row of a grid, over all kept respondents."""

    question: str
    item: str
    label: str
    answers: dict[str, str]
    """Words by name of each option, net or band."""
    answered: np.ndarray
    """Who is in the base: bool, a value a respondent."""
    chosen: np.ndarray
    """Who gave which answer: bool, respondents x answers; within `answered`."""
    base_words: str = "respondents who answered"

    @property
    def key(self) -> str:
        return f"{self.question}.{self.item}" if self.item else self.question

    def groups(self) -> dict[str, np.ndarray]:
        """A mask by answer."""
        return {answer: self.chosen[:, place] for place, answer in enumerate(self.answers)}


@dataclass(frozen=True)
class Quantity:
    """A question answered with a number, over all kept respondents."""

    question: str
    label: str
    unit: str
    answered: np.ndarray
    """Who gave a number: bool, a value a respondent."""
    values: np.ndarray
    """float64; NaN where no number was given."""


def variables(survey: Survey, answers: Answers) -> Iterator[Variable]:
    """Everything that has shares, in questionnaire order; made one at a time, as masks are large.

    A number without bands is among them too: it has a base.
    """
    for name in survey.questions:
        yield from variables_of(survey, answers, name)


def variables_of(survey: Survey, answers: Answers, name: str) -> Iterator[Variable]:
    """One for each row of a grid, one for any other question with options, bands or themes."""
    question = survey.questions[name]
    if isinstance(question, RankingQuestion):
        return
    if isinstance(question, TextQuestion) and not question.themes:
        return
    title = question.number or question.text
    parts = {"": title}
    if isinstance(question, GridQuestion):
        parts = {key: f"{title}, {item.label}" for key, item in question.items.items()}
    scale = survey.scale_of(name)
    words = {answer: scale.label(answer) for answer in scale.answers}
    for item, label in parts.items():
        base = masks.answered(survey, answers.codes, name, item)
        given = [masks.gave(survey, answers.codes, name, answer, item) & base for answer in words]
        chosen = np.stack(given, axis=1) if given else np.zeros((len(answers), 0), dtype=bool)
        yield Variable(name, item, label, words, base, chosen, base_words(survey, name))


def quantities(survey: Survey, answers: Answers) -> Iterator[Quantity]:
    """All questions answered with a number, in questionnaire order."""
    for name, question in survey.questions.items():
        if isinstance(question, NumberQuestion):
            values = answers.codes[name + VALUE]
            label = question.number or question.text
            yield Quantity(name, label, question.unit, answers.codes[name] > 0, values)


def base_words(survey: Survey, name: str) -> str:
    """Who is in the base of a question, for labels."""
    question = survey.questions[name]
    if isinstance(question, MultiQuestion) and question.base == "asked":
        return "respondents who were asked"
    if isinstance(question, TextQuestion):
        return "respondents who wrote something"
    asked = "were asked and " if question.asked_if else ""
    if isinstance(question, MultiQuestion):
        return f"respondents who {asked}chose anything"
    given = "gave a number" if isinstance(question, NumberQuestion) else "answered"
    return f"respondents who {asked}{given}"
