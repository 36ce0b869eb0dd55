"""A question that was dropped and is asked again as in an earlier wave."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import chain
from test_earlier import recomputed, rows
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import read_wave
from wavedeck.survey import Survey, load_codebook
from wavedeck.survey.comparable import Described, breaks, counterparts

AGAIN = 'headers: {q6: "Q6 › Response", q1: "Any good? › Response"}\nasked_again: {q6: "2020"}\n'


def again(root: Path) -> Path:
    """The project where 2022 asks Q6 again as 2020 did."""
    path = chain.project(root) / "raw/toy/2022/wave.yaml"
    text = path.read_text()
    headers = 'headers: {q1: "Any good? › Response"}\n'
    assert headers in text
    path.write_text(text[: text.index("introduced:")].replace(headers, AGAIN))
    return root


def codebook(root: Path, wave: str) -> Survey:
    return described(root, wave).survey


def described(root: Path, wave: str) -> Described:
    paths = root / "surveys/toy/survey.yaml", root / f"raw/toy/{wave}/wave.yaml"
    return Described(*load_codebook(*paths), wave)


def test_the_question_is_that_of_the_earlier_wave_in_its_place(tmp_path: Path) -> None:
    root = again(tmp_path)
    then, now = codebook(root, "2020").questions["q6"], codebook(root, "2022")
    assert now.questions["q6"].text == then.text == "Will it last?"
    assert now.scale_of("q6").options.keys() == {"yes", "no"}
    assert "q6" not in codebook(root, "2021").questions
    order = list(now.questions)
    assert order.index("q6") == order.index("q4") + 1, "behind Q4, as in 2020"


def test_it_keeps_the_scale_that_it_had(tmp_path: Path) -> None:
    root = again(tmp_path)
    path = root / "surveys/toy/survey.yaml"
    own = '    scale:\n      options: {yes: "Yes", no: "No"}\n'
    assert own in path.read_text()
    path.write_text(path.read_text().replace(own, "    scale: agreement\n"))
    # Since Autumn the shared scale has 'Not sure', and since Winter no 'Neither'.
    options = list(codebook(root, "2022").scale_of("q6").options)
    assert options == ["agree", "neither", "disagree", "dont_know"]
    assert "unsure" in codebook(root, "2022").scale_of("q1").options


def test_it_is_compared_with_that_wave_over_those_between(tmp_path: Path) -> None:
    root = again(tmp_path)
    rounds = [described(root, wave) for wave in ("2022", "2021", "2020")]
    found = counterparts(rounds, "q6", "yes", "")
    assert [f.options for f in found] == [(), ("yes",)]
    assert found[0].reason == "not asked in Autumn"
    assert breaks(rounds, "q6") == ["not asked in Autumn", ""]
    path = root / "raw/toy/2022/wave.yaml"
    path.write_text(path.read_text() + "not_comparable: {q6: put after other questions}\n")
    rounds[0] = described(root, "2022")
    assert breaks(rounds, "q6") == ["not asked in Autumn", "put after other questions"]


def test_values_of_both_waves_that_asked_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = chain.built(again(tmp_path))
    found, then = rows(root), rows(root, "2020")
    assert found["q6.yes:in.2020"]["value"] == then["q6.yes"]["value"]
    assert found["q6:base_in.2020"]["value"] == then["q6:base"]["value"]
    assert found["q6.yes:in.2021"]["change_note"] == "not asked in Autumn"
    # Tests of change are between neighbours.
    assert found["q6.yes"]["change_note"] == "not asked in Autumn"
    assert math.isnan(found["q6.yes"]["change"])
    assert recomputed(root, monkeypatch).failures == []


@pytest.mark.parametrize(
    ("old", "new", "said", "near"),
    [
        ('{q6: "2020"}', '{q6: "2002"}', "there is no wave '2002' before this one", "2020"),
        ('{q6: "2020"}', '{q6: "2022"}', "there is no wave '2022' before this one", "2020"),
        ('{q6: "2020"}', '{q66: "2020"}', "the codebook of 2020 has no 'q66'", "q6"),
        ('{q6: "2020"}', '{q4: "2020"}', "'q4' stands in the codebook of 2021 already", ""),
    ],
)
def test_what_cannot_be_asked_again(
    tmp_path: Path, old: str, new: str, said: str, near: str
) -> None:
    root = again(tmp_path)
    path = root / "raw/toy/2022/wave.yaml"
    text = path.read_text().replace(f"asked_again: {old}", f"asked_again: {new}")
    path.write_text(text)
    with pytest.raises(WavedeckError, match=said) as error:
        codebook(root, "2022")
    problem = next(p for p in error.value.problems if said in p.found)
    line = 1 + next(n for n, t in enumerate(text.splitlines()) if t.startswith("asked_again"))
    assert f"line {line}" in problem.where
    assert (problem.nearest or "").startswith(near[:3])


def test_a_column_that_is_back_is_told_how_it_may_be_asked_again(tmp_path: Path) -> None:
    root = again(tmp_path)
    path = root / "raw/toy/2022/wave.yaml"
    path.write_text(path.read_text().replace('asked_again: {q6: "2020"}', ""))
    path.write_text(path.read_text().replace('q6: "Q6 › Response", ', ""))
    survey, wave = load_codebook(root / "surveys/toy/survey.yaml", path)
    with pytest.raises(WavedeckError) as error:
        read_wave(path.parent / "third.xlsx", survey, wave, path)
    problem = next(p for p in error.value.problems if "'Q6 › Response'" in p.found)
    assert 'asked_again: {its_name: "2020"}' in problem.remedy
