"""Several answers joined in one cell: the separator, and the options although they may hold it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.profile import Column
from wavedeck.inspect.texts import asks_to_choose, asks_to_rank, is_missing_mark, number_in

T = TypeVar("T")
Cut = tuple[list[str], int]
"""The pieces of a cell, and how many cells are like it."""

_CUTS = {
    ";": re.compile(";"),
    "|": re.compile(r"\|"),
    "\n": re.compile("\n"),
    ", ": re.compile(r",(?= |\Z)"),
    ",": re.compile(r",(?![ \d]|\Z)"),
}
_OPENING = re.compile(r"[(\[]")

SEPARATORS = (";", "|", "\n")
"""Before commas: options hold them. Google Forms joins with a comma and a space, Qualtrics with a
comma alone."""


@dataclass
class Joined:
    """A column of joined answers."""

    separator: str
    labels: list[str]
    """Options, in the order in which cells name them."""
    counts: Counter[str]
    written_in: list[str]
    """What respondents wrote beside the options, as it stands in the cells."""
    aliases: dict[str, list[str]] = field(default_factory=dict)
    tight: bool = False
    """Joined by a comma without a space."""
    all_in_every_cell: bool = False
    """Every cell holds every option: an order of preference rather than a choice."""
    notes: list[str] = field(default_factory=list)


def tally(times: Mapping[str, int]) -> Counter[str]:
    """How often each answer was given; spellings that are one to clean count as the commonest."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for value, count in times.items():
        if text := tidy(value):
            spellings[match_key(text)][text] += count
    found: Counter[str] = Counter()
    for times in spellings.values():
        found[times.most_common(1)[0][0]] = sum(times.values())
    return found


def joined_in(column: Column) -> Joined | None:
    """The joined answers of a column; None when it holds one answer a cell."""
    cells = {cell: times for cell, times in column.times().items() if not is_missing_mark(cell)}
    # Where commas without a space cut most cells, those with one belong to options.
    tight = sum(times for cell, times in cells.items() if len(pieces_of(cell, ",")) > 1)
    loose = sum(times for cell, times in cells.items() if len(pieces_of(cell, ", ")) > 1)
    commas = (",", ", ") if tight >= max(2, loose) else (", ", ",")
    for separator in (*SEPARATORS, *commas):
        if found := _try(cells, separator, column):
            return found
    return None


def _try(cells: Mapping[str, int], separator: str, column: Column) -> Joined | None:
    if not cells:
        return None
    size = sum(cells.values())
    ending = [times for cell, times in cells.items() if cell.rstrip().endswith(";")]
    trailing = sum(ending) if separator == ";" else 0
    cut = {cell: pieces_of(cell, separator) for cell in cells}
    several = sum(cells[cell] for cell, pieces in cut.items() if len(pieces) > 1)
    certain = bool(trailing) and trailing >= 0.9 * size
    if not certain and (several < max(2, 0.05 * size)):
        return None
    split = [(pieces, cells[cell]) for cell, pieces in cut.items() if pieces]
    merged = _merge(split, separator)
    counts = _weighted((dict.fromkeys(pieces), times) for pieces, times in merged)
    least = 1 if certain and size < 12 else (2 if size < 100 else 3)
    if size < 12 and not certain and "," not in separator:
        least = 1
    known = {piece for piece, count in counts.items() if count >= least}
    known |= _inside(merged, known)
    given = sum(counts.values())
    covered = sum(counts[piece] for piece in known)
    spaces = max((len(piece.split()) for piece in known), default=0)
    whole = {match_key(cell) for cell in cells}
    apart = any(len(pieces) > 1 and set(pieces) <= known for pieces, _ in merged)
    if not known or len(known) > 80 or not apart or covered < 0.7 * given or spaces > 24:
        return None
    if not certain:
        # Options that hold the separator: the whole cells repeat, and are no more than the pieces.
        if len(whole) <= len(known) and len(whole) <= size / 2:
            return None
        if "," in separator and (len(known) < 2 or covered < 0.75 * given or _prose(cells)):
            return None
    labels = _in_order(merged, known)
    written = _written_in(merged, known)
    result = Joined(separator.strip(" "), labels, counts, written)
    result.tight = separator == ","
    full = [(pieces, times) for pieces, times in merged if len(set(pieces)) == len(labels)]
    result.all_in_every_cell = (
        len(labels) > 2
        and sum(times for _, times in full) >= 0.8 * sum(times for _, times in merged)
        and _ordered([pieces for pieces, _ in full], column.title)
    )
    _numbers(column, result, separator)
    return result


def _ordered(full: Sequence[Sequence[str]], title: str) -> bool:
    """Whether the order of all options is an answer: tools write what was ticked in one order."""
    if asks_to_rank(title):
        return True
    return len(set(map(tuple, full))) > 1 and not asks_to_choose(title)


