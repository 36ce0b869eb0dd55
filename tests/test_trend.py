"""Trend charts: two waves, and arrows only where the test finds a change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from wavedeck.draw.result import Context
from wavedeck.draw.slopes import _spread
from wavedeck.draw.trend import draw
from wavedeck.errors import WavedeckError
from wavedeck.exhibits import TrendExhibit, load_exhibits
from wavedeck.figures import Figures
from wavedeck.survey import load_survey

PATHS = ROOT / "surveys/stp-councillors/survey.yaml", ROOT / "surveys/stp-councillors/exhibits.yaml"


def row(name: str, statistic: str, value: float, text: str, **more: Any) -> dict[str, Any]:
    plain = {"id": name, "weighted": False, "base": 100, "suppressed": False}
    return plain | {"statistic": statistic, "value": value, "text": text} | more


def share(name: str, now: float, then: float, note: str) -> list[dict[str, Any]]:
    """The rows of a percentage in both waves; `note` is that of the test."""
    points = round(now - then)
    words = f"{note} {abs(points)} points" if note in ("up", "down") else "no clear change"
    if note not in ("up", "down", "none"):
        words = "not comparable"
    question, _, rest = name.partition(".")
    item = rest.partition(".")[2]
    stem = f"{question}.{item}" if item else question
    around = {"lower": now - 8, "upper": now + 8}
    return [
        row(name, "percent", now, f"{now:.0f}%", change_note=note, **around),
        row(f"{name}:previous", "previous", then, f"{then:.0f}%", lower=then - 9, upper=then + 9),
        row(f"{name}:change", "change", now - then, words, change_note=note),
        row(f"{stem}:base", "base", 108, "108"),
        row(f"{stem}:previous_base", "previous_base", 80, "80"),
    ]


ROWS = [
    row("wave.title", "fact", 0, "June 2018"),
    row("wave.title:previous", "fact", 0, "July 2017"),
    *share("q2a.agree", 38, 21, "up"),
    *share("q2a.disagree", 51, 69, "down"),
    *share("q2a.neither", 9, 8, "none"),
    *share("q2a.dont_know", 2, 3, "the first wave did not offer it"),
]


def drawn(**more: Any) -> tuple[str, Any]:
    exhibit = TrendExhibit(
        kind="trend", question="q2a", answers=["agree", "disagree", "neither", "dont_know"], **more
    )
    context = Context(load_survey(PATHS[0])[0], Figures(ROWS, "unweighted"))
    result = draw(exhibit, context)
    assert result.canvas is not None
    return result.canvas.svg("t"), result


def texts(svg: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", svg)


@pytest.mark.parametrize("form", ["dots", "slopes"])
def test_both_waves_are_labelled_directly(form: str) -> None:
    svg, _ = drawn(form=form)
    shown = texts(svg)
    for text in ("July 2017", "June 2018", "Agree", "38%", "21%", "up 17 points", "down 18 points"):
        assert text in shown
    assert shown.count("no clear change") == 1


def test_every_number_belongs_to_its_estimate() -> None:
    svg, _ = drawn()
    groups = re.findall(r'<g [^>]*data-estimate="([^"]+)">(.*?)</g>', svg, re.S)
    told = {(name, text) for name, inner in groups for text in texts(inner)}
    known = {(r["id"], r["text"]) for r in ROWS}
    assert told <= known
    assert ("q2a.agree:previous", "21%") in told and ("q2a.agree:change", "up 17 points") in told


def test_an_arrow_stands_only_where_the_test_finds_a_change() -> None:
    svg, _ = drawn()
    marks: dict[str, int] = {}
    for name, inner in re.findall(r'<g [^>]*data-estimate="([^"]+)">(.*?)</g>', svg, re.S):
        marks[name] = marks.get(name, 0) + inner.count("<path")
    # The line and two arrow heads; the line alone; nothing where there is no comparison.
    assert marks["q2a.agree:change"] == marks["q2a.disagree:change"] == 3
    assert marks["q2a.neither:change"] == 1
    assert marks["q2a.dont_know:change"] == 0


def test_words_for_who_cannot_see_the_chart() -> None:
    _, result = drawn()
    assert "Chart of two waves, July 2017 and June 2018." in result.alt
    assert "Agree: 21%, then 38%; up 17 points." in result.alt
    assert "Don't know: 2%; not comparable." in result.alt
    note = "".join(part.text for part in result.note)
    assert "108 in June 2018 and 80 in July 2017" in note


def test_rows_can_be_sorted_by_change() -> None:
    _, result = drawn(sort="change")
    assert [point.row for point in result.points[::3]] == [
        *("Agree", "Neither agree nor disagree", "Disagree", "Don't know")
    ]


def test_labels_never_lie_on_one_another() -> None:
    places = _spread([100.0, 104.0, 109.0, 300.0])
    assert all(b - a >= 29.9 for a, b in zip(sorted(places), sorted(places)[1:], strict=False))
    assert places == sorted(places) and places[3] == pytest.approx(300.0)


def test_without_a_wave_before_there_is_no_trend() -> None:
    context = Context(load_survey(PATHS[0])[0], Figures(ROWS[:1], "unweighted"))
    exhibit = TrendExhibit(kind="trend", question="q2a", answers=["agree"])
    with pytest.raises(WavedeckError, match="there is no previous wave to show a trend from"):
        draw(exhibit, context)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: trend}", "give either a question or rows"),
        ("{kind: trend, rows: {q2a.agree: Agree}}", "need a title"),
        ("{kind: trend, question: q4}", "needs a net or option"),
        ("{kind: trend, question: q2a}", "needs options or nets"),
        ("{kind: trend, question: q2a, answers: [agre]}", "'agre' is not a net or option"),
        ("{kind: trend, question: q4, answer: engaged, items: [cabinett]}", "is not an item"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, entry: str, message: str) -> None:
    path = tmp_path / "exhibits.yaml"
    path.write_text(f"exhibits:\n  t: {entry}\n")
    with pytest.raises(WavedeckError, match=message):
        load_exhibits(path, load_survey(PATHS[0])[0])
