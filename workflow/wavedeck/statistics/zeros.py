"""What zeros tell of a hidden group: where nobody of some gave an answer, nobody of each did.

Counts are not negative. A shown count of 0, or a remainder of 0 (everyone less all shown groups of
a question, one group less another within it), thus tells of each kind of respondent in it that
none gave the answer. These kinds drop out of every sum that is shown for the answer, and a hidden
group can then follow from what is left although it is no combination of the groups as a whole:
seven gave an answer, of them seven are told by region, so none was in London, so the one who is of
no type shown was of the districts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from wavedeck.statistics.disclosure import (
    EVERYONE,
    Group,
    Key,
    Protection,
    protect,
    space_of,
    within,
)

Given = Sequence[np.ndarray]
"""For each answer, respondents who gave it by kind."""


def protect_with_zeros(
    groups: Sequence[Group],
    hidden: Iterable[Key],
    minimum: int,
    given: Given,
    protecting: Callable[[frozenset[Key]], Protection] | None = None,
) -> Protection:
    """`protect`, and more groups where zeros of an answer would tell a group's number that is not
    0: the smallest whose hiding keeps it, else the smallest of all.

    That all of many gave no such answer tells of a few of them what it tells of a group that is
    shown, and is not kept. `protecting` is `protect` of the groups, as a caller may remember it.
    """
    few = frozenset(hidden)
    search = protecting or (lambda keys: protect(groups, keys, minimum))
    found, more = search(few), frozenset[Key]()
    everyone = {g.base for g in groups if g.key[1] == EVERYONE}
    targets = [g for g in groups if g.family and g.key in few and 0 < g.base < min(everyone)]
    answers = [each for each in given if each.any()]
    while leaks := _leaks(groups, few | more | found.groups, found.counts, targets, answers):
        gone = few | more | found.groups
        free = sorted(
            (g for g in groups if g.family and g.base and g.key not in gone), key=lambda g: g.base
        )
        if not free:
            break
        leak = leaks[0]
        helping = (
            g
            for g in free
            if not _leaks(groups, _both(groups, gone | {g.key}), found.counts, [leak], answers)
        )
        more |= _both(groups, frozenset({next(helping, free[0]).key}))
        found = search(few | more)
    return Protection(found.groups | (more - few), found.counts)


def _both(groups: Sequence[Group], keys: frozenset[Key]) -> frozenset[Key]:
    """Groups of the unweighted edition together with the same of the weighted."""
    twins = {(True, subset) for weighted, subset in keys if not weighted}
    return keys | (twins & {group.key for group in groups})


def _leaks(
    groups: Sequence[Group],
    gone: frozenset[Key],
    uncounted: frozenset[Key],
    targets: Sequence[Group],
    answers: Given,
) -> list[Group]:
    """Targets whose number of an answer follows from counts and their zeros, and is not 0."""
    if not targets:
        return []
    some = [g for g in groups if g.base and (g.family or g.key[1] == EVERYONE)]
    shown = [g for g in some if g.key not in gone | uncounted]
    parts = np.array(list(_not_negative(shown)))
    found = []
    for number in answers:
        none = parts[(parts @ number) == 0].any(axis=0) if len(parts) else np.zeros(0, bool)
        if not none.any():
            continue  # without zeros, `protect` has seen to it
        left = [Group(g.key, g.family, np.where(none, 0, g.members)) for g in shown]
        space = space_of([g for g in left if g.members.any()])
        for target in targets:
            rest = Group(target.key, "", np.where(none, 0, target.members))
            if rest.members.any() and within([rest], space) and target not in found:
                found.append(target)
    return found


def _not_negative(shown: Sequence[Group]) -> Iterator[np.ndarray]:
    """Sums over some kinds that can be had from shown groups: (kinds,) of 0 and 1."""
    families: dict[tuple[bool, str], list[np.ndarray]] = {}
    for group in shown:
        own = group.members > 0
        yield own.astype(int)
        if group.family:
            families.setdefault((group.key[0], group.family), []).append(own)
        for other in shown:
            part = other.members > 0
            if (part <= own).all() and (part < own).any():
                yield (own & ~part).astype(int)
    for everyone in (g for g in shown if g.key[1] == EVERYONE):
        for (weighted, _), own_groups in families.items():
            if weighted == everyone.key[0]:
                rest = (everyone.members > 0) - np.sum(own_groups, axis=0)
                if rest.min() >= 0:
                    yield rest.astype(int)
