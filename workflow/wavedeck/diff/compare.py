"""What differs between two builds, on plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from wavedeck.cells import Cells, cell_name
from wavedeck.clean.text import tidy
from wavedeck.diff.build import Build, Row
from wavedeck.recipes import recipe_of
from wavedeck.survey.keys import key_of, places_of


@dataclass(frozen=True)
class CellChange:
    """A raw answer that differs, by response and question."""

    response: str
    column: str
    """The question, or question.item."""
    old_cell: str
    new_cell: str
    """Addresses; "" where the response or the column is not there."""
    old: str
    new: str


@dataclass(frozen=True)
class Moved:
    """An estimate that differs, with the reasons that the builds give."""

    id: str
    edition: str
    old: str
    new: str
    """As shown; "" where it does not exist."""
    change: float | None
    """New minus old value, unrounded."""
    slides: list[int]
    reasons: list[str]


@dataclass
class Difference:
    cells: list[CellChange] = field(default_factory=list)
    coding: list[str] = field(default_factory=list)
    """Answers coded differently although the raw cell is the same."""
    responses: list[str] = field(default_factory=list)
    """Responses that are counted on one side only."""
    weights: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)


def compare(old: Build, new: Build) -> Difference:
    """Everything that differs, from the raw cells to the estimates."""
    found = Difference()
    found.cells = list(_cells(old.cells, new.cells))
    found.responses = list(_responses(old, new))
    found.coding = list(_coding(old, new, {(c.response, c.column) for c in found.cells}))
    found.weights = [
        f"response {name}: weight {old.weights[name]:.6f} -> {weight:.6f}"
        for name, weight in new.weights.items()
        if name in old.weights and abs(weight - old.weights[name]) > 1e-9
    ]
    names = sorted({*old.modules, *new.modules})
    found.modules = [name for name in names if old.modules.get(name) != new.modules.get(name)]
    found.moved = list(_moved(old, new, found))
    return found


def _by_response(cells: Cells) -> dict[str, dict[str, tuple[str, str]]]:
    """response -> column -> (text, address). Later copies of a response id take its place."""
    own = cells.find("@response")
    rows = [f"row {row}" for row in cells.rows]
    responses = [tidy(text or "") for text in own.values] if own else rows
    found: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in responses}
    for column in cells.columns:
        if column.question:
            key = key_of(column.question, column.item)
            sheet = "" if column.sheet == cells.sheet else column.sheet
            for index, (name, text) in enumerate(zip(responses, column.values, strict=True)):
                found[name][key] = (text or "", cell_name(column.address(index), sheet))
    return found


def _cells(old: Cells, new: Cells) -> Iterator[CellChange]:
    before, after = _by_response(old), _by_response(new)
    nothing = ("", "")
    for response in dict.fromkeys([*before, *after]):
        was, now = before.get(response, {}), after.get(response, {})
        for column in dict.fromkeys([*was, *now]):
            (text, cell), (new_text, new_cell) = was.get(column, nothing), now.get(column, nothing)
            if text != new_text:
                yield CellChange(response, column, cell, new_cell, text, new_text)


def _responses(old: Build, new: Build) -> Iterator[str]:
    before, after = set(old.answers.responses), set(new.answers.responses)
    yield from (f"{name}: counted before, not now" for name in sorted(before - after))
    yield from (f"{name}: counted now, not before" for name in sorted(after - before))


def _coding(old: Build, new: Build, raw: set[tuple[str, str]]) -> Iterator[str]:
    places = {name: index for index, name in enumerate(old.answers.responses)}
    for index, name in enumerate(new.answers.responses):
        if name not in places:
            continue
        for column, codes in new.answers.codes.items():
            before = old.answers.codes.get(column)
            if before is None or (name, column) in raw:
                continue
            was, now = before[places[name]], codes[index]
            if was != now and not (np.isnan(was) and np.isnan(now)):
                yield f"response {name}, {column}: code {was} -> {now}"


def _moved(old: Build, new: Build, found: Difference) -> Iterator[Moved]:
    for key in dict.fromkeys([*old.estimates, *new.estimates]):
        before, after = old.estimates.get(key), new.estimates.get(key)
        # Without a base the value is not a number, which equals nothing; the text tells then.
        same = before and after and before["text"] == after["text"]
        if before and after and same:
            same = before["value"] == after["value"] or math.isnan(before["value"])
        if same:
            continue
        name, weighted = key
        place = new.shown.get(name) or old.shown.get(name)
        yield Moved(
            name,
            "weighted" if weighted else "unweighted",
            before["text"] if before else "",
            after["text"] if after else "",
            after["value"] - before["value"] if before and after else None,
            sorted({number for number, _ in place.slides}) if place else [],
            _reasons(before, after, weighted, old, new, found),
        )


def _reasons(
    before: Row | None, after: Row | None, weighted: bool, old: Build, new: Build, found: Difference
) -> list[str]:
    """Why an estimate moved, as far as the builds tell."""
    sides = ((before, old), (after, new))
    recipes = [recipe_of(row, build.survey) if row else None for row, build in sides]
    definitions = [recipe.definition if recipe else "" for recipe in recipes]
    reasons = []
    if before is None or after is None or definitions[0] != definitions[1]:
        reasons.append("definition")
    columns = {
        column for recipe in recipes if recipe for test in recipe.tests for column in test.columns
    }
    read = {key_of(*place) for column in columns for place in places_of(new.survey, column)}
    cells = [c.new_cell or c.old_cell for c in found.cells if c.column in read or not columns]
    if cells:
        shown = ", ".join(cells[:6]) + (" ..." if len(cells) > 6 else "")
        reasons.append(f"raw answers ({shown})")
    if found.responses:
        reasons.append("responses counted")
    if any(f", {column}:" in line for line in found.coding for column in columns):
        reasons.append("cleaning")
    if weighted and found.weights:
        reasons.append("weights")
    if not reasons and found.modules:
        reasons.append("code")
    return reasons
