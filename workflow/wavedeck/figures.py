"""Estimates by id, for everything that shows a number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from wavedeck import files
from wavedeck.earlier import VALUE
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.layout import Edition


@dataclass(frozen=True)
class Figure:
    """One row of the estimates table, as far as it is shown."""

    id: str
    statistic: str
    value: float
    """Unrounded; NaN where nobody is in the base."""
    text: str
    """As shown: 33%, 81, [c]."""
    base: int
    suppressed: bool
    lower: float = math.nan
    """The 95% interval, in the unit of value; NaN where there is none."""
    upper: float = math.nan
    column: str = ""
    """Its letter, where it is a column of a banner question."""
    letters: str = ""
    """Columns of the same banner question that it is significantly higher than."""
    against_rest: str = ""
    """higher or lower where a test says so, against all other groups of its question."""
    change_note: str = ""
    """Since the previous wave: up, down, none, or why there is no comparison; "" without one."""

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if math.isnan(self.lower + self.upper) else (self.lower, self.upper)

    @property
    def size(self) -> float:
        """The value as a length to draw: nothing where there is no value."""
        return 0.0 if math.isnan(self.value) else self.value


_NAMES = tuple(part.name for part in fields(Figure))


class UnknownEstimateError(WavedeckError):
    """No estimate has this id; `near` is the most similar one there is, or ""."""

    def __init__(self, name: str, near: str, where: str) -> None:
        remedy = "compare survey.yaml with the estimates; run the estimate stage again"
        super().__init__(
            Problem(where, f"there is no estimate '{name}'", nearest=near, remedy=remedy)
        )
        self.name = name
        self.near = near


class Figures:
    """The estimates of one edition, by id. `where` names their file, for messages."""

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], edition: Edition, where: str = "estimates.parquet"
    ) -> None:
        self.edition, self.where = edition, where
        self._figures = {
            row["id"]: Figure(**{name: row[name] for name in _NAMES if name in row})
            for row in rows
            if row["weighted"] == (edition == "weighted")
        }

    def __contains__(self, name: str) -> bool:
        return name in self._figures

    def __getitem__(self, name: str) -> Figure:
        try:
            return self._figures[name]
        except KeyError:
            near = nearest(name, self._figures)
            raise UnknownEstimateError(name, near, self.where) from None

    def find(self, *names: str) -> Figure | None:
        """The first of `names` that there is."""
        return next((self._figures[name] for name in names if name in self._figures), None)

    def showing(self, text: str) -> list[str]:
        """Ids of the estimates that readers see as `text`, such as 33%; plain ones first."""
        found = [key for key, figure in self._figures.items() if figure.text == text]
        return sorted(found, key=lambda key: ("@" in key, len(key)))

    def matching(self, pattern: str) -> list[Figure]:
        """Estimates whose id is `pattern` with one name for its `*`: q4.engaged.*, q13.*:mean; with
        any earlier wave for it: q2a.agree:in.*."""
        start, _, end = pattern.partition("*")
        letters = r"[A-Za-z0-9._-]+" if start.endswith(f":{VALUE}") else r"[a-z0-9_]+"
        name = re.compile(re.escape(start) + letters + re.escape(end))
        return [figure for key, figure in self._figures.items() if name.fullmatch(key)]


def load(path: Path, edition: Edition) -> Figures:
    """The figures of an edition from estimates.parquet."""
    held = files.column_names(path)
    columns = [p.name for p in fields(Figure) if p.name in held or p.default is MISSING]
    weighted = edition == "weighted"
    rows = files.read_table(path, columns, weighted=weighted).to_pylist()
    return Figures(rows, edition, str(path))
