"""Give the written comments to respondents whom they fit."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from reconstruction.sample import ROLES, Respondent
from wavedeck.survey import Condition, Survey

_IMPOSSIBLE = 1000.0
_TONE = {"positive": 0.85, "mixed": 0.5, "negative": 0.2}


@dataclass(frozen=True)
class Written:
    """A comment and the respondent who makes it."""

    question: str
    respondent: int
    """Place in the list of respondents."""
    text: str
    publish: int = 0
    """Its place among the cleared comments of the question; 0: not cleared."""
    withhold: str = ""
    awaiting: bool = False
    edited: str = ""
    themes: tuple[str, ...] = ()


def give_comments(
    people: list[Respondent], written: Mapping[str, Any], survey: Survey, seed: int
) -> list[Written]:
    """One respondent for each comment. Raises RuntimeError for a comment that fits nobody."""
    chance = random.Random(f"{seed}:comments")
    moods = sorted(person.mood for person in people)
    place = [moods.index(person.mood) / len(moods) for person in people]
    made: Counter[int] = Counter()
    found, homeless = [], []
    for question, section in written.items():
        entries = section["comments"]
        cost = np.empty((len(entries), len(people)))
        for row, entry in enumerate(entries):
            conditions = entry.get("when", section["fits"][entry["tone"]])
            conditions = [conditions] if isinstance(conditions, str) else conditions
            for column, person in enumerate(people):
                fits = _may_say(person, entry.get("by", ""), question) and _fits(
                    person, conditions, survey
                )
                cost[row, column] = (
                    (0 if fits else _IMPOSSIBLE)
                    + 2 * abs(place[column] - _TONE[entry["tone"]])
                    + 0.35 * made[column]
                    - 0.6 * person.talk
                    + chance.uniform(0, 0.8)
                )
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            entry = entries[row]
            if cost[row, column] >= _IMPOSSIBLE / 2:
                homeless.append(f"{question}: nobody can have said {entry['text']!r}")
                continue
            made[int(column)] += 1
            people[column].comments[question] = entry["text"]
            found.append(
                Written(
                    question,
                    int(column),
                    entry["text"],
                    entry.get("publish", 0),
                    entry.get("withhold", ""),
                    entry.get("awaiting", False),
                    entry.get("edited", ""),
                    tuple(entry.get("themes", ())),
                )
            )
    if homeless:
        raise RuntimeError("\n".join(homeless))
    return found


def _may_say(person: Respondent, by: str, question: str) -> bool:
    if person.last_page and question in ("q17_comment", "q18"):
        return False
    names = [name.strip() for name in by.split(",") if name.strip()]
    roles = [name for name in names if name in ROLES]
    kinds = [name for name in names if name not in ROLES]
    return (not roles or person.role in roles) and (not kinds or person.council_type in kinds)


def _fits(person: Respondent, conditions: Sequence[str], survey: Survey) -> bool:
    """Whether the respondent gave any of the answers; true when there are none to give."""
    for text in conditions:
        condition = Condition.model_validate(text)
        scale = survey.scale_of(condition.question.partition(".")[0])
        if person.answers[condition.question] in scale.members(condition.answer):
            return True
    return not conditions
