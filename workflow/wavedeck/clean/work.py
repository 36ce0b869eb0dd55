"""The responses, and the ledger and the quality log while they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wavedeck.cells import Cells, Column
from wavedeck.errors import Problem

LEDGER_COLUMNS = [
    *("rule", "reason", "respondent", "response", "workbook", "sheet", "row", "column", "cell"),
    *("question", "item", "old", "new"),
]

RULES = {
    "spaces": "Stray spaces or invisible characters taken out",
    "spelling": "Case, quotes or dashes as in the codebook",
    "alias": "Another spelling that the codebook lists for the option",
    "date": "The year or the month of a date, as the codebook says",
    "thousands": "Commas between thousands taken out",
    "no_answer": "A mark that means no answer",
    "ranked_twice": "The same thing in two places by one respondent: neither counts",
    "tied_rank": "The same rank given twice by one respondent: neither counts",
    "exclusive": "Chosen along with other options though it goes with none: it does not count",
    "not_asked": "Given to a question that was not asked: it does not count",
}
"""What cleaning does to a cell, in the order in which it does it."""


@dataclass
class Work:
    """The responses, and the ledger and the quality log while they are written."""

    cells: Cells
    responses: list[str] = field(default_factory=list)
    kept: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    ledger: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def kept_rows(self) -> list[int]:
        return [int(index) for index in np.flatnonzero(self.kept)]

    def change(self, column: Column, index: int, rule: str, new: str, reason: str = "") -> None:
        self.ledger.append(
            {
                "rule": rule,
                "reason": reason or RULES[rule],
                "respondent": self.cells.respondents[index],
                "response": self.responses[index],
                "workbook": self.cells.workbook,
                "sheet": column.sheet,
                "row": column.rows[index],
                "column": column.letter,
                "cell": column.address(index),
                "question": column.question,
                "item": column.item,
                "old": column.values[index],
                "new": new,
            }
        )

    def order(self) -> None:
        """Sort the ledger by response and cell, and the changes of a cell as they were made."""
        steps = list(RULES)
        last = len(steps)
        responses = {name: place for place, name in enumerate(self.cells.respondents)}
        sheets = {column.sheet: place for place, column in enumerate(self.cells.columns)}
        self.ledger.sort(
            key=lambda entry: (
                responses[entry["respondent"]],
                sheets[entry["sheet"]],
                len(entry["column"]),
                entry["column"],
                steps.index(entry["rule"]) if entry["rule"] in steps else last,
                entry["rule"],
            )
        )

    def problem(self, column: Column, index: int, *words: str) -> None:
        self.problems.append(Problem(self.cells.where(column, index), *words))

    def note(self, check: str, where: str, count: int, note: str) -> None:
        self.notes.append({"check": check, "where": where, "count": count, "note": note})
