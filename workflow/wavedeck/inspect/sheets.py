"""The sheets of a workbook: which one holds the answers, and which of its rows are answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.headers import Names, find_header, names_of
from wavedeck.inspect.profile import Below, Header
from wavedeck.inspect.texts import dates_in, whole

_RAW = re.compile(
    r"raw|data|daten|response|réponse|respuesta|antwort|form|sheet0|export|results", re.I
)
_NOT_RAW = re.compile(
    r"summary|pivot|chart|graph|lookup|value|label|codebook|variable|dictionary|notes?|readme|"
    r"guide|frequenc|crosstab|analysis|table",
    re.I,
)
_TOTALS = re.compile(
    r"(?:grand )?totals?\b|averages?\b|means?\b|counts?\b|sum\b|n ?=|base\b|source\b|notes?\b|"
    r"% |percent|number of|median|summary|durchschnitt|summe|moyenne|total general",
    re.I,
)


@dataclass(frozen=True)
class Raw:
    """A sheet as texts. rows[0] is row 1; types go with them."""

    name: str
    rows: list[list[str | None]]
    types: list[list[str]]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    """Areas of merged cells, such as "C5:C7"."""
    unread: str = ""
    """Why the sheet cannot be read."""


@dataclass(frozen=True)
class Table:
    """A sheet with its header and the rows that are answers."""

    raw: Raw
    header: Header
    names: list[Names]
    rows: list[int]
    """Row numbers of answers, from 1."""
    below: Below | None

    def has_values(self, index: int) -> bool:
        """Whether a column holds anything below the header, answers or not."""
        last = self.header.first + self.header.rows - 1
        return any(index < len(row) and row[index] for row in self.raw.rows[last:])

    @property
    def filled(self) -> int:
        return sum(bool(cell) for number in self.rows for cell in self.raw.rows[number - 1])


def tables_of(raws: Sequence[Raw]) -> list[Table]:
    """Every sheet that looks like a table with a header, the likeliest answers first."""
    found = [table for raw in raws if (table := _table(raw))]
    return sorted(found, key=_score, reverse=True)


def _score(table: Table) -> float:
    score = table.filled * min(1.0, len(table.names) / 4)
    if _RAW.search(table.raw.name):
        score *= 1.5
    if _NOT_RAW.search(table.raw.name) and not re.search(r"raw|response", table.raw.name, re.I):
        score *= 0.3
    if any(name.name in ("_parent_index", "_parent_table_name") for name in table.names):
        score *= 0.02  # repeats of KoboToolbox: several rows a response
    if table.raw.hidden:
        score *= 0.5
    if is_summary(table):
        score *= 0.05
    return score


def is_summary(table: Table) -> bool:
    """Whether the sheet counts answers rather than listing responses."""
    cells = {match_key(cell) for row in table.raw.rows[:12] for cell in row if cell}
    return bool(
        cells & {"answer choices", "response percent", "response count", "row labels"}
        or {"choice count", "%"} <= cells
    )


def same_columns(table: Table, others: Sequence[Table]) -> list[Table]:
    """Sheets with (nearly) the columns of the answers' sheet, such as another wave."""
    keys = {match_key(entry.name) for entry in table.names if entry.name}
    return [
        other
        for other in others
        if len(keys & {match_key(entry.name) for entry in other.names if entry.name})
        >= 0.6 * len(keys)
    ]


def _table(raw: Raw) -> Table | None:
    header = find_header(raw.rows)
    if header is None:
        return None
    start = header.first - 1 + header.rows
    width = max((len(row) for row in raw.rows), default=0)
    names = names_of(raw.rows, header, width)
    rows = [number for number in range(start + 1, len(raw.rows) + 1) if any(raw.rows[number - 1])]
    if not rows:
        return None
    rows, below = _without_notes(raw, names, rows)
    return Table(raw, header, names, rows, below)


