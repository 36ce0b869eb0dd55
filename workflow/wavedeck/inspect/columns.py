"""Columns of the data sheet: their answers, and the question and row that their headers tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import TypeVar

from wavedeck.clean.text import match_key, tidy
from wavedeck.headers import nameless
from wavedeck.inspect.headers import Names
from wavedeck.inspect.profile import Column
from wavedeck.inspect.sheets import Table
from wavedeck.inspect.texts import heading, without_skips
from wavedeck.workbook import column_letter

T = TypeVar("T")

_CODED = (
    # Q5_1, Q5_1_TEXT, q5[SQ001], q5/option, Q5.1, Q5a
    re.compile(r"(?P<stem>[A-Za-z]+\w*?)\[(?P<item>[^\]]+)\](?:\[(?P<second>[^\]]+)\])?"),
    re.compile(r"(?P<stem>[A-Za-z]+\d+(?:\.\d+)?)[_.](?P<item>\d+(?:_TEXT)?|TEXT|other)", re.I),
    re.compile(r"(?P<stem>[A-Za-z][A-Za-z]*_?\d+)(?P<item>[a-z])"),
    re.compile(r"(?P<stem>[A-Za-z]\w*?)_(?P<item>\d{1,3})"),
)
_BOTH = re.compile(r"(?P<code>[A-Za-z]\w*(?:\[[^\]]+\])*)[.:] (?P<text>.*\S)")
_TICKS = re.compile(r"(?P<stem>[A-Za-z_]+?)_?(?P<item>\d{1,3})")
UNKNOWN_QUESTION = "Several choices"
"""Stands for the text of a question that the export does not hold."""
_CHOICES = re.compile(r"(?P<stem>.+?)\s*\(choice=(?P<item>.+)\)")
_UNDERSCORES = re.compile(r"(?P<stem>\w+?)___(?P<item>\w+)")
_ONE_ANSWER = re.compile(r"(?:open-ended )?response|antwort|réponse|respuesta", re.I)
"""What SurveyMonkey writes under a question with one column."""
_CHOICE = re.compile(r"\s+[-–]\s+Selected Choice$", re.I)
_BRACKETED = re.compile(r"(?P<stem>.+?)\s*\[(?P<item>[^\[\]]+(?:\[[^\]]*\][^\[\]]*)?)\]")
_DASHED = re.compile(r"\s+[-–—]\s+(?:Selected Choice\s*[-–—]?\s*)?|\s*[:|]\s+|\s*(?:>>|→|›)\s*")


def columns_of(table: Table, labels: Mapping[str, str]) -> list[Column]:
    """Every named column. `labels`: questions by the match key of a column's name."""
    found = []
    values, types = _cells_of(table)
    for index, names in enumerate(table.names):
        if not names.name:
            if table.has_values(index):
                found.append(_nameless(index, values[index], types[index]))
            continue
        stem, item = _parts(names, labels)
        stem = stem or item or f"Column {column_letter(index)}"  # an invisible header
        code = names.code
        base = re.sub(r" \[\d+\]$", "", names.name)
        if not code and not re.search(r"\s", base):
            code = base
        found.append(
            Column(
                index,
                column_letter(index),
                names.name,
                stem,
                item,
                code,
                values[index],
                types[index],
            )
        )
    _split_both(found)
    _split_paths(found)
    _split_choices(found)
    _split_dashes(found)
    _split_turned(found)
    _named_like_their_answers(found)
    _split_codes(found)
    return found


def _split_both(columns: Sequence[Column]) -> None:
    """'Q1[SQ001]. Question [Row]': code and text in one cell, as LimeSurvey can write them."""
    matches = {c.index: m for c in columns if not c.item and (m := _BOTH.fullmatch(c.stem))}
    every = {c.index: m for c in columns if (m := _BOTH.fullmatch(heading(c.name)))}
    coded = any("[" in match["code"] for match in every.values())
    own = any(match["code"] in ("id", "submitdate", "startlanguage") for match in every.values())
    if len(every) < 0.7 * len(columns) or not (coded or own):
        return
    for column in columns:
        if match := every.get(column.index) or matches.get(column.index):
            column.code = match["code"]
            parts = _BRACKETED.fullmatch(match["text"])
            column.stem = parts["stem"].rstrip(" :") if parts else match["text"]
            column.item = without_skips(parts["item"]) if parts else ""


