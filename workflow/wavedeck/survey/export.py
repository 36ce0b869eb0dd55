"""How an export is laid out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from wavedeck.yamlfile import Model


class Columns(Model):
    """Columns that describe the response rather than answer a question."""

    response: str | None = None
    """The tool's own id of a response; without one, the row's number is the id ('row 12')."""
    organisation: str | None = None
    """The organisation that the respondent speaks for; without one, each respondent is an
    organisation of its own."""
    status: str | None = None
    """Complete, partial, test: as the tool says it."""
    submitted: str | None = None
    """When the response was submitted."""
    others: list[str] = []
    """Columns that are known and not used. Anything else unknown stops the wave."""
    contact: list[str] = []
    """Columns that tell who a respondent is (name, email, telephone, IP address): never read into
    any table. Columns of `others` whose values look like these are treated alike."""

    @property
    def roles(self) -> dict[str, str]:
        """role -> header of the columns that are read: response, organisation and so on."""
        named = {
            role: getattr(self, role)
            for role in ("response", "organisation", "status", "submitted")
        }
        return {role: header for role, header in named.items() if header}


class Header(Model):
    """Rows above the answers that name the columns."""

    rows: int = Field(1, ge=1, le=3)
    """How many rows there are above the answers."""
    first: int = Field(1, ge=1)
    """The row where they begin."""
    names: Literal["joined"] | int = "joined"
    """Which of them names the columns, counted from 1; joined: the texts of all of them, joined by
    ' › ', where a text of an upper row holds for the empty cells to its right."""

    @model_validator(mode="after")
    def _row_exists(self) -> Header:
        if self.names != "joined" and not 1 <= self.names <= self.rows:
            raise ValueError(f"names: {self.names} is none of the {self.rows} header rows")
        return self

    @property
    def last(self) -> int:
        """The row above the first answers."""
        return self.first + self.rows - 1


class MoreSheet(Model):
    """A further sheet with one row a response, joined by the response's id. Its columns are called
    'Sheet!Header' wherever the codebook names a column."""

    sheet: str
    """Its name in the workbook."""
    response: str
    """The header, on this sheet, of the column that names the response."""
    header: Header = Header()
    """The rows that name this sheet's columns; without this, row 1 does."""


class Export(Model):
    """How the survey tool lays out its workbook."""

    sheet: str
    """The sheet that holds one row a response."""
    header: Header = Header()
    """The rows that name the columns; without this, row 1 does."""
    columns: Columns = Columns()
    """Columns that describe the response."""
    more_sheets: list[MoreSheet] = []
    """Further sheets with answers of the same responses; columns: response: has to be named. A
    response without a row there has not answered their questions."""
    no_answer: list[str] = ["-", "–", "—", "n/a", "N/A"]
    """Texts that mean no answer, besides an empty cell."""

    @model_validator(mode="after")
    def _sheets_can_be_joined(self) -> Export:
        names = [self.sheet, *(more.sheet for more in self.more_sheets)]
        if len(set(names)) < len(names):
            raise ValueError("more_sheets: each sheet stands once")
        if self.more_sheets and not self.columns.response:
            raise ValueError(
                "more_sheets: the sheets are joined by the response's id; name its column in the "
                "first sheet (columns: response:)"
            )
        return self


def on_sheet(sheet: str, header: str) -> str:
    """The codebook's name of a column of a further sheet; of the first one, which has no prefix
    (""), the header alone."""
    return f"{sheet}!{header}" if sheet else header
