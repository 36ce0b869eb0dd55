"""The export of 2018, from another tool: two header rows, questions first, particulars last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reconstruction.sample import Respondent

from wavedeck.survey import GridQuestion, OpenText, RankingQuestion, SingleQuestion, Survey, Wave

_MARKS = ("-", "n/a", "N/A")
_GAVE_UP = 5
_SPELT = {"unitary": "Unitary council", "metropolitan_district": "Metropolitan borough"}
"""How this wave's questionnaire words two types of council."""
OWN = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address"]
LAST = "Council (custom data)"


@dataclass(frozen=True)
class Export:
    top: list[str | None]
    second: list[str | None]
    rows: list[list[Any]]
    ids: list[str]
    """Response id of each respondent, in the order of the list."""


def make_export(people: Sequence[Respondent], survey: Survey, wave: Wave, seed: int) -> Export:
    """Header rows and all rows in the order in which they were started."""
    chance = random.Random(f"{seed}:export")
    columns = _ordered(survey)
    first = datetime.combine(wave.fieldwork.start, datetime.min.time())
    days = (wave.fieldwork.end - wave.fieldwork.start).days
    entries: list[tuple[datetime, int, list[Any]]] = []

    def add(whose: int, collector: str, cells: list[Any], council: str, minutes: int) -> None:
        day = min(days, chance.choice([0, 0, 14, 14, 25]) + int(chance.expovariate(0.4)))
        when = first + timedelta(
            days=day, minutes=chance.randrange(8 * 60, 21 * 60), seconds=chance.randrange(60)
        )
        done = when + timedelta(minutes=minutes, seconds=chance.randrange(60))
        entries.append((when, whose, [None, collector, when, done, None, *cells, council]))

    for place, person in enumerate(people):
        mark = chance.choice(_MARKS) if chance.random() < 0.35 else None
        cells = [_cell(person, survey, name, item, mark, chance) for _, name, item in columns]
        collector = "Reminder" if chance.random() < 0.3 else "Invitation"
        add(place, collector, cells, person.council, chance.randrange(8, 41))
    for number in range(_GAVE_UP):
        cells = [None] * len(columns)
        if number:
            cells[0] = "A fair amount"
        if number > 2:
            cells[1] = "Just a little"
        add(-1, "Invitation", cells, f"Council {140 + number}", 2)
    test = [_test(survey, name, item) for _, name, item in columns]
    add(-1, "Test", test, "Test", 3)
    entries.sort(key=lambda entry: entry[0])
    ids, rows, tool_id = [""] * len(people), [], 7013441200
    for _, whose, cells in entries:
        tool_id += chance.randrange(3, 4000)
        if whose >= 0:
            ids[whose] = str(tool_id)
        rows.append([tool_id, *cells[1:]])
    top, second = _headers(columns)
    return Export(top, second, rows, ids)


def _ordered(survey: Survey) -> list[tuple[str, str, str]]:
    """Columns in the order of this wave's questionnaire: what is new after q1, particulars last."""
    particulars = ("council_type", "region", "role")
    order = {name: place for place, name in enumerate(survey.questions)}
    order["q19"], order["q19_comment"] = order["q1_comment"] + 0.1, order["q1_comment"] + 0.2
    # Impact on local plans comes before the priorities, relationships before the council's groups.
    order["q14"], order["q14_comment"] = order["q12_comment"] + 0.1, order["q12_comment"] + 0.2
    order["q5"], order["q6"] = order["q3_comment"] + 0.1, order["q3_comment"] + 0.2
    for place, name in enumerate(particulars):
        order[name] = 1000 + place
    return sorted(survey.columns(), key=lambda column: order[column[1]])


def _headers(
    columns: Sequence[tuple[str, str, str]],
) -> tuple[list[str | None], list[str | None]]:
    """The question above its first column only; items, or what kind of answer, in row 2."""
    top: list[str | None] = [*OWN]
    second: list[str | None] = [None] * len(OWN)
    last = ""
    for header, _, _ in columns:
        stem, _, rest = header.partition(" › ")
        top.append(None if stem == last else stem)
        second.append(rest)
        last = stem
    return [*top, LAST], [*second, None]


def _cell(
    person: Respondent,
    survey: Survey,
    name: str,
    item: str,
    mark: str | None,
    chance: random.Random,
) -> Any:
    question = survey.questions[name]
    key = f"{name}.{item}" if item else name
    if isinstance(question, RankingQuestion) and item != "other":
        return person.ranks.get(item)
    if isinstance(question, OpenText) or item == "other":
        text = person.comments.get(key)
        return f"{text} " if text and chance.random() < 0.1 else text
    given = {"role": person.role, "council_type": person.council_type, "region": person.region}
    option = (given | person.answers)[key]
    if not option:
        return mark
    label = survey.scale_of(name).options[option].label
    if name == "council_type":
        return _SPELT.get(option, label)
    if "'" in label and chance.random() < 0.3:
        label = label.replace("'", "’")
    return f"{label} " if chance.random() < 0.01 else label


def _test(survey: Survey, name: str, item: str) -> Any:
    question = survey.questions[name]
    if isinstance(question, RankingQuestion) and item != "other":
        return list(question.items).index(item) + 1
    if isinstance(question, SingleQuestion | GridQuestion):
        return next(iter(survey.scale_of(name).options.values())).label
    return "test"
