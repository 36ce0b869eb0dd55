"""Every estimate a second time, from the raw cells, on a path of its own.

The pipeline codes answers into integers and counts with numpy; this counts the codebook's names in
plain Python, with exact whole numbers: weights are scaled by a power of two, as floats are. The
codebook, the ledger of cleaning and the weights are all that the two share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, Survey, TextQuestion
from wavedeck.verify.meaning import CHOSEN, NOT_CHOSEN, base_key, key_of
from wavedeck.verify.raw import Response

Row = Mapping[str, Any]

HAIR = Fraction(1, 10**9)
"""How far a weighted value may be from the exact one."""


@dataclass(frozen=True)
class Expected:
    """What an estimate must say; numbers are exact."""

    value: Fraction | None
    """None where nobody is in the base."""
    text: str
    numerator: Fraction | None
    base: int
    weighted_base: Fraction
    effective_base: Fraction
    suppressed: bool = False
    exact: bool = True
    """False for what weights make, whichever the edition."""
    other_text: str = ""
    """Set where a weighted value is so near to a half that floats may round it either way."""


@dataclass
class Tally:
    """Respondents, their weights and the squares of these."""

    count: int = 0
    weight: int = 0
    squares: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count, self.weight + other.weight, self.squares + other.squares
        )


Tallies = dict[str, Tally]
"""By option, or by rank."""


class Recount:
    """Counts of one edition over kept responses."""

    def __init__(self, survey: Survey, responses: list[Response], weighted: bool) -> None:
        self._survey = survey
        self._weighted = weighted
        self.responses = inside = [r for r in responses if not weighted or r.weight > 0]
        self._answers = [r.answers for r in inside]
        weights = [r.weight if weighted else Fraction(1) for r in inside]
        self._unit = math.lcm(*(w.denominator for w in weights))
        self._weights = [int(w * self._unit) for w in weights]
        self._inside = cache(self._inside_now)
        self._tallies = cache(self._tallies_now)
        self._members = cache(self._members_now)

    def expected(self, estimate: Row) -> Expected | None:
        """The estimate of a row of the table; None where it counts no closed answers."""
        name, answer = estimate["question"], estimate["answer"]
        question = self._survey.questions.get(name)
        if question is None:
            return None
        if isinstance(question, TextQuestion):
            if estimate["statistic"] not in ("percent", "count", "base"):
                return None  # mentions, and the agreement of coders
        elif self._survey.open_text(name, answer):  # themes of what respondents wrote in
            return None
        if isinstance(question, NumberQuestion) and estimate["statistic"] in ("mean", "median"):
            return self._number(name, estimate["subset"], estimate["statistic"])
        if isinstance(question, RankingQuestion):
            return self._ranked(name, question, estimate)
        if estimate["item"] == "*":
            return self._extreme(name, estimate)
        return self._share(name, estimate["item"], answer, estimate["subset"], estimate)

    def crossed(self, estimate: Row) -> dict[int, tuple[str, str]]:
        """Each respondent's cell in the crosstab behind a test, by place among `responses`."""
        name, by = estimate["question"], estimate["subset"]
        found = {}
        for place, given in enumerate(self._answers):
            row, column = self._given(given, name, estimate["item"]), self._given(given, by, "")
            if row and column and column != NOT_CHOSEN:
                found[place] = row, column
        return found

    def _given(self, given: Mapping[str, str], name: str, item: str) -> str:
        """The one answer to a question; of several that can be chosen apart, the chosen one."""
        several = MultiQuestion | NumberQuestion | TextQuestion
        if not isinstance(self._survey.questions[name], several):
            return given.get(key_of(name, item), "")
        scale = self._survey.scale_of(name)
        options = [o for o, option in scale.options.items() if not option.missing]
        chosen = [o for o in options if given.get(f"{name}.{o}") == CHOSEN]
        if chosen:
            return chosen[0]
        return NOT_CHOSEN if base_key(self._survey, name, item) in given else ""

    def values(self, estimate: Row) -> dict[int, float]:
        """What each respondent of the base, by place among `responses`, counts for: 0 or 1 for
        a share, a score or a number for a mean."""
        name, item, answer = estimate["question"], estimate["item"], estimate["answer"]
        question, places = self._survey.questions[name], self._inside(estimate["subset"])
        if isinstance(question, RankingQuestion):
            top = len(question.items) + 1
            given = ((place, self._answers[place].get(f"{name}.{item}")) for place in places)
            return {place: float(top - int(rank)) for place, rank in given if rank is not None}
        key = base_key(self._survey, name, item)
        base = {place: self._answers[place] for place in places if key in self._answers[place]}
        if estimate["statistic"] in ("mean", "median"):
            return {place: float(Fraction(given[key])) for place, given in base.items()}
        if isinstance(question, MultiQuestion | NumberQuestion | TextQuestion):
            own = f"{name}.{answer}"
            return {place: float(given.get(own) == CHOSEN) for place, given in base.items()}
        members = self._members(name, answer)
        return {place: float(given[key] in members) for place, given in base.items()}

    def _share(self, name: str, item: str, answer: str, subset: str, estimate: Row) -> Expected:
        tallies = self._tallies(base_key(self._survey, name, item), subset)
        base = sum(tallies.values(), Tally())
        bases = (base.count, *self._bases(base))
        statistic = estimate["statistic"]
        if statistic == "base":
            exact = Fraction(base.count)
            return Expected(exact, f"{base.count:,}", exact, *bases)
        if isinstance(self._survey.questions[name], MultiQuestion | NumberQuestion | TextQuestion):
            chosen = self._tallies(f"{name}.{answer}", subset).get(CHOSEN, Tally())
        else:
            chosen = sum((tallies.get(o, Tally()) for o in self._members(name, answer)), Tally())
        hidden = bool(subset) and base.count < self._survey.minimum_base
        if statistic == "count":
            exact = Fraction(chosen.count)
            text = "[c]" if hidden else f"{chosen.count:,}"
            return Expected(exact, text, exact, *bases, suppressed=hidden)
        share = Fraction(100 * chosen.weight, base.weight) if base.count else None
        numerator = Fraction(chosen.weight, self._unit)
        if hidden or share is None:
            text = "[c]" if hidden else "[x]"
            return Expected(share, text, numerator, *bases, suppressed=hidden)
        text, other = (f"{shown}%" for shown in self._rounded(share, 0))
        return Expected(share, text, numerator, *bases, other_text=other)

    def _extreme(self, name: str, estimate: Row) -> Expected | None:
        items = self._survey.questions[name].items  # type: ignore[union-attr]
        each = {"statistic": "percent"}
        parts = [self._share(name, item, estimate["answer"], "", each) for item in items]
        found = [part for part in parts if part.value is not None]
        choose = max if estimate["statistic"] == "max" else min
        return choose(found, key=lambda part: part.value or 0) if found else None

    def _ranked(self, name: str, question: RankingQuestion, estimate: Row) -> Expected:
        subset, statistic = estimate["subset"], estimate["statistic"]
        if statistic in ("base", "mentions"):
            whole = self._tallies(f"{name}.", subset).get("any", Tally())
            count = whole.count
            if statistic == "mentions":
                ranked = self._tallies(f"{name}.{estimate['item']}", subset)
                count = sum(tally.count for tally in ranked.values())
            exact = Fraction(count)
            return Expected(exact, f"{count:,}", exact, whole.count, *self._bases(whole))
        tallies = self._tallies(f"{name}.{estimate['item']}", subset)
        base = sum(tallies.values(), Tally())
        top = len(question.items) + 1
        total = sum((top - int(rank)) * tally.weight for rank, tally in tallies.items())
        mean = Fraction(total, base.weight) if base.count else None
        text, other = ("[x]", "[x]") if mean is None else self._rounded(mean, 1)
        bases = (base.count, *self._bases(base))
        return Expected(mean, text, Fraction(total, self._unit), *bases, other_text=other)

    def _number(self, name: str, subset: str, statistic: str) -> Expected:
        tallies = self._tallies(name, subset)
        base = sum(tallies.values(), Tally())
        hidden = bool(subset) and base.count < self._survey.minimum_base
        bases = (base.count, *self._bases(base))
        if not base.count:
            text = "[c]" if hidden else "[x]"
            return Expected(None, text, Fraction(0), *bases, suppressed=hidden)
        weights: dict[Fraction, int] = {}
        for text, tally in tallies.items():
            weights[Fraction(text)] = weights.get(Fraction(text), 0) + tally.weight
        total = sum((value * weight for value, weight in weights.items()), Fraction(0))
        value = total / base.weight if statistic == "mean" else median(weights)
        top = total / self._unit if statistic == "mean" else value
        text, other = ("[c]", "[c]") if hidden else self._rounded(value, 1, exact=False)
        # Numbers with decimals are sums of floats in either edition.
        return Expected(value, text, top, *bases, hidden, exact=False, other_text=other)

    def _rounded(self, value: Fraction, places: int, exact: bool = True) -> tuple[str, str]:
        """A value as text, and as text a hair off where sums of floats made it."""
        text = half_up(value, places)
        if not self._weighted and exact:
            return text, text
        below, above = half_up(value - HAIR, places), half_up(value + HAIR, places)
        return text, above if text == below else below

    def _bases(self, base: Tally) -> tuple[Fraction, Fraction]:
        """Weighted base and Kish's effective base."""
        effective = Fraction(base.weight**2, base.squares) if base.squares else Fraction(0)
        return Fraction(base.weight, self._unit), effective

    def _tallies_now(self, key: str, subset: str) -> Tallies:
        """By answer, within a subset. A key that ends in a stop is a whole ranking question."""
        found: Tallies = {}
        for place in self._inside(subset):
            answers = self._answers[place]
            if key.endswith("."):
                answer = "any" if any(name.startswith(key) for name in answers) else None
            else:
                answer = answers.get(key)
            if answer is not None:
                tally = found.setdefault(answer, Tally())
                weight = self._weights[place]
                tally.count += 1
                tally.weight += weight
                tally.squares += weight * weight
        return found

    def _inside_now(self, subset: str) -> list[int]:
        return inside(self._survey, self._answers, subset)

    def _members_now(self, question: str, answer: str) -> frozenset[str]:
        return frozenset(self._survey.scale_of(question).members(answer))


