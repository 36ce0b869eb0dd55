"""The weight stage: organisations count once, margins are met, errors name what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavedeck.errors import WavedeckError
from wavedeck.survey import Survey, load_survey
from wavedeck.weight.respondents import Respondents
from wavedeck.weight.weigh import weigh as weigh_plain

ROOT = Path(__file__).parents[1]
SURVEY: dict[str, Any] = {
    "title": "A survey",
    "organisations": "councils",
    "export": {"sheet": "Responses", "columns": {"response": "ID", "organisation": "Council"}},
    "questions": {
        "kind": {
            "type": "single",
            "text": "Type of council",
            "column": "Type",
            "scale": {
                "options": {"county": "County", "unitary": "Unitary", "district": "District"}
            },
        },
        "region": {
            "type": "single",
            "text": "Region",
            "column": "Region",
            "scale": {"options": {"north": "North", "south": "South"}},
        },
    },
    "frame": {
        "workbook": "frame.xlsx",
        "sheet": "Councils",
        "columns": {"kind": "Council type", "region": "Region"},
        "label": "all councils",
        "source": "a list",
    },
    "outside_frame": {"kind": ["district"]},
    "weighting": {"margins": ["kind", "region"], "lower": 0.1, "upper": 5},
}
# Seven councils of the frame in cells of 4, 1, 1, 1 and one district. Those of row 2 and 3 are one.
ANSWERS = [
    ("Ash", "county", "north"),
    ("Ash", "county", "north"),
    ("Beech", "county", "north"),
    ("Cedar", "county", "north"),
    ("Elm", "county", "north"),
    ("Fir", "county", "south"),
    ("Oak", "district", "south"),
    ("Hazel", "unitary", "north"),
    ("Larch", "unitary", "south"),
    ("Larch", "unitary", "south"),
    ("Larch", "unitary", "south"),
]
COUNTS = {"kind": {"county": 20, "unitary": 20}, "region": {"north": 20, "south": 20}}


def survey(**changes: Any) -> Survey:
    return Survey.model_validate({**SURVEY, **changes})


@dataclass
class Weighted:
    """The stage's result as data frames, which are easier to hold against expectations."""

    weights: pd.DataFrame
    margins: pd.DataFrame
    bounds: pd.DataFrame
    summary: dict[str, Any]


def weigh(answers: pd.DataFrame, survey: Survey, counts: Any) -> Weighted:
    texts = {name: pa.array(answers[name], pa.string()) for name in ("respondent", "organisation")}
    others = {name: answers[name].to_numpy() for name in answers if name not in texts}
    people = Respondents.from_table(pa.table(texts | others), survey)
    result = weigh_plain(people, survey, counts)
    tables = (result.weights, result.margins, result.bounds)
    return Weighted(*(table.to_pandas() for table in tables), result.summary)


def table(rows: list[tuple[str, str, str]] = ANSWERS) -> pd.DataFrame:
    scales = {
        name: {"": -1, **dict(zip(question["scale"]["options"], range(1, 9), strict=False))}
        for name, question in SURVEY["questions"].items()
    }
    return pd.DataFrame(
        {
            "respondent": [f"r{number}" for number in range(len(rows))],
            "response": [f"T{number}" for number in range(len(rows))],
            "row": np.arange(len(rows)) + 2,
            "organisation": [name for name, _, _ in rows],
            "kind": np.array([scales["kind"][kind] for _, kind, _ in rows], dtype=np.int8),
            "region": np.array([scales["region"][place] for _, _, place in rows], dtype=np.int8),
        }
    )


def problem(rows: Any = ANSWERS, counts: Any = COUNTS, **changes: Any) -> str:
    with pytest.raises(WavedeckError) as caught:
        weigh(rows if isinstance(rows, pd.DataFrame) else table(rows), survey(**changes), counts)
    return str(caught.value)


