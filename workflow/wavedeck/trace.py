"""trace: from an estimate to the cells it comes from, and from a cell to all that it moves.

Reads the tables between the stages and recomputes nothing but the membership of each respondent in
base and numerator; `wavedeck verify` is the one that trusts nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import numpy as np

from wavedeck.answers import Answers
from wavedeck.chain import (
    COMPUTED,
    definition_of,
    extreme_of,
    rounding_in_words,
    weights_in_words,
)
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.files import read_table
from wavedeck.layout import Project, WaveFiles
from wavedeck.recipes import Recipe, Test, recipe_of
from wavedeck.shown import Places, places
from wavedeck.survey import (
    RankingQuestion,
    SampleCount,
    Survey,
    load_survey,
)

Row = dict[str, Any]

_PAGE = 12  # respondents printed unless --rows asks for all


@dataclass(frozen=True)
class Cell:
    """A cell that an estimate used."""

    cell: str
    question: str
    received: str | None
    coded: str
    """The option's label, the rank, or the kind of missing."""
    changes: list[str]


@dataclass(frozen=True)
class Member:
    """A respondent behind an estimate."""

    respondent: str
    response: str
    row: int
    in_numerator: bool
    weight: float
    cells: list[Cell]


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
    numerator: float
    base: int
    weighted_base: float
    weights: str
    rounding: str
    source: dict[str, str]
    computed: dict[str, str]
    respondents: int = 0
    """Respondents of the base; of them, those in the numerator come first in `members`."""
    in_numerator: int = 0
    members: list[Member] = field(default_factory=list)


class Tables:
    """The tables of a built wave, read a few columns at a time."""

    def __init__(self, wave: WaveFiles, survey: Survey) -> None:
        self.wave = wave
        self.survey = survey
        self.source: Row = json.loads(wave.built("source.json").read_text(encoding="utf-8"))
        self.letters = {
            (c["question"], c["item"]): c["column"] for c in self.source["columns"] if c["question"]
        }

    def rows(self, name: str, columns: list[str] | None = None, **equal: object) -> list[Row]:
        """Rows of a table as dictionaries, those where columns equal given values."""
        found: list[Row] = read_table(self.wave.built(name), columns, **equal).to_pylist()
        return found

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

    def received(self, question: str, item: str, rows: set[int]) -> dict[int, str | None]:
        """Raw values of a column, by row of the sheet."""
        path = self.wave.built("cells.parquet")
        table = read_table(path, ["row", "value"], question=question, item=item)
        wanted = np.flatnonzero(np.isin(table["row"].to_numpy(), list(rows)))
        return {cell["row"]: cell["value"] for cell in table.take(wanted).to_pylist()}

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
        numerator=estimate["numerator"],
        base=estimate["base"],
        weighted_base=estimate["weighted_base"],
        weights=weights_in_words(estimate, tables.survey),
        rounding=rounding_in_words(estimate),
        source={key: tables.source[key] for key in ("workbook", "sha256", "sheet")},
        computed=COMPUTED | _commit(),
    )
    if members and recipe:
        _add_members(found, tables, recipe, weighted, most)
    elif members and name in tables.survey.sample:
        _add_sampled(found, tables, tables.survey.sample[name], most)
    return found


def _filter(recipe: Recipe | None) -> list[str]:
    if recipe is None:
        return []
    lines = [f"base: {_any(recipe.answered)}"]
    if recipe.within:
        lines.append(f"within: {_code(recipe.within)}")
    if recipe.chosen:
        lines.append(f"numerator: {_code(recipe.chosen)}")
    return lines


def _any(tests: tuple[Test, ...]) -> str:
    return " or ".join(_code(test) for test in tests)


def _code(test: Test) -> str:
    return f"{test.column} in {list(test.codes)}" if test.codes else f"{test.column} > 0"


@cache
def _commit() -> dict[str, str]:
    """The commit of the code, where the folder is a Git checkout."""
    told = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    if told.returncode:
        return {"commit": "unknown: not a Git checkout"}
    dirty = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True).stdout
    return {"commit": told.stdout.strip(), "tree": "with uncommitted changes" if dirty else "clean"}


def _passing(answers: Answers, test: Test) -> np.ndarray:
    codes = answers.codes[test.column]
    return np.isin(codes, test.codes) if test.codes else codes > 0


def _add_members(
    found: Trace, tables: Tables, recipe: Recipe, weighted: bool, most: int | None
) -> None:
    """Respondents of the base, with the cells that put them there."""
    tests = [*recipe.answered, recipe.within, recipe.chosen]
    columns = list(dict.fromkeys(test.column for test in tests if test))
    answers = tables.answers(columns)
    weights = tables.weights() if weighted else np.ones(len(answers))
    base = weights > 0
    base &= np.any([_passing(answers, test) for test in recipe.answered], axis=0)
    if recipe.within:
        base &= _passing(answers, recipe.within)
    chosen = base & _passing(answers, recipe.chosen) if recipe.chosen else base
    _list(found, tables, answers, columns, (chosen, base & ~chosen), weights, most)


