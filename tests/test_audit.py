"""The audit bundle: a workbook that recomputes itself, pages for each number, a manifest."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as parquet
import pytest
from rocrate.rocrate import ROCrate

from conftest import DECKS, EXPORT, RESULTS, WAVE
from deck_browser import new_page
from wavedeck import recipes
from wavedeck.answers import Answers
from wavedeck.audit.command import write_bundle
from wavedeck.audit.formulas import formula_of
from wavedeck.audit.workbook import audit_workbook
from wavedeck.audit.xlsx import Formula, Sheet, workbook
from wavedeck.layout import WaveFiles
from wavedeck.survey import Survey, load_survey


@pytest.fixture
def bundle(built: Path) -> Path:
    return built / "report" / WAVE / "audit"


@pytest.fixture
def survey(built: Path) -> Survey:
    return load_survey(built / "surveys/stp-councillors/survey.yaml")[0]


def rows(built: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(built / "processed" / WAVE / name).to_pylist()
    return found


def test_the_same_inputs_give_the_same_bundle(
    built: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built)
    survey, _, wave = WAVE.partition("/")
    published = [Path(name) for name in [*DECKS, *RESULTS]]
    again = tmp_path / "audit"
    own = WaveFiles(survey, wave)
    write_bundle(own, published, Path("workflow/theme"), Path("config.yaml"), again)
    files = {p.relative_to(again) for p in again.rglob("*") if p.is_file()}
    assert files == {
        p.relative_to(bundle)
        for p in bundle.rglob("*")
        if p.is_file() and not p.name.startswith(".")
    }
    for file in files:
        assert (again / file).read_bytes() == (bundle / file).read_bytes(), file


def test_the_bundle_says_nothing_of_the_machine(built: Path, bundle: Path) -> None:
    for path in [*bundle.glob("*.json"), bundle / "index.html", bundle / "SHA256SUMS"]:
        text = path.read_text()
        for private in (str(built), str(Path.home()), "/tmp/"):
            assert private not in text, (path, private)
        host = re.escape(socket.gethostname())
        # A short host name may stand inside a hash by chance.
        assert not re.search(rf"(?<![\w-]){host}(?![\w-])", text), path


def test_the_manifest_names_inputs_outputs_and_how_they_were_made(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert {EXPORT, f"raw/{WAVE}/wave.yaml", "workflow/theme/deck.css"} <= set(manifest["inputs"])
    assert "raw/frames/england-councils-2017.xlsx" in manifest["inputs"]
    assert set(manifest["published"]) == {*DECKS, *RESULTS}
    assert f"processed/{WAVE}/exhibits/weighted/q1.svg" in manifest["processed"]
    assert {"answers.sav", "audit.xlsx", "index.html", "ledger.csv", "quality.csv"} <= set(
        manifest["audit"]
    )
    assert "workflow/wavedeck/estimate/shares.py" in manifest["code"]
    assert "workflow/wavedeck/reconcile.py" not in manifest["code"]
    assert manifest["engines"]["deck.pdf"]["engine"] == "embedded"
    assert manifest["configuration"]["deck_engine"] == "embedded"
    assert manifest["software"]["packages"]["snakemake"]
    assert manifest["code_state"] == {"commit": None, "clean": None}, "a copy is no checkout"


def test_sums_agree_with_sha256sum(bundle: Path) -> None:
    told = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=bundle)
    assert told.returncode == 0


def test_metadata_are_a_workflow_run_crate(bundle: Path) -> None:
    crate = ROCrate(bundle)
    profiles = {entity.id for entity in crate.root_dataset["conformsTo"]}
    assert "https://w3id.org/ro/wfrun/workflow/0.6" in profiles
    assert "https://w3id.org/ro/wfrun/process/0.6" in profiles
    (action,) = crate.root_dataset["mentions"]
    assert action["instrument"] is crate.mainEntity
    assert {entity["name"] for entity in action["object"]} >= {EXPORT}
    assert {entity["name"] for entity in action["result"]} >= {*DECKS, "audit.xlsx"}
    manifest = json.loads((bundle / "manifest.json").read_text())
    (raw,) = [entity for entity in action["object"] if entity["name"] == EXPORT]
    assert raw["sha256"] == manifest["inputs"][EXPORT]["sha256"]


def test_every_shown_estimate_has_a_page(built: Path, bundle: Path) -> None:
    index = (bundle / "index.html").read_text()
    assert index.index("Restricted.") < index.index("<h1>")
    pages = {path.name: path.read_text() for path in (bundle / "estimates").iterdir()}
    assert len(pages) > 500
    for name, page in pages.items():
        assert f'href="estimates/{name}"' in index
        assert "Restricted." in page and "src=" not in page and "//" not in page.split("<main>")[1]
    page = pages["q2a.disagree.html"]
    for part in ("69%", "answered &#x27;Tend to disagree&#x27;", "Slide 9", "M4</code>", "spaces:"):
        assert part in page, part


_CUT = """
() => [...document.querySelectorAll("th")].flatMap(cell => {
  const text = cell.firstChild;
  if (!text || text.nodeType !== Node.TEXT_NODE) return [];
  return [...text.data.matchAll(/\\S+/g)].filter(word => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]);
})
"""


def test_no_word_of_a_heading_is_cut(bundle: Path) -> None:
    pages = [bundle / "index.html", *sorted((bundle / "estimates").glob("*.html"))[:5]]
    with new_page() as page:
        for path in pages:
            page.goto(path.as_uri())
            assert page.evaluate(_CUT) == [], path.name


def test_the_ledger_is_there_and_opens_safely(bundle: Path) -> None:
    lines = (bundle / "ledger.csv").read_text().splitlines()
    assert lines[0].startswith("rule,reason,respondent")
    assert len(lines) > 390
    assert (bundle / "quality.csv").read_text().startswith("check,where,count,note")


@pytest.mark.skipif(
    not shutil.which("soffice"),
    reason="LibreOffice (soffice) is not installed: formulas of audit.xlsx are not recalculated",
)
def test_libreoffice_recomputes_every_estimate(built: Path, bundle: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(bundle / "audit.xlsx")], check=True, capture_output=True)
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx", read_only=True, data_only=True)
    told = {(row["id"], row["weighted"]): row["value"] for row in rows(built, "estimates.parquet")}
    seen = set()
    for sheet in ("Estimates", "Breakdowns"):
        for row in book[sheet].iter_rows(min_row=2, values_only=True):
            name, edition, _, _, recomputed, _, difference, _ = row[:8]
            assert difference == 0, row
            value = told[name, edition == "weighted"]
            if value == value:
                assert recomputed == pytest.approx(value, abs=1e-9)
            seen.add((name, edition == "weighted"))
    others = {
        (row[0], row[1] == "weighted")
        for row in book["Other numbers"].iter_rows(min_row=2, values_only=True)
    }
    assert seen | others == set(told)
    # The p of an association is no sum over rows: verify and R stand for it.
    of_questions = {n for n, _ in others if n.startswith("q") and not n.endswith(":rao_scott")}
    assert {name for name in of_questions if not name.startswith("q13.")} == set()
    assert book["About"]["A1"].value.startswith("RESTRICTED")


def test_a_workbook_of_too_many_answers_says_what_to_use(built: Path, survey: Survey) -> None:
    table = parquet.read_table(built / "processed" / WAVE / "answers.parquet")
    answers = Answers.from_table(table)
    most = len(answers) * len(answers.codes) - 1
    data = audit_workbook(answers, np.ones(81), [], survey, {}, "A wave", most_cells=most)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["About"]
    said = " ".join(str(cell.value) for (cell,) in book["About"].iter_rows())
    assert "81 respondents" in said and "answers.parquet" in said and "wavedeck verify" in said


def test_text_that_looks_like_a_formula_stays_text() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "a\x07b & <c>", " two  spaces "]
    data = workbook([Sheet("S", ["h"], [[text] for text in texts])], {}, "t")
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(texts)
    assert [cell.value for cell in cells] == [text.replace("\x07", "") for text in texts]


def test_workbooks_have_the_same_bytes_and_no_stored_results() -> None:
    sheets = [Sheet("S", [], [[1.5, Formula("A1*2"), None, float("nan")]])]
    assert workbook(sheets, {}, "t") == workbook(sheets, {}, "t")
    data = io.BytesIO(workbook(sheets, {}, "t"))
    assert openpyxl.load_workbook(data)["S"]["B1"].value == "=A1*2"
    assert openpyxl.load_workbook(data, data_only=True)["S"]["B1"].value is None


def test_formulas_read_like_their_definition() -> None:
    answered, chosen = (
        recipes.Test(("q4.leader",), (), ""),
        recipes.Test(("q4.leader",), (1, 2, 5), ""),
    )
    within = recipes.Test(("region",), (3,), "")
    percent = recipes.Recipe("percent", (answered,), chosen, within, "")
    assert formula_of(percent, weighted=True) == (
        '100*(SUMIFS(W_weighted,A_q4__leader,">=1",A_q4__leader,"<=2",A_region,3)'
        "+SUMIFS(W_weighted,A_q4__leader,5,A_region,3))"
        '/(SUMIFS(W_weighted,A_q4__leader,">0",A_region,3))'
    )
    count = recipes.Recipe("count", (answered,), chosen, None, "")
    assert formula_of(count, weighted=False).count("COUNTIFS(W_unweighted") == 2
