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
from wavedeck.survey import Survey, Wave, load_codebook
from wavedeck.wave.command import draft
from wavedeck.wave.draft import wave_yaml
from wavedeck.wave.labels import labels_of
from wavedeck.wave.match import match
from wavedeck.wave.scales import drafted as drafted_answers

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


def rated() -> Survey:
    labels = ["Very good", "Good", "Neither good nor poor", "Poor", "Very poor"]
    names = ["very_good", "good", "neither", "poor", "very_poor"]
    scale = {"options": dict(zip(names, labels, strict=True)), "order": "two_sided"}
    asked = {"q1": {"type": "single", "text": "How was it?", "column": "Q1", "scale": scale}}
    export = {"sheet": "Data", "columns": {}}
    return Survey.model_validate({"title": "Toy", "export": export, "questions": asked})


def test_a_middle_cut_short_is_a_spelling_of_it() -> None:
    """'Neither' is no further option; unsure where others gave it as the codebook has it."""
    survey = rated()
    alone = labels_of(survey, "q1", {"Good": 1, "Neither": 2, "Poor": 1})
    assert (alone.aliases, alone.added) == ({"neither": {"Neither": 2}}, {})
    assert alone.unsure == set()
    beside = labels_of(survey, "q1", {"Neither": 1, "Neither good nor poor": 1})
    assert (beside.aliases, beside.added) == ({"neither": {"Neither": 1}}, {})
    assert beside.unsure == {"Neither"}
    labels = [option.label for option in survey.scale_of("q1").options.values()]
    other = labels_of(survey, "q1", dict.fromkeys([*labels, "Very"], 1))
    assert other.aliases == {} and "Very" in {added.label for added in other.added.values()}


def test_a_middle_cut_short_beside_the_whole_is_marked_unsure_in_the_draft() -> None:
    cells: list[str | None] = ["Neither", "Neither good nor poor", "Good", None]
    column = Column(0, "A", "Q1", "Q1", "", "", cells, ["text"] * len(cells))
    survey = rated()
    for texts, said in ((cells, "UNSURE: others gave it"), (cells[:1], "likely (1 answers)")):
        column.values = texts
        aliases = drafted_answers(survey, match(survey, [column]), [])[2]
        assert aliases[:2] == ["aliases:", "  q1:"]
        assert aliases[2].startswith(f"    neither: [Neither]  # {said}")


def test_a_further_choice_of_several_has_no_place_on_a_scale() -> None:
    """An option more leaves the others what they were: each is compared with itself."""
    options = {"books": "Books", "study": "Study space", "other_written": "Other, written in"}
    asked = {"type": "multi", "text": "Uses?", "column": "Q1", "separator": ";", "options": options}
    export = {"sheet": "Data", "columns": {}}
    survey = Survey.model_validate({"title": "Toy", "export": export, "questions": {"q1": asked}})
    cells: list[str | None] = ["Books;Warm space;", "Books;", "Study space;Books;"]
    column = Column(0, "A", "Q1", "Q1", "", "", cells, ["text"] * len(cells))
    recoded = "\n".join(drafted_answers(survey, match(survey, [column]), [])[1])
    assert "given once" in recoded and "scale" not in recoded and "[study" not in recoded
    assert "If it was written in, instead, aliases: {q1: {other_written: [Warm space]}}" in recoded
    assert recoded.endswith("    # comparable: {}")


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
    assert (root / "surveys/toy/2022/exhibits.yaml").read_text() == "of the third wave"
    made = yaml.safe_load((root / "raw/toy/2022/wave.yaml").read_text())
    assert set(made) == {"title", "workbook", "fieldwork", "published", "previous"}
    assert made["previous"] == "2021"


