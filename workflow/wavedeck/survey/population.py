"""The population, and weighting to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field, model_validator

from wavedeck.survey.questions import Question, SingleQuestion
from wavedeck.survey.scale import Name, Scale, known
from wavedeck.yamlfile import Model

Crossing = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( x [a-z][a-z0-9_]*)*$")]
Number = Annotated[int, Field(ge=0)] | Annotated[float, Field(ge=0)]


def parts_of(crossing: str) -> tuple[str, ...]:
    """'age x sex' -> the two names."""
    return tuple(crossing.split(" x "))


def joined(names: tuple[str, ...]) -> str:
    """The one name of several crossed ones, as ids have it: age_x_sex."""
    return "_x_".join(names)


class Frame(Model):
    """The population: a list of it in a workbook, or counts."""

    label: str
    """What the population is, as in 'all single tier and county councils'."""
    source: str
    """Where its facts come from, with the licence."""
    workbook: str = ""
    """File under raw/frames/ with the list, where there is one."""
    sheet: str = ""
    """Its sheet with one row an organisation (or a row a category, with `count`)."""
    columns: dict[Name, str] = {}
    """For each question that is a margin, the list's column with the same categories."""
    count: str = ""
    """The list's column that says how many organisations (or persons) a row stands for; without
    it, a row is one."""
    counts: dict[Crossing, dict[Crossing, Number]] = {}
    """Instead of a list: how many there are of each option, by question; of crossed questions
    ('age x sex') by cell ('young x female')."""
    counts_are: Literal["numbers", "shares"] = "numbers"
    """numbers: of organisations or persons, the same total for every margin. shares: only
    proportions hold, as of percentages that do not quite add up to 100; each margin is scaled to
    its own total, which must be about 1 or 100."""

    @model_validator(mode="after")
    def _list_or_counts(self) -> Frame:
        listed = [bool(self.workbook), bool(self.sheet), bool(self.columns)]
        if self.counts and (any(listed) or self.count):
            raise ValueError("give either workbook, sheet and columns, or counts")
        if not self.counts and not all(listed):
            raise ValueError("give workbook, sheet and columns of a list, or counts")
        for margin, counts in self.counts.items():
            whole = all(isinstance(count, int) for count in counts.values())
            if self.counts_are == "numbers" and not whole:
                raise ValueError(
                    f"counts of '{margin}' are no whole numbers; write them in full, or declare"
                    " 'counts_are: shares'"
                )
            total = sum(counts.values())
            if not total:
                raise ValueError(f"counts of '{margin}' add up to 0")
            if self.counts_are == "shares" and not is_whole(total):
                raise ValueError(
                    f"shares of '{margin}' add up to {total:.10g}, not to about 1 or 100: is an"
                    " option missing?"
                )
        return self

    @property
    def questions(self) -> list[str]:
        """Questions that the population is known by, each on its own."""
        crossed = [name for margin in self.counts for name in parts_of(margin)]
        return list(dict.fromkeys([*self.columns, *crossed]))

    def knows(self, questions: tuple[str, ...]) -> bool:
        """Whether the population is known by these questions crossed."""
        sources = [set(self.columns), *(set(parts_of(margin)) for margin in self.counts)]
        return any(set(questions) <= source for source in sources)


def is_whole(total: float) -> bool:
    """Whether shares add up to about 1 or about 100: within what rounding does to them."""
    return abs(total - 1) <= 0.02 or abs(total - 100) <= 2


class Collapsed(Model):
    """Categories of a margin that weighting takes together."""

    parts: list[Crossing] = Field(min_length=2)
    """Options of the question, or cells ('county x north_east') of a crossed margin."""
    label: str = ""
    """The words for them; else their own labels, joined by 'or'."""

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"parts": value} if isinstance(value, list) else value


