"""Writes the reconstruction of the interviews: synthetic notes, and what coders made of them.

python surveys/stp-interviews/reconstruction/build.py            the workbook of notes
python surveys/stp-interviews/reconstruction/build.py --editor   and the editor's files
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SURVEY = HERE.parent
EXPORT = ROOT / "raw" / SURVEY.name / "2017" / "stp-interviews-2017.xlsx"
# The workbook writer is the one of the councillors' reconstruction.
sys.path[:0] = [str(ROOT / "workflow"), str(ROOT / "surveys/stp-councillors/reconstruction")]

from workbooks import Sheet, workbook_bytes  # noqa: E402

from wavedeck.files import write_bytes  # noqa: E402
from wavedeck.survey import Survey, TextQuestion, load_survey  # noqa: E402

SEED = 2017
FIRST_DAY, LAST_DAY = date(2017, 4, 3), date(2017, 5, 26)

ABOUT = [
    ["Notes of interviews"],
    ["Sheet", "'Interviews', one row an interview"],
    [],
    ["Please note", "The interviews are synthetic: the notes were written for the project and put"],
    [None, "into other words what a published report says of eighteen interviews."],
]


@dataclass(frozen=True)
class Passage:
    """A passage of an interview's notes; `theme` and `second` are "" where a coder gave none."""

    response: str
    text: str
    theme: str
    second: str
    publish: bool


@dataclass(frozen=True)
class Made:
    survey: Survey
    rows: list[list[Any]]
    """Of the export, below the header."""
    passages: list[Passage]


def reconstruct() -> Made:
    survey, _ = load_survey(SURVEY / "survey.yaml")
    interviews = yaml.safe_load((HERE / "interviews.yaml").read_text(encoding="utf-8"))
    chance = random.Random(f"{SEED}:interviews")
    span = (LAST_DAY - FIRST_DAY).days
    days = [FIRST_DAY + timedelta(days=day) for day in range(span + 1)]
    held = sorted(chance.sample([day for day in days if day.weekday() < 5], len(interviews)))
    # In the order of the days, which is not that of the roles.
    order = list(range(len(interviews)))
    chance.shuffle(order)
    areas = sorted({interview["area"] for interview in interviews})
    names = [f"Area {number:02d}" for number in chance.sample(range(1, 45), len(areas))]
    rows, passages = [], []
    for number, (day, place) in enumerate(zip(held, order, strict=True), start=1):
        interview, response = interviews[place], f"I{number:02d}"
        role = survey.scale_of("role").options[interview["role"]].label
        notes = "\n".join(note["t"] for note in interview["notes"])
        area = names[areas.index(interview["area"])]
        rows.append([response, area, day.isoformat(), chance.randrange(35, 76), role, notes])
        passages += _passages(response, interview)
    return Made(survey, rows, passages)


def _passages(response: str, interview: dict[str, Any]) -> Iterator[Passage]:
    for note in interview["notes"]:
        theme = note.get("c", "")
        second = note.get("s", theme) if interview.get("second") else ""
        yield Passage(response, note["t"], theme, second, note.get("p", False))


def export_workbook(made: Made) -> bytes:
    header = ["Interview", "STP area", "Date", "Minutes", "Role", "Notes"]
    widths = {1: 10.0, 2: 12.0, 3: 12.0, 4: 10.0, 5: 34.0, 6: 110.0}
    return workbook_bytes(
        "Notes of interviews",
        [
            Sheet("Interviews", [header, *made.rows], widths),
            Sheet("About", ABOUT, {1: 16.0, 2: 90.0}, table=False),
        ],
    )


def coding_workbook(made: Made) -> bytes:
    """One row a passage and theme, for each coder."""
    header = ["wave", "question", "response", "text", "theme"]
    widths = {1: 8.0, 2: 10.0, 3: 10.0, 4: 100.0, 5: 18.0}
    first = [["2017", "notes", p.response, p.text, p.theme] for p in made.passages if p.theme]
    second = [["2017", "notes", p.response, p.text, p.second] for p in made.passages if p.second]
    question = made.survey.questions["notes"]
    assert isinstance(question, TextQuestion)
    part = {theme: net for net, themes in question.nets.items() for theme in themes}
    themes = [[n, words, question.net_labels[part[n]]] for n, words in question.themes.items()]
    return workbook_bytes(
        "Coding of interview notes",
        [
            Sheet("Coding", [header, *first], widths),
            Sheet("Second coder", [header, *second], widths),
            Sheet(
                "Themes",
                [["theme", "what it covers", "part of the report"], *themes],
                {1: 18.0, 2: 46.0, 3: 32.0},
            ),
        ],
    )


def comments_workbook(made: Made) -> bytes:
    """The passages chosen for publication, by theme."""
    header = ["wave", "question", "theme", "response", "decision"]
    header += ["text as received", "text to publish", "note"]
    question = made.survey.questions["notes"]
    assert isinstance(question, TextQuestion)
    order = list(question.themes)
    rows = [
        ["2017", "notes", p.theme, p.response, "publish", p.text, p.text, None]
        for p in sorted(made.passages, key=lambda p: order.index(p.theme) if p.theme else 99)
        if p.publish
    ]
    heard = {p.response for p in made.passages if p.publish}
    for response in sorted({p.response for p in made.passages} - heard):
        rows.append(["2017", "notes", None, response, "withhold", None, None, "No excerpt chosen"])
    widths = {1: 8.0, 2: 10.0, 3: 16.0, 4: 10.0, 5: 12.0, 6: 80.0, 7: 80.0, 8: 24.0}
    return workbook_bytes("Excerpts", [Sheet("Comments", [header, *rows], widths)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editor", action="store_true", help="start the editor's files afresh")
    arguments = parser.parse_args()
    made = reconstruct()
    outputs = {EXPORT: export_workbook(made)}
    if arguments.editor:
        outputs[SURVEY / "coding.xlsx"] = coding_workbook(made)
        outputs[SURVEY / "comments.xlsx"] = comments_workbook(made)
    for path, data in outputs.items():
        write_bytes(path, data)
        print(f"{path.relative_to(ROOT)}  {len(data):,} bytes")


if __name__ == "__main__":
    main()
