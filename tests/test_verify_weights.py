"""The second path over weights: it agrees with the stage, and sees what is tampered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavedeck.estimate.named import representation, weighting_facts
from wavedeck.margins import margins_of
from wavedeck.survey import Survey, load_codebook
from wavedeck.verify import plain, population, weights
from wavedeck.verify.estimates import _agrees
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import RawSheet, Response
from weighted import ANSWERS, COUNTS, SURVEY, Project

CELLS = {f"{k} x {r}": 5 for k in ("county", "unitary") for r in ("north", "middle", "south")}
GROUPS = {"kind x region": {"far": ["unitary x middle", "unitary x south"]}}


def persons(project: Project) -> Project:
    del project.survey["export"]["columns"]["organisation"]
    project.answers = [(f"R{n}", *row[1:]) for n, row in enumerate(ANSWERS[:-1])]
    return project.counts()


CASES: dict[str, Callable[[Project], object]] = {
    "list": lambda p: p,
    "counts": lambda p: p.counts(),
    "shares": lambda p: p.counts(
        {k: {o: n / 30 for o, n in c.items()} for k, c in COUNTS.items()}, counts_are="shares"
    ),
    "crossed": lambda p: p.weighting(margins=["kind x region"]),
    "crossed counts": lambda p: p.counts({"kind x region": CELLS}),
    "crossed and single": lambda p: p.weighting(margins=["region", "kind x region"]),
    "collapsed": lambda p: p.weighting(margins=["kind x region"], collapse=GROUPS),
    "collapsed question": lambda p: p.weighting(collapse={"region": {"up": ["north", "middle"]}}),
    "bounds": lambda p: p.weighting(lower=0.8, upper=1.4),
    "persons": persons,
    "persons at bounds": lambda p: persons(p).weighting(lower=0.7, upper=1.55),
}


class Built:
    """A weighted project with what verify reads of it."""

    def __init__(self, project: Project) -> None:
        project.run()
        folder = project.folder
        self.survey: Survey = load_codebook(folder / "survey.yaml", folder / "wave.yaml")[0]
        options = {
            name: {label: option for option, label in question["scale"]["options"].items()}
            for name, question in SURVEY["questions"].items()
        }
        own = bool(self.survey.export.columns.organisation)
        self.responses = [
            Response(
                row,
                f"R{row - 2}",
                organisation if own else "",
                {"kind": options["kind"][kind], "region": options["region"][region]},
            )
            for row, (organisation, kind, region) in enumerate(project.answers, start=2)
        ]
        self.weights = [
            row | {"respondent": f"{'k' * 12}:S:{number}"}
            for number, row in enumerate(project.rows("weights.parquet"), start=2)
        ]
        self.margins = project.rows("margins.parquet")
        self.bounds: list[dict[str, Any]] = list(project.bounds)
        self.summary = project.summary
        self.frame = population.frame_counts(folder, self.survey)

    def verified(self) -> list[str]:
        report = Report()
        sheet = RawSheet("export.xlsx", "S", [], {})
        weights.take_weights(sheet, "k" * 64, self.responses, self.weights, report)
        weights.check_weights(self.survey, self.responses, self.weights, self.frame, report)
        weights.check_summaries(
            self.responses, self.survey, self.frame, self.margins, self.summary, report
        )
        weights.check_bounds(self.responses, self.survey, self.bounds, report)
        return [f"{failure.file}, {failure.place}" for failure in report.failures]


@pytest.fixture(params=CASES)
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Built:
    project = Project(tmp_path)
    CASES[request.param](project)
    return Built(project)


def test_what_the_stage_writes_holds(built: Built) -> None:
    assert built.verified() == []


def test_both_paths_name_margins_and_categories_alike(built: Built) -> None:
    ours, theirs = margins_of(built.survey), population.margins_of(built.survey)
    assert [(m.name, m.text, m.raked) for m in ours] == [(m.name, m.text, m.raked) for m in theirs]
    for one, other in zip(ours, theirs, strict=True):
        for category in one.categories:
            assert other.label(category.name, built.survey) == category.label


def test_estimates_of_frame_and_responding_are_recomputed(built: Built) -> None:
    built.verified()
    expected = dict(plain._representation(built.survey, built.responses, built.frame))
    expected |= dict(plain._weighting(built.survey, built.responses))
    found = dict(representation(built.margins)) | dict(weighting_facts(built.summary))
    assert found.keys() == expected.keys()
    for name, estimate in found.items():
        assert estimate.text == expected[name].text, name
        assert _agrees(estimate.value, expected[name].value, 1e-9), name
        assert estimate.base == expected[name].base, name


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda b: b.weights[1].update(g_weight=9.0), "row 3 of the export, g-weight"),
        (lambda b: b.weights[0].update(design_weight=1.0), "row 2 of the export, design weight"),
        (lambda b: b.weights[4].update(weight=2.0), "sum of weights, region.middle"),
        (lambda b: b.margins[0].update(responding_count=9), "kind.county, responding_count"),
        (lambda b: b.margins[0].update(frame_count=16), "kind.county, frame_count"),
        (lambda b: b.margins[3].update(label="Mid"), "region.middle, label"),
        (lambda b: b.margins[3].update(raked=False), "region.middle, raked"),
        (lambda b: b.margins.pop(), "region.south"),
        (lambda b: b.margins.append(b.margins[0] | {"category": "shire"}), "kind.shire"),
        (lambda b: b.bounds.pop(0), "bounds.csv, Larch"),
        (
            lambda b: b.bounds.append(b.bounds[0] | {"organisation": "Oak"}),
            "bounds.csv, Oak, upper, Unitary, Middle",
        ),
        (lambda b: b.summary.update(organisations_at_upper=0), "organisations_at_upper"),
        (lambda b: b.summary.update(population=31), "population"),
        (lambda b: b.summary.update(largest_g=1.3), "largest_g"),
    ],
)
def test_what_is_tampered_with_is_named(
    tmp_path: Path, change: Callable[[Built], object], place: str
) -> None:
    project = Project(tmp_path)
    CASES["bounds"](project)
    built = Built(project)
    change(built)
    assert any(place in failure for failure in built.verified()), built.verified()


def test_a_changed_frame_is_noticed(tmp_path: Path) -> None:
    built = Built(Project(tmp_path).weighting(margins=["kind x region"]))
    built.frame["kind_x_region"]["county_x_north"] += 1
    failures = built.verified()
    assert "weights.parquet, sum of weights, kind_x_region.county_x_north" in failures
    assert "margins.parquet, kind_x_region.county_x_north, frame_count" in failures
