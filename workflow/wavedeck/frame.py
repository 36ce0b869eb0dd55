"""The population: how much of it is in each category of a margin, by a list or by counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.margins import Margin, margins_of
from wavedeck.survey import Frame, Survey
from wavedeck.survey.population import categories_of, is_whole, parts_of
from wavedeck.workbook import column_letter, read_sheet

FrameCounts = Mapping[str, Mapping[str, float]]
"""Margin -> category -> organisations (or persons) of the population, or shares of it; categories
in the order of the margin, those that the population has."""

Joint = Sequence[tuple[Mapping[str, str], float]]
"""Rows of a list or table: question -> option, and how many organisations the row stands for."""


def frame_counts(frames: Path, survey: Survey) -> FrameCounts:
    """The population by every margin of `margins_of`, from the list in the folder `frames` or from
    the counts in survey.yaml. Raises WavedeckError with all that is wrong with either."""
    if survey.frame is None:
        return {}
    if survey.frame.counts:
        return declared_counts(survey)
    return read_frame(frames / survey.frame.workbook, survey)


def declared_counts(survey: Survey) -> FrameCounts:
    """The counts of survey.yaml by every margin; a margin that is not given by itself is added up
    from one that crosses it."""
    assert survey.frame is not None
    _check_totals(survey.frame)
    joints: dict[tuple[str, ...], Joint] = {}
    for declared, counts in survey.frame.counts.items():
        questions = parts_of(declared)
        joints[questions] = [
            (dict(zip(questions, parts_of(cell), strict=True)), count)
            for cell, count in counts.items()
        ]
    found = {}
    for margin in margins_of(survey):
        own = [q for q in joints if set(margin.questions) <= set(q)]
        found[margin.name] = _counts(margin, joints[min(own, key=len)])
    return found


def _check_totals(frame: Frame) -> None:
    """Counts of one population have one total."""
    if frame.counts_are == "shares":
        return
    (first, total), *others = ((name, sum(c.values())) for name, c in frame.counts.items())
    problems = [
        Problem(
            f"survey.yaml, frame, counts of '{name}'",
            f"they add up to {other:,}",
            expected=f"{total:,}, as those of '{first}': both count the same population",
            remedy="look for a category that is missing or stands twice; where the sources round,"
            " declare 'counts_are: shares'",
        )
        for name, other in others
        if other != total
    ]
    if problems:
        raise WavedeckError(*problems)


def _counts(margin: Margin, joint: Joint) -> dict[str, float]:
    category = {cell: c.name for c in margin.categories for cell in c.cells}
    summed: dict[str, list[float]] = {c.name: [] for c in margin.categories}
    for options, count in joint:
        summed[category[tuple(options[q] for q in margin.questions)]].append(count)
    # Whole numbers stay whole; the order of shares does not change their sum.
    totals = {
        name: math.fsum(v) if any(isinstance(n, float) for n in v) else sum(v)
        for name, v in summed.items()
    }
    return {name: total for name, total in totals.items() if total}


def read_frame(path: Path, survey: Survey) -> FrameCounts:
    """Count the list's organisations by every margin of `margins_of`. Raises WavedeckError with
    every unreadable cell."""
    listed = read_list(path, survey)
    return {margin.name: _counts(margin, listed.joint) for margin in margins_of(survey)}


@dataclass(frozen=True)
class FrameList:
    """The list as read: what each row is, and how many organisations it stands for."""

    rows: list[int]
    """Row numbers of the sheet."""
    options: Mapping[str, list[str]]
    """For each question, the option of each row."""
    letters: Mapping[str, str]
    """For each question, the column it stands in."""
    counts: list[float]

    @property
    def joint(self) -> Joint:
        questions, columns = list(self.options), zip(*self.options.values(), strict=True)
        return [
            (dict(zip(questions, row, strict=True)), count)
            for row, count in zip(columns, self.counts, strict=True)
        ]

    def cells(self, margin: Margin, category: str) -> list[str]:
        """Cells such as C5 that put a row into a category."""
        wanted = {cell for c in margin.categories if c.name == category for cell in c.cells}
        columns = zip(*(self.options[question] for question in margin.questions), strict=True)
        return [
            f"{self.letters[question]}{number}"
            for number, row, count in zip(self.rows, columns, self.counts, strict=True)
            if row in wanted and count
            for question in margin.questions
        ]


def read_list(path: Path, survey: Survey) -> FrameList:
    """Read the list of the population.

    The first row of the sheet holds the headers, each further row is an organisation, or as many
    as its `count` says; a row without any value is passed over. Raises WavedeckError with every
    unreadable cell.
    """
    if survey.frame is None:
        raise ValueError("the survey has no frame")
    rows = read_sheet(path, survey.frame.sheet).rows
    place = f"{path}, sheet '{survey.frame.sheet}'"
    header = [_text(cell) for cell in rows[0]] if rows else []
    positions = _positions(header, survey.frame, place)
    problems: list[Problem] = []
    filled = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(map(_text, row))]
    if not filled:
        raise WavedeckError(
            Problem(place, "no organisation stands under the headers", expected="one row each")
        )

    def cells_of(column: str) -> list[tuple[str, object]]:
        position = positions[column]
        letter = column_letter(position)
        what = header[position]
        return [(f"{place}, cell {letter}{n} ({what})", row[position]) for n, row in filled]

    options = {
        question: _options_of(cells_of(column), survey, question, problems)
        for question, column in survey.frame.columns.items()
    }
    counts: list[float] = [1] * len(filled)
    shares = survey.frame.counts_are == "shares"
    if survey.frame.count:
        counts = _numbers_of(cells_of(survey.frame.count), shares, problems)
    if problems:
        raise WavedeckError(*problems)
    total = math.fsum(counts)
    if not total or (shares and not is_whole(total)):
        raise WavedeckError(
            Problem(
                f"{place}, column '{survey.frame.count}'" if survey.frame.count else place,
                f"the numbers add up to {total:.10g}",
                expected="about 1 or 100" if total else "more than 0",
                remedy="look for rows that are missing; or declare 'counts_are: numbers'",
            )
        )
    letters = {q: column_letter(positions[c]) for q, c in survey.frame.columns.items()}
    return FrameList([number for number, _ in filled], options, letters, counts)


def _options_of(
    cells: Sequence[tuple[str, object]], survey: Survey, question: str, problems: list[Problem]
) -> list[str]:
    """The option that each cell of a column names."""
    options, outside = _options(survey, question), survey.outside_frame.get(question, [])
    labels = [survey.scale_of(question).label(o) for o in categories_of(survey, question)]
    found = []
    for cell, value in cells:
        text = _text(value)
        option = options.get(text.casefold())
        found.append(option or "")
        if not text:
            problems.append(
                Problem(cell, "the cell is empty", listing(labels), remedy="fill it in")
            )
        elif option is None:
            problems.append(
                Problem(
                    cell,
                    f"'{text}' is not an option of '{question}'",
                    expected=listing(labels),
                    nearest=nearest(text, labels),
                    remedy="mend the cell, or add the text to the option's aliases in survey.yaml",
                )
            )
        elif option in outside:
            problems.append(
                Problem(
                    cell,
                    f"'{text}' is outside the frame by 'outside_frame' in survey.yaml",
                    expected=listing(labels),
                    remedy="take the row out of the frame, or the option out of outside_frame",
                )
            )
    return found


def _numbers_of(
    cells: Sequence[tuple[str, object]], shares: bool, problems: list[Problem]
) -> list[float]:
    """How many organisations each row stands for: whole numbers, or shares."""
    found: list[float] = []
    for cell, value in cells:
        text = _text(value)
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        good = math.isfinite(number) and number >= 0 and (shares or number.is_integer())
        found.append(number if shares else int(number) if good else 0)
        if not good:
            problems.append(
                Problem(
                    cell,
                    f"'{text}' is not a {'share' if shares else 'whole number'}",
                    expected="a number from 0 on"
                    + ("" if shares else ", written in full; or 'counts_are: shares'"),
                    remedy="mend the cell",
                )
            )
    return found


def _positions(header: list[str], frame: Frame, place: str) -> dict[str, int]:
    """Position of each column that is read."""
    problems: list[Problem] = []
    wanted = {column: f"the margin '{margin}'" for margin, column in frame.columns.items()}
    if frame.count:
        wanted[frame.count] = "how many a row stands for"
    for column, what in wanted.items():
        times = header.count(_text(column))
        if times == 1:
            continue
        found = [name for name in header if name]
        problems.append(
            Problem(
                f"{place}, row 1",
                f"there is no column '{column}' ({what})"
                if times == 0
                else f"the column '{column}' stands here {times} times",
                expected=listing(found) if found else "headers in row 1",
                nearest=nearest(column, found) if times == 0 else "",
                remedy="rename the column, or mend 'columns' under 'frame' in survey.yaml"
                if times == 0
                else "keep one of them",
            )
        )
    if problems:
        raise WavedeckError(*problems)
    return {column: header.index(_text(column)) for column in wanted}


def _options(survey: Survey, margin: str) -> dict[str, str]:
    """Option by folded label or alias. Options that mean no answer are no category."""
    return {
        _text(text).casefold(): name
        for name, option in survey.scale_of(margin).options.items()
        if not option.missing
        for text in (option.label, *option.aliases)
    }


def _text(cell: object) -> str:
    """A cell's text, with runs of blanks (of any kind) as one space; 7, not 7.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())
