"""Every number that a reader sees against its estimate: decks, charts and their data."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wavedeck.csvfile import read_csv
from wavedeck.earlier import kind_of
from wavedeck.rounding import share_in_words
from wavedeck.sureness import interval_text
from wavedeck.survey.words import has_loose_number
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row
from wavedeck.verify.slides import Page, chart_of, numbers_in, slides_of

Figures = Mapping[str, Row]
"""Estimates of one edition by id."""

SHARES = ("percent", "max", "min")
# Where a numeral is no estimate: cited facts, answers' own words, respondents' words, page numbers.
NO_ESTIMATE = frozenset(
    {"cite", "label", "comment", "attribution", "slide-footer", "page", "engine"}
)
_QUESTION = re.compile(r"\bQ\d+[a-z]?\b")
_EVIDENCE = re.compile(r'<script type="application/json" id="evidence-data">(.*?)</script>', re.S)
_SPAN = re.compile(r'\[((?:\\.|[^\[\]\\])*)\]\{[^{}]*data-estimate="([^"]+)"[^{}]*\}')


INTERVALS = ("percent", "mean", "median")
"""Statistics whose 95% interval may be printed in place of their value."""


def fits(text: str, figure: Row) -> bool:
    """Whether `text` is what an estimate is to be shown as: its text, or its words."""
    statistic = kind_of(figure["statistic"])
    if text == figure["text"] or (statistic == "base" and text == f"({figure['text']})"):
        return True
    if statistic in INTERVALS and not figure["suppressed"]:
        lower, upper = (figure.get(end, math.nan) for end in ("lower", "upper"))
        if text and text == interval_text(statistic, lower, upper):
            return True
    if statistic not in SHARES or figure["value"] is None or figure["suppressed"]:
        return False
    words = share_in_words(figure["value"])
    return text in (words, words[0].upper() + words[1:])


def check_html(
    path: Path,
    figures: Figures,
    exhibits: Mapping[str, Any],
    words: frozenset[str],
    report: Report,
) -> list[Page]:
    """Every number of an HTML deck; returns its slides. `exhibits` are those of index.json,
    `words` the codebook's own."""
    slides = slides_of(path.read_text(encoding="utf-8"))
    report.check(bool(slides), path, "", "no slides", "slides")
    for number, slide in enumerate(slides, start=1):
        place = f"slide {number} ({slide.title})"
        _check_page(slide, path, place, figures, words, report)
        for name, alt in slide.alts:
            report.checked["alternative texts"] += 1
            expected = exhibits.get(name, {}).get("alt")
            report.equal(alt, expected, path, f"{place}, alternative text of {name}")
    return slides


def check_index(path: Path, exhibits: Mapping[str, Any], figures: Figures, report: Report) -> None:
    """The words of exhibits: notes, cells of tables, percentages of alternative texts."""
    for name, exhibit in exhibits.items():
        for part in [*exhibit["note"], *(c for row in exhibit.get("rows", []) for c in row)]:
            if "estimate" in part:
                report.checked["numbers in exhibits"] += 1
                _check_shown(part["estimate"], part["text"].strip(), path, name, figures, report)
        # A chart's data also holds what it has no room to print.
        keys = {row["estimate"] for row in read_csv(path.parent / exhibit["data"])}
        texts = {figures[key]["text"] for key in keys if key in figures}
        for numeral in numbers_in(_QUESTION.sub(" ", exhibit.get("alt", ""))):
            if numeral.endswith("%"):
                report.checked["numbers in exhibits"] += 1
                place = f"{name}, alternative text"
                report.check(numeral in texts, path, place, f"'{numeral}'", "an estimate of it")


def pdf_texts(path: Path) -> list[str]:
    """The text of each page of a PDF."""
    import pypdf

    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def check_pdf(path: Path, pages: list[str], slides: list[Page], report: Report) -> None:
    """Each page of a PDF deck holds the numbers of its slide, and its shares in words.

    Behind them stands the annex of sources, see `check_annex`.
    """
    report.check(len(pages) >= len(slides), path, "pages", len(pages), f"{len(slides)} slides")
    for number, (slide, text) in enumerate(zip(slides, pages, strict=False), start=1):
        place = f"page {number} ({slide.title})"
        found, expected = Counter(numbers_in(text)), Counter(numbers_in(slide.text))
        report.checked["numbers in PDF"] += expected.total()
        for numeral in sorted((found - expected).keys() | (expected - found).keys()):
            what = f"'{numeral}' {found[numeral]} times", f"{expected[numeral]} times, as the HTML"
            report.check(False, path, place, *what)
        folded = " ".join(text.split())
        for shown in slide.shown:
            words = " ".join(shown.text.split())
            if words and not numbers_in(words):
                report.check(words in folded, path, f"{place}, {shown.estimate}", "no words", words)


