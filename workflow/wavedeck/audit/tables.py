"""The tables of a wave held in memory, for a trace of every estimate that the deck shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wavedeck.layout import WaveFiles
from wavedeck.survey import Survey
from wavedeck.trace import Row, Tables


class HeldTables(Tables):
    """`Tables` that reads each file once and finds rows by an index."""

    def __init__(self, wave: WaveFiles, survey: Survey) -> None:
        super().__init__(wave, survey)
        self._whole: dict[str, list[Row]] = {}
        self._indexes: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}

    def rows(self, name: str, columns: list[str] | None = None, filters: Any = None) -> list[Row]:
        """Rows with all their columns; filters are equalities, as traces use them."""
        if name not in self._whole:
            import pyarrow.parquet as parquet

            # read_table() would import pandas.
            self._whole[name] = parquet.ParquetFile(self.wave.built(name)).read().to_pylist()
        if not filters:
            return self._whole[name]
        if any(operator != "=" for _, operator, _ in filters):
            raise ValueError(f"only equalities: {filters}")
        wanted = tuple(value for _, _, value in filters)
        return self._index(name, [column for column, _, _ in filters]).get(wanted, [])

    def _index(self, name: str, columns: Sequence[str]) -> dict[tuple[Any, ...], list[Row]]:
        key = (name, *columns)
        if key not in self._indexes:
            index: dict[tuple[Any, ...], list[Row]] = {}
            for row in self._whole[name]:
                index.setdefault(tuple(row[column] for column in columns), []).append(row)
            self._indexes[key] = index
        return self._indexes[key]
