"""estimates.parquet, row by row, against what the raw cells say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from wavedeck.earlier import wave_of
from wavedeck.rounding import p_text
from wavedeck.survey import MultiQuestion, NumberQuestion, Survey, TextQuestion
from wavedeck.verify.association import Cell, f_and_p
from wavedeck.verify.comparisons import Comparisons
from wavedeck.verify.earlier import Trend
from wavedeck.verify.errors import Errors
from wavedeck.verify.failures import Report
from wavedeck.verify.hidden import Hiding, check_hidden
from wavedeck.verify.raw import (
    Response,
    Row,
    columns_of,
    is_open,
)
from wavedeck.verify.recompute import Expected, Recount
from wavedeck.verify.then import STATISTICS, Then

TOLERANCE = 1e-9
"""Of weighted numbers, relative above 1: sums of floats differ in their last digits."""

ERROR_TOLERANCE = 1e-7
"""Of errors, relative above 1: they are roots of small differences."""


def check_estimates(
    rows: list[Row],
    survey: Survey,
    responses: list[Response],
    plain: Mapping[str, Expected],
    population: int | None,
    report: Report,
    earlier: Mapping[bool, tuple[Then, Trend]] | None = None,
) -> None:
    """Every row of estimates.parquet: value, text, numerator, bases, errors and interval; with
    `earlier`, by edition, the change since the wave before and the values of all earlier waves.

    `population` is the number of organisations of the frame, where it is known.
    """
    file = "estimates.parquet"
    recounts = {weighted: Recount(survey, responses, weighted) for weighted in (False, True)}
    errors = {
        weighted: Errors(survey, recount.responses, weighted, population)
        for weighted, recount in recounts.items()
    }
    hiding = Hiding(survey, responses, rows)
    seen = set()
    known = {w: {row["id"]: row for row in rows if row["weighted"] == w} for w in (False, True)}
    for row in rows:
        name, weighted = row["id"], row["weighted"]
        place = f"{name} ({'weighted' if weighted else 'unweighted'})"
        report.check((name, weighted) not in seen, file, place, "a second row", "one")
        seen.add((name, weighted))
        report.checked["estimates"] += 1
        if earlier and row["question"]:
            then, trend = earlier[weighted]
            if row["statistic"] in ("percent", *STATISTICS):
                then.check(row, known[weighted], place, report)
            for other in trend.wanted(row):
                there = other in known[weighted]
                report.check(there, file, f"{place}, {other}", "no such row", "an estimate")
            if wave_of(row["statistic"]):
                trend.check(row, place, report)
            if row["statistic"] in STATISTICS or wave_of(row["statistic"]):
                continue
        if row["statistic"] == "rao_scott" and survey.inference == "design":
            cells = recounts[weighted].crossed(row)
            _check_association(row, cells, errors[weighted], survey.minimum_base, place, report)
            continue
        try:
            expected = recounts[weighted].expected(row)
        except (KeyError, AttributeError) as error:
            report.check(False, file, place, f"the unknown name {error}", "a name of survey.yaml")
            continue
        if expected is None:
            expected = plain.get(name)
        else:
            report.equal(name, _id(row), file, place)
        if expected is None:
            report.check(False, file, place, "no way to recompute it", "a known statistic")
            continue
        _check_row(row, hiding.expected(row, expected), weighted, place, report)
        if survey.inference == "none":
            _check_descriptive(row, place, report)
            continue
        closed = row["question"] in survey.questions and row["item"] != "*"
        if closed and row["statistic"] in ("percent", "mean", "median"):
            _check_errors(row, recounts[weighted].values(row), errors[weighted], place, report)
    if survey.inference == "design":
        for weighted, edition in ((False, "unweighted"), (True, "weighted")):
            compared = Comparisons(survey, recounts[weighted], errors[weighted])
            compared.check((r for r in rows if r["weighted"] == weighted), edition, report)
    check_hidden(hiding, report)
    _check_complete(seen, plain, survey, report)


def _check_row(row: Row, expected: Expected, weighted: bool, place: str, report: Report) -> None:
    file = "estimates.parquet"
    if row["text"] not in (expected.text, expected.other_text or expected.text):
        report.equal(row["text"], expected.text, file, f"{place}, text")
    report.equal(row["base"], expected.base, file, f"{place}, base")
    report.equal(row["suppressed"], expected.suppressed, file, f"{place}, suppressed")
    slack = TOLERANCE if weighted or not expected.exact else 0.0
    for column in ("value", "numerator", "weighted_base", "effective_base"):
        number, exact = row[column], getattr(expected, column)
        # Kish's effective base and shares of a count are quotients of floats in either edition.
        near = TOLERANCE if column == "effective_base" else slack
        if not _agrees(number, exact, near):
            shown = "nothing" if exact is None else repr(float(exact))
            report.check(False, file, f"{place}, {column}", number, shown)


def _check_association(
    row: Row,
    cells: Mapping[int, Cell],
    errors: Errors,
    minimum: int,
    place: str,
    report: Report,
) -> None:
    """A test of a crosstab: F, its p, and how many it rests on."""
    file = "estimates.parquet"
    report.checked["tests of crosstabs"] += 1
    report.equal(_id(row), row["id"], file, place)
    report.equal(row["base"], len(cells), file, f"{place}, base")
    report.equal(row["suppressed"], False, file, f"{place}, suppressed")
    f, p = f_and_p(cells, errors) if len(cells) >= minimum else (math.nan, math.nan)
    for column, expected in (("numerator", f), ("value", p)):
        report.near(row[column], expected, ERROR_TOLERANCE, file, f"{place}, {column}")
    report.equal(row["text"], "[x]" if math.isnan(p) else p_text(p), file, f"{place}, text")


def _check_errors(
    row: Row, values: Mapping[int, float], errors: Errors, place: str, report: Report
) -> None:
    """Standard error, interval and design effect."""
    share = row["statistic"] == "percent"
    of = {"percent": errors.of_share, "mean": errors.of_mean, "median": errors.of_median}
    sure = of[row["statistic"]](values)
    unit = 100.0 if share else 1.0
    report.checked["errors"] += 1
    for column, scale in (
        ("standard_error", unit),
        ("lower", unit),
        ("upper", unit),
        ("design_effect", 1.0),
    ):
        expected, where = scale * getattr(sure, column), f"{place}, {column}"
        report.near(row[column], expected, ERROR_TOLERANCE, "estimates.parquet", where)


def _check_descriptive(row: Row, place: str, report: Report) -> None:
    """No error, interval or test where the survey only describes."""
    for column in ("standard_error", "lower", "upper", "design_effect", "change"):
        if not math.isnan(row[column]):
            report.check(False, "estimates.parquet", f"{place}, {column}", row[column], "nothing")
    for column in ("letters", "against_rest", "change_note"):
        report.equal(row[column] or "", "", "estimates.parquet", f"{place}, {column}")


def _agrees(found: float | None, exact: Fraction | None, slack: float) -> bool:
    empty = found is None or math.isnan(found)
    if exact is None or empty:
        return empty and exact is None
    assert found is not None
    value = float(exact)
    return found == value or abs(found - value) <= slack * max(1.0, abs(value))


def _id(row: Row) -> str:
    """The id that a row's own columns make."""
    name = ".".join(part for part in (row["question"], row["answer"], row["item"]) if part)
    within = f"@{row['subset']}" if row["subset"] else ""
    statistic = "" if row["statistic"] == "percent" else f":{row['statistic']}"
    return f"{name}{within}{statistic}"


