"""A small survey for tests: its codebook, its export, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

SURVEY = """\
title: Toy survey
organisations: councils
export:
  sheet: Responses
  no_answer: ["-", "n/a"]
  columns:
    response: Response ID
    organisation: Council
    status: Status
    others: [Link]
scales:
  agreement:
    order: two_sided
    options:
      agree: Agree
      neither: Neither
      disagree: {label: Disagree, aliases: [Do not agree]}
      dont_know: Don't know
    nets:
      opinion: [agree, disagree]
    middle: [neither]
    apart: [dont_know]
questions:
  council_type:
    type: single
    text: Type
    column: Type
    required: true
    scale:
      options:
        county: {label: County, short: county council}
        unitary: {label: Unitary, short: unitary authority}
        district: {label: District, short: district council}
  q1:
    type: single
    number: Q1
    text: Is it good?
    column: Q1. Is it good?
    scale: agreement
  q2:
    type: grid
    number: Q2
    text: Which parts are good?
    scale: agreement
    items:
      start: {label: The start, column: "Q2 [Start]"}
      end: {label: The end, column: "Q2 [End]"}
  q3:
    type: ranking
    number: Q3
    text: What matters most?
    items:
      red: {label: Red, column: "Q3 [Red]"}
      blue: {label: Blue, column: "Q3 [Blue]"}
      green: {label: Green, column: "Q3 [Green]"}
    other:
      column: Q3 other
      themes: {size: Size, taste: Taste}
  q4:
    type: text
    number: Q4
    text: Comments
    column: Q4. Comments
sample:
  sample.respondents: {count: respondents, label: Responses}
  sample.councils: {count: organisations, label: Councils}
  sample.districts: {count: organisations, where: council_type.district, label: Districts}
  sample.target: {count: organisations, where: in_frame, label: Councils of the frame}
facts:
  context.moons: {value: 1, label: Moons, source: Astronomy}
crosstabs:
  - {question: q2, by: q1}
banner: [council_type]
attribution: [council_type]
minimum_base: 2
frame:
  workbook: toy.xlsx
  sheet: Councils
  label: all councils
  source: made up
  columns: {council_type: Type}
outside_frame:
  council_type: [district]
weighting:
  margins: [council_type]
  lower: 0.3
  upper: 3
"""

WAVE = """\
title: Spring
workbook: toy.xlsx
fieldwork: {start: 2020-03-01, end: 2020-04-02}
published: 2020-05-01
exclusions:
  - {kind: value, column: Status, values: [Test], reason: A test}
  - {kind: duplicate, columns: [Council, Q4. Comments], keep: last, reason: Sent twice}
  - {kind: incomplete, minimum_answered: 1, reason: Nothing answered}
"""

HEADER = [
    *("Response ID", "Council", "Status", "Link", "Type", "Q1. Is it good?", "Q2 [Start]"),
    *("Q2 [End]", "Q3 [Red]", "Q3 [Blue]", "Q3 [Green]", "Q3 other", "Q4. Comments"),
]

ROWS: list[list[Any]] = [
    [101, "A", "Complete", "x", "County", "Agree", "Agree", "Disagree", 1, 2, 3, None, "Fine."],
    [102, "A", "Complete", "x", "County", "Agree ", "Agree", "-", 2, 1, None, "Size", None],
    [103, "B", "Complete", "x", "County", "Disagree", "Do not agree", "Agree", 1, 2, 3, None, "No"],
    [104, "C", "Complete", "x", "Unitary", "agree", "Neither", "Agree", 3, 2, 1, None, "=1+1"],
    [105, "D", "Complete", "x", "Unitary", None, "Agree", "Agree", 1, None, None, "Taste", "<b>"],
    [
        106,
        "E",
        "Complete",
        "x",
        "Unitary",
        "Don’t know",
        "Agree",
        None,
        None,
        None,
        None,
        None,
        "n/a",
    ],
    [107, "F", "Complete", "x", "District", "Agree", "Agree", "Agree", 1, 1, 2, None, None],
    [108, "T", "Test", "x", "County", "Nonsense", None, None, None, None, None, None, None],
    [109, "G", "Complete", "x", "County", "Disagree", "Agree", "Agree", 2, 3, 1, None, "Twice"],
    [110, "G", "Complete", "x", "County", "Agree", "Agree", "Agree", 2, 3, 1, None, "Twice "],
    [111, "H", "Partial", "x", "Unitary", None, None, None, None, None, None, None, None],
]

KEPT = ["101", "102", "103", "104", "105", "106", "107", "110"]

FRAME = [["Council", "Type"], *([f"County {n}", "County"] for n in range(4))]
FRAME += [[f"Unitary {n}", "Unitary"] for n in range(6)]


def write(path: Path, rows: list[list[Any]], sheet: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = Workbook()
    workbook.active.title = sheet
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = workbook.active.cell(number, column, value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    workbook.save(path)
    return path


def project(root: Path) -> Path:
    """The toy survey laid out as a project; returns its root."""
    (root / "surveys/toy").mkdir(parents=True)
    (root / "surveys/toy/survey.yaml").write_text(SURVEY)
    (root / "raw/toy/2020").mkdir(parents=True)
    (root / "raw/toy/2020/wave.yaml").write_text(WAVE)
    write(root / "raw/toy/2020/toy.xlsx", [HEADER, *ROWS], "Responses")
    write(root / "raw/frames/toy.xlsx", FRAME, "Councils")
    return root


def spoil(path: Path, change: Callable[[Any], None]) -> None:
    """Edit a workbook in place: `change` gets the openpyxl workbook."""
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)


NEXT_WAVE = """\
title: Autumn
workbook: next.xlsx
fieldwork: {start: 2021-09-01, end: 2021-09-30}
published: 2021-11-01
previous: "2020"
export:
  sheet: Sheet
  header: {rows: 2}
  columns: {response: Id, organisation: Council}
  patterns: {single: "{header} › Response", text: "{header} › Free", item: "{stem} › {item}"}
