"""The whole: plain `snakemake` on a copy of the project, and what makes it run again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from conftest import DECKS, ENVIRONMENT, EXPORT, RESULTS, WAVE, copy_project, snakemake
from wavedeck.csvfile import read_csv


def planned(root: Path) -> set[str]:
    """Rules that a run would run now."""
    result = snakemake(root, "--dry-run")
    assert result.returncode == 0, result.stderr
    told = result.stdout + result.stderr
    if "Nothing to be done" in told:
        return set()
    table = told.split("Job stats:")[1].split("\n\n")[0]
    return set(re.findall(r"^(\w+) +\d+$", table, re.M)) - {"all", "total"}


def decks(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in [*DECKS, *RESULTS]}


def test_a_run_ends_with_what_was_built(built: Path) -> None:
    last = (built / "run.txt").read_text()
    for deck in DECKS:
        assert deck in last and (built / deck).stat().st_size > 100_000
    assert "rendered by embedded" in last
    assert "comments without a decision" in last


def test_a_second_run_does_nothing(built: Path) -> None:
    assert planned(built) == set()


def test_a_corrected_export_with_an_old_time_is_noticed(rebuilt: Path) -> None:
    path = rebuilt / EXPORT
    workbook = load_workbook(path)
    sheet = workbook["Responses"]
    column = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Q1."))
    old = sheet.cell(5, column).value
    sheet.cell(5, column, "Nothing at all" if old != "Nothing at all" else "A great deal")
    workbook.save(path)
    os.utime(path, (1, 1))
    assert planned(rebuilt) == {
        *("ingest", "clean", "weight", "estimate", "draw", "awaiting", "compose", "render"),
        *("publish", "publish_csv", "spss", "audit"),
    }


@pytest.mark.parametrize(
    ("module", "rules"),
    [
        ("wavedeck/reconcile.py", set()),
        (
            "wavedeck/rounding.py",
            {"estimate", "draw", "compose", "render", "publish", "publish_csv", "audit"},
        ),
        ("wavedeck/publish/csvs.py", {"publish", "publish_csv", "audit"}),
        ("wavedeck/spss.py", {"spss", "audit"}),
        ("wavedeck/compose/slides.py", {"compose", "render", "audit"}),
        ("wavedeck/render/embedded.py", {"render", "audit"}),
        ("theme/deck.css", {"render", "audit"}),
    ],
)
def test_an_edit_reruns_what_depends_on_it_and_nothing_else(
    rebuilt: Path, module: str, rules: set[str]
) -> None:
    path = rebuilt / "workflow" / module
    path.touch()
    assert planned(rebuilt) == set(), "a touch changes nothing"
    path.write_text(path.read_text() + "\n/* edited */\n" * path.name.endswith("css") + "\n")
    assert planned(rebuilt) == rules


def test_an_edit_to_the_deck_redraws_nothing(rebuilt: Path) -> None:
    path = rebuilt / "surveys/stp-councillors/deck.qmd.j2"
    path.write_text(path.read_text().replace("Councillors know their", "They know their"))
    os.utime(path, (1, 1))
    assert planned(rebuilt) == {"compose", "render", "audit"}


def test_wrong_input_stops_the_run_with_its_message(rebuilt: Path) -> None:
    (rebuilt / EXPORT).unlink()
    result = snakemake(rebuilt)
    message = result.stdout + result.stderr
    assert result.returncode != 0
    assert f"{EXPORT}: there is no such file" in message
    assert "Traceback" not in message


def test_a_mistake_in_the_template_leaves_no_deck(rebuilt: Path) -> None:
    path = rebuilt / "surveys/stp-councillors/deck.qmd.j2"
    text = path.read_text().replace('pct("q1.great_deal")', 'pct("q1.great_dael")')
    path.write_text(text)
    line = 1 + text[: text.index("q1.great_dael")].count("\n")
    result = snakemake(rebuilt)
    message = result.stdout + result.stderr
    assert result.returncode != 0
    assert f"deck.qmd.j2, line {line}: there is no estimate 'q1.great_dael'" in message
    assert "nearest:  q1.great_deal" in message
    assert not list((rebuilt / "processed" / WAVE / "deck").glob("*/deck.qmd"))


def test_what_awaits_a_decision_is_listed_though_the_deck_wants_more(rebuilt: Path) -> None:
    """Who is told to clear more comments must find those that there are."""
    cleared = rebuilt / "surveys/stp-councillors/comments.xlsx"
    workbook = load_workbook(cleared)
    workbook["Comments"].delete_rows(2, workbook["Comments"].max_row)
    workbook.save(cleared)
    (rebuilt / "processed" / WAVE / "awaiting.csv").unlink()
    result = snakemake(rebuilt)
    assert result.returncode != 0
    assert "of 0 cleared" in result.stdout + result.stderr
    assert "awaiting.csv under processed/ lists those" in result.stdout + result.stderr
    listed = read_csv(rebuilt / "processed" / WAVE / "awaiting.csv")
    assert len(listed) > 6 and {row["wave"] for row in listed} == {"2017"}


def test_a_misspelt_configuration_is_named(rebuilt: Path) -> None:
    path = rebuilt / "config.yaml"
    path.write_text(path.read_text().replace("2017", "2071"))
    result = snakemake(rebuilt)
    assert result.returncode != 0
    assert "there is no wave 'stp-councillors/2071'" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_two_runs_at_once_are_refused(rebuilt: Path) -> None:
    import fcntl

    with (rebuilt / ".snakemake/wavedeck.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        (rebuilt / DECKS[0]).unlink()
        result = snakemake(rebuilt)
    assert result.returncode != 0
    assert "another run is at work in this folder" in result.stdout + result.stderr


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    other = copy_project(tmp_path / "elsewhere")
    assert snakemake(other).returncode == 0
    assert decks(other) == decks(built)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, 4, 6, 9, 12])
def test_a_killed_build_is_followed_by_the_same_bytes(
    built: Path, tmp_path: Path, seconds: int
) -> None:
    root = copy_project(tmp_path / "project")
    with subprocess.Popen(
        ["snakemake"],
        cwd=root,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert decks(root) == decks(built)
    leftovers = [
        path for path in root.glob("processed/**/.*") if path.name != ".snakemake_timestamp"
    ]
    assert [path for path in leftovers if not path.name.startswith(".")] == []


def test_another_wave_rebuilds_nothing_of_an_earlier_one(rebuilt: Path) -> None:
    path = rebuilt / "config.yaml"
    path.write_text(path.read_text().replace(f"- {WAVE}", f"- {WAVE}\n- stp-councillors/2018"))
    result = snakemake(rebuilt, "--dry-run")
    told = result.stdout + result.stderr
    assert result.returncode == 0, told
    assert set(re.findall(r"^Job \d+: (\S+?):", told, re.M)) == {"stp-councillors/2018"}
    assert {"ingest", "estimate", "compose", "audit"} <= planned(rebuilt)


def test_a_survey_without_a_codebook_is_told_by_us(rebuilt: Path) -> None:
    (rebuilt / "surveys/stp-councillors/survey.yaml").unlink()
    result = snakemake(rebuilt, "--dry-run")
    message = result.stdout + result.stderr
    assert result.returncode != 0
    assert "config.yaml, line 2: the survey 'stp-councillors' of wave" in message
    assert "has no codebook" in message and "surveys/stp-councillors/survey.yaml" in message
    assert "MissingInputException" not in message and "Traceback" not in message


def test_a_wave_without_a_deck_is_told_by_us(rebuilt: Path) -> None:
    (rebuilt / "surveys/stp-councillors/deck.qmd.j2").unlink()
    result = snakemake(rebuilt, "--dry-run")
    message = result.stdout + result.stderr
    assert result.returncode != 0
    assert "has no deck template" in message and "surveys/stp-councillors/deck.qmd.j2" in message
