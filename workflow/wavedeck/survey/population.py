"""The population list, and weighting to it."""

from __future__ import annotations

from pydantic import Field

from wavedeck.survey.scale import Name
from wavedeck.yamlfile import Model


class Frame(Model):
    """The population list."""

    workbook: str
    """File under raw/frames/."""
    sheet: str
    """Its sheet with one row an organisation."""
    columns: dict[Name, str]
    """For each question that is a margin, the frame's column with the same categories."""
    label: str
    """What the frame lists, as in 'all single tier and county councils'."""
    source: str
    """Where the frame's facts come from, with the licence."""


class Weighting(Model):
    margins: list[Name]
    """Single-choice questions about the organisation whose shares are raked to the frame."""
    lower: float = Field(gt=0, le=1)
    """No g-weight is below this."""
    upper: float = Field(ge=1)
    """No g-weight is above this."""
