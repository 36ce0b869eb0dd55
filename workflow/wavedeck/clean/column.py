"""One column of closed answers, coded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wavedeck.answers import NO_ANSWER
from wavedeck.cells import Column
from wavedeck.clean.coders import Coded
from wavedeck.clean.text import tidy
from wavedeck.clean.work import Work
from wavedeck.errors import nearest


def code_column(
    column: Column,
    coder: Callable[[str], Coded | None],
    expected: str,
    labels: list[str],
    work: Work,
    key: str,
    remedy: str,
) -> np.ndarray:
    """Codes of one column; a text that `coder` does not know is a problem with its cell."""
    # Each distinct text is judged once; answers repeat, rows do not matter to the judgement.
    judged = {raw: coder(raw) for raw in dict.fromkeys(column.values) if raw is not None}
    codes = np.full(len(column.values), NO_ANSWER, dtype=np.int8)
    told: dict[str, int] = {}
    for index, raw in enumerate(column.values):
        if raw is None:
            continue
        result = judged[raw]
        if result is not None:
            codes[index] = result.code
            if result.rule and work.kept[index]:
                work.change(column, index, result.rule, result.new)
        elif work.kept[index] and told.get(raw, 0) < 3:
            told[raw] = told.get(raw, 0) + 1
            work.problem(
                column,
                index,
                f"{key}: '{raw}' is no answer that the codebook knows",
                expected,
                nearest(tidy(raw), labels),
                remedy,
            )
    return codes
