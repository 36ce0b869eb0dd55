"""Which answers of an earlier wave an answer can be compared with, and why some cannot.

`recoded: comparable:` says which options of a wave stand together for one of the wave before. An
answer (an option or a net) has a counterpart when it is made up of whole options of that wave, as
far as both have them. Waves further back are compared through all those between: what cannot be
compared at one step cannot be compared across it. A question that is asked again (`asked_again:`)
goes over the waves that left it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wavedeck.survey.codebook import Survey
from wavedeck.survey.wave import Wave


@dataclass(frozen=True)
class Described:
    """A wave with the codebook as it holds for it."""

    survey: Survey
    wave: Wave
    name: str = ""
    """The folder of the wave, such as 2017."""


@dataclass(frozen=True)
class Counterpart:
    """The options of the earlier wave that an answer is compared with; none where it is not."""

    options: tuple[str, ...] = ()
    reason: str = ""
    """Why there is nothing to compare with, as the deck prints it."""


def counterpart(
    now: Described, before: Described, name: str, answer: str, item: str
) -> Counterpart:
    """What `answer` to question `name` (row `item` of a grid) is compared with in `before`."""
    members = now.survey.scale_of(name).members(answer)
    return _matched(now, before, name, members, item)


def counterparts(
    rounds: Sequence[Described], name: str, answer: str, item: str
) -> list[Counterpart]:
    """The same in each wave before: `rounds` are the wave itself and those before it, the nearest
    first; what is found is for all but the first of them."""
    options: Sequence[str] = rounds[0].survey.scale_of(name).members(answer)
    found: list[Counterpart] = []
    broken = ""
    for now, before in _steps(rounds, name):
        if now is None:
            found.append(Counterpart(reason=broken or f"not asked in {before.wave.title}"))
            continue
        step = Counterpart(reason=broken) if broken else _matched(now, before, name, options, item)
        options, broken = step.options, step.reason
        found.append(step)
    return found


def breaks(rounds: Sequence[Described], name: str, item: str = "") -> list[str]:
    """Why a question, or a row of a grid, cannot be compared with each wave before; "" where it
    can. `rounds` as in `counterparts`."""
    found: list[str] = []
    broken = ""
    for now, before in _steps(rounds, name):
        if now is not None:
            broken = broken or incomparable(now, before, name, item)
        found.append(broken or ("" if now else f"not asked in {before.wave.title}"))
    return found


def _steps(rounds: Sequence[Described], name: str) -> Iterator[tuple[Described | None, Described]]:
    """Each wave before, behind the one that a question is compared with it from: the next wave, or
    one that asks it again as it did; None in front of a wave that is passed over so."""
    names = [each.name for each in rounds]
    place = 0
    while place < len(rounds) - 1:
        again = rounds[place].wave.asked_again.get(name)
        target = names.index(again) if again in names[place + 1 :] else place + 1
        yield from ((None, passed) for passed in rounds[place + 1 : target])
        yield rounds[place], rounds[target]
        place = target


def _matched(
    now: Described, before: Described, name: str, options: Sequence[str], item: str
) -> Counterpart:
    """What `options` of `now` are compared with in the wave before."""
    if reason := incomparable(now, before, name, item):
        return Counterpart(reason=reason)
    members = set(options)
    pairs = _pairs(now, before, name)
    if pairs is None:
        return Counterpart(reason=_other_options(now, before, name))
    earlier: list[str] = []
    covered: set[str] = set()
    for own, theirs in pairs:
        if own <= members:
            covered |= own
            earlier += [option for option in theirs if option not in earlier]
    if covered != members or not earlier:
        return Counterpart(reason=_other_options(now, before, name))
    return Counterpart(tuple(earlier))


def incomparable(now: Described, before: Described, name: str, item: str = "") -> str:
    """Why a question, or a row of a grid, is not compared at all; "" where it is."""
    declared = now.wave.not_comparable
    title = before.wave.title
    if reason := declared.get(f"{name}.{item}" if item else name) or declared.get(name):
        return reason
    earlier = before.survey.questions.get(name)
    if earlier is None:
        return f"not asked in {title}"
    asked = now.survey.questions[name]
    if earlier.type != asked.type:
        return f"asked in another way in {title}"
    if item and item not in getattr(earlier, "items", {}):
        return f"not asked in {title}"
    pairs = _pairs(now, before, name)
    return _other_options(now, before, name) if pairs is None else ""


def _other_options(now: Described, before: Described, name: str) -> str:
    own, theirs = (list(side.survey.scale_of(name).options) for side in (now, before))
    scale = now.survey.scale_of(name)
    added = [f"'{scale.options[o].label}'" for o in own if o not in theirs]
    if added:
        return f"{' and '.join(added)} could not be chosen in {before.wave.title}"
    return f"other answers were on offer in {before.wave.title}"


def _pairs(
    now: Described, before: Described, name: str
) -> list[tuple[frozenset[str], frozenset[str]]] | None:
    """Sets of options of both waves that mean the same; None where the scales do not compare."""
    own, theirs = (side.survey.scale_of(name).options for side in (now, before))
    if set(own) == set(theirs):
        return [(frozenset([option]), frozenset([option])) for option in own]
    mine = _mapping(now, name)
    if mine is None:
        return None
    found = []
    for option in dict.fromkeys([*own, *theirs]):
        here = frozenset(o for o in mine.get(option, [option]) if o in own)
        used = any(option in parts for key, parts in mine.items() if key != option)
        if here and option in theirs and not used:
            found.append((here, frozenset([option])))
    return found


def _mapping(side: Described, name: str) -> dict[str, list[str]] | None:
    """`comparable` of a question; {} for the scale of the wave before, None where nothing is
    said."""
    question = side.survey.questions[name]
    shared = getattr(question, "scale", "")
    keys = [name, shared] if isinstance(shared, str) else [name]
    for key in keys:
        recoded = side.wave.recoded.get(key)
        if recoded is not None and (recoded.add or recoded.drop):
            return None if recoded.comparable is None else dict(recoded.comparable)
    return {}
