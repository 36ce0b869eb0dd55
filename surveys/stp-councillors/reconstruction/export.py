"""Rows of the export as a survey tool hands them over, with all that goes wrong in practice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reconstruction.sample import Respondent
from wavedeck.survey import GridQuestion, RankingQuestion, SingleQuestion, Survey, Wave

Row = dict[str, Any]
"""Header -> cell value."""

_NBSP = "\u00a0"
_ALIASES = 0.06  # of the labels that have an alias
_STRAY = 0.025  # of all labels
_MARKS = ("-", "–", "n/a", "No reply")
_GAVE_UP = 6  # opened the survey and left after a page or two


@dataclass(frozen=True)
class Export:
    headers: list[str]
    rows: list[Row]
    ids: list[str]
    """Response id of each respondent, in the order of the list."""


def make_export(people: Sequence[Respondent], survey: Survey, wave: Wave, seed: int) -> Export:
    """All rows in the order in which they were started, test and repeated submission included."""
    chance = random.Random(f"{seed}:export")
    meta = survey.export.columns
    assert meta.status and meta.submitted
    started, language, link = meta.others
    headers = [meta.response, meta.status, started, meta.submitted, language, link]
    headers += [meta.organisation, *(header for header, *_ in survey.columns())]
    first = datetime.combine(wave.fieldwork.start, datetime.min.time())
    days = (wave.fieldwork.end - wave.fieldwork.start).days
    entries: list[tuple[datetime, int, Row]] = []  # when started, whose (-1: nobody's), cells

    def add(when: datetime, whose: int, status: str, cells: Row, minutes: int) -> None:
        done = when + timedelta(minutes=minutes, seconds=chance.randrange(60))
        invited = "Newsletter" if chance.random() < 0.08 else "Personal invitation"
        tool: Row = {
            str(meta.status): status,
            started: when,
            str(meta.submitted): None if status == "Partial" else done,
            language: "English",
            link: invited,
        }
        entries.append((when, whose, tool | cells))

    def moment() -> datetime:
        # The invitation and two reminders bring most answers.
        wave_day = chance.choice([0, 0, 13, 13, 28])
        day = min(days, wave_day + int(chance.expovariate(0.35)))
        minute, second = chance.randrange(8 * 60, 21 * 60), chance.randrange(60)
        return first + timedelta(days=day, minutes=minute, seconds=second)

    text_ranks = set(chance.sample([i for i, p in enumerate(people) if p.ranks], 3))
    for index, person in enumerate(people):
        cells = _cells(person, survey, chance, index in text_ranks)
        status = "Partial" if person.last_page else "Complete"
        add(moment(), index, status, cells, chance.randrange(9, 48))
    _spoil_names(people, entries, meta.organisation, survey)
    again = _submitted_twice(people)
    final = next(entry for entry in entries if entry[1] == again)
    _add_earlier(final, survey, add)
    test = {header: _first_label(survey, header) for header in headers[7:]}
    test |= {meta.organisation: "Test", "Region": "London", "Type of council": "London borough"}
    add(first - timedelta(days=2, hours=-10), -1, "Test", test, 3)
    for number in range(_GAVE_UP):
        add(moment(), -1, "Partial", _gave_up(number, len({p.council for p in people}), survey), 0)
    entries.sort(key=lambda entry: entry[0])
    ids = [""] * len(people)
    rows = []
    tool_id = 1040
    for _, whose, cells in entries:
        tool_id += chance.randrange(1, 5)
        response = f"R{tool_id}"
        if whose >= 0:
            ids[whose] = response
        rows.append({header: cells.get(header) for header in headers} | {meta.response: response})
    return Export(headers, rows, ids)


def _cells(person: Respondent, survey: Survey, chance: random.Random, text_ranks: bool) -> Row:
    """The answer cells of one respondent, dirt and all."""
    mark = chance.choice(_MARKS) if chance.random() < 0.5 else None
    wordy = chance.random() < 0.15  # types the mark into empty comment boxes too
    given = {"role": person.role, "council_type": person.council_type, "region": person.region}
    given |= person.answers
    cells: Row = {survey.export.columns.organisation: person.council}
    after = False
    for header, name, item in survey.columns():
        question = survey.questions[name]
        value: Any
        if isinstance(question, RankingQuestion) and item != "other":
            value = person.ranks.get(item)
            if value is not None and text_ranks:
                value = f"{value} " if chance.random() < 0.2 else str(value)
        elif isinstance(question, SingleQuestion | GridQuestion):
            option = given[f"{name}.{item}" if item else name]
            required = isinstance(question, SingleQuestion) and question.required
            value = _label(survey, name, option, chance, required) if option else mark
        else:
            value = person.comments.get(f"{name}.{item}" if item else name)
            if value and chance.random() < 0.12:
                value = chance.choice([f"{value} ", f" {value}", value.replace(". ", ".  ", 1)])
            if value is None and wordy and mark:
                value = mark
        cells[header] = None if after else value
        after |= bool(person.last_page) and name == person.last_page and item in ("", "benefits")
    return cells


def _label(survey: Survey, name: str, option: str, chance: random.Random, required: bool) -> str:
    label = survey.scale_of(name).options[option].label
    aliases = survey.scale_of(name).options[option].aliases
    if aliases and chance.random() < _ALIASES:
        label = chance.choice(aliases)
    if "'" in label and chance.random() < 0.3:
        label = label.replace("'", "’")
    if not required and chance.random() < _STRAY:
        spoilt = [f"{label} ", f" {label}", f"{label}{_NBSP}", label.lower()]
        spoilt += [label.replace(" ", _NBSP, 1), label.replace(" ", "  ", 1)]
        label = chance.choice(spoilt)
    return label


def _spoil_names(
    people: Sequence[Respondent],
    entries: list[tuple[datetime, int, Row]],
    council: str,
    survey: Survey,
) -> None:
    """One council and one region typed differently by one of its respondents."""
    of = {whose: cells for _, whose, cells in entries}
    names = [person.council for person in people]
    twice = [i for i, name in enumerate(names) if names.count(name) > 1 and names.index(name) != i]
    of[twice[0]][council] = f"{names[twice[0]]} "
    of[twice[1]][council] = names[twice[1]].replace(" ", _NBSP)
    region = survey.questions["region"]
    assert isinstance(region, SingleQuestion)
    north = next(i for i, p in enumerate(people) if p.region == "yorkshire_humber")
    of[north][region.column] = "Yorkshire & the Humber"


def _submitted_twice(people: Sequence[Respondent]) -> int:
    """The respondent who submitted twice: a talkative one, whole to the end."""
    able = [i for i, p in enumerate(people) if "q18" in p.comments and p.in_frame]
    return max(able, key=lambda i: (len(people[i].comments), people[i].council))


def _add_earlier(final: tuple[datetime, int, Row], survey: Survey, add: Any) -> None:
    """The first submission of the same person: the same last words, a few answers still open."""
    cells = dict(final[2])
    for name in ("q8", "q9", "q16a"):
        question = survey.questions[name]
        assert isinstance(question, SingleQuestion)
        cells[question.column] = None
    for header, name, item in survey.columns():
        if name == "q14" and item in ("public_health", "other_services"):
            cells[header] = "Too early to tell"
    meta = survey.export.columns
    for tool_header in (meta.status, meta.submitted, *meta.others):
        cells.pop(tool_header or "", None)
    add(final[0] - timedelta(minutes=52), -1, "Complete", cells, 31)


def _gave_up(number: int, councils: int, survey: Survey) -> Row:
    """Who left after a page or two: up to four closed questions and the particulars."""
    columns = {name: header for header, name, _ in survey.columns()}
    kind, region = [
        ("unitary", "south_west"),
        ("london_borough", "london"),
        ("county", "south_east"),
        ("metropolitan_district", "north_west"),
        ("", ""),
        ("unitary", "east_of_england"),
    ][number]
    row: Row = {survey.export.columns.organisation: f"Council {councils + number + 1:03d}"}
    given = [("role", "health_lead"), ("council_type", kind), ("region", region)] if kind else []
    extra = [("q1", "fair_amount"), ("q2a", "tend_to_disagree")]
    extra += [("q8", "not_very"), ("q9", "neither")]
    given += extra[: (0, 1, 4, 2, 0, 1)[number]]
    for name, option in given:
        row[columns[name]] = survey.scale_of(name).options[option].label
    if number == 2:
        row[columns["q2b"]] = "Called away. Will finish this tonight."
    return row


def _first_label(survey: Survey, header: str) -> Any:
    """What a tester clicks: the first answer everywhere, ranks in order, 'test' in every box."""
    found = {h: (name, item) for h, name, item in survey.columns()}
    name, item = found[header]
    question = survey.questions[name]
    if isinstance(question, RankingQuestion) and item != "other":
        return list(question.items).index(item) + 1
    if isinstance(question, SingleQuestion | GridQuestion):
        return next(iter(survey.scale_of(name).options.values())).label
    return "test"
