"""`new` on exports whose answers stand on several sheets."""

from __future__ import annotations

from pathlib import Path

import pytest

import export_layouts as layouts
from test_new_layouts import drafted
from wavedeck.inspect import inspect

RATING = "How clean was the park you visited?"


def two_sheets() -> layouts.Sheets:
    """A Microsoft Forms export, with what half the respondents said on a sheet of its own."""
    visits: layouts.Rows = [["ID", "Email", RATING, "Completion time", "I would come again"]]
    for i in range(0, layouts.COUNT, 2):
        again = layouts.AGREEMENT[i % 5]
        visits.append([i + 1, f"p{i}@example.org", layouts.agreement(i, 1), layouts.at(i), again])
    return {"Visits": visits[:1] + visits[:0:-1], **layouts.microsoft_forms()}


def test_a_further_sheet_is_joined_and_counted(tmp_path: Path) -> None:
    found = drafted(two_sheets(), tmp_path)
    profile = found.profile
    assert (profile.sheet, profile.responses) == ("Sheet1", layouts.COUNT)
    (further,) = profile.further
    assert (further.sheet, further.response, further.responses) == ("Visits", "ID", 12)
    assert len(profile.with_role("contact")) == 3
    assert len(found.cleaned.answers) == layouts.COUNT
    assert found.base(RATING) == 12
    said = [layouts.agreement(i, 1) for i in range(0, layouts.COUNT, 2)]
    assert found.counts(RATING) == {text: said.count(text) for text in set(said)}
    codes = found.codes[found.question(RATING)]
    assert all((code > 0) == (place % 2 == 0) for place, code in enumerate(codes))
    assert "column C of 'Visits'" in found.texts.survey
    assert "12 of 24 responses have a row there" in found.texts.survey


def test_two_header_rows_of_a_further_sheet(tmp_path: Path) -> None:
    sheets = two_sheets()
    head, *rows = sheets["Visits"]
    groups = [None, None, "Your visit", None, None]
    sheets["Visits"] = [["A list of visits"], groups, head, *rows]
    found = drafted(sheets, tmp_path)
    assert found.base("How clean was the park") == 12


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([3, None, "Agree", None, "Agree"], "it has several rows for '3' ('ID')"),
        ([77, None, "Agree", None, "Agree"], "row 4 names no response in 'ID'; mend"),
        ([None, None, "Agree", None, "Agree"], "row 4 names no response in 'ID'; mend"),
    ],
)
def test_a_sheet_that_cannot_be_joined_is_told(
    row: list[object], said: str, tmp_path: Path
) -> None:
    sheets = two_sheets()
    sheets["Visits"].insert(3, row)
    found = drafted(sheets, tmp_path)
    assert found.profile.further == []
    (note,) = [note for note in found.profile.notes if "'Visits'" in note]
    assert "is not read" in note and said in note


def test_a_sheet_without_ids_is_not_joined(tmp_path: Path) -> None:
    sheets = two_sheets()
    sheets["Visits"] = [row[1:] for row in sheets["Visits"]]
    profile = inspect(layouts.save(sheets, tmp_path / "export.xlsx"))
    assert profile.further == [] and "not read: 'Visits'" in profile.notes


def test_the_answers_sheet_may_be_named(tmp_path: Path) -> None:
    path = layouts.save(two_sheets(), tmp_path / "export.xlsx")
    profile = inspect(path, "Visits")
    assert (profile.sheet, profile.responses) == ("Visits", 12)
    (note,) = [note for note in profile.notes if "'Sheet1'" in note]
    assert "another wave" in note, "most of the columns are the same"
