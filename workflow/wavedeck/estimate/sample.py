"""Who is counted: editions, closed columns and subsets."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wavedeck.answers import Answers
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.estimate.table import EVERYONE, Estimate
from wavedeck.survey import Condition, GridQuestion, SingleQuestion, Survey, question_named


@dataclass(frozen=True)
class Sample:
    """Who an estimate may count: one edition's weights over all kept respondents."""

    answers: Answers
    weights: np.ndarray
    weighted: bool

    def codes(self, key: str) -> np.ndarray:
        return self.answers.codes[key]


@dataclass
class Variable:
    """One column of closed answers with the words for it."""

    question: str
    item: str
    label: str
    members: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Codes of each option and net."""
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.question}.{self.item}" if self.item else self.question


def variables(survey: Survey) -> list[Variable]:
    """All columns of single-choice and grid questions, in questionnaire order."""
    found = []
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion):
            parts = {"": question.number or question.text}
        elif isinstance(question, GridQuestion):
            title = question.number or question.text
            parts = {key: f"{title}, {item.label}" for key, item in question.items.items()}
        else:
            continue
        scale = survey.scale_of(name)
        codes = {option: position for position, option in enumerate(scale.options, start=1)}
        members = {a: tuple(codes[o] for o in scale.members(a)) for a in scale.answers}
        labels = {answer: scale.label(answer) for answer in scale.answers}
        found += [Variable(name, item, label, members, labels) for item, label in parts.items()]
    return found


def condition_codes(survey: Survey, condition: Condition) -> tuple[str, tuple[int, ...]]:
    """The answers column that a condition reads, and the codes that meet it."""
    name, _, item = condition.question.partition(".")
    question_named(survey, name, "survey.yaml")
    scale = survey.scale_of(name)
    if condition.answer not in scale.answers:
        raise WavedeckError(
            Problem(
                "survey.yaml",
                f"'{name}' has no option or net '{condition.answer}'",
                expected=", ".join(scale.answers),
                nearest=nearest(condition.answer, scale.answers),
                remedy="mend the condition",
            )
        )
    codes = list(scale.options)
    members = tuple(codes.index(option) + 1 for option in scale.members(condition.answer))
    return (f"{name}.{item}" if item else name), members


def subsets_of(survey: Survey, sample: Sample) -> dict[str, dict[str, np.ndarray]]:
    """For each question, the subsets that it is broken down by: name -> mask of respondents."""
    by_variable = {v.key: v for v in variables(survey)}

    def groups(by: str, nets: bool) -> dict[str, np.ndarray]:
        variable = by_variable[by]
        codes = sample.codes(by)
        found = {
            f"{by}.{answer}": np.isin(codes, members)
            for answer, members in variable.members.items()
            if nets or answer in survey.scale_of(by).options
        }
        if nets:
            found[f"{by}.answered"] = codes > 0
        return found

    banner: dict[str, np.ndarray] = {}
    for by in survey.banner:
        banner |= groups(by, nets=False)
    wanted: dict[str, dict[str, np.ndarray]] = {}
    for name in survey.questions:
        own = {k: m for k, m in banner.items() if not k.startswith(f"{name}.")}
        everyone = {EVERYONE: np.ones(len(sample.answers), dtype=bool)}
        wanted[name] = everyone | (own if name not in survey.banner else {})
    for crosstab in survey.crosstabs:
        wanted[crosstab.question] |= groups(crosstab.by, nets=True)
    return wanted


def basis_of(sample: Sample, counted: np.ndarray, **place: str) -> Estimate:
    """An estimate's edition, place and bases, to be filled with a statistic."""
    weights = sample.weights[counted]
    total, squares = float(weights.sum()), float((weights**2).sum())
    return Estimate(
        weighted=sample.weighted,
        base=int(counted.sum()),
        weighted_base=total,
        # Kish's effective base: the square of the sum over the sum of squares.
        effective_base=total**2 / squares if squares else 0.0,
        **place,  # type: ignore[arg-type]
    )
