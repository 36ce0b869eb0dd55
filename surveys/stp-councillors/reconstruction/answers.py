"""Hand the solved counts out to respondents.

Who holds which answer follows from a score (mood or insight, a leaning of the respondent for the
whole question, and chance); how many hold it is the solver's. Each question is dealt again with the
next chance until the weighted answers bear out the comparisons too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Any

from reconstruction.claims import CLAIMS, shares
from reconstruction.sample import Respondent
from reconstruction.solve import SILENT, Solution, groups_of
from wavedeck.survey import RankingQuestion, Survey

TRIES = 3000
# How strongly a question's answers follow mood (or insight, for what one knows).
_PULL = {"q1": 0.0, "q4": 0.6, "q5": 0.6, "q7": 0.6, "q13": 0.0, "q17": 1.3, "q2a": 1.0, "q12": 1.0}
_UPSIDE_DOWN = ("q10a",)
"""Scales whose first option is the critical one."""

_APPEAL = {
    "prevention": 2.0,
    "outcomes": 1.75,
    "integration": 1.0,
    "inequalities": 0.9,
    "out_of_hospital": 0.55,
    "quality": 0.5,
    "finance": 0.0,
}
_RANKED = 78
"""Respondents who rank anything at q13."""


def hand_out(
    people: list[Respondent],
    solution: Solution,
    survey: Survey,
    weights: Sequence[float],
    seed: int,
) -> dict[str, float]:
    """Fill in answers and ranks. Returns the margin over its slack of each claim's worst case."""
    margins: dict[str, float] = {}
    questions = list(dict.fromkeys(column.partition(".")[0] for column in solution.counts))
    # Cross-tabulated questions come first, because later ones hang on them.
    questions.sort(key=lambda name: {"q17": 0, "q2a": 1, "q12": 1}.get(name, 2))
    for name in questions:
        columns = [c for c in solution.counts if c.partition(".")[0] == name]
        own = [claim for claim in CLAIMS if claim.question == name]

        def deal(chance: random.Random, name: str = name, columns: list[str] = columns) -> None:
            _deal(name, columns, people, solution, survey, chance)

        def worst(own: list[Any] = own, columns: list[str] = columns) -> float:
            share = shares(people, weights, survey)
            return min((claim.margin(share, columns) - claim.slack for claim in own), default=0.0)

        margins[name] = _best(deal, worst, f"{seed}:{name}")
    ranking = survey.questions["q13"]
    assert isinstance(ranking, RankingQuestion)
    margins["q13"] = _best(
        lambda chance: _rank(people, list(ranking.items), chance),
        lambda: min(_rank_margin(people, w) for w in ([1.0] * len(people), weights)),
        f"{seed}:q13",
    )
    return margins


def _best(deal: Callable[[random.Random], None], worst: Callable[[], float], seed: str) -> float:
    """Deal until the worst margin is not negative, or keep the best of TRIES."""
    found: tuple[float, int] | None = None
    for attempt in range(TRIES):
        deal(random.Random(f"{seed}:{attempt}"))
        margin = worst()
        if margin >= 0:
            return margin
        if found is None or margin > found[0]:
            found = (margin, attempt)
    assert found is not None
    deal(random.Random(f"{seed}:{found[1]}"))
    return found[0]


def _deal(
    name: str,
    columns: list[str],
    people: list[Respondent],
    solution: Solution,
    survey: Survey,
    chance: random.Random,
) -> None:
    leaning = [chance.gauss(0, 0.5) for _ in people]
    for column in columns:
        scores = [
            (person.insight if name == "q1" else person.mood * _PULL.get(name, 0.8))
            + lean
            + chance.gauss(0, 0.6)
            for person, lean in zip(people, leaning, strict=True)
        ]
        everyone = list(range(len(people)))
        if name in solution.joint:
            across = groups_of(survey, "q17")
            for group, members in across.items():
                row = [i for i in everyone if people[i].answers["q17.objectives"] in members]
                cells = {g: solution.joint[name][(group, g)] for g in groups_of(survey, name)}
                _deal_groups(column, name, cells, row, scores, people, solution, survey, chance)
            _split_groups(column, name, scores, people, solution, survey)
        else:
            _deal_column(
                column, name, solution.counts[column], everyone, scores, people, survey, chance
            )


