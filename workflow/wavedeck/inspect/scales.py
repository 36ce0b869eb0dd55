"""Answers put in the order of their scale.

A label is read as a word with a direction and a strength ('tend to disagree': agreement, against,
middling), as a step of a known list ('weekly'), or as a range of numbers ('18-24', 'under 1 year').
Only when every label of a question can be read in one of these ways are they put in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from wavedeck.clean.text import match_key
from wavedeck.inspect.profile import Guess, OptionGuess, ScaleGuess
from wavedeck.inspect.texts import is_not_asked, number_in

_APART = re.compile(
    r"(?:i )?do(?:n't| not) know.*|dk|not sure.*|unsure.*|can't say|cannot say|no opinion.*"
    r"|prefer not to"
    r".*|(?:i'd )?rather not .*|not applicable.*|n/?a\b.*|not relevant.*|too early to .*|no view"
    r"|(?:does|do) not apply.*|decline.*|weiß nicht|weiss nicht|keine angabe|ne sai[st] pas"
    r"|je ne sais pas"
    r"|sans opinion|no s[ée]|no sabe.*|ns/nc|não sei|weet niet|can't remember|don't remember"
    r"|undecided",
    re.I,
)
_OTHER = re.compile(
    r"others?\b.{0,60}|(?:none|neither|no one) of (?:the|these|those).{0,30}|something else.{0,30}"
    r"|sonstige.{0,30}|andere.{0,30}|autres?\b.{0,30}|otr[oa]s?\b.{0,30}|keine davon|aucun.{0,30}",
    re.I,
)
_BARE_OTHER = re.compile(
    r"others?(?: \(.*\)|[,:-]? ?(?:please )?(?:specify|state|describe|write in).*)?:?"
    r"|other answers?|something else"
    r"(?: \(.*\))?|sonstiges?|andere[rs]?|autres?(?: \(.*\))?|otr[oa]s?(?: \(.*\))?",
    re.I,
)
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
_UNITS = (
    (r"seconds?|secs?", 1 / 3600), (r"minutes?|mins?", 1 / 60), (r"hours?|hrs?", 1.0),
    (r"days?", 24.0), (r"weeks?", 168.0),
    (r"months?", 730.0), (r"years?|yrs?", 8760.0),
)  # fmt: skip
_BAND_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:k\b|m\b|million|thousand)?", re.I)
_UNDER = re.compile(
    r"\b(?:under|less than|below|fewer than|up to|younger|unter|moins de|menos de|or less"
    r"|or under|and under|or fewer|within)\b|^\s*[<≤]",
    re.I,
)
_OVER = re.compile(
    r"\b(?:over|more than|above|older|greater than|at least|über|plus de|más de|or (?:more|over"
    r"|older|above)|and (?:over|above|older|more)|longer than|or longer)\b|[+>≥]",
    re.I,
)
_ZERO = {
    "none",
    "0",
    "zero",
    "no",
    "nil",
    "never",
    "nobody",
    "keine",
    "aucun",
    "ninguno",
    "not at all",
}


@dataclass(frozen=True)
class Words:
    """What scales.yaml holds."""

    lists: dict[str, list[list[str]]]
    """Family -> steps -> texts that mean the same."""
    middles: dict[str, int]
    """Family -> the step that belongs to neither side; two-sided families only."""
    nets: dict[str, tuple[str, str]]
    poles: dict[str, tuple[str, str]]
    strengths: list[tuple[float, str]]


@cache
def words() -> Words:
    data = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return Words(
        {family: entry["steps"] for family, entry in data["lists"].items()},
        {f: entry["middle"] for f, entry in data["lists"].items() if "middle" in entry},
        {family: (one, other) for family, (one, other) in data["nets"].items()},
        {family: (one, other) for family, (one, other) in data["poles"].items()},
        [(float(size), "|".join(texts)) for size, texts in data["strengths"].items()],
    )


@dataclass(frozen=True)
class _Order:
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


def scale_of(labels: Mapping[str, int], questionnaire: Sequence[str] = ()) -> ScaleGuess:
    """The answers of `labels` (label -> how often it was given) as a scale.

    `questionnaire`: the order of a values sheet, where there is one; it is believed.
    """
    missing = [label for label in labels if is_not_asked(label)]
    apart = [
        label for label in labels if _APART.fullmatch(match_key(label)) and label not in missing
    ]
    rest = [label for label in labels if label not in apart and label not in missing]
    found = _in_order(rest) or _in_order([*rest, *apart])
    if found and set(found.ranks) != set(rest):
        apart = []
    if found is None and len(rest) == 2 and len(apart) == 0:
        found = None
    options = {label: OptionGuess(label) for label in labels}
    for label in missing:
        options[label] = OptionGuess(label, missing="not_asked")
    if questionnaire:
        known = [label for label in questionnaire if label in options]
        ordered = known + [label for label in labels if label not in known]
        if found:
            return _ordered(found, [options[label] for label in ordered], apart)
        return ScaleGuess(
            [options[label] for label in ordered],
            apart=apart,
            guess=Guess("sure", "in the order of the list of values"),
        )
    if found:
        ordered = sorted(found.ranks, key=lambda label: found.ranks[label]) + apart * (
            set(found.ranks) == set(rest)
        )
        return _ordered(found, [options[label] for label in [*ordered, *missing]], apart)
    last = [label for label in rest if _OTHER.fullmatch(match_key(label))]
    first = sorted((label for label in rest if label not in last), key=lambda label: -labels[label])
    confident = len(rest) <= 2
    return ScaleGuess(
        [options[label] for label in [*first, *last, *apart, *missing]],
        apart=apart,
        guess=Guess("sure" if confident else "likely", "no order known: the commonest first"),
    )


def _ordered(found: _Order, options: list[OptionGuess], apart: list[str]) -> ScaleGuess:
    labels = [option.label for option in options if option.label in found.ranks]
    nets: dict[str, list[str]] = {}
    order = found.order
    middle = [label for label in found.middle if label in labels]
    if order == "two_sided" and not middle and not found.even():
        # Charts cut a scale without a middle in half; a step that nobody chose would shift that.
        order = "one_sided"
    if order == "two_sided" and found.family in words().nets and (middle or len(labels) % 2 == 0):
        if middle:
            cut = labels.index(middle[0])
            sides = labels[:cut], labels[cut + len(middle) :]
        else:
            sides = labels[: len(labels) // 2], labels[len(labels) // 2 :]
        for net, side in zip(words().nets[found.family], sides, strict=True):
            if len(side) > 1 and match_key(net) not in {match_key(label) for label in labels}:
                nets[net] = side
            elif len(side) > 1:
                nets[f"{net}, in all"] = side
    return ScaleGuess(
        options,
        order,  # type: ignore[arg-type]
        middle,
        apart,
        nets,
        found.family,
        Guess("sure", f"the words of a scale: {found.family}"),
    )


def _in_order(labels: Sequence[str]) -> _Order | None:
    if len(labels) < 2:
        return None
    for read in (_listed, _stepped, _banded, _paired):
        if found := read(labels):
            return found
    return None


def _listed(labels: Sequence[str]) -> _Order | None:
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
        return _Order(family, order, ranks, middle, float(edge or 0))
    return None


def _paired(labels: Sequence[str]) -> _Order | None:
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
            return _Order(
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


def _stepped(labels: Sequence[str]) -> _Order | None:
    """Numbers, or labels that begin with one: '1 - not at all', '5'."""
    numbers: dict[str, float] = {}
    for label in labels:
        whole = number_in(label)
        match = re.match(r"\(?(-?\d{1,2})\s*(?:[-–=:.)]|$)\s*(?=\D|$)", label)
        if whole is not None:
            numbers[label] = whole
        elif match:
            numbers[label] = float(match[1])
        else:
            return None
    if len(set(numbers.values())) < len(numbers):
        return None
    return _Order("numbers", "one_sided", numbers)


def _banded(labels: Sequence[str]) -> _Order | None:
    """Ranges: '18-24', 'under 1 year', '> 1,000'."""
    ranks: dict[str, float] = {}
    zero = 0
    for label in labels:
        key = match_key(label)
        if key in _ZERO or re.fullmatch(r"(?:no|none)\b.{0,20}", key):
            ranks[label] = -1.0
            zero += 1
            continue
        numbers = list(_BAND_NUMBER.finditer(label))
        if not numbers or len(numbers) > 3:
            return None
        low = _size(numbers[0][0]) * _unit(label, numbers[0].end())
        # 'Under 18' and '18 and over' begin where another band ends.
        ranks[label] = (
            low
            - 0.3 * max(low, 0.01) * bool(_UNDER.search(label))
            + 0.001 * low * bool(_OVER.search(label) and len(numbers) == 1)
        )
        if _UNDER.search(label) and len(numbers) == 1:
            ranks[label] = min(ranks[label], low * 0.001)
    if zero > 1 or len(set(ranks.values())) < len(ranks) or len(ranks) - zero < 2:
        return None
    family = (
        "ages"
        if all(re.search(r"\d", each) for each in labels if ranks[each] >= 0)
        and max(ranks.values()) < 110
        else "bands"
    )
    return _Order(family, "unordered", ranks)


def _size(text: str) -> float:
    digits = re.sub(r"[^\d.]", "", text).rstrip(".")
    factor = (
        1000
        if re.search(r"k|thousand", text, re.I)
        else 1_000_000
        if re.search(r"m", text, re.I)
        else 1
    )
    return float(digits or 0) * factor


def _unit(label: str, after: int) -> float:
    rest = label[after:]
    for unit, factor in _UNITS:
        if re.match(rf"[\s\-–to\d.,]*(?:{unit})\b", rest, re.I):
            return factor
    return 1.0


def is_apart(label: str) -> bool:
    """Whether an answer stands off its scale, such as 'Don't know'."""
    return bool(_APART.fullmatch(match_key(label)))


def is_other(label: str) -> bool:
    """Whether an answer is 'Other' or 'None of these'."""
    return bool(_OTHER.fullmatch(match_key(label)))


def takes_write_ins(label: str) -> bool:
    """Whether an option is 'Other' and nothing besides."""
    return bool(_BARE_OTHER.fullmatch(match_key(label)))
