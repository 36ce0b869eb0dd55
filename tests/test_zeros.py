"""Zeros of an answer that would tell of a hidden group, kept in both paths."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from test_disclosure import MINIMUM, people, small, tabulate
from wavedeck.statistics.disclosure import EVERYONE, Group, Key, Protection, protect
from wavedeck.statistics.zeros import protect_with_zeros
from wavedeck.verify.hidden import Shown, _told_by_zeros

# Type and region. Three of districts are too few, and four in the west; boroughs, and London, which
# is the same, are hidden with them.
KINDS = {"borough_london": 12, "county_east": 15, "district_south": 3}
KINDS |= {"unitary_north": 13, "unitary_south": 14, "unitary_west": 4}


def told(groups: list[Group], found: Protection, number: list[int]) -> list[Key]:
    """The attack of verify: groups under the minimum whose number the shown counts tell."""
    hiding: Any = SimpleNamespace(family=lambda subset: subset.partition(".")[0])
    kinds = {g.key: frozenset(np.flatnonzero(g.members).tolist()) for g in groups}
    gone = small(groups) | found.groups
    shown = Shown(kinds, [], frozenset(small(groups)), (tuple(number),))
    return list(_told_by_zeros(hiding, shown, set(kinds) - gone - found.counts))


def test_an_answer_that_all_shown_groups_account_for_tells_nothing_of_a_few() -> None:
    groups = tabulate(people(**KINDS))
    # One of districts gave the answer, two unitary in the south and three in the north: the regions
    # shown account for all six, so none was a borough, so the one that is of no type shown ...
    number = [0, 0, 1, 3, 2, 0]
    plain = protect(groups, small(groups), MINIMUM)
    assert {key for _, key in plain.groups} == {"b0.borough", "b1.london"}
    assert told(groups, plain, number) == [(False, "b0.district")]
    found = protect_with_zeros(groups, small(groups), MINIMUM, [np.array(number)])
    assert told(groups, found, number) == []
    assert found.groups > plain.groups


@pytest.mark.parametrize("number", [[1, 0, 1, 3, 2, 0], [0, 0, 0, 0, 0, 0], [2, 5, 1, 3, 2, 1]])
def test_nothing_more_is_hidden_without_need(number: list[int]) -> None:
    groups = tabulate(people(**KINDS))
    found = protect_with_zeros(groups, small(groups), MINIMUM, [np.array(number)])
    assert found == protect(groups, small(groups), MINIMUM)


@pytest.mark.parametrize("seed", range(150))
def test_no_attack_with_zeros_succeeds(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(10, 60))
    answers = [random.choice(list("abcde"), n, p=[0.4, 0.3, 0.15, 0.1, 0.05]) for _ in range(3)]
    given = list(zip(*answers, strict=True))
    frame = [person[0] != "e" for person in given] if seed % 2 else None
    groups = tabulate(given, frame)
    kinds = next(g for g in groups if g.key == (False, EVERYONE)).members
    numbers = [random.binomial(kinds, p) for p in (0.02, 0.05, 0.1, 0.3)]
    found = protect_with_zeros(groups, small(groups), MINIMUM, numbers)
    for number in numbers:
        assert told(groups, found, number.tolist()) == []