class Weighting(Model):
    """How answers are weighted to the population."""

    margins: list[Crossing] = Field(min_length=1)
    """Single-choice questions whose shares are raked to the frame; 'age x sex' is one
    margin of all cells of two questions."""
    lower: float = Field(gt=0, le=1)
    """No g-weight is below this."""
    upper: float = Field(ge=1)
    """No g-weight is above this."""
    collapse: dict[Crossing, dict[Name, Collapsed]] = {}
    """For a margin, categories too small to stand alone, by the new category's name; a plain list
    is short for its parts."""

    @model_validator(mode="after")
    def _names(self) -> Weighting:
        if not self.lower < self.upper:
            raise ValueError("upper must be above lower")
        for margin in self.margins:
            if self.margins.count(margin) > 1:
                raise ValueError(f"the margin '{margin}' stands twice")
            parts = parts_of(margin)
            if len(set(parts)) < len(parts):
                raise ValueError(f"the margin '{margin}' crosses a question with itself")
        known(self.collapse, self.margins, "collapse")
        return self


class Codebook(Protocol):
    """What of a survey the population is checked against."""

    @property
    def frame(self) -> Frame | None: ...

    @property
    def weighting(self) -> Weighting | None: ...

    @property
    def outside_frame(self) -> Mapping[str, list[str]]: ...

    @property
    def questions(self) -> Mapping[str, Question]: ...

    def scale_of(self, question: str) -> Scale: ...


def categories_of(survey: Codebook, question: str) -> list[str]:
    """Options of a question that organisations of the population can have."""
    outside = survey.outside_frame.get(question, [])
    options = survey.scale_of(question).options
    return [name for name, option in options.items() if not option.missing and name not in outside]


def check_population(survey: Codebook) -> None:
    """Raises ValueError, with the nearest name, where frame or weighting name what is not there."""
    frame, weighting = survey.frame, survey.weighting
    crossings = [*(weighting.margins if weighting else []), *(frame.counts if frame else [])]
    names = [name for crossing in crossings for name in parts_of(crossing)]
    names += [*(frame.columns if frame else []), *survey.outside_frame]
    known(names, survey.questions, "frame and weighting")
    for name in names:
        if not isinstance(survey.questions[name], SingleQuestion):
            raise ValueError(f"'{name}' must be a single-choice question to be used there")
    for name, options in survey.outside_frame.items():
        known(options, survey.scale_of(name).options, f"outside_frame: {name}")
    for crossing in crossings:
        if len(parts_of(crossing)) > 1 and joined(parts_of(crossing)) in survey.questions:
            raise ValueError(f"'{crossing}' would have the name of a question in ids")
    if frame:
        for crossing, counts in frame.counts.items():
            _check_cells(survey, crossing, counts, f"frame: counts of '{crossing}'")
    if weighting is None:
        return
    if frame is None:
        raise ValueError("weighting needs a frame: a list of the population, or counts")
    for margin in weighting.margins:
        known(parts_of(margin), frame.questions, "weighting: margins")
        if not frame.knows(parts_of(margin)):
            raise ValueError(
                f"weighting: margins has '{margin}', but the frame counts these questions one by"
                f" one only; give counts of '{margin}'"
            )
    for margin, groups in weighting.collapse.items():
        _check_collapse(survey, margin, groups)


def _check_cells(
    survey: Codebook, crossing: str, cells: Mapping[str, Any] | list[str], what: str
) -> None:
    questions = parts_of(crossing)
    for cell in cells:
        options = parts_of(cell)
        if len(options) != len(questions):
            raise ValueError(f"{what} has '{cell}', not one option each of {', '.join(questions)}")
        for question, option in zip(questions, options, strict=True):
            known([option], categories_of(survey, question), f"{what}, '{cell}',")


def _check_collapse(survey: Codebook, margin: str, groups: Mapping[str, Collapsed]) -> None:
    what = f"weighting: collapse of '{margin}'"
    taken: dict[str, str] = {}
    for name, group in groups.items():
        _check_cells(survey, margin, group.parts, what)
        for part in group.parts:
            if part in taken:
                raise ValueError(f"{what} has '{part}' twice: in '{taken[part]}' and in '{name}'")
            taken[part] = name
    left = {joined(parts_of(cell)) for cell in _cells(survey, margin)}
    left -= {joined(parts_of(part)) for part in taken}
    for name in groups:
        if name in left:
            raise ValueError(f"{what}: '{name}' is the name of another category")


def _cells(survey: Codebook, margin: str) -> Iterator[str]:
    found = [""]
    for question in parts_of(margin):
        options = categories_of(survey, question)
        found = [f"{cell} x {name}" if cell else name for cell in found for name in options]
    yield from found
