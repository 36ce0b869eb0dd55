"""Numbers: read as written, and refused where they are none or out of range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from wavedeck.answers import NO_ANSWER
from wavedeck.clean.text import match_key, tidy
from wavedeck.clean.work import Work
from wavedeck.masks import GIVEN
from wavedeck.survey import Dates, NumberQuestion
from wavedeck.survey.keys import VALUE

_PLAIN = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_PARTS = {"year": r"[12]\d{3}", "month": r"0?[1-9]|1[0-2]"}
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True)
class Number:
    """What one raw text becomes; None: no number was given."""

    value: float | None
    rule: str = ""
    new: str = ""


def read_number(raw: str, marks: set[str]) -> Number | None:
    """The number that a text stands for; `marks` (match keys) mean no answer; None: neither."""
    text = tidy(raw)
    if not text or match_key(text) in marks:
        return Number(None, "no_answer")
    if _PLAIN.fullmatch(text):
        return Number(float(text), "" if text == raw else "spaces", text)
    if _THOUSANDS.fullmatch(text):
        bare = text.replace(",", "")
        return Number(float(bare), "thousands", bare)
    return None


def read_date(raw: str, dates: Dates, marks: set[str]) -> Number | None:
    """As `read_number`, of a text that is a date, or the year or month by itself."""
    text = tidy(raw)
    if not text or match_key(text) in marks:
        return Number(None, "no_answer")
    if re.fullmatch(_PARTS[dates.take], text):
        return Number(float(text), "" if text == raw else "spaces", text)
    moment = _moment(text, dates.written)
    if moment is None:
        return None
    part = moment.year if dates.take == "year" else moment.month
    return Number(float(part), "date", str(part))


def _moment(text: str, written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, written) if written else None
    except ValueError:
        return None


def code_number(
    name: str, question: NumberQuestion, no_answer: Iterable[str], work: Work
) -> dict[str, np.ndarray]:
    """`name`: int8, 1 where a number was given; `name:value`: float64, NaN where none was."""
    marks = {match_key(mark) for mark in no_answer}
    column = work.cells.column(name)
    dates = question.dates
    judged = {
        raw: read_date(raw, dates, marks) if dates else read_number(raw, marks)
        for raw in dict.fromkeys(column.values)
        if raw
    }
    codes = np.full(len(column.values), NO_ANSWER, dtype=np.int8)
    values = np.full(len(column.values), np.nan)
    for index, raw in enumerate(column.values):
        if raw is None:
            continue
        number = judged[raw]
        wrong = _wrong(raw, number, question)
        if wrong:
            if work.kept[index]:
                _refuse(name, question, index, wrong, work)
            continue
        assert number is not None  # _wrong has said so else
        if number.value is not None:
            codes[index], values[index] = GIVEN, number.value
        if number.rule and work.kept[index]:
            work.change(column, index, number.rule, number.new)
    return {name: codes, name + VALUE: values}


def _wrong(raw: str, number: Number | None, question: NumberQuestion) -> str:
    if number is None:
        return f"'{raw}' is not a {'date' if question.dates else 'number'}"
    if number.value is None:
        return ""
    if question.minimum is not None and number.value < question.minimum:
        return f"{raw} is below the minimum, {question.minimum:.12g}"
    if question.maximum is not None and number.value > question.maximum:
        return f"{raw} is above the maximum, {question.maximum:.12g}"
    return ""


def _refuse(name: str, question: NumberQuestion, index: int, wrong: str, work: Work) -> None:
    least = f" from {question.minimum:.12g}" if question.minimum is not None else ""
    most = f" to {question.maximum:.12g}" if question.maximum is not None else ""
    bounds = least + most
    unit = f" ({question.unit})" if question.unit else ""
    expected = f"a number{bounds}{unit}, or nothing"
    mend = "" if "not a" in wrong else ", or mend minimum: and maximum: in survey.yaml"
    if question.dates:
        written = f" or as '{question.dates.written}'" if question.dates.written else ""
        expected = f"a date, as 2017-05-31{written}, whose {question.dates.take} counts{bounds}"
        mend = mend or ", or say how dates are written in survey.yaml (dates: written:)"
    work.problem(
        work.cells.column(name),
        index,
        f"{name}: {wrong}",
        expected,
        "",
        f"correct the cell in a copy of the export{mend}",
    )
