"""Estimates by id, for everything that shows a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wavedeck import files
from wavedeck.errors import nearest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One row of the estimates table, as far as it is shown."""

    id: str
    statistic: str
    value: float
    text: str
    base: int
    weighted_base: float
    label: str
    suppressed: bool


class UnknownEstimateError(KeyError):
    """No estimate has this id; `near` is the most similar one there is, or ""."""

    def __init__(self, name: str, near: str) -> None:
        super().__init__(name)
        self.name = name
        self.near = near


class Figures:
    """The estimates of one edition (weighted or not), by id."""

    def __init__(self, table: pd.DataFrame, weighted: bool) -> None:
        rows = table[table["weighted"] == weighted]
        columns = ["id", "statistic", "value", "text", "base", "weighted_base", "label"]
        self._rows = {
            row[0]: row
            for row in zip(*(rows[column] for column in [*columns, "suppressed"]), strict=True)
        }

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def __getitem__(self, name: str) -> Figure:
        try:
            return Figure(*self._rows[name])
        except KeyError:
            raise UnknownEstimateError(name, nearest(name, self._rows)) from None

    def showing(self, text: str) -> list[str]:
        """Ids of the estimates that readers see as `text`, such as 33%; plain ones first."""
        found = [key for key, row in self._rows.items() if row[3] == text]
        return sorted(found, key=lambda key: ("@" in key, len(key)))

    def matching(self, pattern: str) -> list[Figure]:
        """Estimates whose id is `pattern` with one name for its `*`: q4.engaged.*, q13.*:mean."""
        start, _, end = pattern.partition("*")
        name = re.compile(re.escape(start) + r"[a-z0-9_]+" + re.escape(end))
        return [Figure(*row) for key, row in self._rows.items() if name.fullmatch(key)]


def load(path: Path, edition: str) -> Figures:
    """The figures of an edition, "unweighted" or "weighted", from estimates.parquet."""
    return Figures(files.read_table(path), edition == "weighted")
