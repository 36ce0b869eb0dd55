"""The synthetic 2017 wave: repeatable, true to every published figure, and as dirty as promised."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT / "surveys" / "stp-councillors"

pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def build() -> Iterator[Any]:
    sys.path.insert(0, str(SURVEY))
    from reconstruction import build as module

    yield module
    sys.path.remove(str(SURVEY))


@pytest.fixture(scope="module")
def made(build: Any) -> Any:
    return build.reconstruct()


@pytest.fixture(scope="module")
def export(build: Any) -> Any:
    return openpyxl.load_workbook(build.WAVE / "stp-councillors-2017.xlsx")


@pytest.fixture(scope="module")
def responses(export: Any) -> list[dict[str, Any]]:
    header, *rows = export["Responses"].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


def test_rebuilding_gives_the_committed_bytes(build: Any, made: Any) -> None:
    assert build.export_workbook(made) == (build.WAVE / "stp-councillors-2017.xlsx").read_bytes()
    assert build.frame_workbook(made.survey) == build.FRAME.read_bytes()


def test_workbooks_do_not_hold_the_time_of_writing(build: Any) -> None:
    from reconstruction.workbooks import Sheet, workbook_bytes

    data = workbook_bytes("title", [Sheet("One", [["a"], ["=1"]])])
    stamp = openpyxl.load_workbook(io.BytesIO(data)).properties.modified
    assert (stamp.year, stamp.month) == (2017, 5)


def test_counts_meet_every_published_figure(build: Any, made: Any) -> None:
    from reconstruction.solve import figure, meets, read_rows

    rows = read_rows(SURVEY / "published" / "2017.csv", made.survey)
    assert len(rows) == 57
    missed = [row.key for row in rows if not meets(row, figure(made.solution, made.survey, row))]
    assert missed == []


def test_respondents_hold_the_solved_counts(made: Any) -> None:
    for column, counts in made.solution.counts.items():
        held = Counter(person.answers[column] for person in made.people)
        assert held == Counter({option: n for option, n in counts.items() if n}), column


def test_respondents_hold_the_solved_cross_tabulations(made: Any) -> None:
    def pairs(by: str, group: str, *answers: str) -> int:
        options = made.survey.scale_of(by).members(group)
        return sum(
            person.answers[by] in options and person.answers["q17.objectives"] in answers
            for person in made.people
        )

    assert pairs("q2a", "agree", "very", "fairly") == 10
    assert pairs("q2a", "disagree", "very", "fairly") == 4
    assert pairs("q12", "great", "very", "fairly") == 10
    assert pairs("q12", "not_at_all", "little", "none") == 12


def test_figures_that_contradict_each_other_are_refused(build: Any, made: Any) -> None:
    from dataclasses import replace

    import yaml
    from reconstruction.solve import read_rows, solve

    rows = read_rows(SURVEY / "published" / "2017.csv", made.survey)
    # The same net at 91% and at 99% of the same people.
    rows = [*rows, replace(rows[0], value=rows[0].value + 8)]
    shapes = yaml.safe_load((SURVEY / "reconstruction" / "shapes.yaml").read_text(encoding="utf-8"))
    with pytest.raises(RuntimeError, match="no counts"):
        solve(made.survey, shapes, rows, 1)


def test_sample(made: Any) -> None:
    people = made.people
    target = {p.council: p for p in people if p.in_frame}
    assert (len(people), len({p.council for p in people}), len(target)) == (81, 68, 66)
    for margin in ("council_type", "region"):
        assert min(Counter(getattr(p, margin) for p in target.values()).values()) >= 3
    assert all((p.region == "london") == (p.council_type == "london_borough") for p in people)
    kinds = {(p.council, p.council_type, p.region) for p in people}
    assert len(kinds) == 68


def test_comparisons_hold_when_weighted(build: Any, made: Any) -> None:
    from reconstruction.claims import CLAIMS, shares
    from reconstruction.raking import g_weights

    extremes = g_weights(made.people, made.weights)
    assert min(extremes) > 0.3 and max(extremes) < 3
    assert min(made.margins.values()) >= 0, made.margins
    for weights in ([1.0] * len(made.people), made.weights):
        share = shares(made.people, weights, made.survey)
        for claim in CLAIMS:
            columns = [c for c in made.solution.counts if c.partition(".")[0] == claim.question]
            assert claim.margin(share, columns) > 0, claim.words


def test_layout_of_the_export(export: Any, responses: list[dict[str, Any]], made: Any) -> None:
    assert export.sheetnames == ["About", "Responses"]
    assert "synthetic" in str([cell.value for row in export["About"] for cell in row])
    sheet = export["Responses"]
    headers = [cell.value for cell in sheet[1]]
    assert headers[7:] == [header for header, *_ in made.survey.columns()]
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert [sheet[f"{letter}1"].value for letter in hidden] == ["Link"]
    assert sheet.max_row == len(responses) + 3, "two blank rows follow the data"


def test_traps_of_the_export(responses: list[dict[str, Any]], made: Any) -> None:
    assert len(responses) == 89
    assert Counter(row["Status"] for row in responses) == {"Complete": 79, "Partial": 9, "Test": 1}
    same = ("Council", "Your role on the council")
    last = "Q18. What successes or challenges has your STP had so far?"
    keys = Counter((*(row[h] for h in same), row[last]) for row in responses if row[last])
    assert sorted(keys.values())[-2:] == [1, 2]
    closed = [
        header
        for header, name, item in made.survey.columns()
        if made.survey.questions[name].type != "text" and item != "other"
    ]
    short = [row for row in responses if sum(row[h] is not None for h in closed) < 3 + 5]
    assert len(short) == 6
    cells = [v for row in responses for h, v in row.items() if h in closed and isinstance(v, str)]
    assert {"-", "–", "n/a", "No reply"} <= {*cells}
    assert {"Strongly agree", "Don’t know", "Yorkshire & the Humber"} <= {*cells}
    assert any(v != v.strip() for v in cells) and any("\u00a0" in v for v in cells)
    assert any(v.strip().isdigit() for v in cells), "ranks stored as text"
    texts = [str(v) for row in responses for h, v in row.items() if h not in closed]
    for hostile in ("= window", "<b>", "**nine**", "\n", "&", '"', "sŵn", "TOP DOWN FROM"):
        assert any(hostile in text for text in texts), hostile


def test_words_that_begin_with_an_equals_sign_are_no_formula(export: Any) -> None:
    kinds = {
        cell.data_type
        for row in export["Responses"].iter_rows()
        for cell in row
        if str(cell.value).startswith("=")
    }
    assert kinds == {"s"}


def test_the_editors_files_speak_of_kept_responses(made: Any) -> None:
    ids = set(made.export.ids)
    said = {(e.question, made.export.ids[e.respondent]) for e in made.written}
    for name, sheet in (("comments", "Comments"), ("coding", "Coding")):
        page = openpyxl.load_workbook(SURVEY / f"{name}.xlsx")[sheet]
        header, *rows = page.iter_rows(values_only=True)
        table = [dict(zip(header, row, strict=True)) for row in rows if any(row)]
        mine = [row for row in table if row["wave"] == "2017"]
        assert {row["response"] for row in mine} <= ids
        assert {(row["question"], row["response"]) for row in mine} <= said
