"""survey.yaml as a model."""

from __future__ import annotations

from pydantic import Field, model_validator

from wavedeck.survey.computed import Crosstab, Fact, SampleCount
from wavedeck.survey.export import Export
from wavedeck.survey.population import Frame, Weighting
from wavedeck.survey.questions import (
    GridQuestion,
    Question,
    RankingQuestion,
    SingleQuestion,
    TextQuestion,
)
from wavedeck.survey.scale import Name, Scale, known
from wavedeck.yamlfile import Model


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
                known([question.scale], self.scales, f"question '{name}': scale")
        for crosstab in self.crosstabs:
            known([crosstab.question, crosstab.by], self.questions, "crosstabs")
        known(self.banner, self.questions, "banner")
        known(self.attribution, self.questions, "attribution")
        margins = [*(self.weighting.margins if self.weighting else [])]
        margins += [*(self.frame.columns if self.frame else []), *self.outside_frame]
        known(margins, self.questions, "frame and weighting")
        if self.weighting:
            known(
                self.weighting.margins,
                self.frame.columns if self.frame else (),
                "weighting: margins",
            )
        for name in [*margins, *self.banner, *self.attribution]:
            if not isinstance(self.questions[name], SingleQuestion):
                raise ValueError(f"'{name}' must be a single-choice question to be used there")
        for name, options in self.outside_frame.items():
            known(options, self.scale_of(name).options, f"outside_frame: {name}")
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
