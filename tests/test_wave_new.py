"""`wavedeck wave new`: the draft of the next wave's wave.yaml, held against the one people made."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook, load_workbook

import toy
from conftest import ROOT
from wavedeck.alike import likeness, most_like, pair_up, same_number
from wavedeck.cli import main as wavedeck
from wavedeck.inspect.profile import Column
from wavedeck.layout import Project
from wavedeck.survey import Scale, Survey, Wave, load_codebook
from wavedeck.wave.command import draft
from wavedeck.wave.draft import wave_yaml
from wavedeck.wave.labels import labels_of

NAME = "stp-councillors"
EXPORT = ROOT / f"raw/{NAME}/2018/{NAME}-2018.xlsx"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Survey, Wave, str]:
    """The draft of 2018 as it comes, with the codebook that it makes."""
    text = wave_yaml(draft(Project(ROOT), NAME, "2017", EXPORT), date(2018, 7, 27))
    folder = tmp_path_factory.mktemp("raw") / NAME
    shutil.copytree(ROOT / f"raw/{NAME}/2017", folder / "2017")
    path = folder / "2018" / "wave.yaml"
    path.parent.mkdir()
    path.write_text(text)
    return *load_codebook(ROOT / f"surveys/{NAME}/survey.yaml", path), text


@pytest.fixture(scope="module")
def reviewed() -> tuple[Survey, Wave]:
    return load_codebook(ROOT / f"surveys/{NAME}/survey.yaml", ROOT / f"raw/{NAME}/2018/wave.yaml")


def places(survey: Survey) -> dict[str, tuple[str, str]]:
    return {header: (question, item) for header, question, item in survey.columns()}


def test_columns_are_matched_as_people_matched_them(
    drafted: tuple[Survey, Wave, str], reviewed: tuple[Survey, Wave]
) -> None:
    found, wanted = places(drafted[0]), places(reviewed[0])
    assert set(found) == set(wanted), "every column is read"
    wrong = [header for header in wanted if found[header] != wanted[header]]
    # The comment on the new question: the draft cannot know what it will be called.
    assert wrong == ["Please add any comments on your answer to Q19 › Open-Ended Response"]


def test_layout_and_particulars(
    drafted: tuple[Survey, Wave, str], reviewed: tuple[Survey, Wave]
) -> None:
    found, wanted = drafted[0].export, reviewed[0].export
    assert (found.sheet, found.header) == (wanted.sheet, wanted.header)
    assert found.columns.roles == wanted.columns.roles
    assert found.columns.contact == wanted.columns.contact
    assert drafted[1].export and reviewed[1].export
    assert drafted[1].export.patterns == reviewed[1].export.patterns
    assert drafted[1].fieldwork == reviewed[1].fieldwork
    assert drafted[1].previous == "2017"


def test_what_changed_is_found(
    drafted: tuple[Survey, Wave, str], reviewed: tuple[Survey, Wave]
) -> None:
    found, wanted = drafted[1], reviewed[1]
    assert set(found.retired) == set(wanted.retired)
    assert found.aliases == wanted.aliases
    assert {"q8", "q9"} <= set(found.reworded)
    assert [a.label for a in found.recoded["q16a"].add.values()] == ["To a very small extent"]
    assert found.recoded["q16a"].comparable is None, "a person decides what compares"
    new = drafted[0].questions["q19"]
    assert new.type == "single"
    labels = [option.label for option in drafted[0].scale_of("q19").options.values()]
    theirs = [option.label for option in reviewed[0].scale_of("q19").options.values()]
    assert labels == theirs


def test_each_guess_says_how_sure_it_is(drafted: tuple[Survey, Wave, str]) -> None:
    text = drafted[2]
    lines = text.splitlines()
    for key in ("q8", "q9", "region", "role", "council_type"):
        place = next(i for i, line in enumerate(lines) if line.startswith(f"  {key}: "))
        assert lines[place - 1].lstrip().startswith(("# sure (", "# likely (", "# unsure ("))
    assert "unitary: [Unitary council]  # likely (40 answers)" in text
    assert "q10a: no column of the export  # likely" in text


def column(*answers: str) -> Column:
    return Column(0, "A", "Rate us", "Rate us", "", "", list(answers), ["text"] * len(answers))


def test_a_middle_cut_short_is_a_spelling_of_it() -> None:
    """'Neither' is no further option; unsure where others gave it as the codebook has it."""
    labels = ["Very good", "Good", "Neither good nor poor", "Poor", "Very poor"]
    names = ["very_good", "good", "neither", "poor", "very_poor"]
    scale = Scale.model_validate(
        {"options": dict(zip(names, labels, strict=True)), "order": "two_sided"}
    )
    alone = labels_of(scale, [column("Good", "Neither", "Neither", "Poor")], [])
    assert (alone.aliases, alone.added) == ({"neither": {"Neither": 2}}, {})
    assert alone.unsure == set()
    beside = labels_of(scale, [column("Neither"), column("Neither good nor poor")], [])
    assert (beside.aliases, beside.added) == ({"neither": {"Neither": 1}}, {})
    assert beside.unsure == {"Neither"}
    other = labels_of(scale, [column(*labels, "Very")], [])
    assert other.aliases == {} and "Very" in {label for label, *_ in other.added.values()}


def test_the_command_writes_beside_the_export_and_over_nothing(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(toy_project)
    (toy_project / "Snakefile").touch()
    export = toy.write(
        toy_project / "next.xlsx", [toy.NEXT_TOP, toy.NEXT_SECOND, *toy.NEXT_ROWS], "Sheet"
    )
    assert wavedeck(["wave", "new", "toy", "2021", str(export)]) == 0
    told = capsys.readouterr().out
    assert "not in the export:" in told and "wrote raw/toy/2021/wave.yaml" in told
    assert (toy_project / "raw/toy/2021/next.xlsx").read_bytes() == export.read_bytes()
    made = yaml.safe_load((toy_project / "raw/toy/2021/wave.yaml").read_text())
    assert made["previous"] == "2020" and "q3" in made["retired"]
    assert wavedeck(["wave", "new", "toy", "2021", str(export)]) == 1
    assert "there is a wave of that name already" in capsys.readouterr().err
    shutil.rmtree(toy_project / "raw/toy/2021")
    assert wavedeck(["wave", "new", "toi", "2021", str(export)]) == 1
    message = capsys.readouterr().err
    assert "nearest:  toy" in message and "wavedeck new toi" in message
    before = sorted(toy_project.rglob("*"))
    assert wavedeck(["wave", "new", "toy", "20/21", str(export)]) == 1
    message = capsys.readouterr().err
    assert "'20/21' is no name for a wave" in message and "nearest:  20-21" in message
    assert sorted(toy_project.rglob("*")) == before


def test_an_overview_has_no_next_wave(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert wavedeck(["wave", "new", "stp-evidence", "2018", str(EXPORT)]) == 1
    message = capsys.readouterr().err
    assert "no survey 'stp-evidence' with a wave of its own answers" in message
    assert "nearest:  stp-evidence" not in message


def test_the_wave_before_is_the_last_in_the_field(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the last by name."""
    root = toy.third_wave(toy_project)
    monkeypatch.chdir(root)
    (root / "Snakefile").touch()
    (root / "raw/toy/2022").rename(root / "raw/toy/autumn")
    export = toy.write(
        root / "again.xlsx", [toy.NEXT_TOP, toy.NEXT_SECOND, *toy.NEXT_ROWS], "Sheet"
    )
    text = (root / "raw/toy/2021/wave.yaml").read_text()
    (root / "raw/toy/spring").mkdir()
    shutil.copy(root / "raw/toy/2021/next.xlsx", root / "raw/toy/spring")
    earlier = re.sub(r"(start|end): 20\d\d", r"\1: 1999", text)
    (root / "raw/toy/spring/wave.yaml").write_text(earlier)
    assert wavedeck(["wave", "new", "toy", "2023", str(export)]) == 0
    made = yaml.safe_load((root / "raw/toy/2023/wave.yaml").read_text())
    assert made["previous"] == "autumn"


