"""Responses that are not to count: tests, screen-outs, refused consent; and what to tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from wavedeck.clean.text import match_key, tidy
from wavedeck.compose.privacy import flags
from wavedeck.inspect.apart import is_apart
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Aside, Column, QuestionGuess
from wavedeck.inspect.texts import dates_in, without_zone

_NOT_COUNTED = re.compile(
    r"(?:survey )?(?:preview|test)|spam|.*screen(?:ed)?[ -]?out.*|disqualified.*|over ?quota"
    r"|quota ?full"
    r"|deleted|rejected|terminated|ineligible|bot|offline survey test|_status_rejected|1"
    r"|not approved",
    re.I,
)
_PARTIAL = re.compile(
    r"partial.*|in ?complete|started|in progress|not (?:completed?|finished)|false|0|no"
    r"|unvollständig|timed? ?out|abandoned|dropped? ?out|suspended",
    re.I,
)
_CONSENT = re.compile(
    r"\bconsent\b|\bi agree to (?:take part|participate)|einwilligung|agree to (?:the use"
    r"|take part|participate)|willing to (?:take part|participate)|happy to (?:take part"
    r"|proceed|continue)|(?:agree|accept)\b.*privacy (?:notice|policy|statement)",
    re.I,
)
_LATER = re.compile(
    r"follow(?:ing)?[ -]?up|further|future|\bagain\b|contacted|contact you|focus group|\bpanel\b"
    r"|photo|quot|newsletter|mailing|satisf",
    re.I,
)
"""Consent to something else than the survey, or a question about consent."""
_REFUSED = re.compile(
    r"no\b.*|(?:i )?(?:do not|don't|decline|refuse|disagree).*|nein\b.*|non\b.*|not? (?:consent"
    r"|agree).*",
    re.I,
)


def left_out(status: Sequence[Aside]) -> list[tuple[Column, list[str], str]]:
    """(column, texts, reason) of tests, previews and screen-outs, by the tool's own status."""
    found = []
    for aside in status:
        if aside.role not in ("status", "other"):
            continue
        texts = [
            label
            for label in tally(aside.column.times())
            if _NOT_COUNTED.fullmatch(match_key(label)) and match_key(label) != "1"
        ]
        named = re.search(r"status|type|outcome|disposition", aside.column.name, re.I)
        if texts and named:
            reason = "A test, a preview or screened out, as the tool says"
            found.append((aside.column, texts, reason))
    return found


def everybody(rules: Sequence[tuple[Column, list[str], str]], count: int) -> bool:
    """Whether the rules would leave nobody."""
    out = [False] * count
    for column, texts, _ in rules:
        keys = {match_key(text) for text in texts}
        out = [o or match_key(v or "") in keys for o, v in zip(out, column.values, strict=True)]
    return bool(rules) and all(out)


def refused(questions: Sequence[QuestionGuess]) -> list[tuple[Column, list[str], str]]:
    """(column, texts, reason) of those who did not consent."""
    found = []
    for question in questions[:6]:
        if question.kind != "single" or not _CONSENT.search(question.text):
            continue
        column = question.columns[0]
        counts = tally(column.times())
        if _LATER.search(question.text) or len(counts) > 3:
            continue
        texts = [t for t in counts if _REFUSED.fullmatch(match_key(t)) and not is_apart(t)]
        if texts:
            found.append((column, texts, "Did not consent"))
    return found


def status_notes(asides: Sequence[Aside], rows: int) -> list[str]:
    """What statuses say about partial answers."""
    notes = []
    for aside in asides:
        if aside.role == "status":
            counts = tally(aside.column.times())
            partial = {
                label: n for label, n in counts.items() if _PARTIAL.fullmatch(match_key(label))
            }
            if partial:
                shown = ", ".join(f"{n} '{label}'" for label, n in partial.items())
                notes.append(
                    f"{shown} of {rows} by '{aside.column.name}': they are kept, each question "
                    "has its own base. To leave them out, take the # off in wave.yaml"
                )
    return notes


def unsubmitted_note(submitted: Column | None, tool: str) -> str:
    """LimeSurvey gives unfinished responses no submission date."""
    if submitted is None:
        return ""
    without = sum(not (value or "").strip() for value in submitted.values)
    if not without:
        return ""
    why = " (unfinished, as LimeSurvey writes them)" if tool == "LimeSurvey" else ""
    return (
        f"{without} of {len(submitted.values)} responses have no '{submitted.name}'{why}: they are "
        "kept, each question has its own base"
    )


def flagged(questions: Sequence[QuestionGuess]) -> str:
    """A note when free text holds what looks like a person's name, email or telephone number."""
    columns = [q.columns[0] for q in questions if q.kind == "text"]
    columns += [q.other for q in questions if q.other]
    found = [(flags(a), times) for column in columns for a, times in column.times().items()]
    kinds = sorted({flag.partition(":")[0] for entry, _ in found for flag in entry})
    count = sum(times for entry, times in found if entry)
    if not count:
        return ""
    return (
        f"{count} answers in free text look as if they held a person's {' or '.join(kinds)}: no "
        "answer is published before comments.xlsx says so"
    )


def partial_values(aside: Aside) -> list[str]:
    """Texts of a status column that mean an unfinished response."""
    counts = tally(aside.column.times())
    return [label for label in counts if _PARTIAL.fullmatch(match_key(label))]


def moments_of(column: Column | None) -> list[datetime]:
    """The dates of a column, from first to last; what is no date is passed over."""
    if column is None:
        return []
    answers = [without_zone(tidy(answer)) for answer in column.answers()]
    found = dates_in(answers)
    if found is None:
        found = [date for answer in answers for date in dates_in([answer]) or []]
    return sorted(found)


def waves_in(column: Column | None) -> str:
    """A note when submissions fall into rounds more than half a year apart."""
    moments = moments_of(column)
    gaps = [(a, b) for a, b in pairwise(moments) if (b - a).days > 180]
    if not gaps or len(moments) < 6:
        return ""
    before, after = gaps[0]
    return (
        f"nothing was submitted between {before:%d %B %Y} and {after:%d %B %Y}: two waves in one "
        "file? If so, save each in a workbook of its own"
    )
