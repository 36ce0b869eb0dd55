"""The second path from raw cells to estimates, on the toy survey, against the pipeline's."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

import toy
from wavedeck.cli import main as wavedeck
from wavedeck.layout import WaveFiles
from wavedeck.survey import load_codebook
from wavedeck.verify.command import _recompute, _tables
from wavedeck.verify.failures import Report

STAGES = [
    ("ingest", "survey wave cells source"),
    ("clean", "survey wave cells source answers comments ledger quality"),
    ("weight", "survey wave frames answers weights margins bounds summary"),
    ("estimate", "survey wave answers comments weights margins weighting estimates"),
]
FILES = {
    "survey": "surveys/toy/survey.yaml",
    "wave": "raw/toy/2020/wave.yaml",
    "frames": "raw/frames",
    "source": "processed/toy/2020/source.json",
    "quality": "processed/toy/2020/quality.csv",
    "bounds": "processed/toy/2020/bounds.csv",
    "summary": "processed/toy/2020/weighting.json",
    "weighting": "processed/toy/2020/weighting.json",
}


def built(root: Path, monkeypatch: pytest.MonkeyPatch) -> WaveFiles:
    """The tables of the toy wave, by the stages' own commands."""
    monkeypatch.chdir(root)
    for stage, flags in STAGES:
        arguments = [stage]
        for flag in flags.split():
            arguments += [f"--{flag}", FILES.get(flag, f"processed/toy/2020/{flag}.parquet")]
        assert wavedeck(arguments) == 0
    return WaveFiles("toy", "2020")


def recomputed(files: WaveFiles) -> Report:
    report = Report()
    survey, wave = load_codebook(Path("surveys/toy/survey.yaml"), Path("raw/toy/2020/wave.yaml"))
    _recompute(files, survey, wave, _tables(files, report), report)
    return report


def test_both_paths_agree(toy_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = recomputed(built(toy_project, monkeypatch))
    assert report.failures == []
    assert report.checked["estimates"] > 200
    assert report.checked["responses"] == len(toy.KEPT)


def test_both_paths_agree_without_weights(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("frame:\n")].replace("where: in_frame, ", ""))
    report = recomputed(built(toy_project, monkeypatch))
    assert report.failures == []


COUNTS = """\
frame:
  label: all councils
  source: made up
  counts: {council_type x q1: {county x agree: 20, county x disagree: 10, unitary x agree: 30}}
outside_frame:
  council_type: [district]
  q1: [neither, dont_know]
weighting:
  margins: [council_type x q1]
  lower: 0.3
  upper: 3
"""
SHARES = """\
frame:
  label: all
  source: made up
  counts: {council_type: {county: 0.4, unitary: 0.6}}
  counts_are: shares
outside_frame:
  council_type: [district]
weighting:
  margins: [council_type]
  lower: 0.3
  upper: 1.5
"""


def test_both_paths_agree_on_crossed_counts(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single-choice question stands in for a second margin; who gave no answer is left out."""
    path = toy_project / "surveys/toy/survey.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("frame:\n")] + COUNTS)
    toy.spoil(toy_project / "raw/toy/2020/toy.xlsx", lambda book: _answer(book["Responses"]))
    report = recomputed(built(toy_project, monkeypatch))
    assert report.failures == []
    assert report.checked["margins"] == 3


def _answer(sheet: Any) -> None:
    """Councils agree about q1, and all of them answered it."""
    sheet["F6"], sheet["F3"] = "Agree", "Agree"


def test_both_paths_agree_on_persons_weighted_to_shares(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    text = path.read_text().replace("    organisation: Council\n", "")
    text = text.replace("others: [Link]", "others: [Link, Council]")
    path.write_text(text[: text.index("frame:\n")] + SHARES)
    wave = toy_project / "raw/toy/2020/wave.yaml"
    wave.write_text(wave.read_text().replace("[Council, Q4. Comments]", "[Q4. Comments]"))
    report = recomputed(built(toy_project, monkeypatch))
    assert report.failures == []
    assert report.checked["weights"] == 8


def test_another_answer_in_the_workbook_is_named(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = built(toy_project, monkeypatch)
    export = toy_project / "raw/toy/2020/toy.xlsx"
    book = load_workbook(export)
    book["Responses"]["I2"] = 3  # the rank of red
    book["Responses"]["F3"] = "Agreed"  # no label of the codebook
    book.save(export)
    places = [failure.place for failure in recomputed(files).failures]
    assert "cell F3, 'Q1. Is it good?'" in places
    assert "q3.red:mean (unweighted), value" in places
    assert any(place.startswith("row 2 of the export, q3.red") for place in places)


def test_another_error_in_the_table_is_named(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = built(toy_project, monkeypatch)
    path = toy_project / "processed/toy/2020/estimates.parquet"
    table = pq.read_table(path)
    place = table["id"].to_pylist().index("q1.agree")
    errors = table["standard_error"].to_pylist()
    errors[place] *= 1.001
    column = table.column_names.index("standard_error")
    pq.write_table(table.set_column(column, "standard_error", pa.array(errors)), path)
    places = [failure.place for failure in recomputed(files).failures]
    assert places == ["q1.agree (unweighted), standard_error"]


def test_a_survey_that_only_describes_has_no_errors_and_tests(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codebook = toy_project / "surveys/toy/survey.yaml"
    codebook.write_text("inference: none\n" + codebook.read_text())
    files = built(toy_project, monkeypatch)
    path = toy_project / "processed/toy/2020/estimates.parquet"
    rows = pq.read_table(path).to_pylist()
    for name in ("standard_error", "lower", "upper", "design_effect"):
        assert all(math.isnan(row[name]) for row in rows), name
    assert not any(row["letters"] or row["against_rest"] for row in rows)
    assert "rao_scott" not in {row["statistic"] for row in rows}
    assert recomputed(files).failures == []
    row = next(row for row in rows if row["id"] == "q1.agree")
    row |= {"lower": 20.0, "letters": "B"}
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(path)), path)
    places = {failure.place for failure in recomputed(files).failures}
    assert places == {"q1.agree (unweighted), lower", "q1.agree (unweighted), letters"}
