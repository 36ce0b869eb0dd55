"""The detailed results against their estimates: every number of the workbooks and of the CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from wavedeck.earlier import id_in, wave_of
from wavedeck.survey import Survey
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row
from wavedeck.verify.recompute import half_up

Figures = Mapping[tuple[str, bool], Row]
"""Estimates of both editions by id and whether they are weighted."""

Group = tuple[str, str, str]
"""Question, item, subset."""

ID, LOW = "Estimate", '" [u]"'
LABELS = ("What is counted", "Number", "Item", "Answer", "Statistic", ID)
HIGHER, WEIGHTED_BASE = "Higher than columns", "Weighted base"
NOT_TESTED, NO_DIFFERENCE, HIDDEN, ALMOST_NOTHING = "[z]", "[ns]", "[c]", "[low]"
SHARES = ("percent", "mean", "median")
OF_TWO_WAVES = ("previous", "change")


def check_workbook(
    path: Path, weighted: bool, figures: Figures, survey: Survey, report: Report
) -> None:
    """Every cell of every table of results.xlsx; no number stands outside of a table."""
    book = load_workbook(path)
    groups, shares = _groups(path, book, report), hidden_groups(figures)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows())
        top = next((i for i, row in enumerate(rows) if row[-1].value == ID), None)
        if top is None:
            for cell in (c for row in rows for c in row if isinstance(c.value, int | float)):
                place = f"{sheet.title}!{cell.coordinate}"
                report.check(False, path, place, cell.value, "no number outside of a table")
            continue
        heads = [cell.value for cell in rows[top]]
        for cell in rows[top]:
            known = cell.value in groups or cell.value in LABELS
            place = f"{sheet.title}!{cell.coordinate}"
            report.check(known, path, place, f"'{cell.value}'", "a heading of the sheet Columns")
        for row in rows[top + 1 :]:
            cells = dict(zip(heads, row, strict=True))
            for head, cell in cells.items():
                if head in groups or head == "Number":
                    group = groups.get(head, "")
                    found = _expected(cells, group, weighted, figures, shares, survey)
                    place = f"{sheet.title}!{cell.coordinate}, {found[0]}"
                    report.checked["numbers in results"] += 1
                    _check_cell(cell, found[1:], path, place, report)
            _check_words(cells, survey, path, sheet.title, report)


def _groups(path: Path, book: Any, report: Report) -> dict[str, str]:
    """By heading of a column the group, from the sheet that lists them."""
    found = {}
    for heading, _, group in book["Columns"].iter_rows(min_row=5, values_only=True):
        report.check(heading not in found, path, "Columns", f"'{heading}' twice", "once")
        found[heading] = "" if group == "everyone" else group
    return found


def _expected(
    cells: Mapping[str, Any],
    group: str,
    weighted: bool,
    figures: Figures,
    shares: frozenset[Group],
    survey: Survey,
) -> tuple[str, str, bool]:
    """The id of a cell, what it must say, and whether its base is low. `shares` are groups whose
    shares are hidden."""
    line = cells[ID].value
    stem, colon, statistic = line.partition(":")
    if group.startswith(":"):  # a statistic of an earlier wave
        name = id_in(line, wave_of(group[1:]))
        if statistic not in ("", "base"):
            return name, NOT_TESTED, False
    elif group in ("previous", "change"):
        based = (group, statistic) == ("previous", "base")
        name, statistic = f"{stem}:{group}{'_base' if based else ''}", group
        if colon and not based:
            return name, NOT_TESTED, False
    else:
        name = f"{stem}{f'@{group}' if group else ''}{colon}{statistic}"
    kind = cells["Statistic"].value if "Statistic" in cells else ""
    answer = cells["Answer"].value if "Answer" in cells else ""
    row = figures.get((name, weighted or answer == WEIGHTED_BASE))
    if row is None:
        return name, NOT_TESTED, False
    if kind == HIGHER:
        letters = row.get("letters")
        told = HIDDEN if row["suppressed"] else letters or NO_DIFFERENCE
        tested = letters is not None and group.partition(".")[0] in survey.banner
        return name, told if tested else NOT_TESTED, False
    if answer == WEIGHTED_BASE:
        hidden = (row["question"], row["item"], row["subset"]) in shares
        return name, HIDDEN if hidden else _rounded(row["weighted_base"], 1), False
    apart = row["statistic"] in ("base", "change", "previous") or not row["subset"]
    low = not apart and not row["suppressed"] and row["base"] < survey.low_base
    if row["text"] in ("0%", "0.0") and row["value"]:
        return name, ALMOST_NOTHING, False
    return name, row["text"], low


def hidden_groups(figures: Figures) -> frozenset[Group]:
    """Groups of the weighted edition that show no shares, and so no sum of weights."""
    return frozenset(
        (row["question"], item, row["subset"])
        for row in figures.values()
        if row["weighted"] and row["suppressed"]
        if row["statistic"] in ("percent", "mean", "median")
        # The mean of an item that was ranked has the base of its question.
        for item in ((row["item"], "") if row["statistic"] == "mean" else (row["item"],))
    )


def _check_cell(
    cell: Any, expected: tuple[str, bool], path: Path, place: str, report: Report
) -> None:
    text, low = expected
    if isinstance(cell.value, int | float):
        number = _number(text)
        if number is None or abs(cell.value - number) > 1e-12:
            report.check(False, path, place, cell.value, f"'{text}'")
        marked = LOW in cell.number_format
        report.check(marked == low, path, place, f"marked [u]: {marked}", f"marked [u]: {low}")
    else:
        found = cell.value or ""
        holds = found == text and (_number(text) is None or text == NOT_TESTED)
        report.check(holds, path, place, f"'{found}'", f"'{text}'")


def _number(text: str) -> float | None:
    """33% as 0.33; None where a text is no number."""
    plain = text.replace(",", "")
    try:
        return int(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        return None


def _check_words(
    cells: Mapping[str, Any], survey: Survey, path: Path, sheet: str, report: Report
) -> None:
    """The words of a line belong to its estimate."""
    if "Answer" not in cells or cells["Statistic"].value != "Percentage":
        return
    name, answer, *item = cells[ID].value.split(".")
    place = f"{sheet}!{cells['Answer'].coordinate}"
    report.equal(cells["Answer"].value, survey.scale_of(name).label(answer), path, place)
    if item:
        label = survey.questions[name].items[item[0]].label  # type: ignore[union-attr]
        report.equal(cells["Item"].value, label, path, f"{sheet}!{cells['Item'].coordinate}")


def check_csv(path: Path, editions: list[str], figures: Figures, report: Report) -> None:
    """Every row of results.csv, and that no percentage or mean is missing."""
    seen = set()
    with path.open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), start=2):
            key = (row["id"], row["edition"] == "weighted")
            place = f"line {line}, {row['id']} ({row['edition']})"
            report.checked["numbers in results"] += 1
            figure = figures.get(key)
            if not report.check(figure is not None, path, place, "no such estimate", "an estimate"):
                continue
            assert figure is not None
            seen.add(key)
            for column, expected in _columns(figure, figures):
                report.equal(row[column], expected, path, f"{place}, {column}")
    for key, figure in figures.items():
        wanted = ("weighted" if key[1] else "unweighted") in editions and figure["item"] != "*"
        if wanted and figure["question"] and figure["statistic"] in SHARES + OF_TWO_WAVES:
            report.check(key in seen, path, key[0], "no such row", "a row")


def _columns(figure: Row, figures: Figures) -> Iterator[tuple[str, str]]:
    """What a row must say, by column."""
    hidden, statistic = figure["suppressed"], figure["statistic"]
    places = {"mean": 2, "median": 2, **dict.fromkeys(("percent", *OF_TWO_WAVES), 1)}.get(
        statistic, 0
    )
    yield "shown", figure["text"]
    yield "base", str(figure["base"])
    yield "value", "" if hidden else _rounded(figure["value"], places)
    for column, digits in (("standard_error", 2), ("lower", 1), ("upper", 1), ("design_effect", 2)):
        yield column, "" if hidden else _rounded(figure.get(column), digits)
    yield "p_value", _rounded(figure.get("change_p"), 3) if statistic == "change" else ""
    yield "higher_than", "" if hidden else figure.get("letters") or ""
    count = figures.get((f"{figure['id']}:count", figure["weighted"]))
    yield "count", "" if count is None or count["suppressed"] else count["text"]
    apart = statistic == "base" and figure["subset"]
    shares = hidden and statistic in SHARES
    bare = apart or shares or not figure["weighted"]
    yield "weighted_base", "" if bare else _rounded(figure["weighted_base"], 1)
    bare = apart or hidden or not figure["effective_base"]
    yield "effective_base", "" if bare else _rounded(figure["effective_base"], 1)


def _rounded(value: float | None, places: int) -> str:
    if value is None or math.isnan(value):
        return ""
    # As written to twelve places, like every rounding of the pipeline.
    return half_up(Fraction(f"{value:.12f}"), places)
