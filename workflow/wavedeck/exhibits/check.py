"""Exhibits against the codebook: names that do not exist, kinds that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wavedeck.coding import coded_questions
from wavedeck.errors import Problem, nearest
from wavedeck.exhibits.kinds import (
    BarsExhibit,
    BreakdownExhibit,
    CrosstabExhibit,
    Exhibit,
    PairedExhibit,
    RankingExhibit,
    ScaleExhibit,
    StudiesExhibit,
    TableExhibit,
    ThemesExhibit,
    TrendExhibit,
    WeightingExhibit,
)
from wavedeck.exhibits.scales import breakdown_by, scale_for
from wavedeck.survey import (
    GridQuestion,
    MultiQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    SingleQuestion,
    Survey,
    take_out,
)
from wavedeck.survey.overview import split
from wavedeck.yamlfile import Document

_GROUPS: tuple[type[Question], ...] = (SingleQuestion, MultiQuestion, NumberQuestion)
"""Kinds of questions that make groups of respondents."""


class Checker:
    """Compares one exhibit with the codebook."""

    def __init__(
        self, name: str, document: Document, survey: Survey, retired: Mapping[str, str]
    ) -> None:
        self.name, self.document, self.survey, self.retired = name, document, survey, retired

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
            yield from self._rows("items", exhibit.items, exhibit.question)
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
        for index, name in enumerate(names):
            path = ("by", index) if exhibit.by else ("question",)
            yield from self._broken_down(exhibit.question, name, path)
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
                yield from self._rows("item", [exhibit.item], exhibit.question)
        elif exhibit.item is not None:
            yield self._problem(("item",), f"'{exhibit.question}' is no grid and has no items")

    def _broken_down(
        self, question: str, by: str, path: tuple[str | int, ...]
    ) -> Iterator[Problem]:
        """The estimates must have the groups."""
        pairs = {(crosstab.question, crosstab.by) for crosstab in self.survey.crosstabs}
        # Questions of the banner are not broken down by each other.
        banner = [] if question in self.survey.banner else self.survey.banner
        if (question, by) not in pairs and by not in banner:
            breakdowns = [other for asked, other in pairs if asked == question]
            known = [*breakdowns, *banner]
            yield self._problem(
                path,
                f"'{question}' is not broken down by '{by}'",
                expected=", ".join(sorted(known)),
                near=nearest(by, known),
                remedy="add the pair to 'crosstabs' of survey.yaml"
                + (
                    "; those of the banner are not broken down by each other"
                    if question in self.survey.banner
                    else f", or '{by}' to its 'banner'"
                ),
            )

    def _trend(self, exhibit: TrendExhibit) -> Iterator[Problem]:
        if not exhibit.question:  # ids are looked up when the chart is drawn
            for name in exhibit.rows:
                if isinstance(self.survey.questions.get(name.partition(".")[0]), NumberQuestion):
                    found = f"'{name}': a question answered with a number has no trend"
                    yield self._problem(("rows", name), found, remedy="take the row out")
            return
        asked = self.survey.questions.get(exhibit.question)
        if isinstance(asked, MultiQuestion):
            found = f"'{exhibit.question}' has several choices, each a row of its own"
            row = f"{exhibit.question}.{next(iter(asked.options))}"
            remedy = f"instead of 'question': a 'title', and rows: {{{row}: its words, ...}}"
            yield self._problem(("question",), found, remedy=remedy)
            return
        wrong = list(self._question("question", exhibit.question, SingleQuestion, GridQuestion))
        yield from wrong
        if wrong:
            return
        question = self.survey.questions[exhibit.question]
        scale = self.survey.scale_of(exhibit.question)
        yield from self._names("answers", exhibit.answers, scale.answers, "a net or option")
        if isinstance(question, GridQuestion):
            yield from self._rows("items", exhibit.items, exhibit.question)
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
        if told := self.retired.get(exhibit.question):
            yield self._problem(("question",), told, remedy=self._take_out())
            return
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
        if told := self.retired.get(name):
            yield self._problem((field,), told, remedy=self._take_out())
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

    def _rows(self, field: str, names: Iterable[str], of: str) -> Iterator[Problem]:
        """Rows of a grid."""
        rows: Iterable[str] = self.survey.questions[of].items  # type: ignore[union-attr]
        for index, name in enumerate(names):
            if told := self.retired.get(f"{of}.{name}"):
                yield self._problem((field, index), told, remedy=self._take_out())
            else:
                yield from self._names(field, [name], rows, "an item", index)

    def _names(
        self, field: str, names: Iterable[str], among: Iterable[str], what: str, first: int = 0
    ) -> Iterator[Problem]:
        known = list(among)
        for index, name in enumerate(names, start=first):
            if name not in known:
                yield self._problem(
                    (field, index),
                    f"'{name}' is not {what}",
                    expected=", ".join(known),
                    near=nearest(name, known),
                    remedy="mend the name, or survey.yaml",
                )

    def _take_out(self) -> str:
        return take_out(f"'{self.name}'", self.document.path)

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
