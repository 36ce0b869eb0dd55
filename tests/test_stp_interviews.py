"""The synthetic interviews: repeatable, safe to publish, and as the report says."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "surveys" / "stp-interviews" / "reconstruction" / "build.py"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stp_interviews_build", BUILD)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(build: ModuleType) -> Any:
    return build.reconstruct()


def test_rebuilding_gives_the_committed_bytes(build: ModuleType, made: Any) -> None:
    assert build.export_workbook(made) == build.EXPORT.read_bytes()
    assert build.coding_workbook(made) == (build.SURVEY / "coding.xlsx").read_bytes()
    assert build.comments_workbook(made) == (build.SURVEY / "comments.xlsx").read_bytes()


def test_eighteen_interviews_in_thirteen_areas(made: Any) -> None:
    assert len(made.rows) == 18
    assert len({area for _, area, *_ in made.rows}) == 13


def test_no_role_is_one_persons(made: Any) -> None:
    roles = Counter(row[4] for row in made.rows)
    assert min(roles.values()) >= made.survey.minimum_base


def test_every_theme_of_the_frame_is_given_and_belongs_to_one_part(made: Any) -> None:
    question = made.survey.questions["notes"]
    assert {passage.theme for passage in made.passages} - {""} == set(question.themes)
    parts = Counter(theme for themes in question.nets.values() for theme in themes)
    assert parts == dict.fromkeys(question.themes, 1)


def test_what_the_report_says_in_words_holds(made: Any) -> None:
    raised = Counter(passage.theme for passage in made.passages)
    assert raised["leadership"] == 18  # all
    assert raised["essential"] == raised["footprints"] == 17  # almost all
    for theme in ("culture", "transparency", "evidence", "consultation"):  # most
        assert raised[theme] > 9
    assert raised["guidance"] == 1  # a single participant


def test_excerpts_of_a_theme_that_one_interviewee_raised_are_not_published(made: Any) -> None:
    raised = Counter(passage.theme for passage in made.passages)
    assert not [p for p in made.passages if p.publish and raised[p.theme] == 1]
