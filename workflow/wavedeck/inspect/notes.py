"""What a person should know about a workbook nobody has described."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from wavedeck.clean.text import match_key
from wavedeck.errors import listing
from wavedeck.headers import nameless
from wavedeck.inspect import filters
from wavedeck.inspect.allotted import allotted_notes
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Column, Profile
from wavedeck.inspect.roles import names_a_response
from wavedeck.inspect.sheets import Raw, Table
from wavedeck.inspect.texts import given_in, is_missing_mark
from wavedeck.workbook import column_letter

_WORD = re.compile(r"\w")


def sheet_notes(
    raws: Sequence[Raw],
    table: Table,
    again: Sequence[Table],
    refused: Mapping[str, str],
    used: Collection[str],
) -> list[str]:
    """Of the sheets: which are not read, and what is hidden. `again`: those with the columns of the
    answers'; `refused`: those that cannot be joined, and why; `used`: those that were read."""
    notes = [f"the sheet '{sheet}' is not read: {why}" for sheet, why in refused.items()]
    notes += [
        f"the sheet '{other.raw.name}' has the same columns and {len(other.rows)} rows: "
        "another wave? It is not read; make it a wave of its own with --sheet"
        for other in again
        if other.raw.name not in used
    ]
    told = {table.raw.name, *(other.raw.name for other in again), *refused, *used}
    if rest := [raw for raw in raws if raw.name not in told]:
        names = [f"{raw.name}' (hidden)" if raw.hidden else f"{raw.name}'" for raw in rest]
        notes.append("not read: " + ", ".join(f"'{name}" for name in names))
    notes += [f"the sheet '{raw.name}' cannot be read: {raw.unread}" for raw in raws if raw.unread]
    hidden = sorted(set(table.raw.hidden_rows) & set(table.rows))
    if hidden:
        notes.append(
            f"{len(hidden)} of {len(table.rows)} rows are hidden (a filter?); they are read like "
            "all others"
        )
    named = {column_letter(place) for place, name in enumerate(table.names) if name.name}
    if columns := sorted(named & set(table.raw.hidden_columns), key=lambda c: (len(c), c)):
        count = "column is" if len(columns) == 1 else "columns are"
        notes.append(f"{len(columns)} {count} hidden ({listing(columns)}): read like all others")
    rows = set(table.rows)
    merged = [area for area in table.raw.merged if rows & set(_rows_of(area))]
    if merged:
        notes.append(
            f"cells are merged among the answers ({listing(merged)}): only the first of each holds "
            "its answer, the others count as no answer. If the answer is all of theirs, unmerge "
            "and fill them in a copy of the export"
        )
    header = table.header
    if header.rows > 1 and header.guess.confidence != "sure":
        last = header.first + header.rows - 1
        begins = next((cell for cell in table.raw.rows[last - 1] if cell), "")
        notes.append(
            f"rows {header.first} to {last} are taken for the header ({header.guess.reason}). If "
            f"row {last} ('{begins[:40]}' …) is an answer, say so in survey.yaml (export: header: "
            f"{{rows: {header.rows - 1}}}), as it is lost otherwise"
        )
    if table.below:
        notes.append(
            f"rows {table.below.first} to {table.below.last} are no answers "
            f"('{table.below.begins[:60]}' …): wave.yaml leaves them out"
        )
    return notes


def _rows_of(area: str) -> range:
    """The rows of an area such as 'C5:C7'."""
    first, last = (int(re.sub(r"\D", "", cell)) for cell in area.split(":"))
    return range(first, last + 1)


def response_notes(profile: Profile, submitted: Column | None) -> list[str]:
    """Of the answers: who is left out, what may be cut, what has no words."""
    notes = []
    if flagged := filters.flagged(profile.questions):
        notes.append(flagged)
    if note := filters.waves_in(submitted):
        notes.append(note)
    if note := filters.unsubmitted_note(submitted, profile.tool):
        notes.append(note)
    for column in profile.columns:
        if column.name == nameless(column.index) and (count := len(column.answers())):
            notes.append(
                f"column {column.letter} has no header and holds {count} values: it is not used. "
                "If it is a question, give it a header in a copy of the export"
            )
    notes += _repeated_ids(profile)
    if note := _marks_told(profile):
        notes.append(note)
    coded = [q for q in profile.questions if re.fullmatch(r"[A-Za-z]{1,4}_?\d+\w*", q.text)]
    if len(coded) > 0.5 * len(profile.questions):
        notes.append(
            "columns are named by codes alone: put the questions' words into survey.yaml (text:, "
            "label:), or export again with the full question text"
        )
    notes += allotted_notes(profile.questions)
    notes += filters.status_notes(profile.asides, profile.responses)
    for column, texts, reason in profile.leave_out:
        keys_of = {match_key(text) for text in texts}
        count = sum(n for answer, n in column.times().items() if match_key(answer) in keys_of)
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
    long = [c.name for c in profile.columns if any(len(a) >= 32_767 for a in c.times())]
    if long:
        notes.append(
            f"a text of 32,767 characters, the most a cell holds, may be cut: {listing(long)}"
        )
    return notes


def _repeated_ids(profile: Profile) -> list[str]:
    """A column called like the id of a response, by which some rows are the same response."""
    if profile.with_role("response"):
        return []
    for column in profile.with_role("other"):
        places: dict[str, list[int]] = {}
        for row, value in zip(profile.rows, column.values, strict=True):
            if value and value.strip():
                places.setdefault(match_key(value), []).append(row)
        again = {name: rows for name, rows in places.items() if len(rows) > 1}
        # What few rows share is an id gone wrong; what all share is something else.
        if names_a_response(column) and 0 < len(again) <= 0.2 * len(places):
            name, rows = next(iter(again.items()))
            shown = ", ".join(map(str, rows[:6])) + (" …" if len(rows) > 6 else "")
            more = f", and {len(again) - 1} more" if len(again) > 1 else ""
            return [
                f"'{column.name}' is called like a response's id, and '{name}' stands in rows "
                f"{shown}{more}: the same response twice? Every row is read and counts, and the "
                "column is not used. To drop repeats, add an exclusion of kind: duplicate to "
                "wave.yaml"
            ]
    return []


def _marks_told(profile: Profile) -> str:
    """Words and codes that stand for no answer, which might have been answers on offer."""
    found: Counter[str] = Counter()
    amounts = {
        match_key(text): question.columns[0].name
        for question in profile.questions
        if question.kind == "number"
        for text in given_in(question.columns[0].times())
        if is_missing_mark(text)
    }
    for question in profile.questions:
        if question.kind in ("single", "grid", "number"):
            for column in question.columns:
                times = column.times()
                left = times.keys() - set(given_in(times))
                found.update({a: n for a, n in times.items() if a in left and _WORD.search(a)})
    told = [f"'{text}' ({times} times)" for text, times in tally(found).items()]
    if both := [text for text in found if match_key(text) in amounts]:
        where = amounts[match_key(both[0])]
        return (
            f"'{both[0]}' is an amount in '{where}' and looks like a code for no answer "
            "elsewhere: it counts as an answer everywhere; clear the code in a copy of the export"
        )
    if not told:
        return ""
    return (
        f"taken for no answer, and in no base: {', '.join(told)}. If one was an answer on offer, "
        "take it out of no_answer: in survey.yaml and make it an option"
    )