def inside(survey: Survey, given: Sequence[Mapping[str, str]], subset: str) -> list[int]:
    """Places of the respondents of a subset; `given` are the answers of each."""
    if not subset:
        return list(range(len(given)))
    key, _, answer = subset.partition(".")
    if answer == "answered":
        key = base_key(survey, key)
        return [place for place, answers in enumerate(given) if key in answers]
    if isinstance(survey.questions[key], MultiQuestion | NumberQuestion | TextQuestion):
        name = f"{key}.{answer}"
        return [place for place, answers in enumerate(given) if answers.get(name) == CHOSEN]
    members = frozenset(survey.scale_of(key).members(answer))
    return [place for place, answers in enumerate(given) if answers.get(key) in members]


def median(weights: Mapping[Fraction, int]) -> Fraction:
    """The middle between the least value that half of the weight does not exceed and the greatest
    that half of it reaches; sums a billionth of all off half count as half, as floats may be."""
    total = sum(weights.values())
    enough = Fraction(total, 2) - HAIR * total
    values = sorted(weights)

    def first(ordered: list[Fraction]) -> Fraction:
        so_far = 0
        for value in ordered:
            so_far += weights[value]
            if so_far >= enough:
                return value
        raise AssertionError("all of the weight is at least half of it")

    return (first(values) + first(values[::-1])) / 2


def half_up(value: Fraction, places: int = 0) -> str:
    """A number rounded half up, as text."""
    whole = math.floor(abs(value) * 10**places + Fraction(1, 2))
    sign = "-" if value < 0 else ""
    if places == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}"
