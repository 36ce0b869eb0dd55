"""What a person should know about a workbook nobody has described."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from wavedeck.clean.text import match_key
from wavedeck.errors import listing
from wavedeck.inspect import filters
from wavedeck.inspect.allotted import allotted_notes
from wavedeck.inspect.profile import Column, Profile
from wavedeck.inspect.sheets import Raw, Table


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
    if rest := [raw.name for raw in raws if raw.name not in told]:
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
    return notes


def response_notes(profile: Profile, submitted: Column | None) -> list[str]:
    """Of the answers: who is left out, what may be cut, what has no words."""
    notes = []
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
