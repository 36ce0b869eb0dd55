"""spss: answers.parquet + weights.parquet -> answers.sav, for people who work with SPSS.

Coded answers with variable labels, value labels, measurement levels and missing codes declared as
missing, and the weights. Restricted, like the answers: it goes into the audit bundle alone.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from wavedeck import files
from wavedeck.answers import DONT_KNOW, INVALID, NO_ANSWER, NOT_ASKED
from wavedeck.masks import CHOSEN, NOT_CHOSEN
from wavedeck.survey import (
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    Survey,
    TextQuestion,
    load_codebook,
)
from wavedeck.survey.keys import VALUE

MISSING = {
    NOT_ASKED: "Not asked",
    NO_ANSWER: "No answer",
    DONT_KNOW: "Don't know",
    INVALID: "Not valid",
}
TEXTS = {
    "respondent": "Workbook, sheet and row of the export",
    "response": "The survey tool's own id",
    "organisation": "Organisation that the respondent speaks for",
}
_STAMP = slice(92, 109)
"""Where a .sav has the date and time of writing: dd mmm yy and hh:mm:ss (PSPP's description of the
format, file header record)."""
_MOST_LABEL, _MOST_VALUE_LABEL = 255, 120
"""Bytes that SPSS takes."""


@dataclass
class Variable:
    """A column of the file."""

    name: str
    label: str
    """The question; `part` is what of it the variable is of."""
    values: Any
    measure: str = "nominal"
    labels: dict[float, str] = field(default_factory=dict)
    missing: bool = False
    """Codes below 0 are missing."""
    decimals: int = 0
    part: str = ""
    """Words of an item, an option or a theme."""


def variables(survey: Survey, columns: Mapping[str, Any]) -> list[Variable]:
    """The variables of the file, in the order of `columns`: answers, then weights, by key."""
    found, taken = [], set[str]()
    for key, values in columns.items():
        variable = _variable(survey, key, values)
        variable.name = _name(key, taken)
        variable.label = _label(variable)
        variable.labels = {c: _cut(t, _MOST_VALUE_LABEL) for c, t in variable.labels.items()}
        found.append(variable)
    return found


def _variable(survey: Survey, key: str, values: Any) -> Variable:
    if key in TEXTS:
        return Variable(key, TEXTS[key], [str(value) for value in values])
    if key == "row":
        return Variable(key, "Row of the export", _floats(values), "ordinal")
    if key == "weight":
        return Variable(
            key, "Weight (0 outside of the frame)", _floats(values), "scale", {}, False, 6
        )
    name, _, item = key.removesuffix(VALUE).partition(".")
    question = survey.questions[name]
    title = f"{question.number}: {question.text}" if question.number else question.text
    if isinstance(question, NumberQuestion) and key.endswith(VALUE):
        label = f"{title} ({question.unit})" if question.unit else title
        return Variable(key, label, _floats(values), "scale", decimals=2)
    codes, measure = _codes(survey, name)
    items = getattr(question, "items", None) or {}
    part = items[item].label if item in items else ""
    if isinstance(question, MultiQuestion | TextQuestion):
        part = survey.scale_of(name).label(item)
    labels = {float(code): text for code, text in {**codes, **MISSING}.items()}
    return Variable(key, title, _floats(values), measure, labels, missing=True, part=part)


def _codes(survey: Survey, name: str) -> tuple[dict[int, str], str]:
    """Codes with their words, and the measurement level."""
    question = survey.questions[name]
    if isinstance(question, MultiQuestion):
        return {CHOSEN: "Chosen", NOT_CHOSEN: "Not chosen"}, "nominal"
    if isinstance(question, TextQuestion):
        return {CHOSEN: "Raised", NOT_CHOSEN: "Not raised"}, "nominal"
    if isinstance(question, NumberQuestion):
        return {1: "A number was given"}, "nominal"
    if isinstance(question, RankingQuestion):
        return {rank: f"Rank {rank}" for rank in range(1, len(question.items) + 1)}, "ordinal"
    scale = survey.scale_of(name)
    words = {place: option.label for place, option in enumerate(scale.options.values(), start=1)}
    return words, "nominal" if scale.order == "unordered" else "ordinal"


def _floats(values: Any) -> Any:
    return np.asarray(values, dtype=np.float64)


def _name(key: str, taken: set[str]) -> str:
    """A name that SPSS takes: letters, digits, _ and ., of at most 64 bytes, each once."""
    plain = re.sub(r"[^A-Za-z0-9_.]", "_", key).rstrip("._")[:60]
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain}_{count}"
    taken.add(name.casefold())
    return name


def _label(variable: Variable) -> str:
    """Question and part; of a label that is too long the question is cut, as the part tells the
    variable from its neighbours."""
    whole = f"{variable.label} {variable.part}".rstrip()
    if len(whole.encode()) <= _MOST_LABEL or not variable.part:
        return _cut(whole, _MOST_LABEL)
    part = _cut(variable.part, _MOST_LABEL // 2)
    return _cut(variable.label, _MOST_LABEL - len(f"… {part}".encode())).rstrip() + f"… {part}"


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def write(path: Path, found: list[Variable], title: str, day: date) -> None:
    """Write a .sav, stamped with `day` in place of the time of writing."""
    import pandas as pd
    import pyreadstat

    missing: Any = {"lo": min(MISSING), "hi": max(MISSING)}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "answers.sav")
        pyreadstat.write_sav(
            pd.DataFrame({variable.name: variable.values for variable in found}),
            str(work),
            file_label=_cut(title, 64),
            column_labels={v.name: v.label for v in found},
            variable_value_labels={v.name: v.labels for v in found if v.labels},
            missing_ranges={v.name: [missing] for v in found if v.missing},
            variable_measure={v.name: v.measure for v in found},
            variable_format={
                v.name: f"F8.{v.decimals}" for v in found if not isinstance(v.values, list)
            },
        )
        data = bytearray(work.read_bytes())
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    stamp = f"{day.day:02} {months[day.month - 1]} {day.year % 100:02}00:00:00"
    data[_STAMP] = stamp.encode("ascii")
    files.write_bytes(path, bytes(data))


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck spss", description=__doc__)
    for flag in ("survey", "wave", "answers", "weights", "out"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    columns = {k: v.to_numpy(zero_copy_only=False) for k, v in _columns(arguments.answers)}
    weights = files.read_table(arguments.weights, ["weight"])
    if survey.weighting:
        columns["weight"] = weights["weight"].to_numpy()
    title = f"{survey.title}, {wave.title}"
    day = wave.published or wave.fieldwork.end
    write(arguments.out, variables(survey, columns), title, day)


def _columns(path: Path) -> Any:
    table = files.read_table(path)
    return zip(table.column_names, table.columns, strict=True)
