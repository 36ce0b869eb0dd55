"""What `new` drafts counts as pandas does, which reads the sheet by itself.

Nothing of the package reads the workbook on this side; the draft alone says which column and which
texts an option stands for.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl.utils import column_index_from_string

import export_layouts as layouts
from test_new_layouts import Drafted
from wavedeck.coding import Coding
from wavedeck.estimate.stage import estimate
from wavedeck.inspect.profile import Column, QuestionGuess
from wavedeck.survey import load_codebook

REGIONS = ["North", "South", "East"]
HEARD = ["Email, post or letter", "Website", "Social media (Facebook, X)", "Word of mouth"]
ITEMS = ["Staff were polite", "I was kept informed", "My problem was solved"]
SATISFIED = "How satisfied are you?"
AGREE = "How far do you agree?"
HEARD_OF = "How did you hear of us? Select all that apply"


def people(count: int = 60) -> list[dict[str, Any]]:
    rng = random.Random(11)
    found = []
    for i in range(count):
        person: dict[str, Any] = {"id": 5000 + i, "i": i}
        person["at"] = datetime(2024, 5, 6, 8) + timedelta(hours=5 * i)
        person["contact"] = [f"Zorbla Quux{i}", f"zorbla{i}@example.org", f"203.0.113.{i}"]
        person["satisfied"] = rng.choice(["Very satisfied", "Satisfied", "Dissatisfied", None])
        person["region"] = rng.choice(REGIONS)
        person["agree"] = [rng.choice([*layouts.AGREEMENT, None]) for _ in ITEMS]
        person["heard"] = [heard for heard in HEARD if rng.random() < 0.4]
        person["age"] = rng.choice([None, *range(18, 88)])
        found.append(person)
    return found


def jotform() -> layouts.Sheets:
    rows: layouts.Rows = [["Submission Date", "Full Name", "E-mail", "IP", SATISFIED]]
    rows[0] += [*(f"{AGREE} >> {item}" for item in ITEMS), HEARD_OF, "How old are you?"]
    for p in people():
        rows.append([p["at"], *p["contact"], p["satisfied"], *p["agree"]])
        rows[-1] += ["\n".join(p["heard"]) or None, p["age"]]
    return {"Submissions": rows}


def zoho() -> layouts.Sheets:
    rows: layouts.Rows = [["Response ID", "Response Status", "Time Stamp (mm/dd/yyyy)", "Duration"]]
    rows[0] += ["Respondent Name", "Respondent Email", "IP Address", SATISFIED]
    rows[0] += [*(f"{AGREE} | {item}" for item in ITEMS), HEARD_OF, "How old are you?"]
    for p in people():
        status = "Completed" if p["i"] % 7 else "Partial"
        stamp = p["at"].strftime("%m/%d/%Y %I:%M:%S %p")
        rows.append([p["id"], status, stamp, f"00:04:1{p['i'] % 10}", *p["contact"]])
        rows[-1] += [p["satisfied"], *p["agree"], ";".join(p["heard"]) or None, p["age"]]
    return {"Individual responses": rows}


def alchemer() -> layouts.Sheets:
    rows: layouts.Rows = [["Response ID", "Time Started", "Date Submitted", "Status", "SessionID"]]
    rows[0] += ["Name", "Email", "IP Address", SATISFIED, *(f"{item}:{AGREE}" for item in ITEMS)]
    rows[0] += [*(f"{heard}:{HEARD_OF}" for heard in HEARD), "How old are you?"]
    for p in people():
        rows.append([p["id"], p["at"], p["at"], "Complete", f"159_{p['id']}_5f1a", *p["contact"]])
        rows[-1] += [p["satisfied"], *p["agree"]]
        rows[-1] += [*(heard if heard in p["heard"] else None for heard in HEARD), p["age"]]
    return {"Sheet1": rows}


def spss_of_options() -> layouts.Sheets:
    """Options whose texts speak of email and post, as 1 and 0."""
    rows: layouts.Rows = [["caseid", "satis", *(f"heard_{n}" for n in (1, 2, 3, 4)), "age"]]
    codes = {"Very satisfied": 1, "Satisfied": 2, "Dissatisfied": 3, None: 99}
    for p in people():
        ticks = [int(heard in p["heard"]) for heard in HEARD]
        rows.append([p["id"], codes[p["satisfied"]], *ticks, p["age"] or "#NULL!"])
    values: layouts.Rows = [["satis", 1, "Very satisfied"], [None, 2, "Satisfied"]]
    values += [[None, 3, "Dissatisfied"], [None, 99, "No reply"]]
    labels: layouts.Rows = [["satis", SATISFIED], ["age", "How old are you?"]]
    labels += [[f"heard_{n}", f"Heard of us: {heard}"] for n, heard in enumerate(HEARD, start=1)]
    return {"Data": rows, "Value Labels": values, "Variable Labels": labels}


def typed_by_hand() -> layouts.Sheets:
    rows: layouts.Rows = [["Answers of the spring"], [None]]
    rows += [["No", "Name", "Satisfied?", "Region", "Heard by", "Age"]]
    for p in people():
        region = p["region"].upper() if p["i"] % 11 == 0 else p["region"] + " " * (p["i"] % 3)
        heard = "; ".join(p["heard"]) or "n/a"
        name = p["contact"][0]
        rows.append([p["i"] + 1, name, p["satisfied"], region, heard, p["age"]])
    return {"Sheet1": [*rows, [None], ["Total", None, 60]]}


MORE: dict[str, Callable[[], layouts.Sheets]] = {
    "Jotform": jotform,
    "Zoho": zoho,
    "Alchemer": alchemer,
    "SPSS, options": spss_of_options,
    "by hand": typed_by_hand,
}
EVERY = layouts.LAYOUTS | MORE


class Counted:
    """A draft's estimates, and the sheet as pandas reads it."""

    def __init__(self, sheets: layouts.Sheets, folder: Path) -> None:
        path = layouts.save(sheets, folder / "export.xlsx")
        self.drafted = Drafted(path)
        answers = self.drafted.cleaned.answers
        ones = np.ones(len(answers))
        weights = {"weight": ones, "in_frame": ones > 0, "design_weight": ones}
        survey, wave = load_codebook(folder / "drafted/survey.yaml", folder / "drafted/wave.yaml")
        found = estimate(answers, weights, [], {"weighted": False}, Coding(), survey, wave)
        self.counts = {e.id: e.numerator for e in found}
        self.values = {e.id: e.value for e in found}
        self.frame = pd.read_excel(
            path,
            sheet_name=None,
            header=None,
            dtype=object,
            keep_default_na=False,
            na_values=[""],
            engine="openpyxl",
        )
        self.marks = {plain(mark) for mark in survey.export.no_answer}

    def column(self, column: Column) -> list[str]:
        """The cells of the responses that were kept, folded; "" where there is no answer."""
        sheet = self.frame[column.sheet or self.drafted.profile.sheet]
        values = sheet.iloc[:, column_index_from_string(column.letter) - 1]
        cells = [values.iloc[row - 1] for row in self.drafted.cleaned.answers.rows]
        texts = ["" if pd.isna(cell) else plain(cell) for cell in cells]
        return ["" if text in self.marks else text for text in texts]

    def options(self, name: str) -> dict[str, set[str]]:
        found = self.drafted.survey.scale_of(name).options.items()
        return {
            key: {plain(text) for text in (option.label, *option.aliases)}
            for key, option in found
            if not option.missing
        }


