"""The chain behind an estimate."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wavedeck import earlier, since
from wavedeck.chain import (
    COMPUTED,
    definition_of,
    extreme_of,
    rounding_in_words,
    weights_in_words,
)
from wavedeck.estimate.table import estimate_id
from wavedeck.layout import WaveFiles
from wavedeck.recipes import OF_TWO_WAVES, Recipe, Test, recipe_of
from wavedeck.shown import Places
from wavedeck.sureness import sureness
from wavedeck.survey import Survey
from wavedeck.trace.members import Member, of_margin, of_recipe, of_sample
from wavedeck.trace.population import cells_of, place_of, source_of
from wavedeck.trace.tables import Row, Tables


@dataclass
class Trace:
    """The chain behind one estimate of one edition."""

    id: str
    edition: str
    text: str
    value: float
    definition: str
    slides: list[tuple[int, str]]
    exhibits: list[str]
    filter: list[str]
    numerator: float | None
    """None for what has none, such as the agreement of coders."""
    base: int
    weighted_base: float
    weights: str
    rounding: str
    source: dict[str, str]
    computed: dict[str, str]
    sureness: dict[str, str] = field(default_factory=dict)
    """Standard error, interval, design effect and tests."""
    comparison: dict[str, str] = field(default_factory=dict)
    """What is said of the wave before: the value then, the test, or why there is none."""
    study: str = ""
    """The wave that an overview has it from, as SURVEY/WAVE."""
    respondents: int = 0
    """Respondents of the base; of them, those in the numerator come first in `members`."""
    in_numerator: int = 0
    members: list[Member] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    """Of a share of the population, the cells of its list that are counted, or keys of counts."""


def trace(
    tables: Tables,
    name: str,
    edition: str,
    shown: dict[str, Places],
    members: bool = True,
    most: int | None = None,
) -> Trace:
    """The chain behind an estimate, with or without its respondents: all of them, or at most
    `most` of the numerator and as many of the rest of the base.

    Raises WavedeckError for an unknown id.
    """
    weighted = edition == "weighted"
    estimate = tables.estimate(name, weighted)
    place = shown.get(name, Places())
    source: Mapping[str, Any] = estimate
    if estimate["item"] == "*":
        rows = tables.rows("estimates.parquet", question=estimate["question"], weighted=weighted)
        source = extreme_of(estimate, {row["id"]: row for row in rows}, tables.survey)
    recipe = recipe_of(source, tables.survey)
    found = Trace(
        id=name,
        edition=edition,
        text=estimate["text"],
        value=estimate["value"],
        definition=definition_of(estimate, source, recipe, tables.survey),
        slides=place.slides,
        exhibits=place.exhibits,
        filter=_filter(recipe),
        numerator=None if math.isnan(estimate["numerator"]) else estimate["numerator"],
        base=estimate["base"],
        weighted_base=estimate["weighted_base"],
        weights=weights_in_words(estimate, tables.survey),
        rounding=rounding_in_words(estimate),
        source=_workbook(tables.source),
        computed=COMPUTED | _commit(),
        sureness=sureness(estimate),
        comparison=_comparison(tables, estimate),
    )
    if earlier.split(name)[1]:
        _lead_to_earlier(found, tables, estimate)
    elif estimate["statistic"] in OF_TWO_WAVES:
        _lead_back(found, tables, estimate)
    told_of = place_of(tables, estimate)
    if told_of and told_of.side == "frame":
        found.source, found.frame = source_of(tables), cells_of(tables, told_of)
    behind = None
    if members and recipe:
        behind = of_recipe(tables, recipe, weighted, most)
    elif members and name in tables.survey.sample:
        behind = of_sample(tables, tables.survey.sample[name], most)
    elif told_of and told_of.side == "responding" and members:
        behind = of_margin(tables, told_of.margin, told_of.category, most)
    if behind:
        found.respondents, found.in_numerator = behind.count, behind.in_numerator
        found.members = behind.members
        found.source["sheet"] = ", ".join(behind.sheets)
    return found


def _workbook(source: Mapping[str, Any]) -> dict[str, str]:
    return {key: source[key] for key in ("workbook", "sha256", "sheet")}


def _take_facts(found: Trace) -> None:
    """What is told elsewhere of a number goes out of what is said of the wave before."""
    facts = found.comparison
    found.definition = facts.pop("Definition")
    found.rounding = facts.pop("Rounding", found.rounding)
    for said in ("Numerator", "Base"):
        facts.pop(said, None)


def _lead_to_earlier(found: Trace, tables: Tables, estimate: Row) -> None:
    """A number of an earlier wave leads to that wave's workbook, and to its id there."""
    stem, wave = earlier.split(found.id)
    before = WaveFiles(tables.wave.survey, wave, tables.wave.root)
    source = json.loads(before.built("source.json").read_text(encoding="utf-8"))
    found.source = _workbook(source)
    if earlier.wave_of(estimate["statistic"]):
        _take_facts(found)
    if estimate["change_note"]:
        return
    where = f"{before.survey}/{before.wave}"
    options = tables.options_in(wave, estimate)
    own = tables.rounds[wave].survey
    name = _same_answer(own, estimate, options) if options else stem
    if name:
        found.comparison["In that wave"] = f"wavedeck trace {where} {name}"
    else:
        scale = own.scale_of(estimate["question"])
        labels = " or ".join(f"'{scale.options[o].label}'" for o in options)
        found.comparison["In that wave"] = f"{where}: {labels} together, which have no id there"