def test_by_hand() -> None:
    # The 2 x 2 example of test_raking.py: with all shares equal and the odds ratio 4 kept, seven
    # councils become 7/3, 7/6, 7/6, 7/3.
    result = weigh(table(), survey(), COUNTS)
    third = 7 / 3
    expected = [third / 8] * 2 + [third / 4] * 3 + [third / 2, 0, third / 2] + [third / 3] * 3
    assert result.weights["weight"].to_list() == pytest.approx(expected, rel=1e-11)
    assert result.weights["weight"].sum() == pytest.approx(7, rel=1e-12)
    assert result.weights["design_weight"].to_list() == pytest.approx(
        [0.5, 0.5, 1, 1, 1, 1, 0, 1, *[1 / 3] * 3]
    )
    assert result.weights["in_frame"].to_list() == [True] * 6 + [False] + [True] * 4
    assert result.weights["g_weight"][6] == 0
    assert result.weights["respondent"].to_list() == [f"r{number}" for number in range(11)]

    assert result.margins.to_dict("list") == {
        "margin": ["kind", "kind", "region", "region"],
        "category": ["county", "unitary", "north", "south"],
        "margin_label": ["Type of council", "Type of council", "Region", "Region"],
        "label": ["County", "Unitary", "North", "South"],
        "raked": [True] * 4,
        "frame_count": [20] * 4,
        "frame_share": [0.5] * 4,
        "responding_count": [5, 2, 5, 2],
        "design_share": pytest.approx([5 / 7, 2 / 7, 5 / 7, 2 / 7]),
        "weighted_share": pytest.approx([0.5] * 4, rel=1e-11),
    }
    summary = result.summary
    assert summary["organisations"] == 8
    assert summary["organisations_in_frame"] == 7
    assert summary["respondents_in_frame"] == 10
    # Councils: weights 7/3 * (1/4 four times, 1/2, 1/2, 1); sum of squares 7/3^2 * 1.75.
    assert summary["effective_base_organisations"] == pytest.approx(9 / 1.75, abs=1e-9)
    assert summary["design_effect_organisations"] == pytest.approx(7 * 1.75 / 9, abs=1e-9)
    squares = third**2 * (2 / 64 + 3 / 16 + 2 / 4 + 3 / 9)
    assert summary["effective_base"] == pytest.approx(49 / squares, abs=1e-8)
    assert summary["design_effect"] == pytest.approx(10 * squares / 49, abs=1e-9)
    assert summary["smallest_g"] == pytest.approx(third / 4)
    assert summary["largest_g"] == pytest.approx(third)
    assert (summary["organisations_at_lower"], summary["organisations_at_upper"]) == (0, 0)
    assert summary["largest_gap"] < 1e-10


def test_bounds_by_hand() -> None:
    # At most 2 for Larch: one number settles the table, 2, 1.5, 1.5, 2.
    bounds = {"margins": ["kind", "region"], "lower": 0.1, "upper": 2}
    result = weigh(table(), survey(weighting=bounds), COUNTS)
    per_council = result.weights["weight"].groupby(table()["organisation"]).sum()
    assert per_council.to_dict() == pytest.approx(
        {"Ash": 0.5, "Beech": 0.5, "Cedar": 0.5, "Elm": 0.5, "Fir": 1.5, "Hazel": 1.5}
        | {"Larch": 2, "Oak": 0},
        rel=1e-11,
    )
    assert result.summary["organisations_at_upper"] == 1
    assert result.weights["g_weight"].max() == 2


def test_survey_without_weighting() -> None:
    plain = survey(weighting=None, outside_frame={})
    result = weigh(table(), plain, {})
    assert (result.weights[["design_weight", "g_weight", "weight"]] == 1).all(axis=None)
    assert result.weights["in_frame"].all()
    assert result.margins.empty
    assert list(result.margins.columns) == list(weigh(table(), survey(), COUNTS).margins.columns)
    assert (result.margins.dtypes == weigh(table(), survey(), COUNTS).margins.dtypes).all()
    assert result.summary == {"weighted": False, "respondents": 11, "respondents_in_frame": 11}


def test_column_of_the_frame_that_is_not_raked_is_compared_all_the_same() -> None:
    bounds = {"margins": ["kind"], "lower": 0.1, "upper": 5}
    margins = weigh(table(), survey(weighting=bounds), COUNTS).margins.set_index("category")
    assert margins.loc["county", "weighted_share"] == pytest.approx(0.5)
    # A half to counties, four fifths of which are northern; a half to unitaries, half of which are.
    assert margins.loc["north", "weighted_share"] == pytest.approx(0.5 * 0.8 + 0.5 * 0.5)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 4), min_size=8, max_size=8), st.integers(0, 2**32 - 1))
def test_who_else_of_a_council_answers_and_in_what_order_changes_nothing(
    times: list[int], seed: int
) -> None:
    councils = list(dict.fromkeys(ANSWERS))
    rows = [row for row, repeat in zip(councils, times, strict=True) for _ in range(repeat)]
    order = np.random.default_rng(seed).permutation(len(rows))
    answers = table([rows[position] for position in order])
    result = weigh(answers, survey(), COUNTS)
    totals = result.weights["weight"].groupby(answers["organisation"]).sum()
    once = weigh(table(councils), survey(), COUNTS).weights["weight"]
    assert totals[[name for name, _, _ in councils]].to_list() == pytest.approx(once.to_list())
    assert not result.weights["weight"][~result.weights["in_frame"]].any()


# Errors.


@pytest.mark.parametrize("code", [-1, -2, -3, -4, 0, 9])
def test_respondent_without_a_margin(code: int) -> None:
    answers = table()
    answers.loc[[3, 6], "region"] = code
    text = problem(answers)
    assert "rows 5 and 8 of the export: no value for 'region' (Region)" in text
    assert f"(code {code})" in text
    assert "'North', 'South'" in text


