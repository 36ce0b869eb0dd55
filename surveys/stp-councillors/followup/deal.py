"""Hand out answers: exactly the shapes' shares, to those whom they suit."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from reconstruction.sample import Respondent

from wavedeck.survey import GridQuestion, RankingQuestion, SingleQuestion, Survey

_FIRM = 0.65
"""How far a question's answers follow what a respondent thinks of it; the rest is the item's."""
_RANKED = 0.95
_BY_INSIGHT = ("q1", "q19")


def deal(people: list[Respondent], survey: Survey, shapes: Mapping[str, Any], seed: int) -> None:
    """Fill in answers and ranks of everyone."""
    chance = random.Random(f"{seed}:answers")
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion) and question.required:
            continue
        if isinstance(question, RankingQuestion):
            _rank(people, list(question.items), shapes["appeal"], chance)
        if not isinstance(question, SingleQuestion | GridQuestion):
            continue
        pull = [
            (p.insight if name in _BY_INSIGHT else p.mood) + chance.gauss(0, 0.6) for p in people
        ]
        items = question.items if isinstance(question, GridQuestion) else [""]
        for item in items:
            key = f"{name}.{item}" if item else name
            _deal(key, people, pull, survey.scale_of(name), shapes[key], chance)


def _deal(
    key: str,
    people: Sequence[Respondent],
    pull: Sequence[float],
    scale: Any,
    shape: Mapping[str, Any],
    chance: random.Random,
) -> None:
    skipped = round(len(people) * shape.get("skip", 2) / 100)
    order = sorted(range(len(people)), key=lambda i: people[i].care + chance.gauss(0, 0.8))
    for place in order[:skipped]:
        people[place].answers[key] = ""
    rest = order[skipped:]
    counts = _whole(shape["shape"], len(rest))
    options = list(scale.options)
    apart = [o for o in options if o in scale.apart]
    chance.shuffle(rest)
    for option in apart:
        for _ in range(counts[options.index(option)]):
            people[rest.pop()].answers[key] = option
    score = {i: _FIRM * pull[i] + (1 - _FIRM**2) ** 0.5 * chance.gauss(0, 1) for i in rest}
    rest.sort(key=lambda i: -score[i])
    for option in options:
        if option not in apart:
            for _ in range(counts[options.index(option)]):
                people[rest.pop(0)].answers[key] = option


def _whole(shape: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to `shape` that add up to `total` (largest remainders)."""
    exact = [share * total / sum(shape) for share in shape]
    counts = [int(number) for number in exact]
    order = sorted(range(len(shape)), key=lambda i: counts[i] - exact[i])
    for place in order[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _rank(
    people: Sequence[Respondent],
    items: Sequence[str],
    appeal: Mapping[str, float],
    chance: random.Random,
) -> None:
    for person in people:
        liking = {item: appeal[item] - log(-log(chance.uniform(1e-9, 1 - 1e-9))) for item in items}
        number = chance.choices([3, 4, 5, 6, 7], [18, 6, 12, 4, 60])[0]
        if chance.random() < _RANKED:
            best = sorted(items, key=lambda item: -liking[item])[:number]
            person.ranks = {item: rank for rank, item in enumerate(best, start=1)}
