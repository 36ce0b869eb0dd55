"""Who answers in 2018: councils of the first wave that answer again, others, and their people."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from reconstruction.sample import Respondent

from wavedeck.answers import Answers
from wavedeck.survey import Survey

RETURNING = 46
"""Councils of the target that answered in 2017 and answer again."""
NEW = 42
"""Councils of the target that answer for the first time."""
NEW_DISTRICTS = 2
REPEATS = 19
"""Answers beyond a council's first."""
FIRST_NUMBER = 80
"""Pseudonyms of new councils begin here; the first wave used the numbers below."""
_ROLES = {"leader": 30, "health_lead": 58, "other": 22}
_ROLE_MOOD = {"leader": -0.1, "health_lead": 0.15, "other": -0.3}
_GOOD = ("q2a", "q9", "q17.objectives", "q12")
"""Questions of the first wave that tell what a council thought; a low code is a good opinion."""

Cell = tuple[str, str]
"""(region, council type)."""


def moods_of(answers: Answers) -> dict[str, float]:
    """What each council of the first wave thought of its STP, about standard normal."""
    found: dict[str, list[float]] = {}
    for place, council in enumerate(answers.organisations):
        codes = [int(answers.codes[name][place]) for name in _GOOD]
        found.setdefault(council, []).extend(3.4 - code for code in codes if 0 < code < 6)
    means = {council: sum(v) / len(v) for council, v in found.items() if v}
    middle = sum(means.values()) / len(means)
    spread = (sum((m - middle) ** 2 for m in means.values()) / len(means)) ** 0.5
    return {council: (mean - middle) / spread for council, mean in means.items()}


def cells_of(answers: Answers, survey: Survey) -> dict[str, Cell]:
    """Region and type of each council of the first wave."""
    names = [list(survey.scale_of(q).options) for q in ("region", "council_type")]
    found = {}
    for place, council in enumerate(answers.organisations):
        codes = [int(answers.codes[q][place]) for q in ("region", "council_type")]
        found[council] = (names[0][codes[0] - 1], names[1][codes[1] - 1])
    return found


def draw_people(
    answers: Answers, frame: Sequence[Cell], first: Survey, seed: int
) -> list[Respondent]:
    """The respondents of 2018, council after council; `frame` has a cell for every council."""
    chance = random.Random(f"{seed}:people")
    cells, moods = cells_of(answers, first), moods_of(answers)
    known = sorted(c for c, (_, kind) in cells.items() if kind != "district")
    districts = sorted(c for c, (_, kind) in cells.items() if kind == "district")
    # Councils that thought worse of the STP are a little less likely to answer again.
    known.sort(key=lambda c: -(0.35 * moods.get(c, 0.0) + chance.gauss(0, 1)))
    councils: dict[str, tuple[Cell, float]] = {}
    for council in [*known[:RETURNING], districts[0]]:
        councils[council] = (cells[council], 0.7 * moods.get(council, 0.0) + chance.gauss(0, 0.7))
    councils |= _new_ones(cells, frame, chance)
    people = []
    again = Counter(chance.sample(sorted(councils), REPEATS - 3))
    again.update(chance.sample(sorted(again), 3))
    for council, (cell, mood) in councils.items():
        for _ in range(1 + again[council]):
            person = Respondent(council, cell[1], cell[0])
            person.mood = 0.75 * mood + chance.gauss(0, 0.7)
            people.append(person)
    roles = [role for role, number in _ROLES.items() for _ in range(number)]
    chance.shuffle(roles)
    for person, role in zip(people, roles, strict=True):
        person.role = role
        person.mood += _ROLE_MOOD[role]
        person.insight = chance.gauss(0.4 if role == "health_lead" else -0.2, 1)
        person.care = chance.gauss(-0.4 if role == "other" else 0.1, 1)
        person.talk = chance.gauss(0, 1)
    people.sort(key=lambda person: person.council)
    return people


def _new_ones(
    cells: Mapping[str, Cell], frame: Sequence[Cell], chance: random.Random
) -> dict[str, tuple[Cell, float]]:
    """Councils that did not answer in 2017, drawn from those that are left of the frame."""
    left = Counter(frame)
    left.subtract(cell for cell in cells.values() if cell[1] != "district")
    pool = sorted(left.elements())
    chosen = [*chance.sample(pool, NEW), ("north_west", "district"), ("west_midlands", "district")]
    numbers = list(range(FIRST_NUMBER, FIRST_NUMBER + len(chosen)))
    chance.shuffle(numbers)
    return {
        f"Council {number:03d}": (cell, chance.gauss(0, 1))
        for number, cell in zip(numbers, chosen, strict=True)
    }
