"""Secondary suppression, and an attacker with exact fractions who tries to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavedeck.statistics.disclosure import Group, Key, Protection, protect

MINIMUM = 5
Person = tuple[str, ...]
"""A respondent's group under each banner question, and whether they are of the frame."""


def tabulate(people: Sequence[Person], frame: Sequence[bool] | None = None) -> list[Group]:
    """The groups that a table with a column for each answer of each banner question shows."""
    kinds = sorted({(p, f) for p, f in zip(people, frame or [True] * len(people), strict=True)})
    sizes = [
        sum(1 for pair in zip(people, frame or [True] * len(people), strict=True) if pair == kind)
        for kind in kinds
    ]
    found = []
    for weighted in (False, True) if frame else (False,):
        inside = [
            size if f or not weighted else 0 for (_, f), size in zip(kinds, sizes, strict=True)
        ]
        found.append(Group((weighted, ""), "", np.array(inside)))
        for place in range(len(people[0])):
            for name in dict.fromkeys(person[place] for person in people):
                if name == "-":  # did not answer the banner question
                    continue
                members = [
                    size if kind[place] == name else 0
                    for (kind, _), size in zip(kinds, inside, strict=True)
                ]
                key = (weighted, f"b{place}.{name}")
                found.append(Group(key, f"b{place}", np.array(members)))
    return found


def small(groups: Iterable[Group]) -> set[Key]:
    return {g.key for g in groups if g.family and g.base < MINIMUM}


