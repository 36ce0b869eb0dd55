"""The weight stage as a user meets it: files in, files out, and a message for each mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from wavedeck.statistics.raking import dual
from weighted import ANSWERS, COUNTS, FRAME, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


OUTPUTS = ("weights.parquet", "margins.parquet", "bounds.csv", "weighting.json")


def test_the_same_bytes_again(project: Project) -> None:
    project.run()
    first = [(project.folder / name).read_bytes() for name in OUTPUTS]
    project.run()
    assert [(project.folder / name).read_bytes() for name in OUTPUTS] == first
    assert sum(project.weights) == pytest.approx(9)
    assert project.summary["population"] == 30
    for row in project.margins.values():
        assert row["weighted_share"] == pytest.approx(row["frame_share"], rel=1e-10)


def test_without_weighting_no_frame_is_read(project: Project) -> None:
    del project.survey["weighting"]
    project.survey["frame"]["workbook"] = "not-there.xlsx"
    project.run()
    assert project.weights == [1.0] * 11
    assert project.margins == {} and project.bounds == []


# Populations: a list, a list of counts, counts in survey.yaml, shares.


def test_a_list_of_counts_weights_as_the_list_does(project: Project) -> None:
    project.run()
    listed, margins = project.weights, project.margins
    rows = {tuple(row): 0 for row in FRAME[1:]}
    for row in FRAME[1:]:
        rows[tuple(row)] += 1
    project.frame = [["Type", "Region", "How many"], *([*row, n] for row, n in rows.items())]
    project.survey["frame"]["count"] = "How many"
    project.run()
    assert project.weights == listed and project.margins == margins


def test_counts_in_survey_yaml_weight_as_the_list_does(project: Project) -> None:
    project.run()
    listed, margins, summary = project.weights, project.margins, project.summary
    project.counts().run()
    assert project.weights == listed
    assert project.margins == margins and project.summary == summary


def test_shares_that_round_to_101_percent_are_scaled(project: Project) -> None:
    shares = {"kind": {"county": 50, "unitary": 50}, "region": {"north": 37, "middle": 30.5}}
    shares["region"]["south"] = 33.5
    project.counts(shares, counts_are="shares").run()
    region = project.margins["region.north"]
    assert region["frame_count"] is None
    assert region["frame_share"] == pytest.approx(37 / 101)
    assert region["weighted_share"] == pytest.approx(37 / 101)
    assert project.summary["population"] is None


def test_a_margin_is_added_up_from_one_that_crosses_it(project: Project) -> None:
    cells = {f"{k} x {r}": 5 for k in ("county", "unitary") for r in ("north", "middle", "south")}
    project.counts({"kind x region": cells}).run()
    assert project.margins["region.north"]["frame_count"] == 10


# Crossed and collapsed margins.


def test_crossed_margins_meet_every_cell(project: Project) -> None:
    project.weighting(margins=["kind x region"]).run()
    rows = project.margins
    assert rows["kind_x_region.county_x_north"]["label"] == "County × North"
    assert rows["kind_x_region.county_x_north"]["responding_count"] == 3
    # Post-stratified: each council weighs what its cell has in the frame, of nine that answered.
    expected = dict.fromkeys(("Beech", "Cedar"), 9 * 5 / 30 / 3) | {"Maple": 9 * 5 / 30 / 2}
    by_name = {row[0]: w for row, w in zip(ANSWERS, project.weights, strict=True)}
    assert {name: by_name[name] for name in expected} == pytest.approx(expected)
    # The questions themselves are compared all the same.
    assert not rows["region.north"]["raked"]
    assert rows["region.north"]["weighted_share"] == pytest.approx(11 / 30)


def test_a_cell_nobody_answered_is_named_with_what_to_declare(project: Project) -> None:
    project.answers = [a for a in ANSWERS if a[1:] != ("Unitary", "Middle")]
    text = project.weighting(margins=["kind x region"]).fails()
    assert "margin 'kind x region', category 'Unitary × Middle': nobody answered" in text
    assert "it is 4 (13.3%) of the frame" in text
    declared = "{unitary_x_middle_and_others: [unitary x middle, unitary x south]}"
    assert f"collapse: {{kind x region: {declared}}}" in text
    # What the message says to do is what helps.
    project.weighting(collapse={"kind x region": yaml.safe_load(declared)}).run()
    row = project.margins["kind_x_region_collapsed.unitary_x_middle_and_others"]
    assert row["label"] == "Unitary × Middle or Unitary × South"
    assert row["frame_count"] == 9
    assert row["weighted_share"] == pytest.approx(0.3)


def test_a_cell_the_frame_does_not_have_is_named(project: Project) -> None:
    project.frame = [row for row in project.frame if row != ["County", "South"]]
    text = project.weighting(margins=["kind x region"]).fails()
    assert "category 'County × South': 1 councils of it answered, but the frame has none" in text


def test_a_collapsed_question_is_compared_whole(project: Project) -> None:
    groups = {"north_half": {"parts": ["north", "middle"], "label": "Upper half"}}
    project.weighting(collapse={"region": groups}).run()
    rows = project.margins
    assert rows["region_collapsed.north_half"]["label"] == "Upper half"
    assert rows["region_collapsed.north_half"]["weighted_share"] == pytest.approx(2 / 3)
    assert rows["region_collapsed.south"]["weighted_share"] == pytest.approx(1 / 3)
    assert not rows["region.north"]["raked"]


# Persons.


def persons(project: Project) -> Project:
    del project.survey["export"]["columns"]["organisation"]
    project.answers = [(f"R{n}", *row[1:]) for n, row in enumerate(ANSWERS[:-1])]
    return project


def test_persons_count_one_each(project: Project) -> None:
    persons(project).counts().run()
    rows = project.rows("weights.parquet")
    assert [row["design_weight"] for row in rows] == [1.0] * 10
    assert sum(project.weights) == pytest.approx(10)
    assert project.summary["organisations_in_frame"] == 10


def test_persons_at_a_bound_are_counted_and_not_named(project: Project) -> None:
    persons(project).counts().weighting(lower=0.7, upper=1.55).run()
    (upper,) = [row for row in project.bounds if row["bound"] == "upper"]
    assert upper["organisation"] == "" and upper["respondents"] == "1"
    assert (upper["kind"], upper["region"]) == ("Unitary", "Middle")
    lower = [row for row in project.bounds if row["bound"] == "lower"]
    assert sum(int(row["respondents"]) for row in lower) == 4
    assert project.summary["organisations_at_lower"] == 4


def test_more_persons_than_shares_say_is_no_mistake(project: Project) -> None:
    shares = {"kind": {"county": 0.5, "unitary": 0.5}}
    persons(project).counts(shares, counts_are="shares").weighting(margins=["kind"]).run()
    assert sum(project.weights) == pytest.approx(10)
    counts = {"kind": {"county": 5, "unitary": 5}}
    (project.folder / "weights.parquet").unlink()
    text = project.counts(counts).fails()
    assert "category 'County': 6 respondents answered, but the frame lists 5" in text


def test_names_of_persons_may_be_empty(project: Project) -> None:
    persons(project).answers[3] = ("", "County", "North")
    project.counts().run()
    assert sum(project.weights) == pytest.approx(10)


# Waves.


def test_a_wave_has_its_own_counts_and_bounds(project: Project) -> None:
    project.run()
    assert project.margins["kind.county"]["frame_count"] == 15
    project.wave["frame"] = {"label": "all", "source": "s", "counts": {"kind": COUNTS["kind"]}}
    project.wave["frame"]["counts"] = {"kind": {"county": 20, "unitary": 10}}
    project.wave["weighting"] = {"margins": ["kind"], "lower": 0.5, "upper": 2}
    project.run()
    assert project.margins["kind.county"]["frame_count"] == 20
    assert project.summary["upper"] == 2


def test_a_wave_whose_frame_lacks_a_margin(project: Project) -> None:
    counts = {"kind": COUNTS["kind"]}
    project.wave["frame"] = {"label": "all", "source": "s", "counts": counts}
    text = project.fails()
    assert "wave.yaml" in text and "'region'" in text


# Trimming is not silent.


def test_organisations_at_a_bound_are_named(project: Project) -> None:
    project.weighting(upper=1.4, lower=0.8).run()
    rows = project.bounds
    summary = project.summary
    upper = [row for row in rows if row["bound"] == "upper"]
    assert len(upper) == summary["organisations_at_upper"] > 0
    assert len(rows) - len(upper) == summary["organisations_at_lower"] > 0
    assert upper == [
        {
            "bound": "upper",
            "organisation": "Larch",
            "respondents": "1",
            "g_weight": "1.4",
            "kind": "Unitary",
            "region": "Middle",
        }
    ]
    assert [row["organisation"] for row in rows[1:]] == ["Ash", "Beech", "Cedar", "Fir"]
    assert rows[1]["respondents"] == "2"


def test_an_infeasible_bound_says_what_can_be_reached(project: Project) -> None:
    text = project.weighting(lower=0.95, upper=1.05).fails()
    assert "category 'Middle'" in text and "its target is 30.0%" in text
    assert "between 21.1% and 23.3%, with g-weights from 0.95 to 1.05" in text


def test_bounds_that_fail_only_together_say_what_can_be_reached(project: Project) -> None:
    text = project.weighting(lower=0.8, upper=1.36).fails()
    assert "no weights within the bounds meet all margins at once" in text
    assert "it can reach" in text


def test_no_convergence_names_the_category(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dual, "MAX_ITERATIONS", 1)
    text = project.fails()
    assert "raking did not converge in 1 steps" in text
    assert "category '" in text


# What a user gets wrong.


def _empty(project: Project) -> None:
    project.answers[4] = ("Elm", "County", "")


def _disagree(project: Project) -> None:
    project.answers[1] = ("Ash", "Unitary", "North")


def _nobody(project: Project) -> None:
    project.answers = [a for a in ANSWERS if a[2] != "Middle"]


def _no_target(project: Project) -> None:
    project.frame = [row for row in project.frame if row[1] != "Middle"]


def _totals(project: Project) -> None:
    project.counts(COUNTS | {"region": {"north": 11, "middle": 9, "south": 11}})


def _fractions(project: Project) -> None:
    project.counts({"kind": {"county": 1.5, "unitary": 2}})


def _not_100(project: Project) -> None:
    shares = {"kind": {"county": 50, "unitary": 40}, "region": {"north": 40, "south": 60}}
    project.counts(shares, counts_are="shares")


def _unknown_option(project: Project) -> None:
    project.counts({"kind": {"countie": 15, "unitary": 15}})


def _unknown_cell(project: Project) -> None:
    project.counts({"kind x region": {"county x nort": 15}})


def _half_a_cell(project: Project) -> None:
    project.counts({"kind x region": {"county": 15}})


def _not_crossed(project: Project) -> None:
    project.counts().weighting(margins=["kind x region"])


def _collapsed_twice(project: Project) -> None:
    groups = {"a": ["north", "middle"], "b": ["middle", "south"]}
    project.weighting(collapse={"region": groups})


def _collapse_of_nothing(project: Project) -> None:
    project.weighting(collapse={"regio": {"a": ["north", "middle"]}})


def _both(project: Project) -> None:
    project.survey["frame"]["counts"] = COUNTS


def _no_frame(project: Project) -> None:
    del project.survey["frame"]


def _bounds_cross(project: Project) -> None:
    project.weighting(lower=1, upper=1)


def _count_cell(project: Project) -> None:
    project.frame = [["Type", "Region", "n"], ["County", "North", "many"], ["County", "North", 1.5]]
    project.survey["frame"]["count"] = "n"


def _count_column(project: Project) -> None:
    project.survey["frame"]["count"] = "Number"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_empty, ["row 6 of the export: no value for 'region'", "'North', 'Middle', 'South'"]),
        (_disagree, ["rows 2 and 3 of the export: respondents of 'Ash' disagree about 'kind'"]),
        (_nobody, ["margin 'region', category 'Middle': nobody answered", "collapse: {region:"]),
        (_no_target, ["margin 'region', category 'Middle': 2 councils of it answered"]),
        (_totals, ["counts of 'region'", "they add up to 31", "expected: 30, as those of 'kind'"]),
        (_fractions, ["counts of 'kind' are no whole numbers", "counts_are: shares"]),
        (_not_100, ["shares of 'kind' add up to 90, not to about 1 or 100"]),
        (_unknown_option, ["counts of 'kind'", "'countie'", "nearest: 'county'"]),
        (_unknown_cell, ["county x nort", "nearest: 'north'"]),
        (_half_a_cell, ["has 'county', not one option each of kind, region"]),
        (
            _not_crossed,
            ["counts these questions one by one", "give counts of 'kind x region'"],
        ),
        (_collapsed_twice, ["'middle' twice: in 'a' and in 'b'"]),
        (_collapse_of_nothing, ["collapse names the unknown 'regio'", "nearest: 'region'"]),
        (_both, ["give either workbook, sheet and columns, or counts"]),
        (_no_frame, ["weighting needs a frame"]),
        (_bounds_cross, ["upper must be above lower"]),
        (_count_cell, ["cell C2 (n): 'many' is not a whole number", "cell C3 (n): '1.5' is not"]),
        (_count_column, ["there is no column 'Number' (how many a row stands for)"]),
    ],
)
def test_a_mistake_is_named(
    project: Project, spoil: Callable[[Project], object], words: list[str]
) -> None:
    spoil(project)
    text = project.fails()
    for word in words:
        assert word in text