def _split_paths(columns: Sequence[Column]) -> None:
    """'group/question/option' of KoboToolbox: an option where another column is the question, or
    where all that share the beginning hold nothing but 0 and 1."""
    names = {column.name for column in columns}
    paths = [column for column in columns if "/" in column.name and not column.item]
    ticked = Counter(c.name.rpartition("/")[0] for c in paths if _binary(c))
    shared = Counter(c.name.rpartition("/")[0] for c in paths)
    for column in paths:
        parts = column.name.split("/")
        starts = ["/".join(parts[:place]) for place in range(len(parts) - 1, 0, -1)]
        question = next((start for start in starts if start in names), "")
        if not question and ticked[starts[0]] == shared[starts[0]] >= 2:
            question = starts[0]
        if question:
            column.stem, column.item = heading(question), heading(column.name[len(question) + 1 :])
    of_kobo = any(name in names for name in ("_uuid", "_id", "_submission_time"))
    for column in columns:
        # 'Department/Team' by itself is a question and no path.
        grouped = of_kobo or shared[column.name.rpartition("/")[0]] >= 2
        if column in paths and not column.item and column.code and grouped:
            column.stem = heading(column.code.rpartition("/")[2].replace("_", " "))


def _split_choices(columns: Sequence[Column]) -> None:
    """'Question (choice=Option)' and 'question___1' of REDCap."""
    for column in columns:
        match = _CHOICES.fullmatch(column.stem) or _UNDERSCORES.fullmatch(column.code)
        if match and not column.item:
            column.stem, column.item = match["stem"], match["item"]


def _split_turned(columns: Sequence[Column]) -> None:
    """'Option:Question' of Alchemer: neighbours share what stands behind the colon."""
    cuts = {c.index: c.stem.partition(":") for c in columns if ":" in c.stem and not c.item}
    shared = Counter(match_key(behind) for _, _, behind in cuts.values())
    for column in columns:
        item, _, stem = cuts.get(column.index, ("", "", ""))
        if item.strip() and len(stem) > 8 and shared[match_key(stem)] >= 2:
            column.stem, column.item = tidy(stem), without_skips(tidy(item))


def _named_like_their_answers(columns: Sequence[Column]) -> None:
    """Columns whose only answer is their own header, as Typeform spreads options: neighbours are
    one question, whose text the export does not hold."""
    own = [
        not column.item
        and bool(column.times())
        and all(match_key(a) == match_key(column.stem) for a in column.times())
        for column in columns
    ]
    start = 0
    while start < len(columns):
        end = start
        while end < len(columns) and own[end]:
            end += 1
        if end - start >= 2:
            run = list(columns[start:end])
            if end < len(columns) and re.fullmatch(r"other\b.{0,20}", columns[end].stem, re.I):
                run.append(columns[end])
            for column in run:
                column.item, column.stem = column.stem, UNKNOWN_QUESTION
        start = end + 1


def _binary(column: Column) -> bool:
    marks = {"0", "1", "true", "false", "yes", "no"}
    return all(match_key(answer) in marks for answer in column.times())


def _cells_of(table: Table) -> tuple[list[list[str | None]], list[list[str]]]:
    """The values and the types of every column, one for each row that is an answer."""
    width = len(table.names)
    values = _turned([table.raw.rows[number - 1] for number in table.rows], None, width)
    return values, _turned([table.raw.types[number - 1] for number in table.rows], "empty", width)


def _turned(rows: Sequence[Sequence[T]], blank: T, width: int) -> list[list[T]]:
    """Rows, which may be short, as `width` columns."""
    columns = [list(cells) for cells in zip_longest(*rows, fillvalue=blank)]
    return columns[:width] + [[blank] * len(rows) for _ in range(width - len(columns))]


def _nameless(index: int, values: list[str | None], types: list[str]) -> Column:
    """A column with values and without a header."""
    return Column(index, column_letter(index), nameless(index), "", "", "", values, types)


def _parts(names: Names, labels: Mapping[str, str]) -> tuple[str, str]:
    if names.lower and names.lower != names.upper and not _ONE_ANSWER.fullmatch(names.lower):
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
        column.stem = _CHOICE.sub("", column.stem)
    for column in columns:
        if not column.item:
            cuts[column.index] = [
                (column.stem[: match.start()], column.stem[match.end() :])
                for match in _DASHED.finditer(column.stem)
                if match.end() < len(column.stem)
            ]
    shared = Counter(match_key(stem) for parts in cuts.values() for stem, _ in set(parts))
    # 'Question - Other - Text' belongs to the question that stands whole beside it.
    shared.update(match_key(column.stem) for column in columns if not column.item)
    for column in columns:
        fitting = [
            (stem, item)
            for stem, item in cuts.get(column.index, [])
            if shared[match_key(stem)] >= 2 and len(stem) >= 4
        ]
        if fitting:
            # The longest shared beginning: 'Work - pay - satisfied' splits at the last shared dash.
            stem, item = max(
                fitting, key=lambda parts: (shared[match_key(parts[0])], len(parts[0]))
            )
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
    for column in columns:
        match = None if column.index in found or column.item else _TICKS.fullmatch(column.code)
        if match and column.times() and _binary(column):
            found[column.index] = (match["stem"], match["item"])
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
        open_ = last and (last[-1].item or len(last) == 1)
        if last and open_ and column.item and _same(last[-1], column):
            last.append(column)
        else:
            found.append([column])
    return found


def _same(one: Column, other: Column) -> bool:
    return match_key(one.stem) == match_key(other.stem) and bool(tidy(one.stem))
