"""The estimates table: one row a statistic and edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, get_type_hints

import pyarrow as pa

from wavedeck.errors import Problem, WavedeckError
from wavedeck.rounding import count_text

EVERYONE = ""
RAO_SCOTT = "rao_scott"
"""The statistic of a test of two questions; its subset is the second question by itself."""


def estimate_id(
    question: str, answer: str = "", item: str = "", subset: str = "", statistic: str = "percent"
) -> str:
    """q4.engaged.full_council@region.london:count; the percentage is what an id means by itself."""
    name = ".".join(part for part in (question, answer, item) if part)
    within = f"@{subset}" if subset else ""
    return f"{name}{within}" if statistic == "percent" else f"{name}{within}:{statistic}"


class Estimate(NamedTuple):
    """One published statistic. `value` is unrounded; percentages run from 0 to 100."""

    id: str = ""
    weighted: bool = False
    question: str = ""
    item: str = ""
    answer: str = ""
    subset: str = EVERYONE
    statistic: str = ""
    numerator: float = 0.0
    base: int = 0
    weighted_base: float = 0.0
    effective_base: float = 0.0
    value: float = 0.0
    text: str = ""
    suppressed: bool = False
    label: str = ""
    standard_error: float = float("nan")
    """Of value, in its unit."""
    lower: float = float("nan")
    """Of the 95% interval."""
    upper: float = float("nan")
    design_effect: float = float("nan")
    """The variance over that of a simple random sample of as many respondents."""
    letters: str = ""
    """Columns of the same banner question that this one is significantly higher than: BD."""
    against_rest: str = ""
    """higher or lower than all others of the banner question, where that is significant."""
    column: str = ""
    """The letter of this column of its banner question."""
    previous: float = float("nan")
    """The value in the wave that wave.yaml names as the previous one."""
    change: float = float("nan")
    """Percentage points since."""
    change_se: float = float("nan")
    change_p: float = float("nan")
    """Two-sided."""
    change_note: str = ""
    """up, down, none (no change that the test can tell), or why there is no comparison; "" where
    none is made."""


def descriptive(rows: Sequence[Estimate]) -> list[Estimate]:
    """Rows that only describe: no tests of crosstabs, and no errors or letters on the others."""
    blank = Estimate()
    own = ("standard_error", "lower", "upper", "design_effect", "letters", "against_rest")
    nothing = {name: getattr(blank, name) for name in own}
    return [row._replace(**nothing) for row in rows if row.statistic != RAO_SCOTT]


def head_count(basis: Estimate, statistic: str, count: int, label: str, **more: Any) -> Estimate:
    """A number of respondents."""
    text = count_text(count)
    return basis._replace(
        statistic=statistic, numerator=count, value=count, text=text, label=label, **more
    )


def plain_number(question: str, statistic: str, value: float, label: str, **more: Any) -> Estimate:
    """A plain number: a count of the sample, a fact of the frame."""
    plain = Estimate(question=question, statistic=statistic, label=label, value=value)
    given: dict[str, Any] = {"numerator": value} | more
    if "text" not in given:
        given["text"] = count_text(value)
    return plain._replace(**given)


def within_words(subset: str) -> str:
    return f" (within {subset})" if subset else ""


def with_ids(found: list[Estimate]) -> list[Estimate]:
    named = [
        entry
        if entry.id
        else entry._replace(
            id=estimate_id(entry.question, entry.answer, entry.item, entry.subset, entry.statistic),
        )
        for entry in found
    ]
    times = Counter((entry.id, entry.weighted) for entry in named)
    twice = sorted({name for (name, _), count in times.items() if count > 1})
    if twice:
        raise WavedeckError(
            *(
                Problem(
                    "survey.yaml",
                    f"two statistics have the id '{name}'",
                    expected="an id of its own for each",
                    remedy="give the item, option, net, count or fact another name",
                )
                for name in twice
            )
        )
    return named


def to_table(estimates: list[Estimate]) -> pa.Table:
    """estimates.parquet: one row a statistic and edition."""
    kinds = {bool: pa.bool_(), str: pa.string(), int: pa.int64(), float: pa.float64()}
    types = get_type_hints(Estimate)
    columns = {
        name: pa.array(list(values), kinds[types[name]])
        for name, values in zip(Estimate._fields, zip(*estimates, strict=True), strict=True)
    }
    return pa.table(columns)
