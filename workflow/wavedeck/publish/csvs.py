"""results/: every statistic as a row of results.csv, with its data dictionary and the questions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from wavedeck.csvfile import csv_text
from wavedeck.publish.tables import BASE, CHANGE, NUMBER, PREVIOUS, STATISTICS, groups_of
from wavedeck.rounding import round_half_up
from wavedeck.survey import GridQuestion, RankingQuestion, Survey

Row = Mapping[str, Any]

DICTIONARY = {
    "id": "Name of the statistic: question.answer.item@group:statistic; wavedeck trace follows it.",
    "edition": "unweighted: each respondent counts the same; weighted: raked to the frame.",
    "number": "The question's number, or its name where it has none.",
    "question": "The question's text.",
    "item": "Row of a grid, or thing ranked; empty where there is none.",
    "answer": "Option or net; empty for statistics of the question as a whole.",
    "group_question": "The question that makes the group; empty for everyone.",
    "group": "The group of respondents; Total for everyone.",
    "statistic": (
        "percentage (0 to 100), number (of respondents, or of mentions of a theme), mean, median,"
        " mentions (respondents who ranked the item), unweighted base, previous wave (the"
        " percentage then) or change since the previous wave (in percentage points)."
    ),
    "value": (
        "The statistic: percentages to one decimal, means to two, numbers of respondents whole;"
        " empty where it is not shown."
    ),
    "shown": "As the decks show it, or shorthand: [c] not shown, [x] empty base.",
    "count": (
        "Respondents who gave the answer, unweighted; beside percentages. Empty where it is not"
        " shown."
    ),
    "base": "Respondents that the statistic is of, unweighted.",
    "weighted_base": "The sum of their weights, to one decimal; empty where the group is hidden.",
    "effective_base": (
        "Respondents of equal weight who would be as many for all that unequal weights cost (Kish),"
        " to one decimal; empty where the group is hidden."
    ),
    "standard_error": "In the unit of value, to two decimals; empty where there is none.",
    "lower": "Lower end of the 95% confidence interval, in the unit of value, to one decimal.",
    "upper": "Upper end of it.",
    "design_effect": (
        "The statistic's variance over that of a simple random sample of as many respondents, to"
        " two decimals; empty where there is none."
    ),
    "p_value": (
        "Of a change: two-sided, of the test against none, to three decimals; empty where nothing"
        " is tested."
    ),
    "higher_than": (
        "Letters of the groups of the same question that this group is significantly higher than;"
        " groups have letters in the order of the codebook, from A."
    ),
    "low_base": "yes where the base is low by the survey's mark ([u] in the workbook).",
    "suppression": (
        "Why a value is not shown. minimum base: the group has too few respondents; subtraction:"
        " hidden groups could be had from it; editions: the difference to the other edition would"
        " tell the answers of few."
    ),
}
QUESTIONS = {
    "name": "The question's name, with which the ids of its statistics begin.",
    "number": "Its number in the questionnaire; empty where it has none.",
    "question": "Its text.",
    "type": "single, multi (several choices), grid, ranking, number or text.",
    "kind": "option, net (several options together) or item; empty where the question has none.",
    "key": "The option's, net's or item's name in ids.",
    "text": "Its words.",
    "members": "Of a net: the names of its options, with spaces between.",
}
OWN = {
    "file": "The file of this folder that a column is of.",
    "column": "The column's heading.",
    "meaning": "What it holds.",
}
FILES = {"results.csv": DICTIONARY, "questions.csv": QUESTIONS, "data-dictionary.csv": OWN}
NUMBERS = (
    *("value", "base", "weighted_base", "effective_base"),
    *("standard_error", "lower", "upper", "design_effect", "p_value"),
)
"""Columns of results.csv without texts: a minus in front is part of the number."""
PLACES = {"percent": 1, "previous": 1, "change": 1, "mean": 2, "median": 2}
OF_TWO_WAVES = {"previous": PREVIOUS, "change": CHANGE}


def results_table(survey: Survey, rows: list[Row], editions: list[str]) -> pa.Table:
    """results.csv: every statistic of a question, in every edition and group."""
    groups = {c.subset: c.heading for by in _breaking(survey) for c in groups_of(survey, by, True)}
    wanted = {"weighted" if row["weighted"] else "unweighted" for row in rows} & {*editions}
    counts = {
        (row["id"].removesuffix(":count"), row["weighted"]): row["text"]
        for row in rows
        if row["statistic"] == "count" and not row["suppressed"]
    }
    found = [
        _record(survey, row, groups) | {"count": counts.get((row["id"], row["weighted"]), "")}
        for row in rows
        if _is_listed(survey, row) and ("weighted" if row["weighted"] else "unweighted") in wanted
    ]
    columns = {name: [record[name] for record in found] for name in DICTIONARY}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def results_text(table: pa.Table) -> str:
    """results.csv, of its table."""
    columns = {
        name: [Decimal(text) if text and name in NUMBERS else text for text in texts]
        for name, texts in table.to_pydict().items()
    }
    return csv_text(list(columns), zip(*columns.values(), strict=True))


def _breaking(survey: Survey) -> list[str]:
    return [*survey.banner, *(crosstab.by for crosstab in survey.crosstabs)]


def _is_listed(survey: Survey, row: Row) -> bool:
    if not row["question"] or row["item"] == "*":
        return False
    if row["statistic"] == "base":
        return not row["answer"]  # the same base stands beside every answer
    theme = survey.open_text(row["question"], row["answer"]) is not None
    listed = row["statistic"] in STATISTICS or row["statistic"] in OF_TWO_WAVES
    return listed or (theme and row["statistic"] == "count")


def _record(survey: Survey, row: Row, groups: Mapping[str, str]) -> dict[str, str]:
    question = survey.questions[row["question"]]
    by, _, option = row["subset"].partition(".")
    heading = groups.get(row["subset"], "").partition(": ")[2]
    item, answer = _words(survey, row)
    named = {"base": BASE, "count": NUMBER, **STATISTICS, **OF_TWO_WAVES}
    few = row["base"] < survey.minimum_base
    return {
        "id": row["id"],
        "edition": "weighted" if row["weighted"] else "unweighted",
        "number": question.number or row["question"],
        "question": question.text,
        "item": item,
        "answer": answer,
        "group_question": survey.questions[by].text if by else "",
        "group": _group(heading, option) if by else "Total",
        "statistic": named[row["statistic"]].lower(),
        "value": "" if row["suppressed"] else number_text(row, "value"),
        "shown": row["text"],
        "count": "",
        "base": str(row["base"]),
        "weighted_base": _weighted_base(row),
        "effective_base": _effective_base(row),
        "standard_error": "" if row["suppressed"] else number_text(row, "standard_error", 2),
        "lower": "" if row["suppressed"] else number_text(row, "lower", 1),
        "upper": "" if row["suppressed"] else number_text(row, "upper", 1),
        "design_effect": "" if row["suppressed"] else number_text(row, "design_effect", 2),
        "p_value": number_text(row, "change_p", 3) if row["statistic"] == "change" else "",
        "higher_than": "" if row["suppressed"] else row.get("letters") or "",
        "low_base": "yes" if row["subset"] and row["base"] < survey.low_base else "no",
        "suppression": _reason(row, few) if row["suppressed"] else "",
    }


def _group(heading: str, option: str) -> str:
    words = heading.removesuffix(" (net)")
    return words[:-4] if words[-4:-2] == " (" and words.endswith(")") else words or option


def _words(survey: Survey, row: Row) -> tuple[str, str]:
    """Item and answer as readers know them."""
    question = survey.questions[row["question"]]
    if survey.open_text(row["question"], row["answer"]):
        return "", row["label"].partition(": ")[2]
    item = row["item"]
    if item and isinstance(question, GridQuestion | RankingQuestion):
        item = question.items[item].label
    answer = survey.scale_of(row["question"]).label(row["answer"]) if row["answer"] else ""
    return item, answer


def number_text(row: Row, column: str, places: int | None = None) -> str:
    """A number of a row, rounded half up; "" where there is none."""
    value = row.get(column)
    if value is None or math.isnan(value):
        return ""
    wanted = PLACES.get(row["statistic"], 0) if places is None else places
    return str(round_half_up(value, wanted))


def _weighted_base(row: Row) -> str:
    hidden = row["suppressed"] and row["statistic"] in ("percent", "mean", "median")
    if hidden or not row["weighted"] or (row["statistic"] == "base" and row["subset"]):
        return ""
    return str(round_half_up(row["weighted_base"], 1))


def _effective_base(row: Row) -> str:
    """Hidden with its group: of few it would tell how their weights differ."""
    hidden = row["suppressed"] or (row["statistic"] == "base" and row["subset"])
    if hidden or not row["effective_base"]:
        return ""
    return str(round_half_up(row["effective_base"], 1))


def _reason(row: Row, few: bool) -> str:
    if row["subset"] and few:
        return "minimum base"
    return "subtraction" if row["subset"] else "editions"


def dictionary_table() -> pa.Table:
    """data-dictionary.csv: what each column of each file holds."""
    found = [
        (file, name, meaning)
        for file, columns in FILES.items()
        for name, meaning in columns.items()
    ]
    return pa.table(dict(zip(OWN, map(list, zip(*found, strict=True)), strict=True)))


def questions_table(survey: Survey) -> pa.Table:
    """questions.csv: the questionnaire, one row an option, net or item."""
    found = list(_questions(survey))
    return pa.table({n: [record[place] for record in found] for place, n in enumerate(QUESTIONS)})


def _questions(survey: Survey) -> Iterator[tuple[str, ...]]:
    for name, question in survey.questions.items():
        own = (name, question.number, question.text, question.type)
        parts = 0
        for key, item in (getattr(question, "items", None) or {}).items():
            parts += 1
            yield (*own, "item", key, item.label, "")
        if question.type not in ("ranking", "text"):
            scale = survey.scale_of(name)
            for key in (*scale.options, *scale.nets):
                parts += 1
                kind = "option" if key in scale.options else "net"
                members = "" if kind == "option" else " ".join(scale.members(key))
                yield (*own, kind, key, scale.label(key), members)
        if not parts:
            yield (*own, "", "", "", "")
