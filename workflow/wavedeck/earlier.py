"""Numbers of earlier waves: how their ids and statistics are named, and what is said of them.

`q2a.agree:in.2017` is what a percentage was in the wave 2017, `q2a:base_in.2017` how many answered
then, `wave.title:in.2017` what the wave is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wavedeck.survey import Survey

VALUE, BASE = "in.", "base_in."
"""Beginnings of statistics, each with the wave behind it."""
MODULE = "workflow/wavedeck/estimate/earlier.py"
NOT_COMPARED = "[z]"
"""The text of a value that cannot be compared with this wave's, or that there is none of."""


def statistic_in(wave: str, base: bool = False) -> str:
    return (BASE if base else VALUE) + wave


def wave_of(statistic: str) -> str:
    """The earlier wave that a statistic is of; "" for statistics of the wave itself."""
    for beginning in (VALUE, BASE):
        if statistic.startswith(beginning):
            return statistic.removeprefix(beginning)
    return ""


def is_value(statistic: str) -> bool:
    """Whether it is a percentage of an earlier wave."""
    return statistic.startswith(VALUE)


def kind_of(statistic: str) -> str:
    """The statistic that this one is in its own wave: percent or base; of any other, itself."""
    if is_value(statistic):
        return "percent"
    return "base" if statistic.startswith(BASE) else statistic


def id_in(name: str, wave: str) -> str:
    """q2a.agree -> q2a.agree:in.2017; q2a:base -> q2a:base_in.2017."""
    stem, colon, statistic = name.partition(":")
    return (
        f"{stem}:{statistic_in(wave, base=statistic == 'base')}" if colon else f"{name}:in.{wave}"
    )


def split(name: str) -> tuple[str, str]:
    """q2a.agree:in.2017 -> q2a.agree, 2017; an id of the wave itself -> the id, ""."""
    stem, _, statistic = name.partition(":")
    wave = wave_of(statistic)
    if not wave:
        return name, ""
    return (stem if is_value(statistic) else f"{stem}:base"), wave


def facts_of(row: Mapping[str, Any], survey: Survey) -> dict[str, str]:
    """What panel, annex and trace say of a row of an earlier wave."""
    told, who = {"Definition": f"{row['label']}."}, survey.respondents
    if row["change_note"]:
        return told | {"Not compared": f"{row['change_note']}."}
    base = {"Base": f"{row['base']} {who}"}
    if not is_value(row["statistic"]):
        return told | base
    if not (row["weighted"] or row["suppressed"]):
        told["Numerator"] = f"{row['numerator']:.0f} {who}"
    rounding = "not shown: too few answers" if row["suppressed"] else _ROUNDED
    return told | base | {"Rounding": rounding}


_ROUNDED = "half up to a whole percentage"
