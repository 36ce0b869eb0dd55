"""What the ledger may say of a multiple choice, held against the raw cells."""

from __future__ import annotations

from collections.abc import Mapping

from wavedeck.survey import MultiQuestion, Option
from wavedeck.verify.alike import folded, squeezed
from wavedeck.verify.meaning import alone, choices_in
from wavedeck.verify.raw import RawSheet, Row, row_of


def allowed(sheet: RawSheet, question: MultiQuestion, entry: Row) -> bool:
    """Whether a rule may turn the old text of an option's column or of a joined cell into the new
    one."""
    option, old, new = entry["item"], entry["old"], entry["new"]
    if option:
        if entry["rule"] == "exclusive":
            chosen = _chosen(sheet, question, row_of(entry["respondent"]))
            return new == "" and option in alone(question) & chosen and len(chosen) > 1
        label, aliases = question.options[option].label, question.options[option].aliases
        if entry["rule"] == "alias":
            return new == label and folded(old) in {folded(alias) for alias in aliases}
        return new in (label, *question.chosen, *question.unchosen) and folded(old) == folded(new)
    named = loosely(question.options, old)
    if named is None:
        return False
    was = set(named)
    now = choices_in(question, new)
    if entry["rule"] == "exclusive":
        return len(was) > 1 and bool(was & alone(question)) and now == was - alone(question)
    return now == was


def counts(question: MultiQuestion, option: str, text: str) -> bool:
    """Whether a cell that is not silent shows that the question was answered."""
    if option:
        chosen = _is_chosen(question, option, text)
        found = {option} if chosen else set()
    else:
        found = set(loosely(question.options, text) or [])
    return any(question.options[o].missing not in ("not_asked", "no_answer") for o in found)


def _chosen(sheet: RawSheet, question: MultiQuestion, row: int) -> set[str]:
    return {
        name
        for name, option in question.options.items()
        if option.column and _is_chosen(question, name, sheet.text(row, option.column))
    }


def _is_chosen(question: MultiQuestion, name: str, text: str) -> bool:
    option = question.options[name]
    words = {folded(word) for word in (option.label, *option.aliases, *question.chosen)}
    return bool(folded(text)) and folded(text) in words


def loosely(options: Mapping[str, Option], text: str) -> list[str] | None:
    """Options in a joined cell, in its order, whatever their spelling; None where a part is none of
    them.

    Works without separators: whatever known words the text begins with, longest first.
    """
    names: dict[str, str] = {}
    for name, option in options.items():
        for word in (option.label, *option.aliases):
            names.setdefault(_bare(word), name)
    return _loose(_bare(text), sorted(names, key=len, reverse=True), names)


def _bare(text: str) -> str:
    """Letters, digits and signs that tell options apart, such as C, C++ and C#."""
    return "".join(c for c in squeezed(text).casefold() if c.isalnum() or c in "+#*<>=%&@")


def _loose(text: str, words: list[str], names: dict[str, str]) -> list[str] | None:
    if not text:
        return []
    for word in words:
        if word and text.startswith(word):
            rest = _loose(text.removeprefix(word), words, names)
            if rest is not None:
                return [names[word], *rest]
    return None
