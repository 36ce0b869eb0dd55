"""Sheets that describe the data: what codes mean, and what columns ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.sheets import Raw

Values = Mapping[str, Mapping[str, str]]
"""Column (match key) -> code -> label."""


@dataclass
class Descriptions:
    """What other sheets say about the columns, by the match key of a column's name."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Column -> code -> label, in the sheet's order."""
    labels: dict[str, str] = field(default_factory=dict)
    """Column -> the question's text."""
    sheets: list[str] = field(default_factory=list)


def describe(raws: Sequence[Raw], data: str, names: Sequence[str]) -> Descriptions:
    """Read every other sheet as a list of values or of labels, where it fits the columns' names."""
    found = Descriptions()
    keys = {match_key(name) for name in names if name}
    for raw in raws:
        if raw.name == data:
            continue
        if _values(raw, keys, found) or _labels(raw, keys, found):
            found.sheets.append(raw.name)
    return found


def _cells(row: Sequence[str | None]) -> list[str]:
    return [tidy(cell or "") for cell in row]


def _values(raw: Raw, keys: set[str], found: Descriptions) -> bool:
    """Rows of variable (held down), code, label, somewhere side by side."""
    width = max((len(row) for row in raw.rows), default=0)
    for start in range(max(0, width - 2)):
        values: dict[str, dict[str, str]] = {}
        current, rows, unknown = "", 0, 0
        for row in raw.rows:
            cells = _cells(row) + [""] * 3
            name, code, label = cells[start : start + 3]
            if match_key(name) in keys:
                current = match_key(name)
            elif name:
                current, unknown = "", unknown + 1
            if current and code and label:
                values.setdefault(current, {})[code] = label
                rows += 1
        if rows >= 2 and any(len(options) > 1 for options in values.values()) and rows >= unknown:
            for name, options in values.items():
                found.values.setdefault(name, options)
            return True
    return False


def _labels(raw: Raw, keys: set[str], found: Descriptions) -> bool:
    """Rows of variable and its text; a position may stand between them."""
    width = max((len(row) for row in raw.rows), default=0)
    for start in range(width):
        rows = [_cells(row) for row in raw.rows]
        named = [row for row in rows if start < len(row) and match_key(row[start]) in keys]
        if len(named) < max(2, 0.3 * len(keys)):
            continue
        texts = {match_key(row[start]): max(row[start + 1 :], key=len, default="") for row in named}
        if sum(" " in text for text in texts.values()) >= 0.5 * len(texts):
            for name, text in texts.items():
                if text:
                    found.labels.setdefault(name, text)
            return True
    return False
