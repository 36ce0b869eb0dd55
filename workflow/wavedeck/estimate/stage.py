"""estimate: answers + weights -> estimates, one row a statistic, unweighted and weighted.

Every closed question gives, for each option, net and band, its percentage, count and base; grids
give also the largest and smallest percentage over their items; numbers give mean and median;
rankings give mean rank scores and mentions; all of it again within the subsets that the codebook
asks for. See docs/maths.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.coding import Coding, read_coding
from wavedeck.estimate.change import Comparison, Tables, named_changes, population_of
from wavedeck.estimate.coding import mentions_of
from wavedeck.estimate.named import facts_of, representation, sample_counts, weighting_facts
from wavedeck.estimate.numbers import numbers_of
from wavedeck.estimate.protection import protected
from wavedeck.estimate.rankings import rankings_of
from wavedeck.estimate.sample import Sample, subsets_of
from wavedeck.estimate.shares import extremes_of, shares_of
from wavedeck.estimate.table import Estimate, to_table, with_ids
from wavedeck.estimate.variables import quantities, variables
from wavedeck.survey import RankingQuestion, Survey, Wave, load_codebook
from wavedeck.survey.comparable import Described

WEIGHTS = ["in_frame", "design_weight", "weight"]


def estimate(
    answers: Answers,
    weights: np.ndarray,
    in_frame: np.ndarray,
    margins: list[dict[str, Any]],
    weighting: Mapping[str, Any],
    coding: Coding,
    survey: Survey,
    wave: Wave,
) -> list[Estimate]:
    """All estimates of a wave, one row each; `id` and `weighted` are the key.

    Counts of the sample, facts, the frame and mentions in open text are the same in both editions.
    """
    editions = [Sample(answers, np.ones(len(answers)), weighted=False)]
    if survey.weighting:
        editions.append(Sample(answers, weights, weighted=True))
    found: list[Estimate] = []
    for sample in editions:
        subsets = subsets_of(survey, sample)
        shares: list[Estimate] = []
        for variable in variables(survey, answers):
            for subset, mask in subsets[variable.question].items():
                shares += shares_of(variable, subset, mask, sample, survey.minimum_base)
        found += shares
        found += extremes_of(shares)
        for quantity in quantities(survey, answers):
            for subset, mask in subsets[quantity.question].items():
                found += numbers_of(quantity, subset, mask, sample, survey.minimum_base)
        for name, question in survey.questions.items():
            if isinstance(question, RankingQuestion):
                for subset, mask in subsets[name].items():
                    found += rankings_of(name, question, subset, mask, sample)
        named = [
            *sample_counts(survey, answers, in_frame),
            *facts_of(survey, wave),
            *representation(margins),
            *(weighting_facts(weighting) if sample.weighted else ()),
        ]
        plain = [*mentions_of(survey, coding, set(answers.responses))]
        found += [entry._replace(id=name, weighted=sample.weighted) for name, entry in named]
        found += [entry._replace(weighted=sample.weighted) for entry in plain]
    return with_ids(protected(found, survey, editions))


def with_change(
    found: list[Estimate],
    sides: tuple[Described, Described],
    tables: tuple[Tables, Tables],
    earlier: list[dict[str, Any]],
) -> list[Estimate]:
    """`found` with the change since an earlier wave. Of each pair the first is the wave's own;
    `earlier` are rows of the earlier wave's estimates."""
    organisations = tables[0].answers.organisations, tables[1].answers.organisations
    rows: list[Estimate] = []
    for weighted in dict.fromkeys(row.weighted for row in found):
        own, before = (t.side(d, weighted) for t, d in zip(tables, sides, strict=True))
        rows += Comparison(own, before).changes([r for r in found if r.weighted == weighted])
        known = {row["id"]: row for row in earlier if row["weighted"] == weighted}
        named = named_changes(*sides, known, organisations)
        rows += [entry._replace(id=name, weighted=weighted) for name, entry in named]
    return with_ids([row._replace(id="") if row.question else row for row in rows])


def _tables(folder: Path) -> Tables:
    weights = files.read_table(folder / "weights.parquet")
    return Tables(
        Answers.from_table(files.read_table(folder / "answers.parquet")),
        {name: weights[name].to_numpy(zero_copy_only=False) for name in WEIGHTS},
        population_of(files.read_table(folder / "margins.parquet").to_pylist()),
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
    parser.add_argument("--previous-wave", type=Path, help="wave.yaml of the wave before")
    parser.add_argument("--previous-tables", type=Path, help="its folder under processed/")
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    answers = Answers.from_table(files.read_table(arguments.answers))
    weights = files.read_table(arguments.weights, ["weight", "in_frame"])
    coding = Coding()
    if arguments.coding:
        comments = files.read_table(arguments.comments).to_pylist()
        written = {(c["question"], c["response"]): c["text"] for c in comments}
        coding = read_coding(arguments.coding, survey, arguments.wave.parent.name, written)
    found = estimate(
        answers,
        weights["weight"].to_numpy(),
        weights["in_frame"].to_numpy(zero_copy_only=False),
        files.read_table(arguments.margins).to_pylist(),
        json.loads(arguments.weighting.read_text(encoding="utf-8")),
        coding,
        survey,
        wave,
    )
    if wave.previous:
        before = load_codebook(arguments.survey, arguments.previous_wave)
        found = with_change(
            found,
            (Described(survey, wave), Described(*before)),
            (_tables(arguments.answers.parent), _tables(arguments.previous_tables)),
            files.read_table(arguments.previous_tables / "estimates.parquet").to_pylist(),
        )
    files.write_table(arguments.estimates, to_table(found))
