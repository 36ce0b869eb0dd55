"""The breakdown exhibit: one share by the banner's groups."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from test_draw import EXHIBITS, SURVEY, Box, Text, assert_readable, context, marks
from wavedeck.draw import alt, stage
from wavedeck.draw.result import Context, Result
from wavedeck.errors import WavedeckError
from wavedeck.exhibits import Exhibits, load_exhibits
from wavedeck.figures import Figures
from wavedeck.survey import Survey, load_survey

assert EXHIBITS and context  # shared with the other charts' tests
BASES = {
    "": 81,
    **{"role.leader": 27, "role.health_lead": 44, "role.other": 10, "council_type.county": 17},
    **{"council_type.london_borough": 24, "council_type.metropolitan_district": 15},
    **{"council_type.unitary": 23, "council_type.district": 2, "region.east_midlands": 3},
    **{"region.east_of_england": 8, "region.london": 24, "region.north_east": 3},
    **{"region.north_west": 8, "region.south_east": 15, "region.south_west": 8},
    **{"region.west_midlands": 6, "region.yorkshire_humber": 6},
}
ALL = "a: {kind: breakdown, question: q1, answer: fair_amount_or_more}"


@pytest.fixture(scope="module")
def survey() -> Survey:
    return load_survey(SURVEY)[0]


def rows(name: str) -> list[dict[str, Any]]:
    """Shares of 0, 100 and all between, with intervals, a test that says higher or lower."""
    found = []
    for place, (subset, base) in enumerate(BASES.items()):
        hidden = bool(subset) and base < 10
        value = [33.0, 0.0, 100.0, 62.0, 8.0][place % 5]
        within = f"@{subset}" if subset else ""
        shared = {"weighted": False, "base": base, "statistic": "percent"}
        found += [
            {
                **shared,
                "id": f"{name}{within}",
                "text": "[c]" if hidden else f"{value:.0f}%",
                "value": value,
                "suppressed": hidden,
                "lower": max(value - 15, 0.0),
                "upper": min(value + 15, 100.0),
                "against_rest": {0.0: "lower", 100.0: "higher"}.get(value, ""),
            },
            {
                **shared,
                "id": f"{name}{within}:base",
                "text": str(base),
                "value": float(base),
                "suppressed": False,
            },
        ]
    return found


def drawn(survey: Survey, folder: Path, line: str, plain: bool = False) -> Result:
    name = "q17.confident.objectives" if "q17" in line else "q1.fair_amount_or_more"
    given = rows(name)
    if plain:  # as written before intervals and tests were computed
        given = [{k: row[k] for k in list(row)[:7] if k in row} for row in given]
    estimates = Figures(given, "unweighted", "estimates.parquet")
    return stage.draw_all(load(survey, folder, line), Context(survey, estimates))["a"]


def load(survey: Survey, folder: Path, line: str) -> Exhibits:
    path = folder / "exhibits.yaml"
    path.write_text(f"exhibits:\n  {line}\n")
    return load_exhibits(path, survey)[0]


LINES = [
    ALL,
    "a: {kind: breakdown, question: q1, answer: fair_amount_or_more, by: [role]}",
    "a: {kind: breakdown, question: q17, item: objectives, answer: confident, by: [region],"
    " width: half, heading: true}",
    "a: {kind: breakdown, question: q1, answer: fair_amount_or_more, by: [role, council_type],"
    " headings: {role: Role}, heading: true}",
]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_breakdowns_are_readable(survey: Survey, tmp_path: Path, line: str, plain: bool) -> None:
    result = drawn(survey, tmp_path, line, plain)
    assert result.canvas is not None
    assert_readable(line, result.canvas.svg("a"))


def test_every_group_shows_its_number_and_its_base(survey: Survey, tmp_path: Path) -> None:
    result = drawn(survey, tmp_path, ALL)
    assert result.canvas is not None
    shown = [m for m in marks(result.canvas.svg("a")) if isinstance(m, Text) and m.estimate]
    by_id = {mark.estimate: mark.text for mark in shown}
    assert by_id == {row["id"]: row["text"] for row in rows("q1.fair_amount_or_more")}
    assert [by_id[f"q1.fair_amount_or_more@region.{r}"] for r in ("london", "north_east")] == [
        next(r["text"] for r in rows("x") if r["id"] == f"x@region.{name}")
        for name in ("london", "north_east")
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [(LINES[1], "At least a fair amount"), (LINES[2], "Deliver its objectives: Confident")],
)
def test_the_chart_says_whose_share_its_bars_show(
    survey: Survey, tmp_path: Path, line: str, words: str
) -> None:
    result = drawn(survey, tmp_path, line)
    assert result.canvas is not None
    shown = [m.text for m in marks(result.canvas.svg("a")) if isinstance(m, Text)]
    assert words in shown


def test_a_hidden_group_has_no_bar_no_interval_and_no_triangle(
    survey: Survey, tmp_path: Path
) -> None:
    result = drawn(survey, tmp_path, ALL)
    assert result.canvas is not None
    boxes = {m.estimate for m in marks(result.canvas.svg("a")) if isinstance(m, Box)}
    hidden = {r["id"] for r in rows("q1.fair_amount_or_more") if r["suppressed"]}
    assert len(hidden) == 8 and not boxes & hidden
    data = stage.data_csv(result.points).splitlines()
    assert all(",," in line for line in data if line.split(",")[2] in hidden)
    assert alt.SUPPRESSED in result.note


def test_the_words_say_what_was_tested(survey: Survey, tmp_path: Path) -> None:
    result = drawn(survey, tmp_path, LINES[1])
    assert "Leader or deputy leader of the council (base 27): 0%, lower than the rest." in (
        result.alt
    )
    assert "triangles" in alt.joined(result.note)
    plain = drawn(survey, tmp_path, LINES[1], plain=True)
    assert "than the rest" not in plain.alt
    assert "triangles" not in alt.joined(plain.note)
    assert "confidence" not in alt.joined(plain.note)
    said = set(re.findall(r"\d+%|\[c\]", result.alt))
    assert said <= {row["text"] for row in rows("x")}


def test_lengths_are_in_proportion(survey: Survey, tmp_path: Path) -> None:
    result = drawn(survey, tmp_path, LINES[1], plain=True)
    assert result.canvas is not None
    widths: dict[str, float] = {}
    for mark in marks(result.canvas.svg("a")):
        if isinstance(mark, Box) and mark.estimate:
            width = mark.right - mark.left
            widths[mark.estimate] = max(width, widths.get(mark.estimate, 0))
    name = "q1.fair_amount_or_more"
    ratio = widths[name] / widths[f"{name}@role.health_lead"]
    assert ratio == pytest.approx(0.33, abs=0.005)


MISTAKES = [
    ("question: q1, answer: great", "'great' is not a net or option"),
    ("question: q17, answer: confident", "needs an item"),
    ("question: q1, answer: nothing, by: [q12]", "is not broken down by 'q12'"),
    ("question: q1, answer: nothing, groups: {q9: [agree]}", "not a question of the breakdown"),
    ("question: q1, answer: nothing, groups: {role: [chief]}", "'chief' is not an option"),
    ("question: q13, answer: nothing", "which this kind cannot show"),
    ("question: region, answer: london", "'region' is not broken down by 'role'"),
    ("question: region, answer: london, by: [role]", "'region' is not broken down by 'role'"),
]


@pytest.mark.parametrize(("given", "found"), MISTAKES)
def test_a_mistake_is_named(survey: Survey, tmp_path: Path, given: str, found: str) -> None:
    with pytest.raises(WavedeckError, match=re.escape(found)):
        load(survey, tmp_path, f"a: {{kind: breakdown, {given}}}")


def test_a_kind_that_does_not_exist_has_a_nearest_one(survey: Survey, tmp_path: Path) -> None:
    with pytest.raises(WavedeckError) as error:
        load(survey, tmp_path, "a: {kind: breakdwn, question: q1, answer: nothing}")
    (problem,) = error.value.problems
    assert "there is no kind 'breakdwn'" in problem.found
    assert problem.nearest == "breakdown" and "crosstab" in problem.expected


def test_a_survey_without_a_banner_has_to_say_by_what(survey: Survey, tmp_path: Path) -> None:
    bare = survey.model_copy(update={"banner": []})
    with pytest.raises(WavedeckError, match="nothing says what to break down by"):
        load(bare, tmp_path, ALL)


def test_a_title_too_long_for_its_block_is_refused(survey: Survey, tmp_path: Path) -> None:
    line = LINES[3].replace("Role", "Role on the council " * 10)
    with pytest.raises(WavedeckError, match="too long for its block"):
        drawn(survey, tmp_path, line)
