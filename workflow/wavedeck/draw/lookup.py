"""Estimates by id, in one edition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from wavedeck.errors import Problem, WavedeckError, nearest

Edition = Literal["unweighted", "weighted"]


@dataclass(frozen=True)
class Estimate:
    """One published statistic, as far as a chart needs it."""

    id: str
    text: str
    """As shown: '33%', '81', '[c]'."""
    value: float
    """Unrounded; 0 where it is suppressed or has no base."""
    base: int
    suppressed: bool
    interval: tuple[float, float] | None = None
    """95% confidence interval, in the unit of value, where there is one."""
    against_rest: str = ""
    """'higher' or 'lower' where a test says so, against all other groups of its question."""


class Estimates:
    """The rows of estimates.parquet; a weighted edition falls back on what is never weighted."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], edition: Edition, where: str) -> None:
        self.edition, self.where = edition, where
        self._rows: dict[str, Estimate] = {}
        weighted: dict[str, Estimate] = {}
        for row in rows:
            value = row["value"]
            estimate = Estimate(
                id=row["id"],
                text=row["text"],
                value=0.0 if value is None or math.isnan(value) else float(value),
                base=int(row["base"] or 0),
                suppressed=bool(row["suppressed"]),
                interval=_interval(row),
                against_rest=row.get("against_rest") or "",
            )
            (weighted if row["weighted"] else self._rows)[estimate.id] = estimate
        if edition == "weighted":
            self._rows |= weighted

    def find(self, *names: str) -> Estimate | None:
        """The first of `names` that there is."""
        return next((self._rows[name] for name in names if name in self._rows), None)

    def __getitem__(self, name: str) -> Estimate:
        found = self.find(name)
        if found is None:
            raise WavedeckError(
                Problem(
                    self.where,
                    f"there is no estimate '{name}'",
                    nearest=nearest(name, self._rows),
                    remedy="compare survey.yaml with the estimates; run the estimate stage again",
                )
            )
        return found


def _interval(row: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = row.get("lower"), row.get("upper")
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return None
    return float(low), float(high)


def read(path: Path, edition: Edition) -> Estimates:
    """Read estimates.parquet. Raises WavedeckError when a column is missing."""
    columns = ["id", "weighted", "text", "value", "base", "suppressed"]
    tested = ["lower", "upper", "against_rest"]
    return Estimates(read_rows(path, columns, tested), edition, str(path))


def read_rows(path: Path, columns: list[str], others: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows of a Parquet file as dictionaries (pandas would take a second to import); `others` are
    columns that it may lack."""
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:
        raise WavedeckError(
            Problem(str(path), "the file does not exist", remedy="run the stage that writes it")
        ) from None
    lacking = [column for column in columns if column not in file.schema_arrow.names]
    if lacking:
        raise WavedeckError(
            Problem(
                str(path),
                f"columns are missing: {', '.join(lacking)}",
                expected=", ".join(columns),
                remedy="run the stage that writes it again",
            )
        )
    names = [*columns, *(name for name in others if name in file.schema_arrow.names)]
    rows: list[dict[str, Any]] = file.read(columns=names).to_pylist()
    return rows
