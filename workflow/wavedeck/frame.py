"""The population list: how many organisations of the frame are in each category of a margin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.survey import Frame, Survey
from wavedeck.workbook import column_letter, read_sheet

FrameCounts = Mapping[str, Mapping[str, int]]
"""Margin question -> option -> organisations of the frame, in the order of the scale."""


def read_frame(path: Path, survey: Survey) -> FrameCounts:
    """Count the frame's organisations by each column of `survey.frame`.

    The first row of the sheet holds the headers, each further row is an organisation; a row
    without any value is passed over. Raises WavedeckError with every unreadable cell.
    """
    if survey.frame is None:
        raise ValueError("the survey has no frame")
    rows = read_sheet(path, survey.frame.sheet).rows
    place = f"{path}, sheet '{survey.frame.sheet}'"
    header = [_text(cell) for cell in rows[0]] if rows else []
    positions = _positions(header, survey.frame, place)
    counts: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    organisations = [
        (number, row) for number, row in enumerate(rows[1:], start=2) if any(map(_text, row))
    ]
    if not organisations:
        raise WavedeckError(
            Problem(place, "no organisation stands under the headers", expected="one row each")
        )
    for margin, position in positions.items():
        options, outside = _options(survey, margin), survey.outside_frame.get(margin, [])
        found = dict.fromkeys(survey.scale_of(margin).options, 0)
        labels = [survey.scale_of(margin).label(name) for name in found if name not in outside]
        for number, row in organisations:
            cell = f"{place}, cell {column_letter(position)}{number} ({header[position]})"
            text = _text(row[position])
            option = options.get(text.casefold())
            if not text:
                problems.append(
                    Problem(cell, "the cell is empty", listing(labels), remedy="fill it in")
                )
            elif option is None:
                problems.append(
                    Problem(
                        cell,
                        f"'{text}' is not an option of '{margin}'",
                        expected=listing(labels),
                        nearest=nearest(text, labels),
                        remedy="mend the cell, or add the text to the option's aliases in"
                        " survey.yaml",
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
            else:
                found[option] += 1
        counts[margin] = {option: count for option, count in found.items() if count}
    if problems:
        raise WavedeckError(*problems)
    return counts


def _positions(header: list[str], frame: Frame, place: str) -> dict[str, int]:
    """Position of each margin's column."""
    problems: list[Problem] = []
    for margin, column in frame.columns.items():
        times = header.count(_text(column))
        if times == 1:
            continue
        found = [name for name in header if name]
        problems.append(
            Problem(
                f"{place}, row 1",
                f"there is no column '{column}' (the margin '{margin}')"
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
    return {margin: header.index(_text(column)) for margin, column in frame.columns.items()}


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
