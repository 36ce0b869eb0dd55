"""What is computed besides the shares of every question: counts, facts, crosstabs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from wavedeck.survey.scale import Name
from wavedeck.yamlfile import Model


class Condition(Model):
    """A question and the option or net that a respondent must have given."""

    question: str
    """The question, or question.item for a grid."""
    answer: Name
    """An option or a net of it."""

    @property
    def words(self) -> str:
        """As the codebook writes it: q1.great_deal."""
        name, _, item = self.question.partition(".")
        return ".".join(part for part in (name, self.answer, item) if part)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        question, _, rest = value.partition(".")
        answer, _, item = rest.partition(".")
        return {"question": f"{question}.{item}" if item else question, "answer": answer}


class SampleCount(Model):
    """A count of respondents or organisations."""

    count: Literal["respondents", "organisations"]
    """What is counted."""
    where: Condition | Literal["in_frame"] | None = None
    """Only those who gave this answer ('kind.primary'), or whose organisation is of
    the frame."""
    label: str
    """What the number is, in words."""


class Fact(Model):
    """A number that the deck cites and the data do not hold."""

    value: int | float | None = None
    """The number."""
    items_of: Name | None = None
    """Instead of a number: how many items this question has."""
    label: str
    """What the number is, in words."""
    source: str
    """Where it comes from."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Fact:
        if (self.value is None) == (self.items_of is None):
            raise ValueError("give either value or items_of")
        return self


class Crosstab(Model):
    question: Name
    """The question whose answers are broken down."""
    by: Name
    """The question that makes the groups."""