headers:
  council_type: Kind of council › Response
retired: {q3: of no interest}
recoded:
  agreement:
    add: {unsure: {label: Not sure, after: neither}}
    nets: {opinion: [agree, disagree]}
    comparable: {neither: [neither, unsure]}
aliases:
  council_type: {unitary: [Unitary council]}
introduced:
  q5: {type: text, number: Q5, text: Anything else?, column: Q5. Anything else? › Free}
not_comparable:
  q2.end: the end is another
"""

NEXT_TOP = [
    *("Id", "Q4. Comments", "Q1. Is it good?", "Q2", None, "Q5. Anything else?"),
    *("Kind of council", "Council"),
]
NEXT_SECOND = [None, "Free", "Response", "End", "Start", "Free", "Response", None]
NEXT_ROWS: list[list[Any]] = [
    [1, None, "Agree", "Agree", "Agree", None, "County", "A"],
    [2, "Good.", "Agree", "Agree", "Not sure", None, "County", "B"],
    [3, None, "Agree", "Agree", "Disagree", "Well", "Unitary council", "C"],
    [4, None, "Not sure", "Disagree", "Agree", None, "Unitary council", "D"],
    [5, None, "Agree", None, "Agree", None, "County", "K"],
    [6, None, "Disagree", "Agree", "Neither", None, "Unitary", "L"],
    [7, None, "Agree", "Agree", "Agree", None, "District", "F"],
    [8, None, "Agree", "Neither", "Agree", None, "Unitary", "M"],
]


def second_wave(root: Path) -> Path:
    """A second wave beside the first: other layout, order, words and scale."""
    (root / "raw/toy/2021").mkdir(parents=True)
    (root / "raw/toy/2021/wave.yaml").write_text(NEXT_WAVE)
    write(root / "raw/toy/2021/next.xlsx", [NEXT_TOP, NEXT_SECOND, *NEXT_ROWS], "Sheet")
    return root


THIRD_WAVE = """\
title: Winter
workbook: third.xlsx
fieldwork: {start: 2022-01-10, end: 2022-01-31}
published: 2022-03-01
previous: "2021"
recoded:
  agreement:
    drop: [neither]
    comparable: {unsure: [unsure]}
"""


def third_wave(root: Path) -> Path:
    """A third wave beside two, in the layout of the second."""
    second_wave(root)
    (root / "raw/toy/2022").mkdir()
    (root / "raw/toy/2022/wave.yaml").write_text(THIRD_WAVE)
    rows = [["Not sure" if cell == "Neither" else cell for cell in row] for row in NEXT_ROWS]
    write(root / "raw/toy/2022/third.xlsx", [NEXT_TOP, NEXT_SECOND, *rows], "Sheet")
    return root
