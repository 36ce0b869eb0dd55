"""Change since the wave before, a second time: from both raw workbooks, in a way of its own.

Shares and what adds up to their errors are those of `side.py`; p is had by integrating the
density of t. Which options compare with which is the codebook's word (`survey.comparable`), which
both paths share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from wavedeck.survey.comparable import Counterpart, Described, counterpart
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row
from wavedeck.verify.recompute import Expected, half_up
from wavedeck.verify.side import Share, Side

STATISTICS = ("previous", "previous_base", "change")
_NEAR = 1e-7
"""Of errors and p, relative above 1: sums and integrals of floats."""
_STEPS = 4000


@dataclass(frozen=True)
class Then:
    """Both waves of one edition."""

    now: Side
    before: Side
    hidden: frozenset[tuple[str, str]] = frozenset()
    """What the wave before hides of its percentages over everyone: question and item."""

    def check(self, row: Row, known: Mapping[str, Row], place: str, report: Report) -> None:
        """A row of the table against the second path; `known` are the edition's rows by id."""
        statistic = row["statistic"]
        if statistic == "percent":
            self._percent(row, known, place, report)
        elif statistic == "previous_base":
            count = len(self.before.base(row["question"], row["item"]))
            report.equal_columns(
                row, {"base": count, "value": count, "text": f"{count:,}"}, _FILE, place
            )
        else:
            # What a row of a change or of a value then says, the percentage's row says too.
            stem = known.get(str(row["id"]).rpartition(":")[0])
            report.check(stem is not None, _FILE, place, "no share that it belongs to", "a share")
            if stem is not None:
                report.equal_columns(row, {"change_note": stem["change_note"]}, _FILE, place)

    def _percent(self, row: Row, known: Mapping[str, Row], place: str, report: Report) -> None:
        name, item, answer = row["question"], row["item"], row["answer"]
        question = self.now.described.survey.questions[name]
        asked = question.type in ("single", "grid", "multi")
        if row["subset"] or item == "*" or not asked or getattr(question, "required", False):
            report.equal_columns(row, {"change_note": ""}, _FILE, place)
            return
        sides = self.now.described, self.before.described
        matched = counterpart(*sides, name, answer, item)
        if matched.options and (name, item) in self.hidden:
            matched = Counterpart(reason=f"not shown in {self.before.described.wave.title}")
        then, change = known.get(f"{row['id']}:previous"), known.get(f"{row['id']}:change")
        if then is None or change is None:
            report.check(False, _FILE, place, "no rows of the wave before", "two")
            return
        report.checked["changes"] += 1
        if not matched.options:
            report.equal_columns(row, {"change_note": matched.reason}, _FILE, place)
            for other in (then, change):
                report.equal_columns(
                    other, {"text": "not comparable"}, _FILE, f"{place}, {other['id']}"
                )
            return
        self._compared(row, then, change, matched.options, place, report)

    def _compared(
        self,
        row: Row,
        then: Row,
        change: Row,
        options: Sequence[str],
        place: str,
        report: Report,
    ) -> None:
        name, item = row["question"], row["item"]
        members = self.now.described.survey.scale_of(name).members(row["answer"])
        sides = self.now.share(name, item, members), self.before.share(name, item, options)
        own, theirs = (side.value for side in sides)
        bases = [len(side.base) for side in sides]
        report.equal_columns(then, {"base": bases[1]}, _FILE, f"{place}, base then")
        if theirs is not None:
            texts = {f"{half_up(theirs + Fraction(s, 10**9))}%" for s in (-1, 0, 1)}
            holds = then["text"] in texts
            told = " or ".join(sorted(texts))
            report.check(holds, _FILE, f"{place}, text then", then["text"], told)
            report.near(then["value"], float(theirs), _NEAR, _FILE, f"{place}, value then")
        if min(bases) < self.now.described.survey.minimum_base:
            report.equal_columns(row, {"change_note": "too few answers to compare"}, _FILE, place)
            return
        assert own is not None and theirs is not None
        error, p = self._test(*sides)
        points = own - theirs
        report.near(row["previous"], float(theirs), _NEAR, _FILE, f"{place}, previous")
        report.near(row["change"], float(points), _NEAR, _FILE, f"{place}, change")
        report.near(change["value"], float(points), _NEAR, _FILE, f"{place}, value of the change")
        report.near(row["change_se"], error, _NEAR, _FILE, f"{place}, change_se")
        report.near(row["change_p"], p, _NEAR, _FILE, f"{place}, change_p")
        note = "none" if not p < 0.05 else "up" if points > 0 else "down"
        report.equal_columns(row, {"change_note": note}, _FILE, place)
        text = "no clear change" if note == "none" else _points(points)
        report.equal_columns(change, {"text": text, "base": bases[0]}, _FILE, f"{place}, change")

    def _test(self, now: Share, before: Share) -> tuple[float, float]:
        """Standard error of the change, and the two-sided p."""
        sides = ((self.now, now), (self.before, before))
        own, theirs = (side.totals(share) for side, share in sides)
        variances = [
            _variance(side, totals) if share.value not in (0, 100) else side.at_the_end(share)
            for (side, share), totals in zip(sides, (own, theirs), strict=True)
        ]
        both = [o for o in own if o in theirs and self.now.strata[o] == self.before.strata[o]]
        shared = 0.0
        for stratum in (0, 1):
            here = [o for o in both if self.now.strata[o] == stratum]
            shared += self._shared(here, stratum, own, theirs)
        gross = sum(variances)
        variance = gross - 2 * shared
        error = math.sqrt(variance) if variance > 1e-14 * gross else 0.0
        freedom = [side.freedom(share) for side, share in sides]
        df = sum(freedom) - min(max(len(both) - 1, 0), *freedom)
        if not error or df <= 0:
            return error, math.nan
        points = (now.value or 0) - (before.value or 0)
        return error, _p(float(points) / error, df)

    def _shared(
        self,
        here: Sequence[str],
        stratum: int,
        own: Mapping[str, float],
        theirs: Mapping[str, float],
    ) -> float:
        """Covariance through the organisations of a stratum that are in both waves."""
        if len(here) < 2:
            return 0.0
        pairs = np.array([(own[o], theirs[o]) for o in here])
        spread = pairs.std(axis=0)
        if not spread.all():
            return 0.0
        correlation = float(np.mean(np.prod(pairs - pairs.mean(axis=0), axis=1)) / spread.prod())
        whole = []
        for side, totals in ((self.now, own), (self.before, theirs)):
            values = [t for o, t in totals.items() if side.strata[o] == stratum]
            whole.append((len(values), len(values) * float(np.std(values, ddof=1))))
        size = math.inf if stratum else max(self.now.population, self.before.population)
        (n, first), (m, second) = whole
        return (len(here) / (n * m) - 1 / size) * correlation * first * second


