"""Every estimate a second time, from the raw workbook, on a path of its own.

The pipeline reads with calamine, codes into integers and counts with numpy; this reads with
openpyxl, keeps the codebook's labels as they are and counts in plain Python with exact fractions.
The codebook, the ledger of cleaning and the weights are all that the two share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from wavedeck.survey import RankingQuestion, Survey

Row = Mapping[str, Any]


@dataclass
class Response:
    """A kept response: the option's name, or the rank, of every answered closed column."""

    row: int
    response: str
    organisation: str
    answers: dict[str, str] = field(default_factory=dict)
    weight: Fraction = Fraction(0)
    in_frame: bool = False


def read_responses(workbook: Path, survey: Survey, ledger: Iterable[Row]) -> list[Response]:
    """Kept responses from the raw cells, with the ledger's changes and nothing else applied.

    A cell that is neither in the ledger nor spelled as the codebook has it raises ValueError: the
    ledger would then be incomplete.
    """
    import openpyxl

    sheet = openpyxl.load_workbook(workbook, data_only=True)[survey.export.sheet]
    rows = list(sheet.iter_rows(values_only=True))
    header = [_header(value) for value in rows[0]]
    changed: dict[tuple[int, str], str] = {}
    excluded: set[int] = set()
    for entry in ledger:
        if entry["rule"].startswith("exclude_"):
            excluded.add(entry["row"])
        else:
            place = (entry["row"], _key(entry["question"], entry["item"]))
            changed[place] = entry["new"]
    columns = {_header(text): (question, item) for text, question, item in survey.columns()}
    meta = {
        _header(survey.export.columns.response): "@response",
        _header(survey.export.columns.organisation): "@organisation",
    }
    found = []
    for number, values in enumerate(rows[1:], start=2):
        if number in excluded or not any(value not in (None, "") for value in values):
            continue
        response = Response(number, "", "")
        for text, value in zip(header, values, strict=True):
            if text in meta:
                shown = changed.get((number, meta[text]), _shown(value))
                setattr(response, meta[text][1:], shown)
            elif text in columns:
                question, item = columns[text]
                key = _key(question, item)
                shown = changed.get((number, key), _shown(value))
                answer = _answer(survey, question, item, shown, f"row {number}, {key}")
                if answer:
                    response.answers[key] = answer
        found.append(response)
    return found


def _header(value: object) -> str:
    return " ".join(str(value or "").split())


def _key(question: str, item: str) -> str:
    return f"{question}.{item}" if item else question


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _answer(survey: Survey, question: str, item: str, shown: str, where: str) -> str:
    """The name of the option with this label, or the rank; "" for none."""
    asked = survey.questions[question]
    if asked.type == "text" or item == "other" or not shown:
        return ""
    if isinstance(asked, RankingQuestion):
        return str(int(shown))
    for name, option in survey.scale_of(question).options.items():
        if option.label == shown:
            return "" if option.missing else name
    raise ValueError(
        f"{where}: '{shown}' is no label of the codebook and the ledger does not have it"
    )


@dataclass(frozen=True)
class Recomputed:
    """An estimate's value from the raw cells; `value` is exact."""

    value: Fraction
    base: int
    text: str


def recompute(estimate: Row, survey: Survey, responses: list[Response]) -> Recomputed | None:
    """The estimate of a row of the table; None where it counts no closed answers."""
    question = survey.questions.get(estimate["question"])
    if question is None or question.type == "text" or estimate["answer"] == "other":
        return None
    if estimate["item"] == "*":
        return _extreme(estimate, survey, responses)
    weighted = estimate["weighted"]
    inside = [
        response
        for response in responses
        if (response.weight > 0 or not weighted) and _inside(response, estimate["subset"], survey)
    ]
    weigh = {response.row: response.weight if weighted else Fraction(1) for response in inside}
    if isinstance(question, RankingQuestion):
        return _ranked(estimate, question, inside, weigh)
    key = _key(estimate["question"], estimate["item"])
    base = [response for response in inside if key in response.answers]
    hidden = bool(estimate["subset"]) and len(base) < survey.minimum_base
    if estimate["statistic"] == "base":
        return Recomputed(Fraction(len(base)), len(base), f"{len(base):,}")
    members = survey.scale_of(estimate["question"]).members(estimate["answer"])
    chosen = [response for response in base if response.answers[key] in members]
    if estimate["statistic"] == "count":
        text = "[c]" if hidden else f"{len(chosen):,}"
        return Recomputed(Fraction(len(chosen)), len(base), text)
    total = sum((weigh[response.row] for response in base), Fraction(0))
    if not total:
        return Recomputed(Fraction(0), 0, "[c]" if hidden else "[x]")
    share = sum((weigh[response.row] for response in chosen), Fraction(0)) / total * 100
    return Recomputed(share, len(base), "[c]" if hidden else f"{half_up(share)}%")


def half_up(value: Fraction, places: int = 0) -> str:
    """A number rounded half up, as text."""
    whole = math.floor(value * 10**places + Fraction(1, 2))
    if places == 0:
        return str(whole)
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}"


def _inside(response: Response, subset: str, survey: Survey) -> bool:
    if not subset:
        return True
    question, _, answer = subset.partition(".")
    given = response.answers.get(question)
    if answer == "answered":
        return given is not None
    return given in survey.scale_of(question).members(answer)


def _ranked(
    estimate: Row, question: RankingQuestion, inside: list[Response], weigh: Mapping[int, Fraction]
) -> Recomputed:
    name = estimate["question"]
    keys = [f"{name}.{item}" for item in question.items]
    base = [response for response in inside if any(key in response.answers for key in keys)]
    if estimate["statistic"] == "base":
        return Recomputed(Fraction(len(base)), len(base), f"{len(base):,}")
    key = f"{name}.{estimate['item']}"
    ranked = [response for response in base if key in response.answers]
    if estimate["statistic"] == "mentions":
        return Recomputed(Fraction(len(ranked)), len(base), f"{len(ranked):,}")
    total = sum((weigh[response.row] for response in ranked), Fraction(0))
    if not total:
        return Recomputed(Fraction(0), 0, "[x]")
    score = len(question.items) + 1
    mean = sum(((score - int(r.answers[key])) * weigh[r.row] for r in ranked), Fraction(0)) / total
    return Recomputed(mean, len(ranked), half_up(mean, 1))


def _extreme(estimate: Row, survey: Survey, responses: list[Response]) -> Recomputed | None:
    items = survey.questions[estimate["question"]].items  # type: ignore[union-attr]
    parts = [
        recompute({**estimate, "item": item, "statistic": "percent"}, survey, responses)
        for item in items
    ]
    found = [part for part in parts if part is not None and part.base]
    choose = max if estimate["statistic"] == "max" else min
    return choose(found, key=lambda part: part.value) if found else None
