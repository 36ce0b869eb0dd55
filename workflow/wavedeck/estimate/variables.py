"""What is counted: answers as codes, and numbers, each with the words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wavedeck import masks
from wavedeck.answers import Answers
from wavedeck.survey import (
    GridQuestion,
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    SingleQuestion,
    Survey,
    TextQuestion,
)
from wavedeck.survey.keys import VALUE


@dataclass(frozen=True)
class Coded:
    """Answers of respondents as small numbers, and what each number counts for."""

    codes: np.ndarray
    """(n,) integers from 1 to k in the base; 0 or less outside of it."""
    values: np.ndarray
    """(k, a) for each of a answers; 0 and 1 for shares, scores for means."""


@dataclass(frozen=True)
class Variable:
    """A question with options, nets or bands, or a row of a grid, over all kept respondents."""

    question: str
    item: str
    label: str
    answers: dict[str, str]
    """Words by name of each option, net or band."""
    parts: tuple[Coded, ...]
    """One for all answers where respondents gave one of them; else one for each answer."""
    base_words: str = "respondents who answered"

    @property
    def key(self) -> str:
        return f"{self.question}.{self.item}" if self.item else self.question

    @property
    def answered(self) -> np.ndarray:
        """Who is in the base: bool, a value a respondent."""
        found: np.ndarray = self.parts[0].codes > 0
        return found

    def groups(self) -> dict[str, np.ndarray]:
        """Who gave an answer: a mask by answer."""
        found = []
        for part in self.parts:
            codes = np.maximum(part.codes, 0)
            table = np.vstack([np.zeros(part.values.shape[1]), part.values]) > 0
            found += [column[codes] for column in table.T]
        return dict(zip(self.answers, found, strict=False))


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


@dataclass(frozen=True)
class Ranking:
    """A ranking question: who ranked anything, and the scores of each item."""

    question: str
    title: str
    ranked: Coded
    items: dict[str, tuple[str, Coded]]
    """By name, the words and the ranks; the values are the scores."""


def variables_of(survey: Survey, answers: Answers, name: str) -> Iterator[Variable]:
    """One for each row of a grid, one for any other question with options, bands or themes; none
    for the rest.

    A number without bands is among them too: it has a base.
    """
    question = survey.questions[name]
    if isinstance(question, RankingQuestion):
        return
    if isinstance(question, TextQuestion) and not question.themes:
        return
    title = question.number or question.text
    if isinstance(question, GridQuestion):
        labels = {key: f"{title}, {item.label}" for key, item in question.items.items()}
    else:
        labels = {"": title}
    scale = survey.scale_of(name)
    words = {answer: scale.label(answer) for answer in scale.answers}
    parts: tuple[Coded, ...]
    for item, label in labels.items():
        if isinstance(question, SingleQuestion | GridQuestion):
            parts = (_one_of(survey, answers, name, item),)
        else:
            parts = _each_of(survey, answers, name, list(words))
        yield Variable(name, item, label, words, parts, base_words(survey, name))


def _one_of(survey: Survey, answers: Answers, name: str, item: str) -> Coded:
    """A single choice: a code an option."""
    scale = survey.scale_of(name)
    order = list(scale.options)
    values = np.zeros((len(order), len(list(scale.answers))))
    for place, answer in enumerate(scale.answers):
        for option in scale.members(answer):
            if not scale.options[option].missing:
                values[order.index(option), place] = 1.0
    key = f"{name}.{item}" if item else name
    return Coded(answers.codes[key], values)


def _each_of(survey: Survey, answers: Answers, name: str, names: list[str]) -> tuple[Coded, ...]:
    """Several choices, or bands: for each answer, who did not give it (1) and who did (2)."""
    base = masks.answered(survey, answers.codes, name).astype(np.int8)
    if not names:
        return (Coded(base, np.zeros((1, 0))),)
    given = [masks.gave(survey, answers.codes, name, answer) for answer in names]
    return tuple(Coded(base + (base > 0) * gave, np.array([[0.0], [1.0]])) for gave in given)


def rankings(survey: Survey, answers: Answers, names: Sequence[str]) -> Iterator[Ranking]:
    """Ranking questions among `names`; an item's score is the number of items + 1 - rank."""
    for name in names:
        question = survey.questions[name]
        if not isinstance(question, RankingQuestion):
            continue
        ranks = {item: answers.codes[f"{name}.{item}"] for item in question.items}
        scores = np.arange(len(ranks), 0.0, -1.0)[:, np.newaxis]
        anything = np.zeros(len(answers), dtype=np.int8)
        for each in ranks.values():
            anything |= each > 0
        items = {
            item: (question.items[item].label, Coded(each, scores)) for item, each in ranks.items()
        }
        title = question.number or question.text
        yield Ranking(name, title, Coded(anything, np.ones((1, 1))), items)


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
    given = question.given if isinstance(question, NumberQuestion) else "answered"
    return f"respondents who {asked}{given}"