def _check_complete(
    seen: set[tuple[str, bool]], plain: Mapping[str, Expected], survey: Survey, report: Report
) -> None:
    """No estimate over everyone is missing from the table."""
    wanted = list(plain)
    for key, (_, name, item) in columns_of(survey).items():
        question = survey.questions[name]
        if is_open(survey, name, item):
            continue
        if isinstance(question, MultiQuestion | NumberQuestion):
            wanted += [f"{name}.{answer}" for answer in survey.scale_of(name).answers]
            wanted.append(f"{name}:base")
            if question.type == "number":
                wanted += [f"{name}:mean", f"{name}:median"]
        elif question.type == "ranking":
            wanted += [f"{key}:mean", f"{key}:mentions", f"{name}:base"]
        else:
            tail = f".{item}" if item else ""
            answers = survey.scale_of(name).answers
            wanted += [f"{name}.{answer}{tail}" for answer in answers] + [f"{key}:base"]
    for name, asked in survey.questions.items():
        if isinstance(asked, TextQuestion) and asked.themes:
            wanted += [f"{name}.{answer}" for answer in asked.scale.answers] + [f"{name}:base"]
    editions = (False, True) if survey.weighting else (False,)
    for weighted in editions:
        for name in dict.fromkeys(wanted):
            if name.startswith("weighting.") and not weighted:
                continue
            there = (name, weighted) in seen
            report.check(there, "estimates.parquet", name, "no such row", "an estimate")
