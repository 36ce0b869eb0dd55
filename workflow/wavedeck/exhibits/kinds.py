"""The kinds of exhibits, as exhibits.yaml describes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from wavedeck.survey import (
    Name,
)
from wavedeck.survey.population import Crossing
from wavedeck.yamlfile import Model


class _Exhibit(Model):
    title: str = ""
    """What the exhibit shows, in words; the question's text where this is empty."""


class _Chart(_Exhibit):
    width: Literal["full", "half"] = "full"
    """full: the width of a slide; half: one of two columns."""
    heading: bool = False
    """Prints the title above the chart, small; for slides with more than one chart."""


class ScaleExhibit(_Chart):
    """Stacked bars: one for a single-choice question, one a row for a grid."""

    kind: Literal["scale"]
    question: Name
    """A single-choice question or a grid."""
    items: list[Name] = Field(default_factory=list)
    """Rows of a grid to show; all where this is empty."""
    sort: Name | None = None
    """A net or option: the row with its highest share comes first. Else as in the questionnaire."""
    nets: list[Name] = Field(default_factory=list)
    """Nets whose totals are printed: at the end of each row, or under a single bar."""


class BarsExhibit(_Chart):
    """Single bars: the options of a question, the bands of a number, or one net for each item of a
    grid."""

    kind: Literal["bars"]
    question: Name
    """A question of single or multiple choice, a number with bands, or a grid."""
    answer: Name | None = None
    """The net or option whose share is shown for each item of a grid."""
    items: list[Name] = Field(default_factory=list)
    """Rows of a grid to show; all where this is empty."""
    sort: Literal["questionnaire", "share"] | None = None
    """The order of the bars: of a multiple choice by share, if nothing is said; else as in the
    questionnaire. Options of a single choice and bands always keep their order."""
    most: int | None = Field(None, ge=1)
    """Shows no more bars than this: those with the largest shares, the largest first. The note
    says how many options are left out."""
    nets: list[Name] = Field(default_factory=list)
    """Nets printed beside a bracket that holds their options together; of a multiple choice, as
    bars of their own."""


class RankingExhibit(_Chart):
    """Mean rank score and number of mentions, side by side, the highest score first."""

    kind: Literal["ranking"]
    question: Name
    """A ranking question."""


class PairedExhibit(_Chart):
    """Responding organisations against the frame, by category, as a chart and as a table."""

    kind: Literal["paired"]
    margin: Name
    """A question that is a column of the frame."""
    sort: Literal["questionnaire", "frame"] = "frame"
    """frame: the largest category of the frame first."""


class CrosstabExhibit(_Chart):
    """Stacked bars of one question for each group of another."""

    kind: Literal["crosstab"]
    question: Name
    """A single-choice question or a grid."""
    item: Name | None = None
    """The row, where the question is a grid."""
    by: Name
    """The single-choice question that makes the groups."""
    groups: list[Name] = Field(default_factory=list)
    """Options or nets of `by`, in order; all its options where this is empty."""
    nets: list[Name] = Field(default_factory=list)
    """Nets whose totals are printed at the end of each row."""


class BreakdownExhibit(_Chart):
    """One net or option for each group of the banner: bars with intervals, hidden groups as [c]."""

    kind: Literal["breakdown"]
    question: Name
    """A single-choice question or a grid."""
    answer: Name
    """The net or option whose share is shown."""
    item: Name | None = None
    """The row, where the question is a grid."""
    by: list[Name] = Field(default_factory=list)
    """The single-choice questions that make the groups, each a block; the survey's banner where
    this is empty."""
    groups: dict[Name, list[Name]] = Field(default_factory=dict)
    """Options of a question of `by` to show, in order; all where it is not named."""
    headings: dict[Name, str] = Field(default_factory=dict)
    """Titles of the blocks, where the text of a question of `by` is too long for one."""


class WeightingExhibit(_Chart):
    """Margins before and after weighting, against the frame."""

    kind: Literal["weighting"]
    margins: list[Crossing] = []
    """Margins to show, as survey.yaml has them ('age x sex' too); without it, the
    questions of the frame, each on its own."""


class TrendExhibit(_Chart):
    """Shares in this wave and all before it, with the change since the last where the test finds
    one."""

    kind: Literal["trend"]
    question: Name | None = None
    """A single-choice question or a grid; without one, give `rows`."""
    answer: Name | None = None
    """The net or option shown for each item of a grid."""
    items: list[Name] = Field(default_factory=list)
    """Rows of a grid to show; all where this is empty."""
    answers: list[Name] = Field(default_factory=list)
    """Options and nets of a single-choice question to show, in order."""
    rows: dict[str, str] = Field(default_factory=dict)
    """Instead of a question: ids of percentages, such as q4.engaged.cabinet, with their words."""
    sort: Literal["questionnaire", "share", "change"] = "questionnaire"
    """share: the largest of this wave first; change: the largest rise first."""
    form: Literal["dots", "slopes"] = "dots"
    """dots: a row a share, with a mark a wave; slopes: a line a share from wave to wave, for at
    most six."""
    since: str = ""
    """The first wave to show, such as '2017', where not all of them are to be."""

    @model_validator(mode="after")
    def _one_source(self) -> TrendExhibit:
        if bool(self.question) == bool(self.rows):
            raise ValueError("give either a question or rows")
        if self.rows and not self.title:
            raise ValueError("rows of several questions need a title")
        return self


class TableExhibit(_Exhibit):
    """A table: the options of a single-choice question, or the themes of an open answer."""

    kind: Literal["table"]
    question: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.other)?$")]
    """A question of single or multiple choice, a number with bands, or `q13.other` for the themes
    of what was written in."""
    columns: list[Literal["count", "percent"]] = Field(default=["count"], min_length=1)
    """Numbers to show, from left to right."""
    headings: dict[Literal["label", "count", "percent"], str] = Field(default_factory=dict)
    """Column headings."""
    sort: Literal["questionnaire", "count"] = "questionnaire"
    """count: the largest first."""
    total: bool = False
    """Ends with a row of all answers."""


class ThemesExhibit(_Chart):
    """How many respondents raised each theme of coded open text, in all and by group."""

    kind: Literal["themes"]
    question: Name
    """A text question with themes."""
    answers: list[Name] = Field(default_factory=list)
    """Themes and nets to show, in order; all themes where this is empty."""
    by: Name | None = None
    """The single-choice question of the banner that makes the groups."""
    sort: Literal["questionnaire", "count"] = "questionnaire"
    """count: the theme that was raised by the largest number first."""


class StudiesGroup(Model):
    """Bars that stand together, one a study."""

    label: str
    """What they are about."""
    bars: list[str] = Field(min_length=1)
    """Percentages by id, with their study: councillors/q5.agree.ccgs."""


class StudiesExhibit(_Chart):
    """Percentages of several studies side by side, where their scales can be compared."""

    kind: Literal["studies"]
    series: dict[Name, str] = Field(min_length=1)
    """For each study the words for what its bars are percentages of."""
    groups: list[StudiesGroup] = Field(min_length=1)
    """Groups of bars, in order."""


Exhibit = Annotated[
    ScaleExhibit
    | BarsExhibit
    | RankingExhibit
    | PairedExhibit
    | CrosstabExhibit
    | BreakdownExhibit
    | WeightingExhibit
    | TrendExhibit
    | TableExhibit
    | ThemesExhibit
    | StudiesExhibit,
    Field(discriminator="kind"),
]


class Exhibits(Model):
    """exhibits.yaml: the charts and tables of a deck."""

    exhibits: dict[Name, Exhibit]
    """Exhibits by the name that the deck template uses; {} where all answers are open text."""
