"""The tables of the detailed results: what each shows, before any file format.

A table is a question with the banner, or a question by another question. Its lines are statistics,
its columns groups of respondents. Each line names the estimate in its first column; the same id
with the group of another column (q1.great_deal@region.london) is the estimate in that column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_letters
from typing import Any

from wavedeck import earlier
from wavedeck.rounding import round_half_up
from wavedeck.survey import GridQuestion, NumberQuestion, Question, RankingQuestion, Survey

Row = Mapping[str, Any]
"""A row of estimates.parquet."""

LETTERS = ascii_letters[26:] + ascii_letters[:26]
"""Of the columns of one banner question: A to Z, then a to z."""
HIDDEN, NOT_TESTED, NO_DIFFERENCE, ALMOST_NOTHING = "[c]", "[z]", "[ns]", "[low]"
STATISTICS = {"percent": "Percentage", "mean": "Mean", "median": "Median", "mentions": "Mentions"}
BASE, WEIGHTED_BASE, HIGHER = "Unweighted base", "Weighted base", "Higher than columns"
NUMBER = "Number"
PREVIOUS, CHANGE = "Previous wave", "Change since the previous wave"


_A_NUMBER = re.compile(r"[\d,]+(\.\d+)?%?")
OWN_SHEETS = ("Cover", "Contents", "Notes", "Sample", "Columns", "History")
"""Names that no table may have: of the workbook's other sheets, and one that Excel keeps."""


@dataclass(frozen=True)
class Column:
    heading: str
    subset: str = ""
    letter: str = ""
    """By which other columns of the same question name it; "" where nothing is tested."""
    statistic: str = ""
    """previous, change, in.2017: a column of everyone that shows another statistic of the line."""

    @property
    def group(self) -> str:
        """What the sheet of columns calls it: the subset, or the end of its ids."""
        told = f":{self.statistic}" if earlier.wave_of(self.statistic) else self.statistic
        return self.subset or told or "everyone"


@dataclass(frozen=True)
class Cell:
    """What readers see, and where there is one, the number."""

    text: str
    number: str = ""
    """The kind of number that the text is: percent, count or decimal; "" for a text."""
    low: bool = False
    """The base is low: the number says little."""


@dataclass(frozen=True)
class Line:
    item: str
    answer: str
    statistic: str
    id: str
    cells: tuple[Cell, ...]


@dataclass
class Table:
    sheet: str
    title: str
    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    items: str = ""
    """Heading of the column of items; "" where there are none."""


