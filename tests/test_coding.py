"""Coded open text: from coding.xlsx to columns of answers, estimates, recipes and passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import toy
from wavedeck.answers import Answers
from wavedeck.clean.themes import code_themes
from wavedeck.coding import Coding, Mention, read_coding
from wavedeck.errors import WavedeckError
from wavedeck.estimate.coding import mentions_of
from wavedeck.estimate.stage import estimate
from wavedeck.recipes import recipe_of
from wavedeck.survey import Survey, Wave
from wavedeck.verify import coding as again
from wavedeck.verify.raw import Response
from wavedeck.verify.recompute import Recount

SURVEY = """
title: Talks
export: {sheet: S, columns: {response: Id, organisation: Place}}
questions:
  role:
    type: single
    text: Role
    column: Role
    scale: {options: {head: Head, member: Member}}
  notes:
    type: text
    text: Notes
    column: Notes
    themes: {money: Money, time: Time, trust: Trust}
    nets: {means: [money, time]}
    net_labels: {means: Means}
banner: [role]
minimum_base: 2
"""
WAVE = Wave.model_validate(yaml.safe_load(toy.WAVE))
TEXTS = {
    "1": "Never enough money. And no time at all.",
    "2": "Money, money.",
    "3": "We trust each other.",
    "4": "Nothing to add.",
}
WRITTEN = {("notes", response): text for response, text in TEXTS.items()}
RESPONSES = ["1", "2", "3", "4", "5"]
"""The fifth wrote nothing."""
CODING = [
    ["2020", "notes", "1", "Never enough  money.", "money"],
    ["2020", "notes", "1", "no time at all", "time"],
    ["2020", "notes", "2", "Money, money.", "money"],
    ["2020", "notes", "3", "We trust each other.", "trust"],
    ["2019", "notes", "9", "of another wave", "nonsense"],
]
SECOND = [
    ["2020", "notes", "1", "Never enough money.", "money"],
    ["2020", "notes", "1", "no time at all", "trust"],
    ["2020", "notes", "3", "We trust each other.", "trust"],
]
HEADER = ["wave", "question", "response", "text", "theme"]


@pytest.fixture
def survey() -> Survey:
    return Survey.model_validate(yaml.safe_load(SURVEY))


def workbook(path: Path, rows: list[list[Any]], second: list[list[Any]] | None = None) -> Path:
    import openpyxl

    toy.write(path, [HEADER, *rows], "Coding")
    if second is not None:
        book = openpyxl.load_workbook(path)
        sheet = book.create_sheet("Second coder")
        for row in [HEADER, *second]:
            sheet.append(row)
        book.save(path)
    return path


@pytest.fixture
def coding(survey: Survey, tmp_path: Path) -> Coding:
    return read_coding(workbook(tmp_path / "c.xlsx", CODING, SECOND), survey, "2020", WRITTEN)


@pytest.fixture
def answers(survey: Survey, coding: Coding) -> Answers:
    role = {"role": np.array([1, 1, 2, 2, 2], dtype=np.int8)}
    codes = role | code_themes(survey, coding, WRITTEN, RESPONSES)
    return Answers(RESPONSES, RESPONSES, [2, 3, 4, 5, 6], list("ABCDE"), codes)


def estimates(survey: Survey, answers: Answers, coding: Coding) -> dict[str, Any]:
    ones = np.ones(len(answers))
    weighting = {"weighted": False}
    weights = {"weight": ones, "in_frame": ones > 0, "design_weight": ones}
    found = estimate(answers, weights, [], weighting, coding, survey, WAVE)
    return {entry.id: entry for entry in found if entry.question == "notes"}


def problems(path: Path, survey: Survey) -> str:
    with pytest.raises(WavedeckError) as caught:
        read_coding(path, survey, "2020", WRITTEN)
    return str(caught.value)


def test_each_theme_is_a_column(survey: Survey, coding: Coding) -> None:
    codes = code_themes(survey, coding, WRITTEN, RESPONSES)
    assert list(codes) == ["notes.money", "notes.time", "notes.trust"]
    assert codes["notes.money"].tolist() == [1, 1, 2, 2, -2]
    assert codes["notes.trust"].tolist() == [2, 2, 1, 2, -2]


def test_a_wave_that_nobody_has_coded_says_nothing(survey: Survey) -> None:
    codes = code_themes(survey, Coding(), WRITTEN, RESPONSES)
    assert codes["notes.money"].tolist() == [-1, -1, -1, -1, -2]


def test_respondents_and_passages_are_counted_apart(
    survey: Survey, answers: Answers, coding: Coding
) -> None:
    found = estimates(survey, answers, coding)
    assert found["notes:base"].value == 4
    assert found["notes.means:count"].value == 2
    assert found["notes.means:mentions"].value == 3
    assert found["notes.means"].text == "50%"
    assert found["notes:mentions"].value == 4


def test_themes_are_broken_down_and_small_groups_hidden(
    survey: Survey, answers: Answers, coding: Coding
) -> None:
    found = estimates(survey, answers, coding)
    assert found["notes.money@role.head:count"].value == 2
    assert found["notes@role.member:base"].value == 2
    answers.codes["role"][:] = [1, 2, 2, 2, 2]
    hidden = estimates(survey, answers, coding)["notes.money@role.head"]
    assert (hidden.text, hidden.suppressed) == ("[c]", True)


def test_two_coders_agree_as_counted_by_hand(
    survey: Survey, answers: Answers, coding: Coding
) -> None:
    found = estimates(survey, answers, coding)
    # money/money, time/trust, trust/trust: 2 of 3 alike; chance (1*1 + 1*2) / 9.
    assert found["notes:units"].value == 3
    assert found["notes:agreement"].text == "67%"
    assert found["notes:kappa"].value == pytest.approx((2 / 3 - 1 / 3) / (2 / 3))
    assert found["notes:kappa"].text == "0.50"
    # In or out of 'means': in/in, in/out, out/out; chance (2*1 + 1*2) / 9.
    assert found["notes.means:kappa"].value == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))


def test_without_a_second_coder_there_is_no_kappa(survey: Survey, tmp_path: Path) -> None:
    alone = read_coding(workbook(tmp_path / "c.xlsx", CODING), survey, "2020", WRITTEN)
    assert not [e for e in mentions_of(survey, alone, set(RESPONSES)) if e.statistic == "kappa"]


def test_the_second_computation_says_the_same(
    survey: Survey, answers: Answers, coding: Coding, tmp_path: Path
) -> None:
    roles = ["head", "head", "member", "member", "member"]
    responses = [
        Response(
            row,
            response,
            answers={"role": role},
            texts={"notes": TEXTS[response]} if response in TEXTS else {},
        )
        for row, (response, role) in enumerate(zip(RESPONSES, roles, strict=True), start=2)
    ]
    coders = again.read_coders(workbook(tmp_path / "d.xlsx", CODING, SECOND), "2020")
    again.fill(survey, responses, coders)
    plain = dict(again.mentions(survey, responses, coders))
    recount = Recount(survey, responses, weighted=False)
    for name, made in estimates(survey, answers, coding).items():
        expected = recount.expected(made._asdict()) or plain[name]
        assert made.text == expected.text, name
        assert made.value == pytest.approx(float(expected.value or 0)), name
        assert made.base == expected.base, name


def test_a_recipe_names_the_column_of_a_theme(survey: Survey) -> None:
    row = {"question": "notes", "item": "", "answer": "means", "subset": "role.head"}
    recipe = recipe_of(row | {"statistic": "percent"}, survey)
    assert recipe and recipe.chosen
    assert recipe.chosen.columns == ("notes.money", "notes.time")
    assert recipe.chosen.codes == (1,)
    assert "'Money' or 'Time'" in recipe.definition
    assert recipe_of(row | {"statistic": "mentions"}, survey) is None


def test_what_is_wrong_with_a_coding_is_told_at_once(survey: Survey, tmp_path: Path) -> None:
    rows = [
        ["2020", "nots", "1", "", "money"],
        ["2020", "notes", "1", "", "mony"],
        ["2020", "notes", "5", "", "money"],
        ["2020", "notes", "2", "More money", "money"],
    ]
    said = problems(workbook(tmp_path / "c.xlsx", rows), survey)
    for part in ("row 2", "'nots'", "row 3", "'mony'", "row 4", "wrote nothing", "row 5"):
        assert part in said
    assert "did not write this" in said


def test_a_second_coder_needs_passages_of_the_first(survey: Survey, tmp_path: Path) -> None:
    twice = [*CODING, ["2020", "notes", "2", "Money, money.", "time"]]
    second = [
        ["2020", "notes", "2", "Money, money.", "money"],
        ["2020", "notes", "4", "Nothing to add.", "trust"],
    ]
    said = problems(workbook(tmp_path / "c.xlsx", twice, second), survey)
    assert "the first coder gave 2 themes" in said
    assert "the first coder gave no themes" in said


def test_a_passage_may_break_lines_where_the_answer_does_not() -> None:
    from wavedeck.coding import holds

    assert holds("a long\nanswer  here", "long answer here")
    assert not holds("a long answer", "longer")


def test_mentions_of_other_themes_do_not_count(survey: Survey) -> None:
    coding = Coding((Mention("notes", "gone", "money", "", 2),))
    found = {e.answer: e for e in mentions_of(survey, coding, set(RESPONSES))}
    assert found["money"].value == 0


def test_a_chart_of_themes_tells_numbers_of_respondents(
    survey: Survey, answers: Answers, coding: Coding
) -> None:
    from wavedeck.draw import themes
    from wavedeck.draw.result import Context
    from wavedeck.exhibits import ThemesExhibit
    from wavedeck.figures import Figures

    rows = [entry._asdict() for entry in estimates(survey, answers, coding).values()]
    context = Context(survey, Figures(rows, "unweighted", "here"))
    exhibit = ThemesExhibit(kind="themes", question="notes", by="role", sort="count")
    drawn = themes.draw(exhibit, context)
    assert [point.row for point in drawn.points[::3]] == ["Money", "Time", "Trust"]
    assert [point.estimate.text for point in drawn.points[:3]] == ["2", "2", "0"]
    assert "Money: 2 (2, 0)." in drawn.alt
    assert drawn.canvas
    assert "notes.money@role.head:count" in drawn.canvas.estimates


def test_passages_are_published_for_a_theme_that_a_coder_gave(
    survey: Survey, answers: Answers, tmp_path: Path
) -> None:
    from wavedeck.compose.comments import load

    header = ["wave", "question", "theme", "response", "decision", "text as received"]
    header += ["text to publish"]
    rows = [
        ["2020", "notes", "money", "1", "publish", "Never enough money.", "Too little money."],
        ["2020", "notes", "trust", "2", "publish", "Money, money.", "Money."],
        ["2020", "notes", "money", "2", "publish", "Money and more", "Money."],
    ]
    comments = [{"question": q, "response": r, "text": t} for (q, r), t in WRITTEN.items()]
    good = toy.write(tmp_path / "good.xlsx", [header, rows[0]], "Comments")
    published = load(good, "2020", survey, comments, answers).published
    assert [(comment.question, comment.text) for comment in published] == [
        ("notes.money", "Too little money.")
    ]
    bad = toy.write(tmp_path / "bad.xlsx", [header, *rows], "Comments")
    with pytest.raises(WavedeckError) as caught:
        load(bad, "2020", survey, comments, answers)
    assert "no coder gave 'trust' to response 2" in str(caught.value)
    assert "has changed since it was decided on" in str(caught.value)