def rank(rows: list[list[Fraction]]) -> int:
    """By Gauss, in exact fractions."""
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(len(rows)):
            if r != found and rows[r][column]:
                factor = rows[r][column] / rows[found][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


def vector(group: Group) -> list[Fraction]:
    return [Fraction(int(size > 0)) for size in group.members]


def is_found(target: Group, shown: Sequence[Group]) -> bool:
    """Whether every table that agrees with what is shown has the same count for the target."""
    known = [vector(group) for group in shown if group.base]
    return rank([*known, vector(target)]) == rank(known)


def few_of_two(groups: Sequence[Group]) -> list[Group]:
    """Fewer than the minimum who are in one group and in another, or in one and not in another."""
    found = []
    known = {tuple(group.members > 0) for group in groups}
    for one in groups:
        for other in groups:
            if one.family and other.family and one.key[0] == other.key[0]:
                for members in (
                    np.minimum(one.members, other.members),
                    one.members - np.minimum(one.members, other.members),
                ):
                    if 0 < members.sum() < MINIMUM and tuple(members > 0) not in known:
                        found.append(Group((one.key[0], f"{one.key} {other.key}"), "", members))
    return found


def had(groups: Sequence[Group], hidden: set[Key], protection: Protection) -> list[Key]:
    """Too few people whose answers the attacker gets, by counts or by weighted shares: groups under
    the minimum, and what two groups have in common or one has besides."""
    gone = hidden | protection.groups
    shown = [g for g in groups if g.key not in gone]
    counted = [g for g in shown if g.key not in protection.counts]
    everyone = {g.key[0]: g.base for g in groups if not g.family}
    found = []
    small_groups = [group for group in groups if group.key in hidden]
    for target in (*small_groups, *few_of_two(groups)):
        if target.base in (0, everyone[target.key[0]]):
            continue
        weighted = [g for g in shown if g.key[0]] if target.key[0] else []
        if is_found(target, counted) or is_found(target, weighted):
            found.append(target.key)
    return found


def solutions(
    groups: Mapping[str, frozenset[int]],
    shown: set[str],
    sizes: Sequence[int],
    truth: Sequence[int],
) -> dict[str, set[int]]:
    """Every count that each group can have, by trying all tables of whole numbers."""
    sums = {name: sum(truth[k] for k in groups[name]) for name in shown}
    found: dict[str, set[int]] = {name: set() for name in groups}
    for table in product(*(range(size + 1) for size in sizes)):
        if all(sum(table[k] for k in groups[name]) == total for name, total in sums.items()):
            for name, kinds in groups.items():
                found[name].add(sum(table[k] for k in kinds))
    return found


def people(**counts: int) -> list[Person]:
    return [tuple(name.split("_")) for name, count in counts.items() for _ in range(count)]


def test_a_group_alone_takes_the_smallest_other_along() -> None:
    groups = tabulate(people(a=3, b=20, c=9, d=12))
    found = protect(groups, small(groups), MINIMUM)
    assert found == Protection(frozenset({(False, "b0.c")}), frozenset())
    assert had(groups, small(groups), Protection()) == [(False, "b0.a")]
    assert had(groups, small(groups), found) == []


def test_of_equals_the_first_goes() -> None:
    groups = tabulate(people(a=3, b=9, c=9))
    assert protect(groups, small(groups), MINIMUM).groups == {(False, "b0.b")}


def test_two_that_are_too_few_together_take_a_third() -> None:
    groups = tabulate(people(a=2, b=2, c=9, d=12))
    assert protect(groups, small(groups), MINIMUM).groups == {(False, "b0.c")}
    groups = tabulate(people(a=3, b=3, c=9, d=12))
    assert protect(groups, small(groups), MINIMUM).groups == frozenset()


def test_who_did_not_answer_the_banner_question_is_a_group_to_mix_up_with() -> None:
    groups = tabulate(people(a=3, b=20, **{"-": 6}))
    assert protect(groups, small(groups), MINIMUM).groups == frozenset()
    groups = tabulate(people(a=3, b=20, **{"-": 1}))
    assert protect(groups, small(groups), MINIMUM).groups == {(False, "b0.b")}


def test_the_same_people_under_another_heading_are_hidden_too() -> None:
    # z under the second question is a, by another name, and b and c are shown as y.
    everyone = people(a_z=3, b_y=8, c_y=9)
    groups = tabulate(everyone)
    hidden = {(False, "b0.a"), (False, "b1.z")}
    found = protect(groups, hidden, MINIMUM)
    assert had(groups, hidden, found) == []
    assert found.groups == {(False, "b0.b"), (False, "b1.y")}


def test_the_one_that_two_groups_differ_by_is_kept() -> None:
    # All 24 of London boroughs are in London, and one county is: London less the boroughs is one
    # person. Nothing is small, and yet regions cannot be shown beside types.
    everyone = people(borough_london=24, county_london=1, county_rest=20, unitary_rest=29)
    groups = tabulate(everyone)
    assert small(groups) == set()
    assert had(groups, set(), Protection()) != []
    found = protect(groups, set(), MINIMUM)
    assert found.groups and had(groups, set(), found) == []
    # Five of them may be shown.
    groups = tabulate(people(borough_london=24, county_london=5, county_rest=20, unitary_rest=29))
    assert protect(groups, set(), MINIMUM) == Protection()


def test_who_stands_outside_of_another_question_is_kept() -> None:
    """The one v is all who gave no answer to the first question: everyone less a and less b. The
    groups that tell share nobody with it."""
    everyone = people(a_u=4, a_w=1, b_u=5, **{"-_v": 1})
    groups = tabulate(everyone, [False] * len(everyone))
    found = protect(groups, small(groups), MINIMUM)
    assert had(groups, small(groups), found) == []


def test_nothing_small_nothing_hidden() -> None:
    groups = tabulate(people(a=5, b=20))
    assert protect(groups, small(groups), MINIMUM) == Protection()


def test_a_group_that_is_everyone_is_as_open_as_the_total() -> None:
    groups = tabulate(people(a=3))
    assert protect(groups, small(groups), MINIMUM) == Protection()


def test_an_empty_group_needs_no_keeping() -> None:
    groups = [*tabulate(people(a=7, b=8)), Group((False, "b0.z"), "b0", np.array([0, 0]))]
    assert protect(groups, small(groups), MINIMUM) == Protection()


def test_editions_that_differ_by_few_do_not_both_show_counts() -> None:
    everyone = people(a=10, b=10, c=2)
    groups = tabulate(everyone, [person != ("c",) for person in everyone])
    found = protect(groups, small(groups), MINIMUM)
    # Without c, everyone is fewer by two; c has nobody left in the weighted edition.
    assert found.counts == {(True, ""), (True, "b0.c")}
    assert (False, "b0.a") in found.groups and (True, "b0.a") in found.groups
    assert had(groups, small(groups), found) == []


def test_a_group_hidden_in_the_weighted_edition_alone() -> None:
    everyone = people(a=6, b=10, c=10)
    groups = tabulate(everyone, [place > 1 for place in range(len(everyone))])
    hidden = small(groups)
    assert hidden == {(True, "b0.a")}
    found = protect(groups, hidden, MINIMUM)
    assert found.groups == {(True, "b0.b")}
    assert had(groups, hidden, found) == []


def test_an_edition_of_few_shows_no_counts() -> None:
    everyone = [("a", "u")] * 5 + [("a", "v")]
    groups = tabulate(everyone, [False] * 5 + [True])
    found = protect(groups, small(groups), MINIMUM)
    assert (True, "") in found.counts and had(groups, small(groups), found) == []


def test_groups_by_opinion_are_left_alone() -> None:
    groups = tabulate(people(a=3, b=20, c=9))
    opinion = [Group(g.key, "", g.members) for g in groups]
    assert protect(opinion, {(False, "b0.a")}, MINIMUM) == Protection()


def test_by_trying_every_table() -> None:
    """The rank says the same as enumeration: without protection one table, with it several."""
    groups = tabulate(people(a=3, b=6, c=5))
    members = {g.key[1]: frozenset(np.flatnonzero(g.members)) for g in groups}
    sizes, truth = [3, 6, 5], [1, 2, 3]
    open_ = {name for name in members if name != "b0.a"}
    assert solutions(members, open_, sizes, truth)["b0.a"] == {1}
    found = protect(groups, small(groups), MINIMUM)
    kept = open_ - {subset for _, subset in found.groups}
    assert len(solutions(members, kept, sizes, truth)["b0.a"]) > 1


SAMPLES = st.lists(
    st.tuples(st.sampled_from("abcd-"), st.sampled_from("uvw"), st.booleans()),
    min_size=2,
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(SAMPLES)
def test_no_attack_succeeds(sample: list[tuple[str, str, bool]]) -> None:
    everyone = [person[:2] for person in sample]
    groups = tabulate(everyone, [person[2] for person in sample])
    hidden = small(groups)
    found = protect(groups, hidden, MINIMUM)
    assert had(groups, hidden, found) == []
    assert protect(groups, hidden, MINIMUM) == found


@settings(max_examples=60, deadline=None)
@given(SAMPLES)
def test_no_more_is_hidden_than_is_needed(sample: list[tuple[str, str, bool]]) -> None:
    """Any one group that is hidden besides, shown again, gives a group away or leaves too few."""
    groups = tabulate([person[:2] for person in sample])
    hidden = small(groups)
    found = protect(groups, hidden, MINIMUM)
    total = next(g.base for g in groups if not g.family)
    by_key = {g.key: g for g in groups}
    for key in found.groups:
        fewer = Protection(found.groups - {key}, found.counts)
        gone = hidden | fewer.groups
        family = [g for g in groups if g.family == by_key[key].family]
        rest = total - sum(g.base for g in family if g.key not in gone)
        lost = [g for g in groups if g.key in gone and g.base not in (0, total)]
        shown = [g for g in groups if g.key not in gone]
        lost += [part for part in few_of_two(groups) if part.base != total]
        assert any(is_found(g, shown) for g in lost) or rest < MINIMUM


@pytest.mark.parametrize("count", [400])
def test_many_groups_take_no_time(count: int) -> None:
    generator = np.random.default_rng(1)
    names = [[f"x{n}" for n in range(size)] for size in (12, 9, 6)]
    weights = [generator.dirichlet(np.full(len(n), 0.5)) for n in names]
    columns = [generator.choice(n, count, p=p) for n, p in zip(names, weights, strict=True)]
    groups = tabulate([tuple(map(str, person)) for person in zip(*columns, strict=True)])
    hidden = small(groups)
    assert hidden and had(groups, hidden, protect(groups, hidden, MINIMUM)) == []
