"""Writes the reconstruction of the 2017 wave: synthetic answers that meet the published figures.

    python surveys/stp-councillors/reconstruction/build.py            the raw workbooks
    python surveys/stp-councillors/reconstruction/build.py --editor   the editor's files too

The editor's files (comments.xlsx, coding.xlsx) are a team's own from then on; --editor starts them
afresh and loses what was decided in them.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(ROOT / "workflow")]

import yaml  # noqa: E402

from reconstruction.answers import hand_out  # noqa: E402
from reconstruction.comments import Written, give_comments  # noqa: E402
from reconstruction.export import Export, make_export  # noqa: E402
from reconstruction.raking import rake  # noqa: E402
from reconstruction.sample import Respondent, draw_sample  # noqa: E402
from reconstruction.solve import Solution, read_rows, solve  # noqa: E402
from reconstruction.workbooks import Sheet, workbook_bytes  # noqa: E402
from wavedeck.files import write_bytes  # noqa: E402
from wavedeck.survey import RankingQuestion, Survey, load_survey, load_wave  # noqa: E402

SEED = 2017
SURVEY = HERE.parent
WAVE = ROOT / "raw" / SURVEY.name / "2017"
FRAME = ROOT / "raw" / "frames" / "england-councils-2017.xlsx"

ABOUT: list[list[str | None]] = [
    ["Export of responses"],
    ["Survey", "STP survey of councillors"],
    ["Responses", "Sheet 'Responses', one row a response, test and unfinished responses included"],
    ["Times", "As of the survey tool, local time"],
    [],
    ["Please note", "The respondents are synthetic. Their answers were made to add up to the"],
    [None, "published figures of July 2017; council names are pseudonyms and the comments were"],
    [None, "written for the project. Nothing here was said by a real councillor."],
]


@dataclass(frozen=True)
class Reconstruction:
    survey: Survey
    solution: Solution
    people: list[Respondent]
    weights: list[float]
    """Of the raking that the comparisons were checked with."""
    margins: dict[str, float]
    """By question: the least margin of its comparisons beyond their slack, in points."""
    written: list[Written]
    export: Export


def read_frame(survey: Survey) -> list[dict[str, str]]:
    """The population list with names of options: name, ons_code, council_type, region."""
    regions = {option.label: name for name, option in survey.scale_of("region").options.items()}
    with (HERE / "england_councils_2017.csv").open(encoding="utf-8", newline="") as stream:
        return [row | {"region": regions[row["region"]]} for row in csv.DictReader(stream)]


def reconstruct() -> Reconstruction:
    survey, _ = load_survey(SURVEY / "survey.yaml")
    wave, _ = load_wave(WAVE / "wave.yaml")
    shapes = yaml.safe_load((HERE / "shapes.yaml").read_text(encoding="utf-8"))
    solution = solve(survey, shapes, read_rows(SURVEY / "published" / "2017.csv", survey), SEED)
    people = draw_sample(SEED)
    weights = rake(people, read_frame(survey))
    margins = hand_out(people, solution, survey, weights, SEED)
    texts = yaml.safe_load((HERE / "comments.yaml").read_text(encoding="utf-8"))
    written = give_comments(people, texts, survey, SEED)
    export = make_export(people, survey, wave, SEED)
    return Reconstruction(survey, solution, people, weights, margins, written, export)


def export_workbook(made: Reconstruction) -> bytes:
    headers = made.export.headers
    rows: list[list[Any]] = [headers]
    rows += [[row[header] for header in headers] for row in made.export.rows]
    link = headers.index("Link") + 1
    widths = dict.fromkeys(range(1, len(headers) + 1), 22.0)
    return workbook_bytes(
        "STP survey of councillors: export",
        [
            Sheet("About", ABOUT, {1: 16.0, 2: 90.0}, table=False),
            Sheet("Responses", rows, widths, hidden=[link], blank_rows=2),
        ],
    )


def frame_workbook(survey: Survey) -> bytes:
    kinds, regions = (survey.scale_of(name).options for name in ("council_type", "region"))
    rows = [
        [r["name"], r["ons_code"], kinds[r["council_type"]].label, regions[r["region"]].label]
        for r in read_frame(survey)
    ]
    source = [
        ["What", "All single tier and county councils in England, April 2017: 152 rows"],
        ["Source", "Office for National Statistics, local authority districts and counties"],
        ["Licence", "Open Government Licence v3.0 (contains public sector information)"],
        ["Date", "April 2017"],
    ]
    return workbook_bytes(
        "Single tier and county councils in England, April 2017",
        [
            Sheet(
                "Councils",
                [["Council", "ONS code", "Council type", "Region"], *rows],
                {1: 34.0, 2: 12.0, 3: 24.0, 4: 26.0},
            ),
            Sheet("Source", source, {1: 12.0, 2: 90.0}, table=False),
        ],
    )


def coding_workbook(made: Reconstruction) -> bytes:
    """One row a mention of a theme."""
    ranking = made.survey.questions["q13"]
    assert isinstance(ranking, RankingQuestion) and ranking.other
    rows = [
        ["2017", entry.question, made.export.ids[entry.respondent], entry.text, theme]
        for entry in made.written
        for theme in entry.themes
    ]
    rows.sort(key=lambda row: row[2])
    header = ["wave", "question", "response", "text", "theme"]
    themes = [["theme", "what it covers"], *([n, t] for n, t in ranking.other.themes.items())]
    return workbook_bytes(
        "Coding of open answers",
        [
            Sheet("Coding", [header, *rows], {1: 8.0, 2: 14.0, 3: 12.0, 4: 80.0, 5: 20.0}),
            Sheet("Themes", themes, {1: 20.0, 2: 50.0}),
        ],
    )


def comments_workbook(made: Reconstruction) -> bytes:
    """Every comment with the editor's decision; cleared ones first, in the order of the slides."""
    header = ["wave", "question", "response", "decision"]
    header += ["text as received", "text to publish", "note"]
    order = {name: place for place, name in enumerate(made.survey.questions)}

    def rank(entry: Written) -> tuple[int, int, str]:
        place = order[entry.question.partition(".")[0]]
        return place, entry.publish or 99, made.export.ids[entry.respondent]

    rows: list[Sequence[str | None]] = [
        [
            "2017",
            entry.question,
            made.export.ids[entry.respondent],
            "publish" if entry.publish else None if entry.awaiting else "withhold",
            entry.text,
            (entry.edited or entry.text) if entry.publish else None,
            _note(entry),
        ]
        for entry in sorted(made.written, key=rank)
    ]
    widths = {1: 8.0, 2: 14.0, 3: 12.0, 4: 12.0, 5: 80.0, 6: 80.0, 7: 50.0}
    return workbook_bytes("Comments", [Sheet("Comments", [header, *rows], widths)])


def _note(entry: Written) -> str | None:
    if entry.publish:
        return "Edited: see the text as received" if entry.edited else None
    if entry.awaiting:
        return None
    if entry.themes:
        return "Counted by theme: see coding.xlsx"
    return entry.withhold or "No room on the slide"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editor", action="store_true", help="start the editor's files afresh")
    arguments = parser.parse_args()
    made = reconstruct()
    outputs = {
        WAVE / "stp-councillors-2017.xlsx": export_workbook(made),
        FRAME: frame_workbook(made.survey),
    }
    if arguments.editor:
        outputs[SURVEY / "coding.xlsx"] = coding_workbook(made)
        outputs[SURVEY / "comments.xlsx"] = comments_workbook(made)
    for path, data in outputs.items():
        write_bytes(path, data)
        print(f"{path.relative_to(ROOT)}  {len(data):,} bytes")
    for question, margin in made.margins.items():
        if margin < 0:
            print(f"{question}: a weighted comparison is {-margin:.1f} points short of its slack")


if __name__ == "__main__":
    main()
