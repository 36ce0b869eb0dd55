"""Three waves of the toy survey, by the stages' own commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import toy
from test_recompute import STAGES
from wavedeck.cli import main as wavedeck

OTHERS = {"source": "source.json", "quality": "quality.csv", "bounds": "bounds.csv"}
OTHERS |= {"summary": "weighting.json", "weighting": "weighting.json"}
WAVES = ("2020", "2021", "2022")

LASTING = """\
  q6:
    type: single
    number: Q6
    text: Will it last?
    column: {column}
    scale:
      options: {{yes: "Yes", no: "No"}}
"""
"""A question that is asked, dropped, and asked again."""

AGAIN = """\
reworded: {q1: Is it any good?}
headers: {q1: "Any good? › Response"}
"""


def project(root: Path) -> Path:
    """Spring 2020, Autumn 2021 and Winter 2022: Q6 was not asked in Autumn, Q1 is called otherwise
    in Winter, and the end of Q2 is another since Autumn."""
    toy.third_wave(toy.project(root))
    path = root / "surveys/toy/survey.yaml"
    asked = LASTING.format(column="Q6. Will it last?")
    path.write_text(path.read_text().replace("sample:\n", f"{asked}sample:\n", 1))
    given = ["Yes", "No", "Yes", "Yes"] * 3
    rows = [[*row, answer] for row, answer in zip(toy.ROWS, given, strict=False)]
    header = [*toy.HEADER, "Q6. Will it last?"]
    toy.write(root / "raw/toy/2020/toy.xlsx", [header, *rows], "Responses")
    path = root / "raw/toy/2021/wave.yaml"
    path.write_text(path.read_text().replace("retired: {", "retired: {q6: of no interest, "))
    path = root / "raw/toy/2022/wave.yaml"
    asked = LASTING.format(column="Q6 › Response")
    path.write_text(f"{path.read_text()}{AGAIN}introduced:\n{asked}")
    top = ["Any good?" if cell == "Q1. Is it good?" else cell for cell in toy.NEXT_TOP]
    rows = [["Not sure" if cell == "Neither" else cell for cell in row] for row in toy.NEXT_ROWS]
    third = [[*top, "Q6"], [*toy.NEXT_SECOND, "Response"]]
    third += [[*row, answer] for row, answer in zip(rows, given, strict=False)]
    toy.write(root / "raw/toy/2022/third.xlsx", third, "Sheet")
    return root


def built(root: Path, waves: Sequence[str] = WAVES) -> Path:
    """`root` with the tables of the waves, each from all before it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for number, wave in enumerate(waves):
            for stage in [name for name, _ in STAGES]:
                run(wave, waves[:number], stage)
    return root


def run(wave: str, before: Sequence[str], stage: str) -> None:
    """A stage of a wave, in the project's folder."""
    own = {"survey": "surveys/toy/survey.yaml", "frames": "raw/frames"}
    own["wave"] = f"raw/toy/{wave}/wave.yaml"
    arguments = [stage]
    for flag in dict(STAGES)[stage].split():
        name = OTHERS.get(flag, f"{flag}.parquet")
        arguments += [f"--{flag}", own.get(flag, f"processed/toy/{wave}/{name}")]
    if stage == "estimate" and before:
        nearest = before[::-1]
        arguments += ["--earlier-waves", *(f"raw/toy/{name}/wave.yaml" for name in nearest)]
        arguments += ["--earlier-tables", *(f"processed/toy/{name}" for name in nearest)]
    assert wavedeck(arguments) == 0
