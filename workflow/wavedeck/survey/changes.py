"""What a later wave of a survey asks and exports otherwise than the wave before: the fields of
wave.yaml that declare it."""

from __future__ import annotations

from pydantic import Field, model_validator

from wavedeck.survey.export import Columns, Header, MoreSheet
from wavedeck.survey.population import Frame, Weighting
from wavedeck.survey.questions import Question
from wavedeck.survey.scale import Name, Option
from wavedeck.yamlfile import Model


class HeaderPatterns(Model):
    """How this wave's export spells the headers of the codebook, by kind of column."""

    single: str = "{header}"
    """Columns of single-choice questions and numbers, as in '{header} › Response'."""
    text: str = "{header}"
    """Columns of open text, as in '{header} › Open-Ended Response'."""
    item: str = "{header}"
    """Columns of items, as in '{stem} › {item}' where the codebook has 'stem [item]'."""


class ExportChanges(Model):
    """Parts of `export:` that are otherwise in this wave."""

    sheet: str | None = None
    """The sheet that holds one row a response."""
    header: Header | None = None
    """The rows that name the columns."""
    more_sheets: list[MoreSheet] | None = None
    """Further sheets, in the place of all earlier ones."""
    columns: Columns | None = None
    """Columns that describe the response; these take the place of all earlier ones."""
    others: list[str] = []
    """Further columns that are known and not used, besides those of `columns`."""
    contact: list[str] = []
    """Further columns that tell who a respondent is, which are never read."""
    no_answer: list[str] = []
    """Further texts that mean no answer."""
    patterns: HeaderPatterns | None = None
    """How headers are spelled, where the layout changes all of them alike."""


class _Placed(Model):
    after: Name | None = None
    """The one that it stands behind; without this and `before` it comes last."""
    before: Name | None = None
    """Instead of `after`, the one that it stands in front of."""

    @model_validator(mode="after")
    def _one_place(self) -> _Placed:
        if self.after and self.before:
            raise ValueError("it stands after another or before one; take one of them out")
        return self


class AddedOption(Option, _Placed):
    """An answer that earlier waves did not offer."""

    column: str | None = None
    """Header of its own column, where the question is of several choices with a column each."""


class AddedItem(_Placed):
    """A row of a grid, or a thing to rank, that earlier waves did not have."""

    label: str
    """Its text on charts."""
    column: str | None = None
    """Header of its own column; none in a ranking whose cells name what was ranked."""
    aliases: list[str] = []
    """Other spellings in cells that name it, in such a ranking."""


class Recoded(Model):
    """A scale that changed: of a question, or one of `scales` that several questions share."""

    add: dict[Name, AddedOption] = {}
    """Options that are new."""
    drop: list[Name] = []
    """Options that are no longer offered."""
    labels: dict[Name, str] = {}
    """Other words for an option that means the same."""
    nets: dict[Name, list[Name]] = {}
    """Nets that are new or have other parts."""
    net_labels: dict[Name, str] = {}
    """The words for them."""
    middle: list[Name] | None = None
    """Options of neither side, where these are others now."""
    apart: list[Name] | None = None
    """Options off the scale, where these are others now."""
    comparable: dict[Name, list[Name]] | None = None
    """For an option of the wave before, the options of this wave that stand for it together; one
    that is not named stands for itself. Without this field the question is not compared where the
    options differ."""


class Changes(Model):
    """What differs in one wave from the wave before, or from survey.yaml where there is none."""

    export: ExportChanges | None = None
    """How the export is laid out otherwise."""
    headers: dict[str, str] = {}
    """Other headers, by question (q1), item (q3.start) or what was written in (q13.other)."""
    reworded: dict[Name, str] = {}
    """Questions that were put in other words, with these words."""
    introduced: dict[Name, Question] = {}
    """Questions that are new, described as in survey.yaml."""
    items: dict[Name, dict[Name, AddedItem]] = {}
    """Rows of grids and things to rank that are new, by the question."""
    retired: dict[str, str] = {}
    """Questions, or rows of grids and rankings such as q3.start (q3.other: what was written in),
    that were not asked any more, with the reason."""
    asked_again: dict[Name, str] = {}
    """Questions that were retired and are asked again, with the wave that they are as in, such as
    '2017': what it said of them holds, and they are compared with it."""
    recoded: dict[Name, Recoded] = {}
    """Scales that changed, by the question or the shared scale."""
    aliases: dict[Name, dict[Name, list[str]]] = {}
    """Other spellings of options, by question and option."""
    not_comparable: dict[str, str] = {}
    """Questions, or items such as q3.start, that must not be compared with the previous wave, with
    the reason, which the deck prints."""
    frame: Frame | None = None
    """The population of this wave, in the place of the earlier one."""
    weighting: Weighting | None = None
    """How this wave is weighted, in the place of the earlier one."""
    outside_frame: dict[Name, list[Name]] | None = None
    """Options whose organisations are not of this wave's frame, in the place of the earlier one."""
    previous: str = Field("", pattern=r"^[^/]*$")
    """The wave of the same survey that changes are measured from, such as '2017'; what it declares
    holds for this wave too."""