def _variance(side: Side, totals: Mapping[str, float]) -> float:
    found = 0.0
    for stratum in set(side.strata.values()):
        values = [t for o, t in totals.items() if side.strata[o] == stratum]
        size = math.inf if stratum else side.population
        n = len(values)
        found += max(0.0, 1 - n / size) * n * float(np.var(values, ddof=1))
    return found


def _p(t: float, df: float) -> float:
    """Two-sided, by Simpson's rule over the density of Student's t."""
    constant = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    grid = np.linspace(0.0, abs(t), _STEPS + 1)
    density = np.exp(constant - (df + 1) / 2 * np.log1p(grid**2 / df))
    weights = np.full(_STEPS + 1, 2.0)
    weights[1::2], weights[[0, -1]] = 4.0, 1.0
    return max(0.0, 1 - 2 * float(weights @ density) * abs(t) / _STEPS / 3)


def _points(points: Fraction) -> str:
    size = half_up(abs(points))
    words = "less than 1 point" if size == "0" else f"{size} point{'' if size == '1' else 's'}"
    return f"{'up' if points > 0 else 'down'} {words}"


_FILE = "estimates.parquet"


def named_of(
    now: Described, known: Mapping[str, Expected], sides: tuple[Side, Side]
) -> dict[str, Expected]:
    """Numbers about the wave before, by id; `known` are its own that count no closed answers."""
    names = ("wave.title", "fieldwork.start", "fieldwork.end", *now.survey.sample)
    found = {f"{name}:previous": known[name] for name in names if name in known}
    both = {sides[0].unit(r) for r in sides[0].responses}
    both &= {sides[1].unit(r) for r in sides[1].responses}
    count = Fraction(len(both))
    nobody = Fraction(0)
    found["overlap.organisations"] = Expected(count, f"{len(both):,}", count, 0, nobody, nobody)
    return found
