"""wave.yaml: the round that an export holds."""

from __future__ import annotations

from datetime import date

from wavedeck.inspect.filters import partial_values
from wavedeck.inspect.profile import Profile
from wavedeck.new.yamltext import comment, flow_list, scalar


def wave_text(profile: Profile, title: str, today: date) -> str:
    """The text of wave.yaml."""
    lines = comment(f"One round of the survey, drafted from {profile.workbook} by `wavedeck new`.")
    lines += [f"title: {scalar(title)}", f"workbook: {scalar(profile.workbook)}"]
    if profile.dates:
        start, end = profile.dates[0].date(), profile.dates[1].date()
        lines.append("# the first and the last submission")
    else:
        start = end = today
        lines += comment("UNSURE: the export holds no dates; this is the day of the draft")
    lines += [
        "fieldwork:",
        f"  start: {start.isoformat()}",
        f"  end: {end.isoformat()}",
        "# the report's date, which documents carry",
        f"published: {max(today, end).isoformat()}",
        *_exclusions(profile),
    ]
    return "\n".join(lines) + "\n"


def _exclusions(profile: Profile) -> list[str]:
    lines = []
    if profile.below:
        lines += [
            "  - kind: rows",
            f"    first: {profile.below.first}",
            f"    last: {profile.below.last}",
            "    # what stands in the first of them; other rows there stop the wave",
            f"    begins: {scalar(' '.join(profile.below.begins.split())[:80])}",
            "    reason: Below the answers, no response",
        ]
    for column, texts, reason in profile.leave_out:
        lines += [
            "  - kind: value",
            f"    column: {scalar(column.name)}",
            f"    values: {flow_list(texts)}",
            f"    reason: {reason}",
        ]
    partial = [
        (aside.column, values)
        for aside in profile.asides
        if aside.role == "status" and (values := partial_values(aside))
    ]
    hints = []
    for column, values in partial:
        hints += [
            "  # To leave out unfinished responses:",
            "  # - kind: value",
            f"  #   column: {scalar(column.name)}",
            f"  #   values: {flow_list(values)}",
            "  #   reason: Not finished",
        ]
    if lines:
        return ["exclusions:", *lines, *hints]
    if hints:
        return ["# exclusions:", *[line.replace("  #", "#  ", 1) for line in hints]]
    return []
