"""The second wave of a survey that `wavedeck new` drafted: its codebook and its deck follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import toy
from conftest import copy_project, snakemake
from wavedeck.cli import main as wavedeck
from wavedeck.exhibits import load_exhibits
from wavedeck.ingest.stage import read_wave
from wavedeck.survey import load_codebook, retired

AGREE = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]
OFTEN = ["Every day", "Once a week", "Once a month", "Less often", "Never"]
LIKING = ["Very satisfied", "Fairly satisfied", "Fairly dissatisfied", "Very dissatisfied"]
WHOLE = (
    "Thinking of everything that it offers, how satisfied or dissatisfied are you with the library"
    " nearest to you?"
)
PARTS = ["Lending", "Lending, Study space", "Computers, Lending", "Computers", "Study space"]
COUNT = 40

Columns = list[tuple[str, Any]]


def pick(options: list[Any], number: int) -> Any:
    return options[number % len(options)]


def rows(columns: Columns, year: int) -> list[list[Any]]:
    start = datetime(year, 5, 3, 9)
    found = [["Timestamp", *(name for name, _ in columns)]]
    for number in range(COUNT):
        own = [
            options[(number * 7 + place) % len(options)]
            for place, (_, options) in enumerate(columns)
        ]
        found.append([start + timedelta(hours=number), *own])
    return found


def forms(folder: Path) -> tuple[Path, Path]:
    """Two exports of Google Forms: a question reworded, dropped, new; options and rows added."""
    grid = "How far do you agree? [{}]"
    first = [
        ("How often do you use the library?", OFTEN),
        ("How satisfied are you with the library?", LIKING),
        *((grid.format(row), AGREE) for row in ("Staff are helpful", "It is warm")),
        ("Which parts do you use?", PARTS),
        ("Have you used the mobile library?", ["Yes", "No"]),
        ("What would you change?", [f"Open door {n} a little later" for n in range(COUNT)]),
        ("And what would you keep?", [f"Keep window {n} just as it is" for n in range(COUNT)]),
    ]
    second = [
        (WHOLE, LIKING),
        ("Which parts do you use?", ["Lending", "Lending, Makerspace", "Computers, Study space"]),
        *(
            (grid.format(row), AGREE)
            for row in ("It is warm", "Books are new", "Staff are helpful")
        ),
        ("How often do you use the library?", [*OFTEN[:2], "Twice a month", *OFTEN[2:]]),
        ("Have you borrowed an e-book?", ["Yes", "No"]),
        ("What would you change?", [f"Move chair {n} to the light" for n in range(COUNT)]),
        ("What should we write to you about?", [f"Write of book {n} soon" for n in range(COUNT)]),
    ]
    return (
        toy.write(folder / "one.xlsx", rows(first, 2023), "Form responses 1"),
        toy.write(folder / "two.xlsx", rows(second, 2024), "Form responses 1"),
    )


def coded(folder: Path) -> tuple[Path, Path]:
    """Two exports of Qualtrics, whose columns have codes that stay where the words change."""
    found = []
    for year, words, items in (
        (2023, "How satisfied are you with parking?", ["Showers", "Lockers"]),
        (2024, "How content are you with parking?", ["Showers", "Lockers", "Pumps"]),
    ):
        ids, days = (
            [f"R_{year}{n:04d}x" for n in range(COUNT)],
            [f"{year}-09-0{n % 9 + 1}" for n in range(COUNT)],
        )
        asked = [("ResponseId", "Response ID", ids), ("RecordedDate", "Recorded Date", days)]
        asked += [("Q1", words, LIKING)]
        steps = ["Very important", "Fairly important", "Not at all important"]
        for n, item in enumerate(items, start=1):
            asked.append((f"Q2_{n}", f"How important are these? - {item}", steps))
        sheet: list[list[Any]] = [[code for code, *_ in asked], [text for _, text, _ in asked]]
        sheet.append([f'{{"ImportId":"{code}"}}' for code, *_ in asked])
        sheet += [[pick(own, n) for *_, own in asked] for n in range(COUNT)]
        found.append(toy.write(folder / f"{year}.xlsx", sheet, "Sheet0"))
    return found[0], found[1]


def draft(root: Path, first: Path, second: Path) -> dict[str, Any]:
    """Both waves drafted; returns the second wave.yaml."""
    assert wavedeck(["new", "library", str(first), "--wave", "one"]) == 0
    assert wavedeck(["wave", "new", "library", "two", str(second)]) == 0
    made: dict[str, Any] = yaml.load(
        (root / "raw/library/two/wave.yaml").read_text(), Loader=yaml.CBaseLoader
    )
    return made


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Snakefile").touch()
    (tmp_path / "config.yaml").write_text("waves:\n  - library/one\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_draft_fits_and_its_deck_follows(root: Path) -> None:
    made = draft(root, *forms(root))
    assert made["headers"] == made["reworded"] == {"q2": WHOLE}
    assert list(made["introduced"]) == ["new_q1", "new_q2"]
    assert list(made["items"]["q3"]) == ["books_new"]
    assert list(made["retired"]) == ["q5", "q7"]
    assert list(made["recoded"]["q1"]["add"]) == ["twice_month"]
    assert list(made["recoded"]["q4"]["add"]) == ["makerspace"]
    path = root / "raw/library/two/wave.yaml"
    survey, wave = load_codebook(root / "surveys/library/survey.yaml", path)
    read_wave(path.parent / "two.xlsx", survey, wave, path)
    own = root / "surveys/library/two"
    shown, _ = load_exhibits(own / "exhibits.yaml", survey, retired(path))
    assert list(shown.exhibits) == ["q1", "q2", "q3", "q4", "new_q1"]
    deck = (own / "deck.qmd.j2").read_text()
    assert "q5" not in deck and "{#new-q1 .section}" in deck and 'chart("new_q1")' in deck
    assert f'[{{{{ "{WHOLE}" }}}}]{{.label}}\n:::' in deck, "a title that is cut has it in full"
    assert "How satisfied are you" not in deck and "What would you keep" not in deck
    open_ = deck[deck.index("{#open-questions") : deck.index("{#detailed")]
    assert "What would you change?" in open_ and "write to you about" in open_
    assert "And what would you keep?" not in open_


def test_the_wrong_file_is_noticed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, other = forms(root)[0], coded(root)[0]
    assert wavedeck(["new", "library", str(first), "--wave", "one"]) == 0
    assert wavedeck(["wave", "new", "library", "two", str(first)]) == 0
    assert "it is the same file as raw/library/one/one.xlsx" in capsys.readouterr().out
    assert wavedeck(["wave", "new", "library", "three", str(other)]) == 0
    said = capsys.readouterr().out
    assert "most questions are not there: is it an export of 'library'?" in said
    assert "the same file" not in said


def test_words_that_changed_behind_a_code_are_found(root: Path) -> None:
    made = draft(root, *coded(root))
    assert made["reworded"] == {"q1": "How content are you with parking?"}
    assert made["items"] == {"q2": {"pumps": {"label": "Pumps", "column": "Q2_3"}}}
    assert "headers" not in made and "introduced" not in made


def test_an_open_question_that_nobody_answered_is_still_asked(root: Path) -> None:
    first, second = forms(root)

    def empty(book: Any) -> None:
        for number in range(2, COUNT + 2):
            book.active.cell(number, 9).value = None

    toy.spoil(second, empty)
    made = draft(root, first, second)
    assert "q6" not in made["retired"]
    assert "What would you change?" not in str(made.get("export"))


def test_a_deck_that_people_wrote_is_left_to_them(root: Path) -> None:
    first, second = forms(root)
    assert wavedeck(["new", "library", str(first), "--wave", "one"]) == 0
    own = root / "surveys/library/deck.qmd.j2"
    own.write_text(own.read_text().partition("\n\n")[2])
    assert wavedeck(["wave", "new", "library", "two", str(second)]) == 0
    copied = root / "surveys/library/two/deck.qmd.j2"
    assert copied.read_text() == own.read_text(), "copied, as questions are gone, and not edited"


@pytest.mark.slow
def test_the_second_wave_builds_as_it_is_drafted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_project(tmp_path / "project")
    monkeypatch.chdir(root)
    draft(root, *forms(tmp_path))
    configuration = (
        (root / "config.yaml").read_text().replace("stp-councillors/2017", "library/two")
    )
    (root / "config.yaml").write_text(configuration)
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    page = (root / "report/library/two/deck.html").read_text()
    assert "Have you borrowed an e-book?" in page
    assert "'Makerspace' could not be chosen in one" in page
