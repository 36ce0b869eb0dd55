"""wave.yaml as a model."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wavedeck.survey.changes import Changes
from wavedeck.yamlfile import Model


class Fieldwork(Model):
    start: date
    """First day."""
    end: date
    """Last day."""


class _Exclusion(Model):
    reason: str
    """Why such a response is left out, for the ledger and the appendix."""


class ExcludeValue(_Exclusion):
    """Leaves out responses whose cell in a column is one of some texts, such as test responses."""

    kind: Literal["value"]
    column: str
    """Header of the column."""
    values: list[str]
    """Texts that lead to exclusion; case and outer spaces do not count."""


class ExcludeDuplicate(_Exclusion):
    """Leaves out all but one of the responses that agree in some columns."""

    kind: Literal["duplicate"]
    columns: list[str]
    """Headers of the columns that make responses the same, when none of them is empty."""
    keep: Literal["first", "last"]
    """Which one stays, in the order of rows."""


class ExcludeIncomplete(_Exclusion):
    """Leaves out responses with too few answered questions."""

    kind: Literal["incomplete"]
    minimum_answered: int = Field(ge=1)
    """Closed questions that a kept response has answered at least in part."""


class ExcludeRows(_Exclusion):
    """Leaves out rows that are no responses, such as totals typed under the answers."""

    kind: Literal["rows"]
    first: int = Field(ge=1)
    """Number of the first row."""
    last: int = Field(ge=1)
    """Number of the last row."""
    begins: str
    """How the first text of the first row begins; an export with other rows there stops the
    wave."""

    @model_validator(mode="after")
    def _in_order(self) -> ExcludeRows:
        if self.last < self.first:
            raise ValueError("the last row stands before the first")
        return self


Exclusion = Annotated[
    ExcludeValue | ExcludeDuplicate | ExcludeIncomplete | ExcludeRows,
    Field(discriminator="kind"),
]


class Wave(Changes):
    """wave.yaml: one round of a survey, and what it asks otherwise than survey.yaml says."""

    title: str
    """The wave's name, such as 'July 2017'."""
    workbook: str
    """The export, a file beside wave.yaml."""
    fieldwork: Fieldwork
    """When answers were collected."""
    published: date
    """The report's date; documents carry it, so that they are the same whenever they are built."""
    synthetic: str = ""
    """Set when the respondents are not real; the deck prints it."""
    exclusions: list[Exclusion] = []
    """Rules that leave responses out, in the order in which they are tried."""