def test_a_copied_deck_counts_waves_on(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = toy.second_wave(toy_project)
    monkeypatch.chdir(root)
    (root / "Snakefile").touch()
    deck = root / "surveys/toy/2021/deck.qmd.j2"
    deck.parent.mkdir()
    deck.write_text("# Second wave\n\nOf the first round, a second thought.\n")
    export = toy.write(
        root / "again.xlsx", [toy.NEXT_TOP, toy.NEXT_SECOND, *toy.NEXT_ROWS], "Sheet"
    )
    assert wavedeck(["wave", "new", "toy", "2022", str(export)]) == 0
    made = (root / "surveys/toy/2022/deck.qmd.j2").read_text()
    assert made == "# Third wave\n\nOf the second round, a second thought.\n"
    said = capsys.readouterr().out
    assert "surveys/toy/2022/deck.qmd.j2 counts waves on by one: look at lines 1, 3" in said
    assert deck.read_text().startswith("# Second wave")


def test_respondents_who_are_not_real_are_called_so(
    drafted: tuple[Survey, Wave, str], tmp_path: Path
) -> None:
    """By the export, or, where it does not say, as a line to take or leave."""
    assert drafted[1].synthetic.startswith("The respondents of this export are synthetic")
    assert "# likely: the sheet 'Please note' says so" in drafted[2]
    bare = tmp_path / "bare.xlsx"
    shutil.copy(EXPORT, bare)
    toy.spoil(bare, lambda book: book.remove(book["Please note"]))
    text = wave_yaml(draft(Project(ROOT), NAME, "2018", bare), date(2019, 7, 27))
    assert "synthetic" not in yaml.safe_load(text)
    assert "\n# synthetic: This wave is synthetic from end to end" in text.replace('"', "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("published", "another thing than a wave's own files"),
        ("survey.yaml", "another thing than a wave's own files"),
        ("scripts", "another thing than a wave's own files"),
        ("overview", "another thing than a wave's own files"),
        ("nul.2021", "no name for a folder on every machine"),
        ("2021.", "no name for a folder on every machine"),
        ("..", "no name for a wave"),
        (".2021", "no name for a wave"),
        ("x" * 61, "the name has 61 letters"),
        ("Spring", "differs from the wave 'spring' by capitals alone"),
    ],
)
def test_names_that_no_wave_can_have(
    toy_project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    said: str,
) -> None:
    monkeypatch.chdir(toy_project)
    (toy_project / "Snakefile").touch()
    (toy_project / "raw/toy/spring").mkdir()
    for path in ("scripts/build.py", "overview/overview.yaml", "overview/deck.qmd.j2"):
        (toy_project / "surveys/toy" / path).parent.mkdir(exist_ok=True)
        (toy_project / "surveys/toy" / path).touch()
    before = sorted(toy_project.rglob("*"))
    export = str(toy_project / "raw/toy/2020/toy.xlsx")
    assert wavedeck(["wave", "new", "toy", name, export]) == 1
    assert said in capsys.readouterr().err
    assert sorted(toy_project.rglob("*")) == before


def test_frames_are_no_survey(
    toy_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(toy_project)
    (toy_project / "Snakefile").touch()
    assert wavedeck(["new", "frames", str(toy_project / "raw/toy/2020/toy.xlsx")]) == 1
    assert "raw/frames/ holds lists of populations" in capsys.readouterr().err


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


def printed(start: str, end: str) -> str:
    """What docs/run-a-wave.md shows from the line that begins with `start` to the one with `end`,
    without its indent."""
    text = (ROOT / "docs/run-a-wave.md").read_text()
    found = text[text.index(f"    {start}") :].partition(f"\n{end}")[0]
    return "\n".join(line.removeprefix("    ") for line in found.splitlines()).strip()


def test_the_page_shows_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (f"raw/{NAME}", f"surveys/{NAME}"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Snakefile").touch()
    command, _, said = printed(f"wavedeck wave new {NAME}", "(To be rid").partition("\n\n")
    assert wavedeck(command.split()[1:]) == 0
    assert capsys.readouterr().out.strip() == said
    path = tmp_path / f"raw/{NAME}/2018/wave.yaml"
    text = path.read_text()
    for line in ("  region: About your council › Region\n", "    unitary: [Unitary council]\n"):
        assert line in text
        text = text.replace(line, "")
    path.write_text(text)
    out = ["--cells", "cells.parquet", "--source", "source.json"]
    survey, wave = f"surveys/{NAME}/survey.yaml", f"raw/{NAME}/2018/wave.yaml"
    assert wavedeck(["ingest", "--survey", survey, "--wave", wave, *out]) == 1
    said = printed(f"raw/{NAME}/2018/stp", "A field stands in")
    assert capsys.readouterr().err.partition("\n\n")[2].strip() == said
