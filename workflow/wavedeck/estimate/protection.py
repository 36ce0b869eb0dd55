"""Hides what would give a hidden group away, in the estimates of both editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from wavedeck import masks
from wavedeck.estimate.sample import Sample, subsets_of
from wavedeck.estimate.table import Estimate
from wavedeck.statistics.disclosure import Group, Key, Protection, protect
from wavedeck.statistics.zeros import protect_with_zeros
from wavedeck.survey import RankingQuestion, Survey

COUNTS = ("count", "mentions")
"""Statistics that are numbers of respondents who gave an answer; bases are always shown."""


class Base(NamedTuple):
    """Estimates that share a base: a question, or a row of a grid."""

    question: str
    item: str


def protected(
    found: Sequence[Estimate], survey: Survey, samples: Sequence[Sample]
) -> list[Estimate]:
    """The estimates, with more of them hidden where `disclosure.protect` says so."""
    hidden: dict[Base, set[Key]] = {}
    for entry in found:
        if entry.subset and (entry.suppressed or _few_ranked(entry, survey)):
            hidden.setdefault(_base_of(entry, survey), set()).add((entry.weighted, entry.subset))
    seen = _Memberships(survey, samples)
    protections = {
        base: seen.protection(base, hidden.get(base, set()), survey.minimum_base)
        # Numbers without a base of their own: facts, themes of open text, extremes over items.
        for base in dict.fromkeys(_base_of(e, survey) for e in found if e.effective_base)
        if base.item != "*"
    }
    return [
        _hide(entry, protections.get(base), hidden.get(base, set()))
        for entry in found
        for base in (_base_of(entry, survey),)
    ]


def _few_ranked(entry: Estimate, survey: Survey) -> bool:
    """Mentions carry the base of their whole question; the other kinds hide what is too few."""
    ranking = isinstance(survey.questions.get(entry.question), RankingQuestion)
    return ranking and entry.statistic == "mentions" and entry.base < survey.minimum_base


def _base_of(entry: Estimate, survey: Survey) -> Base:
    ranking = isinstance(survey.questions.get(entry.question), RankingQuestion)
    return Base(entry.question, "" if ranking else entry.item)


def _hide(entry: Estimate, protection: Protection | None, few: set[Key]) -> Estimate:
    if protection is None or entry.statistic == "base" or entry.suppressed:
        return entry
    if not entry.effective_base:  # themes of what was written in stand under their question too
        return entry
    key = (entry.weighted, entry.subset)
    if key in few | protection.groups or (key in protection.counts and entry.statistic in COUNTS):
        return entry._replace(text="[c]", suppressed=True)
    return entry


class _Memberships:
    """Who is in which subset, by kinds of respondents, for one question after another."""

    def __init__(self, survey: Survey, samples: Sequence[Sample]) -> None:
        self._survey, self._samples = survey, samples
        self._subsets = subsets_of(survey, samples[0])
        every = {name: mask for found in self._subsets.values() for name, mask in found.items()}
        names = list(every)
        columns = [*every.values(), *(sample.weights > 0 for sample in samples)]
        table, kinds = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
        self._kinds = kinds.reshape(-1)
        self._in_subset = {name: table[:, place] for place, name in enumerate(names)}
        self._in_edition = [table[:, len(names) + place] for place in range(len(samples))]
        self._known: dict[tuple[bytes, str, frozenset[Key]], Protection] = {}

    def protection(self, base: Base, hidden: set[Key], minimum: int) -> Protection:
        who = _answered(self._survey, self._samples[0], base)
        kinds = np.flatnonzero(np.bincount(self._kinds[who]))
        counted = np.bincount(self._kinds[who], minlength=len(self._in_edition[0]))
        groups = list(self._groups(base.question, counted))

        def protecting(keys: frozenset[Key]) -> Protection:
            # Most questions were answered by the same people.
            known = (counted.tobytes(), ",".join(self._subsets[base.question]), keys)
            if known not in self._known:
                self._known[known] = protect(groups, keys, minimum)
            return self._known[known]

        if not hidden:  # zeros tell of hidden groups alone
            return protecting(frozenset())
        given = [
            np.bincount(self._kinds[gave & who], minlength=len(counted))[kinds]
            for gave in _given(self._survey, self._samples[0], base)
        ]
        return protect_with_zeros(groups, hidden, minimum, given, protecting)

    def _groups(self, question: str, counted: np.ndarray) -> Iterator[Group]:
        some = counted > 0
        for sample, inside in zip(self._samples, self._in_edition, strict=True):
            for subset in self._subsets[question]:
                members = (counted * inside * self._in_subset[subset])[some]
                yield Group((sample.weighted, subset), self._family(subset), members)

    def _family(self, subset: str) -> str:
        by = subset.partition(".")[0]
        return by if by in identifying(self._survey) else ""


def identifying(survey: Survey) -> set[str]:
    """Questions whose answers others know of a respondent: groups by them can name someone."""
    frame = survey.frame.questions if survey.frame else []
    return {*survey.banner, *survey.attribution, *frame, *survey.outside_frame}


def _given(survey: Survey, sample: Sample, base: Base) -> Iterator[np.ndarray]:
    """Who gave each answer that is counted: an option, or that an item was ranked."""
    question, codes = survey.questions[base.question], sample.answers.codes
    if isinstance(question, RankingQuestion):
        yield from (sample.codes(f"{base.question}.{item}") > 0 for item in question.items)
        return
    for answer in survey.scale_of(base.question).answers:
        yield masks.gave(survey, codes, base.question, answer, base.item)


def _answered(survey: Survey, sample: Sample, base: Base) -> np.ndarray:
    """Who is in the base of a question."""
    question = survey.questions[base.question]
    if isinstance(question, RankingQuestion):
        ranks = [sample.codes(f"{base.question}.{item}") > 0 for item in question.items]
        ranked: np.ndarray = np.logical_or.reduce(ranks)
        return ranked
    return masks.answered(survey, sample.answers.codes, base.question, base.item)