class Tables:
    """All tables of an edition."""

    def __init__(self, survey: Survey, rows: list[Row], weighted: bool) -> None:
        self._survey = survey
        self._rows = {row["id"]: row for row in rows if row["weighted"] == weighted}
        self._weights = {row["id"]: row for row in rows if row["weighted"]}
        self._of: dict[str, list[Row]] = {}
        for row in self._rows.values():
            if row["question"] and not row["subset"] and row["item"] != "*":
                self._of.setdefault(row["question"], []).append(row)
        self._hidden = {
            self._group(row)
            for row in self._weights.values()
            if row["suppressed"]
            and row["question"]
            and row["statistic"] in ("percent", "mean", "median")
        }
        self._sheets = {name.casefold() for name in OWN_SHEETS}

    def tables(self) -> Iterator[Table]:
        """In the order of the questionnaire; breakdowns by other questions stand last."""
        for name, question in self._survey.questions.items():
            number = question.number or name.replace("_", " ").capitalize()
            closed = [row for row in self._of.get(name, ()) if row["statistic"] in STATISTICS]
            if closed:
                yield self._table(name, question, closed, self._banner(name), number)
            themes = [row for row in self._of.get(name, ()) if self._is_theme(name, row)]
            if themes:
                yield self._themes(question, themes, f"{number} written in")
        for crosstab in self._survey.crosstabs:
            name, by = crosstab.question, self._survey.questions[crosstab.by]
            question = self._survey.questions[name]
            closed = [row for row in self._of.get(name, ()) if row["statistic"] in STATISTICS]
            if closed:
                columns = [Column("Total"), *groups_of(self._survey, crosstab.by, nets=True)]
                own = f"{question.number or name} by {by.number or crosstab.by}"
                table = self._table(name, question, closed, columns, own)
                table.title += f" By {by.number or crosstab.by}: {by.text}"
                yield table

    def _banner(self, question: str) -> list[Column]:
        found = [Column("Total")]
        if any(row["statistic"] == "change" for row in self._of[question]):
            found += [Column(PREVIOUS, statistic="previous"), Column(CHANGE, statistic="change")]
            found += self._further_back()
        if question not in self._survey.banner:
            for by in self._survey.banner:
                found += groups_of(self._survey, by, nets=False)
        return found

    def _further_back(self) -> list[Column]:
        """A column for each wave before the previous one, the nearest first."""
        prefix = earlier.id_in("wave.title", "")
        titles = {n.removeprefix(prefix): r["text"] for n, r in self._rows.items() if prefix in n}
        found = []
        for wave, title in reversed([*titles.items()][:-1]):
            once = [*titles.values()].count(title) == 1
            heading = f"In {title}" if once else f"In {title} ({wave})"
            found.append(Column(heading, statistic=earlier.statistic_in(wave)))
        return found

    def _is_theme(self, name: str, row: Row) -> bool:
        written = self._survey.open_text(name, row["answer"]) is not None
        return written and row["statistic"] == "count"

    def _table(
        self, name: str, question: Question, rows: list[Row], columns: list[Column], sheet: str
    ) -> Table:
        table = Table(self._sheet(sheet), titled(question), columns)
        if isinstance(question, GridQuestion):
            table.items = "Item"
        by_item: dict[str, list[Row]] = {}
        for row in rows:
            by_item.setdefault("" if _flat(question) else row["item"], []).append(row)
        for item, found in by_item.items():
            label = question.items[item].label if isinstance(question, GridQuestion) else ""
            for row in found:
                table.lines += self._lines(row, label, self._answer(name, row), columns)
            base = f"{name}.{item}:base" if item else f"{name}:base"
            if base in self._rows:
                table.lines += self._bases(base, label, columns)
        return table

    def _answer(self, name: str, row: Row) -> str:
        question = self._survey.questions[name]
        if isinstance(question, RankingQuestion):
            return question.items[row["item"]].label
        if isinstance(question, NumberQuestion) and not row["answer"]:
            return (
                question.unit[:1].upper() + question.unit[1:] if question.unit else "Number given"
            )
        if not row["answer"]:
            return "All mentions"
        return self._survey.scale_of(name).label(row["answer"])

    def _themes(self, question: Question, rows: list[Row], sheet: str) -> Table:
        title = f"{titled(question)} Written in: mentions by theme"
        table = Table(self._sheet(sheet), title, [Column("Total")])
        for row in rows:
            words = row["label"].partition(": ")[2]
            total = row["id"] in (f"{row['question']}.other:count", f"{row['question']}:count")
            label = "All mentions" if total else words
            cells = (Cell(row["text"], "count"),)
            table.lines.append(Line("", label, NUMBER, row["id"], cells))
        return table

    def _lines(self, row: Row, item: str, answer: str, columns: list[Column]) -> Iterator[Line]:
        statistic = STATISTICS[row["statistic"]]
        rows = [self._rows.get(_at(row["id"], column)) for column in columns]
        yield Line(item, answer, statistic, row["id"], tuple(map(self._cell, rows)))
        tested = [_letters(column, found) for column, found in zip(columns, rows, strict=True)]
        if any(cell.text.isalpha() for cell in tested):
            yield Line(item, answer, HIGHER, row["id"], tuple(tested))

    def _cell(self, row: Row | None) -> Cell:
        if row is None:
            return Cell(NOT_TESTED)
        if row["suppressed"] or not _A_NUMBER.fullmatch(row["text"]):
            return Cell(row["text"])
        if row["text"] in ("0%", "0.0") and row["value"]:
            return Cell(ALMOST_NOTHING)
        low = bool(row["subset"]) and row["base"] < self._survey.low_base
        if row["text"].endswith("%"):
            return Cell(row["text"], "percent", low)
        return Cell(row["text"], "decimal" if "." in row["text"] else "count", low)

    def _bases(self, base: str, item: str, columns: list[Column]) -> Iterator[Line]:
        rows = [self._rows.get(_at(base, column)) for column in columns]
        cells = [Cell(NOT_TESTED) if row is None else Cell(row["text"], "count") for row in rows]
        yield Line(item, BASE, "Respondents", base, tuple(cells))
        if self._weights:
            found = [self._weights.get(_at(base, column)) for column in columns]
            sums = tuple(self._weighted_base(row) for row in found)
            yield Line(item, WEIGHTED_BASE, "Sum of weights", base, sums)

    def _weighted_base(self, row: Row | None) -> Cell:
        """Hidden with its group: a sum of a few weights would tell single ones."""
        if row is None:
            return Cell(NOT_TESTED)
        if self._group(row) in self._hidden:
            return Cell(HIDDEN)
        return Cell(str(round_half_up(row["weighted_base"], 1)), "decimal")

    def _group(self, row: Row) -> tuple[str, str, str]:
        flat = _flat(self._survey.questions[row["question"]])
        return row["question"], "" if flat else row["item"], row["subset"]

    def _sheet(self, wanted: str) -> str:
        """A name that a sheet may have, each once."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", wanted)[:28].strip()
        name, count = plain, 1
        while name.casefold() in self._sheets:
            count += 1
            name = f"{plain} {count}"
        self._sheets.add(name.casefold())
        return name


def groups_of(survey: Survey, by: str, nets: bool) -> list[Column]:
    """A column for each option of a question; for its nets too, in a breakdown of its own."""
    scale, question = survey.scale_of(by), survey.questions[by]
    title = question.number or by.replace("_", " ").capitalize()
    options = [name for name, option in scale.options.items() if not option.missing]
    found = []
    for place, name in enumerate(options):
        letter = LETTERS[place] if place < len(LETTERS) and not nets else ""
        words = f"{title}: {scale.options[name].short or scale.label(name)}"
        found.append(Column(f"{words} ({letter})" if letter else words, f"{by}.{name}", letter))
    for name in scale.nets if nets else ():
        found.append(Column(f"{title}: {scale.label(name)} (net)", f"{by}.{name}"))
    return found


def titled(question: Question) -> str:
    text = f"{question.number}: {question.text}" if question.number else question.text
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _flat(question: Question) -> bool:
    """Items of a ranking stand where other questions have answers."""
    return isinstance(question, RankingQuestion)


def _at(name: str, column: Column) -> str:
    """The id of a line in a column."""
    stem, colon, statistic = name.partition(":")
    if wave := earlier.wave_of(column.statistic):
        return earlier.id_in(name, wave) if statistic in ("", "base") else ""
    if column.statistic == "previous" and statistic == "base":
        return f"{stem}:previous_base"
    if column.statistic:
        return "" if colon else f"{stem}:{column.statistic}"
    within = f"@{column.subset}" if column.subset else ""
    return f"{stem}{within}{colon}{statistic}"


def _letters(column: Column, row: Row | None) -> Cell:
    if not column.letter or row is None or row.get("letters") is None:
        return Cell(NOT_TESTED)
    if row["suppressed"]:
        return Cell(HIDDEN)
    return Cell(row["letters"] or NO_DIFFERENCE)
