"""Writes the reconstruction of the 2017 wave: synthetic answers that meet what was published.

python surveys/trust-comms/reconstruction/build.py            the raw workbooks
python surveys/trust-comms/reconstruction/build.py --editor   comments.xlsx too, afresh
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SURVEY = HERE.parent
WAVE = ROOT / "raw" / SURVEY.name / "2017"
EXPORT = WAVE / "trust-comms-2017.xlsx"
FRAME = ROOT / "raw" / "frames" / "synthetic-trusts-2017.xlsx"
# The workbook writer is the one of the councillors' reconstruction.
sys.path[:0] = [str(ROOT / "workflow"), str(ROOT / "surveys/stp-councillors/reconstruction")]

from workbooks import Sheet, workbook_bytes  # noqa: E402

from wavedeck.files import write_bytes  # noqa: E402
from wavedeck.survey import Condition, Survey, load_survey  # noqa: E402

SEED = 2017
TYPES = ("acute", "combined", "mental_health", "community", "ambulance")
RELATIONSHIP = ("very_good", "fairly_good", "neither", "fairly_poor", "very_poor")
ANSWERS = (*RELATIONSHIP, "no_relationship")
COMMENTS = ("q11_comment", "q12_bodies", "q12_local")
_ALIASES = 0.06  # of the labels that have an alias
_STRAY = 0.02  # of all labels

ABOUT = [
    ["Export of responses"],
    ["Survey", "Communications leads of NHS provider trusts: working with STPs"],
    [],
    ["Please note", "The respondents are synthetic, the trusts are pseudonyms, and the comments"],
    [None, "were written for the project. Nobody's answer stands in this workbook."],
]


@dataclass
class Respondent:
    """One communications lead, who speaks for one trust."""

    trust: str
    trust_type: str
    region: str
    mood: float
    """How well the respondent gets on with others; about standard normal."""
    answers: dict[str, str] = field(default_factory=dict)
    """Column (q11, q12.ccgs) -> option; "" for no answer."""
    comments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A comment, who makes it, and its place among the published ones (0: withheld)."""

    question: str
    respondent: int
    text: str
    publish: int


@dataclass(frozen=True)
class Made:
    survey: Survey
    trusts: list[tuple[str, str, str]]
    """(name, type, region) of the population."""
    people: list[Respondent]
    written: list[Written]
    rows: list[dict[str, Any]]
    """Rows of the export by header."""
    ids: list[str]
    """Response id of each respondent."""


def reconstruct() -> Made:
    survey, _ = load_survey(SURVEY / "survey.yaml")
    shapes = _yaml("shapes.yaml")
    trusts, people = draw_sample(shapes)
    answer_time(people, shapes["q11"])
    answer_relationships(people, shapes["q12"])
    written = give_comments(people, _yaml("comments.yaml"), survey)
    rows, ids = export_rows(people, survey)
    return Made(survey, trusts, people, written, rows, ids)


