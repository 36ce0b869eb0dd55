"""What a survey team writes about charts and tables: exhibits.yaml, as models.

Every field has a description; `docs/reference` is generated from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wavedeck import yamlfile
from wavedeck.coding import coded_questions
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import (
    GridQuestion,
    MultiQuestion,
    Name,
    NumberQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleQuestion,
    Survey,
)
from wavedeck.survey.overview import split
from wavedeck.survey.population import Crossing
from wavedeck.yamlfile import Document, Model


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
    """Shares in the previous wave and in this one, with the change where the test finds one."""

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
    """dots: a row a share, a dot a wave; slopes: a line a share from wave to wave, for at most
    six."""

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


def load_exhibits(path: Path, survey: Survey) -> tuple[Exhibits, Document]:
    """Read exhibits.yaml and check it against the codebook.

    Raises WavedeckError with file, line and nearest name, for all that is wrong at once.
    """
    exhibits, document = yamlfile.load(path, Exhibits)
    problems = [
        problem
        for name, exhibit in exhibits.exhibits.items()
        for problem in _Checker(name, document, survey).check(exhibit)
    ]
    if problems:
        raise WavedeckError(*problems)
    return exhibits, document


_GROUPS: tuple[type[Question], ...] = (SingleQuestion, MultiQuestion, NumberQuestion)
"""Kinds of questions that make groups of respondents."""


class _Checker:
    """Compares one exhibit with the codebook."""

    def __init__(self, name: str, document: Document, survey: Survey) -> None:
        self.name, self.document, self.survey = name, document, survey

    def check(self, exhibit: Exhibit) -> Iterator[Problem]:
        match exhibit:
            case ScaleExhibit() | BarsExhibit():
                yield from self._scale_or_bars(exhibit)
            case RankingExhibit():
                yield from self._question("question", exhibit.question, RankingQuestion)
            case PairedExhibit():
                known = self.survey.frame.questions if self.survey.frame else []
                yield from self._names("margin", [exhibit.margin], known, "a margin of the frame")
            case CrosstabExhibit():
                yield from self._crosstab(exhibit)
            case BreakdownExhibit():
                yield from self._breakdown(exhibit)
            case WeightingExhibit():
                if self.survey.weighting is None:
                    found = "the survey has no weighting to show"
                    yield self._problem((), found, remedy="take the exhibit out")
                else:
                    raked = self.survey.weighting.margins
                    known = [*(self.survey.frame.questions if self.survey.frame else ()), *raked]
                    yield from self._names("margins", exhibit.margins, known, "a margin")
            case TrendExhibit():
                yield from self._trend(exhibit)
            case TableExhibit():
                yield from self._table(exhibit)
            case ThemesExhibit():
                yield from self._themes(exhibit)
            case StudiesExhibit():
                for group, told in enumerate(exhibit.groups):
                    studies = [split(name)[0] for name in told.bars]
                    path = f"groups.{group}.bars"
                    yield from self._names(path, studies, exhibit.series, "a study of 'series'")

    def _scale_or_bars(self, exhibit: ScaleExhibit | BarsExhibit) -> Iterator[Problem]:
        kinds: list[type[Question]] = [SingleQuestion, GridQuestion]
        if isinstance(exhibit, BarsExhibit):
            kinds += [MultiQuestion, NumberQuestion]
        wrong = list(self._question("question", exhibit.question, *kinds))
        yield from wrong
        if wrong:
            return
        question = self.survey.questions[exhibit.question]
        scale = self.survey.scale_of(exhibit.question)
        if isinstance(question, GridQuestion):
            yield from self._names("items", exhibit.items, question.items, "an item")
        elif exhibit.items:
            yield self._problem(("items",), f"'{exhibit.question}' is no grid and has no items")
        yield from self._names("nets", exhibit.nets, scale.nets, "a net")
        if isinstance(exhibit, ScaleExhibit):
            if exhibit.sort:
                yield from self._names("sort", [exhibit.sort], scale.answers, "a net or option")
        elif isinstance(question, GridQuestion):
            if exhibit.answer is None:
                yield self._problem(
                    (),
                    f"bars of the grid '{exhibit.question}' need a net or option",
                    expected=", ".join(scale.answers),
                    remedy="add 'answer:'",
                )
            else:
                yield from self._names("answer", [exhibit.answer], scale.answers, "a net or option")
        elif exhibit.answer is not None:
            found = f"'{exhibit.question}' is no grid: its bars are its options"
            yield self._problem(("answer",), found, remedy="take 'answer' out")

    def _crosstab(self, exhibit: CrosstabExhibit) -> Iterator[Problem]:
        wrong = list(self._question("question", exhibit.question, SingleQuestion, GridQuestion))
        wrong += self._question("by", exhibit.by, *_GROUPS)
        yield from wrong
        if wrong:
            return
        yield from self._item(exhibit)
        nets = self.survey.scale_of(exhibit.question).nets
        yield from self._names("nets", exhibit.nets, nets, "a net")
        answers = self.survey.scale_of(exhibit.by).answers
        yield from self._names("groups", exhibit.groups, answers, "an option or net")
        yield from self._broken_down(exhibit.question, exhibit.by, ("by",))

    def _breakdown(self, exhibit: BreakdownExhibit) -> Iterator[Problem]:
        kinds = (*_GROUPS, GridQuestion)
        wrong = list(self._question("question", exhibit.question, *kinds))
        names = breakdown_by(exhibit, self.survey)
        if not names:
            yield self._problem(
                (),
                "nothing says what to break down by",
                remedy="add 'by:', or a banner to survey.yaml",
            )
        for name in names:
            wrong += self._question("by", name, *_GROUPS)
        yield from wrong
        if wrong:
            return
        yield from self._item(exhibit)
        answers = self.survey.scale_of(exhibit.question).answers
        yield from self._names("answer", [exhibit.answer], answers, "a net or option")
        for index, name in enumerate(exhibit.by):
            yield from self._broken_down(exhibit.question, name, ("by", index))
        for field in ("groups", "headings"):
            given = getattr(exhibit, field)
            yield from self._names(field, given, names, "a question of the breakdown")
        for name, groups in exhibit.groups.items():
            if name in names:
                options = scale_for(self.survey, name).options
                yield from self._names(name, groups, options, "an option")

    def _item(self, exhibit: CrosstabExhibit | BreakdownExhibit) -> Iterator[Problem]:
        """A grid needs an item, any other question has none."""
        question = self.survey.questions[exhibit.question]
        if isinstance(question, GridQuestion):
            if exhibit.item is None:
                yield self._problem(
                    (),
                    f"the grid '{exhibit.question}' needs an item",
                    expected=", ".join(question.items),
                    remedy="add 'item:'",
                )
            else:
                yield from self._names("item", [exhibit.item], question.items, "an item")
        elif exhibit.item is not None:
            yield self._problem(("item",), f"'{exhibit.question}' is no grid and has no items")

    def _broken_down(
        self, question: str, by: str, path: tuple[str | int, ...]
    ) -> Iterator[Problem]:
        """The estimates must have the groups."""
        pairs = {(crosstab.question, crosstab.by) for crosstab in self.survey.crosstabs}
        if (question, by) not in pairs and by not in self.survey.banner:
            breakdowns = [other for asked, other in pairs if asked == question]
            known = [*breakdowns, *self.survey.banner]
            yield self._problem(
                path,
                f"'{question}' is not broken down by '{by}'",
                expected=", ".join(sorted(known)),
                near=nearest(by, known),
                remedy="add the pair to 'crosstabs' or 'banner' of survey.yaml",
            )

    def _trend(self, exhibit: TrendExhibit) -> Iterator[Problem]:
        if not exhibit.question:
            return  # ids are looked up when the chart is drawn
        wrong = list(self._question("question", exhibit.question, SingleQuestion, GridQuestion))
        yield from wrong
        if wrong:
            return
        question = self.survey.questions[exhibit.question]
        scale = self.survey.scale_of(exhibit.question)
        yield from self._names("answers", exhibit.answers, scale.answers, "a net or option")
        if isinstance(question, GridQuestion):
            yield from self._names("items", exhibit.items, question.items, "an item")
            answers = [exhibit.answer] if exhibit.answer else []
            yield from self._names("answer", answers, scale.answers, "a net or option")
            if not exhibit.answer:
                found = f"a trend of the grid '{exhibit.question}' needs a net or option"
                yield self._problem((), found, ", ".join(scale.answers), remedy="add 'answer:'")
        elif not exhibit.answers:
            found = f"a trend of '{exhibit.question}' needs options or nets"
            yield self._problem((), found, ", ".join(scale.answers), remedy="add 'answers:'")

    def _table(self, exhibit: TableExhibit) -> Iterator[Problem]:
        name, _, other = exhibit.question.partition(".")
        if not other:
            kinds = (SingleQuestion, MultiQuestion, NumberQuestion)
            yield from self._question("question", name, *kinds)
            if exhibit.total and isinstance(self.survey.questions.get(name), MultiQuestion):
                found = "shares of a multiple choice have no total: a respondent is in several"
                yield self._problem(("total",), found, remedy="take 'total' out")
            return
        wrong = list(self._question("question", name, RankingQuestion, MultiQuestion))
        yield from wrong
        question = self.survey.questions.get(name)
        written = self.survey.open_text(name, other) if question else None
        if not wrong and not (written and written.themes):
            found = f"'{name}' has no further answers with themes"
            yield self._problem(("question",), found, remedy="add 'other' with 'themes' to it")
        if not wrong and "percent" in exhibit.columns:
            found = "themes are counted, they have no share"
            yield self._problem(("columns",), found, expected="count")

    def _themes(self, exhibit: ThemesExhibit) -> Iterator[Problem]:
        coded = coded_questions(self.survey)
        wrong = list(self._names("question", [exhibit.question], coded, "a question with themes"))
        yield from wrong
        if not wrong:
            answers = coded[exhibit.question].scale.answers
            yield from self._names("answers", exhibit.answers, answers, "a theme or net")
        if exhibit.by:
            yield from self._names("by", [exhibit.by], self.survey.banner, "of the banner")

    def _question(self, field: str, name: str, *kinds: type[Question]) -> Iterator[Problem]:
        fitting = [
            name
            for name, question in self.survey.questions.items()
            if isinstance(question, kinds)
            and not (isinstance(question, NumberQuestion) and not question.bands)
        ]
        if name in fitting:
            return
        question = self.survey.questions.get(name)
        found = f"there is no question '{name}'"
        if question is not None:
            found = f"'{name}' is a {question.type} question, which this kind cannot show"
            if isinstance(question, NumberQuestion) and NumberQuestion in kinds:
                found = f"'{name}' is a number without bands, which have the shares"
        yield self._problem(
            (field,),
            found,
            expected=", ".join(fitting),
            near=nearest(name, fitting),
            remedy="mend the name, or add the question to survey.yaml",
        )

    def _names(
        self, field: str, names: Iterable[str], among: Iterable[str], what: str
    ) -> Iterator[Problem]:
        known = list(among)
        for index, name in enumerate(names):
            if name not in known:
                yield self._problem(
                    (field, index),
                    f"'{name}' is not {what}",
                    expected=", ".join(known),
                    near=nearest(name, known),
                    remedy="mend the name, or survey.yaml",
                )

    def _problem(
        self,
        path: tuple[str | int, ...],
        found: str,
        expected: str = "",
        near: str = "",
        remedy: str = "",
    ) -> Problem:
        where = self.document.where("exhibits", self.name, *path)
        return Problem(where, f"exhibit '{self.name}': {found}", expected, near, remedy)


def scale_for(survey: Survey, question: str) -> Scale:
    """The scale of a question, without options that count as missing."""
    scale = survey.scale_of(question)
    kept = {name: option for name, option in scale.options.items() if not option.missing}
    return scale.model_copy(update={"options": kept})


def breakdown_by(exhibit: BreakdownExhibit, survey: Survey) -> list[Name]:
    """The questions that make the groups of a breakdown."""
    return exhibit.by or [name for name in survey.banner if name != exhibit.question]
