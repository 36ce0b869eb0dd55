"""How an export is laid out."""

from __future__ import annotations

from wavedeck.yamlfile import Model


class Columns(Model):
    """Columns that describe the response rather than answer a question."""

    response: str
    """The tool's own id of a response."""
    organisation: str
    """The organisation that the respondent speaks for."""
    status: str | None = None
    """Complete, partial, test: as the tool says it."""
    submitted: str | None = None
    """When the response was submitted."""
    others: list[str] = []
    """Columns that are known and not used. Anything else unknown stops the wave."""


class Export(Model):
    """How the survey tool lays out its workbook."""

    sheet: str
    """The sheet that holds one row a response."""
    columns: Columns
    """Columns that describe the response."""
    no_answer: list[str] = ["-", "–", "—", "n/a", "N/A"]
    """Texts that mean no answer, besides an empty cell."""
