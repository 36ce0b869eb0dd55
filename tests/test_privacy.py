"""What is published never holds a respondent: planted markers are looked for in every file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from pypdf.generic import StreamObject

from conftest import DECKS, EXPORT, RESULTS, WAVE, copy_project, snakemake

MARKERS = {
    "@response": "MARKID77",
    "@organisation": "Council MARKORG",
    "link": "https://example.org/MARKLINK",
    "q18": "MARKTEXT, write to jo.markmail@example.org or ring 020 7946 0123",
    "author": "MARKAUTHOR",
}
WORDS = ["MARKID77", "MARKORG", "MARKLINK", "MARKTEXT", "markmail", "MARKAUTHOR", "7946"]


def plant(root: Path) -> None:
    """Put the markers into the row of a respondent whom the editor's files do not name."""
    named = set()
    for file, sheet in (("comments.xlsx", "Comments"), ("coding.xlsx", "Coding")):
        rows = load_workbook(root / "surveys/stp-councillors" / file)[sheet]
        named |= {row[2] for row in rows.iter_rows(min_row=2, values_only=True)}
    workbook = load_workbook(root / EXPORT)
    sheet = workbook["Responses"]
    header = {str(cell.value): cell.column for cell in sheet[1]}
    councils = [sheet.cell(row, header["Council"]).value for row in range(2, sheet.max_row + 1)]
    row = next(
        row
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, header["Response ID"]).value not in {*named, None}
        and sheet.cell(row, header["Status"]).value == "Complete"
        and councils.count(sheet.cell(row, header["Council"]).value) == 1
    )
    places = {
        "Response ID": MARKERS["@response"],
        "Council": MARKERS["@organisation"],
        "Link": MARKERS["link"],
        next(text for text in header if text.startswith("Q18")): MARKERS["q18"],
    }
    for text, value in places.items():
        sheet.cell(row, header[text], value)
    workbook.properties.creator = MARKERS["author"]
    workbook.save(root / EXPORT)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_project(tmp_path_factory.mktemp("planted") / "project")
    plant(root)
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    return root


def contents(path: Path) -> str:
    """All that a file holds; of a PDF its metadata and every stream, unpacked, and its text."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return "\n".join(package.read(part).decode() for part in package.namelist())
    if path.suffix != ".pdf":
        return path.read_text(encoding="utf-8", errors="replace")
    reader = pypdf.PdfReader(path)
    parts = [str(reader.metadata), *(page.extract_text() for page in reader.pages)]
    for number in range(1, len(reader.xref.get(0, {})) + len(reader.xref_objStm) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            parts.append(found.get_data().decode("latin-1"))
    return "\n".join(parts)


def test_no_published_file_holds_a_marker(planted: Path) -> None:
    published = [planted / name for name in [*DECKS, *RESULTS]]
    published += [
        path
        for path in (planted / f"processed/{WAVE}/exhibits").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    assert len(published) > 40
    for path in published:
        text = contents(path)
        assert [word for word in WORDS if word in text] == [], path


def test_the_markers_were_there_to_be_found(planted: Path) -> None:
    ledger = planted / f"processed/{WAVE}/answers.parquet"
    assert b"MARKID77" in ledger.read_bytes() or b"MARKORG" in ledger.read_bytes()
    bundle = planted / f"report/{WAVE}/audit"
    assert any("MARKID77" in contents(path) for path in bundle.glob("estimates/*.html"))
    awaiting = (planted / f"processed/{WAVE}/awaiting.csv").read_text()
    assert "MARKTEXT" in awaiting
    assert "email: jo.markmail@example.org; phone: 020 7946 0123" in awaiting


def test_the_bundle_says_that_it_is_restricted(planted: Path) -> None:
    assert "estricted" in (planted / f"report/{WAVE}/audit/index.html").read_text()[:6000]