def _add_sampled(found: Trace, tables: Tables, wanted: SampleCount, most: int | None) -> None:
    """Respondents behind a count of the sample."""
    test = None
    if wanted.where and wanted.where != "in_frame":
        question = wanted.where.question
        scale = tables.survey.scale_of(question.partition(".")[0])
        codes = list(scale.options)
        members = tuple(codes.index(o) + 1 for o in scale.members(wanted.where.answer))
        test = Test(question, members, "")
    answers = tables.answers([test.column] if test else [])
    counted = _passing(answers, test) if test else np.ones(len(answers), dtype=bool)
    if wanted.where == "in_frame":
        counted &= tables.in_frame()
    columns = ["@organisation", *([test.column] if test else [])]
    nobody = np.zeros(len(answers), dtype=bool)
    _list(found, tables, answers, columns, (counted, nobody), np.ones(len(answers)), most)


def _list(
    found: Trace,
    tables: Tables,
    answers: Answers,
    columns: list[str],
    groups: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
    most: int | None,
) -> None:
    """Fill in the respondents: numerator, then rest of the base."""
    inside, rest = (np.flatnonzero(group) for group in groups)
    found.in_numerator, found.respondents = len(inside), len(inside) + len(rest)
    listed = [(int(index), True) for index in inside[:most]]
    listed += [(int(index), False) for index in rest[:most]]
    evidence = _Evidence(tables, columns, {answers.rows[index] for index, _ in listed})
    found.members = [
        Member(
            answers.respondents[index],
            answers.responses[index],
            answers.rows[index],
            counted,
            float(weights[index]),
            evidence.cells(answers, index),
        )
        for index, counted in listed
    ]


class _Evidence:
    """Raw values and ledger entries of some columns of answers, for some rows."""

    def __init__(self, tables: Tables, columns: list[str], rows: set[int]) -> None:
        self._tables = tables
        self._columns = columns
        self._raw: dict[tuple[str, int], str | None] = {}
        self._changes: dict[tuple[str, int], list[str]] = {}
        for column in columns:
            question, _, item = column.partition(".")
            only = {"question": question, "item": item}
            for row, value in tables.received(question, item, rows).items():
                self._raw[column, row] = value
            for entry in tables.rows("ledger.parquet", ["row", "rule", "old", "new"], **only):
                change = f"{entry['rule']}: {entry['old']!r} became {entry['new']!r}"
                self._changes.setdefault((column, entry["row"]), []).append(change)

    def cells(self, answers: Answers, index: int) -> list[Cell]:
        found = []
        for column in self._columns:
            question, _, item = column.partition(".")
            row = answers.rows[index]
            if column == "@organisation":
                coded = answers.organisations[index]
            else:
                coded = self._label(column, int(answers.codes[column][index]))
            found.append(
                Cell(
                    f"{self._tables.letters[question, item]}{row}",
                    column,
                    self._raw.get((column, row)),
                    coded,
                    self._changes.get((column, row), []),
                )
            )
        return found

    def _label(self, column: str, code: int) -> str:
        missing = {-1: "not asked", -2: "no answer", -3: "don't know", -4: "invalid"}
        if code in missing:
            return missing[code]
        name = column.partition(".")[0]
        if isinstance(self._tables.survey.questions[name], RankingQuestion):
            return f"rank {code}"
        return list(self._tables.survey.scale_of(name).options.values())[code - 1].label


def moved_by(tables: Tables, cell: str, shown: dict[str, Places]) -> Row:
    """What a cell such as 'Responses!H23' moves: estimates, exhibits and slides.

    Raises WavedeckError for a cell that is not of the export's answers.
    """
    match = re.fullmatch(r"(?:'?(?P<sheet>.+?)'?!)?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)", cell)
    source = tables.source
    if not match or (match["sheet"] or source["sheet"]) != source["sheet"]:
        example = f"{source['sheet']}!H23"
        raise WavedeckError(
            Problem(
                cell, "this is no cell of the export's sheet", expected=f"a cell such as {example}"
            )
        )
    column = next((c for c in source["columns"] if c["column"] == match["column"]), None)
    if column is None:
        letters = f"A to {source['columns'][-1]['column']}"
        raise WavedeckError(Problem(cell, f"the export has no column {match['column']}", letters))
    row = int(match["row"])
    answers = tables.rows("answers.parquet", ["response"], row=row)
    excluded = tables.rows("ledger.parquet", ["rule", "reason"], row=row)
    told: Row = {
        "cell": f"{source['sheet']}!{match['column']}{row}",
        "header": column["header"],
        "question": column["question"],
        "item": column["item"],
        "kept": bool(answers),
        "excluded": [e for e in excluded if e["rule"].startswith("exclude_")],
        "estimates": [],
        "exhibits": [],
        "slides": [],
    }
    if answers and column["question"]:
        ids = _moved_ids(tables, column["question"], column["item"])
        told["estimates"] = ids
        found = [shown[name] for name in ids if name in shown]
        told["exhibits"] = sorted({exhibit for place in found for exhibit in place.exhibits})
        told["slides"] = sorted({slide for place in found for slide in place.slides})
    return told


