"""The synthetic wave of communications leads: repeatable, and true to what was published."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "surveys" / "trust-comms" / "reconstruction" / "build.py"
UNDER = ("none", "under_half", "half_to_one")


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trust_comms_build", BUILD)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(build: ModuleType) -> Any:
    return build.reconstruct()


def _under(people: list[Any]) -> float:
    return sum(person.answers["q11"] in UNDER for person in people) / len(people)


def _good(people: list[Any], item: str) -> float:
    answers = [person.answers[f"q12.{item}"] for person in people]
    return sum(answer.endswith("_good") for answer in answers) / sum(map(bool, answers))


def test_rebuilding_gives_the_committed_bytes(build: ModuleType, made: Any) -> None:
    assert build.export_workbook(made) == build.EXPORT.read_bytes()
    assert build.frame_workbook(made) == build.FRAME.read_bytes()
    assert build.comments_workbook(made) == (build.SURVEY / "comments.xlsx").read_bytes()


def test_as_many_answer_as_was_published(made: Any) -> None:
    assert len({person.trust for person in made.people}) == len(made.people) == 130
    assert len({name for name, _, _ in made.trusts}) == 232


def test_no_kind_of_trust_answers_more_often_than_there_are_trusts_of_it(made: Any) -> None:
    there = Counter((kind, region) for _, kind, region in made.trusts)
    answering = Counter((person.trust_type, person.region) for person in made.people)
    assert all(number <= there[cell] for cell, number in answering.items())


def test_time_is_as_published(made: Any) -> None:
    people = made.people
    assert _under(people) == 0.8
    kinds = {k: _under([p for p in people if p.trust_type == k]) for k in made_types(people)}
    assert min(kinds, key=kinds.__getitem__) == "mental_health"
    assert max(kinds, key=kinds.__getitem__) == "ambulance"
    regions = {r: _under([p for p in people if p.region == r]) for r in {p.region for p in people}}
    assert max(regions, key=regions.__getitem__) == "north"


def made_types(people: list[Any]) -> set[str]:
    return {person.trust_type for person in people}


def test_relationships_are_as_published(made: Any) -> None:
    question = made.survey.questions["q12"]
    good = {item: _good(made.people, item) for item in question.items}
    assert max(good, key=good.__getitem__) == "ccgs"
    assert min(good, key=good.__getitem__) == "department_of_health"
    assert good["nhs_england"] > good["department_of_health"] < good["nhs_improvement"]
    none = sum(p.answers["q12.department_of_health"] == "no_relationship" for p in made.people)
    assert none > len(made.people) / 2
