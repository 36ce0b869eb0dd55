"""Words for how sure an estimate is: panel, annex, trace and texts say the same of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from wavedeck.earlier import kind_of
from wavedeck.rounding import round_half_up

Row = Mapping[str, Any]
"""A row of estimates.parquet."""

METHOD = (
    "linearised; where the survey has them, organisations are clusters, a finite population "
    "corrects it, and raked margins take out what they explain"
)


def interval_text(statistic: str, lower: float, upper: float) -> str:
    """'28% to 39%' for shares, '2.1 to 2.6' for means; "" where there is none."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    places, unit = (0, "%") if statistic == "percent" else (1, "")
    return f"{round_half_up(lower, places)}{unit} to {round_half_up(upper, places)}{unit}"


def sureness(row: Row) -> dict[str, str]:
    """What is said of a row's error and tests, by name; nothing of what has none or is hidden."""
    error = row["standard_error"]
    if row["suppressed"] or error is None or math.isnan(error):
        return {}
    statistic = kind_of(row["statistic"])
    unit = " points" if statistic == "percent" else ""
    told = {"Standard error": f"{round_half_up(error, 1)}{unit}; {METHOD}"}
    if interval := interval_text(statistic, row["lower"], row["upper"]):
        told["95% interval"] = interval
    effect = row["design_effect"]
    if effect is not None and effect > 0:
        alike = round_half_up(row["base"] / effect)
        told["Design effect"] = (
            f"{round_half_up(effect, 2)}: as sure as a simple random sample of {alike} respondents"
        )
    tests = []
    if row["letters"]:
        tests.append(f"higher than columns {', '.join(row['letters'])} of the same question")
    if row["against_rest"]:
        tests.append(f"{row['against_rest']} than all others")
    if tests:
        told["Significant"] = f"{' and '.join(tests)} (5%, Holm's procedure)"
    return told
