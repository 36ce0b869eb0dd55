"""Several options joined in one cell, told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wavedeck.clean.coders import Coded, scale_coder
from wavedeck.clean.text import match_key, tidy
from wavedeck.clean.work import RULES, Work
from wavedeck.errors import listing, nearest
from wavedeck.survey import Option, Scale


@dataclass(frozen=True)
class Choices:
    """What one raw text of a joined cell becomes."""

    places: tuple[int, ...] = ()
    """Options by position, in the order of the cell."""
    rule: str = ""
    """The rule of the ledger; "" when the cell was taken as it stands."""
    new: str = ""
    unknown: str = ""
    """A part that no option is known by."""


def joined_coder(
    options: Mapping[str, Option], separator: str, no_answer: Iterable[str]
) -> Callable[[str], Choices]:
    """A function from a cell to its options: the longest known labels are matched first, as labels
    may hold the separator, and a shorter one where the rest would not fit else."""
    plain = {o: option.model_copy(update={"missing": None}) for o, option in options.items()}
    code = scale_coder(Scale(options=plain), [])
    labels = [option.label for option in options.values()]
    marks = {match_key(mark) for mark in no_answer}
    strength = list(RULES)

    def split(raw: str) -> Choices:
        if not tidy(raw) or match_key(raw) in marks:
            return Choices(rule="no_answer")
        pieces = [piece for piece in raw.split(separator) if tidy(piece)]
        parts = _parse(pieces, separator, code)
        if isinstance(parts, str):
            return Choices(unknown=parts)
        places = tuple(part.code - 1 for part in parts)
        rules = [part.rule for part in parts if part.rule]
        if not rules:
            return Choices(places)
        text = separator.join(labels[place] for place in places)
        return Choices(places, max(rules, key=strength.index), text)

    return split


def read_joined(
    name: str,
    options: Mapping[str, Option],
    separator: str,
    no_answer: Iterable[str],
    work: Work,
) -> list[tuple[int, ...]]:
    """The options of each row's cell, by position, in the order of the cell. Parts that are none
    are problems with their cells."""
    column = work.cells.column(name)
    split = joined_coder(options, separator, no_answer)
    labels = [option.label for option in options.values()]
    judged = {raw: split(raw) for raw in dict.fromkeys(column.values) if raw is not None}
    told: dict[str, int] = {}
    for index, raw in enumerate(column.values):
        if raw is None or not work.kept[index]:
            continue
        choices = judged[raw]
        if choices.rule:
            work.change(column, index, choices.rule, choices.new)
        if choices.unknown and told.get(choices.unknown, 0) < 3:
            told[choices.unknown] = told.get(choices.unknown, 0) + 1
            work.problem(
                column,
                index,
                f"{name}: '{choices.unknown}' in '{raw}' is no option that the codebook knows",
                listing(labels),
                nearest(tidy(choices.unknown), labels),
                "add it to survey.yaml as an alias of its option, or mend separator: "
                f"(now {separator!r})",
            )
    return [() if raw is None else judged[raw].places for raw in column.values]


def _parse(
    pieces: list[str], separator: str, code: Callable[[str], Coded | None]
) -> list[Coded] | str:
    """Options from pieces between separators; the first piece that fits nowhere, if any."""
    # ends[i]: the options that the pieces from i on stand for; None where they stand for none.
    ends: list[list[Coded] | None] = [*([None] * len(pieces)), []]
    for start in reversed(range(len(pieces))):
        for end in range(len(pieces), start, -1):
            rest = ends[end]
            part = code(separator.join(pieces[start:end]).strip()) if rest is not None else None
            if part is not None and rest is not None:
                ends[start] = [part, *rest]
                break
    if ends[0] is not None:
        return ends[0]
    return _first_unknown(pieces, separator, code)


def _first_unknown(pieces: list[str], separator: str, code: Callable[[str], Coded | None]) -> str:
    start = 0
    while start < len(pieces):
        runs = range(len(pieces), start, -1)
        end = next((e for e in runs if code(separator.join(pieces[start:e]).strip())), None)
        if end is None:
            return pieces[start].strip()
        start = end
    return separator.join(pieces)
