"""What a survey team writes: survey.yaml (the codebook) and wave.yaml (one round), as models.

Every field has a description; `docs/reference` is generated from them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.yamlfile import Document, Model

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Option(Model):
    label: str
    """The option's text as the export holds it and as charts print it."""
    short: str = ""
    """Fewer words for the same, where space is short (attributions of comments)."""
    aliases: list[str] = []
    """Other spellings that exports use for the same option."""
    missing: Literal["not_asked", "no_answer", "dont_know"] | None = None
    """Set when the option is no answer: it is then left out of the base."""

    @model_validator(mode="before")
    @classmethod
    def _from_label(cls, value: Any) -> Any:
        return {"label": value} if isinstance(value, str) else value


class Scale(Model):
    """Answers on offer, in the order in which charts show them."""

    options: dict[Name, Option]
    """Options by name, in order; a plain text is short for its label."""
    nets: dict[Name, list[Name]] = {}
    """Options added together, by the name of the net."""
    net_labels: dict[Name, str] = {}
    """The words for a net on charts and in traces, where its name is not enough."""
    order: Literal["two_sided", "one_sided", "unordered"] = "unordered"
    """two_sided: from one pole over a middle to the other (agreement); one_sided: much to none."""
    middle: list[Name] = []
    """Options of a two-sided scale that belong to neither side."""
    apart: list[Name] = []
    """Options off the scale (don't know, too early to tell): charts set them apart."""

    @model_validator(mode="after")
    def _names_are_options(self) -> Scale:
        for net, parts in self.nets.items():
            if net in self.options:
                raise ValueError(f"the net '{net}' has the name of an option")
            _known(parts, self.options, f"net '{net}'")
        _known(self.net_labels, self.nets, "net_labels")
        _known([*self.middle, *self.apart], self.options, "middle and apart")
        return self

    def members(self, answer: str) -> tuple[str, ...]:
        """The options that `answer` (an option or a net) stands for."""
        return (answer,) if answer in self.options else tuple(self.nets[answer])

    @property
    def answers(self) -> tuple[str, ...]:
        """Names of all options that count towards a base, then of all nets."""
        return (*(n for n, option in self.options.items() if not option.missing), *self.nets)

    def label(self, answer: str) -> str:
        if answer in self.options:
            return self.options[answer].label
        return self.net_labels.get(answer, answer.replace("_", " ").capitalize())


def _known(names: Any, among: Any, what: str) -> None:
    for name in names:
        if name not in among:
            hint = nearest(name, among)
            raise ValueError(
                f"{what} names the unknown '{name}'" + (f"; nearest: '{hint}'" if hint else "")
            )


class Item(Model):
    """A row of a grid, or a thing to rank."""

    label: str
    """The row's text on charts."""
    column: str
    """Header of its column in the export."""


class _Question(Model):
    number: str = ""
    """The question's number as readers know it, such as Q2a."""
    text: str
    """The question as asked, or as charts are to print it."""


class SingleQuestion(_Question):
    type: Literal["single"]
    column: str
    """Header of its column in the export."""
    scale: Name | Scale
    """A scale of `scales` by name, or a scale of its own."""
    required: bool = False
    """A kept respondent without an answer stops the wave."""


class GridQuestion(_Question):
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


class RankingQuestion(_Question):
    type: Literal["ranking"]
    items: dict[Name, Item]
    """Things to rank; the cell holds the rank, 1 for the most important."""
    other: OpenText | None = None
    """Further things that respondents wrote in."""


class TextQuestion(_Question, OpenText):
    type: Literal["text"]


Question = Annotated[
    SingleQuestion | GridQuestion | RankingQuestion | TextQuestion, Field(discriminator="type")
]


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


class Condition(Model):
    """A question and the option or net that a respondent must have given."""

    question: str
    """The question, or question.item for a grid."""
    answer: Name
    """An option or a net of it."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        question, _, rest = value.partition(".")
        answer, _, item = rest.partition(".")
        return {"question": f"{question}.{item}" if item else question, "answer": answer}


class SampleCount(Model):
    """A count of respondents or organisations."""

    count: Literal["respondents", "organisations"]
    """What is counted."""
    where: Condition | Literal["in_frame"] | None = None
    """Only those who gave this answer ('kind.primary'), or whose organisation is of
    the frame."""
    label: str
    """What the number is, in words."""


class Fact(Model):
    """A number that the deck cites and the data do not hold."""

    value: int | float | None = None
    """The number."""
    items_of: Name | None = None
    """Instead of a number: how many items this question has."""
    label: str
    """What the number is, in words."""
    source: str
    """Where it comes from."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Fact:
        if (self.value is None) == (self.items_of is None):
            raise ValueError("give either value or items_of")
        return self


