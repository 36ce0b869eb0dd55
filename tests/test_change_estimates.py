"""Change since the wave before: estimated, in words, claimed, and verified on a second path."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chain
import toy
from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.checks import CheckError, evaluate
from wavedeck.estimate.change import LEVEL
from wavedeck.estimate.change import Tables as StageTables
from wavedeck.figures import Figures, load
from wavedeck.layout import WaveFiles
from wavedeck.rounding import points_text
from wavedeck.statistics.change import change
from wavedeck.survey import load_codebook
from wavedeck.survey.comparable import Described
from wavedeck.trace.estimate import trace
from wavedeck.trace.tables import Tables
from wavedeck.verify.command import _recompute, _tables
from wavedeck.verify.failures import Report


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both waves of the toy survey, by the stages' own commands."""
    root = toy.second_wave(toy.project(tmp_path_factory.mktemp("waves")))
    return chain.built(root, ("2020", "2021"))


def rows(root: Path, weighted: bool = False) -> dict[str, dict[str, Any]]:
    path = root / "processed/toy/2021/estimates.parquet"
    return {r["id"]: r for r in files.read_table(path, weighted=weighted).to_pylist()}


def test_values_of_both_waves(built: Path) -> None:
    found = rows(built)
    # 2020: six answered q1 of whom four agree (don't know is an answer); 2021: eight, six agree.
    now, then = found["q1.agree"], found["q1.agree:previous"]
    assert (now["base"], then["base"]) == (8, found["q1:previous_base"]["value"])
    assert now["previous"] == then["value"]
    assert now["change"] == pytest.approx(now["value"] - then["value"], abs=1e-12)
    assert found["q1.agree:change"]["value"] == now["change"]
    assert found["overlap.organisations"]["value"] == 5  # A, B, C, D and F
    assert found["wave.title:previous"]["text"] == "Spring"
    assert found["sample.councils:previous"]["text"] == "7"


def test_what_cannot_be_compared_says_why(built: Path) -> None:
    found = rows(built)
    for name, reason in (
        ("q1.unsure", "'Not sure' could not be chosen in Spring"),
        ("q2.agree.end", "the end is another"),
    ):
        assert found[name]["change_note"] == reason
        assert math.isnan(found[name]["change"])
        assert found[f"{name}:change"]["text"] == "not comparable"


def test_particulars_and_breakdowns_have_no_change(built: Path) -> None:
    found = rows(built)
    assert not any(name.startswith("council_type") and ":change" in name for name in found)
    assert not any("@" in name and name.endswith(("change", "previous")) for name in found)


@pytest.mark.parametrize(
    ("name", "year", "then"),
    [
        ("q1.agree:previous", "2020", ""),
        ("q1.agree:change", "2021", "2020"),
        ("q1:base", "2021", ""),
    ],
)
def test_a_number_of_the_wave_before_leads_to_its_workbook(
    built: Path, name: str, year: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built)
    survey, _ = load_codebook(Path("surveys/toy/survey.yaml"), Path("raw/toy/2021/wave.yaml"))
    told = trace(Tables(WaveFiles("toy", "2021"), survey), name, "unweighted", {})
    source = {
        wave: json.loads(Path(f"processed/toy/{wave}/source.json").read_text())
        for wave in ("2020", "2021")
    }
    assert source["2020"]["sha256"] != source["2021"]["sha256"]
    assert told.source["sha256"] == source[year]["sha256"]
    both = told.comparison.get("Then, from", "")
    assert both.endswith(source[then]["sha256"]) if then else both == ""
    leads = "wavedeck trace toy/2020 ID" if name != "q1:base" else None
    assert told.comparison.get("The wave before") == leads


def test_arrows_stand_only_where_the_test_says_so(built: Path) -> None:
    told = 0
    for weighted in (False, True):
        for name, row in rows(built, weighted).items():
            if row["statistic"] == "change" and row["change_note"] in ("up", "down", "none"):
                sure = row["change_p"] < LEVEL
                way = "up" if row["value"] > 0 else "down"
                assert row["change_note"] == (way if sure else "none"), name
                expected = points_text(row["value"]) if sure else "no clear change"
                assert row["text"] == expected
                told += 1
    assert told > 10


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (6.5, "up 7 points"),
        (-0.6, "down 1 point"),
        (0.4, "up less than 1 point"),
        (-12.4, "down 12 points"),
    ],
)
def test_points_in_words(points: float, text: str) -> None:
    assert points_text(points) == text


