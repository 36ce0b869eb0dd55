"""diff: a corrected export, and what it moves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from conftest import EXPORT, WAVE, snakemake
from wavedeck import cli


def difference(old: Path, new: Path, capsys, monkeypatch) -> tuple[int, dict]:
    monkeypatch.chdir(new)
    status = cli.main(["diff", WAVE, str(old), ".", "--json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    return status, json.loads(captured.out)


@pytest.fixture(scope="module")
def corrected(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built project with one answer to q2a corrected, built as far as its deck."""
    root = Path(shutil.copytree(built, tmp_path_factory.mktemp("corrected") / "project"))
    workbook = load_workbook(root / EXPORT)
    sheet = workbook["Responses"]
    assert sheet["M5"].value == "Tend to disagree"
    sheet["M5"] = "Tend to agree"
    workbook.save(root / EXPORT)
    result = snakemake(root, f"processed/{WAVE}/deck/unweighted/deck.qmd")
    assert result.returncode == 0, result.stdout + result.stderr
    return root


def test_nothing_moves_between_a_build_and_itself(built: Path, capsys, monkeypatch) -> None:
    status, told = difference(built, built, capsys, monkeypatch)
    assert status == 0
    assert not any(told[part] for part in ("cells", "coding", "responses", "weights", "moved"))


def test_one_corrected_answer(built: Path, corrected: Path, capsys, monkeypatch) -> None:
    status, told = difference(built, corrected, capsys, monkeypatch)
    assert status == 1
    (cell,) = told["cells"]
    assert (cell["column"], cell["new_cell"]) == ("q2a", "M5")
    assert (cell["old"], cell["new"]) == ("Tend to disagree", "Tend to agree")
    moved = {(entry["id"], entry["edition"]): entry for entry in told["moved"]}
    disagree = moved["q2a.disagree", "unweighted"]
    assert (disagree["old"], disagree["new"], disagree["slides"]) == ("69%", "68%", [5, 9])
    assert disagree["change"] == pytest.approx(-1.25)
    assert disagree["reasons"] == ["raw answers (M5)"]
    assert ("q17.confident.objectives@q2a.agree:base", "unweighted") in moved
    assert not any(name.startswith("q1.") or name.startswith("q4.") for name, _ in moved)
    assert told["weights"] == [] and told["modules"] == []


def test_what_a_user_gets_wrong(built: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(built)
    assert cli.main(["diff", WAVE, "no-such-revision"]) == 1
    assert "neither a folder nor a commit" in capsys.readouterr().err
    assert cli.main(["diff", WAVE, "raw"]) == 1
    assert "holds no Snakefile" in capsys.readouterr().err


MANIFEST = f"report/{WAVE}/audit/manifest.json"


def test_two_manifests_with_their_builds(built: Path, corrected: Path, capsys, monkeypatch) -> None:
    """The corrected build has no bundle yet: its folder's manifest is that of before."""
    monkeypatch.chdir(built)
    assert cli.main(["diff", WAVE, MANIFEST, str(built), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["manifests"], told["moved"]) == ([], [])
    # The tables of `corrected` are not those of its manifest, so that it stands alone.
    assert cli.main(["diff", WAVE, MANIFEST, str(corrected / MANIFEST)]) == 0
    assert "The build behind" in capsys.readouterr().out


def test_two_bare_manifests(built: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    content = json.loads((built / MANIFEST).read_text())
    content["inputs"][EXPORT]["sha256"] = "0" * 64
    content["software"]["packages"]["numpy"] = "0.1"
    del content["published"][f"report/{WAVE}/deck.pdf"]
    other = tmp_path / "manifest.json"
    other.write_text(json.dumps(content))
    own = Path(shutil.copy(built / MANIFEST, tmp_path / "own.json"))
    monkeypatch.chdir(built)
    assert cli.main(["diff", WAVE, str(own), str(other), "--json"]) == 1
    lines = json.loads(capsys.readouterr().out)["manifests"]
    assert len(lines) == 3
    assert lines[0].startswith(f"input {EXPORT}: sha256 ") and lines[0].endswith("-> 000000000000")
    assert lines[1] == f"published file report/{WAVE}/deck.pdf: gone"
    assert lines[2].startswith("package numpy: ") and lines[2].endswith("-> 0.1")


def test_a_file_that_is_no_manifest(built: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(built)
    assert cli.main(["diff", WAVE, "config.yaml"]) == 1
    assert "config.yaml: this is no manifest" in capsys.readouterr().err
    assert cli.main(["diff", "stp-councillors/2017", MANIFEST, "HEAD"]) == 1
    assert "there is no manifest to hold beside" in capsys.readouterr().err
