"""estimate: answers + weights -> estimates, one row a statistic, unweighted and weighted.

Every closed question gives, for each option, net and band, its percentage, count and base; grids
give also the largest and smallest percentage over their items; numbers give mean and median;
rankings give mean rank scores and mentions; all of it again within the subsets that the codebook
asks for. See docs/maths.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.coding import Coding, read_coding
from wavedeck.estimate.associations import associations_of
from wavedeck.estimate.change import Comparison, Side, Tables, named_changes
from wavedeck.estimate.coding import mentions_of
from wavedeck.estimate.comparisons import of_shown_columns
from wavedeck.estimate.design import Weights, design_of, population_of
from wavedeck.estimate.earlier import Trend, named_in
from wavedeck.estimate.edition import Edition
from wavedeck.estimate.groups import Breakdown, breakdowns_of
from wavedeck.estimate.named import facts_of, representation, sample_counts, weighting_facts
from wavedeck.estimate.numbers import numbers_of
from wavedeck.estimate.protection import protected
from wavedeck.estimate.rankings import rankings_of
from wavedeck.estimate.sample import Sample
from wavedeck.estimate.shares import extremes_of, shares_of
from wavedeck.estimate.table import Estimate, descriptive, to_table, with_ids
from wavedeck.estimate.variables import quantities, rankings, variables_of
from wavedeck.survey import Survey, Wave, load_codebook
from wavedeck.survey.comparable import Described

WEIGHTS = ["in_frame", "design_weight", "weight"]


def estimate(
    answers: Answers,
    weights: Weights,
    margins: list[dict[str, Any]],
    weighting: Mapping[str, Any],
    coding: Coding,
    survey: Survey,
    wave: Wave,
) -> list[Estimate]:
    """All estimates of a wave, one row each; `id` and `weighted` are the key.

    Counts of the sample, facts, the frame and mentions in open text are the same in both editions.
    """
    samples = [Sample(answers, np.ones(len(answers)), weighted=False)]
    if survey.weighting:
        samples.append(Sample(answers, weights["weight"], weighted=True))
    found: list[Estimate] = []
    breakdowns = breakdowns_of(survey, answers)
    population = population_of(survey, margins)
    for sample in samples:
        design = design_of(survey, answers, weights, population, sample.weighted)
        edition = Edition(design, sample.weighted, survey.minimum_base)
        found += closed_of(survey, answers, edition, breakdowns)
        for quantity in quantities(survey, answers):
            for breakdown in breakdowns[quantity.question]:
                found += numbers_of(quantity, breakdown, sample, design, survey.minimum_base)
        named = [
            *sample_counts(survey, answers, weights["in_frame"].astype(bool)),
            *facts_of(survey, wave),
            *representation(margins),
            *(weighting_facts(weighting) if sample.weighted else ()),
        ]
        plain = [*mentions_of(survey, coding, set(answers.responses))]
        found += [entry._replace(id=name, weighted=sample.weighted) for name, entry in named]
        found += [entry._replace(weighted=sample.weighted) for entry in plain]
    if survey.inference == "none":
        found = descriptive(found)
    return with_ids(of_shown_columns(protected(found, survey, samples)))


def closed_of(
    survey: Survey,
    answers: Answers,
    edition: Edition,
    breakdowns: Mapping[str, Sequence[Breakdown]],
) -> Iterator[Estimate]:
    """Of choices, grids, bands and rankings. Questions with the same breakdowns go together."""
    weighted, minimum = edition.weighted, survey.minimum_base
    shares: list[Estimate] = []
    associations: list[Estimate] = []
    ranked: list[Estimate] = []
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, each in breakdowns.items():
        alike.setdefault(tuple(breakdown.by for breakdown in each), []).append(name)
    for names in alike.values():
        own = [variable for name in names for variable in variables_of(survey, answers, name)]
        # The same families, though not all their groups are shown of every question.
        columns = iter(edition.columns([p for v in own for p in v.parts], breakdowns[names[0]]))
        for variable in own:
            parts = [next(columns) for _ in variable.parts]
            for place, breakdown in enumerate(breakdowns[variable.question]):
                of_breakdown = [part[place] for part in parts]
                shares += shares_of(variable, breakdown, of_breakdown, weighted, minimum)
        for breakdown in breakdowns[names[0]]:
            crossing = edition.crossing(breakdowns[names[0]])
            associations += associations_of(own, breakdown, crossing, weighted, minimum)
        for ranking in rankings(survey, answers, names):
            each = breakdowns[ranking.question]
            coded = [part for _, part in ranking.items.values()]
            (anything,) = edition.columns([ranking.ranked], each)
            scores = edition.columns(coded, each, shares=False)
            for place, breakdown in enumerate(each):
                items = dict(zip(ranking.items, (score[place] for score in scores), strict=True))
                ranked += rankings_of(ranking, breakdown, anything[place], items, weighted)
    order = {name: place for place, name in enumerate(survey.questions)}
    for rows in (shares, [*extremes_of(shares)], associations, ranked):
        yield from sorted(rows, key=lambda row: order[row.question])


@dataclass(frozen=True)
class Round:
    """A wave before, as far as numbers of a later one need it."""

    described: Described
    tables: Tables
    estimates: list[dict[str, Any]]
    """Rows of its own estimates."""

    def known(self, weighted: bool) -> dict[str, dict[str, Any]]:
        """The rows of an edition, by id."""
        return {row["id"]: row for row in self.estimates if row["weighted"] == weighted}

    def side(self, weighted: bool) -> Side:
        hidden = {
            (row["question"], row["item"])
            for row in self.known(weighted).values()
            if row["suppressed"] and row["statistic"] == "percent" and not row["subset"]
        }
        return self.tables.side(self.described, weighted, frozenset(hidden))


def with_earlier(
    found: list[Estimate], now: Described, tables: Tables, before: Sequence[Round]
) -> list[Estimate]:
    """`found` with the change since the wave before, and with the values in all earlier waves.
    `before` are these, the nearest first."""
    nearest = before[0]
    organisations = tables.units(now), nearest.tables.units(nearest.described)
    rows: list[Estimate] = []
    for weighted in dict.fromkeys(row.weighted for row in found):
        plain = [row for row in found if row.weighted == weighted]
        own, sides = tables.side(now, weighted), tuple(r.side(weighted) for r in before)
        rows += Comparison(own, sides[0]).changes(plain)
        known = nearest.known(weighted)
        named = [*named_changes(now, nearest.described, known, organisations)]
        rows += Trend(own, sides).values(plain)
        for each in reversed(before):
            title = each.described.wave.title
            known = each.known(weighted)
            named += named_in(now.survey, each.described.name, title, known)
        rows += [entry._replace(id=name, weighted=weighted) for name, entry in named]
    return with_ids([row._replace(id="") if row.question else row for row in rows])


def _round(survey: Path, wave: Path, folder: Path) -> Round:
    """An earlier wave from its wave.yaml and its folder under processed/."""
    described = Described(*load_codebook(survey, wave), wave.parent.name)
    rows = files.read_table(folder / "estimates.parquet").to_pylist()
    return Round(described, _tables(folder, described.survey), rows)


def _tables(folder: Path, survey: Survey) -> Tables:
    weights = files.read_table(folder / "weights.parquet")
    return Tables(
        Answers.from_table(files.read_table(folder / "answers.parquet")),
        {name: weights[name].to_numpy(zero_copy_only=False) for name in WEIGHTS},
        population_of(survey, files.read_table(folder / "margins.parquet").to_pylist()),
    )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck estimate", description=__doc__)
    for flag in (
        "survey",
        "wave",
        "answers",
        "comments",
        "weights",
        "margins",
        "weighting",
        "estimates",
    ):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    parser.add_argument("--coding", type=Path, help="coding.xlsx, where open text is coded")
    parser.add_argument(
        "--earlier-waves",
        type=Path,
        nargs="*",
        default=[],
        help="wave.yaml of each wave before, the nearest first",
    )
    parser.add_argument(
        "--earlier-tables",
        type=Path,
        nargs="*",
        default=[],
        help="their folders under processed/, in the same order",
    )
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    answers = Answers.from_table(files.read_table(arguments.answers))
    weights = files.read_table(arguments.weights, WEIGHTS)
    coding = Coding()
    if arguments.coding:
        comments = files.read_table(arguments.comments).to_pylist()
        written = {(c["question"], c["response"]): c["text"] for c in comments}
        coding = read_coding(arguments.coding, survey, arguments.wave.parent.name, written)
    found = estimate(
        answers,
        {name: weights[name].to_numpy(zero_copy_only=False) for name in WEIGHTS},
        files.read_table(arguments.margins).to_pylist(),
        json.loads(arguments.weighting.read_text(encoding="utf-8")),
        coding,
        survey,
        wave,
    )
    if wave.previous and survey.inference == "design":
        folders = zip(arguments.earlier_waves, arguments.earlier_tables, strict=True)
        found = with_earlier(
            found,
            Described(survey, wave, arguments.wave.parent.name),
            _tables(arguments.answers.parent, survey),
            [_round(arguments.survey, *pair) for pair in folders],
        )
    files.write_table(arguments.estimates, to_table(found))
