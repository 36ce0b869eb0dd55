"""Which responses count: ids, organisations, exclusions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wavedeck.answers import DONT_KNOW
from wavedeck.clean.text import match_key, tidy
from wavedeck.clean.work import Work
from wavedeck.errors import Problem, nearest
from wavedeck.masks import CHOSEN
from wavedeck.survey import (
    ExcludeDuplicate,
    ExcludeIncomplete,
    ExcludeRows,
    ExcludeValue,
    MultiQuestion,
    SingleQuestion,
    Survey,
)
from wavedeck.survey.keys import answer_keys


def response_ids(work: Work) -> list[str]:
    """The tool's id of each response, or 'row 12' where the export has none."""
    column = work.cells.find("@response")
    if column is None:
        return [f"row {row}" for row in work.cells.rows]
    return [tidy(raw or "") for raw in column.values]


def refuse_bad_ids(work: Work) -> None:
    """Responses without an id of their own are problems."""
    column = work.cells.find("@response")
    if column is None:
        return
    first: dict[str, int] = {}
    for index in work.kept_rows():
        response = work.responses[index]
        if not response:
            work.problem(
                column,
                index,
                "the response has no id",
                f"an id in '{column.header}'",
                "",
                "are these rows answers? Delete notes and totals below the data in a copy of "
                "the export",
            )
        elif response in first:
            work.problem(
                column,
                index,
                f"the response id '{response}' stands on row {first[response]} too",
                "an id of its own for each response",
                "",
                "delete the row that was copied, in a copy of the export",
            )
        first.setdefault(response, work.cells.rows[index])


def rows_left_out(exclusion: ExcludeRows, work: Work) -> np.ndarray:
    """Rows that are no responses, by number; the first must begin as the exclusion says."""
    rows = np.array(work.cells.rows)
    out = (rows >= exclusion.first) & (rows <= exclusion.last)
    texts = [
        (column, column.values[index])
        for index in np.flatnonzero(rows == exclusion.first)
        for column in work.cells.columns
        if column.values[index]
    ]
    begins = match_key(exclusion.begins)
    if not texts or not match_key(texts[0][1] or "").startswith(begins):
        found = f"begins with {texts[0][1]!r}" if texts else "is empty"
        work.problems.append(
            Problem(
                f"wave.yaml, exclusions, row {exclusion.first} of {work.cells.workbook}",
                f"the row {found}",
                expected=f"{exclusion.begins!r}, as the exclusion of rows says",
                remedy="has the export changed? Give the rows below its answers, or take the "
                "exclusion out",
            )
        )
        return np.zeros(len(rows), dtype=bool)
    for index in np.flatnonzero(out):
        column = next((c for c in work.cells.columns if c.values[index]), work.cells.columns[0])
        work.change(column, int(index), "exclude_rows", "(row left out)", exclusion.reason)
    return out


def organisations_of(work: Work) -> list[str]:
    """The tidied organisation of each response; every kept one needs one.

    Where the export has no such column, each response is an organisation of its own.
    """
    column = work.cells.find("@organisation")
    if column is None:
        return list(work.responses)
    texts = [tidy(raw or "") for raw in column.values]
    for index in work.kept_rows():
        if texts[index] and texts[index] != column.values[index]:
            work.change(column, index, "spaces", texts[index])
        if not texts[index]:
            work.problem(
                column,
                index,
                "the response has no organisation",
                f"a value in '{column.header}'",
                "",
                "complete the cell in a copy of the export, or exclude the response",
            )
    return texts


def excluded(exclusion: ExcludeValue | ExcludeDuplicate, work: Work) -> np.ndarray:
    names = [exclusion.column] if isinstance(exclusion, ExcludeValue) else exclusion.columns
    headers = {tidy(column.header): column for column in work.cells.columns}
    unknown = [name for name in names if tidy(name) not in headers]
    work.problems += [
        Problem(
            "wave.yaml, exclusions",
            f"there is no column '{name}' in the codebook that is read",
            nearest=nearest(tidy(name), headers),
            remedy="mend the header in wave.yaml; contact columns are never read",
        )
        for name in unknown
    ]
    out = np.zeros(len(work.kept), dtype=bool)
    if unknown:
        return out
    columns = [headers[tidy(name)] for name in names]
    keys = list(zip(*([match_key(raw or "") for raw in c.values] for c in columns), strict=True))
    if isinstance(exclusion, ExcludeValue):
        values = {match_key(value) for value in exclusion.values}
        out = np.array([key[0] in values for key in keys]) & work.kept
    else:
        seen: set[tuple[str, ...]] = set()
        candidates = [index for index in work.kept_rows() if all(keys[index])]
        for place in candidates if exclusion.keep == "first" else reversed(candidates):
            out[place] = keys[place] in seen
            seen.add(keys[place])
    for index in np.flatnonzero(out):
        rule = f"exclude_{exclusion.kind}"
        work.change(columns[-1], int(index), rule, "(response left out)", exclusion.reason)
    return out


def incomplete(
    exclusion: ExcludeIncomplete, codes: Mapping[str, np.ndarray], survey: Survey, work: Work
) -> np.ndarray:
    # Don't know (-3) is an answer of a kind; silence and nonsense are not.
    answered = np.zeros(len(work.kept), dtype=int)
    for name, question in survey.questions.items():
        keys = answer_keys(survey, name)
        if (isinstance(question, SingleQuestion) and question.required) or not keys:
            continue  # filled in by the team or the tool, so no sign of effort; or open text
        several = isinstance(question, MultiQuestion)
        own = [codes[key] == CHOSEN if several else codes[key] > 0 for key in keys]
        own += [codes[key] == DONT_KNOW for key in keys]
        answered += np.any(own, axis=0)
    out = np.asarray((answered < exclusion.minimum_answered) & work.kept)
    column = work.cells.find("@response") or work.cells.columns[0]
    for index in np.flatnonzero(out):
        reason = f"{exclusion.reason} ({answered[index]} answered)"
        work.change(column, int(index), "exclude_incomplete", "(response left out)", reason)
    return out
