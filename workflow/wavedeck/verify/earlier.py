"""Values of all earlier waves, a second time: from each wave's raw workbook.

Shares are exact fractions, intervals those of `verify.errors`. Which options compare with which is
the codebook's word (`survey.comparable`), which both paths share; that a value is hidden is the
word of the earlier wave's own table, which its own verification checks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from wavedeck import earlier
from wavedeck.survey.comparable import Counterpart, Described, breaks, counterparts
from wavedeck.verify.errors import Errors, Sure
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row
from wavedeck.verify.recompute import Expected, half_up
from wavedeck.verify.side import Share, Side

_FILE = "estimates.parquet"
_NEAR = 1e-7
"""Of numbers, relative above 1: sums of floats, and roots of small differences."""


@dataclass(frozen=True)
class Before:
    """An edition of an earlier wave."""

    side: Side
    hidden: frozenset[tuple[str, str]]
    """Questions, with the row of a grid or "", whose percentages over everyone it hides."""
    size: int | None
    """Organisations of its frame, where that is known."""

    @property
    def name(self) -> str:
        return self.side.described.name

    @cached_property
    def errors(self) -> Errors:
        side = self.side
        return Errors(side.described.survey, side.kept, side.weighted, self.size)

    def sure(self, share: Share) -> Sure:
        return self.errors.of_share(dict(zip(share.base, share.given, strict=True)))


@dataclass(frozen=True)
class Trend:
    """An edition of a wave, and the same edition of each wave before it, the nearest first."""

    own: Described
    before: tuple[Before, ...]

    def wanted(self, row: Row) -> Iterator[str]:
        """The ids that a row of the wave itself must have beside it."""
        question = self.own.survey.questions.get(row["question"])
        asked = question is not None and question.type in ("single", "grid", "multi")
        apart = row["subset"] or row["item"] == "*" or getattr(question, "required", False)
        if not asked or apart:
            return
        if row["statistic"] == "percent":
            yield from (earlier.id_in(row["id"], each.name) for each in self.before)
        elif row["statistic"] == "base" and not row["answer"]:
            broken = breaks(self._rounds, row["question"], row["item"])
            for each, reason in zip(self.before, broken, strict=True):
                if not reason:
                    yield earlier.id_in(row["id"], each.name)

    @property
    def _rounds(self) -> list[Described]:
        return [self.own, *(each.side.described for each in self.before)]

    def check(self, row: Row, place: str, report: Report) -> None:
        """A row of an earlier wave against the second path."""
        wave = earlier.wave_of(row["statistic"])
        names = [each.name for each in self.before]
        if not report.check(wave in names, _FILE, place, f"the wave '{wave}'", ", ".join(names)):
            return
        report.checked["values of earlier waves"] += 1
        number, (stem, _) = names.index(wave), earlier.split(row["id"])
        own = ".".join(p for p in (row["question"], row["answer"], row["item"]) if p)
        value = earlier.is_value(row["statistic"])
        report.equal(stem, own if value else f"{own}:base", _FILE, place)
        side = self.before[number].side
        if not value:
            count = len(side.base(row["question"], row["item"]))
            report.equal_columns(
                row, {"base": count, "value": count, "text": f"{count:,}"}, _FILE, place
            )
            return
        matched = counterparts(self._rounds, row["question"], row["answer"], row["item"])
        self._percentage(row, self.before[number], matched[number], place, report)

    def _percentage(
        self, row: Row, before: Before, matched: Counterpart, place: str, report: Report
    ) -> None:
        if matched.reason:
            told = {"text": earlier.NOT_COMPARED, "change_note": matched.reason, "base": 0}
            report.equal_columns(row, told | {"suppressed": False}, _FILE, place)
            report.near(row["value"], math.nan, _NEAR, _FILE, f"{place}, value")
            return
        name, item = row["question"], row["item"]
        found = before.side.share(name, item, matched.options)
        share, base = found.value, found.base
        few = len(base) < before.side.described.survey.minimum_base
        hidden = bool(base) and (few or (name, item) in before.hidden)
        told = {"base": len(base), "suppressed": hidden, "change_note": ""}
        report.equal_columns(row, told, _FILE, place)
        if share is None or hidden:
            report.equal_columns(row, {"text": "[c]" if hidden else "[x]"}, _FILE, place)
            report.near(row["value"], math.nan, _NEAR, _FILE, f"{place}, value")
            return
        texts = {f"{half_up(share + Fraction(s, 10**9))}%" for s in (-1, 0, 1)}
        told_by = " or ".join(sorted(texts))
        report.check(row["text"] in texts, _FILE, f"{place}, text", row["text"], told_by)
        sure = before.sure(found)
        for column, expected in (
            ("value", float(share)),
            ("standard_error", 100 * sure.standard_error),
            ("lower", 100 * sure.lower),
            ("upper", 100 * sure.upper),
        ):
            report.near(row[column], expected, _NEAR, _FILE, f"{place}, {column}")


def hidden_in(rows: Iterable[Row], weighted: bool) -> frozenset[tuple[str, str]]:
    """What an edition of a wave hides of its percentages over everyone: question and item."""
    return frozenset(
        (row["question"], row["item"])
        for row in rows
        if row["weighted"] == weighted and row["suppressed"] and not row["subset"]
        if row["statistic"] == "percent"
    )


def named_of(
    own: Described, before: Described, known: Mapping[str, Expected]
) -> dict[str, Expected]:
    """Numbers about an earlier wave, by id; `known` are its own that count no closed answers."""
    names = ("wave.title", "fieldwork.start", "fieldwork.end", *own.survey.sample)
    return {earlier.id_in(name, before.name): known[name] for name in names if name in known}
