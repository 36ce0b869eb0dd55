"""Writes the follow-up wave of 2018: synthetic respondents, from end to end.

    python surveys/stp-councillors/followup/build.py            the raw workbook
    python surveys/stp-councillors/followup/build.py --editor   the editor's files of 2018 too

Nothing of it was ever asked or answered. It has what changes between waves of a real survey, and
councils that answer in both, so that a second wave can be tried.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(ROOT / "workflow")]

import yaml  # noqa: E402
from reconstruction.comments import Written, give_comments  # noqa: E402
from reconstruction.sample import Respondent  # noqa: E402
from reconstruction.workbooks import Sheet, workbook_bytes  # noqa: E402

from followup.deal import deal  # noqa: E402
from followup.export import Export, make_export  # noqa: E402
from followup.people import Cell, draw_people  # noqa: E402
from wavedeck.answers import Answers  # noqa: E402
from wavedeck.clean.stage import clean  # noqa: E402
from wavedeck.files import write_bytes  # noqa: E402
from wavedeck.ingest.stage import read_export  # noqa: E402
from wavedeck.survey import Survey, load_codebook  # noqa: E402

SEED = 2018
SURVEY = HERE.parent
NAME = SURVEY.name
RAW = ROOT / "raw" / NAME
STAMP = (2018, 6, 18, 9, 0, 0)


def first_wave() -> tuple[Answers, Survey]:
    """The coded answers of 2017: who answered, and what their councils thought."""
    survey, wave = load_codebook(SURVEY / "survey.yaml", RAW / "2017" / "wave.yaml")
    found = read_export(RAW / "2017" / wave.workbook, survey)
    return clean(found.cells, survey, wave.exclusions, found.source).answers, survey


def frame_cells(survey: Survey) -> list[Cell]:
    regions = {option.label: name for name, option in survey.scale_of("region").options.items()}
    path = HERE.parent / "reconstruction" / "england_councils_2017.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return [(regions[row["region"]], row["council_type"]) for row in rows]


def make() -> tuple[list[Respondent], list[Written], Export, Survey]:
    answers, first = first_wave()
    survey, wave = load_codebook(SURVEY / "survey.yaml", RAW / "2018" / "wave.yaml")
    people = draw_people(answers, frame_cells(first), first, SEED)
    deal(people, survey, yaml.safe_load((HERE / "shapes.yaml").read_text("utf-8")), SEED)
    texts = yaml.safe_load((HERE / "comments.yaml").read_text("utf-8"))
    written = give_comments(people, texts, survey, SEED)
    return people, written, make_export(people, survey, wave, SEED), survey


def export_workbook(export: Export) -> bytes:
    rows: list[Sequence[Any]] = [export.top, export.second, *export.rows]
    widths = dict.fromkeys(range(1, len(export.top) + 1), 20.0)
    about: list[list[str | None]] = [
        ["Please note"],
        ["The respondents of this export are synthetic, and so is every answer and comment in it."],
        ["Nobody was asked anything in 2018. Council names are pseudonyms of no real councils."],
    ]
    return workbook_bytes(
        "STP survey of councillors 2018: export",
        [
            Sheet("Sheet", rows, widths, header_rows=2),
            Sheet("Please note", about, {1: 100.0}, table=False),
        ],
        STAMP,
    )


def shared_attributions(people: Sequence[Respondent]) -> set[int]:
    """Respondents whose role and type of council several have."""
    times = Counter((p.role, p.council_type) for p in people)
    return {i for i, p in enumerate(people) if times[p.role, p.council_type] > 1}


def comments_workbook(
    people: Sequence[Respondent], written: Sequence[Written], export: Export, survey: Survey
) -> bytes:
    """Every comment with the editor's decision; cleared ones first, in the order of the slides."""
    header = ["wave", "question", "response", "decision"]
    header += ["text as received", "text to publish", "note"]
    safe = shared_attributions(people)
    order = {name: place for place, name in enumerate(survey.questions)}

    def rank(entry: Written) -> tuple[int, int, str]:
        place = order[entry.question.partition(".")[0]]
        return place, entry.publish or 99, export.ids[entry.respondent]

    rows = []
    for entry in sorted(written, key=rank):
        clear = bool(entry.publish) and entry.respondent in safe
        decision = "publish" if clear else None if entry.awaiting else "withhold"
        text = entry.text if clear else None
        note = None if clear or entry.awaiting else entry.withhold or "No room on the slide"
        place = export.ids[entry.respondent]
        rows.append(["2018", entry.question, place, decision, entry.text, text, note])
    widths = {1: 8.0, 2: 14.0, 3: 16.0, 4: 12.0, 5: 80.0, 6: 80.0, 7: 50.0}
    return workbook_bytes("Comments", [Sheet("Comments", [header, *rows], widths)], STAMP)


def coding_workbook(written: Sequence[Written], export: Export) -> bytes:
    rows = [
        ["2018", entry.question, export.ids[entry.respondent], entry.text, theme]
        for entry in written
        for theme in entry.themes
    ]
    rows.sort(key=lambda row: row[2])
    header = ["wave", "question", "response", "text", "theme"]
    widths = {1: 8.0, 2: 14.0, 3: 16.0, 4: 80.0, 5: 20.0}
    return workbook_bytes("Coding", [Sheet("Coding", [header, *rows], widths)], STAMP)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editor", action="store_true", help="start the editor's files afresh")
    arguments = parser.parse_args()
    people, written, export, survey = make()
    outputs = {RAW / "2018" / f"{NAME}-2018.xlsx": export_workbook(export)}
    if arguments.editor:
        book = comments_workbook(people, written, export, survey)
        outputs[SURVEY / "2018" / "comments.xlsx"] = book
        outputs[SURVEY / "2018" / "coding.xlsx"] = coding_workbook(written, export)
    for path, data in outputs.items():
        write_bytes(path, data)
        print(f"{path.relative_to(ROOT)}  {len(data):,} bytes")
    print(f"{len(people)} respondents of {len({p.council for p in people})} councils")


if __name__ == "__main__":
    main()
