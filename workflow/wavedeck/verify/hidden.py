"""What has to be hidden, and an attack on it.

Which groups are hidden is worked out again from the raw answers. Then the table is attacked: every
sum that it shows is an equation over kinds of respondents, and exact elimination tries to solve for
each group that is too small, and for the few that two groups share or that one has besides. The
elimination shares nothing with the pipeline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import permutations

import numpy as np

from wavedeck.statistics.disclosure import Group, Key, Protection
from wavedeck.statistics.zeros import protect_with_zeros
from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, Survey, TextQuestion
from wavedeck.verify.failures import Report
from wavedeck.verify.meaning import CHOSEN, base_key
from wavedeck.verify.raw import Response, Row
from wavedeck.verify.recompute import Expected, inside

Base = tuple[str, str]
"""Question and item, "" where estimates of the question share one base."""
COUNTS, SHARES = ("count", "mentions"), ("percent", "mean", "median")


@dataclass(frozen=True)
class Shown:
    """The groups of a base, by what the table shows of them."""

    groups: dict[Key, frozenset[int]]
    """Kinds of respondents in each."""
    sizes: list[int]
    """Respondents by kind."""
    few: frozenset[Key]
    """Groups under the minimum base."""
    given: tuple[tuple[int, ...], ...] = ()
    """For each answer, those who gave it by kind."""


class Hiding:
    """Groups of every base of a table of estimates."""

    def __init__(self, survey: Survey, responses: list[Response], rows: list[Row]) -> None:
        self._survey = survey
        self._responses = responses
        subsets = sorted(
            {row["subset"] for row in rows if row["question"] and row["effective_base"]}
        )
        given = [response.answers for response in responses]
        self._subsets = {name: frozenset(inside(survey, given, name)) for name in subsets}
        self._weighted = frozenset(i for i, r in enumerate(responses) if r.weight > 0)
        self.bases: dict[Base, list[Row]] = {}
        for row in rows:
            if row["effective_base"] and row["item"] != "*":
                self.bases.setdefault(self.base_of(row), []).append(row)
        self.shown = cache(self._shown_now)
        self._protection = cache(self._protection_now)
        self._known: dict[object, Protection] = {}

    def base_of(self, row: Row) -> Base:
        ranking = isinstance(self._survey.questions.get(row["question"]), RankingQuestion)
        return row["question"], "" if ranking else row["item"]

    def expected(self, row: Row, plain: Expected) -> Expected:
        """`plain`, hidden where it has to be."""
        base = self.base_of(row)
        apart = not row["effective_base"] or row["item"] == "*" or row["statistic"] == "base"
        if apart or base not in self.bases:
            return plain
        shown, key = self.shown(base), (row["weighted"], row["subset"])
        protection = self._protection(base)
        counts = key in protection.counts and row["statistic"] in COUNTS
        if key in shown.few or key in protection.groups or counts:
            return replace(plain, text="[c]", other_text="", suppressed=True)
        return plain

    def _shown_now(self, base: Base) -> Shown:
        keys = dict.fromkeys((row["weighted"], row["subset"]) for row in self.bases[base])
        who = {i for i, r in enumerate(self._responses) if self._answered(r, *base)}
        within = {
            (weighted, name): who & self._subsets[name] & (self._weighted if weighted else who)
            for weighted, name in keys
        }
        kinds = Counter(frozenset(key for key in keys if i in within[key]) for i in who)
        order = sorted(kinds, key=lambda kind: sorted(kind))
        groups = {
            key: frozenset(place for place, kind in enumerate(order) if key in kind) for key in keys
        }
        few = {key for key in keys if key[1] and len(within[key]) < self._survey.minimum_base}
        kind_of = {i: frozenset(key for key in keys if i in within[key]) for i in who}
        given = []
        for members in self._givers(*base):
            number = Counter(kind_of[i] for i in members & who)
            given.append(tuple(number[kind] for kind in order))
        return Shown(groups, [kinds[kind] for kind in order], frozenset(few), tuple(given))

    def _givers(self, question: str, item: str) -> Iterator[set[int]]:
        """For each answer, or item of a ranking, the responses that gave it."""
        asked, all_ = self._survey.questions[question], list(enumerate(self._responses))
        if isinstance(asked, RankingQuestion):
            yield from (
                {i for i, r in all_ if f"{question}.{item}" in r.answers} for item in asked.items
            )
            return
        scale, key = self._survey.scale_of(question), base_key(self._survey, question, item)
        for answer in scale.answers:
            if isinstance(asked, MultiQuestion | NumberQuestion | TextQuestion):
                name = f"{question}.{answer}"
                yield {i for i, r in all_ if r.answers.get(name) == CHOSEN}
            else:
                members = frozenset(scale.members(answer))
                yield {i for i, r in all_ if r.answers.get(key) in members}

    def _protection_now(self, base: Base) -> Protection:
        shown = self.shown(base)
        known = (tuple(shown.groups.items()), tuple(shown.sizes), shown.few, shown.given)
        if known not in self._known:
            groups = []
            for key, kinds in shown.groups.items():
                members = np.zeros(len(shown.sizes), dtype=np.int64)
                for kind in kinds:
                    members[kind] = shown.sizes[kind]
                groups.append(Group(key, self.family(key[1]), members))
            given = [np.array(number) for number in shown.given]
            minimum = self._survey.minimum_base
            self._known[known] = protect_with_zeros(groups, shown.few, minimum, given)
        return self._known[known]

    def family(self, subset: str) -> str:
        """The question that makes a group, where others know its answers of a respondent."""
        by, survey = subset.partition(".")[0], self._survey
        named = {*survey.banner, *survey.attribution, *survey.outside_frame}
        return by if by in named | set(survey.frame.questions if survey.frame else ()) else ""

    def small_parts(self, shown: Shown) -> dict[Key, frozenset[int]]:
        """Too few respondents who are all that two groups share, or that one has besides."""
        named = [key for key, kinds in shown.groups.items() if kinds and self.family(key[1])]
        known = set(shown.groups.values())
        found: dict[Key, frozenset[int]] = {}
        for one, other in permutations(named, 2):
            if one[0] != other[0]:
                continue
            own, theirs = shown.groups[one], shown.groups[other]
            for sign, members in (("and", own & theirs), ("without", own - theirs)):
                people = sum(shown.sizes[kind] for kind in members)
                if 0 < people < self._survey.minimum_base and members not in known:
                    known.add(members)
                    found[one[0], f"{one[1]} {sign} {other[1]}"] = members
        return found

    def _answered(self, response: Response, question: str, item: str) -> bool:
        """Whether a response is in the base."""
        if isinstance(self._survey.questions[question], RankingQuestion):
            return any(name.startswith(f"{question}.") for name in response.answers)
        return base_key(self._survey, question, item) in response.answers


def check_hidden(hiding: Hiding, report: Report) -> None:
    """No group under the minimum base can be had from what the table shows by subtraction."""
    file, known = "estimates.parquet", set()
    for base, rows in hiding.bases.items():
        shown = hiding.shown(base)
        counts, shares = _told(rows, COUNTS), _told(rows, SHARES)
        # Without weights, a share of a base is a count.
        counts |= {key for key in shares if not key[0]}
        what = (frozenset(shown.groups.items()), frozenset(counts), frozenset(shares))
        report.checked["attacks on hidden groups"] += len(shown.few)
        for weighted, subset in _told_by_zeros(hiding, shown, counts):
            place = f"{'.'.join(filter(None, base))}@{subset}"
            place += f" ({'weighted' if weighted else 'unweighted'})"
            report.check(
                False, file, place, "too few people, whom zeros tell", "none that they tell"
            )
        if what in known:
            continue
        known.add(what)
        few = {key: shown.groups[key] for key in shown.few if hiding.family(key[1])}
        parts = hiding.small_parts(shown)
        report.checked["attacks on the few that two groups differ by"] += len(parts)
        for weighted, subset in _found(hiding, shown, few | parts, counts, shares):
            place = f"{'.'.join(filter(None, base))}@{subset}"
            place += f" ({'weighted' if weighted else 'unweighted'})"
            report.check(
                False, file, place, "too few people, whom subtraction finds", "none that it finds"
            )


def _told(rows: list[Row], statistics: tuple[str, ...]) -> set[Key]:
    """Groups of which the table shows at least one number of some kinds."""
    found = [row for row in rows if row["statistic"] in statistics and not row["suppressed"]]
    return {(row["weighted"], row["subset"]) for row in found}


def _found(
    hiding: Hiding,
    shown: Shown,
    targets: Mapping[Key, frozenset[int]],
    counts: set[Key],
    shares: set[Key],
) -> Iterator[Key]:
    """Those of the targets that follow from counts, or weighted ones from weighted shares."""
    if not any(targets.values()):
        return
    # Nobody knows who is in a group by opinion: nothing can be subtracted from it.
    known = {key for key in shown.groups if not key[1] or hiding.family(key[1])}
    by_counts = _eliminated(shown.groups[key] for key in counts & known)
    by_shares = _eliminated(shown.groups[key] for key in shares & known if key[0])
    for key in sorted(targets):
        members = targets[key]
        if not members or members == shown.groups.get((key[0], "")):
            continue  # nobody; or everyone: as open as the total
        if solves(by_counts, members) or (key[0] and solves(by_shares, members)):
            yield key


def _told_by_zeros(hiding: Hiding, shown: Shown, counts: set[Key]) -> Iterator[Key]:
    """Groups under the minimum base whose number of an answer, not 0, follows from the counts and
    from what zeros among them tell of single kinds."""
    few = {key: shown.groups[key] for key in shown.few if hiding.family(key[1])}
    few = {key: members for key, members in few.items() if members}
    if not few:
        return
    named = {key: shown.groups[key] for key in counts if not key[1] or hiding.family(key[1])}
    sums = set(named.values())
    sums |= {one - other for one in named.values() for other in named.values() if other < one}
    for edition in (False, True):
        for family in {hiding.family(key[1]) for key in named if key[1]}:
            own = [m for k, m in named.items() if k[0] == edition and hiding.family(k[1]) == family]
            union = frozenset().union(*own)
            if (edition, "") in named and sum(map(len, own)) == len(union):
                sums.add(named[edition, ""] - union)
    told = set()
    for number in shown.given:
        none = frozenset().union(*(m for m in sums if not any(number[kind] for kind in m)))
        left = {key: members - none for key, members in few.items() if key not in told}
        left = {key: members for key, members in left.items() if members}
        if left and none and any(number):
            equations = _eliminated(members - none for members in named.values())
            told |= {key for key, members in left.items() if solves(equations, members)}
    yield from sorted(told)


Equation = dict[int, Fraction]


def _eliminated(groups: Iterable[frozenset[int]]) -> dict[int, Equation]:
    """Equations in echelon form, by the kind that leads each."""
    found: dict[int, Equation] = {}
    for members in sorted(set(groups), key=lambda group: (len(group), sorted(group))):
        rest = _reduced(found, members)
        if rest:
            lead = min(rest)
            found[lead] = {kind: factor / rest[lead] for kind, factor in rest.items()}
    return found


def solves(equations: dict[int, Equation], members: frozenset[int]) -> bool:
    """Whether the sum over some kinds follows from the equations."""
    return not _reduced(equations, members)


def _reduced(equations: dict[int, Equation], members: Iterable[int]) -> Equation:
    rest: Equation = dict.fromkeys(members, Fraction(1))
    waiting = sorted(rest)
    while waiting:
        lead = waiting.pop(0)
        if lead not in rest or lead not in equations:
            continue
        factor = rest[lead]
        for kind, value in equations[lead].items():
            left = rest.get(kind, Fraction(0)) - factor * value
            if left:
                if kind not in rest:
                    waiting.append(kind)
                rest[kind] = left
            else:
                rest.pop(kind, None)
        waiting.sort()
    return rest