def check_annex(
    path: Path, pages: list[str], slides: list[Page], figures: Figures, report: Report
) -> None:
    """The annex of a PDF deck has each number of the slides' text with its id."""
    # Long ids are broken over lines.
    annex = re.sub(r"\s+", "", "".join(pages[len(slides) :]))
    names = {s.estimate for slide in slides for s in slide.shown if not s.in_chart}
    for name in sorted(names):
        figure = figures.get(name)
        if figure is not None:  # an unknown one is found on its slide
            report.checked["numbers in PDF"] += 1
            told = re.sub(r"\s+", "", f"{name}{figure['text']}")
            expected = f"'{name}' with '{figure['text']}'"
            report.check(told in annex, path, f"annex, {name}", "no such row", expected)


def check_evidence(path: Path, figures: Figures, report: Report) -> None:
    """The evidence panel of an HTML deck tells the value, numerator and base of each estimate."""
    found = _EVIDENCE.search(path.read_text(encoding="utf-8"))
    data = json.loads(found[1]) if found else {}
    report.check(bool(data.get("estimates")), path, "evidence panel", "no data", "data")
    for name, (text, _, facts) in data.get("estimates", {}).items():
        figure, words = figures.get(name), data["words"]
        place = f"evidence panel, {name}"
        if not report.check(figure is not None, path, place, "no such estimate", "an estimate"):
            continue
        assert figure is not None
        report.checked["numbers in evidence panels"] += 1
        report.equal(words[text], figure["text"], path, place)
        told = {words[term]: "".join(words[piece] for piece in pieces) for term, *pieces in facts}
        if figure["question"] and "Base" in told:
            report.equal(told["Base"].split(" ")[0], str(figure["base"]), path, f"{place}, base")
        top = told.get("Numerator", "").split(" ")[0].rstrip(",")
        if figure["question"] and top[:1].isdigit():
            places = len(top.partition(".")[2])
            expected = f"{figure['numerator']:.{places}f}"
            report.equal(top, expected, path, f"{place}, numerator")


def check_source(path: Path, figures: Figures, report: Report) -> None:
    """Every number of deck.qmd."""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for written, name in _SPAN.findall(text):
            shown = re.sub(r"\\(.)", r"\1", written)
            report.checked["numbers in sources"] += 1
            _check_shown(name, shown, path, f"line {line}", figures, report)


def check_chart(path: Path, figures: Figures, words: frozenset[str], report: Report) -> None:
    """Every label of a chart."""
    page = chart_of(path.read_text(encoding="utf-8"))
    _check_page(page, path, "", figures, words, report)


def check_data(path: Path, figures: Figures, report: Report) -> None:
    """The CSV beside a chart: value, text and base of each row."""
    for line, row in enumerate(read_csv(path), start=2):
        name, place = row["estimate"], f"line {line}"
        report.checked["numbers in chart data"] += 1
        if not _check_shown(name, row["text"], path, place, figures, report):
            continue
        figure, place = figures[name], f"{place}, {name}"
        report.equal(row["base"], str(figure["base"]), path, f"{place}, base")
        told, value = float(row["value"] or "nan"), figure["value"]
        if figure["suppressed"]:
            value = math.nan
        # Chart data have twelve digits.
        holds = math.isclose(told, value, rel_tol=1e-9) or (math.isnan(told) and math.isnan(value))
        report.check(holds, path, f"{place}, value", row["value"], value)


def _check_page(
    page: Page,
    path: Path,
    place: str,
    figures: Figures,
    words: frozenset[str],
    report: Report,
) -> None:
    for shown in page.shown:
        text = " ".join(shown.text.split())
        if text:
            report.checked["printed numbers"] += 1
            _check_shown(shown.estimate, text, path, place, figures, report)
        else:
            # A bar too small for its label still has to belong to an estimate.
            known = shown.estimate in figures
            report.check(known, path, place, shown.estimate, "the id of an estimate")
    for text, classes in page.loose:
        if classes & NO_ESTIMATE:
            continue
        if classes & {"svg", "td"} and not has_loose_number(text, words):
            continue
        for numeral in numbers_in(_QUESTION.sub(" ", text)):
            expected = "an estimate, a citation or an answer's own words behind it"
            report.check(False, path, place, f"'{numeral}' in '{' '.join(text.split())}'", expected)


def _check_shown(
    name: str, text: str, path: Path, place: str, figures: Figures, report: Report
) -> bool:
    place = f"{place}, {name}" if place else name
    figure = figures.get(name)
    if figure is None:
        return report.check(False, path, place, "no such estimate", "the id of an estimate")
    holds = fits(text, figure)
    return report.check(holds, path, place, f"'{text}'", f"'{figure['text']}'")
