"""Who answers: 68 councils under pseudonyms and their 81 respondents."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SPREAD: dict[str, dict[str, int]] = {
    "east_midlands": {"county": 2, "unitary": 1},
    "east_of_england": {"county": 4, "unitary": 2},
    "london": {"london_borough": 19},
    "north_east": {"metropolitan_district": 1, "unitary": 2},
    "north_west": {"county": 1, "metropolitan_district": 5, "unitary": 1},
    "south_east": {"county": 5, "unitary": 6},
    "south_west": {"county": 2, "unitary": 5},
    "west_midlands": {"county": 1, "metropolitan_district": 3, "unitary": 1},
    "yorkshire_humber": {"metropolitan_district": 3, "unitary": 2},
}
"""Responding councils of the target population by region and type: 66, London and the South East
over-represented. Invented; each cell leaves several real councils in doubt, or is empty."""

DISTRICTS = ("east_of_england", "south_east")
REPEATS = {
    ("london", "london_borough"): [3, 2, 2, 2],
    ("south_east", "unitary"): [2, 2],
    ("south_east", "county"): [2],
    ("east_of_england", "county"): [2],
    ("south_west", "unitary"): [2],
    ("north_west", "metropolitan_district"): [2],
    ("west_midlands", "metropolitan_district"): [2],
    ("yorkshire_humber", "metropolitan_district"): [2],
}
"""Councils that answer more than once: 13 answers beyond the first."""

ROLES = {"leader": 27, "health_lead": 44, "other": 10}
_ROLE_MOOD = {"leader": -0.1, "health_lead": 0.15, "other": -0.3}


@dataclass
class Respondent:
    council: str
    council_type: str
    region: str
    role: str = ""
    mood: float = 0.0
    """How well the respondent thinks of the STP; about standard normal."""
    insight: float = 0.0
    """How much the respondent knows; about standard normal."""
    care: float = 0.0
    """How readily the respondent skips a question (low) or answers all (high)."""
    talk: float = 0.0
    """How readily the respondent comments."""
    last_page: str = ""
    """The last question seen, for those who left before the end."""
    answers: dict[str, str] = field(default_factory=dict)
    """Closed column -> option; "" for no answer."""
    ranks: dict[str, int] = field(default_factory=dict)
    """Priority at q13 -> rank."""
    comments: dict[str, str] = field(default_factory=dict)
    """Text question -> text."""

    @property
    def in_frame(self) -> bool:
        return self.council_type != "district"


def draw_sample(seed: int) -> list[Respondent]:
    """The 81 respondents, council after council."""
    chance = random.Random(f"{seed}:sample")
    cells = [
        (region, kind, position)
        for region, kinds in SPREAD.items()
        for kind, number in kinds.items()
        for position in range(number)
    ] + [(region, "district", 0) for region in DISTRICTS]
    numbers = list(range(1, len(cells) + 1))
    chance.shuffle(numbers)
    people: list[Respondent] = []
    for (region, kind, position), number in zip(cells, numbers, strict=True):
        times = REPEATS.get((region, kind), [])
        council_mood = chance.gauss(0, 0.7)
        for turn in range(times[position] if position < len(times) else 1):
            person = Respondent(f"Council {number:03d}", kind, region)
            if times[position:]:
                person.role = ("health_lead", "leader", "other")[turn]
            elif kind == "district":
                person.role = "other"
            person.mood = council_mood + chance.gauss(0, 0.7)
            people.append(person)
    _give_roles(people, chance)
    for person in people:
        person.mood += _ROLE_MOOD[person.role]
        person.insight = chance.gauss(0.4 if person.role == "health_lead" else -0.2, 1)
        person.care = chance.gauss(-0.5 if person.role == "other" else 0.1, 1)
        person.talk = chance.gauss(0, 1)
    people.sort(key=lambda person: person.council)
    # Three left early: one before q17, two on the last page of comments.
    leavers = sorted((p for p in people if p.in_frame), key=lambda p: (p.care, p.council))[:3]
    for person, last in zip(leavers, ("q16b", "q17", "q17"), strict=True):
        person.last_page = last
    return people


def _give_roles(people: list[Respondent], chance: random.Random) -> None:
    """Fill in the roles that the repeat answers leave open, so that ROLES comes out."""
    open_roles = [
        role
        for role, number in ROLES.items()
        for _ in range(number - sum(person.role == role for person in people))
    ]
    chance.shuffle(open_roles)
    for person in people:
        if not person.role:
            person.role = open_roles.pop()
