"""The tables of a built wave, read as far as a trace needs them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from wavedeck.answers import Answers
from wavedeck.cells import cell_name
from wavedeck.coding import Coding, read_coding
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.files import read_table
from wavedeck.frame import FrameList, read_list
from wavedeck.layout import WaveFiles
from wavedeck.survey import Survey, load_codebook, waves_before
from wavedeck.survey.comparable import Described, counterparts

Row = dict[str, Any]


class Tables:
    """The tables of a built wave, read a few columns at a time."""

    def __init__(self, wave: WaveFiles, survey: Survey) -> None:
        self.wave = wave
        self.survey = survey
        self.source: Row = json.loads(wave.built("source.json").read_text(encoding="utf-8"))
        self.columns: dict[tuple[str, str], Row] = {
            (c["question"], c["item"]): c for c in self.source["columns"] if c["question"]
        }

    def rows(self, name: str, columns: list[str] | None = None, **equal: object) -> list[Row]:
        """Rows of a table as dictionaries, those where columns equal given values."""
        found: list[Row] = read_table(self.wave.built(name), columns, **equal).to_pylist()
        return found

    @cached_property
    def previous(self) -> str:
        """The wave that changes are measured from; "" where there is none."""
        return load_codebook(self.wave.codebook, self.wave.described)[1].previous

    @cached_property
    def rounds(self) -> dict[str, Described]:
        """The wave itself and those before it, by their folders, the nearest first."""
        paths = [self.wave.described, *reversed(waves_before(self.wave.described))]
        names = [path.parent.name for path in paths]
        pairs = zip(names, paths, strict=True)
        return {n: Described(*load_codebook(self.wave.codebook, p), n) for n, p in pairs}

    def options_in(self, wave: str, estimate: Row) -> tuple[str, ...]:
        """The options of an earlier wave that stand for the answer of an estimate; none for one
        without an answer."""
        if not estimate["answer"]:
            return ()
        place = estimate["question"], estimate["answer"], estimate["item"]
        matched = counterparts(list(self.rounds.values()), *place)
        return dict(zip(list(self.rounds)[1:], matched, strict=True))[wave].options

    @cached_property
    def coding(self) -> Coding:
        """What coders said of the wave's open answers."""
        path = self.wave.team_file("coding.xlsx")
        if not path.exists():
            return Coding()
        comments = self.rows("comments.parquet")
        written = {(c["question"], c["response"]): c["text"] for c in comments}
        return read_coding(path, self.survey, self.wave.wave, written)

    def answers(self, columns: list[str]) -> Answers:
        """Some columns of the coded answers."""
        own = ["respondent", "response", "row", "organisation"]
        return Answers.from_table(read_table(self.wave.built("answers.parquet"), [*own, *columns]))

    def weights(self) -> np.ndarray:
        """A weight for each answer, in the same order."""
        column = read_table(self.wave.built("weights.parquet"), ["weight"])["weight"]
        return np.asarray(column.to_numpy())

    def in_frame(self) -> np.ndarray:
        """Whether each answer's organisation is of the frame."""
        column = read_table(self.wave.built("weights.parquet"), ["in_frame"])["in_frame"]
        return np.asarray(column.to_numpy(zero_copy_only=False))

    def received(self, question: str, item: str, respondents: set[str]) -> dict[str, Row]:
        """The cells of a column, with row and value, by respondent."""
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = ["respondent", "row", "value"]
        table = read_table(self.wave.built("cells.parquet"), columns, question=question, item=item)
        wanted = pc.is_in(table["respondent"], pa.array(sorted(respondents), pa.string()))
        return {cell["respondent"]: cell for cell in table.filter(wanted).to_pylist()}

    def cell(self, question: str, item: str, row: int | None) -> str:
        """The name of a cell, with its sheet unless that is the first; a column without a row is
        `Visits!C, no row`."""
        column = self.columns[question, item]
        cell = column["column"] + (", no row" if row is None else str(row))
        return cell_name(cell, "" if column["sheet"] == self.source["sheet"] else column["sheet"])

    def sheets_of(self, places: Iterable[tuple[str, str]]) -> list[str]:
        """The sheets on which columns stand; the first one where there are none."""
        found = [self.columns[place]["sheet"] for place in places if place in self.columns]
        return list(dict.fromkeys(found)) or [self.source["sheet"]]

    @cached_property
    def frame_list(self) -> FrameList:
        """The list of the population."""
        assert self.survey.frame is not None
        return read_list(self.wave.root / "raw/frames" / self.survey.frame.workbook, self.survey)

    def estimate(self, name: str, weighted: bool) -> Row:
        found = self.rows("estimates.parquet", id=name, weighted=weighted)
        if found:
            return found[0]
        ids = {row["id"] for row in self.rows("estimates.parquet", ["id"])}
        where = f"{self.wave.survey}/{self.wave.wave}"
        raise WavedeckError(
            Problem(
                where,
                f"there is no estimate '{name}'",
                nearest=nearest(name, ids),
                remedy="mend the id; docs/terms.md says how ids are made",
            )
        )
