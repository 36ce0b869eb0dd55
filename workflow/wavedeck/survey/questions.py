"""Questions of the codebook, by type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wavedeck.survey.scale import Name, Scale
from wavedeck.yamlfile import Model


class Item(Model):
    """A row of a grid, or a thing to rank."""

    label: str
    """The row's text on charts."""
    column: str
    """Header of its column in the export."""


class AnyQuestion(Model):
    number: str = ""
    """The question's number as readers know it, such as Q2a."""
    text: str
    """The question as asked, or as charts are to print it."""


class SingleQuestion(AnyQuestion):
    type: Literal["single"]
    column: str
    """Header of its column in the export."""
    scale: Name | Scale
    """A scale of `scales` by name, or a scale of its own."""
    required: bool = False
    """A kept respondent without an answer stops the wave."""


class GridQuestion(AnyQuestion):
    type: Literal["grid"]
    items: dict[Name, Item]
    """Rows by name, in the order of the questionnaire."""
    scale: Name | Scale
    """A scale of `scales` by name, or a scale of its own."""


class OpenText(Model):
    column: str
    """Header of its column in the export."""
    themes: dict[Name, str] = {}
    """Themes by name that coding.xlsx may give to an answer, with the words for each."""


class RankingQuestion(AnyQuestion):
    type: Literal["ranking"]
    items: dict[Name, Item]
    """Things to rank; the cell holds the rank, 1 for the most important."""
    other: OpenText | None = None
    """Further things that respondents wrote in."""


class TextQuestion(AnyQuestion, OpenText):
    type: Literal["text"]


Question = Annotated[
    SingleQuestion | GridQuestion | RankingQuestion | TextQuestion, Field(discriminator="type")
]
