"""The header rows of a sheet: where they begin, how many there are, and what they call a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wavedeck import headers, survey
from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.profile import Guess, Header
from wavedeck.inspect.texts import dates_in, heading, is_missing_mark, number_in

Row = Sequence[str | None]

_CODE = re.compile(r"(?:\d{1,3}_)?[A-Za-z_@$][\w.$@/\[\]:#-]{0,63}")
_OF_TOOLS = re.compile(
    r"(?:start|end|recorded)date|responseid|submitdate|startlanguage|lastpage|record_id|_uuid"
    r"|_submission_time|respondent_?id",
    re.I,
)
_SECOND = re.compile(
    r"response|open-ended response|other \(please specify\)|specify|antwort|réponse|respuesta", re.I
)
_MOST_TITLES = 12
"""Rows with titles and notes that may stand above a header."""


@dataclass(frozen=True)
class Names:
    """What the header calls each column."""

    name: str
    """As the codebook calls it."""
    upper: str
    """The question's text, or the whole header."""
    lower: str
    """The row's or option's text under it."""
    code: str


def find_header(rows: Sequence[Row]) -> Header | None:
    """The header of a sheet; None when the sheet has no table. `rows[0]` is row 1."""
    filled = [sum(bool(cell) for cell in row) for row in rows]
    wide = max(filled[: _MOST_TITLES + 40], default=0)
    if wide == 0:
        return None
    first = _first_row(filled, wide)
    if first is None:
        return None
    for count in (3, 2):
        guess = _is_header(rows, first, count)
        if guess:
            names = _naming(rows[first : first + count])
            return Header(first + 1, count, names, guess)
    return Header(first + 1, 1, "joined", Guess("sure", "one row of names"))


def _first_row(filled: Sequence[int], wide: int) -> int | None:
    """Titles and notes above the table fill few cells; the header fills more, but an upper row of
    two may have gaps."""
    for index, count in enumerate(filled[: _MOST_TITLES + 1]):
        if count == 0:
            continue
        following = max(filled[index + 1 : index + 4], default=0)
        if count >= max(2, wide * 0.5) or wide == 1:
            return index
        # A sparse row is the upper of two only when the row right below is full.
        if count >= max(2, wide * 0.12) and index + 1 < len(filled):
            below = filled[index + 1]
            if below >= wide * 0.25 and following >= count:
                return index
    return next((index for index, count in enumerate(filled) if count), None)


def _is_header(rows: Sequence[Row], first: int, count: int) -> Guess | None:
    """Whether the table has `count` header rows."""
    if len(rows) < first + count:
        return None
    last = rows[first + count - 1]
    body = rows[first + count : first + count + 400]
    if count == 3:
        if sum('"ImportId"' in (cell or "") for cell in last) >= 2:
            return Guess("sure", "the third row holds the import ids of Qualtrics")
        return None if _is_header(rows, first, 2) is None else _scored(rows, first, 3, body)
    if sum('"ImportId"' in (cell or "") for cell in last) >= 2:
        return Guess("sure", "the second row holds the import ids of Qualtrics")
    return _scored(rows, first, count, body)


def _scored(rows: Sequence[Row], first: int, count: int, body: Sequence[Row]) -> Guess | None:
    """Weigh whether the last of `count` rows is a header or the first answer."""
    upper, last = rows[first + count - 2], rows[first + count - 1]
    filled = [index for index, cell in enumerate(last) if cell]
    if not filled:
        return None
    under_gaps = typed = again = second = texts = long = alike = apart = 0
    for index in filled:
        cell = last[index] or ""
        above = upper[index] if index < len(upper) else None
        below = [row[index] for row in body if index < len(row) and row[index]]
        different = {tidy(value or "") for value in below}
        plain = number_in(cell) is None and dates_in([cell]) is None
        texts += plain
        spacious = len(cell) > 25 and " " in cell.strip()
        long += spacious
        alike += spacious and _as_long(cell, below)
        apart += _on_offer(below) and tidy(cell) not in different
        second += bool(_SECOND.fullmatch(tidy(cell)))
        own = len(different) == 1 and tidy(cell).endswith(next(iter(different)))
        if not above and plain and (not below or own or _ticks(different)):
            under_gaps += 1
        elif plain and below and not is_missing_mark(cell) and _typed(below):
            typed += 1
        if tidy(cell) in different and len(different) > 1:
            again += 1
    codes = sum(bool(_CODE.fullmatch(tidy(cell or ""))) for cell in upper if cell)
    all_codes = codes >= 0.9 * sum(bool(cell) for cell in upper)
    # Answers repeat: a row whose cells stand again below is an answer.
    if again > max(1, (under_gaps + typed + second) * 0.5):
        return None
    if second >= 1 and texts == len(filled):
        return Guess("sure", "the second row says 'Response' or holds options")
    if under_gaps >= 2 and texts >= 0.9 * len(filled):
        return Guess("likely", "the row above has gaps that the row below names")
    of_tools = sum(bool(_OF_TOOLS.fullmatch(tidy(cell or ""))) for cell in upper)
    questions = long >= max(1, 0.4 * len(filled))
    questions &= of_tools >= 2 or apart >= 2 or 2 * alike <= long
    if all_codes and questions and texts >= 0.9 * len(filled):
        return Guess("likely", "short codes above, questions below")
    spaced = sum(" " in (last[index] or "").strip() for index in filled)
    words = spaced >= 0.5 * len(filled) and (of_tools >= 2 or apart >= max(1, 0.25 * len(filled)))
    if all_codes and again == 0 and texts == len(filled) and words:
        return Guess("likely", "short codes above, words below")
    if typed >= max(1, 0.15 * len(filled)) and texts == len(filled):
        return Guess("likely", "text above columns of numbers or dates")
    return None


