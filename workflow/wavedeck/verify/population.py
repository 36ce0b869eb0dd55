"""The population and its margins, read a second time: names and exact numbers, no codes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wavedeck.survey import Survey
from wavedeck.verify.raw import Response, one_space, read

FrameCounts = dict[str, Counter[str]]
"""Margin -> category -> organisations of the frame, or shares."""


@dataclass(frozen=True)
class Margin:
    """A question, or several crossed, as ids name it."""

    name: str
    questions: list[str]
    text: str
    raked: bool
    collapsed: Mapping[str, str]
    """'county x north' -> the category that it is taken into."""
    labels: Mapping[str, str]
    """Of collapsed categories that have words of their own."""

    def category(self, given: Mapping[str, str]) -> str:
        """The category of an organisation with these options; "" where one is missing."""
        options = [given.get(question, "") for question in self.questions]
        if not all(options):
            return ""
        return self.collapsed.get(" x ".join(options), "_x_".join(options))

    def label(self, category: str, survey: Survey) -> str:
        own = [cell for cell, name in self.collapsed.items() if name == category]
        if category in self.labels:
            return self.labels[category]
        cells = own or [" x ".join(category.split("_x_"))]
        order = {cell: place for place, cell in enumerate(self._cells(survey))}
        words = (self._words(cell, survey) for cell in sorted(cells, key=order.__getitem__))
        return " or ".join(words)

    def _words(self, cell: str, survey: Survey) -> str:
        pairs = zip(self.questions, cell.split(" x "), strict=True)
        return " × ".join(survey.scale_of(q).options[o].label for q, o in pairs)

    def _cells(self, survey: Survey) -> list[str]:
        found = [""]
        for question in self.questions:
            options = survey.scale_of(question).options
            found = [f"{cell} x {o}" if cell else o for cell in found for o in options]
        return found


def margins_of(survey: Survey) -> list[Margin]:
    """Each question of the frame, and the margins raked to that are crossed or collapsed."""
    if survey.frame is None or survey.weighting is None:
        return []
    single = list(survey.frame.columns)
    for crossed in survey.frame.counts:
        single += [name for name in crossed.split(" x ") if name not in single]
    found = [_margin(survey, name, raked=False) for name in single]
    for declared in survey.weighting.margins:
        margin = _margin(survey, declared, raked=True)
        places = [place for place, other in enumerate(found) if other.name == margin.name]
        if places:
            found[places[0]] = margin
        else:
            found.append(margin)
    return found


def raked_categories(survey: Survey, responses: Sequence[Response]) -> NDArray[np.float64]:
    """(n, k) 1 where a respondent is in a category of a raked margin."""
    columns = []
    for margin in margins_of(survey):
        if margin.raked:
            given = [margin.category(response.answers) for response in responses]
            columns += [[category == name for category in given] for name in dict.fromkeys(given)]
    return np.array(columns, np.float64).reshape(len(columns), len(responses)).T


def _margin(survey: Survey, declared: str, raked: bool) -> Margin:
    questions = declared.split(" x ")
    groups = {}
    if raked and survey.weighting:
        groups = survey.weighting.collapse.get(declared, {})
    text = " × ".join(survey.questions[question].text for question in questions)
    return Margin(
        "_x_".join(questions) + ("_collapsed" if groups else ""),
        questions,
        f"{text} (collapsed)" if groups else text,
        raked,
        {part: name for name, group in groups.items() for part in group.parts},
        {name: group.label for name, group in groups.items() if group.label},
    )


def frame_counts(frames: Path, survey: Survey) -> FrameCounts:
    """The frame's organisations by category of each margin: the list with openpyxl, or counts."""
    assert survey.frame is not None
    rows = list(_listed(frames, survey)) if survey.frame.workbook else []
    found: FrameCounts = {}
    for margin in margins_of(survey):
        counts: dict[str, Fraction] = defaultdict(Fraction)
        for options, count in rows or _declared(survey, margin):
            counts[margin.category(options)] += count
        found[margin.name] = Counter({name: n for name, n in counts.items() if n})
    return found


def _listed(frames: Path, survey: Survey) -> Iterator[tuple[dict[str, str], Fraction]]:
    frame = survey.frame
    assert frame is not None
    sheet = read(frames / frame.workbook, frame.sheet)
    names = {
        question: {
            one_space(text).casefold(): name
            for name, option in survey.scale_of(question).options.items()
            for text in (option.label, *option.aliases)
        }
        for question in frame.columns
    }
    for row in sheet.rows:
        options = {
            question: names[question][one_space(sheet.text(row, header)).casefold()]
            for question, header in frame.columns.items()
        }
        yield options, Fraction(sheet.text(row, frame.count)) if frame.count else Fraction(1)


def _declared(survey: Survey, margin: Margin) -> Iterator[tuple[dict[str, str], Fraction]]:
    """The counts of survey.yaml with the fewest questions that hold the margin's."""
    assert survey.frame is not None
    own = [d for d in survey.frame.counts if set(margin.questions) <= set(d.split(" x "))]
    declared = min(own, key=lambda name: name.count(" x "))
    for cell, count in survey.frame.counts[declared].items():
        pairs = zip(declared.split(" x "), cell.split(" x "), strict=True)
        yield dict(pairs), Fraction(str(count))


def unit_of(survey: Survey, response: Response) -> str:
    """What counts once: the organisation, or the respondent where the export names none."""
    if survey.export.columns.organisation:
        return response.organisation
    return f"row {response.row}"


def in_frame(survey: Survey, response: Response) -> bool:
    return not any(
        response.answers.get(question) in options
        for question, options in survey.outside_frame.items()
    )


def organisations(survey: Survey, frame: FrameCounts) -> int | None:
    """Organisations of the population; None where it is not known, or by shares only."""
    if survey.frame is None or survey.frame.counts_are == "shares" or not frame:
        return None
    return int(sum(next(iter(frame.values())).values()))