def test_the_same_number_in_two_waves_is_not_the_same_respondent(built: Path) -> None:
    """Forms number the responses of every wave from 1; without a column of organisations nobody
    is known to have answered twice, and the samples are independent."""
    survey, wave = load_codebook(
        built / "surveys/toy/survey.yaml", built / "raw/toy/2021/wave.yaml"
    )
    columns = survey.export.columns.model_copy(update={"organisation": None})
    export = survey.export.model_copy(update={"columns": columns})
    told = Described(survey.model_copy(update={"export": export}), wave)
    people = [str(number) for number in range(1, 9)]
    sides = []
    for book, agree in (("a", 3), ("b", 6)):
        keys = [f"{book}:Sheet:{number}" for number in people]
        codes = {"q1": np.array([1] * agree + [2] * (8 - agree), np.int8)}
        answers = Answers(keys, people, [*range(2, 10)], people, codes)
        tables = StageTables(answers, {"in_frame": np.ones(8)}, None)
        option = next(iter(told.survey.scale_of("q1").options))
        sides.append(tables.side(told, weighted=False).share("q1", "", [option]))
    before, now = sides
    found = change(now, before)
    assert found.in_both == 0
    expected = math.sqrt(3 / 8 * 5 / 8 / 7 + 6 / 8 * 2 / 8 / 7)
    assert found.standard_error == pytest.approx(expected)


def recomputed(root: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(root)
    report = Report()
    wave = WaveFiles("toy", "2021")
    survey, described = load_codebook(wave.team / "survey.yaml", wave.raw / "wave.yaml")
    _recompute(wave, survey, described, _tables(wave, report), report)
    return report


def test_both_paths_agree_on_changes(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = recomputed(built, monkeypatch)
    assert report.failures == []
    assert report.checked["changes"] > 20
    # Nobody then, or nobody now: the second path has the same variance for it.
    ends = [row for row in rows(built).values() if {row["previous"], row["value"]} & {0, 100}]
    assert any(row["change_se"] > 0 for row in ends)


@pytest.mark.parametrize(
    ("statistic", "column", "value"),
    [
        ("percent", "previous", 1.0),
        ("percent", "change", 1.0),
        ("percent", "change_se", 1.0),
        ("percent", "change_p", 0.9999),
        ("percent", "change_note", "up"),
        ("previous", "text", "99%"),
        ("previous", "value", 99.0),
        ("previous_base", "value", 3.0),
        ("change", "text", "up 9 points"),
        ("change", "value", 9.0),
    ],
)
def test_a_tampered_change_is_found(
    built: Path, monkeypatch: pytest.MonkeyPatch, statistic: str, column: str, value: object
) -> None:
    import pyarrow as pa

    path = built / "processed/toy/2021/estimates.parquet"
    original = path.read_bytes()
    table = files.read_table(path)
    data = table.to_pylist()
    stem = {"percent": "q1.agree", "previous_base": "q1:previous_base"}
    name = stem.get(statistic, f"q1.agree:{statistic}")
    row = next(r for r in data if r["id"] == name and not r["weighted"])
    row[column] = value
    try:
        files.write_table(path, pa.Table.from_pylist(data, schema=table.schema))
        found = recomputed(built, monkeypatch).failures
    finally:
        path.write_bytes(original)
    assert any(name.removesuffix(f":{statistic}") in failure.place for failure in found)


@pytest.fixture
def figures(built: Path) -> Figures:
    return load(built / "processed/toy/2021/estimates.parquet", "unweighted")


def test_claims_about_change(figures: Figures) -> None:
    assert evaluate("q1.agree > q1.agree:previous", figures).holds
    steady = evaluate("q1.agree steady", figures)
    assert steady.holds and "no clear change" in steady.says
    assert not evaluate("q1.agree rose", figures).holds
    assert not evaluate("q2.agree.* steady", figures).holds, "the end is not comparable"
    assert "the end is another" in evaluate("q2.agree.* steady", figures).says
    with pytest.raises(CheckError, match="has no change"):
        evaluate("council_type.county rose", figures)
    with pytest.raises(CheckError, match="matches no estimate"):
        evaluate("q9.agree.* rose", figures)