def plain(cell: Any) -> str:
    return " ".join(str(cell).replace("\u00a0", " ").split()).casefold()


def chosen(text: str, question: QuestionGuess) -> bool:
    return text not in ("", "0", "no", "false", *map(plain, question.unchosen))


@pytest.mark.parametrize("layout", EVERY)
def test_every_count_is_that_of_pandas(layout: str, tmp_path: Path) -> None:
    found = Counted(EVERY[layout](), tmp_path)
    compared = 0
    for planned in found.drafted.texts.planned:
        question, name = planned.guess, planned.name
        if question.kind in ("single", "grid"):
            for place, column in enumerate(question.columns):
                item = f".{planned.items[place]}" if planned.items else ""
                cells = pd.Series(found.column(column)).value_counts()
                for option, texts in found.options(name).items():
                    expected = sum(int(cells.get(text, 0)) for text in texts)
                    assert found.counts.get(f"{name}.{option}{item}:count", 0) == expected
                    compared += 1
        elif question.kind == "multi_spread":
            cells = [found.column(column) for column in question.columns]
            ticks = np.array([[chosen(text, question) for text in column] for column in cells])
            for place, option in enumerate(planned.items):
                assert found.counts[f"{name}.{option}:count"] == ticks[place].sum()
                compared += 1
            wrote = (
                [chosen(t, question) for t in found.column(question.other)] if question.other else 0
            )
            assert found.counts[f"{name}:base"] == (ticks.any(axis=0) | np.array(wrote)).sum()
        elif question.kind == "number" and not question.dates:
            cells = pd.to_numeric(pd.Series(found.column(question.columns[0])), errors="coerce")
            assert found.counts[f"{name}:base"] == cells.notna().sum()
            assert found.values[f"{name}:mean"] == pytest.approx(cells.mean(), abs=1e-9)
            compared += 1
    assert compared >= 4


@pytest.mark.parametrize("layout", MORE)
def test_options_are_counted_as_given(layout: str, tmp_path: Path) -> None:
    """Options hold commas and speak of post: what was given says how often, and which there are."""
    found = Counted(MORE[layout](), tmp_path)
    [planned] = [p for p in found.drafted.texts.planned if p.guess.kind.startswith("multi")]
    labels = planned.guess.labels or [option.label for option in planned.guess.options]
    assert set(labels) == set(HEARD)
    for key, label in zip(planned.items or planned.options, labels, strict=True):
        given = sum(label in p["heard"] for p in people())
        assert found.counts[f"{planned.name}.{key}:count"] == given
    assert found.counts[f"{planned.name}:base"] == sum(bool(p["heard"]) for p in people())


@pytest.mark.parametrize("layout", MORE)
def test_no_answer_and_no_table_holds_a_contact(layout: str, tmp_path: Path) -> None:
    found = Counted(MORE[layout](), tmp_path).drafted
    told = repr(found.cleaned) + found.texts.survey + found.texts.template
    assert "Quux" not in told and "example.org" not in told and "203.0.113" not in told
