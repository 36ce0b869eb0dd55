"""survey.yaml as a model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from wavedeck.survey.computed import Condition, Crosstab, Fact, SampleCount
from wavedeck.survey.export import Export
from wavedeck.survey.population import Frame, Weighting, check_population
from wavedeck.survey.questions import (
    GridQuestion,
    MultiQuestion,
    NumberQuestion,
    OpenText,
    Question,
    RankingQuestion,
    SingleQuestion,
    TextQuestion,
)
from wavedeck.survey.reserved import RESERVED
from wavedeck.survey.scale import Name, Scale, known
from wavedeck.yamlfile import Model, at


class Survey(Model):
    """survey.yaml: the codebook and what is to be computed."""

    title: str
    """The survey's name on the title slide."""
    organisations: str = "organisations"
    """The plural noun for organisations, such as 'councils'."""
    respondents: str = "respondents"
    """The plural noun for respondents."""
    enquiries: str = ""
    """Whom readers of the detailed results can ask, with an address; it stands on their cover."""
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
    """Questions by which every question is broken down: single choice, several choices (by who
    chose each option) or a number (by its bands)."""
    attribution: list[Name] = []
    """Single-choice questions whose answers stand under a published comment."""
    minimum_base: int = Field(10, ge=1)
    """A breakdown with a smaller unweighted base is shown as [c]."""
    low_base: int = Field(30, ge=1)
    """A breakdown with a smaller unweighted base is marked [u] in the detailed results: its numbers
    say little."""
    inference: Literal["design", "none"] = "design"
    """design: errors, intervals and tests, as the sample's design has them. none: numbers describe
    those who took part and say nothing of others, as in a qualitative study; there are no errors,
    intervals or tests, and no changes since a wave before."""
    frame: Frame | None = None
    """The population, where it is known: a list or counts."""
    weighting: Weighting | None = None
    """How answers are weighted to the frame, where they are."""
    outside_frame: dict[Name, list[Name]] = {}
    """Options of a margin whose organisations are not of the frame: they carry no weight."""

    @model_validator(mode="after")
    def _names_exist(self) -> Survey:
        for name in self.questions:
            if name in RESERVED:
                with at("questions", name):
                    raise ValueError(
                        f"'{name}' has a meaning of its own in {RESERVED[name]}; name the question"
                        f" otherwise, such as 'q_{name}'"
                    )
        closed = (SingleQuestion, GridQuestion)
        for name, question in self.questions.items():
            if isinstance(question, closed) and isinstance(question.scale, str):
                with at("questions", name, "scale"):
                    known([question.scale], self.scales, f"question '{name}': scale")
        for index, crosstab in enumerate(self.crosstabs):
            with at("crosstabs", index):
                known([crosstab.question, crosstab.by], self.questions, "crosstabs")
                self._check_groups(crosstab.by)
        for index, name in enumerate(self.banner):
            with at("banner", index):
                known([name], self.questions, "banner")
                self._check_groups(name)
        for index, name in enumerate(self.attribution):
            with at("attribution", index):
                known([name], self.questions, "attribution")
                if not isinstance(self.questions[name], SingleQuestion):
                    raise ValueError(f"'{name}' must be a single-choice question to be used there")
        check_population(self)
        own = self.export.columns
        headers = [header for header, *_ in self.columns()]
        for header in headers:
            if headers.count(header) > 1:
                raise ValueError(f"two questions read the same column '{header}'")
        for index, header in enumerate(own.contact):
            with at("export", "columns", "contact", index):
                if header in headers or header in own.roles.values():
                    raise ValueError(
                        f"the contact column '{header}' is never read; take it out there"
                    )
        self._routing_leads_forward()
        for name, wanted in self.sample.items():
            if isinstance(wanted.where, Condition):
                with at("sample", name):
                    self.check_condition(wanted.where, f"sample: '{name}'")
        return self

    def _routing_leads_forward(self) -> None:
        """Who is asked a question depends on answers to earlier ones."""
        earlier: list[str] = []
        for name, question in self.questions.items():
            if question.asked_if:
                asking = question.asked_if.question.partition(".")[0]
                with at("questions", name, "asked_if"):
                    known([asking], earlier, "among the questions before it, this")
                    self.check_condition(question.asked_if, "this")
            earlier.append(name)

    def check_condition(self, condition: Condition, what: str) -> None:
        """Raises ValueError, with the nearest name, where a condition names what is not there."""
        name, _, item = condition.question.partition(".")
        known([name], self.questions, what)
        question = self.questions[name]
        if isinstance(question, GridQuestion):
            known([item], question.items, f"{what}: '{name}'")
        elif item:
            raise ValueError(f"{what}: '{name}' is no grid and has no item '{item}'")
        if not isinstance(question, SingleQuestion | GridQuestion | MultiQuestion | NumberQuestion):
            raise ValueError(f"{what}: '{name}' is a {question.type} question without options")
        known([condition.answer], self.scale_of(name).answers, f"{what}: '{name}'")

    def _check_groups(self, name: str) -> None:
        question = self.questions[name]
        banded = isinstance(question, NumberQuestion) and question.bands
        if not (isinstance(question, SingleQuestion | MultiQuestion) or banded):
            raise ValueError(
                f"'{name}' makes no groups; a single-choice or multiple-choice question does, "
                "and a number with bands"
            )

    @property
    def units(self) -> str:
        """What weighting counts once, in the plural: organisations, or respondents where the
        export names no organisation."""
        return self.organisations if self.export.columns.organisation else self.respondents

    def scale_of(self, question: str) -> Scale:
        """Options and nets of a closed question: of a multiple choice its own, of a number its
        bands."""
        scale = self.questions[question].scale  # type: ignore[union-attr]
        return self.scales[scale] if isinstance(scale, str) else scale

    def columns(self) -> list[tuple[str, str, str]]:
        """(header, question, item) of every column that holds an answer, in questionnaire order."""
        found: list[tuple[str, str, str]] = []
        for name, question in self.questions.items():
            if isinstance(question, SingleQuestion | TextQuestion | NumberQuestion):
                found.append((question.column, name, ""))
            elif isinstance(question, MultiQuestion):
                if question.column:
                    found.append((question.column, name, ""))
                for key, option in question.options.items():
                    if option.column:
                        found.append((option.column, name, key))
            elif isinstance(question, RankingQuestion):
                if question.column:
                    found.append((question.column, name, ""))
                places = enumerate(question.places, start=1)
                found += [(place.column, name, str(number)) for number, place in places]
                for key, item in question.items.items():
                    if item.column:
                        found.append((item.column, name, key))
            else:
                found += [(item.column, name, key) for key, item in question.items.items()]
            other = getattr(question, "other", None)
            if other:
                found.append((other.column, name, "other"))
        return found

    def open_text(self, question: str, item: str = "") -> OpenText | None:
        """What a column holds where it holds respondents' own words; None for closed answers."""
        asked = self.questions[question]
        if isinstance(asked, OpenText):
            return asked
        other: OpenText | None = getattr(asked, "other", None)
        return other if item == "other" else None
