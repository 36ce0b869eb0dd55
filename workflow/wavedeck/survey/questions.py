"""Questions of the codebook, by type."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wavedeck.survey.computed import Condition
from wavedeck.survey.scale import Name, Option, Scale, known
from wavedeck.yamlfile import Model


class Item(Model):
    """A row of a grid."""

    label: str
    """The row's text on charts."""
    column: str
    """Header of its column in the export."""


class AnyQuestion(Model):
    number: str = ""
    """The question's number as readers know it, such as Q2a."""
    text: str
    """The question as asked, or as charts are to print it."""
    asked_if: Condition | None = None
    """Only those who gave this answer to an earlier question were asked ('q1.great_deal');
    for all others it counts as not asked."""


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


class RankedItem(Model):
    """A thing to rank."""

    label: str
    """Its text on charts, and in cells that name it."""
    column: str | None = None
    """Header of its own column, whose cells hold its rank."""
    aliases: list[str] = []
    """Other spellings in cells that name it."""


class RankedPlace(Model):
    """A place of a ranking that has a column."""

    column: str
    """Header of the column, whose cells name what was put in this place."""


class RankingQuestion(AnyQuestion):
    """Respondents put things in an order: a column a thing, a column a place, or all in one
    cell."""

    type: Literal["ranking"]
    items: dict[Name, RankedItem]
    """Things to rank. Where each names a column, its cell holds the rank, 1 for the most
    important."""
    places: list[RankedPlace] = []
    """Where each place has a column: the places, the most important first."""
    column: str | None = None
    """Header of the one column that holds everything in its order, the most important first."""
    separator: str = Field(";", min_length=1)
    """What stands between two things in that one cell; labels may hold it themselves."""
    other: OpenText | None = None
    """Further things that respondents wrote in."""

    @model_validator(mode="after")
    def _holds_together(self) -> RankingQuestion:
        own = [name for name, item in self.items.items() if item.column]
        ways = [bool(own), bool(self.places), bool(self.column)]
        if sum(ways) != 1:
            raise ValueError("give one of: a column an item, places:, or one column: for all")
        if own and len(own) < len(self.items):
            lacking = next(name for name in self.items if name not in own)
            raise ValueError(f"the item '{lacking}' names no column, as the others do")
        if len(self.places) > len(self.items):
            raise ValueError(f"{len(self.places)} places for {len(self.items)} items")
        _other_is_free(self.items, self.other)
        return self

    @property
    def layout(self) -> Literal["items", "places", "joined"]:
        """What a column of the export stands for."""
        return "joined" if self.column else "places" if self.places else "items"

    @property
    def named(self) -> Scale:
        """The items as the answers that cells name."""
        return Scale(
            options={
                name: Option(label=item.label, aliases=item.aliases)
                for name, item in self.items.items()
            }
        )


class TextQuestion(AnyQuestion, OpenText):
    type: Literal["text"]
    nets: dict[Name, list[Name]] = {}
    """Those who raised any of some themes, by the name of the net."""
    net_labels: dict[Name, str] = {}
    """The words for a net, where its name is not enough."""

    @model_validator(mode="after")
    def _nets_name_themes(self) -> TextQuestion:
        _ = self.scale
        return self

    @property
    def scale(self) -> Scale:
        """The themes and nets, in the shape that all closed questions share."""
        options = {name: Option(label=text) for name, text in self.themes.items()}
        return Scale(options=options, nets=self.nets, net_labels=self.net_labels)


class MultiOption(Option):
    column: str | None = None
    """Header of the option's own column, where each option has one."""


