"""The order that the words or numbers of answers tell.

A label is read as a step of a known list ('weekly'), as a step with a number ('1 - not at all'),
as a range ('18-24', 'under 1 year'), or as a word with a direction and a strength ('tend to
disagree': agreement, against, middling). Only when every label can be read in one of these ways
are they put in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wavedeck.clean.text import match_key
from wavedeck.inspect.ranges import ranges_in
from wavedeck.inspect.texts import number_in
from wavedeck.inspect.words import words

_MIDDLE = re.compile(
    r"neither\b.*|neutral.*|undecided|no difference|about the same|(?:stayed |remained )?the same.*"
    r"|no change.*|mixed|in between|teils.*|weder.*|ni .*|average|unchanged|no effect|no impact"
    r"|no view either way"
    r"|not \w+ (?:n?or) \w+",
    re.I,
)
_NOT = re.compile(
    r"^(?:not at all|not|no|überhaupt nicht|gar nicht|nicht|pas du tout|pas|para nada|nada|un)\b",
    re.I,
)


@dataclass(frozen=True)
class Order:
    family: str
    order: str
    ranks: dict[str, float]
    """Label -> its place; labels before `border` are of the first side."""
    middle: tuple[str, ...] = ()
    border: float = 0.0

    def even(self) -> bool:
        """Whether as many labels stand on one side of the border as on the other."""
        first = sum(rank < self.border for rank in self.ranks.values())
        return 2 * first == len(self.ranks)


def order_of(labels: Sequence[str]) -> Order | None:
    if len(labels) < 2:
        return None
    for read in (_listed, _stepped, _ranged, _paired):
        if found := read(labels):
            return found
    return None


def _listed(labels: Sequence[str]) -> Order | None:
    """Steps of a known list, each at most once."""
    keys = [re.sub(r"[!.]+$", "", match_key(label)) for label in labels]
    for family, steps in words().lists.items():
        places = [next((i for i, step in enumerate(steps) if key in step), -1) for key in keys]
        if -1 in places or len(set(places)) < len(places):
            continue
        if family == "yes or no" and not {0, 2} & set(places):
            continue
        order, middle = "one_sided", tuple[str, ...]()
        edge = words().middles.get(family)
        if edge is not None and min(places) < edge < max(places):
            order = "two_sided"
            middle = tuple(label for label, p in zip(labels, places, strict=True) if p == edge)
        if family == "yes or no":
            order = "unordered"
        ranks = {label: float(place) for label, place in zip(labels, places, strict=True)}
        return Order(family, order, ranks, middle, float(edge or 0))
    return None


def _stepped(labels: Sequence[str]) -> Order | None:
    """Numbers, or labels that begin with one: '1 - not at all', '5'."""
    numbers: dict[str, float] = {}
    for label in labels:
        whole = number_in(label)
        match = re.match(r"\(?(-?\d{1,2})\s*(?:[-–=:._)]|$)\s*(?=\D|$)", label)
        if whole is not None:
            numbers[label] = whole
        elif match:
            numbers[label] = float(match[1])
        else:
            return None
    if len(set(numbers.values())) < len(numbers):
        return None
    return Order("numbers", "one_sided", numbers)


def _ranged(labels: Sequence[str]) -> Order | None:
    found = ranges_in(labels)
    return Order(found[0], "unordered", found[1]) if found else None


def _paired(labels: Sequence[str]) -> Order | None:
    """Words with a direction and a strength."""
    for family, (one, other) in words().poles.items():
        ranks: dict[str, float] = {}
        middle = []
        opposed = False
        for label in labels:
            key = match_key(label)
            if _MIDDLE.fullmatch(key):
                middle.append(label)
                ranks[label] = 0.0
                continue
            signed = _signed(key, one, other)
            if signed is None:
                break
            ranks[label] = -signed
            opposed |= bool(re.search(rf"\b(?:{other})\b", key))
        else:
            if len(middle) == len(labels) or len(middle) > 1:
                continue
            if len(set(ranks.values())) < len(ranks):
                continue
            two = opposed and min(ranks.values()) < 0 < max(ranks.values())
            return Order(
                family, "two_sided" if two else "one_sided", ranks, tuple(middle) if two else ()
            )
    return None


def _signed(key: str, one: str, other: str) -> float | None:
    """The direction and strength of a label; None when its word is not of the pair."""
    text = key
    if re.search(rf"\b(?:{other})\b", text):
        direction, core = -1.0, re.sub(rf"\b(?:{other})\b", " ", text)
    elif re.search(rf"\b(?:{one})\b", text):
        direction, core = 1.0, re.sub(rf"\b(?:{one})\b", " ", text)
    else:
        return None
    negated = bool(_NOT.match(text)) and direction > 0
    if negated:
        if re.match(r"not at all|no\b|überhaupt|gar|pas du tout|para nada|nada", text):
            return -3.0
        if re.match(
            r"not (?:very|particularly|so|too|that|really|quite)\b|pas très|nicht sehr", text
        ):
            return -1.0
        return -2.0
    left = core
    strength = 1.8
    for size, strong in words().strengths:
        if re.search(rf"\b(?:{strong})\b", core):
            strength = size
            left = re.sub(rf"\b(?:{strong})\b", " ", core)
            break
    # Whatever else the label says has to be little: 'agree with the first of these' is no step.
    if len(re.findall(r"\w+", left)) > 2:
        return None
    return direction * strength
