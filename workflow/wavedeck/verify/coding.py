"""Coded open text a second time: from coding.xlsx, read with openpyxl, and plain counting."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from wavedeck.survey import Survey, TextQuestion
from wavedeck.verify.failures import Report
from wavedeck.verify.meaning import CHOSEN, NOT_CHOSEN
from wavedeck.verify.raw import RawSheet, Response, Row, one_space, read
from wavedeck.verify.recompute import Expected, half_up
from wavedeck.workbook import sheet_names

_CODES = {CHOSEN: 1, NOT_CHOSEN: 2}


@dataclass(frozen=True)
class Coded:
    """A row of coding.xlsx."""

    question: str
    response: str
    theme: str
    passage: str


@dataclass(frozen=True)
class Coders:
    """What both coders said of a wave."""

    first: tuple[Coded, ...] = ()
    second: tuple[Coded, ...] = ()


def read_coders(path: Path, wave: str) -> Coders:
    """Rows of coding.xlsx for a wave; the second coder's where there is one."""
    names = sheet_names(path)
    first = _rows(read(path, "Coding"), wave)
    second = _rows(read(path, "Second coder"), wave) if "Second coder" in names else ()
    return Coders(first, second)


def _rows(sheet: RawSheet, wave: str) -> tuple[Coded, ...]:
    def text(row: int, header: str) -> str:
        return one_space(sheet.text(row, header)) if header in sheet.header else ""

    return tuple(
        Coded(*(text(row, header) for header in ("question", "response", "theme", "text")))
        for row in sheet.rows
        if text(row, "wave") == wave
    )


def _coded_questions(survey: Survey) -> Iterator[tuple[str, TextQuestion]]:
    for name, question in survey.questions.items():
        if isinstance(question, TextQuestion) and question.themes:
            yield name, question


def fill(survey: Survey, responses: list[Response], coders: Coders) -> None:
    """Add to each response what was read in its open answers, as answers."""
    for name, question in _coded_questions(survey):
        raised = {(c.response, c.theme) for c in coders.first if c.question == name}
        if not raised:
            continue
        for response in responses:
            if name not in response.texts:
                continue
            for answer in question.scale.answers:
                there = any(
                    (response.response, t) in raised for t in question.scale.members(answer)
                )
                response.answers[f"{name}.{answer}"] = CHOSEN if there else NOT_CHOSEN


def check_columns(
    rows: list[Row], survey: Survey, responses: list[Response], report: Report
) -> None:
    """Columns of answers.parquet that hold what coders read."""
    for name, question in _coded_questions(survey):
        for row, response in zip(rows, responses, strict=True):
            for theme in question.themes:
                key = f"{name}.{theme}"
                code = max(row[key], 0)
                expected = _CODES.get(response.answers.get(key, ""), 0)
                place = f"row {response.row} of the export, {key}"
                report.equal(code, expected, "answers.parquet", place)
            report.checked["coded answers"] += len(question.themes)


def mentions(
    survey: Survey, responses: list[Response], coders: Coders
) -> Iterator[tuple[str, Expected]]:
    """What counts of passages and the agreement of coders must say, by id."""
    kept = {response.response for response in responses}
    for name, asked in survey.questions.items():
        other = getattr(asked, "other", None)
        if other and other.themes:
            key = f"{name}.other"
            rows = [c for c in coders.first if c.question == key and c.response in kept]
            base = len({c.response for c in rows})
            yield f"{key}:count", _count(len(rows), base)
            for theme in other.themes:
                yield f"{key}.{theme}:count", _count(sum(c.theme == theme for c in rows), base)
    for name, question in _coded_questions(survey):
        rows = [c for c in coders.first if c.question == name and c.response in kept]
        base = len({c.response for c in rows})
        yield f"{name}:mentions", _count(len(rows), base)
        for answer in question.scale.answers:
            themes = question.scale.members(answer)
            number = sum(c.theme in themes for c in rows)
            yield f"{name}.{answer}:mentions", _count(number, base)
        second = [c for c in coders.second if c.question == name and c.response in kept]
        if second:
            yield from _agreement(name, question, rows, second)


def _agreement(
    name: str, question: TextQuestion, rows: list[Coded], second: list[Coded]
) -> Iterator[tuple[str, Expected]]:
    """From the square table of both coders' themes, in fractions."""
    first = {(c.response, c.passage): c.theme for c in rows}
    pairs = [(first[c.response, c.passage], c.theme) for c in second]
    units = len(pairs)
    table = Counter(pairs)
    alike = sum(n for (one, other), n in table.items() if one == other)
    share = Fraction(100 * alike, units)
    whole = Fraction(units)
    yield f"{name}:units", Expected(whole, f"{units:,}", whole, units, whole, Fraction(0))
    yield (
        f"{name}:agreement",
        Expected(
            share, f"{half_up(share)}%", Fraction(alike), units, whole, Fraction(0), exact=False
        ),
    )
    kappa, error = _kappa(table, units)
    yield f"{name}:kappa", _decimals(kappa, units)
    yield f"{name}:kappa_error", _decimals(error, units)
    for net in question.nets:
        themes = question.scale.members(net)
        within = Counter[tuple[bool, bool]]()
        for (one, other), number in table.items():
            within[one in themes, other in themes] += number
        yield f"{name}.{net}:kappa", _decimals(_kappa(within, units)[0], units)


def _kappa(table: Counter, units: int) -> tuple[Fraction | None, Fraction | None]:  # type: ignore[type-arg]
    """Cohen's kappa and its standard error; nothing where chance alone gives full agreement."""
    rows, columns = Counter(), Counter()  # type: ignore[var-annotated]
    for (one, other), number in table.items():
        rows[one] += number
        columns[other] += number
    observed = Fraction(sum(n for (one, other), n in table.items() if one == other), units)
    chance = sum(Fraction(rows[c], units) * Fraction(columns[c], units) for c in rows)
    if chance == 1:
        return None, None
    squared = observed * (1 - observed) / (units * (1 - chance) ** 2)
    return (observed - chance) / (1 - chance), Fraction(math.sqrt(squared))


def _count(count: int, base: int) -> Expected:
    exact = Fraction(count)
    return Expected(exact, f"{count:,}", exact, base, Fraction(0), Fraction(0))


def _decimals(value: Fraction | None, units: int) -> Expected:
    text = "[x]" if value is None else _signed(value)
    return Expected(value, text, None, units, Fraction(units), Fraction(0), exact=False)


def _signed(value: Fraction) -> str:
    """Two decimals, half up away from zero."""
    return f"-{half_up(-value, 2)}" if value < 0 else half_up(value, 2)