def _yaml(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def draw_sample(shapes: Mapping[str, Any]) -> tuple[list[tuple[str, str, str]], list[Respondent]]:
    """The population under pseudonyms, and which of its trusts answer."""
    chance = random.Random(f"{SEED}:sample")
    cells = [
        (kind, region, place < answering)
        for region, numbers in shapes["frame"].items()
        for kind, number, answering in zip(TYPES, numbers, shapes["sample"][region], strict=True)
        for place in range(number)
    ]
    numbers = list(range(1, len(cells) + 1))
    chance.shuffle(numbers)
    named = sorted((f"Trust {n:03d}", *cell) for n, cell in zip(numbers, cells, strict=True))
    people = [Respondent(n, kind, region, chance.gauss(0, 1)) for n, kind, region, a in named if a]
    return [(name, kind, region) for name, kind, region, _ in named], people


def answer_time(people: list[Respondent], shape: Mapping[str, Any]) -> None:
    """q11: so many under a day of each type and of each region, met by exchanging within types."""
    chance = random.Random(f"{SEED}:q11")
    under = set()
    for kind, number in shape["under_by_type"].items():
        own = [i for i, person in enumerate(people) if person.trust_type == kind]
        under |= set(chance.sample(own, number))
    wanted = Counter(shape["under_by_region"])
    while gap := _gap(wanted, Counter(people[i].region for i in under)):
        many, few = gap
        pairs = [
            (out, into)
            for out in sorted(under)
            for into, person in enumerate(people)
            if into not in under and person.trust_type == people[out].trust_type
            if people[out].region == many and person.region == few
        ]
        out, into = chance.choice(pairs)
        under = under - {out} | {into}
    for chosen, options in (
        (sorted(under), shape["under"]),
        ([i for i in range(len(people)) if i not in under], shape["over"]),
    ):
        answers = [option for option, number in options.items() for _ in range(number)]
        chance.shuffle(answers)
        for index, option in zip(chosen, answers, strict=True):
            people[index].answers["q11"] = option


def _gap(wanted: Counter[str], found: Counter[str]) -> tuple[str, str] | None:
    """A region with too many and one with too few."""
    difference = {region: found[region] - wanted[region] for region in wanted}
    many, few = max(difference, key=difference.__getitem__), min(difference, key=difference.get)  # type: ignore[arg-type]
    return (many, few) if difference[many] else None


def answer_relationships(people: list[Respondent], shape: Mapping[str, list[int]]) -> None:
    """q12: the best answers go to the best moods, with chance; silence and absence go anywhere."""
    chance = random.Random(f"{SEED}:q12")
    for item, numbers in shape.items():
        order = list(range(len(people)))
        chance.shuffle(order)
        silent = len(people) - sum(numbers)
        absent = numbers[-1]
        options = [""] * silent + ["no_relationship"] * absent
        rest = sorted(order[silent + absent :], key=lambda i: people[i].mood + chance.gauss(0, 1.2))
        rated = [o for o, n in zip(RELATIONSHIP, numbers, strict=False) for _ in range(n)]
        for index, option in zip(
            [*order[: silent + absent], *reversed(rest)], [*options, *rated], strict=True
        ):
            people[index].answers[f"q12.{item}"] = option


def give_comments(
    people: list[Respondent], texts: Mapping[str, Any], survey: Survey
) -> list[Written]:
    """One respondent for each comment. Raises RuntimeError for a comment that fits nobody."""
    chance = random.Random(f"{SEED}:comments")
    found = []
    for question, entries in texts.items():
        for entry in entries:
            fitting = [
                index
                for index, person in enumerate(people)
                if question not in person.comments
                and _may_say(person, entry.get("by", ""))
                and _fits(person, entry.get("when", []), survey)
            ]
            if not fitting:
                raise RuntimeError(f"{question}: nobody can have said {entry['text']!r}")
            index = chance.choice(fitting)
            people[index].comments[question] = entry["text"]
            found.append(Written(question, index, entry["text"], entry.get("publish", 0)))
    return found


def _may_say(person: Respondent, by: str) -> bool:
    names = {name.strip() for name in by.split(",") if name.strip()}
    kinds = names & set(TYPES)
    return (not kinds or person.trust_type in kinds) and (
        not names - kinds or person.region in names - kinds
    )


def _fits(person: Respondent, conditions: Sequence[str], survey: Survey) -> bool:
    for text in conditions:
        condition = Condition.model_validate(text)
        scale = survey.scale_of(condition.question.partition(".")[0])
        if person.answers[condition.question] in scale.members(condition.answer):
            return True
    return not conditions


def export_rows(
    people: Sequence[Respondent], survey: Survey
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows in the order of submission: with a preview, a repeated submission, three who gave up."""
    chance = random.Random(f"{SEED}:export")
    meta = survey.export.columns
    began, device = meta.others
    first = datetime(2017, 5, 22, 9)
    entries: list[tuple[datetime, int, dict[str, Any]]] = []

    def add(when: datetime, whose: int, state: str, cells: Mapping[str, Any]) -> None:
        minutes = chance.randrange(4, 26)
        done = None if state == "Partial" else when + timedelta(minutes=minutes, seconds=minutes)
        device_ = chance.choices(["Desktop", "Phone", "Tablet"], [8, 2, 1])[0]
        tool = {meta.status: state, began: when, meta.submitted: done, device: device_}
        entries.append((when, whose, tool | dict(cells)))

    def moment() -> datetime:
        day = min(25, chance.choice([0, 0, 8, 18]) + int(chance.expovariate(0.4)))
        return first + timedelta(days=day, minutes=chance.randrange(9 * 60))

    for index, person in enumerate(people):
        add(moment(), index, "Complete", _cells(person, survey, chance))
    again = max((e for e in entries if "q11_comment" in people[e[1]].comments), key=lambda e: e[0])
    earlier = _cells(people[again[1]], survey, chance)
    earlier |= dict.fromkeys([h for h, name, _ in survey.columns() if name == "q12"])
    add(again[0] - timedelta(hours=3), -1, "Complete", earlier)
    labels = {h: _first(survey, name) for h, name, _ in survey.columns()}
    add(first - timedelta(days=3), -1, "Preview", labels | {meta.organisation: "Preview"})
    types, regions = survey.scale_of("trust_type").options, survey.scale_of("region").options
    for kind, region in (("acute", "south"), ("community", "north"), ("", "")):
        given = (
            {"Type of trust": types[kind].label, "Region": regions[region].label} if kind else {}
        )
        add(moment(), -1, "Partial", given)
    entries.sort(key=lambda entry: entry[0])
    headers = [meta.response, meta.status, began, meta.submitted, device, meta.organisation]
    headers += [header for header, *_ in survey.columns()]
    ids, rows, number = [""] * len(people), [], 70310
    for _, whose, cells in entries:
        number += chance.randrange(1, 9)
        if whose >= 0:
            ids[whose] = str(number)
        rows.append(
            {header: cells.get(str(header)) for header in headers} | {meta.response: number}
        )
    return rows, ids


def _cells(person: Respondent, survey: Survey, chance: random.Random) -> dict[str, Any]:
    given = {"trust_type": person.trust_type, "region": person.region} | person.answers
    mark = chance.choice([None, None, "-", "n/a"])
    cells: dict[str, Any] = {survey.export.columns.organisation: person.trust}
    for header, name, item in survey.columns():
        if name in COMMENTS:
            cells[header] = person.comments.get(name)
            continue
        option = given[f"{name}.{item}" if item else name]
        cells[header] = _label(survey, name, option, chance) if option else mark
    return cells


def _label(survey: Survey, name: str, option: str, chance: random.Random) -> str:
    found = survey.scale_of(name).options[option]
    label = found.label
    if found.aliases and chance.random() < _ALIASES:
        label = chance.choice(found.aliases)
    if chance.random() < _STRAY:
        label = chance.choice([f"{label} ", f" {label}", label.upper(), label.replace(" ", "  ")])
    return label


def _first(survey: Survey, name: str) -> str:
    if name in COMMENTS:
        return "test"
    return next(iter(survey.scale_of(name).options.values())).label


def export_workbook(made: Made) -> bytes:
    headers = list(made.rows[0])
    rows = [headers, *([row[header] for header in headers] for row in made.rows)]
    widths = dict.fromkeys(range(1, len(headers) + 1), 24.0)
    return workbook_bytes(
        "Trust communications: export",
        [Sheet("Export", rows, widths), Sheet("About", ABOUT, {1: 16.0, 2: 90.0}, table=False)],
    )


def frame_workbook(made: Made) -> bytes:
    types, regions = (made.survey.scale_of(n).options for n in ("trust_type", "region"))
    rows = [[name, types[kind].label, regions[region].label] for name, kind, region in made.trusts]
    about = [
        ["What", f"{len(rows)} NHS provider trusts under pseudonyms, by type and region"],
        ["Synthetic", "How many there are of each type and region is invented"],
    ]
    return workbook_bytes(
        "Synthetic list of NHS provider trusts",
        [
            Sheet(
                "Trusts", [["Trust", "Type of trust", "Region"], *rows], {1: 14.0, 2: 36.0, 3: 20.0}
            ),
            Sheet("About", about, {1: 12.0, 2: 80.0}, table=False),
        ],
    )


def comments_workbook(made: Made) -> bytes:
    """Every comment with the editor's decision; cleared ones first, in the order of the slides."""
    header = ["wave", "question", "response", "decision"]
    header += ["text as received", "text to publish", "note"]
    ordered = sorted(
        made.written, key=lambda w: (COMMENTS.index(w.question), w.publish or 99, w.text)
    )
    rows = [["2017", w.question, made.ids[w.respondent], *_decision(w)] for w in ordered]
    widths = {1: 8.0, 2: 14.0, 3: 12.0, 4: 12.0, 5: 80.0, 6: 80.0, 7: 30.0}
    return workbook_bytes("Comments", [Sheet("Comments", [header, *rows], widths)])


def _decision(written: Written) -> list[str | None]:
    """Decision, text as received, text to publish, note."""
    if written.publish:
        return ["publish", written.text, written.text, None]
    return ["withhold", written.text, None, "No room on the slide"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editor", action="store_true", help="start comments.xlsx afresh")
    arguments = parser.parse_args()
    made = reconstruct()
    outputs = {EXPORT: export_workbook(made), FRAME: frame_workbook(made)}
    if arguments.editor:
        outputs[SURVEY / "comments.xlsx"] = comments_workbook(made)
    for path, data in outputs.items():
        write_bytes(path, data)
        print(f"{path.relative_to(ROOT)}  {len(data):,} bytes")


if __name__ == "__main__":
    main()