def _without_notes(
    raw: Raw, names: Sequence[Names], rows: list[int]
) -> tuple[list[int], Below | None]:
    """The rows that are answers, and the block of notes and totals under them, if there is one.

    What is below counts as notes when the columns that every answer fills (an id, a time) are
    empty or of another kind there, or when it is sparse and stands behind a gap.
    """
    named = [index for index, name in enumerate(names) if name.name]
    sizes = {n: sum(bool(_at(raw, n, index)) for index in named) for n in rows}
    usual = median(sizes.values())
    steady: list[tuple[int, str]] = []
    seen: dict[int, set[str]] = {}
    usual_kinds: dict[int, Counter[str]] = {}
    for index in named:
        cells = [_at(raw, number, index) for number in rows]
        times = Counter(filter(None, cells))
        kinds = {cell: _kind(cell) for cell in times}
        usual_kinds[index] = Counter()
        for cell, count in times.items():
            usual_kinds[index][kinds[cell]] += count
        if kind := _steady(cells, kinds, usual_kinds[index]):
            steady.append((index, kind))
        if (common := _repeated(times)) is not None:
            seen[index] = common
    notes_from = len(rows)
    for place in range(len(rows) - 1, 0, -1):
        number = rows[place]
        texts = [cell for cell in raw.rows[number - 1] if cell]
        behind_gap = any(b - a > 1 for a, b in pairwise(rows[:notes_from]))
        broken = bool(steady) and all(
            not _same_kind(raw, number, index, kind) for index, kind in steady
        )
        totals = bool(texts) and bool(_TOTALS.match(tidy(texts[0])))
        sparse = sizes[number] <= max(2, 0.35 * usual)
        if _belongs(raw, number, seen, usual_kinds):
            note = False
        elif steady:
            note = broken and (sparse or totals or behind_gap)
        else:
            strange = _strange(raw, number, seen) or _of_another_kind(raw, number, usual_kinds)
            strange |= sparse and usual >= 4
            note = (totals and sparse) or (behind_gap and strange)
        if not note:
            break
        notes_from = place
    if notes_from == len(rows):
        return rows, None
    first, last = rows[notes_from], rows[-1]
    begins = next((cell for cell in raw.rows[first - 1] if cell), "")
    return rows[:notes_from], Below(first, last, begins)


def _repeated(times: Mapping[str, int]) -> set[str] | None:
    """The values of a column whose values repeat, such as answers on offer; None for others."""
    found = Counter[str]()
    for cell, count in times.items():
        found[match_key(cell)] += count
    common = {value for value, count in found.items() if count > 1}
    repeated = sum(found[value] for value in common) >= 0.7 * found.total()
    return common if repeated else None


def _belongs(
    raw: Raw, number: int, seen: dict[int, set[str]], usual: dict[int, Counter[str]]
) -> bool:
    """Whether a row, however sparse, holds an answer on offer and nothing that is no answer."""
    known = False
    for index, kinds in usual.items():
        if not (cell := _at(raw, number, index)):
            continue
        if index in seen and match_key(cell) not in seen[index]:
            return False
        if kinds[_kind(cell)] < 0.5 * kinds.total():
            return False
        known |= index in seen
    return known


def _of_another_kind(raw: Raw, number: int, usual: dict[int, Counter[str]]) -> bool:
    """Whether a row holds a number or a date where (nearly) all others hold words."""
    return any(
        _kind(_at(raw, number, index)) in ("number", "date")
        and kinds["text"] >= max(3, 0.8 * kinds.total())
        for index, kinds in usual.items()
    )


def _strange(raw: Raw, number: int, seen: dict[int, set[str]]) -> bool:
    """Whether a row holds none of the answers on offer."""
    cells = {index: cell for index in seen if (cell := _at(raw, number, index))}
    return bool(seen) and all(match_key(cell) not in seen[index] for index, cell in cells.items())


def _at(raw: Raw, number: int, index: int) -> str | None:
    row = raw.rows[number - 1]
    return row[index] if index < len(row) else None


def _steady(cells: Sequence[str | None], kinds: Mapping[str, str], usual: Mapping[str, int]) -> str:
    """The kind of a column that (nearly) every row fills with the same kind of thing: an id, a
    time; "" for others."""
    half = max(1, len(cells) // 2)
    for kind in ("date", "number"):
        if usual.get(kind, 0) < 0.8 * len(cells):
            continue
        if any(not cell or kinds[cell] != kind for cell in cells[:half]):
            continue
        if kind == "date" or len(set(cells)) >= 0.95 * len(cells):
            return kind
    return ""


def _same_kind(raw: Raw, number: int, index: int, kind: str) -> bool:
    return _kind(_at(raw, number, index)) == kind


def _kind(cell: str | None) -> str:
    if not cell:
        return ""
    if whole(cell) is not None:
        return "number"
    return "date" if dates_in([cell]) else "text"
