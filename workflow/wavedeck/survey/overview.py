"""overview.yaml as a model: a deck that sets several studies side by side."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from wavedeck.survey.codebook import Survey
from wavedeck.survey.computed import Fact
from wavedeck.survey.export import Export
from wavedeck.survey.scale import Name
from wavedeck.survey.wave import Fieldwork, Wave
from wavedeck.yamlfile import Model

FILE = "overview.yaml"
MARK = "/"
"""Stands between the name of a study and the id of one of its estimates."""


class Study(Model):
    """A wave of a survey that an overview draws on."""

    wave: Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]
    """The wave, as SURVEY/WAVE."""
    name: str
    """What the study is, in a few words, for charts and traces."""


class Overview(Model):
    """overview.yaml: a deck over the estimates of several studies; it has no answers of its own."""

    title: str
    """The name on the title slide."""
    wave: str
    """The edition's name, such as '2017'."""
    published: date
    """The report's date; documents carry it, so that they are the same whenever they are built."""
    synthetic: str = ""
    """Set when respondents of the studies are not real; the deck prints it."""
    studies: Annotated[dict[Name, Study], Field(min_length=1)]
    """The studies, by the name that stands before their ids: councillors/q2a.agree."""
    facts: dict[str, Fact] = {}
    """Facts that the deck cites, by id."""

    @model_validator(mode="after")
    def _facts_are_numbers(self) -> Overview:
        for name, fact in self.facts.items():
            if fact.items_of is not None:
                raise ValueError(f"the fact '{name}' has no value: an overview has no questions")
        return self

    def as_survey(self) -> Survey:
        """A codebook without questions, for what asks for one."""
        return Survey(title=self.title, export=Export(sheet=""), questions={}, facts=self.facts)

    def as_wave(self) -> Wave:
        days = Fieldwork(start=self.published, end=self.published)
        return Wave(
            title=self.wave,
            workbook="",
            fieldwork=days,
            published=self.published,
            synthetic=self.synthetic,
        )


def split(name: str) -> tuple[str, str]:
    """Study and own id: councillors/q2a.agree; the study is "" for an id without one."""
    study, mark, own = name.partition(MARK)
    return (study, own) if mark else ("", name)
