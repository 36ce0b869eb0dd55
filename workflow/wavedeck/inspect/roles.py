"""Columns that describe the response rather than answer a question: id, time, status, contact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from wavedeck.clean.text import match_key, tidy
from wavedeck.headers import nameless
from wavedeck.inspect.called import (
    ORDINARY,
    ORGANISATION,
    OTHER,
    OTHER_CODES,
    RESPONSE,
    STATUS,
    SUBMITTED_ORDER,
    TIME,
    is_called,
    titles_of,
)
from wavedeck.inspect.contacts import contact_of
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Aside, Column, Guess, Role
from wavedeck.inspect.texts import dates_in, number_in, whole, without_zone

_ID_LIKE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z_-])[A-Za-z0-9_:.-]{4,80}")


def asides_of(columns: Sequence[Column]) -> list[Aside]:
    """Columns that are no questions, each with its role; at most one of each role but 'contact' and
    'other'."""
    count = len(columns[0].values) if columns else 0
    found: dict[int, Aside] = {}
    for column in columns:
        if guess := contact_of(column):
            found[column.index] = Aside(column, "contact", guess)
    for column in columns:
        if column.name == nameless(column.index):
            found.setdefault(column.index, Aside(column, "other", Guess("sure", "no header")))
    free = [column for column in columns if column.index not in found]
    if response := _response(free, count):
        found[response.column.index] = response
    times = [c for c in free if c.index not in found and _is_time(c)]
    if submitted := _submitted(times):
        guess = Guess("sure", "its name and its dates")
        found[submitted.index] = Aside(submitted, "submitted", guess)
    elif moment := _moment([c for c in free if c.index not in found]):
        found[moment.index] = Aside(moment, "submitted", Guess("likely", "days and times of day"))
    status = None
    for column in free:
        if column.index in found:
            continue
        if column in times:
            found[column.index] = Aside(column, "other", Guess("sure", "a time of the tool"))
        elif status is None and _is_status(column):
            status = column
            found[column.index] = Aside(column, "status", Guess("sure", "its name and few texts"))
        elif reason := _other(column, count):
            found[column.index] = Aside(column, "other", reason)
    return [found[index] for index in sorted(found)]


def organisation_in(columns: Sequence[Column]) -> Column | None:
    """A column that names the organisation a respondent speaks for, when every row fills it."""
    for column in columns:
        if any(ORGANISATION.fullmatch(name) for name in titles_of(column)):
            answers = column.answers()
            if len(answers) == len(column.values) and len(set(answers)) > max(12, len(answers) / 4):
                return column
    return None


def _response(columns: Sequence[Column], count: int) -> Aside | None:
    for column in columns:
        values = [tidy(value or "") for value in column.values]
        unique = all(values) and len(set(values)) == count
        if unique and is_called(column, RESPONSE) and not _is_time(column):
            return Aside(column, "response", Guess("sure", "its name, and no two are the same"))
    for column in columns[:3]:
        numbers = [whole(value or "") for value in column.values]
        if None not in numbers and count > 3 and len(set(numbers)) == count:
            given = [number for number in numbers if number is not None]
            if given == list(range(given[0], given[0] + count)):
                return Aside(column, "response", Guess("likely", "numbers that run on by one"))
    return None


def names_a_response(column: Column) -> bool:
    """Whether a column is called like the id of a response."""
    return is_called(column, RESPONSE)


def _is_time(column: Column) -> bool:
    if not is_called(column, TIME):
        return False
    times = _without_zones(column)
    return not times or dates_in(times) is not None or _mostly_dates(times)


def _without_zones(column: Column) -> Counter[str]:
    """The different answers of a column with their counts, without a time zone behind them."""
    found = Counter[str]()
    for answer, times in column.times().items():
        found[without_zone(answer)] += times
    return found


def _mostly_dates(times: Mapping[str, int]) -> bool:
    dates = sum(count for answer, count in times.items() if dates_in([answer]) is not None)
    return dates >= 0.9 * sum(times.values())


def _submitted(times: Sequence[Column]) -> Column | None:
    filled = [column for column in times if column.answers()]
    for pattern in SUBMITTED_ORDER:
        for column in filled:
            if is_called(column, pattern):
                return column
    return None


def _moment(columns: Sequence[Column]) -> Column | None:
    """A column that looks like a time stamp by what it holds, the likeliest by its name."""
    found = []
    for column in columns:
        times = _without_zones(column)
        if times.total() < max(1, 0.5 * len(column.values)) or not _mostly_dates(times):
            continue
        moments = [(date, n) for answer, n in times.items() for date in dates_in([answer]) or []]
        timed = sum(n for m, n in moments if (m.hour, m.minute, m.second) != (0, 0, 0))
        if timed >= 0.8 * sum(n for _, n in moments):
            found.append(column)
    for pattern in (r"submi|complet", r"time ?stamp|end|finish", r"date|time"):
        for column in found:
            if any(re.search(pattern, title, re.I) for title in titles_of(column)):
                return column
    return None


def _is_status(column: Column) -> bool:
    answers = column.answers() if is_called(column, STATUS) else []
    if not is_called(column, STATUS) or not answers:
        return False
    different = set(map(match_key, column.times()))
    return len(different) <= 12 and len(different) < max(2, len(answers))


def _other(column: Column, count: int) -> Guess | None:
    if is_called(column, ORDINARY):
        return None if _asked(column) else Guess("likely", "a column of the tool, by its name")
    if any(OTHER.fullmatch(title) or STATUS.fullmatch(title) for title in titles_of(column)):
        return Guess("sure", "a column of the tool, by its name")
    if column.code and OTHER_CODES.fullmatch(column.code) and _durations(column):
        return Guess("likely", "a time that the tool measured")
    if is_called(column, RESPONSE):
        return Guess("likely", "an id, by its name")
    if column.code and re.fullmatch(r"\w+_complete", column.code):
        return Guess("likely", "whether a form is complete, by its name")
    if count < 8 or len(column.times()) < count:
        return None  # ids are all different, and every row has one
    answers = column.answers()
    tokens = [tidy(answer) for answer in answers]
    codes = count >= 8 and len(set(tokens)) == count and all(map(_ID_LIKE.fullmatch, tokens))
    if codes and dates_in(tokens) is None:
        return Guess("likely", "a code of its own in every row: an id")
    numbers = [whole(answer) for answer in answers]
    if count >= 10 and len(answers) == count and None not in numbers:
        runs = [n for n in numbers if n is not None]
        if runs == list(range(runs[0], runs[0] + count)):
            return Guess("likely", "numbers that run on by one")
        large = sum(abs(number or 0) >= 1_000_000 for number in numbers) > 0.9 * count
        if large and len(set(numbers)) == count:
            return Guess("likely", "long numbers, no two the same: an id")
    return None


def _asked(column: Column) -> bool:
    """Whether a column holds a few different answers that repeat, as a question's does."""
    counts = tally(column.times())
    return 1 < len(counts) <= 15 and counts.total() >= 2.5 * len(counts)


def _durations(column: Column) -> bool:
    times = column.times()
    return bool(times) and all(number_in(answer) is not None for answer in times)


def role_named(role: Role) -> str:
    """The words for a role."""
    return {
        "response": "the response's id",
        "submitted": "when it was submitted",
        "status": "its status",
        "organisation": "the organisation",
        "contact": "contact, never read",
        "other": "not used",
    }[role]