class Crosstab(Model):
    question: Name
    """The question whose answers are broken down."""
    by: Name
    """The question that makes the groups."""


class Survey(Model):
    """survey.yaml: the codebook and what is to be computed."""

    title: str
    """The survey's name on the title slide."""
    organisations: str = "organisations"
    """The plural noun for organisations, such as 'councils'."""
    respondents: str = "respondents"
    """The plural noun for respondents."""
    export: Export
    """How the export is laid out."""
    scales: dict[Name, Scale] = {}
    """Scales that several questions share."""
    questions: dict[Name, Question]
    """Questions by the name that ids use, in the order of the questionnaire."""
    sample: dict[str, SampleCount] = {}
    """Counts of respondents and organisations, by estimate id."""
    facts: dict[str, Fact] = {}
    """Facts that the deck cites, by id."""
    crosstabs: list[Crosstab] = []
    """Questions broken down by another question."""
    banner: list[Name] = []
    """Single-choice questions by which every question is broken down."""
    attribution: list[Name] = []
    """Single-choice questions whose answers stand under a published comment."""
    minimum_base: int = Field(10, ge=1)
    """A breakdown with a smaller unweighted base is shown as [c]."""
    frame: Frame | None = None
    """The population list, where there is one."""
    weighting: Weighting | None = None
    """How answers are weighted to the frame, where they are."""
    outside_frame: dict[Name, list[Name]] = {}
    """Options of a margin whose organisations are not of the frame: they carry no weight."""

    @model_validator(mode="after")
    def _names_exist(self) -> Survey:
        closed = (SingleQuestion, GridQuestion)
        for name, question in self.questions.items():
            if isinstance(question, closed) and isinstance(question.scale, str):
                _known([question.scale], self.scales, f"question '{name}': scale")
        for crosstab in self.crosstabs:
            _known([crosstab.question, crosstab.by], self.questions, "crosstabs")
        _known(self.banner, self.questions, "banner")
        _known(self.attribution, self.questions, "attribution")
        margins = [*(self.weighting.margins if self.weighting else [])]
        margins += [*(self.frame.columns if self.frame else []), *self.outside_frame]
        _known(margins, self.questions, "frame and weighting")
        if self.weighting:
            _known(
                self.weighting.margins,
                self.frame.columns if self.frame else (),
                "weighting: margins",
            )
        for name in [*margins, *self.banner, *self.attribution]:
            if not isinstance(self.questions[name], SingleQuestion):
                raise ValueError(f"'{name}' must be a single-choice question to be used there")
        for name, options in self.outside_frame.items():
            _known(options, self.scale_of(name).options, f"outside_frame: {name}")
        headers = [header for header, *_ in self.columns()]
        for header in headers:
            if headers.count(header) > 1:
                raise ValueError(f"two questions read the same column '{header}'")
        return self

    def scale_of(self, question: str) -> Scale:
        """The scale of a single-choice or grid question."""
        scale = self.questions[question].scale  # type: ignore[union-attr]
        return self.scales[scale] if isinstance(scale, str) else scale

    def columns(self) -> list[tuple[str, str, str]]:
        """(header, question, item) of every column that holds an answer, in questionnaire order."""
        found: list[tuple[str, str, str]] = []
        for name, question in self.questions.items():
            if isinstance(question, SingleQuestion | TextQuestion):
                found.append((question.column, name, ""))
                continue
            found += [(item.column, name, key) for key, item in question.items.items()]
            if isinstance(question, RankingQuestion) and question.other:
                found.append((question.other.column, name, "other"))
        return found


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


Exclusion = Annotated[
    ExcludeValue | ExcludeDuplicate | ExcludeIncomplete, Field(discriminator="kind")
]


class Wave(Model):
    """wave.yaml: one round of a survey."""

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


def load_survey(path: Path) -> tuple[Survey, Document]:
    """Read survey.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Survey)


def load_wave(path: Path) -> tuple[Wave, Document]:
    """Read wave.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Wave)


def question_named(survey: Survey, name: str, where: str) -> Question:
    """The question called `name`, or a WavedeckError that says which names there are."""
    if name not in survey.questions:
        raise WavedeckError(
            Problem(
                where,
                f"there is no question '{name}'",
                expected=", ".join(survey.questions),
                nearest=nearest(name, survey.questions),
                remedy="mend the name, or add the question to survey.yaml",
            )
        )
    return survey.questions[name]
