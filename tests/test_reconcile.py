"""reconcile: the 2017 wave agrees with every published figure; any difference is told."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from conftest import ROOT
from wavedeck import cli

PUBLISHED = ROOT / "surveys/stp-councillors/published/2017.csv"
WAVE = "stp-councillors/2017"


def reconcile(root: Path, against: Path, capsys, monkeypatch) -> tuple[int, str]:
    monkeypatch.chdir(root)
    status = cli.main(["reconcile", WAVE, "--against", str(against)])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_all_published_figures_agree(built: Path, capsys, monkeypatch) -> None:
    rows = len(PUBLISHED.read_text(encoding="utf-8").splitlines()) - 1
    status, told = reconcile(built, PUBLISHED, capsys, monkeypatch)
    assert told.splitlines()[-1] == f"{rows} figures: {rows} agree, 0 differ, 0 not found"
    assert status == 0 and rows == 66


def test_each_kind_of_difference_is_told(built: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    changes = {
        "q1.great_deal": "34",
        "sample.councils": "69",
        "fieldwork.end": "2017-05-12",
        "q14.positive.*:max": "30",
        "q14.too_early.*:min": "40",
        "q17.confident.objectives@q2a.agree:base": "17",
    }
    for key, value in changes.items():
        rows[key] = rows[key] | {"value": value}
    rows["q1.great_deel"] = rows["q1.great_deal"] | {"key": "q1.great_deel"}
    path = tmp_path / "spoilt.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows["q1.great_deal"]))
        writer.writeheader()
        writer.writerows(rows.values())
    status, told = reconcile(built, path, capsys, monkeypatch)
    assert status == 1
    assert "67 figures: 60 agree, 6 differ, 1 not found" in told
    assert set(re.findall(r"^differs +(\S+)", told, re.M)) == set(changes)
    assert re.search(r"^not found +q1\.great_deel .*nearest: q1\.great_deal", told, re.M)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["stp-counsillors/2017"], "nearest:  stp-councillors/2017"),
        (["stp-councillors/2017", "--against", "nowhere.csv"], "there is no such file"),
        (["stp-councillors/2017", "--against", "config.yaml"], "no column 'key'"),
    ],
)
def test_what_a_user_gets_wrong(built: Path, capsys, monkeypatch, arguments, found) -> None:
    monkeypatch.chdir(built)
    extra = [] if "--against" in arguments else ["--against", str(PUBLISHED)]
    assert cli.main(["reconcile", *arguments, *extra]) == 1
    assert found in capsys.readouterr().err
