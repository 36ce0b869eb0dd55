"""A third wave built beside two: what is shown, verified, and left alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

import chain
from conftest import ROOT, snakemake
from wavedeck.layout import WaveFiles
from wavedeck.verify.command import verify

FIRST = """\
## {{ survey.title }} {#title .opening}

## Contents {#contents .contents}

{{ contents() }}

## Goodness {#good .section}

{{ chart("q1") }}

{{ note("q1") }}
"""
SECOND = """
## Since then {#trend .section}

- {{ pct("q1.agree") }} agree, after {{ previous("q1.agree") }} in {{ previous("wave.title") }}.

{{ chart("trend") }}

{{ note("trend") }}
"""
THIRD = """
## As lines {#lines .section}

- {{ pct("q1.agree:in.2020") }} of {{ base("q1:in.2020") }} in {{ fact("wave.title:in.2020") }}.

{{ chart("lines") }}

{{ note("lines") }}
"""
EXHIBITS = """\
exhibits:
  q1: {kind: scale, question: q1, nets: [opinion]}
"""
TREND = """\
  trend:
    kind: trend
    title: Parts and wholes
    rows: {q1.agree: All of it, q2.agree.end: The end, q6.yes: Its lasting}
"""
LINES = """\
  lines: {kind: trend, form: slopes, question: q1, answers: [agree, disagree, unsure]}
"""


def write(root: Path, wave: str, deck: str, exhibits: str) -> None:
    folder = root / "surveys/toy" / wave
    folder.mkdir(parents=True)
    (folder / "deck.qmd.j2").write_text(deck)
    (folder / "exhibits.yaml").write_text(exhibits)


def configure(root: Path, *waves: str) -> None:
    told = {"waves": [f"toy/{wave}" for wave in waves], "deck_engine": "embedded"}
    (root / "config.yaml").write_text(yaml.safe_dump(told | {"editions": ["unweighted"]}))


def run(root: Path) -> str:
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def times(root: Path, *waves: str) -> dict[str, int]:
    found = {}
    for wave in waves:
        for folder in ("processed", "report"):
            for path in (root / folder / "toy" / wave).rglob("*"):
                if path.is_file():
                    found[str(path)] = path.stat().st_mtime_ns
    return found


@pytest.mark.slow
def test_a_third_wave_shows_all_and_rebuilds_nothing_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = chain.project(tmp_path)
    for name in ("Snakefile", "workflow", "profiles", "envs"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    third = root / "raw/toy/2022"
    third.rename(root / "later")
    write(root, "2020", FIRST, EXHIBITS)
    write(root, "2021", FIRST + SECOND, EXHIBITS + TREND.replace(", q6.yes: Its lasting", ""))
    write(root, "2022", FIRST + SECOND + THIRD, EXHIBITS + TREND + LINES)
    configure(root, "2020", "2021")
    run(root)
    before = times(root, "2020", "2021")
    assert len(before) > 60
    two = (root / "report/toy/2021/deck.html").read_text()
    assert "Chart of two waves, Spring and Autumn." in two

    (root / "later").rename(third)
    configure(root, "2020", "2021", "2022")
    run(root)
    assert times(root, "2020", "2021") == before
    deck = (root / "report/toy/2022/deck.html").read_text()
    assert deck.count("Chart of the waves Spring, Autumn and Winter.") == 2
    plain = re.sub(r"<[^>]+>", "", deck)
    assert "not comparable with Spring [z]: the end is another" in plain
    assert "‘Its lasting’ not comparable with Spring and Autumn [z]: not asked in Autumn" in plain
    monkeypatch.chdir(root)
    for wave in ("2021", "2022"):
        assert verify(WaveFiles("toy", wave)).failures == []
    told = json.loads((root / "report/toy/2022/audit/manifest.json").read_text())["inputs"]
    for wave, name in (("2020", "toy.xlsx"), ("2021", "next.xlsx")):
        assert {f"raw/toy/{wave}/{name}", f"processed/toy/{wave}/estimates.parquet"} <= set(told)
    pages = root / "report/toy/2022/audit/estimates"
    page = (pages / "q1.agree_is_in.2020.html").read_text()
    assert "wavedeck trace toy/2020 q1.agree" in page and "toy.xlsx" in page

    # What is mended of the first wave reaches the third.
    path = root / "raw/toy/2020/wave.yaml"
    path.write_text(path.read_text().replace("title: Spring", "title: Early spring"))
    run(root)
    assert (
        "Chart of the waves Early spring, Autumn and Winter."
        in (root / "report/toy/2022/deck.html").read_text()
    )
