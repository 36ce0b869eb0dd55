"""A small survey with several choices, numbers, routing, two header rows and contact columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import toy

SURVEY = """\
title: Toy survey of choices
organisations: practices
respondents: partners
export:
  sheet: Sheet0
  header: {rows: 2, first: 2}
  no_answer: ["-"]
  columns:
    response: Respondent ID
    organisation: Practice
    others: [Score, "Score [2]", Reached by]
    contact: [Email]
questions:
  size:
    type: single
    text: Size
    column: Size
    required: true
    scale: {options: {small: Small, large: Large}}
  q1:
    type: single
    number: Q1
    text: Do you offer care at home?
    column: Q1. Do you offer care at home?
    scale: {options: {yes_: "Yes", no_: "No"}}
  q2:
    type: multi
    number: Q2
    text: Where do you offer it?
    asked_if: q1.yes_
    options:
      gp: {label: GP surgery, column: "Q2. Where? › GP surgery"}
      clinic: {label: Clinic, column: "Q2. Where? › Clinic"}
      none: {label: None of these, column: "Q2. Where? › None of these"}
    exclusive: [none]
    nets: {any_place: [gp, clinic]}
    net_labels: {any_place: Any place}
    other: {column: "Q2. Where? › Other (please specify)", themes: {van: Van}}
  q3:
    type: multi
    number: Q3
    text: What gets in the way?
    column: Q3. What gets in the way?
    separator: ";"
    base: asked
    options:
      money: {label: Money, aliases: [Funds]}
      staff: Staff
      time_: Time; of any kind
      any_kind: of any kind
      unsure: {label: Don't know, missing: dont_know}
    nets: {means: [money, staff]}
  q4:
    type: number
    number: Q4
    text: How many hours a week?
    column: Q4. How many hours a week?
    unit: hours a week
    minimum: 0
    maximum: 168
    bands: {few: [0, 7.99], many: [8, 168]}
    band_labels: {few: Under 8, many: 8 or more}
  q5:
    type: text
    number: Q5
    text: Comments
    asked_if: q2.any_place
    column: Q5. Comments
sample:
  sample.anywhere: {count: respondents, where: q2.any_place, label: Offering care anywhere}
crosstabs:
  - {question: q3, by: q2}
  - {question: q4, by: q1}
  - {question: q1, by: q4}
banner: [size]
attribution: [size]
minimum_base: 2
frame:
  workbook: choices.xlsx
  sheet: Practices
  label: all practices
  source: made up
  columns: {size: Size}
weighting: {margins: [size], lower: 0.3, upper: 3}
"""

WAVE = """\
title: Spring
workbook: choices.xlsx
fieldwork: {start: 2020-03-01, end: 2020-04-02}
published: 2020-05-01
exclusions:
  - {kind: incomplete, minimum_answered: 1, reason: Nothing answered}
"""

EXHIBITS = """\
exhibits:
  places: {kind: bars, question: q2, nets: [any_place]}
  hours: {kind: bars, question: q4}
  ways: {kind: table, question: q3, columns: [count, percent], sort: count}
"""

HEADER = [
    ["Made with a tool", *[None] * 16],
    [
        *("Respondent ID", "Practice", "Email", "Reached by", "Score", "Score", "Size"),
        *("Q1. Do you offer care at home?", "Q2. Where?", None, None, None),
        *("Q3. What gets in the way?", "Q4. How many hours a week?", "Q5. Comments"),
    ],
    [*[None] * 8, "GP surgery", "Clinic", "None of these", "Other (please specify)"],
]

# id, practice, email, reached by, scores, size, q1, q2 gp, clinic, none, other, q3, q4, q5
ROWS: list[list[Any]] = [
    [
        *(1, "A", "a@example.org", "203.0.113.1", 5, 6, "Small", "Yes"),
        *("GP surgery", None, None, None, "Money;Staff;", 10, "Fine."),
    ],
    [
        *(2, "A", "b@example.org", "203.0.113.2", 5, 6, "Small", "Yes"),
        *("Yes", "clinic", None, "A van", "Time; of any kind", "1,0", None),
    ],
    [
        *(3, "B", None, "203.0.113.3", 5, 6, "Small", "No"),
        *("GP surgery", None, None, None, "Funds; staff", 4.5, "Not asked of me."),
    ],
    [
        *(4, "C", "c@example.org", "203.0.113.4", 5, 6, "Large", "Yes"),
        *(None, 1, "None of these", None, "Don't know", 8, None),
    ],
    [
        *(5, "D", None, "203.0.113.5", 5, 6, "Large", "Yes"),
        *(None, None, "x", None, "of any kind;Money", None, None),
    ],
    [
        *(6, "E", None, None, 5, 6, "Large", "Yes"),
        *("No", "No", "No", None, None, "1,000", None),
    ],
    [*(7, "F", None, None, 5, 6, "Large", None), *[None] * 4, "-", "-", None],
    [*(8, "G", None, None, 5, 6, "Large", None), *[None] * 3, None, "Staff", 20, None],
]
# Row 2's "1,0" is no number and row 6's "1,000" is out of range: what `project` mends.
MENDED = {("N", 5): 8, ("N", 9): "100"}

FRAME = [["Practice", "Size"], *([f"Small {n}", "Small"] for n in range(3))]
FRAME += [[f"Large {n}", "Large"] for n in range(7)]


def project(root: Path, mended: bool = True) -> Path:
    """The survey laid out as a project; returns its root."""
    (root / "surveys/choices").mkdir(parents=True)
    (root / "surveys/choices/survey.yaml").write_text(SURVEY)
    (root / "surveys/choices/exhibits.yaml").write_text(EXHIBITS)
    (root / "raw/choices/2020").mkdir(parents=True)
    (root / "raw/choices/2020/wave.yaml").write_text(WAVE)
    path = toy.write(root / "raw/choices/2020/choices.xlsx", [*HEADER, *ROWS], "Sheet0")
    toy.write(root / "raw/frames/choices.xlsx", FRAME, "Practices")
    coding = [["wave", "question", "response", "theme"], ["2020", "q2.other", 2, "van"]]
    toy.write(root / "surveys/choices/coding.xlsx", coding, "Coding")
    if mended:
        toy.spoil(
            path,
            lambda book: [book.active.__setitem__(f"{c}{r}", v) for (c, r), v in MENDED.items()],
        )
    return root
