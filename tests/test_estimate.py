"""estimate: against counts made by hand, and what must hold whatever the answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toy
from test_clean import cleaned
from wavedeck.answers import Answers
from wavedeck.coding import Coding, Mention, read_coding
from wavedeck.errors import WavedeckError
from wavedeck.estimate.stage import estimate
from wavedeck.estimate.table import estimate_id, to_table
from wavedeck.survey import Survey, load_survey, load_wave

MARGINS = [
    {
        "margin": "council_type",
        "category": category,
        "label": category.title(),
        "frame_count": count,
        "responding_count": 3,
    }
    for category, count in (("county", 4), ("unitary", 6))
]
# Council A answered twice, so each of its two counts half; F is a district.
WEIGHTS = [0.4, 0.4, 0.8, 1.2, 1.2, 1.2, 0.0, 0.8]
DESIGN = np.array([0.5, 0.5, 1, 1, 1, 1, 0, 1])
CODING = Coding(
    (
        Mention("q3.other", "102", "size", "", 2),
        Mention("q3.other", "105", "taste", "", 2),
        Mention("q3.other", "105", "size", "", 2),
    )
)


def toy_survey(root: Path) -> Survey:
    return load_survey(root / "surveys/toy/survey.yaml")[0]


def estimates_of(root: Path, answers: Answers) -> pd.DataFrame:
    wave, _ = load_wave(root / "raw/toy/2020/wave.yaml")
    weights = np.array(WEIGHTS)
    summary = {"weighted": True, "design_effect": 1.275, "effective_base": 5.5}
    summary |= {"smallest_g": 0.8, "largest_g": 1.2}
    summary |= {"organisations_at_lower": 0, "organisations_at_upper": 0}
    survey = toy_survey(root)
    columns = {"weight": weights, "in_frame": weights > 0, "design_weight": DESIGN}
    found = estimate(answers, columns, MARGINS, summary, CODING, survey, wave)
    return to_table(found).to_pandas()


@pytest.fixture
def both(toy_project: Path) -> pd.DataFrame:
    return estimates_of(toy_project, cleaned(toy_project).answers).set_index(["id", "weighted"])


@pytest.mark.parametrize(
    ("name", "value", "base", "text"),
    [
        ("q1.agree", 500 / 7, 7, "71%"),
        ("q1.opinion", 600 / 7, 7, "86%"),
        ("q1.dont_know:count", 1, 7, "1"),
        ("q1:base", 7, 7, "7"),
        ("q2.agree.start", 75, 8, "75%"),
        ("q2.end:base", 6, 6, "6"),
        ("q2.disagree.*:max", 100 / 6, 6, "17%"),
        ("q2.agree.*:min", 75, 8, "75%"),
        ("q2.agree.start@q1.agree", 80, 5, "80%"),
        ("q2.agree.start@q1.agree:count", 4, 5, "4"),
        ("q2.agree.start@q1.answered:base", 7, 7, "7"),
        ("q1.agree@council_type.county", 75, 4, "75%"),
        ("q3.red:mean", (3 + 2 + 3 + 1 + 3 + 2) / 6, 6, "2.3"),
        ("q3.red:mentions", 6, 7, "6"),
        ("q3:base", 7, 7, "7"),
        ("q3.other:count", 3, 2, "3"),
        ("q3.other.size:count", 2, 2, "2"),
        ("sample.respondents", 8, 0, "8"),
        ("sample.councils", 7, 0, "7"),
        ("sample.districts", 1, 0, "1"),
        ("sample.target", 6, 0, "6"),
        ("context.moons", 1, 0, "1"),
        ("responding.council_type.county", 50, 6, "50%"),
        ("frame.council_type.unitary", 60, 10, "60%"),
        ("frame.council_type.unitary:count", 6, 10, "6"),
    ],
)
def test_against_counts_by_hand(
    both: pd.DataFrame, name: str, value: float, base: int, text: str
) -> None:
    row = both.loc[(name, False)]
    assert row["value"] == pytest.approx(value, abs=1e-12)
    assert (row["base"], row["text"]) == (base, text)


def test_weighted_by_hand(both: pd.DataFrame) -> None:
    row = both.loc[("q1.agree", True)]
    # Agree: 101, 102, 104, 110 (107 is a district and has no weight); answered: all but 105, 107.
    assert row["value"] == pytest.approx(100 * (0.4 + 0.4 + 1.2 + 0.8) / 4.8)
    assert row["base"] == 6
    assert row["weighted_base"] == pytest.approx(4.8)
    squares = 2 * 0.4**2 + 2 * 0.8**2 + 2 * 1.2**2
    assert row["effective_base"] == pytest.approx(4.8**2 / squares)
    mean = both.loc[("q3.red:mean", True)]
    assert mean["value"] == pytest.approx(
        (0.4 * 3 + 0.4 * 2 + 0.8 * 3 + 1.2 * 1 + 1.2 * 3 + 0.8 * 2) / 4.8
    )


def test_what_weighting_costs_is_said_in_the_weighted_edition_only(both: pd.DataFrame) -> None:
    assert both.loc[("weighting.design_effect", True), "text"] == "1.28"
    assert both.loc[("weighting.effective_base", True), "text"] == "6"
    assert ("weighting.design_effect", False) not in both.index


def test_a_small_base_is_suppressed_in_a_breakdown_only(both: pd.DataFrame) -> None:
    hidden = both.loc[("q1.agree@council_type.district", False)]
    assert (hidden["text"], hidden["suppressed"]) == ("[c]", True)
    assert both.loc[("q1.agree@council_type.district:base", False), "text"] == "1"


def test_ids_are_unique(both: pd.DataFrame) -> None:
    assert both.index.is_unique


def test_a_fact_with_the_id_of_a_statistic_is_refused(toy_project: Path) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace("context.moons:", "q1.agree:"))
    with pytest.raises(WavedeckError, match=r"two statistics have the id 'q1\.agree'"):
        estimates_of(toy_project, cleaned(toy_project).answers)


def test_id_grammar() -> None:
    assert estimate_id("q4", "engaged", "full_council", "region.london", "count") == (
        "q4.engaged.full_council@region.london:count"
    )


codes = st.lists(st.sampled_from([-4, -3, -2, -1, 1, 2, 3, 4]), min_size=8, max_size=8)


@settings(max_examples=40, deadline=None)
@given(codes)
def test_nets_are_sums_of_counts_and_options_are_the_whole(tmp_path_factory, values) -> None:
    root = toy.project(tmp_path_factory.mktemp("toy"))
    answers = cleaned(root).answers
    answers.codes["q1"] = np.array(values, dtype=np.int8)
    table = estimates_of(root, answers)
    for weighted in (False, True):
        rows = table[table["weighted"] == weighted].set_index("id")
        options = ["agree", "neither", "disagree", "dont_know"]
        base = int(rows.loc["q1:base", "value"])
        assert sum(rows.loc[f"q1.{o}:count", "value"] for o in options) == base
        agree, disagree = (rows.loc[f"q1.{o}", "numerator"] for o in ("agree", "disagree"))
        assert rows.loc["q1.opinion", "numerator"] == pytest.approx(agree + disagree)
        if base:
            assert sum(rows.loc[f"q1.{o}", "value"] for o in options) == pytest.approx(100)
        else:
            assert rows.loc["q1.agree", "text"] == "[x]"


def test_coding_is_checked_against_codebook_and_answers(toy_project: Path) -> None:
    path = toy_project / "surveys/toy/coding.xlsx"
    rows = [
        ["wave", "question", "response", "theme"],
        ["2020", "q3.other", 102, "size"],
        ["2020", "q3.othr", 102, "size"],
        ["2020", "q3.other", 102, "siez"],
        ["2020", "q3.other", 103, "size"],
        ["2019", "q3.other", 1, "anything"],
    ]
    toy.write(path, rows, "Coding")
    survey = toy_survey(toy_project)
    comments = cleaned(toy_project).comments
    written = {(c["question"], c["response"]): c["text"] for c in comments}
    with pytest.raises(WavedeckError) as error:
        read_coding(path, survey, "2020", written)
    message = str(error.value)
    assert "row 3: no question 'q3.othr' is coded" in message and "nearest:  q3.other" in message
    assert "row 4: 'q3.other' has no theme 'siez'" in message and "nearest:  size" in message
    assert "row 5: response 103 wrote nothing at 'q3.other'" in message
    toy.write(path, rows[:2], "Coding")
    assert read_coding(path, survey, "2020", written).of("q3.other") == [
        Mention("q3.other", "102", "size", "", 2)
    ]


def test_errors_stand_beside_values(both: pd.DataFrame) -> None:
    """By hand: q1.agree unweighted, five of seven who are of A (two), B, C, E, F and G."""
    row = both.loc[("q1.agree", False)]
    assert row["lower"] < row["value"] < row["upper"]
    assert row["standard_error"] > 0
    # Two councils of the frame are one stratum with F, a district alone: no correction but theirs.
    per_council = {"A": 2, "B": 0, "C": 1, "E": 0, "F": 1, "G": 1}
    people = {"A": 2, "B": 1, "C": 1, "E": 1, "F": 1, "G": 1}
    share = 5 / 7
    totals = [(per_council[name] - share * people[name]) / 7 for name in people] + [0.0]
    spread = np.var(totals, ddof=1) * len(totals)
    assert row["standard_error"] == pytest.approx(100 * np.sqrt((1 - 7 / 10) * spread), rel=1e-9)


def test_a_base_and_a_count_have_no_error(both: pd.DataFrame) -> None:
    for name in ("q1:base", "q1.agree:count", "q2.agree.*:max", "sample.respondents"):
        assert np.isnan(both.loc[(name, False)]["standard_error"])


def test_crosstabs_have_a_test(both: pd.DataFrame) -> None:
    row = both.loc[("q2.start@q1:rao_scott", False)]
    assert row["base"] == 7
    assert row["text"] == "[x]" or 0 <= row["value"] <= 1
