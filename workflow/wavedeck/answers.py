"""Coded answers of the kept responses: what clean writes and later stages count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

NOT_ASKED, NO_ANSWER, DONT_KNOW, INVALID = -1, -2, -3, -4
"""The four kinds of missing."""


@dataclass(frozen=True)
class Answers:
    """A value per kept response, in the order of the export's rows."""

    respondents: list[str]
    """Keys: workbook sha256, sheet and row."""
    responses: list[str]
    """The survey tool's own ids."""
    rows: list[int]
    """Row numbers in the sheet."""
    organisations: list[str]
    codes: dict[str, np.ndarray]
    """int8 codes by column, such as q1 or q3.start: the option's position from 1, or a rank;
    for an option of a multiple choice (q5.gp) 1 chosen, 2 not chosen; for a number 1 where one was
    given, which then stands in a float64 column (q7:value). -1 not asked, -2 no answer, -3 don't
    know, -4 invalid."""

    def __len__(self) -> int:
        return len(self.respondents)

    def to_table(self) -> pa.Table:
        """answers.parquet: one row a response, one column a closed question or item."""
        return pa.table(
            {
                "respondent": pa.array(self.respondents, pa.string()),
                "response": pa.array(self.responses, pa.string()),
                "row": pa.array(self.rows, pa.int32()),
                "organisation": pa.array(self.organisations, pa.string()),
                **self.codes,
            }
        )

    @classmethod
    def from_table(cls, table: pa.Table) -> Answers:
        own = ("respondent", "response", "row", "organisation")
        codes = {name: table[name].to_numpy() for name in table.column_names if name not in own}
        respondents, responses, rows, organisations = (table[name].to_pylist() for name in own)
        return cls(respondents, responses, rows, organisations, codes)