def pieces_of(cell: str, separator: str) -> list[str]:
    """A cell cut at its separators, but not inside brackets.

    A separator "," cuts only where no space follows; ", " only where one does.
    """
    text = cell if separator == "\n" else tidy(cell)
    sign = separator.strip(" ")
    if sign not in text:
        return [tidied] if (tidied := tidy(text)) else []
    if not _OPENING.search(text):
        return [tidied for piece in _CUTS[separator].split(text) if (tidied := tidy(piece))]
    pieces, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth = max(0, depth - 1)
        elif letter == sign and depth == 0:
            following = text[place + 1 : place + 2]
            if separator == ", " and following not in (" ", ""):
                continue  # 1,000
            if separator == "," and (following in (" ", "") or following.isdigit()):
                continue
            pieces.append(text[start:place])
            start = place + 1
    pieces.append(text[start:])
    if depth:  # A bracket that is never closed says nothing.
        pieces = text.split(separator)
    return [tidied for piece in pieces if (tidied := tidy(piece))]


def _weighted(groups: Iterable[tuple[Iterable[T], int]]) -> Counter[T]:
    """How often each entry of the groups is there, where a group stands for several cells."""
    found = Counter[T]()
    for entries, times in groups:
        for entry in entries:
            found[entry] += times
    return found


def _merge(split: Sequence[Cut], separator: str) -> list[Cut]:
    """Pieces that always stand side by side are one option that holds the separator."""
    merged = list(split)
    joint = separator
    for _ in range(6):
        times = _weighted(merged)
        pairs = _weighted((pairwise(pieces), count) for pieces, count in merged)
        together = {
            pair
            for pair, count in pairs.items()
            if count >= 2 and times[pair[0]] == times[pair[1]] == count and _belongs(pair)
        }
        if not together:
            break
        merged = [(_with_pairs(pieces, together, joint), count) for pieces, count in merged]
    return merged


def _belongs(pair: tuple[str, str]) -> bool:
    """A second half of an option begins small or with 'and', 'or', 'e.g.'."""
    return bool(re.match(r"[a-z(&]|\d", pair[1]))


def _with_pairs(pieces: list[str], together: set[tuple[str, str]], joint: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(pieces):
        if place + 1 < len(pieces) and (pieces[place], pieces[place + 1]) in together:
            found.append(f"{pieces[place]}{joint}{pieces[place + 1]}")
            place += 2
        else:
            found.append(pieces[place])
            place += 1
    return found


def _inside(merged: Sequence[Cut], known: set[str]) -> set[str]:
    """Rare options: what stands before a known option. What people write in stands last."""
    found = set()
    for pieces, _ in merged:
        last = max((i for i, piece in enumerate(pieces) if piece in known), default=-1)
        found |= {piece for piece in pieces[:last] if len(piece) <= 60}
    return found if len(found) <= max(3, len(known)) else set()


def _prose(cells: Mapping[str, int]) -> bool:
    """Whether the cells are sentences rather than lists."""
    sentences = sum(
        times for cell, times in cells.items() if re.search(r"[.!?]\s+[A-Z]|[.!?]$", cell.strip())
    )
    return sentences > 0.3 * sum(cells.values())


def _in_order(merged: Sequence[Cut], known: set[str]) -> list[str]:
    """Options as the questionnaire had them: tools join answers in its order."""
    before: Counter[tuple[str, str]] = Counter()
    for pieces, times in merged:
        kept = [piece for piece in pieces if piece in known]
        for place, piece in enumerate(kept):
            for later in kept[place + 1 :]:
                before[piece, later] += times

    def precedes(piece: str) -> float:
        ahead = sum(before[piece, other] > before[other, piece] for other in known)
        behind = sum(before[other, piece] > before[piece, other] for other in known)
        return (behind + 1) / (ahead + behind + 2)

    return sorted(known, key=lambda piece: (precedes(piece), piece))


def _written_in(merged: Sequence[Cut], known: set[str]) -> list[str]:
    """Pieces that are no options, each once."""
    keys = {match_key(label) for label in known}
    pieces = {match_key(piece): piece for row, _ in merged for piece in row}
    return [piece for key, piece in pieces.items() if key not in keys]


def _numbers(column: Column, result: Joined, separator: str) -> None:
    """A lone '3.10' becomes the number 3.1 in a workbook; joined with others it stays 3.10."""
    stored = {
        tidy(value or "")
        for value, kind in zip(column.values, column.types, strict=True)
        if kind == "number"
    }
    if not stored:
        return
    texts = {v for v, kind in zip(column.values, column.types, strict=True) if kind == "text"}
    typed = {piece for value in texts for piece in pieces_of(value or "", separator)}
    known = {match_key(label): label for label in result.labels}
    for number in sorted(stored):
        if number_in(number) is None or number in typed:
            continue
        longer = f"{number}0" if "." in number else f"{number}.0"
        if longer in typed and longer in known:
            result.aliases.setdefault(longer, []).append(number)
            result.labels = [label for label in result.labels if label != number]
            result.written_in = [text for text in result.written_in if text != number]
            times = column.values.count(number)
            result.counts[longer] += result.counts.pop(number, 0)
            result.notes.append(
                f"'{number}' is stored as a number {times} times and never typed; taken for "
                f"'{longer}', whose last zero a workbook drops"
            )
