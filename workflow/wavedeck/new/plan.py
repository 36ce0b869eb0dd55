"""The profile's questions with the names that ids, exhibits and slides share."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass, field

from wavedeck.clean.text import match_key
from wavedeck.inspect.apart import apart_or_other
from wavedeck.inspect.joined import pieces_of
from wavedeck.inspect.profile import OptionGuess, Profile, QuestionGuess, ScaleGuess
from wavedeck.inspect.texts import number_in
from wavedeck.new.bands import bands_of
from wavedeck.new.names import unique_names
from wavedeck.survey.reserved import RESERVED


@dataclass
class Planned:
    """A question with its names."""

    name: str
    guess: QuestionGuess
    items: list[str] = field(default_factory=list)
    """Names of a grid's rows, spread options or ranked items, one a column."""
    options: list[str] = field(default_factory=list)
    """Names of the scale's options, or of joined options."""
    nets: dict[str, list[str]] = field(default_factory=dict)
    """Name of a net -> names of its options."""
    net_labels: dict[str, str] = field(default_factory=dict)
    exclusive: list[str] = field(default_factory=list)
    bands: list[tuple[str, str, float, float]] = field(default_factory=list)
    """(name, label, least, greatest) of a number's ranges."""
    scale: str = ""
    """Name of the shared scale, where several questions have it."""

    def option_names(self, labels: list[str]) -> list[str]:
        """Names of options by their labels."""
        by_label = dict(zip((o.label for o in self.offered), self.options, strict=True))
        return [by_label[label] for label in labels]

    @property
    def offered(self) -> list[OptionGuess]:
        return self.guess.scale.options if self.guess.scale else self.guess.options


def plan(profile: Profile) -> list[Planned]:
    """Names for everything. Questions are q1, q2 … in their order, or by their own numbers where
    every question has one of its own."""
    numbers = [guess.number for guess in profile.questions]
    own = all(numbers) and len(set(map(str.casefold, numbers))) == len(numbers)
    names = (
        unique_names(numbers, "q", RESERVED)
        if own
        else [f"q{place}" for place in range(1, len(numbers) + 1)]
    )
    found = [_planned(name, guess) for name, guess in zip(names, profile.questions, strict=True)]
    _share_scales(found)
    return found


def _planned(name: str, guess: QuestionGuess) -> Planned:
    planned = Planned(name, guess)
    # 'other' names what respondents wrote in.
    planned.items = unique_names(guess.labels, "item", ["other"] if guess.other else [])
    planned.options = unique_names(
        [option.label for option in planned.offered], "option", ["other"]
    )
    if guess.scale:
        _add_nets(planned, guess.scale)
    if guess.kind == "number":
        planned.bands = _bands(guess)
    if guess.kind == "multi_joined":
        planned.exclusive = _alone(planned)
    elif guess.kind == "multi_spread":
        planned.exclusive = _alone_spread(planned)
    return planned


def _bands(guess: QuestionGuess) -> list[tuple[str, str, float, float]]:
    if guess.values:
        return [(f"v{abs(v)}", str(v), float(v), float(v)) for v in guess.values]
    if guess.dates and guess.dates.take == "month":
        found = sorted(set(guess.dates.numbers))
        return [(month_name[n].lower(), month_name[n], float(n), float(n)) for n in found]
    if guess.dates:
        return _ranges([float(number) for number in guess.dates.numbers])
    return _ranges(
        [
            value
            for answer, times in guess.columns[0].times().items()
            if (value := number_in(answer)) is not None
            for _ in range(times)
        ]
    )


def _ranges(values: Sequence[float]) -> list[tuple[str, str, float, float]]:
    ranges = bands_of(values)
    names = unique_names([label for label, *_ in ranges], "from_1")
    return [(name, *range_) for name, range_ in zip(names, ranges, strict=True)]


def _add_nets(planned: Planned, scale: ScaleGuess) -> None:
    for words, labels in scale.nets.items():
        [name] = unique_names([words], "net", [*planned.options, *planned.nets])
        planned.nets[name] = planned.option_names(labels)
        planned.net_labels[name] = words


def _alone(planned: Planned) -> list[str]:
    """Options such as 'None of these' that nobody chose along with others."""
    guess = planned.guess
    if guess.one_each:
        return list(planned.options)
    found = []
    split = [pieces_of(answer, guess.pieces_by) for answer in guess.columns[0].times()]
    for name, option in zip(planned.options, guess.options, strict=True):
        if not _none(option.label):
            continue
        cells = [pieces for pieces in split if match_key(option.label) in map(match_key, pieces)]
        if cells and all(len(pieces) == 1 for pieces in cells):
            found.append(name)
    return found


def _alone_spread(planned: Planned) -> list[str]:
    guess = planned.guess
    unchosen = {match_key(text) for text in [*guess.unchosen, "0", "no", "false"]}
    chosen = [
        [value is not None and match_key(value) not in unchosen for value in column.values]
        for column in guess.columns
    ]
    found = []
    for place, label in enumerate(guess.labels):
        if _none(label) and not any(
            row[place] and sum(row) > 1 for row in zip(*chosen, strict=True)
        ):
            found.append(planned.items[place])
    return found


def _none(label: str) -> bool:
    return apart_or_other(label) or bool(re.match(r"no(?:ne|t any|thing)?\b", match_key(label)))


def _share_scales(found: list[Planned]) -> None:
    """A scale that several questions have in common stands once, by its name."""
    by_content: dict[str, list[Planned]] = {}
    for planned in found:
        scale = planned.guess.scale
        if scale and scale.family and scale.family not in ("numbers", "bands", "ages"):
            key = repr(([(o.label, o.aliases, o.missing) for o in scale.options], scale.order))
            by_content.setdefault(key, []).append(planned)
    taken: set[str] = set()
    for group in by_content.values():
        if len(group) > 1:
            scale = group[0].guess.scale
            assert scale is not None
            [name] = unique_names([scale.family], "scale", taken)
            taken.add(name)
            for planned in group:
                planned.scale = name
