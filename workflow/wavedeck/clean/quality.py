"""The data-quality log: what a person should know about the export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wavedeck.answers import NO_ANSWER, NOT_ASKED
from wavedeck.clean.work import Work
from wavedeck.masks import gave
from wavedeck.survey import MultiQuestion, NumberQuestion, Survey
from wavedeck.survey.keys import answer_keys


def log_quality(
    work: Work, source: Mapping[str, Any], codes: Mapping[str, np.ndarray], survey: Survey
) -> None:
    where = f"{source['workbook']}, sheet '{source['sheet']}'"
    for sheet in source["sheets"]:
        _log_sheet(work, sheet, f"{source['workbook']}, sheet '{sheet['sheet']}'")
    for rule in sorted({entry["rule"] for entry in work.ledger}):
        reasons = [entry["reason"] for entry in work.ledger if entry["rule"] == rule]
        work.note(f"ledger: {rule}", where, len(reasons), "; ".join(sorted(set(reasons))))
    work.note("responses kept", where, int(work.kept.sum()), "after exclusions")
    for name, question in survey.questions.items():
        keys = answer_keys(survey, name)
        # The options of a multiple choice are unanswered together.
        several = isinstance(question, MultiQuestion)
        for key in keys[:1] if several else keys:
            silent = int((codes[key] == NO_ANSWER).sum())
            work.note(
                "item non-response", name if several else key, silent, question.number or name
            )
        if question.asked_if and keys:
            left = int((codes[keys[0]] == NOT_ASKED).sum())
            work.note("not asked", name, left, f"asked only of {question.asked_if.words}")
        if isinstance(question, NumberQuestion) and question.bands:
            inside = np.any([gave(survey, codes, name, band) for band in question.bands], axis=0)
            outside = int(((codes[name] > 0) & ~inside).sum())
            work.note("numbers in no band", name, outside, "they are in the mean and the base")
    for column in source.get("contact", []):
        place = f"{source['workbook']}, sheet '{column['sheet']}', column {column['column']}"
        work.note("contact column", place, 1, f"'{column['header']}' is not read: {column['why']}")


def _log_sheet(work: Work, sheet: Mapping[str, Any], where: str) -> None:
    read, everybody = sheet["responses"], len(work.cells.rows)
    work.note("responses read", where, read, "rows with at least one value")
    work.note("empty rows", where, sheet["rows"] - read, "rows without a value, passed over")
    if read < everybody:
        note = "they have not answered the questions that stand there"
        work.note("responses without a row", where, everybody - read, note)
    for what, use in (
        ("hidden_rows", "read like all others"),
        ("hidden_columns", "read like all others"),
        ("formula_cells", "the value stored by Excel is used"),
        ("merged_cells", "only the first of an area holds a value, the others read as empty"),
        ("external_links", "not followed; the values stored with formulas are used"),
    ):
        found = sheet["scan"][what]
        work.note(what.replace("_", " "), where, len(found), f"{use}: {found[:20]}")
