"""The tables of a wave held in memory, for a trace of every estimate that the deck shows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from wavedeck.answers import Answers
from wavedeck.files import read_table
from wavedeck.layout import WaveFiles
from wavedeck.survey import Survey
from wavedeck.trace.tables import Row, Tables


class HeldTables(Tables):
    """`Tables` that reads each file once and finds rows by an index."""

    def __init__(self, wave: WaveFiles, survey: Survey) -> None:
        super().__init__(wave, survey)
        self._whole: dict[str, list[Row]] = {}
        self._indexes: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}

    @cached_property
    def _answers(self) -> Answers:
        return Answers.from_table(read_table(self.wave.built("answers.parquet")))

    @cached_property
    def _weights(self) -> np.ndarray:
        return super().weights()

    @cached_property
    def _in_frame(self) -> np.ndarray:
        return super().in_frame()

    def answers(self, columns: list[str]) -> Answers:
        """All columns, whichever are asked for."""
        return self._answers

    def weights(self) -> np.ndarray:
        return self._weights

    def in_frame(self) -> np.ndarray:
        return self._in_frame

    def received(self, question: str, item: str, respondents: set[str]) -> dict[str, Row]:
        """The cells of a column, of all respondents."""
        cells = self.rows("cells.parquet", question=question, item=item)
        return {cell["respondent"]: cell for cell in cells}

    def rows(self, name: str, columns: list[str] | None = None, **equal: object) -> list[Row]:
        """Rows with all their columns, those where columns equal given values."""
        if name not in self._whole:
            self._whole[name] = super().rows(name)
        if not equal:
            return self._whole[name]
        return self._index(name, tuple(equal)).get(tuple(equal.values()), [])

    def _index(self, name: str, columns: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
        key = (name, *columns)
        if key not in self._indexes:
            index: dict[tuple[Any, ...], list[Row]] = {}
            for row in self._whole[name]:
                index.setdefault(tuple(row[column] for column in columns), []).append(row)
            self._indexes[key] = index
        return self._indexes[key]
