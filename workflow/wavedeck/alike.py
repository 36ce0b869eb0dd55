"""How alike two headers or labels are, and which of many belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

_LAYOUT = {"response", "open", "ended", "please", "specify"}
"""Words that survey tools put into headers."""


def words_of(text: str) -> list[str]:
    """Words and numbers in small letters, without those of the tool."""
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _LAYOUT]


def likeness(one: str, other: str, common: Mapping[str, int] | None = None) -> float:
    """0 to 1: the better of two measures, letters in order and words in common."""
    return max(_letters(one, other), _words(one, other, common))


def same_number(one: str, other: str) -> bool:
    """Whether two headers may be of one question: Q10b is not Q19, however alike the rest is."""
    mine, theirs = (set(re.findall(r"\bq\d+[a-z]?\b", t.casefold())) for t in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _letters(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _words(one: str, other: str, common: Mapping[str, int] | None) -> float:
    """Shared words against those of the shorter text, and of the longer. `common` says how many
    texts hold a word: a rare word tells more than a common one."""
    mine, theirs = set(words_of(one)), set(words_of(other))
    weight = {word: 1 / (common or {}).get(word, 1) for word in mine | theirs}
    shared = sum(weight[word] for word in mine & theirs)
    shorter = min(sum(weight[word] for word in side) for side in (mine, theirs))
    longer = max(sum(weight[word] for word in side) for side in (mine, theirs))
    return 0.5 * shared / shorter + 0.45 * shared / longer if shorter else 0.0


def counted(*sides: Sequence[str]) -> Mapping[str, int]:
    """How many texts hold each word, on the side that has it oftener."""
    found = Counter[str]()
    for texts in sides:
        found |= Counter(word for text in texts for word in set(words_of(text)))
    return found


def most_like(text: str, among: Sequence[str]) -> tuple[str, float]:
    """The label of `among` that is most like `text`, and how much; "" where there is none. Short
    texts differ by single words, so both measures count."""
    common = counted(among)
    scores = {other: (_letters(text, other) + _words(text, other, common)) / 2 for other in among}
    best = max(scores, key=lambda other: scores[other], default="")
    return best, scores.get(best, 0.0)


def pair_up(scores: Mapping[tuple[str, str], float], least: float) -> dict[str, tuple[str, float]]:
    """Pairs with the highest scores first, each side used once: left -> (right, score)."""
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for (left, right), score in sorted(scores.items(), key=lambda entry: (-entry[1], entry[0])):
        if score >= least and left not in found and right not in taken:
            found[left] = (right, score)
            taken.add(right)
    return found
