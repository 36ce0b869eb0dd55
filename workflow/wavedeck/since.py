"""Words for a change since the wave before: panel, annex and trace say the same of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wavedeck.survey import Survey

Row = Mapping[str, Any]
"""A row of estimates.parquet."""

MODULE = "workflow/wavedeck/estimate/change.py"
TEST = (
    "two-sided t test of the difference; its error is that of both waves, less what they have in "
    "common through organisations that answered in both, corrected for the finite population; a "
    "change is told when p is under 0.05"
)
TESTED = ("up", "down", "none")


def ids_of(name: str) -> set[str]:
    """Ids whose rows the words for `name` are made from."""
    stem, _, statistic = name.rpartition(":")
    if statistic in ("change", "previous"):
        return {stem, f"{stem}:previous", f"{stem}:change"}
    return {f"{name}:previous", f"{name}:change"}


def change_facts(row: Row, known: Mapping[str, Row], survey: Survey) -> dict[str, str]:
    """The facts of a row whose statistic is change, previous or previous_base."""
    statistic, who = row["statistic"], survey.respondents
    if statistic == "previous_base":
        return {"Definition": f"{row['label']}.", "Base": f"{row['base']} {who}"}
    if row["change_note"] and row["change_note"] not in TESTED:
        return {"Definition": f"{row['label']}.", "Not compared": f"{row['change_note']}."}
    if statistic == "previous":
        found = {"Definition": f"{row['label']}.", "Base": f"{row['base']} {who}"}
        if not row["weighted"]:
            found = {"Numerator": f"{row['numerator']:.0f} {who}"} | found
        return found | {"Rounding": "half up to a whole percentage"}
    stem = str(row["id"]).rpartition(":")[0]
    now, then = known[stem], known[f"{stem}:previous"]
    return {
        "Definition": f"{row['label']}: the share now less the share then, in percentage points.",
        "Now": f"{now['text']} of {now['base']} {who}",
        "Then": f"{then['text']} of {then['base']} {who}",
        **_tested(row),
    }


def comparison(row: Row, known: Mapping[str, Row]) -> dict[str, str]:
    """What the facts of a percentage say of the wave before; nothing where there is none."""
    note = row["change_note"]
    if not note:
        return {}
    if note not in TESTED:
        return {"Not compared with the wave before": f"{note}."}
    then, change = known.get(f"{row['id']}:previous"), known.get(f"{row['id']}:change")
    if then is None or change is None:
        return {}
    return {"In the wave before": f"{then['text']}; since then {change['text']}", **_tested(row)}


def _tested(row: Row) -> dict[str, str]:
    size, error, p = row["change"], row["change_se"], row["change_p"]
    shown = "under 0.001" if p < 0.001 else f"{p:.3f}" if p == p else "unknown"
    return {
        "Difference": f"{size:+.1f} points, standard error {error:.1f}, p {shown}",
        "Test": TEST,
    }
