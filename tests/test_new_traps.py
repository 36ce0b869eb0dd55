"""The traps of real exports: read right, or refused with a message that says where."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
from openpyxl import Workbook

import export_layouts as layouts
from test_new_layouts import Drafted, drafted
from wavedeck.errors import WavedeckError
from wavedeck.inspect import inspect
from wavedeck.new.check import settle
from wavedeck.new.draft import draft

COUNT = 30


def simple(**columns: Any) -> layouts.Sheets:
    """A sheet with an id, a time, a choice, and further columns (header -> value of a row)."""
    header = ["Response ID", "Submitted", "How satisfied are you?"]
    rows: layouts.Rows = [[*header, *columns]]
    for i in range(COUNT):
        row = [i + 1, layouts.at(i), layouts.satisfied(i)]
        rows.append([*row, *(make(i) for make in columns.values())])
    return {"Responses": rows}


def refused(sheets: layouts.Sheets, folder: Path, **change: Any) -> str:
    path = layouts.save(sheets, folder / "export.xlsx", **change)
    with pytest.raises(WavedeckError) as caught:
        Drafted(path)
    return str(caught.value)


def test_raw_sheet_is_not_the_first(tmp_path: Path) -> None:
    summary = [["Question", "Average"], ["How satisfied are you?", 2.1], ["Responses", COUNT]]
    found = drafted({"Summary": summary, "Notes": [["Made by hand"]]} | simple(), tmp_path)
    assert found.profile.sheet == "Responses"
    assert found.profile.responses == COUNT
    assert any("not read: 'Summary', 'Notes'" in note for note in found.profile.notes)


def test_a_sheet_of_counts_is_no_export(tmp_path: Path) -> None:
    rows = [
        ["How satisfied are you?", None, None],
        ["Answer Choices", "Response Percent", "Responses"],
        *([label, 0.25, 10] for label in ("Very satisfied", "Fairly satisfied", "Not satisfied")),
    ]
    said = refused({"Question 1": rows}, tmp_path)
    assert "counts answers" in said and "individual responses" in said


def test_rows_hidden_by_a_filter_are_read_and_told(tmp_path: Path) -> None:
    def hide(workbook: Workbook) -> None:
        for row in range(5, 15):
            workbook["Responses"].row_dimensions[row].hidden = True

    found = Drafted(layouts.save(simple(), tmp_path / "export.xlsx", hide))
    assert len(found.cleaned.answers) == COUNT
    assert any(note.startswith("10 of 30 rows are hidden") for note in found.profile.notes)


def with_table_below(sheets: layouts.Sheets) -> layouts.Sheets:
    rows = sheets["Responses"]
    rows += [[None], [None], ["Average by team", None, "North", 3.2], [None, None, "South", 2.8]]
    rows += [["Total", None, COUNT]]
    return sheets


def test_a_table_under_the_answers_is_left_out_and_in_the_ledger(tmp_path: Path) -> None:
    def merge(workbook: Workbook) -> None:
        workbook["Responses"].merge_cells("A34:B34")

    path = layouts.save(with_table_below(simple()), tmp_path / "export.xlsx", merge)
    found = Drafted(path)
    assert len(found.cleaned.answers) == COUNT
    below = found.profile.below
    assert below and (below.first, below.last, below.begins) == (34, 36, "Average by team")
    left = [entry for entry in found.cleaned.ledger if entry["rule"] == "exclude_rows"]
    assert [entry["row"] for entry in left] == [34, 35, 36]


def test_a_table_under_answers_without_ids_is_left_out_too(tmp_path: Path) -> None:
    sheets = with_table_below(simple(Town=lambda i: ["Northby", "Southby"][i % 2]))
    for row in sheets["Responses"]:
        del row[:2]
    found = drafted(sheets, tmp_path)
    assert len(found.cleaned.answers) == COUNT


def test_a_later_export_with_answers_where_the_table_was_is_refused(tmp_path: Path) -> None:
    found = drafted(with_table_below(simple()), tmp_path)
    sheets = simple()
    for i in range(COUNT, COUNT + 9):
        sheets["Responses"].append([i + 1, layouts.at(i), "Very satisfied"])
    path = layouts.save(sheets, tmp_path / "export.xlsx")
    from wavedeck.new.check import refusals

    said = "\n".join(map(str, refusals(found.texts, found.profile, path)))
    assert "the row begins with '33'" in said and "has the export changed?" in said


def test_blank_rows_and_wrong_dimensions(tmp_path: Path) -> None:
    sheets = simple()
    sheets["Responses"].insert(10, [None] * 3)
    sheets["Responses"] += [[None] * 3] * 30
    path = layouts.save(sheets, tmp_path / "export.xlsx")
    lied = tmp_path / "lied.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(lied, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if "sheet1" in name:
                start = data.index(b'<dimension ref="') + len(b'<dimension ref="')
                data = data[:start] + b"A1:B3" + data[data.index(b'"', start) :]
            new.writestr(name, data)
    found = Drafted(lied)
    assert len(found.cleaned.answers) == COUNT


def test_titles_above_the_header(tmp_path: Path) -> None:
    sheets = simple()
    sheets["Responses"][:0] = [["Parks survey, all answers"], ["Exported in May"], [None]]
    found = drafted(sheets, tmp_path)
    assert found.profile.header.first == 4
    assert len(found.cleaned.answers) == COUNT


def test_duplicate_headers_are_told_apart(tmp_path: Path) -> None:
    sheets = simple(A=layouts.comment, B=layouts.satisfied)
    sheets["Responses"][0][3:] = ["Please say why", "How satisfied are you?"]
    found = drafted(sheets, tmp_path)
    columns = [q.column for q in found.survey.questions.values()]
    assert columns == ["How satisfied are you?", "Please say why", "How satisfied are you? [2]"]


def test_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    sheets = simple(Colour=lambda i: ["Red", "", "Blue", None, " "][i % 5])
    found = drafted(sheets, tmp_path)
    assert found.counts("Colour") == Counter({"Red": 6, "Blue": 6})


def test_marks_for_missing_are_no_answers(tmp_path: Path) -> None:
    marks = ["-", "n/a", "NA", ".", "No reply"]
    view = lambda i: marks[i % 5] if i < 10 else layouts.agreement(i)  # noqa: E731
    found = drafted(simple(**{"How far do you agree?": view}), tmp_path)
    assert found.base("How far") == COUNT - 10
    name = found.question("How far")
    assert [o.label for o in found.survey.scale_of(name).options.values()] == layouts.AGREEMENT


def test_none_is_an_answer_where_it_is_on_offer(tmp_path: Path) -> None:
    found = drafted(simple(Pets=lambda i: ["None", "Dog", "Cat"][i % 3]), tmp_path)
    assert found.counts("Pets") == Counter({"None": 10, "Dog": 10, "Cat": 10})


def test_text_like_a_formula_stays_text(tmp_path: Path) -> None:
    said = ["=more benches", "-no more cars", "+1 for shade", "@council please listen to us"]
    sheets = simple(**{"Anything else?": lambda i: f"{said[i % 4]} {i}"})
    found = drafted(sheets, tmp_path)
    texts = [comment["text"] for comment in found.cleaned.comments]
    assert texts[:2] == ["=more benches 0", "-no more cars 1"]


def test_text_stored_as_a_formula_with_an_error_is_refused(tmp_path: Path) -> None:
    def formula(workbook: Workbook) -> None:
        cell = workbook["Responses"]["D5"]
        cell.value, cell.data_type = "#NAME?", "e"

    sheets = simple(**{"Anything else?": lambda i: f"We like the pond and the ducks {i}"})
    said = refused(sheets, tmp_path, change=formula)
    assert "cell D5: the cell holds the error #NAME?" in said


def test_answers_turned_into_dates_are_bands_again(tmp_path: Path) -> None:
    visits = [datetime(2024, 1, 2), datetime(2024, 3, 5), "6-10", "11 or more", "None"]
    found = drafted(simple(**{"Visits a month": lambda i: visits[i % 5]}), tmp_path)
    assert list(found.counts("Visits a month").items()) and found.counts(
        "Visits a month"
    ) == Counter({"None": 6, "1-2": 6, "3-5": 6, "6-10": 6, "11 or more": 6})
    name = found.question("Visits")
    labels = [option.label for option in found.survey.scale_of(name).options.values()]
    assert labels == ["None", "1-2", "3-5", "6-10", "11 or more"]
    guess = next(q for q in found.profile.questions if "Visits" in q.text)
    assert guess.guess.confidence == "unsure"


def test_a_date_that_fits_no_range_is_told(tmp_path: Path) -> None:
    sheets = simple(Item=lambda i: [datetime(2024, 7, 17), "Swings", "Slide"][i % 3])
    found = drafted(sheets, tmp_path)
    guess = next(q for q in found.profile.questions if q.text == "Item")
    assert any("what did it say?" in note for note in guess.notes)
    assert sum(found.counts("Item").values()) == COUNT


def test_dates_and_numbers_as_text(tmp_path: Path) -> None:
    sheets = simple(
        **{"Hours a week": lambda i: f"{i * 1.5:,.1f}", "Fee": lambda i: f"{1000 + 7 * i:,}"}
    )
    for i, row in enumerate(sheets["Responses"][1:]):
        row[1] = layouts.at(i).strftime("%d/%m/%Y %H:%M")
    found = drafted(sheets, tmp_path)
    assert found.profile.dates and found.profile.dates[0] == datetime(2024, 3, 4, 9, 30)
    name = found.question("Fee")
    assert found.codes[f"{name}:value"].sum() == sum(1000 + 7 * i for i in range(COUNT))


def test_numbers_with_words_among_them_become_no_number(tmp_path: Path) -> None:
    sheets = simple(**{"Hours a week": lambda i: "about ten" if i == 7 else i})
    found = drafted(sheets, tmp_path)
    guess = next(q for q in found.profile.questions if "Hours" in q.text)
    assert (guess.kind, guess.guess.confidence) == ("text", "unsure")
    assert "'about ten'" in guess.notes[0]


def test_invisible_differences_in_headers_and_options(tmp_path: Path) -> None:
    header = "How\xa0far do\nyou agree?_x000D_"
    options = ["Strongly agree", "Strongly\xa0agree ", "Strongly agree_x000D_\n", "Disagree"]
    found = drafted(simple(**{header: lambda i: options[i % 4]}), tmp_path)
    assert [q.text for q in found.survey.questions.values()][-1] == "How far do you agree?"
    assert sum(found.counts("How far").values()) == COUNT
    assert found.counts("How far")["Disagree"] == 7


def test_curly_quotes_and_dashes_are_one_option(tmp_path: Path) -> None:
    options = ["Don't know", "Don’t know", "18–24", "18-24", "25-34"]
    found = drafted(simple(Age=lambda i: options[i % 5]), tmp_path)
    assert sorted(found.counts("Age").values()) == [6, 12, 12]


def test_skip_instructions_leave_labels_and_questions(tmp_path: Path) -> None:
    header = "Do you have a garden? (If no, go to question 9)"
    options = ["Yes", "No (go to question 9)"]
    found = drafted(simple(**{header: lambda i: options[i % 2]}), tmp_path)
    assert found.counts("Do you have a garden?") == Counter({"Yes": 15, "No": 15})
    assert [q.text for q in found.survey.questions.values()][-1] == "Do you have a garden?"


def with_status(texts: list[str]) -> layouts.Sheets:
    sheets = simple()
    for i, row in enumerate(sheets["Responses"]):
        row.insert(2, "Status" if i == 0 else texts[(i - 1) % len(texts)])
    return sheets


def test_partial_completes_are_kept_and_told(tmp_path: Path) -> None:
    found = drafted(with_status(["Complete", "Partial"]), tmp_path)
    assert len(found.cleaned.answers) == COUNT
    assert any(note.startswith("15 'Partial' of 30 by 'Status'") for note in found.profile.notes)
    assert "values: [Partial]" in found.texts.wave


def test_tests_and_screen_outs_are_left_out_and_told(tmp_path: Path) -> None:
    found = drafted(with_status(["Complete", "Screened out", "Test"]), tmp_path)
    assert len(found.cleaned.answers) == 10
    assert any("20 responses are left out by 'Status'" in note for note in found.profile.notes)


def test_screen_outs_marked_completed_have_their_own_bases(tmp_path: Path) -> None:
    asked = lambda i: layouts.agreement(i) if i % 3 else None  # noqa: E731
    found = drafted(simple(**{"How far do you agree?": asked}), tmp_path)
    assert found.base("How satisfied") == COUNT
    assert found.base("How far") == 20


def test_refused_consent_is_left_out_and_told(tmp_path: Path) -> None:
    sheets = simple(**{"Do you consent to take part?": lambda i: "No" if i in (3, 4) else "Yes"})
    found = drafted(sheets, tmp_path)
    assert len(found.cleaned.answers) == COUNT - 2
    assert any("did not consent" in note for note in found.profile.notes)


def test_an_organisation_answering_several_times(tmp_path: Path) -> None:
    sheets = simple(Council=lambda i: f"Council of {chr(65 + i % 20)}shire")
    found = drafted(sheets, tmp_path)
    assert len(found.cleaned.answers) == COUNT
    assert len(set(found.cleaned.answers.organisations)) == 20
    assert any("10 answers are further ones" in note for note in found.profile.notes)


def test_two_waves_in_one_file_are_told(tmp_path: Path) -> None:
    sheets = simple()
    for row in sheets["Responses"][1:15]:
        row[1] -= timedelta(days=365)
    found = drafted(sheets, tmp_path)
    assert any("two waves in one file?" in note for note in found.profile.notes)
    again = drafted({"2023": simple()["Responses"]} | simple(), tmp_path)
    assert any("'2023' has the same columns" in note for note in again.profile.notes)


def test_an_other_column_that_says_no(tmp_path: Path) -> None:
    sheets = layouts.limesurvey()
    for i, row in enumerate(sheets["Sheet1"][1:]):
        row[10] = "The allotments" if i == 3 else "No"
    found = drafted(sheets, tmp_path)
    guess = next(q for q in found.profile.questions if q.kind == "multi_spread")
    assert guess.other and any("says 'No' 23 times" in note for note in guess.notes)
    texts = [c["text"] for c in found.cleaned.comments if c["question"].endswith(".other")]
    assert texts == ["The allotments"]


def test_an_unlabelled_scale_is_a_number_and_told(tmp_path: Path) -> None:
    sheets = simple(**{"How likely are you to recommend us?": lambda i: i % 11})
    found = drafted(sheets, tmp_path)
    name = found.question("How likely")
    question = found.survey.questions[name]
    assert question.type == "number" and len(question.bands) == 11
    guess = next(q for q in found.profile.questions if "likely" in q.text)
    assert "does not say what its ends mean" in guess.notes[0]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("How likely are you to recommend us?", (0, 10)),
        ("Rate us from 0 to 10", (0, 10)),
        ("W skali od 0 do 10, jak nas oceniasz?", (0, 10)),
        ("Rate us (1-10)", (1, 10)),
        ("Rate us", (1, 10)),
    ],
)
def test_a_scale_has_its_ends_where_nobody_gave_them(
    text: str, ends: tuple[int, int], tmp_path: Path
) -> None:
    found = drafted(simple(**{text: lambda i: 3 + i % 7}), tmp_path)
    question = found.survey.questions[found.question(text)]
    assert question.type == "number"
    bands = list(question.bands.values())
    assert (bands[0][0], bands[-1][1]) == ends


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    path = layouts.save(simple(), tmp_path / "export.xlsx")
    for part in ("xl/styles.xml", "docProps/core.xml", "xl/worksheets/sheet1.xml"):
        broken = tmp_path / "broken.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                if name != part:
                    new.writestr(name, old.read(name))
        try:
            found = Drafted(broken)
        except WavedeckError as error:
            assert "broken.xlsx" in str(error)
            assert "to do:" in str(error)
        else:
            assert len(found.cleaned.answers) == COUNT


def test_an_encrypted_workbook_is_told(tmp_path: Path) -> None:
    plain = layouts.save(simple(), tmp_path / "plain.xlsx")
    path = tmp_path / "locked.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("secret", target)
    with pytest.raises(WavedeckError, match="encrypted"):
        inspect(path)


def test_a_csv_is_told(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_text("Response ID,How satisfied are you?\n1,Very\n")
    with pytest.raises(WavedeckError, match="not a workbook"):
        inspect(path)


def test_names_and_emails_in_free_text_are_flagged_and_not_published(tmp_path: Path) -> None:
    sheets = simple(**{"Anything else?": lambda i: f"Write to me{i}@example.org about the pond"})
    found = drafted(sheets, tmp_path)
    assert any("free text" in note and "email" in note for note in found.profile.notes)
    assert "comments(" not in "".join(
        line for line in found.texts.template.splitlines() if not line.startswith(("{##", "   "))
    )


def test_long_sheet_names_and_cells(tmp_path: Path) -> None:
    rows = simple(**{"Anything else?": lambda i: "word " * 6554 if i == 2 else f"Fine by me {i}"})
    rows["Responses"][3][3] = rows["Responses"][3][3][:32_767]
    name = "All the answers of the parks su"
    assert len(name) == 31
    found = drafted({name: rows["Responses"]}, tmp_path)
    assert found.profile.sheet == name
    assert any("32,767" in note for note in found.profile.notes)


def test_error_cells_that_mean_no_answer(tmp_path: Path) -> None:
    found = drafted(layouts.spss(), tmp_path)
    assert "#NULL!" in found.survey.export.no_answer
    entries = [e for e in found.cleaned.ledger if e["old"] == "#NULL!"]
    assert len(entries) == 3 and {e["rule"] for e in entries} == {"no_answer"}


def test_a_column_without_a_header_is_known_by_its_letter(tmp_path: Path) -> None:
    sheets = simple()
    for i, row in enumerate(sheets["Responses"]):
        row.insert(0, None if i == 0 else i - 1)
    found = drafted(sheets, tmp_path)
    assert len(found.cleaned.answers) == COUNT


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["It suits me as it stands", "It has its faults", "It is of no use to me"], True),
        (["Agree", "Neither agree nor disagree", "Disagree"], False),
    ],
)
def test_a_grid_whose_answers_have_no_known_order_is_told(
    answers: list[str], told: bool, tmp_path: Path
) -> None:
    items = [f"How do you find these? [{item}]" for item in ("Library", "Park", "Pool")]
    rows = [[i + 1, *(answers[(i * k) % 3] for k in (1, 2, 4))] for i in range(60)]
    path = layouts.save({"Answers": [["ID", *items], *rows]}, tmp_path / "export.xlsx")
    grid = next(q for q in inspect(path).questions if q.kind == "grid")
    assert any("order of its answers is not known" in note for note in grid.notes) is told


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_responses(count: int, tmp_path: Path) -> None:
    for name, make in layouts.LAYOUTS.items():
        sheets = make()
        first = next(iter(sheets))
        header = (
            3
            if "three" in name
            else 2
            if name.startswith(("Survey", "Qual")) or "two" in name
            else 1
        )
        sheets[first] = sheets[first][: header + count]
        path = layouts.save(sheets, tmp_path / f"{count}.xlsx")
        profile = inspect(path)
        assert profile.responses == count, name
        settle(profile, lambda p: draft(p, "T", "1", datetime(2024, 1, 1).date()), path)


def test_the_export_is_never_written(tmp_path: Path) -> None:
    path = layouts.save(simple(), tmp_path / "export.xlsx")
    before = shutil.copy(path, tmp_path / "before.xlsx")
    Drafted(path)
    assert path.read_bytes() == Path(before).read_bytes()


def test_ids_that_stand_twice_are_told(tmp_path: Path) -> None:
    sheets = simple()
    sheets["Responses"][5][0] = sheets["Responses"][9][0] = 3
    found = drafted(sheets, tmp_path)
    assert len(found.cleaned.answers) == COUNT
    [note] = [note for note in found.profile.notes if "response's id" in note]
    assert "'3' stands in rows 4, 6, 10" in note and "counts" in note


def test_a_header_like_the_number_of_another_names_the_cells(tmp_path: Path) -> None:
    sheets = simple(a=lambda i: "NS"[i % 2], b=lambda i: "EW"[i % 2], c=lambda i: "AB"[i % 2])
    sheets["Responses"][0][3:] = ["Where?", "Where? ", "Where? [2]"]
    said = refused(sheets, tmp_path)
    assert "export.xlsx, sheet 'Responses', cells E1, F1: 2 columns are known as" in said


def test_merged_answers_are_told(tmp_path: Path) -> None:
    def merge(workbook: Workbook) -> None:
        workbook["Responses"].merge_cells("C5:C7")
        workbook["Responses"].merge_cells("A1:B1")

    found = Drafted(layouts.save(simple(), tmp_path / "export.xlsx", merge))
    assert found.base("How satisfied") == COUNT - 2
    [note] = [note for note in found.profile.notes if "merged" in note]
    assert "('C5:C7')" in note
    [entry] = [e for e in found.cleaned.quality if e["check"] == "merged cells"]
    assert entry["count"] == 2


@pytest.mark.parametrize("zone", [" UTC", " GMT+01:00", " +0100", " BST", " Z", " EST (winter)"])
def test_times_with_a_zone_are_times(zone: str, tmp_path: Path) -> None:
    sheets = simple(**{"Started at": lambda i: f"2024-03-0{i % 9 + 1} 10:{i:02d}:00{zone}"})
    for i, row in enumerate(sheets["Responses"][1:]):
        row[1] = f"05/03/2024 10:{i:02d}:00{zone}"
    found = drafted(sheets, tmp_path).profile
    assert [question.text for question in found.questions] == ["How satisfied are you?"]
    assert found.dates and found.dates[0] == datetime(2024, 3, 5, 10)


def test_a_slash_in_a_header_is_no_path(tmp_path: Path) -> None:
    found = drafted(simple(**{"Department/Team": lambda i: "NS"[i % 2]}), tmp_path)
    assert found.question("Department/Team") == "q2"


def test_hidden_columns_and_sheets_are_told(tmp_path: Path) -> None:
    def hide(workbook: Workbook) -> None:
        workbook["Responses"].column_dimensions["C"].hidden = True
        workbook.create_sheet("Old")["A1"] = "x"
        workbook["Old"].sheet_state = "veryHidden"

    found = Drafted(layouts.save(simple(), tmp_path / "export.xlsx", hide))
    assert found.base("How satisfied") == COUNT
    assert "1 column is hidden ('C'): read like all others" in found.profile.notes
    assert "not read: 'Old' (hidden)" in found.profile.notes


def test_answers_without_a_header_are_told(tmp_path: Path) -> None:
    sheets = simple(colour=lambda i: "Red" if i % 3 else None)
    sheets["Responses"][0][3] = None
    [note] = [note for note in drafted(sheets, tmp_path).profile.notes if "no header" in note]
    assert note.startswith("column D has no header and holds 20 values: it is not used")


def test_a_sheet_without_questions_says_what_its_columns_were_taken_for(tmp_path: Path) -> None:
    rows = [
        ["Response ID", "Phone", "Empty"],
        *([i + 1, f"07700 900{i:03d}", None] for i in range(9)),
    ]
    said = refused({"Data": rows}, tmp_path)
    assert "'Phone' (contact, never read: it holds telephone numbers)" in said
    assert "'Response ID' (the response's id: " in said


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("<http://example.org>", "<http://example.org>"),
        ("\u200b", "Column D"),
        ("<b>Why</b>", "Why"),
    ],
)
def test_no_header_leaves_a_question_without_words(header: str, text: str, tmp_path: Path) -> None:
    found = drafted(simple(**{header: lambda i: "NS"[i % 2]}), tmp_path)
    assert [question.text for question in found.profile.questions][1:] == [text]
    assert f'{{{{ "{text}" }}}}' in found.texts.template


def test_an_option_that_nobody_chose_stays_whatever_it_is_called(tmp_path: Path) -> None:
    """Its share is 0%; taken for an address, it would be gone from the chart."""
    options = {f"Which do you use? - {o}": o for o in ("Twitter", "Phone call", "Website")}
    made = {h: (lambda i, o=o: o if i % 3 and o != "Twitter" else None) for h, o in options.items()}
    found = drafted(simple(**made), tmp_path)
    assert found.counts("Which do you use") == {"Twitter": 0, "Phone call": 20, "Website": 20}


def test_a_second_header_row_that_may_be_an_answer_is_told(tmp_path: Path) -> None:
    rows: layouts.Rows = [["Q1", "Q2"], ["How satisfied are you?", "Where in town do you live?"]]
    rows += [["Very good", "In the north"], ["Bad", "In the south"], ["Fair", "By the sea"]]
    [note] = [n for n in drafted({"Data": rows}, tmp_path).profile.notes if "header" in n]
    assert "rows 1 to 2 are taken for the header" in note and "{rows: 1}" in note
    assert not any("header" in note for note in drafted(simple(), tmp_path).profile.notes)