def _same_answer(survey: Survey, estimate: Mapping[str, Any], options: Sequence[str]) -> str:
    """The id of what an earlier wave calls the same options together; "" where it has no name for
    them."""
    scale = survey.scale_of(estimate["question"])
    names = [estimate["answer"], *scale.answers]
    for name in names:
        if name in scale.answers and set(scale.members(name)) == set(options):
            return estimate_id(estimate["question"], name, estimate["item"])
    return ""


def _lead_back(found: Trace, tables: Tables, estimate: Mapping[str, Any]) -> None:
    """A number of the wave before leads to that wave's workbook, a change to both."""
    before = WaveFiles(tables.wave.survey, tables.previous, tables.wave.root)
    then = _workbook(json.loads(before.built("source.json").read_text(encoding="utf-8")))
    if estimate["statistic"] == "change":
        told = f"{then['workbook']}, sheet '{then['sheet']}', sha256 {then['sha256']}"
        found.comparison["Then, from"] = told
    else:
        found.source = then
    _take_facts(found)
    found.comparison["The wave before"] = f"wavedeck trace {before.survey}/{before.wave} ID"


def _comparison(tables: Tables, estimate: Mapping[str, Any]) -> dict[str, str]:
    if earlier.wave_of(estimate["statistic"]):
        return earlier.facts_of(estimate, tables.survey)
    if not estimate["change_note"] and estimate["statistic"] not in OF_TWO_WAVES:
        return {}
    same = {"question": estimate["question"], "weighted": estimate["weighted"]}
    known = {row["id"]: row for row in tables.rows("estimates.parquet", **same)}
    if estimate["statistic"] in OF_TWO_WAVES:
        return since.change_facts(estimate, known, tables.survey)
    return since.comparison(estimate, known)


def _filter(recipe: Recipe | None) -> list[str]:
    if recipe is None:
        return []
    lines = [f"base: {_any(recipe.answered)}"]
    if recipe.asked:
        lines.append(f"asked: {_code(recipe.asked)}; all others are coded -1")
    if recipe.within:
        lines.append(f"within: {_code(recipe.within)}")
    if recipe.chosen:
        lines.append(f"numerator: {_code(recipe.chosen)}")
    return lines


def _any(tests: tuple[Test, ...]) -> str:
    return " or ".join(_code(test) for test in tests)


def _code(test: Test) -> str:
    columns = " or ".join(test.columns)
    if test.between:
        return f"{columns} from {test.between[0]:.12g} to {test.between[1]:.12g}"
    return f"{columns} in {list(test.codes)}" if test.codes else f"{columns} > 0"


@cache
def _commit() -> dict[str, str]:
    """The commit of the code, where the folder is a Git checkout."""
    told = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    if told.returncode:
        return {"commit": "unknown: not a Git checkout"}
    dirty = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True).stdout
    return {"commit": told.stdout.strip(), "tree": "with uncommitted changes" if dirty else "clean"}
