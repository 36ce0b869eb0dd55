"""Values of all earlier waves: for each percentage over everyone what it was in each of them.

Each is counted anew from that wave's answers, with the options that stand for this wave's answer
there, step by step from wave to wave (`survey.comparable`). A value that the earlier wave does not
show is not shown here either. See docs/maths.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wavedeck import earlier
from wavedeck.estimate.change import Side, asks, bounds, nothing, value_in
from wavedeck.estimate.sample import basis_of
from wavedeck.estimate.table import Estimate, head_count, plain_number
from wavedeck.statistics import intervals
from wavedeck.survey import Survey
from wavedeck.survey.comparable import Counterpart, Described, breaks, counterparts


@dataclass(frozen=True)
class Trend:
    """An edition of a wave, and the same edition of each wave before it, the nearest first."""

    now: Side
    before: tuple[Side, ...]

    def values(self, found: Sequence[Estimate]) -> Iterator[Estimate]:
        """Rows for the percentages and bases of `found` in each earlier wave, the first first."""
        survey = self.now.described.survey
        for row in found:
            if row.subset or row.item == "*" or not asks(survey, row.question):
                continue
            if row.statistic == "percent":
                yield from self._percentages(row)
            elif row.statistic == "base" and not row.answer:
                yield from self._bases(row)

    @property
    def _rounds(self) -> list[Described]:
        return [side.described for side in (self.now, *self.before)]

    def _percentages(self, row: Estimate) -> Iterator[Estimate]:
        matched = counterparts(self._rounds, row.question, row.answer, row.item)
        for side, then in reversed([*zip(self.before, matched, strict=True)]):
            yield _percentage(row, side, then)

    def _bases(self, row: Estimate) -> Iterator[Estimate]:
        broken = breaks(self._rounds, row.question, row.item)
        for side, reason in reversed([*zip(self.before, broken, strict=True)]):
            if reason:
                continue
            counted = side.base(row.question, row.item)
            basis = basis_of(side.sample, counted, question=row.question, item=row.item)
            label = f"{row.label}, in {side.described.wave.title}"
            statistic = earlier.statistic_in(side.described.name, base=True)
            yield head_count(basis, statistic, basis.base, label)


def _percentage(row: Estimate, side: Side, matched: Counterpart) -> Estimate:
    """What `row` was in an earlier wave; `matched` are the options that stand for its answer."""
    described = side.described
    blank = row._replace(
        **nothing(),
        statistic=earlier.statistic_in(described.name),
        label=f"{row.label}, in {described.wave.title}",
        suppressed=False,
    )
    if matched.reason:
        nobody: dict[str, Any] = {"base": 0, "weighted_base": 0.0, "effective_base": 0.0}
        return blank._replace(**nobody, text=earlier.NOT_COMPARED, change_note=matched.reason)
    then = value_in(side, blank, matched.options)
    few = then.base < described.survey.minimum_base
    if then.base and (few or side.hides(row.question, row.item)):
        return then._replace(
            numerator=float("nan"), value=float("nan"), text="[c]", suppressed=True
        )
    if not then.base:
        return then
    share = side.share(row.question, row.item, matched.options)
    low, high = (100 * bound for bound in intervals.of_share(share))
    return then._replace(**bounds(100 * share.standard_error, low, high))


def named_in(
    survey: Survey, name: str, title: str, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Estimate]]:
    """Numbers about the earlier wave `name` that decks tell: its title, days and sample. `known`
    are rows of its estimates by id."""
    for wanted in ("wave.title", "fieldwork.start", "fieldwork.end", *survey.sample):
        if wanted in known:
            row = known[wanted]
            kind = "count" if wanted in survey.sample else "fact"
            label = f"{row['label']}, in {title}"
            value = float(row["value"])
            told = plain_number("", kind, value, label, text=row["text"])
            yield earlier.id_in(wanted, name), told
