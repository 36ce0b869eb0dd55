"""Questions of the codebook, by type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from wavedeck.survey.scale import Name, Scale, known
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
    nets: dict[Name, list[Name]] = {}
    """Themes taken together, by the name of the net: who raised any of them."""
    net_labels: dict[Name, str] = {}
    """The words for a net, where its name is not enough."""

    @model_validator(mode="after")
    def _names_are_themes(self) -> TextQuestion:
        for net, parts in self.nets.items():
            if net in self.themes:
                raise ValueError(f"the net '{net}' has the name of a theme")
            known(parts, self.themes, f"net '{net}'")
        known(self.net_labels, self.nets, "net_labels")
        return self

    @property
    def answers(self) -> tuple[str, ...]:
        """Names of all themes, then of all nets."""
        return (*self.themes, *self.nets)

    def members(self, answer: str) -> tuple[str, ...]:
        """The themes that `answer` (a theme or a net) stands for."""
        return (answer,) if answer in self.themes else tuple(self.nets[answer])

    def label(self, answer: str) -> str:
        """The words for a theme or a net."""
        if answer in self.themes:
            return self.themes[answer]
        return self.net_labels.get(answer, answer.replace("_", " ").capitalize())


Question = Annotated[
    SingleQuestion | GridQuestion | RankingQuestion | TextQuestion, Field(discriminator="type")
]
