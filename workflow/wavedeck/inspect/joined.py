"""Several answers joined in one cell: the separator, and the options although they may hold it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.profile import Column
from wavedeck.inspect.texts import asks_to_choose, asks_to_rank, is_missing_mark, number_in

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


def tally(values: Iterable[str | None]) -> Counter[str]:
    """How often each answer was given; spellings that are one to clean count as the commonest."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for value in values:
        if value is not None and (text := tidy(value)):
            spellings[match_key(text)][text] += 1
    found: Counter[str] = Counter()
    for times in spellings.values():
        found[times.most_common(1)[0][0]] = sum(times.values())
    return found


def joined_in(column: Column) -> Joined | None:
    """The joined answers of a column; None when it holds one answer a cell."""
    cells = [value for value in column.values if value and not is_missing_mark(value)]
    # Where commas without a space cut most cells, those with one belong to options.
    tight = sum(len(pieces_of(cell, ",")) > 1 for cell in cells)
    loose = sum(len(pieces_of(cell, ", ")) > 1 for cell in cells)
    commas = (",", ", ") if tight >= max(2, loose) else (", ", ",")
    for separator in (*SEPARATORS, *commas):
        if found := _try(cells, separator, column):
            return found
    return None


def _try(cells: Sequence[str], separator: str, column: Column) -> Joined | None:
    if not cells:
        return None
    trailing = separator == ";" and sum(cell.rstrip().endswith(";") for cell in cells)
    several = sum(len(pieces_of(cell, separator)) > 1 for cell in cells)
    certain = bool(trailing) and trailing >= 0.9 * len(cells)
    if not certain and (several < max(2, 0.05 * len(cells))):
        return None
    split = [pieces_of(cell, separator) for cell in cells]
    split = [pieces for pieces in split if pieces]
    merged = _merge(split, separator)
    counts = Counter(piece for pieces in merged for piece in dict.fromkeys(pieces))
    least = 1 if certain and len(cells) < 12 else (2 if len(cells) < 100 else 3)
    if len(cells) < 12 and not certain and "," not in separator:
        least = 1
    known = {piece for piece, count in counts.items() if count >= least}
    known |= _inside(merged, known)
    given = sum(counts.values())
    covered = sum(counts[piece] for piece in known)
    spaces = max((len(piece.split()) for piece in known), default=0)
    whole = Counter(match_key(cell) for cell in cells)
    apart = any(len(pieces) > 1 and set(pieces) <= known for pieces in merged)
    if not known or len(known) > 80 or not apart or covered < 0.7 * given or spaces > 24:
        return None
    if not certain:
        # Options that hold the separator: the whole cells repeat, and are no more than the pieces.
        if len(whole) <= len(known) and len(whole) <= len(cells) / 2:
            return None
        if "," in separator and (len(known) < 2 or covered < 0.75 * given or _prose(cells)):
            return None
    labels = _in_order(merged, known)
    written = _written_in(merged, known)
    result = Joined(separator.strip(" "), labels, counts, written)
    result.tight = separator == ","
    full = [pieces for pieces in merged if len(set(pieces)) == len(labels)]
    result.all_in_every_cell = (
        len(labels) > 2 and len(full) >= 0.8 * len(merged) and _ordered(full, column.title)
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
    pieces, depth, start = [], 0, 0
    text = cell if separator == "\n" else tidy(cell)
    sign = separator.strip(" ")
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


def _merge(split: Sequence[Sequence[str]], separator: str) -> list[list[str]]:
    """Pieces that always stand side by side are one option that holds the separator."""
    merged = [list(pieces) for pieces in split]
    joint = separator
    for _ in range(6):
        times = Counter(piece for pieces in merged for piece in pieces)
        pairs = Counter(pair for pieces in merged for pair in pairwise(pieces))
        together = {
            pair
            for pair, count in pairs.items()
            if count >= 2 and times[pair[0]] == times[pair[1]] == count and _belongs(pair)
        }
        if not together:
            break
        merged = [_with_pairs(pieces, together, joint) for pieces in merged]
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


def _inside(merged: Sequence[Sequence[str]], known: set[str]) -> set[str]:
    """Rare options: what stands before a known option. What people write in stands last."""
    found = set()
    for pieces in merged:
        last = max((i for i, piece in enumerate(pieces) if piece in known), default=-1)
        found |= {piece for piece in pieces[:last] if len(piece) <= 60}
    return found if len(found) <= max(3, len(known)) else set()


def _prose(cells: Sequence[str]) -> bool:
    """Whether the cells are sentences rather than lists."""
    sentences = sum(bool(re.search(r"[.!?]\s+[A-Z]|[.!?]$", cell.strip())) for cell in cells)
    return sentences > 0.3 * len(cells)


def _in_order(merged: Sequence[Sequence[str]], known: set[str]) -> list[str]:
    """Options as the questionnaire had them: tools join answers in its order."""
    before: Counter[tuple[str, str]] = Counter()
    for pieces in merged:
        kept = [piece for piece in pieces if piece in known]
        for place, piece in enumerate(kept):
            for later in kept[place + 1 :]:
                before[piece, later] += 1

    def precedes(piece: str) -> float:
        ahead = sum(before[piece, other] > before[other, piece] for other in known)
        behind = sum(before[other, piece] > before[piece, other] for other in known)
        return (behind + 1) / (ahead + behind + 2)

    return sorted(known, key=lambda piece: (precedes(piece), piece))


def _written_in(merged: Sequence[Sequence[str]], known: set[str]) -> list[str]:
    """Pieces that are no options, each once."""
    keys = {match_key(label) for label in known}
    pieces = {match_key(piece): piece for row in merged for piece in row}
    return [piece for key, piece in pieces.items() if key not in keys]


def _numbers(column: Column, result: Joined, separator: str) -> None:
    """A lone '3.10' becomes the number 3.1 in a workbook; joined with others it stays 3.10."""
    stored = {
        tidy(value or "")
        for value, kind in zip(column.values, column.types, strict=True)
        if kind == "number"
    }
    typed = {
        piece
        for value, kind in zip(column.values, column.types, strict=True)
        if kind == "text"
        for piece in pieces_of(value or "", separator)
    }
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
