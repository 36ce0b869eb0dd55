"""Columns of the data sheet: their answers, and the question and row that their headers tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.headers import Names
from wavedeck.inspect.profile import Column
from wavedeck.inspect.sheets import Table
from wavedeck.inspect.texts import heading, without_skips
from wavedeck.workbook import column_letter

_CODED = (
    # Q5_1, Q5_1_TEXT, q5[SQ001], q5/option, Q5.1, Q5a
    re.compile(r"(?P<stem>[A-Za-z]+\w*?)\[(?P<item>[^\]]+)\](?:\[(?P<second>[^\]]+)\])?"),
    re.compile(r"(?P<stem>.*[^/])/(?P<item>[^/]+)"),
    re.compile(r"(?P<stem>[A-Za-z]+\d+(?:\.\d+)?)[_.](?P<item>\d+(?:_TEXT)?|TEXT|other)", re.I),
    re.compile(r"(?P<stem>[A-Za-z][A-Za-z]*_?\d+)(?P<item>[a-z])"),
    re.compile(r"(?P<stem>[A-Za-z]\w*?)_(?P<item>\d{1,3})"),
)
_BRACKETED = re.compile(r"(?P<stem>.+?)\s*\[(?P<item>[^\[\]]+(?:\[[^\]]*\][^\[\]]*)?)\]")
_DASHED = re.compile(r"\s+[-–—]\s+(?:Selected Choice\s*[-–—]?\s*)?|\s*[:|]\s+")


def columns_of(table: Table, labels: Mapping[str, str]) -> list[Column]:
    """Every named column. `labels`: questions by the match key of a column's name."""
    found = []
    for index, names in enumerate(table.names):
        if not names.name:
            continue
        values, types = [], []
        for number in table.rows:
            row, kinds = table.raw.rows[number - 1], table.raw.types[number - 1]
            values.append(row[index] if index < len(row) else None)
            types.append(kinds[index] if index < len(kinds) else "empty")
        stem, item = _parts(names, labels)
        code = names.code
        base = re.sub(r" \[\d+\]$", "", names.name)
        if not code and not re.search(r"\s", base):
            code = base
        found.append(
            Column(index, column_letter(index), names.name, stem, item, code, values, types)
        )
    _split_dashes(found)
    _split_codes(found)
    return found


def _parts(names: Names, labels: Mapping[str, str]) -> tuple[str, str]:
    if names.lower and names.lower != names.upper:
        return names.upper, without_skips(names.lower)
    text = labels.get(match_key(names.code or names.name), "") or names.upper
    text = heading(re.sub(r" \[\d+\]$", "", text) if text == names.name else text)
    if (match := _BRACKETED.fullmatch(text)) and " " in text:
        return match["stem"].rstrip(" :"), without_skips(match["item"])
    return text, ""


def _split_dashes(columns: Sequence[Column]) -> None:
    """'Question - row': only where neighbours share what stands before the dash."""
    cuts = {}
    for column in columns:
        if not column.item:
            cuts[column.index] = [
                (column.stem[: match.start()], column.stem[match.end() :])
                for match in _DASHED.finditer(column.stem)
                if match.end() < len(column.stem)
            ]
    shared = Counter(match_key(stem) for parts in cuts.values() for stem, _ in set(parts))
    for column in columns:
        fitting = [
            (stem, item)
            for stem, item in cuts.get(column.index, [])
            if shared[match_key(stem)] >= 2 and len(stem) >= 4
        ]
        if fitting:
            # The longest shared beginning: 'Work - pay - satisfied' splits at the last shared dash.
            stem, item = max(fitting, key=lambda parts: (shared[match_key(parts[0])], len(parts[0])))
            column.stem, column.item = stem, without_skips(item)


def _split_codes(columns: Sequence[Column]) -> None:
    """'Q5_1', 'Q5[SQ001]', 'group/question/option': where neighbours share the first part."""
    found = {}
    for column in columns:
        if column.item or not column.code:
            continue
        for pattern in _CODED:
            if match := pattern.fullmatch(column.code):
                found[column.index] = (match["stem"], match["item"])
                break
    stems = Counter(stem for stem, _ in found.values())
    for column in columns:
        stem, item = found.get(column.index, ("", ""))
        if stem and stems[stem] >= 2:
            if column.stem == heading(column.code):
                column.stem, column.item = stem, item
            else:
                # The header's text is of the row, its code of the question.
                column.item, column.stem = column.stem, stem


def groups_of(columns: Sequence[Column]) -> list[list[Column]]:
    """Neighbours that share a question; a column of its own is a group of one."""
    found: list[list[Column]] = []
    for column in columns:
        last = found[-1] if found else None
        if last and column.item and last[-1].item and _same(last[-1], column):
            last.append(column)
        else:
            found.append([column])
    return found


def _same(one: Column, other: Column) -> bool:
    return match_key(one.stem) == match_key(other.stem) and bool(tidy(one.stem))
