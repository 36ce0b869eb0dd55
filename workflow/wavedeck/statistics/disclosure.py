"""Secondary suppression: what else to hide, so that no hidden group can be had by subtraction.

A group with fewer respondents than the survey's minimum base is hidden. Its counts can still be had
where they follow from counts that are shown: a total less all other groups, a group that is the
same people under another heading, one edition less the other. So can those of a few who have no
heading of their own: a region less the type of council that all but one of it are. Every count that
is shown is a sum over respondents, so whatever subtraction can find is a linear combination of
shown sums. A hidden group is safe when the vector that says who is in it is no combination of the
vectors of the groups that are shown. (Which answer is counted makes no difference: the sums are the
same for each.)

Method: cell suppression, by whole groups; see Hundepool et al., Statistical Disclosure Control
(Wiley, 2012). docs/maths.md gives the reasons for each rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Key = tuple[bool, str]
"""Whether it is the weighted edition, and the subset ("" for everyone)."""

EVERYONE = ""
SLACK = 1e-7
"""What floats leave of a vector that is a combination of others, relative to its length."""


@dataclass(frozen=True)
class Group:
    """Respondents whose answers are counted together in one edition."""

    key: Key
    family: str
    """The question that makes the group; "" for everyone, and for groups by opinion: nobody knows
    who is in them, so nothing can be subtracted from them and they need no keeping."""
    members: np.ndarray
    """Respondents by kind, 0 where none: people of a kind are in the same groups."""

    @property
    def base(self) -> int:
        return int(self.members.sum())


@dataclass(frozen=True)
class Protection:
    """What to hide besides what was hidden at first."""

    groups: frozenset[Key] = frozenset()
    counts: frozenset[Key] = frozenset()
    """Groups of the weighted edition that show shares but no counts of respondents."""


def protect(groups: Sequence[Group], hidden: Iterable[Key], minimum: int) -> Protection:
    """Groups to hide besides `hidden`, and groups of the weighted edition to show without counts.

    1. What is hidden in the unweighted edition is hidden in the weighted one.
    2. The weighted edition shows no counts of a group that lacks some of its people in the
       unweighted one, where these, or those left, are fewer than `minimum`: the two counts would
       tell how the few answered. Where rule 3 does not suffice, of no group that lacks any.
    3. While a hidden group can be had from what is shown, or the hidden groups of one question
       make up fewer than `minimum` respondents together, the smallest shown group of the same
       question is hidden (of equal ones the first), and where that cannot help, the smallest of
       another question that shares respondents with it, or else the smallest that it follows from.
    4. While the answers of fewer than `minimum` respondents can be had who are all that one group
       has of another, or besides it, the smallest of the groups that they follow from is hidden.
    5. What turns out not to be needed is shown again, the largest first. So no group could be
       shown again alone.
    """
    search = _Search(groups, hidden, minimum)
    found = search.more()
    if search.is_exposed(found):
        search.counts = search.lacking(minimum=None)
        found = search.more()
    return Protection(found, search.counts)


class _Search:
    """The groups of one question, and what is hidden so far."""

    def __init__(self, groups: Sequence[Group], hidden: Iterable[Key], minimum: int) -> None:
        self._groups = {group.key: group for group in groups}
        self._minimum = minimum
        self._given = frozenset(hidden)
        self._first = self._both(self._given)
        self._parts = _small_parts(groups, minimum)
        self.counts = self.lacking(minimum)

    def more(self) -> frozenset[Key]:
        """Groups to hide besides those given."""
        gone = self._first
        while chosen := self._next(gone):
            gone = self._both(gone | {chosen.key})
        exposed = self._exposed(gone)
        for key in sorted(gone - self._first, key=lambda k: (-self._groups[k].base, k)):
            fewer = self._both(gone - {key})
            if key not in fewer and self._exposed(fewer) <= exposed:
                gone = fewer
        return gone - self._given

    def _both(self, keys: frozenset[Key]) -> frozenset[Key]:
        """Groups of the unweighted edition together with the same of the weighted."""
        twins = {(True, subset) for weighted, subset in keys if not weighted}
        return keys | (twins & self._groups.keys())

    def is_exposed(self, more: frozenset[Key]) -> bool:
        return bool(self._exposed(self._first | more))

    def lacking(self, minimum: int | None) -> frozenset[Key]:
        """Groups of the weighted edition that lack some of their people in the unweighted one;
        with a minimum those where the people lacking, or those left, are fewer."""
        found = set()
        for (weighted, subset), group in self._groups.items():
            whole = self._groups.get((False, subset))
            lost = whole.base - group.base if weighted and whole else 0
            if lost and (minimum is None or min(lost, group.base) < minimum):
                found.add(group.key)
        return frozenset(found)

    def _next(self, gone: frozenset[Key]) -> Group | None:
        """The group to hide next; None where all is safe, or nothing is left that would help."""
        exposed = self._exposed(gone)
        found = (self._choose(self._groups[key], gone) for key in self._groups if key in exposed)
        chosen = next((group for group in found if group is not None), None)
        if chosen is not None:
            return chosen
        leaks = {**self._groups, **self._parts}
        told = (self._telling(leaks[key], gone) for key in leaks if key in exposed)
        return next((group for group in told if group is not None), None)

    def _telling(self, leak: Group, gone: frozenset[Key]) -> Group | None:
        """The smallest shown group of those that a leak follows from."""
        for shown, _ in self._systems(gone):
            if shown and within([leak], space_of(shown)):
                matrix = np.stack([group.members > 0 for group in shown], axis=1).astype(float)
                factors = np.linalg.lstsq(matrix, (leak.members > 0).astype(float), rcond=None)[0]
                used = [g for g, f in zip(shown, factors, strict=True) if abs(f) > SLACK]
                return min((g for g in used if g.family), key=lambda g: g.base, default=None)
        return None

    def _choose(self, leak: Group, gone: frozenset[Key]) -> Group | None:
        """The next group to hide for the sake of `leak`."""
        free = [g for g in self._groups.values() if g.family and g.base and g.key not in gone]
        own = [g for g in free if g.family == leak.family and g.key[0] == leak.key[0]]
        others = [g for g in free if g.family != leak.family and _overlap(g, leak)]
        # Hiding one of its own question helps only while that question alone gives it away.
        alone = self._exposed(gone, families=("", leak.family))
        return min(own if leak.key in alone else others, key=lambda g: g.base, default=None)

    def _exposed(
        self, gone: frozenset[Key], families: Collection[str] | None = None
    ) -> frozenset[Key]:
        """Hidden groups that can be had from those shown (of some families), or that have too few
        others to be mixed up with. A group that is everyone is as open as the total."""
        found = set()
        for shown, lost in self._systems(gone):
            given = [g for g in shown if families is None or g.family in families]
            space = space_of(given)
            found |= within(lost, space) | {g.key for g in lost if self._few(g, gone)}
            if families is None:
                found |= within(self._parts.values(), space)
        return frozenset(key for key in found if not self._is_everyone(key))

    def _systems(self, gone: frozenset[Key]) -> list[tuple[list[Group], list[Group]]]:
        """(shown, hidden) groups whose numbers add up: counts of both editions, weighted shares.

        A group that only the weighted edition hides for another's sake has its count shown in the
        unweighted one; what is kept is its share.
        """
        some = [g for g in self._groups.values() if g.base and (g.family or g.key[1] == EVERYONE)]
        shown = [group for group in some if group.key not in gone]
        lost = [group for group in some if group.family and group.key in gone]
        counted = [group for group in shown if group.key not in self.counts]
        uncounted = [g for g in lost if g.key in self._first or (False, g.key[1]) in gone]
        weighted = [g for g in shown if g.key[0]], [g for g in lost if g.key[0]]
        return [(counted, uncounted), weighted]

    def _few(self, group: Group, gone: frozenset[Key]) -> bool:
        """Whether all of a question that is not shown is too few: everyone less those shown."""
        weighted, _ = group.key
        if not group.family or (weighted, EVERYONE) not in self._groups:
            return False
        rest = self._groups[weighted, EVERYONE].members.copy()
        for other in self._groups.values():
            if (other.family, other.key[0]) == (group.family, weighted) and other.key not in gone:
                rest[other.members > 0] = 0
        return int(rest.sum()) < self._minimum

    def _is_everyone(self, key: Key) -> bool:
        whole = self._groups.get((key[0], EVERYONE))
        group = self._groups.get(key) or self._parts[key]
        return whole is not None and group.base == whole.base


def _small_parts(groups: Sequence[Group], minimum: int) -> dict[Key, Group]:
    """Fewer than `minimum` respondents who are all that a group shares with another of the same
    edition, or all that it has besides; those that are a group themselves are left out."""
    named = [group for group in groups if group.family and group.base]
    known = {(group.members > 0).tobytes() for group in groups}
    found: dict[Key, Group] = {}
    for one in named:
        for other in named:
            if one is other or one.key[0] != other.key[0]:
                continue
            shared = other.members > 0
            for sign, who in (("and", shared), ("without", ~shared)):
                members = np.where(who, one.members, 0)
                same = (members > 0).tobytes()
                if 0 < members.sum() < minimum and same not in known:
                    known.add(same)
                    key = (one.key[0], f"{one.key[1]} {sign} {other.key[1]}")
                    found[key] = Group(key, "", members)
    return found


def _overlap(one: Group, other: Group) -> bool:
    return bool((one.members * other.members).any())


def space_of(shown: Sequence[Group]) -> np.ndarray:
    """An orthonormal basis of all that subtraction can reach: kinds x dimensions."""
    if not shown:
        return np.zeros((0, 0))
    matrix = np.stack([group.members > 0 for group in shown], axis=1).astype(float)
    left, values, _ = np.linalg.svd(matrix, full_matrices=False)
    space: np.ndarray = left[:, values > SLACK * values[0]]
    return space


def within(groups: Collection[Group], space: np.ndarray) -> set[Key]:
    """Those of the groups that subtraction can reach."""
    if not space.size or not groups:
        return set()
    matrix = np.stack([group.members > 0 for group in groups], axis=1).astype(float)
    rest = matrix - space @ (space.T @ matrix)
    reached = np.linalg.norm(rest, axis=0) <= SLACK * np.linalg.norm(matrix, axis=0)
    return {group.key for group, inside in zip(groups, reached, strict=True) if inside}
