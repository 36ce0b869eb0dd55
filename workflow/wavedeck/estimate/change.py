"""Change since an earlier wave: for each percentage over everyone its value then and a test.

The samples are independent, or they overlap where the same organisations answered both times; the
test is `wavedeck.statistics.change`. A change is told only where its two-sided p is under LEVEL.
What cannot be compared says why. See docs/maths.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from wavedeck import masks
from wavedeck.answers import Answers
from wavedeck.estimate.design import design_of
from wavedeck.estimate.edition import rounded
from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import Estimate, head_count, plain_number
from wavedeck.rounding import count_text, percent_text, points_text
from wavedeck.statistics import intervals
from wavedeck.statistics.change import change
from wavedeck.statistics.variance import Design, Linearised
from wavedeck.survey import GridQuestion, MultiQuestion, SingleQuestion, Survey
from wavedeck.survey.comparable import Counterpart, Described, counterpart, incomparable

LEVEL = 0.05

UP, DOWN, NONE = "up", "down", "none"
TEXTS = {NONE: "no clear change"}
NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Side:
    """A wave in one edition, as far as a comparison needs it."""

    described: Described
    sample: Sample
    design: Design
    hidden: frozenset[tuple[str, str]] = frozenset()
    """Questions, with the row of a grid or "", whose percentages over everyone it does not show."""

    def hides(self, name: str, item: str) -> bool:
        return (name, item) in self.hidden

    def share(self, name: str, item: str, options: Sequence[str]) -> Linearised:
        """The share, from 0 to 1, that gave any of `options` of those who answered."""
        base = self.base(name, item)
        return self.design.proportion(self.gave(name, item, options), base)

    def base(self, name: str, item: str) -> np.ndarray:
        codes = self.sample.answers.codes
        answered = masks.answered(self.described.survey, codes, name, item)
        found: np.ndarray = answered & (self.sample.weights > 0)
        return found

    def gave(self, name: str, item: str, options: Sequence[str]) -> np.ndarray:
        codes = self.sample.answers.codes
        given = [masks.gave(self.described.survey, codes, name, o, item) for o in options]
        chosen: np.ndarray = np.any(given, axis=0) & self.base(name, item)
        return chosen


@dataclass(frozen=True)
class Tables:
    """What the weight stage made of a wave."""

    answers: Answers
    weights: Mapping[str, np.ndarray]
    """in_frame, design_weight and weight, a value a respondent."""
    population: float | None
    """Organisations of the frame; None where there is no frame."""

    def units(self, described: Described) -> list[str]:
        """What tells an organisation in both waves, a value a respondent."""
        named = described.survey.export.columns.organisation
        # Without a column, nothing tells whether someone answered before.
        return self.answers.organisations if named else self.answers.respondents

    def side(
        self,
        described: Described,
        weighted: bool,
        hidden: frozenset[tuple[str, str]] = frozenset(),
    ) -> Side:
        # Response 7 of one wave is not response 7 of another, whatever both tools count from.
        told = replace(self.answers, organisations=self.units(described))
        design = design_of(described.survey, told, self.weights, self.population, weighted)
        weights = self.weights["weight"] if weighted else np.ones(len(self.answers))
        return Side(described, Sample(self.answers, weights, weighted), design, hidden)


def asks(survey: Survey, name: str) -> bool:
    """Whether a question asks for an opinion: particulars of the sample have no trend."""
    question = survey.questions.get(name)
    kinds = SingleQuestion | GridQuestion | MultiQuestion
    return isinstance(question, kinds) and not getattr(question, "required", False)


@dataclass(frozen=True)
class Comparison:
    """An edition of a wave and the same edition of the wave before."""

    now: Side
    before: Side

    def changes(self, found: Sequence[Estimate]) -> Iterator[Estimate]:
        """`found`, with the columns of change filled, and behind each percentage over everyone
        rows for its value then and its change."""
        for row in found:
            survey = self.now.described.survey
            if row.subset or row.item == "*" or not asks(survey, row.question):
                yield row
            elif row.statistic == "percent":
                yield from self._compared(row)
            elif row.statistic == "base" and not row.answer:
                yield row
                yield from self._base(row)
            else:
                yield row

    def _base(self, row: Estimate) -> Iterator[Estimate]:
        """How many answered a question in the earlier wave."""
        sides = self.now.described, self.before.described
        if not incomparable(*sides, row.question, row.item):
            basis = basis_of(
                self.before.sample,
                self.before.base(row.question, row.item),
                question=row.question,
                item=row.item,
            )
            label = f"{row.label}, in {self.before.described.wave.title}"
            yield head_count(basis, "previous_base", basis.base, label)

    def _compared(self, row: Estimate) -> Iterator[Estimate]:
        place = row.question, row.item
        matched = counterpart(
            self.now.described, self.before.described, row.question, row.answer, row.item
        )
        title = self.before.described.wave.title
        if matched.options and self.before.hides(*place):
            matched = Counterpart(reason=f"not shown in {title}")
        blank = row._replace(**nothing(), text=NOT_COMPARABLE)
        then = blank._replace(statistic="previous", label=f"{row.label}, in {title}")
        moved = blank._replace(statistic="change", label=f"{row.label}, change since {title}")
        if not matched.options:
            yield row._replace(change_note=matched.reason)
            nobody: dict[str, Any] = {"base": 0, "weighted_base": 0.0, "effective_base": 0.0}
            yield then._replace(**nobody, change_note=matched.reason)
            yield moved._replace(change_note=matched.reason)
            return
        earlier = value_in(self.before, then, matched.options)
        yield from self._tested(row, earlier, moved, place, matched.options)

    def _tested(
        self,
        row: Estimate,
        earlier: Estimate,
        moved: Estimate,
        place: tuple[str, str],
        options: Sequence[str],
    ) -> Iterator[Estimate]:
        minimum = self.now.described.survey.minimum_base
        if row.base < minimum or earlier.base < minimum:
            few: dict[str, Any] = {"change_note": "too few answers to compare"}
            yield row._replace(**few)
            yield earlier._replace(**few)
            yield moved._replace(**few)
            return
        members = self.now.described.survey.scale_of(row.question).members(row.answer)
        own = self.now.share(*place, members)
        theirs = self.before.share(*place, options)
        test = change(own, theirs)
        points = row.value - earlier.value
        sure = test.p < LEVEL  # False for nan, where nothing was tested
        note = (UP if points > 0 else DOWN) if sure else NONE
        columns: dict[str, Any] = {
            "previous": earlier.value,
            "change": points,
            "change_se": rounded(100 * test.standard_error),
            "change_p": rounded(test.p),
            "change_note": note,
        }
        yield row._replace(**columns)
        low, high = (100 * bound for bound in intervals.of_share(theirs))
        error = bounds(100 * theirs.standard_error, low, high)
        yield earlier._replace(**error, change_note=note)
        text = TEXTS.get(note) or points_text(points)
        low, high = 100 * test.lower, 100 * test.upper
        error = bounds(100 * test.standard_error, low, high)
        yield moved._replace(value=points, text=text, **columns, **error)


def value_in(side: Side, then: Estimate, options: Sequence[str]) -> Estimate:
    """`then` with its value, text and bases in a wave, where `options` stand for its answer."""
    name, item = then.question, then.item
    base = side.base(name, item)
    basis = basis_of(side.sample, base, question=name, item=item)
    share = float((side.gave(name, item, options) * side.sample.weights).sum())
    if not basis.base:
        return then._replace(base=0, weighted_base=0.0, effective_base=0.0, text="[x]")
    return then._replace(
        base=basis.base,
        weighted_base=basis.weighted_base,
        effective_base=basis.effective_base,
        numerator=share,
        value=100 * share / basis.weighted_base,
        text=percent_text(share, basis.weighted_base),
    )


def nothing() -> dict[str, Any]:
    """What a percentage has and neither its value in an earlier wave nor its change."""
    numbers = ("numerator", "value", "standard_error", "lower", "upper", "design_effect")
    words = ("letters", "against_rest", "column")
    return dict.fromkeys(numbers, float("nan")) | dict.fromkeys(words, "")


def bounds(error: float, low: float, high: float) -> dict[str, Any]:
    return {"standard_error": rounded(error), "lower": rounded(low), "upper": rounded(high)}


def named_changes(
    now: Described,
    before: Described,
    earlier: Mapping[str, Mapping[str, Any]],
    organisations: tuple[Sequence[str], Sequence[str]],
) -> Iterator[tuple[str, Estimate]]:
    """Numbers about the earlier wave that decks tell: its name, days and sample; and how many
    organisations answered in both. `earlier` are rows of its estimates by id."""
    title = before.wave.title
    for name in ("wave.title", "fieldwork.start", "fieldwork.end", *now.survey.sample):
        if name in earlier:
            row = earlier[name]
            label = f"{row['label']}, in {title}"
            kind = "fact" if name not in now.survey.sample else "count"
            value = float(row["value"])
            yield f"{name}:previous", plain_number("", kind, value, label, text=row["text"])
    both = len(set(organisations[0]) & set(organisations[1]))
    label = f"{now.survey.organisations.capitalize()} that answered in {title} too"
    yield "overlap.organisations", plain_number("", "count", both, label, text=count_text(both))
