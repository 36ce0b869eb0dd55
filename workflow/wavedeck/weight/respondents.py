"""Who is to be weighted: respondents, the organisation of each, and what it is by each margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wavedeck.errors import Problem, WavedeckError, listing
from wavedeck.survey import Survey

Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

_MOST = 40
"""Organisations that a message about disagreement goes through one by one."""


@dataclass(frozen=True)
class Respondents:
    """n respondents of m organisations; where the export names none, each is one of its own."""

    keys: pa.ChunkedArray
    """(n,) workbook sha256, sheet and row."""
    rows: Ints
    """(n,) row of the export."""
    organisation: Ints
    """(n,) number of each one's organisation, in order of appearance."""
    organisations: Sequence[str]
    """(m,) names; ids of responses where each is an organisation of its own."""
    codes: Mapping[str, NDArray[np.integer]]
    """(n,) codes of each question that weighting reads."""

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def from_table(cls, table: pa.Table, survey: Survey) -> Respondents:
        """From answers.parquet. Raises WavedeckError where an organisation has no name."""
        import pyarrow.compute as compute

        rows = table["row"].to_numpy()
        names = table["organisation"].combine_chunks()
        if survey.export.columns.organisation:
            trimmed = compute.fill_null(compute.utf8_trim_whitespace(names), "")
            encoded = trimmed.dictionary_encode()
            organisation = encoded.indices.to_numpy().astype(np.intp)
            organisations = encoded.dictionary.to_pylist()
            if "" in organisations:
                nameless = np.flatnonzero(organisation == organisations.index(""))
                raise WavedeckError(
                    Problem(
                        in_export(rows, nameless),
                        "no organisation is named, so that none can count once",
                        remedy="fill the cell in a corrected export, or leave the response out by"
                        " a rule in wave.yaml",
                    )
                )
        else:
            organisation, organisations = np.arange(len(rows)), names
        codes = {name: table[name].to_numpy() for name in questions_of(survey)}
        return cls(table["respondent"], rows, organisation, organisations, codes)


def questions_of(survey: Survey) -> list[str]:
    """Questions whose answers weighting reads; none in a survey that is not weighted."""
    if survey.weighting is None or survey.frame is None:
        return []
    return list(dict.fromkeys([*survey.frame.questions, *survey.outside_frame]))


def check_answers(people: Respondents, survey: Survey) -> None:
    """Every respondent must be placed by each question, and those of an organisation alike."""
    problems: list[Problem] = []
    for name, codes in people.codes.items():
        options = survey.scale_of(name).options
        missing = np.flatnonzero((codes < 1) | (codes > len(options)))
        if len(missing):
            found = ", ".join(str(code) for code in np.unique(codes[missing]))
            problems.append(
                Problem(
                    in_export(people.rows, missing),
                    f"no value for '{name}' ({survey.questions[name].text}), which weighting needs"
                    f" (code {found})",
                    expected=listing([option.label for option in options.values()]),
                    remedy="fill the cell in a corrected export, or leave the response out by a"
                    " rule in wave.yaml",
                )
            )
    problems = problems or list(_disagreements(people, survey))
    if problems:
        raise WavedeckError(*problems)


def _disagreements(people: Respondents, survey: Survey) -> Iterable[Problem]:
    """Organisations whose respondents do not agree about what it is."""
    organisation = people.organisation
    first = np.unique(organisation, return_index=True)[1]
    for name, codes in people.codes.items():
        labels = [option.label for option in survey.scale_of(name).options.values()]
        differing = np.unique(organisation[codes != codes[first][organisation]])
        for group in differing[:_MOST]:
            members = np.flatnonzero(organisation == group)
            said = "; ".join(
                f"'{labels[code - 1]}' in {_numbers(people.rows[members[codes[members] == code]])}"
                for code in np.unique(codes[members])
            )
            yield Problem(
                in_export(people.rows, members),
                f"respondents of '{people.organisations[group]}' disagree about"
                f" '{name}' ({survey.questions[name].text}): {said}",
                expected="one value an organisation",
                remedy="mend the wrong rows in a corrected export",
            )
        if len(differing) > _MOST:
            yield Problem(
                f"weighting, '{name}'",
                f"respondents of {len(differing) - _MOST:,} more {survey.organisations} disagree",
                remedy="is the column of organisations the right one?",
            )


def in_frame(people: Respondents, survey: Survey) -> Mask:
    """(n,) whether each one's organisation is of the population."""
    outside = np.zeros(len(people), dtype=bool)
    for name, options in survey.outside_frame.items():
        order = list(survey.scale_of(name).options)
        outside |= np.isin(people.codes[name], [order.index(option) + 1 for option in options])
    return ~outside


def in_export(rows: NDArray[np.integer], positions: Ints) -> str:
    """'weighting, rows 5 and 8 of the export'."""
    return f"weighting, {_numbers(rows[positions])} of the export"


def _numbers(rows: NDArray[np.integer]) -> str:
    """'row 5', 'rows 5, 8 and 9'."""
    numbers = [str(row) for row in rows[:12]]
    if len(rows) == 1:
        return f"row {numbers[0]}"
    if len(rows) > 12:
        return f"rows {', '.join(numbers)} and {len(rows) - 12:,} more"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"
