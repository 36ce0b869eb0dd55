"""How the export of a later wave spells the headers of the codebook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wavedeck.errors import Problem
from wavedeck.survey.changes import HeaderPatterns
from wavedeck.survey.names import Data, Names
from wavedeck.yamlfile import Document


def columns_of(question: Data) -> Iterator[tuple[str, Data]]:
    """(item, the part of a question that has its `column`) for each column of a question."""
    if "column" in question:
        yield "", question
    for field in ("items", "options"):
        for item, part in question.get(field, {}).items():
            if isinstance(part, dict) and "column" in part:
                yield item, part
    for number, part in enumerate(question.get("places", []), start=1):
        if isinstance(part, dict) and "column" in part:
            yield str(number), part
    other = question.get("other")
    if isinstance(other, dict) and "column" in other:
        yield "other", other


_ITEM = re.compile(r"^(?P<stem>.+?)\s*(?:\[(?P<bracket>.+)\]|› (?P<second>.+))$", re.DOTALL)


def stem_and_item(header: str) -> dict[str, str]:
    """The parts of a column's header that patterns put together anew: of 'stem [item]', and of
    'stem › item', as a wave before may have spelled it. Nothing where it has no such parts."""
    pieces = _ITEM.match(header)
    if pieces is None:
        return {}
    return {"stem": pieces["stem"], "item": pieces["bracket"] or pieces["second"]}


def spell(
    questions: Data, patterns: HeaderPatterns, headers: Mapping[str, str], wave: Document
) -> Iterator[Problem]:
    """Headers as the wave's layout spells them; `headers` names some that are given singly."""
    for name, question in questions.items():
        for item, part in columns_of(question):
            if (f"{name}.{item}" if item else name) in headers:
                continue
            kind = _kind(question, item)
            pattern = getattr(patterns, kind)
            words = {"header": part["column"]} | stem_and_item(part["column"])
            try:
                part["column"] = pattern.format(**words)
            except (KeyError, ValueError, IndexError):
                yield Problem(
                    wave.where("export", "patterns", kind),
                    f"the pattern '{pattern}' does not fit the header '{part['column']}'",
                    expected="{header}; or {stem} and {item} where survey.yaml has 'stem [item]'",
                    remedy=f"give that header by itself, under headers: {name}"
                    + (f".{item}:" if item else ":"),
                )


def _kind(question: Data, item: str) -> str:
    if question.get("type") == "text" or item == "other":
        return "text"
    return "item" if item else "single"


def head(
    questions: Data, key: str, header: str, check: Names, retired: set[str]
) -> Iterator[Problem]:
    name, _, item = key.partition(".")
    if {name, key} & retired:
        return
    parts = dict(columns_of(questions[name])) if name in questions else {}
    if item in parts:
        parts[item]["column"] = header
        return
    keys = [
        f"{q}.{i}" if i else q for q, question in questions.items() for i, _ in columns_of(question)
    ]
    yield check.unknown(("headers", key), key, keys)
