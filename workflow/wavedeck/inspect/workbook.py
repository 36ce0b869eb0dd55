"""A workbook nobody has described -> its profile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from wavedeck.clean.text import match_key
from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.headers import Heading, twice
from wavedeck.inspect import filters
from wavedeck.inspect.columns import columns_of, groups_of
from wavedeck.inspect.further import join
from wavedeck.inspect.grids import same_scale_neighbours
from wavedeck.inspect.groups import questions_of
from wavedeck.inspect.notes import response_notes, sheet_notes
from wavedeck.inspect.profile import Aside, Column, Found, Guess, Profile, QuestionGuess
from wavedeck.inspect.read import read
from wavedeck.inspect.roles import asides_of, organisation_in, role_named
from wavedeck.inspect.sheets import Raw, Table, is_summary, same_columns, tables_of
from wavedeck.inspect.tools import tool_of
from wavedeck.inspect.values import describe


def inspect(path: Path, sheet: str = "") -> Profile:
    """Read a workbook and tell what it holds. `sheet`: the one with the answers, where the guess
    was wrong. Raises WavedeckError for what is no workbook and for one without answers."""
    return profile_of(path.name, read(path), sheet, str(path))


def profile_of(workbook: str, raws: Sequence[Raw], sheet: str = "", where: str = "") -> Profile:
    """The profile of sheets that were read."""
    tables = tables_of(raws)
    table = next((table for table in tables if table.raw.name == sheet or not sheet), None)
    if table is None:
        raise WavedeckError(_no_table(where or workbook, raws, sheet))
    rest = [other for other in tables if other is not table]
    if is_summary(table):
        raise WavedeckError(_summary(where or workbook, table))
    names = [entry.code or entry.name for entry in table.names]
    described = describe(raws, table.raw.name, [*names, *(n.name for n in table.names)])
    columns = columns_of(table, described.labels)
    if not columns:
        raise WavedeckError(_no_table(where or workbook, raws, sheet))
    _refuse_twins(columns, table, where or workbook)
    asides = asides_of(columns)
    again = same_columns(table, rest)
    others = [t for t in rest if t not in again and t.raw.name not in described.sheets]
    response = next((aside.column for aside in asides if aside.role == "response"), None)
    joined = join(others, response, described.labels, len(table.names))
    asides += joined.asides
    aside_columns = {aside.column.index for aside in asides}
    found: Found = []
    for part in (columns, *joined.columns):
        guesses: Found = []
        for group in groups_of([c for c in part if c.index not in aside_columns]):
            guesses += questions_of(group, described.values)
        found += same_scale_neighbours(_drop_joined_twins(guesses))
    questions = [guess for guess in found if isinstance(guess, QuestionGuess)]
    asides += [guess for guess in found if isinstance(guess, Aside)]
    if not questions:
        raise WavedeckError(_no_question(f"{where or workbook}, sheet '{table.raw.name}'", asides))
    asides = _organisation(columns, questions, sorted(asides, key=lambda a: a.column.index))
    submitted = next((a.column for a in asides if a.role == "submitted"), None)
    moments = filters.moments_of(submitted)
    tool, reason = tool_of(table, columns, [raw.name for raw in raws])
    every = [*columns, *chain.from_iterable(joined.columns)]
    profile = Profile(
        workbook, table.raw.name, tool, reason, table.header, len(table.rows), table.rows,
        every, questions, asides, table.below, (moments[0], moments[-1]) if moments else None,
        joined.sheets, moments[len(moments) // 2].year if moments else None,
    )  # fmt: skip
    profile.leave_out = filters.left_out(asides) + filters.refused(questions)
    if filters.everybody(profile.leave_out, profile.responses):
        profile.leave_out = []
    used = [*described.sheets, *(further.sheet for further in joined.sheets)]
    profile.notes = [
        *([f"labels were read from {listing(described.sheets)}"] if described.sheets else []),
        *sheet_notes(raws, table, again, joined.refused, used),
        *response_notes(profile, submitted),
    ]
    return profile


def _drop_joined_twins(found: Found) -> Found:
    """KoboToolbox gives several choices as a cell and as 0/1 columns: the cell is set aside."""
    spread = {
        match_key(guess.columns[0].stem)
        for guess in found
        if isinstance(guess, QuestionGuess) and guess.kind == "multi_spread"
    }
    result: Found = []
    for guess in found:
        if (
            isinstance(guess, QuestionGuess)
            and len(guess.columns) == 1
            and not guess.columns[0].item
            and spread & {match_key(guess.columns[0].name), match_key(guess.columns[0].stem)}
        ):
            reason = "the same answers as in columns of their own, joined in one cell"
            result.append(Aside(guess.columns[0], "other", Guess("sure", reason)))
        else:
            result.append(guess)
    return result


def _organisation(
    columns: Sequence[Column], questions: list[QuestionGuess], asides: list[Aside]
) -> list[Aside]:
    """A column with the organisation leaves the questions."""
    taken = {aside.column.index for aside in asides}
    column = organisation_in([c for c in columns if c.index not in taken])
    if column is None:
        return asides
    for question in list(questions):
        if question.columns == [column]:
            questions.remove(question)
            guess = Guess("likely", "its name; every response names one")
            return [*asides, Aside(column, "organisation", guess)]
    return asides


def _refuse_twins(columns: Sequence[Column], table: Table, where: str) -> None:
    """A header that reads like the number of another, as 'X [2]' beside X and X."""
    last = table.header.first + table.header.rows - 1
    headings = [Heading(column.name, table.raw.name, column.index, last) for column in columns]
    if problems := twice(headings, where):
        raise WavedeckError(*problems)


def _no_table(where: str, raws: Sequence[Raw], sheet: str) -> Problem:
    names = [raw.name for raw in raws]
    if sheet and sheet not in names:
        return Problem(
            where,
            f"there is no sheet '{sheet}'; the workbook has {listing(names)}",
            nearest=nearest(sheet, names),
            remedy="mend --sheet, or leave it out: the sheet is found by what it holds",
        )
    return Problem(
        where,
        f"no sheet holds a header and answers below it (sheets: {listing(names)})",
        expected="one row a response, one column a question",
        remedy="export the individual responses, not a report",
    )


def _no_question(where: str, asides: Sequence[Aside]) -> Problem:
    taken = [
        f"'{a.column.name[:60]}' ({role_named(a.role)}: {a.guess.reason})" for a in asides[:12]
    ]
    more = f" and {len(asides) - 12} more" if len(asides) > 12 else ""
    return Problem(
        where,
        f"no column looks like a question: {', '.join(taken)}{more}",
        expected="one row a response, one column a question",
        remedy="is this the right sheet? Name another with --sheet. If a question was taken for "
        "something else by its header, put the question's words there in a copy of the export",
    )


def _summary(where: str, table: Table) -> Problem:
    return Problem(
        f"{where}, sheet '{table.raw.name}'",
        "this sheet counts answers; it does not hold the responses",
        expected="one row a response, one column a question",
        remedy="in the survey tool, export all individual responses as Excel",
    )
