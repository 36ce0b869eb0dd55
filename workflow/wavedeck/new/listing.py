"""What `new` says on the terminal."""

from __future__ import annotations

import textwrap
from collections import Counter

from wavedeck.inspect.profile import Profile
from wavedeck.inspect.roles import role_named
from wavedeck.layout import WaveFiles
from wavedeck.new.draft import Draft
from wavedeck.new.letters import letter_notes

_KINDS = {
    "single": "single choice",
    "grid": "grid",
    "multi_spread": "several choices, a column an option",
    "multi_joined": "several choices, joined in one cell",
    "ranking": "ranking",
    "ranking_places": "ranking, a column a place",
    "ranking_joined": "ranking, joined in one cell",
    "number": "number",
    "text": "free text",
}


def report(profile: Profile, place: WaveFiles, texts: Draft, added: bool) -> str:
    """The profile in words, what is unsure, and what to do next."""
    header = profile.header
    rows = (
        f"rows {header.first} to {header.first + header.rows - 1}"
        if header.rows > 1
        else f"row {header.first}"
    )
    tool = (
        f"made by {profile.tool} ({profile.tool_reason})"
        if profile.tool
        else "made by no tool that is known here"
    )
    lines = [
        f"{profile.workbook}: {tool}",
        f"  sheet '{profile.sheet}', header in {rows}, "
        f"{_counted(profile.responses, 'response')}, {_counted(len(profile.columns), 'column')}",
    ]
    lines += [
        f"  joined to it by '{further.response}': sheet '{further.sheet}', where "
        f"{further.responses} of them have a row"
        for further in profile.further
    ]
    kinds = Counter[str](question.kind for question in profile.questions)
    lines.append(f"{_counted(len(profile.questions), 'question')}:")
    lines += [f"  {kinds[kind]:>3} {words}" for kind, words in _KINDS.items() if kinds[kind]]
    for role in ("response", "organisation", "status", "submitted", "contact", "other"):
        names = [aside.column.name for aside in profile.asides if aside.role == role]
        if names:
            shown = ", ".join(f"'{name[:50]}'" for name in names[:6])
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            lines.append(f"  {role_named(role)}: {shown}{more}")
    notes = [*profile.notes, *letter_notes(texts.planned)]
    if notes:
        lines.append("Know that:")
        lines += [line for note in notes for line in _point(note)]
    unsure = [q for q in texts.planned if q.guess.guess.confidence == "unsure" or q.guess.notes]
    if unsure:
        lines.append("Look at (survey.yaml says why):")
        for question in unsure:
            guess = question.guess
            said = "; ".join([guess.guess.reason, *guess.notes])
            mark = "UNSURE " if guess.guess.confidence == "unsure" else ""
            lines += _point(f"{mark}{question.name} ({guess.text[:60]}): {said}")
    lines += [
        "Written:",
        f"  {place.team}/  survey.yaml, exhibits.yaml, deck.qmd.j2, comments.xlsx",
        f"  {place.raw}/  wave.yaml and the export, copied as it is, as '{profile.workbook}'",
    ]
    wave = f"{place.survey}/{place.wave}"
    if added:
        lines.append(f"  config.yaml  '{wave}' added to waves")
        lines.append("Now run:  snakemake")
    else:
        lines.append(f"Add this line under waves: in config.yaml, then run snakemake:\n  - {wave}")
    return "\n".join(lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _point(text: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent="  - ", subsequent_indent="    ")