def _moved_ids(tables: Tables, question: str, item: str) -> list[str]:
    """Estimates that read a column, through their question or their subset; the unweighted ones,
    and the weighted ones too where the column makes weights."""
    survey = tables.survey
    margins = survey.weighting.margins if survey.weighting else []
    rows = tables.rows("estimates.parquet", ["id", "question", "item", "subset"])
    if question in ("@organisation", *margins):
        return sorted({row["id"] for row in rows if row["question"] or "." in row["id"]})
    ranking = isinstance(survey.questions.get(question), RankingQuestion)
    return sorted(
        {
            row["id"]
            for row in rows
            if (row["question"] == question and (row["item"] in (item, "*", "") or ranking))
            or row["subset"].startswith(f"{question}.")
        }
    )


def _print(found: Trace) -> None:
    print(f"{found.id}  =  {found.text}   ({found.edition})\n")
    print(found.definition)
    for number, title in found.slides:
        print(f"  shown on slide {number}, {title}")
    if found.exhibits:
        print(f"  shown in exhibit {', '.join(found.exhibits)}")
    if not found.slides:
        print("  not shown in the deck")
    for line in found.filter:
        print(f"  {line}")
    print(f"  numerator {found.numerator:g} of base {found.base}", end="")
    print(f" (weighted base {found.weighted_base:.4f})" if found.edition == "weighted" else "")
    print(f"  weights: {found.weights}")
    print(f"  rounding: {found.rounding}")
    print(f"  computed by rule {found.computed['rule']}, {found.computed['module']}")
    print(f"  commit {found.computed['commit']} ({found.computed.get('tree', '')})")
    print(f"  from {found.source['workbook']}, sheet '{found.source['sheet']}'")
    print(f"  sha256 {found.source['sha256']}")
    inside, count = found.in_numerator, found.respondents
    for title, group, size in (
        ("numerator", [m for m in found.members if m.in_numerator], inside),
        ("rest of the base", [m for m in found.members if not m.in_numerator], count - inside),
    ):
        if group:
            _print_members(f"Respondents, {title}: {size:,}", group, size)


def _print_members(title: str, members: list[Member], size: int) -> None:
    print(f"\n{title}")
    for member in members:
        cells = "; ".join(
            f"{cell.cell} {cell.received!r} -> {cell.coded}"
            + "".join(f" [{change}]" for change in cell.changes)
            for cell in member.cells
        )
        print(f"  response {member.response}, weight {member.weight:.4f}: {cells}")
    if size > len(members):
        print(f"  ... and {size - len(members):,} more; --rows shows all")


def _print_moved(told: Row) -> None:
    print(f"{told['cell']}, column '{told['header']}'\n")
    for entry in told["excluded"]:
        print(
            f"The response is left out ({entry['rule']}: {entry['reason']}), so it moves nothing."
        )
    if not told["kept"] and not told["excluded"]:
        print("No response stands on this row.")
    if told["kept"] and not told["estimates"]:
        print("No estimate reads this column.")
    if told["estimates"]:
        print(f"{len(told['estimates'])} estimates: {', '.join(told['estimates'][:40])}", end="")
        print(" ..." if len(told["estimates"]) > 40 else "")
        print(f"exhibits: {', '.join(told['exhibits']) or 'none'}")
        for number, title in told["slides"]:
            print(f"slide {number}, {title}")


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck trace", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("id", nargs="?", help="an estimate's id, such as q2a.disagree")
    parser.add_argument("--cell", help="instead of an id, a cell such as 'Responses!H23'")
    parser.add_argument("--weighted", action="store_true", help="the weighted edition")
    parser.add_argument("--rows", action="store_true", help="all respondents")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    if bool(arguments.id) == bool(arguments.cell):
        parser.error("give either an id or --cell")
    wave = Project.here().wave(arguments.wave)
    survey, _ = load_survey(wave.team / "survey.yaml")
    tables = Tables(wave, survey)
    edition = "weighted" if arguments.weighted else "unweighted"
    shown = places(wave.built(f"deck/{edition}/deck.qmd"), wave.built(f"exhibits/{edition}"))
    if arguments.cell:
        told = moved_by(tables, arguments.cell, shown)
        print(json.dumps(told, indent=1, ensure_ascii=False)) if arguments.json else _print_moved(
            told
        )
        return
    everyone = arguments.rows or arguments.json
    found = trace(tables, arguments.id, edition, shown, most=None if everyone else _PAGE)
    if arguments.json:
        print(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        _print(found)
