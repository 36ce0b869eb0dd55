"""The data-quality log: what a person should know about the export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wavedeck.answers import NO_ANSWER
from wavedeck.clean.closed import closed_columns
from wavedeck.clean.work import Work
from wavedeck.survey import Survey


def log_quality(
    work: Work, source: Mapping[str, Any], codes: Mapping[str, np.ndarray], survey: Survey
) -> None:
    where = f"{source['workbook']}, sheet '{source['sheet']}'"
    scan, read = source["scan"], len(work.cells.rows)
    work.note("responses read", where, read, "rows with at least one value")
    work.note("empty rows", where, source["rows"] - read, "rows without a value, passed over")
    for what, use in (
        ("hidden_rows", "read like all others"),
        ("hidden_columns", "read like all others"),
        ("formula_cells", "the value stored by Excel is used"),
    ):
        found = scan[what]
        work.note(what.replace("_", " "), where, len(found), f"{use}: {found[:20]}")
    for rule in sorted({entry["rule"] for entry in work.ledger}):
        reasons = [entry["reason"] for entry in work.ledger if entry["rule"] == rule]
        work.note(f"ledger: {rule}", where, len(reasons), "; ".join(sorted(set(reasons))))
    work.note("responses kept", where, int(work.kept.sum()), "after exclusions")
    for name, keys in closed_columns(survey).items():
        for key in keys:
            silent = int((codes[key] == NO_ANSWER).sum())
            work.note("item non-response", key, silent, survey.questions[name].number or name)
