"""A workbook nobody has described -> its profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from wavedeck.clean.text import match_key
from wavedeck.errors import Problem, WavedeckError, listing
from wavedeck.inspect import filters
from wavedeck.inspect.columns import columns_of, groups_of
from wavedeck.inspect.groups import Found, questions_of, same_scale_neighbours
from wavedeck.inspect.profile import Aside, Column, Guess, Profile, QuestionGuess
from wavedeck.inspect.read import read
from wavedeck.inspect.roles import asides_of, organisation_in
from wavedeck.inspect.sheets import Raw, Table, is_summary, tables_of
from wavedeck.inspect.tools import tool_of
from wavedeck.inspect.values import Descriptions, describe


def inspect(path: Path, sheet: str = "") -> Profile:
    """Read a workbook and tell what it holds. `sheet`: the one with the answers, where the guess
    was wrong. Raises WavedeckError for what is no workbook and for one without answers."""
    return profile_of(path.name, read(path), sheet, str(path))


def profile_of(workbook: str, raws: Sequence[Raw], sheet: str = "", where: str = "") -> Profile:
    """The profile of sheets that were read."""
    tables = tables_of([raw for raw in raws if not sheet or raw.name == sheet])
    if not tables:
        raise WavedeckError(_no_table(where or workbook, raws, sheet))
    table = tables[0]
    if is_summary(table):
        raise WavedeckError(_summary(where or workbook, table))
    names = [entry.code or entry.name for entry in table.names]
    described = describe(raws, table.raw.name, [*names, *(n.name for n in table.names)])
    columns = columns_of(table, described.labels)
    if not columns:
        raise WavedeckError(_no_table(where or workbook, raws, sheet))
    asides = asides_of(columns)
    aside_columns = {aside.column.index for aside in asides}
    found: Found = []
    for group in groups_of([c for c in columns if c.index not in aside_columns]):
        found += questions_of(group, described.values)
    found = same_scale_neighbours(_drop_joined_twins(found))
    questions = [guess for guess in found if isinstance(guess, QuestionGuess)]
    if not questions:
        raise WavedeckError(
            Problem(
                f"{where or workbook}, sheet '{table.raw.name}'",
                f"no column looks like a question: {listing([c.name for c in columns])}",
                expected="one row a response, one column a question",
                remedy="is this the right sheet? Name another with --sheet",
            )
        )
    asides += [guess for guess in found if isinstance(guess, Aside)]
    asides = _organisation(columns, questions, sorted(asides, key=lambda a: a.column.index))
    submitted = next((a.column for a in asides if a.role == "submitted"), None)
    moments = filters.moments_of(submitted)
    tool, reason = tool_of(table, columns, [raw.name for raw in raws])
    profile = Profile(
        workbook, table.raw.name, tool, reason, table.header, len(table.rows), table.rows,
        columns, questions, asides, table.below, (moments[0], moments[-1]) if moments else None,
        moments[len(moments) // 2].year if moments else None,
    )  # fmt: skip
    profile.leave_out = filters.left_out(asides) + filters.refused(questions)
    if filters.everybody(profile.leave_out, profile.responses):
        profile.leave_out = []
    profile.notes = _notes(table, tables, raws, described, profile, submitted)
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


def _notes(
    table: Table,
    tables: Sequence[Table],
    raws: Sequence[Raw],
    described: Descriptions,
    profile: Profile,
    submitted: Column | None,
) -> list[str]:
    notes = []
    others = [raw.name for raw in raws if raw.name != table.raw.name]
    if described.sheets:
        notes.append(f"labels were read from {listing(described.sheets)}")
    keys = {match_key(entry.name) for entry in table.names if entry.name}
    for other in tables[1:]:
        shared = keys & {match_key(entry.name) for entry in other.names if entry.name}
        if len(shared) >= 0.6 * len(keys) and other.raw.name not in described.sheets:
            notes.append(
                f"the sheet '{other.raw.name}' has the same columns and {len(other.rows)} rows: "
                "another wave? It is not read; make it a wave of its own with --sheet"
            )
            others.remove(other.raw.name)
    rest = [name for name in others if name not in described.sheets]
    if rest:
        notes.append(f"not read: {listing(rest)}")
    notes += [f"the sheet '{raw.name}' cannot be read: {raw.unread}" for raw in raws if raw.unread]
    hidden = sorted(set(table.raw.hidden_rows) & set(table.rows))
    if hidden:
        notes.append(
            f"{len(hidden)} of {len(table.rows)} rows are hidden (a filter?); they are read like "
            "all others"
        )
    if table.below:
        notes.append(
            f"rows {table.below.first} to {table.below.last} are no answers "
            f"('{table.below.begins[:60]}' …): wave.yaml leaves them out"
        )
    if flagged := filters.flagged(profile.questions):
        notes.append(flagged)
    if note := filters.waves_in(submitted):
        notes.append(note)
    if note := filters.unsubmitted_note(submitted, profile.tool):
        notes.append(note)
    coded = [q for q in profile.questions if re.fullmatch(r"[A-Za-z]{1,4}_?\d+\w*", q.text)]
    if len(coded) > 0.5 * len(profile.questions):
        notes.append(
            "columns are named by codes alone: put the questions' words into survey.yaml (text:, "
            "label:), or export again with the full question text"
        )
    notes += filters.status_notes(profile.asides, profile.responses)
    for column, texts, reason in profile.leave_out:
        keys_of = {match_key(text) for text in texts}
        count = sum(match_key(answer) in keys_of for answer in column.answers())
        responses = "response is" if count == 1 else "responses are"
        notes.append(f"{count} {responses} left out by '{column.name}': {reason.lower()}")
    organisation = profile.with_role("organisation")
    if organisation:
        answers = organisation[0].answers()
        several = len(answers) - len({match_key(a) for a in answers})
        if several:
            notes.append(
                f"'{organisation[0].name}' holds organisations; {several} answers are further ones "
                "of an organisation that has answered already. Each answer counts"
            )
    long = [c.name for c in profile.columns if any(len(a) >= 32_767 for a in c.answers())]
    if long:
        notes.append(
            f"a text of 32,767 characters, the most a cell holds, may be cut: {listing(long)}"
        )
    return notes


def _no_table(where: str, raws: Sequence[Raw], sheet: str) -> Problem:
    names = [raw.name for raw in raws]
    if sheet and sheet not in names:
        return Problem(
            where,
            f"there is no sheet '{sheet}'; the workbook has {listing(names)}",
            remedy="mend --sheet",
        )
    return Problem(
        where,
        f"no sheet holds a header and answers below it (sheets: {listing(names)})",
        expected="one row a response, one column a question",
        remedy="export the individual responses, not a report",
    )


def _summary(where: str, table: Table) -> Problem:
    return Problem(
        f"{where}, sheet '{table.raw.name}'",
        "this sheet counts answers; it does not hold the responses",
        expected="one row a response, one column a question",
        remedy="in the survey tool, export all individual responses as Excel",
    )
