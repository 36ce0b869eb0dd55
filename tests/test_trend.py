"""Trend charts: two waves, and arrows only where the test finds a change."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from wavedeck.draw.result import Context
from wavedeck.draw.since import not_comparable
from wavedeck.draw.slopes import spread
from wavedeck.draw.stage import data_csv
from wavedeck.draw.trend import draw
from wavedeck.errors import WavedeckError
from wavedeck.exhibits import BarsExhibit, CrosstabExhibit, TrendExhibit, load_exhibits
from wavedeck.figures import Figures
from wavedeck.survey import Survey, load_survey

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
    places = spread([100.0, 104.0, 109.0, 300.0])
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


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: trend, question: q1}", "rows: {q1.books: its words, ...}"),
        ("{kind: trend, title: Rated, rows: {q2.five: Five}}", "a number has no trend"),
    ],
)
def test_what_has_no_trend_says_what_to_write(tmp_path: Path, entry: str, message: str) -> None:
    uses = {"type": "multi", "text": "Uses?", "column": "Q1", "separator": ";"}
    asked = {
        "q1": uses | {"options": {"books": "Books", "study": "Study space"}},
        "q2": {"type": "number", "text": "Rating?", "column": "Q2", "bands": {"five": [5, 5]}},
    }
    survey = Survey.model_validate(
        {"title": "Toy", "export": {"sheet": "Data", "columns": {}}, "questions": asked}
    )
    path = tmp_path / "exhibits.yaml"
    path.write_text(f"exhibits:\n  t: {entry}\n")
    with pytest.raises(WavedeckError) as caught:
        load_exhibits(path, survey)
    assert "line 2" in str(caught.value) and message in str(caught.value)


DAYS = {"2016": 0, "2017": 365, "2018": 730}
TITLES = {"2016": "July 2016", "2017": "July 2017", "2018": "June 2018"}


def through(
    name: str, values: dict[str, float | str], now: float, note: str = "up"
) -> list[dict[str, Any]]:
    """The rows of a percentage in this wave and those before; a text is why there is no value."""
    found = share(name, now, now - 10, note)
    question, _, rest = name.partition(".")
    item = rest.partition(".")[2]
    stem = f"{question}.{item}" if item else question
    for wave, value in values.items():
        own, nan = f"{name}:in.{wave}", float("nan")
        if isinstance(value, str):
            hidden = value == "[c]"
            why = {"suppressed": hidden, "change_note": "" if hidden else value}
            found.append(row(own, f"in.{wave}", nan, "[c]" if hidden else "[z]", **why))
        else:
            around = {"lower": value - 5, "upper": value + 5}
            found.append(row(own, f"in.{wave}", value, f"{value:.0f}%", **around))
        base = f"{stem}:base_in.{wave}"
        found.append(row(base, f"base_in.{wave}", 70, "70"))
    return found


def about(*waves: str, days: dict[str, float] | None = None) -> list[dict[str, Any]]:
    """The rows about a wave and those before it, which `waves` names."""
    when = dict(DAYS) | (days or {})
    found = [row("wave.title", "fact", 0, "June 2019"), row("fieldwork.start", "fact", 1095, "")]
    for wave in waves:
        title = TITLES.get(wave, f"June {wave}")
        found.append(row(f"wave.title:in.{wave}", "fact", float("nan"), title))
        found.append(row(f"fieldwork.start:in.{wave}", "fact", when[wave], ""))
    return [*found, row("wave.title:previous", "fact", 0, TITLES.get(waves[-1], "June"))]


MANY = [
    *about("2016", "2017", "2018"),
    *through("q2a.agree", {"2016": 20, "2017": 30, "2018": 28}, 38),
    *through("q2a.disagree", {"2016": 60, "2017": "another question then", "2018": 55}, 51, "none"),
    *through("q2a.neither", {"2016": "[c]", "2017": 8, "2018": 9}, 9, "none"),
    *through(
        "q2a.dont_know",
        {"2016": "not asked in July 2017", "2017": "not asked in July 2017", "2018": 5},
        2,
        "down",
    ),
]


def many(rows: list[dict[str, Any]] = MANY, **more: Any) -> tuple[str, Any]:
    answers = more.pop("answers", ["agree", "disagree", "neither", "dont_know"])
    exhibit = TrendExhibit(kind="trend", question="q2a", answers=answers, **more)
    context = Context(load_survey(PATHS[0])[0], Figures(rows, "unweighted"), where="exhibit t")
    result = draw(exhibit, context)
    assert result.canvas is not None
    return result.canvas.svg("t"), result


def marks_of(svg: str, tag: str = "path") -> dict[str, int]:
    found: dict[str, int] = {}
    for name, inner in re.findall(r'<g [^>]*data-estimate="([^"]+)">(.*?)</g>', svg, re.S):
        found[name] = found.get(name, 0) + inner.count(f"<{tag}")
    return found


@pytest.mark.parametrize("form", ["dots", "slopes"])
def test_all_waves_are_shown_with_their_values(form: str) -> None:
    svg, result = many(form=form)
    shown = texts(svg)
    for title in (*TITLES.values(), "June 2019"):
        assert title in shown
    # Both ends always; between them where there is room, which here is everywhere.
    for text in ("20%", "30%", "28%", "38%", "60%", "55%", "51%", "8%", "up 10 points"):
        assert text in shown
    assert [p.series for p in result.points[:5]] == [*TITLES.values(), "June 2019", "Change"]
    told = {(name, text) for name, text in _labels(svg)}
    assert told <= {(r["id"], r["text"]) for r in MANY}
    assert not result.canvas.loose or all(text[0].isalpha() for text in result.canvas.loose)


def _labels(svg: str) -> list[tuple[str, str]]:
    groups = re.findall(r'<g [^>]*data-estimate="([^"]+)">(.*?)</g>', svg, re.S)
    return [(name, text) for name, inner in groups for text in texts(inner)]


def test_a_line_is_broken_where_a_wave_has_no_value() -> None:
    whole, broken = marks_of(many(form="slopes")[0]), marks_of(many()[0])
    # In rows, a segment belongs to the wave that it starts from, the last to the change.
    assert [broken.get(f"q2a.agree:in.{w}") for w in DAYS] == [1, 1, 0]
    assert [broken.get(f"q2a.disagree:in.{w}") for w in DAYS] == [0, 0, 0]
    assert broken["q2a.disagree:change"] == 1
    assert [broken.get(f"q2a.neither:in.{w}") for w in DAYS] == [0, 1, 0]
    # As lines, a hidden or missing value has neither dot nor band.
    assert [whole.get(f"q2a.neither:in.{w}", 0) for w in DAYS] == [0, 3, 2]
    assert [whole.get(f"q2a.dont_know:in.{w}", 0) for w in DAYS] == [0, 0, 2]


def test_signs_stand_where_values_are_missing_and_the_note_says_why() -> None:
    svg, result = many()
    told = dict(_labels(svg))
    assert told["q2a.neither:in.2016"] == "[c]" and told["q2a.disagree:in.2017"] == "[z]"
    note = "".join(part.text for part in result.note)
    for said in (
        "108 in June 2019, 70 in June 2018, 70 in July 2017 and 70 in July 2016",
        "Changes are since June 2018",
        "‘Disagree’ not comparable with July 2017 [z]: another question then",
        "too few answers to show in July 2016 [c]",
        "‘Don't know’ not comparable with July 2016 and July 2017 [z]: not asked in July 2017",
    ):
        assert said in note
    for said in (
        "Chart of the waves July 2016, July 2017, June 2018 and June 2019.",
        "Agree: 20%, 30%, 28%, 38%; up 10 points since June 2018.",
        "Disagree: 60%, not comparable, 55%, 51%; no clear change since June 2018.",
        "[c] (too few answers to show), 8%, 9%, 9%",
    ):
        assert said in result.alt


def test_a_question_that_is_new_says_that_it_was_not_asked() -> None:
    gone = {"2016": "not asked in July 2016", "2017": 8.0, "2018": 9.0}
    svg, result = many([*about(*DAYS), *through("q2a.agree", gone, 9)], answers=["agree"])
    assert "".join(p.text for p in result.note).endswith(". Not asked in July 2016 [z]")
    svg, _ = many([*about(*DAYS), *through("q2a.agree", gone, 9)], answers=["agree"], form="slopes")
    assert ("q2a.agree:in.2016", "[z]") in _labels(svg), "the axis of that wave says so"


def test_the_first_wave_to_show_can_be_given() -> None:
    _, result = many(since="2017")
    assert [p.series for p in result.points[:4]] == [
        "July 2017",
        "June 2018",
        "June 2019",
        "Change",
    ]
    _, result = many(since="2018")
    assert "Chart of two waves, June 2018 and June 2019." in result.alt
    with pytest.raises(WavedeckError) as error:
        many(since="20177")
    problem = error.value.problems[0]
    assert (problem.where, problem.nearest) == ("exhibit t", "2017")


def centres(svg: str) -> list[float]:
    """Where the names of waves stand, from left to right."""
    found = re.findall(r'data-estimate="wave\.title[^"]*">\s*<text[^>]* x="([\d.]+)"', svg)
    return [float(x) for x in found]


def test_waves_stand_by_date_or_evenly_where_names_would_collide() -> None:
    one = through("q2a.agree", {"2016": 20, "2017": 30, "2018": 28}, 38)
    for days, even in (({"2018": 850.0}, False), ({"2018": 1090.0}, True)):
        rows = [*about(*DAYS, days=days), *one]
        svg, result = many(rows, answers=["agree"], form="slopes")
        first, second, third, last = centres(svg)[:4]
        far = (third - first) / (last - first)
        assert far == pytest.approx(2 / 3 if even else days["2018"] / 1095, abs=0.01)
        assert ("evenly apart" in "".join(p.text for p in result.note)) == even
        assert second < third


def test_names_are_broken_before_the_axis_is() -> None:
    """Where one line of a name is too wide for the time between waves, two may not be."""
    rows = [*about(*DAYS, days={"2017": 120.0, "2018": 240.0})]
    rows += through("q2a.agree", {"2016": 20, "2017": 30, "2018": 28}, 38)
    svg, result = many(rows, answers=["agree"])
    first, second, third, last = centres(svg)[:4]
    assert (second - first) / (last - first) == pytest.approx(120 / 1095, abs=0.01)
    assert (third - first) / (last - first) == pytest.approx(240 / 1095, abs=0.01)
    assert {"July ", "2016", "June ", "2019"} <= set(texts(svg))
    assert "evenly apart" not in "".join(part.text for part in result.note)
    names = re.findall(r'data-estimate="wave\.title:in\.2016">(.*?)</g>', svg, re.S)
    assert "".join(texts(names[0])) == "July 2016", "one text of its estimate, as verify reads it"


def test_more_waves_than_there_is_room_for_are_refused() -> None:
    years = [str(year) for year in range(1990, 2010)]
    rows = about(*years, days={year: 365.0 * n for n, year in enumerate(years)})
    rows += through("q2a.agree", dict.fromkeys(years, 30.0), 38)
    with pytest.raises(WavedeckError, match="more than there is room for") as error:
        many(rows, answers=["agree"])
    assert "since:" in error.value.problems[0].remedy
    most = int(re.findall(r"at most (\d+)", error.value.problems[0].expected)[0])
    many(rows, answers=["agree"], since=years[-(most - 1)])


def test_names_at_the_end_stay_inside_the_chart() -> None:
    low = ["agree", "disagree", "neither", "dont_know"]
    rows = about(*DAYS)
    for name in low:
        rows += through(f"q2a.{name}", {"2016": 90, "2017": 1, "2018": 1}, 1)
    svg, result = many(rows, form="slopes")
    heights = [float(y) for y in re.findall(r'<text[^>]* y="([\d.]+)"', svg)]
    assert max(heights) < result.canvas.height


def test_data_of_a_chart_have_no_value_where_there_is_none() -> None:
    _, result = many()
    lines = list(csv.DictReader(data_csv(result.points).splitlines()))
    told = {line["estimate"]: line["value"] for line in lines}
    assert told["q2a.disagree:in.2016"] == "60"
    assert told["q2a.disagree:in.2017"] == told["q2a.neither:in.2016"] == ""


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"kind": "bars", "answer": "agree"}, "‘Acute trusts’ not comparable with July 2017"),
        ({"kind": "bars", "answer": "agree", "items": ["ccgs"]}, ""),
        ({"kind": "crosstab", "by": "q1", "item": "ccgs"}, ""),
        ({"kind": "crosstab", "by": "q1", "item": "acute_trusts"}, "Not comparable with July 2017"),
    ],
)
def test_the_note_names_only_rows_that_the_chart_shows(shown: dict[str, Any], said: str) -> None:
    rows = [
        *ROWS,
        *share("q5.agree.ccgs", 52, 48, "none"),
        *share("q5.agree.acute_trusts", 40, 38, "a new row"),
        *share("q5.agree_strongly.acute_trusts", 10, 9, "a new row"),
    ]
    context = Context(load_survey(PATHS[0])[0], Figures(rows, "unweighted"))
    kind = {"bars": BarsExhibit, "crosstab": CrosstabExhibit}[shown["kind"]]
    note = not_comparable(kind(question="q5", **shown), context)
    assert note == (f". {said}: a new row" if said else "")