def test_council_whose_respondents_disagree() -> None:
    rows = [*ANSWERS, ("Larch", "county", "south"), ("Ash", "county", "south")]
    text = problem(rows)
    assert "rows 10, 11, 12 and 13 of the export: respondents of 'Larch' disagree about" in text
    assert "'kind' (Type of council): 'County' in row 13; 'Unitary' in rows 10, 11 and 12" in text
    assert "rows 2, 3 and 14 of the export: respondents of 'Ash' disagree about 'region'" in text
    assert "'North' in rows 2 and 3; 'South' in row 14" in text


@pytest.mark.parametrize("name", ["", " ", None])
def test_respondent_without_an_organisation(name: Any) -> None:
    answers = table()
    answers.loc[4, "organisation"] = name
    assert "row 6 of the export: no organisation is named" in problem(answers)


def test_margin_nobody_answered() -> None:
    rows = [row for row in ANSWERS if row[1] != "unitary"]
    text = problem(rows)
    assert "margin 'kind', category 'Unitary': nobody answered, but it is 20 (50.0%)" in text
    assert "collapse: {kind: {unitary_and_others: [county, unitary]}}" in text


def test_answers_the_frame_does_not_have() -> None:
    text = problem(counts={"kind": {"county": 40}, "region": {"north": 20, "south": 20}})
    assert "margin 'kind', category 'Unitary': 2 councils of it answered" in text
    assert "but the frame has none" in text


def test_more_councils_than_the_frame_lists() -> None:
    text = problem(counts={"kind": {"county": 4, "unitary": 6}, "region": {"north": 5, "south": 5}})
    assert "margin 'kind', category 'County': 5 councils answered, but the frame lists 4" in text


def test_bounds_out_of_reach() -> None:
    bounds = {"margins": ["kind", "region"], "lower": 0.9, "upper": 1.1}
    text = problem(weighting=bounds)
    assert "margin 'kind', category 'Unitary'" in text
    assert "between 25.7% and 31.4%, with g-weights from 0.9 to 1.1" in text


def test_nobody_of_the_frame() -> None:
    assert "none of the 1 respondents" in problem([("Oak", "district", "south")])
    assert "none of the 0 respondents" in problem(table([]))


def test_councillor_survey_can_be_weighted() -> None:
    """Its codebook, England's 152 councils of 2017 by type and region, at least 66 chosen."""
    councillors, _ = load_survey(ROOT / "surveys" / "stp-councillors" / "survey.yaml")
    kinds = {"county": 27, "london_borough": 33, "metropolitan_district": 36, "unitary": 56}
    # London's councils are its boroughs: a region and a type that are the same councils.
    cells = {
        ("london_borough", "london"): 33,
        ("metropolitan_district", "north_east"): 5,
        ("metropolitan_district", "north_west"): 15,
        ("metropolitan_district", "west_midlands"): 7,
        ("metropolitan_district", "yorkshire_humber"): 9,
        ("unitary", "north_east"): 7,
        ("unitary", "north_west"): 6,
        ("unitary", "east_midlands"): 4,
        ("unitary", "west_midlands"): 4,
        ("unitary", "yorkshire_humber"): 5,
        ("unitary", "east_of_england"): 6,
        ("unitary", "south_east"): 12,
        ("unitary", "south_west"): 12,
        ("county", "north_west"): 2,
        ("county", "yorkshire_humber"): 1,
        ("county", "east_midlands"): 5,
        ("county", "west_midlands"): 3,
        ("county", "east_of_england"): 5,
        ("county", "south_east"): 7,
        ("county", "south_west"): 4,
    }
    regions: dict[str, int] = {}
    for (_, region), count in cells.items():
        regions[region] = regions.get(region, 0) + count
    order = {name: list(councillors.scale_of(name).options) for name in ("council_type", "region")}
    random = np.random.default_rng(2017)
    frame = [cell for cell, count in cells.items() for _ in range(count)]
    chosen = [frame[position] for position in random.permutation(152)[:66]]
    chosen += [cell for cell in cells if cell not in chosen]
    answers = pd.DataFrame(
        {
            "respondent": [str(number) for number in range(len(chosen))],
            "row": range(len(chosen)),
            "organisation": [f"Council {number:03}" for number in range(len(chosen))],
            "council_type": [order["council_type"].index(kind) + 1 for kind, _ in chosen],
            "region": [order["region"].index(region) + 1 for _, region in chosen],
        }
    )
    result = weigh(answers, councillors, {"council_type": kinds, "region": regions})
    assert result.summary["largest_gap"] < 1e-10
    margins = result.margins
    assert margins["weighted_share"].to_list() == pytest.approx(
        margins["frame_share"].to_list(), rel=1e-10
    )
    assert len(margins) == 4 + 9
    assert result.weights["weight"].sum() == pytest.approx(len(chosen))
