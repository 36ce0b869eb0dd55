"""A deck over several studies: what it takes from them, where its numbers lead, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import toy
from conftest import copy_project, snakemake
from wavedeck import configuration, files, overview
from wavedeck.errors import WavedeckError
from wavedeck.estimate.table import Estimate, to_table
from wavedeck.figures import Figures
from wavedeck.layout import Project, WaveFiles
from wavedeck.survey import load_codebook
from wavedeck.survey.overview import split
from wavedeck.verify.failures import Report
from wavedeck.verify.overview import check_overview

OVERVIEW = """
title: Side by side
wave: Summer
published: 2020-08-01
studies:
  first: {wave: toy/2020, name: The first study}
  second: {wave: other/2020, name: The second study}
facts:
  context.moons: {value: 1, label: Moons, source: Astronomy}
"""
WAVES = ["stp-councillors/2017", "trust-comms/2017", "stp-interviews/2017", "stp-evidence/2017"]


def rows(value: float) -> list[Estimate]:
    """One percentage with its count and base, in both editions."""
    one = Estimate("q1.agree", False, "q1", "", "agree", "", "percent", 3, 4, 4, 4, value, "75%")
    base = Estimate("q1:base", False, "q1", "", "", "", "base", 4, 4, 4, 4, 4, "4")
    count = one._replace(id="q1.agree:count", statistic="count", value=3.0, text="3")
    each = [one, count, one._replace(id="q1.agree:base", statistic="base", text="4"), base]
    return [*each, *(entry._replace(weighted=True, text="[w]") for entry in each)]


def build_study(root: Path, survey: str, value: float) -> None:
    """A study as far as an overview reads it: codebook, estimates, and the manifest of both."""
    (root / f"surveys/{survey}").mkdir(parents=True, exist_ok=True)
    (root / f"surveys/{survey}/survey.yaml").write_text(toy.SURVEY)
    (root / f"raw/{survey}/2020").mkdir(parents=True, exist_ok=True)
    (root / f"raw/{survey}/2020/wave.yaml").write_text(toy.WAVE)
    estimates = root / f"processed/{survey}/2020/estimates.parquet"
    files.write_table(estimates, to_table(rows(value)))
    bundle = root / f"report/{survey}/2020/audit"
    bundle.mkdir(parents=True)
    listed = {f"processed/{survey}/2020/estimates.parquet": {"sha256": files.sha256_of(estimates)}}
    (bundle / "manifest.json").write_text(json.dumps({"processed": listed}))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WaveFiles]:
    """A project with two studies and an overview, gathered; the working directory."""
    root = toy.project(tmp_path / "project")
    build_study(root, "toy", 75.0)
    build_study(root, "other", 75.0)
    folder = root / "surveys/both/2020"
    folder.mkdir(parents=True)
    (folder / "overview.yaml").write_text(OVERVIEW)
    monkeypatch.chdir(root)
    gather()
    yield Project(Path()).wave("both/2020")


def gather() -> None:
    out = Path("processed/both/2020")
    overview.main(
        [
            *("--overview", "surveys/both/2020/overview.yaml"),
            *("--estimates", str(out / "estimates.parquet"), "--source", str(out / "source.json")),
        ]
    )


def checked(wave: WaveFiles) -> list[str]:
    report = Report()
    check_overview(wave, *load_codebook(wave.codebook, wave.described), report)
    return [str(failure) for failure in report.failures]


def test_an_overview_is_a_wave_without_a_folder_of_raw_files(here: WaveFiles) -> None:
    assert Project(Path()).waves() == ["both/2020", "other/2020", "toy/2020"]
    assert here.is_overview
    assert here.codebook == here.described == Path("surveys/both/2020/overview.yaml")
    assert not Project(Path()).wave("toy/2020").is_overview


def test_ids_carry_their_study(here: WaveFiles) -> None:
    table = files.read_table(here.built("estimates.parquet")).to_pylist()
    assert [row["id"] for row in table] == [
        *("context.moons", "wave.title"),
        *("first/q1.agree", "first/q1.agree:count", "first/q1.agree:base", "first/q1:base"),
        *("second/q1.agree", "second/q1.agree:count", "second/q1.agree:base", "second/q1:base"),
    ]
    assert "[w]" not in {row["text"] for row in table}
    assert split("first/q1.agree") == ("first", "q1.agree")
    assert split("wave.title") == ("", "wave.title")


def test_checks_reach_over_studies(here: WaveFiles) -> None:
    from wavedeck import checks

    table = files.read_table(here.built("estimates.parquet")).to_pylist()
    figures = Figures(table, "unweighted")
    assert checks.evaluate("first/q1.agree >= second/q1.agree", figures).holds
    assert not checks.evaluate("first/q1.agree > second/q1.agree", figures).holds


def test_an_unknown_study_is_named_with_its_line(here: WaveFiles) -> None:
    here.codebook.write_text(OVERVIEW.replace("toy/2020", "toy/2021"))
    with pytest.raises(WavedeckError) as caught:
        overview.load(here.codebook)
    assert "there is no wave 'toy/2021'" in str(caught.value)
    assert "line 6" in str(caught.value)
    assert "nearest:  toy/2020" in str(caught.value)


def test_an_overview_holds_until_a_number_is_another(here: WaveFiles) -> None:
    assert checked(here) == []
    path = here.built("estimates.parquet")
    table = pq.read_table(path).to_pylist()
    table[2]["value"] = 74.0
    pq.write_table(pa.Table.from_pylist(table[:-1]), path)
    told = "\n".join(checked(here))
    assert "first/q1.agree, value" in told
    assert "second/q1:base" in told and "no such row" in told


def test_a_study_that_its_manifest_does_not_vouch_for_is_told(here: WaveFiles) -> None:
    files.write_table(Path("processed/toy/2020/estimates.parquet"), to_table(rows(60.0)))
    gather()
    assert any("sha256 (study The first study)" in failure for failure in checked(here))


def test_a_chart_over_studies_gives_each_a_colour_and_a_base(here: WaveFiles) -> None:
    from wavedeck.draw import studies
    from wavedeck.draw.result import Context
    from wavedeck.exhibits import StudiesExhibit, StudiesGroup

    survey, _ = load_codebook(here.codebook, here.described)
    table = files.read_table(here.built("estimates.parquet")).to_pylist()
    exhibit = StudiesExhibit(
        kind="studies",
        title="Agreement",
        series={"first": "Who agrees here", "second": "Who agrees there"},
        groups=[StudiesGroup(label="The thing", bars=["first/q1.agree", "second/q1.agree"])],
    )
    drawn = studies.draw(exhibit, Context(survey, Figures(table, "unweighted")))
    assert [point.estimate.id for point in drawn.points] == ["first/q1.agree", "second/q1.agree"]
    assert "The thing: Who agrees here 75%, base 4; Who agrees there 75%, base 4" in drawn.alt
    assert drawn.canvas and "second/q1.agree:base" in drawn.canvas.estimates


def test_a_survey_without_weights_has_one_edition(tmp_path: Path) -> None:
    path = tmp_path / "survey.yaml"
    both = configuration.Configuration(waves=["a/b"], editions=["unweighted", "weighted"])
    path.write_text(toy.SURVEY)
    assert both.editions_of(configuration.weighs(path)) == ["unweighted", "weighted"]
    path.write_text(toy.SURVEY.partition("weighting:")[0])
    assert both.editions_of(configuration.weighs(path)) == ["unweighted"]


@pytest.mark.slow
def test_the_studies_of_the_project_build_and_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wavedeck.trace.studies import books_of, trace_in
    from wavedeck.verify.command import verify

    root = copy_project(tmp_path / "project", WAVES)
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    monkeypatch.chdir(root)
    for name in WAVES[1:]:
        assert verify(Project(Path()).wave(name)).failures == []
    assert not (root / "report/stp-interviews/2017/deck-weighted.html").exists()
    wave = Project(Path()).wave("stp-evidence/2017")
    survey, _ = load_codebook(wave.codebook, wave.described)
    found: Any = trace_in(books_of(wave, survey), "trusts/q11.under_a_day", "unweighted", {})
    assert (found.study, found.text, found.respondents) == ("trust-comms/2017", "80%", 130)