class MultiQuestion(AnyQuestion):
    """Respondents could choose several options: a column an option, or all in one cell."""

    type: Literal["multi"]
    options: dict[Name, MultiOption]
    """Options by name, in order; a plain text is short for its label."""
    column: str | None = None
    """Header of the one column that holds all that was chosen; else each option names its own."""
    separator: str = Field(";", min_length=1)
    """What stands between two options in one cell. Options may hold it themselves: the longest
    known labels are matched first."""
    chosen: list[str] = ["Yes", "1", "TRUE", "Selected", "Checked", "X"]
    """In a column of its own: texts that mean chosen, besides the option's label."""
    unchosen: list[str] = ["No", "0", "FALSE", "Not selected", "Unchecked"]
    """In a column of its own: texts that mean not chosen, besides an empty cell."""
    exclusive: list[Name] = []
    """Options that go with no other, such as 'none of these'. Chosen along with others, they do
    not count. With all options here, each respondent chose one, or wrote something in instead."""
    nets: dict[Name, list[Name]] = {}
    """Those who chose any of some options, by the name of the net."""
    net_labels: dict[Name, str] = {}
    """The words for a net on charts and in traces, where its name is not enough."""
    base: Literal["answered", "asked"] = "answered"
    """Whom percentages are of: those who chose anything, or everyone asked."""
    other: OpenText | None = None
    """Further things that respondents wrote in."""

    @model_validator(mode="after")
    def _holds_together(self) -> MultiQuestion:
        own = [name for name, option in self.options.items() if option.column]
        if self.column and own:
            raise ValueError(
                f"give either one column for the question or one an option (option '{own[0]}')"
            )
        if not self.column and len(own) < len(self.options):
            lacking = next(name for name in self.options if name not in own)
            raise ValueError(f"neither the question nor its option '{lacking}' names a column")
        known(self.exclusive, self.options, "exclusive")
        if not any(not option.missing for option in self.options.values()):
            raise ValueError("every option counts as missing")
        _other_is_free(self.options, self.other)
        _ = self.scale  # nets and their labels name options
        return self

    @property
    def several(self) -> bool:
        """Whether some options go together."""
        return any(not o.missing and n not in self.exclusive for n, o in self.options.items())

    @property
    def scale(self) -> Scale:
        """The options and nets, in the shape that all closed questions share."""
        return Scale(
            options=dict(self.options),
            nets=self.nets,
            net_labels=self.net_labels,
            apart=self.exclusive,
        )


class Dates(Model):
    """Answers that are dates, of which one number counts."""

    take: Literal["year", "month"]
    """That number: the year, or the month from 1 to 12."""
    written: str = ""
    """How texts say a date, as strptime has it, such as '%d/%m/%Y'; without this only ISO 8601
    (2017-05-31), which date cells of a workbook are read as."""


class NumberQuestion(AnyQuestion):
    type: Literal["number"]
    column: str
    """Header of its column in the export."""
    dates: Dates | None = None
    """Where the answers are dates: what counts of them."""
    unit: str = ""
    """What the numbers count, such as 'hours a week'."""
    minimum: float | None = None
    """A smaller number stops the wave."""
    maximum: float | None = None
    """A larger number stops the wave."""
    bands: dict[Name, tuple[float, float]] = {}
    """Ranges by name, each from its least to its greatest number, both of them included."""
    band_labels: dict[Name, str] = {}
    """The words for a band on charts and in traces, where its name is not enough."""

    @model_validator(mode="after")
    def _bands_are_apart(self) -> NumberQuestion:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("the minimum is above the maximum")
        for name, (low, high) in self.bands.items():
            if low > high:
                raise ValueError(f"the band '{name}' begins above its end")
        ordered = sorted(self.bands, key=lambda name: self.bands[name])
        for name, following in pairwise(ordered):
            if self.bands[following][0] <= self.bands[name][1]:
                raise ValueError(f"the bands '{name}' and '{following}' overlap")
        known(self.band_labels, self.bands, "band_labels")
        return self

    @property
    def given(self) -> str:
        """What who answered did, in words."""
        return "gave a date" if self.dates else "gave a number"

    @property
    def scale(self) -> Scale:
        """The bands, in the shape that all closed questions share."""
        words = {name: name.replace("_", " ").capitalize() for name in self.bands}
        options = {name: Option(label=text) for name, text in (words | self.band_labels).items()}
        return Scale(options=options)


def _other_is_free(names: Iterable[str], other: OpenText | None) -> None:
    if other and "other" in names:
        raise ValueError(
            "'other' names what respondents wrote in; "
            "call the option or item of that name 'others' or 'something_else'"
        )


Question = Annotated[
    SingleQuestion | GridQuestion | RankingQuestion | TextQuestion | MultiQuestion | NumberQuestion,
    Field(discriminator="type"),
]
