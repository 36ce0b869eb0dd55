"""`wavedeck new`: what it writes, what it refuses, and that the result builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import export_layouts as layouts
from conftest import copy_project, snakemake
from wavedeck import cli, yamlfile
from wavedeck.compose.comments import COLUMNS
from wavedeck.configuration import Configuration
from wavedeck.exhibits import load_exhibits
from wavedeck.layout import Project
from wavedeck.new.bands import bands_of
from wavedeck.new.names import file_name, name_of, unique_names
from wavedeck.new.room import cut, pages
from wavedeck.new.yamltext import flow_scalar, scalar
from wavedeck.survey import load_codebook


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Snakefile").write_text("")
    (tmp_path / "config.yaml").write_text(
        "# What is built.\nwaves:\n  - parks/2023  # last year\n\neditions: [unweighted]\n"
    )
    layouts.save(layouts.smartsurvey(), tmp_path / "in/export.xlsx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_writes_a_survey_that_loads(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    said = capsys.readouterr().out
    assert "made by SmartSurvey" in said
    assert "contact, never read: 'Name', 'Email', 'IP Address'" in said
    assert said.rstrip().endswith("Now run:  snakemake")
    survey, wave = load_codebook(
        project / "surveys/park-users/survey.yaml", project / "raw/park-users/2024/wave.yaml"
    )
    load_exhibits(project / "surveys/park-users/exhibits.yaml", survey)
    assert (survey.title, wave.title) == ("Park users", "2024")
    assert wave.fieldwork.start.isoformat() == "2024-03-04"
    copied = project / "raw/park-users/2024" / wave.workbook
    assert copied.read_bytes() == (project / "in/export.xlsx").read_bytes()
    configuration, _ = yamlfile.load(project / "config.yaml", Configuration)
    assert configuration.waves == ["parks/2023", "park-users/2024"]
    assert "# last year" in (project / "config.yaml").read_text()
    decisions = load_workbook(project / "surveys/park-users/comments.xlsx")["Comments"]
    assert [cell.value for cell in decisions[1]] == [*COLUMNS, "note", "checked"]


def test_options_name_the_wave_the_title_and_the_sheet(project: Path) -> None:
    given = ["--wave", "spring", "--title", "Parks: who uses them?", "--sheet", "Responses"]
    assert cli.main(["new", "park-users", "in/export.xlsx", *given]) == 0
    survey, wave = load_codebook(
        project / "surveys/park-users/survey.yaml", project / "raw/park-users/spring/wave.yaml"
    )
    assert (survey.title, wave.title) == ("Parks: who uses them?", "spring")


def test_nothing_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 1
    assert "nothing is written over it" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Park users", "in/export.xlsx"], "nearest:  park-users"),
        (["park-users", "in/exprot.xlsx"], "nearest:  export.xlsx"),
        (["park-users", "in/export.xlsx", "--wave", "../x"], "no name for a wave"),
        (["park-users", "in/export.xlsx", "--sheet", "Raw"], "there is no sheet 'Raw'"),
        (["park-users", "in/export.xlsx", "--sheet", "Respones"], "nearest:  Responses"),
        (["park-users", "in"], "in: this is a folder; it holds 'export.xlsx'"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", *arguments]) == 1
    assert message in capsys.readouterr().err
    assert not (project / "surveys").exists() and not (project / "raw").exists()


def test_a_list_of_waves_in_brackets_is_left_to_a_person(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config.yaml").write_text("waves: [parks/2023]\n")
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    assert "Add this line under waves: in config.yaml" in capsys.readouterr().out
    assert (project / "config.yaml").read_text() == "waves: [parks/2023]\n"


def files_of(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


@pytest.mark.parametrize("last", [".config.yaml", ".wave.yaml", ".deck.qmd.j2"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), PermissionError(13, "Permission denied")])
def test_stopped_midway_it_leaves_nothing(
    project: Path,
    last: str,
    error: BaseException,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = files_of(project)
    mkstemp = tempfile.mkstemp

    def stop(*arguments: Any, **named: Any) -> tuple[int, str]:
        if named.get("prefix", "").startswith(last):
            raise error
        return mkstemp(*arguments, **named)

    monkeypatch.setattr(tempfile, "mkstemp", stop)
    assert cli.main(["new", "park-users", "in/export.xlsx"]) in (1, 130)
    said = capsys.readouterr().err
    assert "new: stopped" in said or "Permission denied\n    to do:    see to it" in said
    assert files_of(project) == before
    folders = [*(project / "raw").iterdir(), *(project / "surveys").glob("*")]
    assert folders == []


def test_an_unreadable_config_is_told_before_anything_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config.yaml").write_bytes(b"waves:\n  - parks/2023  # caf\xe9\n")
    before = files_of(project)
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 1
    assert "config.yaml: the file is not UTF-8 text" in capsys.readouterr().err
    assert files_of(project) == before


def test_an_export_put_into_raw_by_hand_is_told_where_to_go(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / "raw/park-users/2024"
    folder.mkdir(parents=True)
    (project / "in/export.xlsx").rename(folder / "export.xlsx")
    assert cli.main(["new", "park-users", "raw/park-users/2024/export.xlsx"]) == 1
    assert "move the export out of it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Results (final) – é.XLSX", "Results (final) - é.xlsx"),
        ("{a}=b: c?.xlsx", "a--b- c.xlsx"),
        ("~$export.xlsx", "export.xlsx"),
        ("export", "export.xlsx"),
        ("wave.yaml", "wave.yaml.xlsx"),
        ("a\nb.xls", "a-b.xlsx"),
        ("....xlsx", "export.xlsx"),
    ],
)
def test_the_copy_of_the_export_has_a_name_that_rules_take(given: str, name: str) -> None:
    assert file_name(given) == name


def test_an_export_called_like_a_wildcard_is_copied_as_it_is(project: Path) -> None:
    export = (project / "in/export.xlsx").rename(project / "in/{survey}=#1.xlsx")
    assert cli.main(["new", "park-users", str(export)]) == 0
    folder = project / "raw/park-users/2024"
    _, wave = load_codebook(project / "surveys/park-users/survey.yaml", folder / "wave.yaml")
    assert (folder / wave.workbook).read_bytes() == export.read_bytes()
    assert not set("{}=#") & set(wave.workbook)


def test_what_a_killed_command_left_is_no_wave(project: Path) -> None:
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    shutil.copytree(project / "raw/park-users", project / "raw/.park-users.x1")
    assert Project.here().waves() == ["park-users/2024"]


def test_names_are_ids() -> None:
    assert name_of("Tend to agree", "option_1") == "tend_agree"
    assert name_of("18–24", "option_1") == "option_18_24"
    assert name_of("Überhaupt nicht", "option_1") == "uberhaupt_nicht"
    assert name_of("małopolskie", "option_1") == "malopolskie"
    assert name_of("łódzkie", "option_1") == "lodzkie"
    assert name_of("満足", "option_3") == "option_3"
    assert unique_names(["C", "C++", "C", "?"], "option") == ["c", "c_plus_plus", "c_2", "option_4"]


@pytest.mark.parametrize(
    "values", [[0, 1, 2.5, 4, 10, 12], [18, 90, 33, 47], [0.1, 0.2, 0.35], [1000, 250_000, 3, 77]]
)
def test_every_value_is_in_one_range(values: list[float]) -> None:
    ranges = bands_of(list(map(float, values)))
    assert 1 < len(ranges) <= 8
    for value in values:
        assert sum(low <= value <= high for _, low, high in ranges) == 1


def test_ranges_are_called_as_people_write_numbers() -> None:
    budgets = [label for label, *_ in bands_of([150_000.0, 1_250_000.0, 2_400_000.0])]
    assert budgets[0] == "0 to 499,999"
    assert budgets[-1] == "2,000,000 to 2,400,000"
    assert bands_of([1945.0, 2006.0])[1][0].startswith("1960 to 1979")
    assert bands_of([0.1, 0.35])[0][0].startswith("0.1 to under 0.")


def test_or_more_holds_what_a_later_wave_brings() -> None:
    label, least, greatest = bands_of([*map(float, range(4_000, 14_000, 250)), 17_741.0])[-1]
    assert label == "12,000 or more"
    assert least <= 17_741 < 60_000 <= greatest


def test_texts_survive_yaml(tmp_path: Path) -> None:
    hard = [
        "No",
        "yes",
        "12",
        "a: b",
        "# no",
        "- x",
        "it's",
        'say "so"',
        "a\\b",
        "[x]",
        "{y}",
        "*",
        "null",
    ]
    hard += ["ends with :", "£5, or more", "naïve – dash", "@home", "=1+1", "tab\there", "~", "1.5"]
    hard += [
        "next\x85line",
        "line\u2028end",
        "del\x7f",
        "mark\ufeff",
        "no\ufffe",
        "\x9f",
        "old\x0cpage",
    ]
    path = tmp_path / "texts.yaml"
    lines = [f"k{i}: {scalar(text)}" for i, text in enumerate(hard)]
    lines += [f"flow: [{', '.join(map(flow_scalar, hard))}]"]
    path.write_text("\n".join(lines))
    data = yamlfile.Document(path).data
    assert [data[f"k{i}"] for i in range(len(hard))] == hard
    assert data["flow"] == hard


def test_long_questions_are_cut_at_a_word() -> None:
    assert (
        cut("Which of these do you use? (Tick all that apply)", 30) == "Which of these do you use?"
    )
    assert cut("Which of the following have you used so far", 24) == "Which of the following …"
    assert [list(part) for part in pages(5, 3)] == [[0, 1, 2], [3, 4]]


def _built(root: Path, export: Path) -> str:
    """What `new` says of an export; then the project builds its deck, and verify finds nothing."""
    (root / "config.yaml").write_text(
        "waves:\n  - none/1\neditions: [unweighted]\ndeck_engine: embedded\n"
    )
    environment = os.environ | {"PYTHONPATH": str(root / "workflow")}

    def wavedeck(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "wavedeck", *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Warning" not in done.stderr
        return done.stdout

    said = wavedeck("new", "park-users", str(export), "--wave", "2024")
    text = (root / "config.yaml").read_text().replace("  - none/1\n", "")
    (root / "config.yaml").write_text(text)
    done = snakemake(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (root / "report/park-users/2024/deck.pdf").is_file()
    assert "all holds" in wavedeck("verify", "park-users/2024")
    return said


@pytest.mark.slow
def test_a_drafted_survey_builds_and_verifies(tmp_path: Path) -> None:
    """Every kind of question, from export to deck, and held against the raw file by verify."""
    root = copy_project(tmp_path / "project")
    sheets = layouts.surveymonkey()
    rows = sheets["Sheet"]
    rows[0].append("Colours you like")
    rows[1].append("Response")
    for i, row in enumerate(rows[2:]):
        row.append("Red; Blue" if i % 3 else "Green")
    _built(root, layouts.save(sheets, tmp_path / "export.xlsx"))


@pytest.mark.slow
def test_a_survey_in_other_letters_builds_and_verifies(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project")
    said = _built(root, layouts.save(layouts.other_letters(), tmp_path / "export.xlsx"))
    assert "Know that:\n  - texts run from right to left" in said and "no typeface" not in said


def test_nothing_warns_of_other_letters(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = layouts.other_letters()
    sheets["Responses"][0][1] = "คุณพอใจเพียงใด"
    layouts.save(sheets, project / "in/export.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    assert "no typeface here has" in capsys.readouterr().out


def test_a_survey_of_open_questions_alone_loads(project: Path) -> None:
    rows: layouts.Rows = [["Timestamp", "What works well?"]]
    rows += [[layouts.at(i), f"The pond is lovely to walk by {i}"] for i in range(20)]
    layouts.save({"Form Responses 1": rows}, project / "in/export.xlsx")
    assert cli.main(["new", "park-users", "in/export.xlsx"]) == 0
    survey, _ = load_codebook(
        project / "surveys/park-users/survey.yaml", project / "raw/park-users/2024/wave.yaml"
    )
    found, _ = load_exhibits(project / "surveys/park-users/exhibits.yaml", survey)
    assert found.exhibits == {}