def _as_long(cell: str, below: Sequence[str | None]) -> bool:
    """Whether a text stands over texts of its own length, as an answer in words does."""
    lengths = sorted(len(value) for value in below if value and not is_missing_mark(value))
    return bool(lengths) and lengths[len(lengths) // 2] > 0.5 * len(cell)


def _on_offer(values: Sequence[str | None]) -> bool:
    """Whether answers repeat enough to have been on offer."""
    times = Counter(tidy(value) for value in values if value and not is_missing_mark(value))
    return sum(n for n in times.values() if n > 1) >= max(3, 0.8 * times.total())


def _typed(values: Sequence[str | None]) -> bool:
    known = [value for value in values if value and not is_missing_mark(value)]
    if len(known) < 2:
        return False
    if sum(number_in(value) is not None for value in known) >= 0.8 * len(known):
        return True
    return dates_in(known[:20]) is not None


def _ticks(values: set[str]) -> bool:
    return {match_key(value) for value in values} <= {"1", "0", "yes", "no", "true", "false", "x"}


def _naming(rows: Sequence[Row]) -> Literal["joined"] | int:
    """The row that names the columns by itself, or 'joined'."""
    width = max(map(len, rows))
    for number, row in enumerate(rows, start=1):
        texts = [tidy(cell or "") for cell in row] + [""] * (width - len(row))
        used = [
            t
            for t, others in zip(texts, zip(*map(_padded(width), rows), strict=True), strict=True)
            if any(others)
        ]
        # Fields that a survey's makers add have names of their own, with spaces.
        codes = sum(bool(_CODE.fullmatch(text)) for text in used) >= 0.8 * len(used)
        if all(used) and len({match_key(t) for t in used}) == len(used) and codes:
            return number
    return "joined"


def _padded(width: int):  # type: ignore[no-untyped-def]
    return lambda row: [*row, *[None] * (width - len(row))]


def names_of(rows: Sequence[Row], header: Header, width: int) -> list[Names]:
    """What the header calls each column; "" for a column without a name.

    Names are those of ingest: see `wavedeck.headers`.
    """
    kept = rows[header.first - 1 : header.first - 1 + header.rows]
    padded = [[_line(row[i] if i < len(row) else None) for i in range(width)] for row in kept]
    called = headers.names_of(padded, survey.Header(rows=header.rows, names=header.names))
    called += [""] * (width - len(called))
    texts = _question_row(kept, header.names) if header.names != "joined" else None
    found = []
    for index, name in enumerate(called):
        if header.names != "joined":
            code = padded[header.names - 1][index]
            text = heading(padded[texts][index]) if texts is not None else ""
            found.append(Names(name, text or heading(code), "", code))
            continue
        base = re.sub(r" \[\d+\]$", "", name) if name not in padded[-1] else name
        lower = heading(padded[-1][index]) if header.rows > 1 else ""
        parts = base.split(headers.JOINT)
        if lower:
            parts = parts[:-1]
        uppers = [heading(part) for part in parts if part]
        upper = " ".join(dict.fromkeys(uppers))
        found.append(Names(name, upper or lower, lower if upper else "", ""))
    return found


def _line(cell: str | None) -> str:
    """A header cell on one line."""
    return " ".join((cell or "").split())


def _question_row(rows: Sequence[Row], names: int) -> int | None:
    """The row with the questions' texts beside a row of codes: the one with the longest texts that
    is not the tool's own."""
    others = [
        index
        for index, row in enumerate(rows)
        if index != names - 1 and sum('"ImportId"' in (cell or "") for cell in row) < 2
    ]
    return max(others, key=lambda i: sum(len(cell or "") for cell in rows[i]), default=None)
