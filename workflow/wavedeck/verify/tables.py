"""Coded answers, open answers and cells against the raw workbook."""

from __future__ import annotations

import math
from fractions import Fraction

from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, Survey
from wavedeck.verify.failures import Report
from wavedeck.verify.meaning import CHOSEN, NOT_CHOSEN
from wavedeck.verify.raw import (
    RawSheet,
    Response,
    Row,
    columns_of,
    is_open,
    one_space,
    row_of,
)


def check_answers(
    rows: list[Row], survey: Survey, responses: list[Response], key_prefix: str, report: Report
) -> None:
    """Coded answers against the raw cells, through the codebook and the ledger."""
    file = "answers.parquet"
    if not report.equal(len(rows), len(responses), file, "rows"):
        return
    closed = _closed(survey)
    for row, response in zip(rows, responses, strict=True):
        place = f"row {response.row} of the export"
        report.equal(
            row["respondent"], f"{key_prefix}:{response.row}", file, f"{place}, respondent"
        )
        for name in ("row", "response", "organisation"):
            report.equal(row[name], getattr(response, name), file, f"{place}, {name}")
        for key, (name, codes) in closed.items():
            answer = response.answers.get(key)
            code = max(row[key], 0)
            if isinstance(survey.questions[name], NumberQuestion):
                expected = int(answer is not None)
                number = math.nan if answer is None else float(Fraction(answer))
                told = row[f"{key}:value"]
                same = told == number or (math.isnan(told) and math.isnan(number))
                report.check(same, file, f"{place}, {key}:value", told, number)
            else:
                expected = 0 if answer is None else codes[answer] if codes else int(answer)
            if code != expected:
                what = f"code {row[key]}", f"code {expected} ({answer})" if answer else "no answer"
                report.check(False, file, f"{place}, {key}", *what)
            if name in response.not_asked:
                report.check(row[key] == -1, file, f"{place}, {key}", row[key], "-1, not asked")
        report.checked["coded answers"] += len(closed)


def _closed(survey: Survey) -> dict[str, tuple[str, dict[str, int]]]:
    """key of an answer column -> its question, and the code of each answer (none for numbers and
    ranks, which are codes themselves)."""
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for key, (_, name, item) in columns_of(survey).items():
        question = survey.questions[name]
        if is_open(survey, name, item):
            continue
        if isinstance(question, MultiQuestion):
            for option, told in question.options.items():
                if not told.missing:
                    found[f"{name}.{option}"] = name, {CHOSEN: 1, NOT_CHOSEN: 2}
        elif isinstance(question, RankingQuestion | NumberQuestion):
            found[key] = name, {}
        else:
            options = survey.scale_of(name).options
            found[key] = name, {option: code for code, option in enumerate(options, start=1)}
    return found


def check_comments(rows: list[Row], responses: list[Response], report: Report) -> None:
    """Open answers, word for word."""
    told = {(row["response"], row["question"]): row["text"] for row in rows}
    raw = {(r.response, key): text for r in responses for key, text in r.texts.items()}
    report.equal(len(rows), len(told), "comments.parquet", "rows, and answers that differ")
    for place in sorted(told.keys() | raw.keys()):
        report.checked["open answers"] += 1
        where = f"response {place[0]}, {place[1]}"
        report.equal(told.get(place), raw.get(place), "comments.parquet", where)


def check_cells(rows: list[Row], sheet: RawSheet, survey: Survey, report: Report) -> None:
    """cells.parquet against the workbook: every value at its address, and none of a contact column.

    A column that is known and not used may be kept out too, as what it holds may tell who answered.
    """
    file = "cells.parquet"
    raw = {}
    read = {" ".join(row["header"].split()) for row in rows}
    contact = {one_space(header) for header in survey.export.columns.contact}
    export = survey.export
    joining = [f"{more.sheet}!{more.response}" for more in export.more_sheets]
    unused = {one_space(header) for header in (*export.columns.others, *joining)}
    for place, header in enumerate(sheet.header):
        kept_out = header in contact or (header in unused and header not in read)
        if header and not kept_out:
            name, letter, own = sheet.column(place)
            for number, texts in sheet.rows.items():
                there = number if own is None else own.get(number)
                raw[header, number] = (name, letter, there, texts[place])
    told = {}
    for row in rows:
        key = " ".join(row["header"].split()), row_of(row["respondent"])
        told[key] = (row["sheet"], row["column"], row["row"], row["value"] or "")
    report.checked["cells"] += len(raw)
    if told == raw:
        return
    for header, number in sorted(told.keys() | raw.keys()):
        found, expected = told.get((header, number)), raw.get((header, number))
        if found != expected:
            _, letter, cell, _ = expected or found or ("", "", number, "")
            report.equal(found, expected, file, f"cell {letter}{cell}, '{header}'")
