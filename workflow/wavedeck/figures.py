"""Estimates by id, for everything that shows a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from wavedeck import files
from wavedeck.errors import nearest


@dataclass(frozen=True)
class Figure:
    """One row of the estimates table, as far as it is shown."""

    id: str
    statistic: str
    value: float
    text: str
    base: int
    suppressed: bool


class UnknownEstimateError(KeyError):
    """No estimate has this id; `near` is the most similar one there is, or ""."""

    def __init__(self, name: str, near: str) -> None:
        super().__init__(name)
        self.name = name
        self.near = near


class Figures:
    """The estimates of one edition (weighted or not), by id."""

    def __init__(self, rows: list[dict[str, Any]], weighted: bool) -> None:
        names = [part.name for part in fields(Figure)]
        self._figures = {
            row["id"]: Figure(*(row[name] for name in names))
            for row in rows
            if row["weighted"] == weighted
        }

    def __contains__(self, name: str) -> bool:
        return name in self._figures

    def __getitem__(self, name: str) -> Figure:
        try:
            return self._figures[name]
        except KeyError:
            raise UnknownEstimateError(name, nearest(name, self._figures)) from None

    def showing(self, text: str) -> list[str]:
        """Ids of the estimates that readers see as `text`, such as 33%; plain ones first."""
        found = [key for key, figure in self._figures.items() if figure.text == text]
        return sorted(found, key=lambda key: ("@" in key, len(key)))

    def matching(self, pattern: str) -> list[Figure]:
        """Estimates whose id is `pattern` with one name for its `*`: q4.engaged.*, q13.*:mean."""
        start, _, end = pattern.partition("*")
        name = re.compile(re.escape(start) + r"[a-z0-9_]+" + re.escape(end))
        return [figure for key, figure in self._figures.items() if name.fullmatch(key)]


def load(path: Path, edition: str) -> Figures:
    """The figures of an edition, "unweighted" or "weighted", from estimates.parquet."""
    columns = [part.name for part in fields(Figure)]
    weighted = edition == "weighted"
    rows = files.read_table(path, columns, weighted=weighted).to_pylist()
    return Figures(rows, weighted)