def _deal_column(
    column: str,
    name: str,
    counts: Mapping[str, int],
    among: list[int],
    scores: Sequence[float],
    people: list[Respondent],
    survey: Survey,
    chance: random.Random,
) -> None:
    """Options of one column, favourable ones to high scores, exactly `counts` of each."""
    scale = survey.scale_of(name)
    left = list(among)
    silent = sorted(left, key=lambda i: people[i].care + chance.gauss(0, 0.8))
    if name == "q17":
        # Who stopped at this page is silent at both items.
        silent.sort(key=lambda i: people[i].last_page != "q16b")
    for index in silent[: counts[SILENT]]:
        people[index].answers[column] = SILENT
        left.remove(index)
    for option in scale.apart:
        unsure = sorted(left, key=lambda i: people[i].insight * 0.6 + chance.gauss(0, 1))
        for index in unsure[: counts[option]]:
            people[index].answers[column] = option
            left.remove(index)
    left.sort(key=lambda i: scores[i], reverse=name not in _UPSIDE_DOWN)
    for option in scale.options:
        if option not in scale.apart:
            for index in left[: counts[option]]:
                people[index].answers[column] = option
            left = left[counts[option] :]


def _deal_groups(
    column: str,
    name: str,
    cells: Mapping[str, int],
    row: list[int],
    scores: Sequence[float],
    people: list[Respondent],
    solution: Solution,
    survey: Survey,
    chance: random.Random,
) -> None:
    """Groups of a cross-tabulated column within one group of q17; options follow afterwards."""
    left = list(row)
    apart = [*survey.scale_of(name).apart, SILENT]
    for group in apart:
        chance.shuffle(left)
        for index in left[: cells[group]]:
            people[index].answers[column] = group
        left = left[cells[group] :]
    left.sort(key=lambda i: -scores[i])
    ladder = [g for g in cells if g not in apart]
    if "neither" in ladder:
        ladder = ["agree", "neither", "disagree"]
    for group in ladder:
        for index in left[: cells[group]]:
            people[index].answers[column] = group
        left = left[cells[group] :]


def _split_groups(
    column: str,
    name: str,
    scores: Sequence[float],
    people: list[Respondent],
    solution: Solution,
    survey: Survey,
) -> None:
    """Turn nets into their options by score."""
    for group, members in groups_of(survey, name).items():
        if len(members) > 1:
            held = [i for i, person in enumerate(people) if person.answers[column] == group]
            held.sort(key=lambda i: -scores[i])
            for option in members:
                number = solution.counts[column][option]
                for index in held[:number]:
                    people[index].answers[column] = option
                held = held[number:]


def _rank(people: list[Respondent], items: list[str], chance: random.Random) -> None:
    """A full or partial ranking for all but a few respondents."""
    order = sorted(range(len(people)), key=lambda i: people[i].care + chance.gauss(0, 0.8))
    silent = set(order[: len(people) - _RANKED])
    for index, person in enumerate(people):
        person.ranks = {}
        if index in silent:
            continue
        liking = {
            # A Gumbel draw makes this a Plackett-Luce ranking.
            item: _APPEAL[item] - (0.4 * person.mood if item == "finance" else 0) + _gumbel(chance)
            for item in items
        }
        number = chance.choices([3, 4, 5, 6, 7], [20, 5, 12, 3, 60])[0]
        best = sorted(items, key=lambda item: -liking[item])[:number]
        person.ranks = {item: rank for rank, item in enumerate(best, start=1)}


def _gumbel(chance: random.Random) -> float:
    return -log(-log(chance.uniform(1e-9, 1 - 1e-9)))


def _rank_margin(people: Sequence[Respondent], weights: Sequence[float]) -> float:
    """How clearly prevention and outcomes come first and second, by mean score and by mentions."""
    score: dict[str, list[tuple[float, float]]] = {item: [] for item in _APPEAL}
    for person, weight in zip(people, weights, strict=True):
        for item, rank in person.ranks.items():
            if weight:
                score[item].append((weight, 8.0 - rank))
    mean = {i: sum(w * s for w, s in v) / sum(w for w, _ in v) for i, v in score.items()}
    mentions = {item: float(len(values)) for item, values in score.items()}
    gaps = []
    for measure, slack in ((mean, 0.2), (mentions, 1.0)):
        rest = max(v for i, v in measure.items() if i not in ("prevention", "outcomes"))
        first, second = measure["prevention"], measure["outcomes"]
        gaps += [first - second - slack / 2, second - rest - slack]
    return min(gaps)
