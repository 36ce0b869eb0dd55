"""clean: coded by the codebook, every change in the ledger, every unknown label refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from wavedeck.answers import INVALID, NO_ANSWER
from wavedeck.clean import stage
from wavedeck.clean.coders import scale_coder
from wavedeck.clean.stage import Cleaned, clean
from wavedeck.clean.text import match_key, tidy
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import read_export
from wavedeck.survey import Option, Scale, Survey, load_survey, load_wave


def cleaned(root: Path) -> Cleaned:
    survey, _ = load_survey(root / "surveys/toy/survey.yaml")
    wave, _ = load_wave(root / "raw/toy/2020/wave.yaml")
    found = read_export(root / "raw/toy/2020/toy.xlsx", survey)
    return clean(found.cells, survey, wave.exclusions, found.source)


def answers_of(result: Cleaned) -> pd.DataFrame:
    return result.answers.to_table().to_pandas()


def ledger_of(result: Cleaned) -> pd.DataFrame:
    return pd.DataFrame(result.ledger)


def refusal(root: Path, cell: str, value: object) -> str:
    toy.spoil(root / "raw/toy/2020/toy.xlsx", lambda book: book.active.__setitem__(cell, value))
    with pytest.raises(WavedeckError) as error:
        cleaned(root)
    return str(error.value)


def test_who_is_kept_and_why_the_others_are_not(toy_project: Path) -> None:
    result = cleaned(toy_project)
    assert result.answers.responses == toy.KEPT
    ledger = ledger_of(result)
    excluded = ledger[ledger["rule"].str.startswith("exclude")]
    assert list(zip(excluded["response"], excluded["rule"], excluded["reason"], strict=True)) == [
        ("108", "exclude_value", "A test"),
        ("109", "exclude_duplicate", "Sent twice"),
        ("111", "exclude_incomplete", "Nothing answered (0 answered)"),
    ]


def test_codes(toy_project: Path) -> None:
    answers = answers_of(cleaned(toy_project)).set_index("response")
    assert list(answers["q1"]) == [1, 1, 3, 1, NO_ANSWER, 4, 1, 1]
    assert answers.loc["103", "q2.start"] == 3, "an alias is its option"
    assert answers.loc["102", "q2.end"] == NO_ANSWER, "a dash is no answer"
    assert list(answers.loc["107", ["q3.red", "q3.blue", "q3.green"]]) == [INVALID, INVALID, 2]
    assert answers["q1"].dtype == "int8"


def test_ledger_holds_each_change_with_its_cell(toy_project: Path) -> None:
    ledger = ledger_of(cleaned(toy_project))
    changes = ledger[~ledger["rule"].str.startswith("exclude")]
    found = set(zip(changes["cell"], changes["rule"], changes["old"], changes["new"], strict=True))
    assert found == {
        ("F3", "spaces", "Agree ", "Agree"),
        ("H3", "no_answer", "-", ""),
        ("G4", "alias", "Do not agree", "Disagree"),
        ("F5", "spelling", "agree", "Agree"),
        ("F7", "spelling", "Don’t know", "Don't know"),
        ("I8", "tied_rank", "1", ""),
        ("J8", "tied_rank", "1", ""),
        ("M7", "no_answer", "n/a", ""),
        ("M11", "spaces", "Twice ", "Twice"),
    }


def test_unchanged_cells_are_not_in_the_ledger_and_changed_ones_are(toy_project: Path) -> None:
    """Promise 3, from the raw cells: a code whose label is not the raw text has its ledger row."""
    result = cleaned(toy_project)
    survey, _ = load_survey(toy_project / "surveys/toy/survey.yaml")
    changed = {entry["cell"] for entry in result.ledger}
    columns = {"q1": "F", "q2.start": "G", "q2.end": "H"}
    labels = [option.label for option in survey.scales["agreement"].options.values()]
    for answer in result.answers.to_table().to_pylist():
        for key, letter in columns.items():
            raw = toy.ROWS[answer["row"] - 2][toy.HEADER.index(_header(survey, key))]
            same = raw == (labels[answer[key] - 1] if answer[key] > 0 else None)
            assert same != (f"{letter}{answer['row']}" in changed)


def _header(survey: Survey, key: str) -> str:
    return next(h for h, q, i in survey.columns() if (f"{q}.{i}" if i else q) == key)


def test_comments_keep_their_words(toy_project: Path) -> None:
    comments = pd.DataFrame(cleaned(toy_project).comments)
    assert list(comments["text"]) == ["Size", "Taste", "Fine.", "No", "=1+1", "<b>", "Twice"]
    assert set(comments["question"]) == {"q3.other", "q4"}


def test_unknown_label_names_cell_and_nearest(toy_project: Path) -> None:
    message = refusal(toy_project, "F4", "Disagre")
    assert "toy.xlsx, sheet 'Responses', cell F4: q1: 'Disagre' is no answer" in message
    assert "nearest:  Disagree" in message
    assert "expected: 'Agree', 'Neither', 'Disagree', 'Don't know'" in message


def test_unknown_labels_all_at_once(toy_project: Path) -> None:
    def change(workbook):
        workbook.active["F4"] = "Maybe"
        workbook.active["G5"] = "Perhaps"
        workbook.active["I2"] = 4
        workbook.active["I4"] = "first"

    toy.spoil(toy_project / "raw/toy/2020/toy.xlsx", change)
    with pytest.raises(WavedeckError) as error:
        cleaned(toy_project)
    assert len(error.value.problems) == 4


def test_no_council_type(toy_project: Path) -> None:
    message = refusal(toy_project, "E5", None)
    assert "cell E5: the respondent has no 'council_type' (Type)" in message


def test_no_organisation_and_no_or_repeated_id(toy_project: Path) -> None:
    assert "cell B5: the response has no organisation" in refusal(toy_project, "B5", " ")
    assert "cell A6: the response has no id" in refusal(toy_project, "A6", None)
    assert "the response id '101' stands on row 2 too" in refusal(toy_project, "A6", 101)


def test_notes_below_the_data_are_refused(toy_project: Path) -> None:
    assert "cell A16: the response has no id" in refusal(toy_project, "C16", "Total: 11")


def test_exclusion_of_an_unknown_column(toy_project: Path) -> None:
    path = toy_project / "raw/toy/2020/wave.yaml"
    path.write_text(path.read_text().replace("column: Status", "column: Statsu"))
    with pytest.raises(WavedeckError, match=r"no column 'Statsu'[\s\S]*nearest:  Status"):
        cleaned(toy_project)


def test_quality_log_counts(toy_project: Path) -> None:
    quality = pd.DataFrame(cleaned(toy_project).quality).set_index(["check", "where"])["count"]
    assert quality["responses kept"].iloc[0] == len(toy.KEPT)
    assert quality["item non-response", "q1"] == 1
    assert quality["item non-response", "q2.end"] == 2


SCALE = Scale(
    options={
        "yes": Option(label="Yes, to a “great” extent", aliases=["Yes – great"]),
        "no": Option(label="No"),
        "dk": Option(label="Don't know", missing="dont_know"),
    }
)

spaces = st.text(alphabet=" \u00a0\t\n\u200b\u2009", max_size=4)


@given(st.sampled_from(list(SCALE.options)), spaces, spaces, st.booleans())
def test_spaces_and_case_never_change_the_code(
    name: str, before: str, after: str, upper: bool
) -> None:
    option = SCALE.options[name]
    code = scale_coder(SCALE, ["-"])
    spelled = before + (option.label.upper() if upper else option.label) + after
    result, exact = code(spelled), code(option.label)
    assert result is not None and exact is not None
    assert result.code == exact.code
    assert bool(result.rule) == (spelled != option.label), "a change has a rule"


@given(st.text(max_size=30))
def test_a_text_is_coded_only_as_something_it_spells(text: str) -> None:
    result = scale_coder(SCALE, ["-"])(text)
    known = {match_key(o.label) for o in SCALE.options.values()} | {match_key("Yes – great")}
    if result is not None and result.code != NO_ANSWER:
        assert match_key(text) in known
    elif result is None:
        assert match_key(text) not in known and tidy(text)


@given(st.text(max_size=60))
def test_tidy_is_stable(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert "\n" not in tidy(text)


def test_stage_writes_the_same_bytes_twice(toy_project: Path) -> None:
    from wavedeck import ingest

    common = ["--survey", str(toy_project / "surveys/toy/survey.yaml")]
    common += ["--wave", str(toy_project / "raw/toy/2020/wave.yaml")]
    cells, source = str(toy_project / "cells.parquet"), str(toy_project / "source.json")
    ingest.main([*common, "--cells", cells, "--source", source])
    outputs = {flag: toy_project / f"{flag}.parquet" for flag in ("answers", "comments", "ledger")}
    outputs["quality"] = toy_project / "quality.csv"
    arguments = [*common, "--cells", cells, "--source", source]
    for flag, path in outputs.items():
        arguments += [f"--{flag}", str(path)]
    stage.main(arguments)
    first = {flag: path.read_bytes() for flag, path in outputs.items()}
    stage.main(arguments)
    assert {flag: path.read_bytes() for flag, path in outputs.items()} == first


def test_hidden_rows_reach_the_quality_log(toy_project: Path) -> None:
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    toy.spoil(toy_project / "raw/toy/2020/toy.xlsx", hide)
    quality = cleaned(toy_project).quality
    (row,) = [entry for entry in quality if entry["check"] == "hidden rows"]
    assert row["count"] == 1 and "[3]" in row["note"]