def test_a_third_wave_with_another_layout_has_its_patterns(tmp_path: Path) -> None:
    """What the second wave spelled 'stem › item' has the parts of the codebook's 'stem [item]'."""
    rows = list(load_workbook(EXPORT)["Sheet"].iter_rows(values_only=True))
    top, names = "", []
    for upper, lower in zip(rows[0], rows[1], strict=True):
        top = upper or top
        own = lower if top.startswith("About") else f"{top} - {lower}"
        names.append(top if lower in (None, "Response", "Open-Ended Response") else own)
    export = toy.write(tmp_path / "third.xlsx", [names, *map(list, rows[2:])], "Raw data")
    made = yaml.safe_load(wave_yaml(draft(Project(ROOT), NAME, "2018", export), date(2019, 7, 1)))
    assert made["export"]["patterns"] == {"item": "{stem} - {item}"}
    assert not [key for key in made["headers"] if "." in key and key != "q13.other"]
    assert "reworded" not in made, "the layout's words are no others"


def test_what_the_wave_before_declared_is_not_declared_again(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = toy.third_wave(toy_project)
    monkeypatch.chdir(root)
    shutil.rmtree(root / "raw/toy/2022")
    export = toy.write(
        root / "again.xlsx", [toy.NEXT_TOP, toy.NEXT_SECOND, *toy.NEXT_ROWS], "Sheet"
    )
    (root / "Snakefile").touch()
    own = root / "surveys/toy/2021/exhibits.yaml"
    own.parent.mkdir()
    own.write_text("of the second wave")
    assert wavedeck(["wave", "new", "toy", "2022", str(export)]) == 0
    assert (root / "surveys/toy/2022/exhibits.yaml").read_text() == "of the second wave"
    made = yaml.safe_load((root / "raw/toy/2022/wave.yaml").read_text())
    assert set(made) == {"title", "workbook", "fieldwork", "published", "previous"}
    assert made["previous"] == "2021"


def test_a_sheet_that_is_new_is_declared(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(toy_project)
    (toy_project / "Snakefile").touch()
    export = toy.write(toy_project / "next.xlsx", [toy.HEADER, *toy.ROWS], "Responses")

    def add(book: Workbook) -> None:
        sheet = book.create_sheet("Visits")
        for row in (["Response ID", "How was it?"], [101, "Agree"], [103, "Disagree"]):
            sheet.append(row)

    toy.spoil(export, add)
    assert wavedeck(["wave", "new", "toy", "2021", str(export)]) == 0
    made = yaml.safe_load((toy_project / "raw/toy/2021/wave.yaml").read_text())
    assert made["export"]["more_sheets"] == [{"sheet": "Visits", "response": "Response ID"}]
    (asked,) = made["introduced"].values()
    assert asked["column"] == "Visits!How was it?"
    load_codebook(toy_project / "surveys/toy/survey.yaml", toy_project / "raw/toy/2021/wave.yaml")


def test_rare_words_tell_more_than_common_ones() -> None:
    kinds = ["County council", "Unitary authority", "District council"]
    assert most_like("Unitary council", kinds)[0] == "Unitary authority"
    assert likeness("Region › Response", "About your council › Region") > 0.6
    assert not same_number("Q10b. Please say more", "Q19. Please say more")
    assert same_number("Please say more", "Q19. Please say more")


def test_pairs_use_each_side_once() -> None:
    scores = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.85, ("b", "y"): 0.7, ("c", "y"): 0.2}
    assert pair_up(scores, 0.5) == {"a": ("x", 0.9), "b": ("y", 0.7)}
