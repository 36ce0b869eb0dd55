"""The design behind an edition's errors: weights, organisations, population, raking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wavedeck.answers import Answers
from wavedeck.margins import raked_margins
from wavedeck.statistics.variance import Design, Raking
from wavedeck.survey import Survey

Weights = Mapping[str, np.ndarray]
"""Columns of weights.parquet: in_frame, design_weight and weight, a value a respondent."""


def design_of(
    survey: Survey, answers: Answers, weights: Weights, population: float | None, weighted: bool
) -> Design:
    """Organisations are a simple random sample of the frame; respondents of one are a cluster.

    Weighted, respondents outside of the frame take no part, and raking counts. Unweighted, they do
    take part, as a stratum without a finite population.
    """
    names: Sequence[str] = [
        name.strip() if name and name.strip() else f"respondent {place}"
        for place, name in enumerate(answers.organisations)
    ]
    inside = weights["in_frame"].astype(bool)
    if not weighted:
        return Design.of(np.ones(len(answers)), names, population, ~inside)
    raking = None
    if survey.weighting:
        margins = [margin.codes(answers.codes) for margin in raked_margins(survey)]
        raking = Raking(weights["design_weight"], margins)
    return Design.of(weights["weight"], names, population, raking=raking)


def population_of(survey: Survey, margins: Sequence[Mapping[str, Any]]) -> float | None:
    """Organisations of the frame, from rows of margins.parquet; None where only shares are known,
    and without a frame: then errors have no finite population correction."""
    if survey.frame is None or survey.frame.counts_are == "shares":
        return None
    first = [row["frame_count"] for row in margins if row["margin"] == margins[0]["margin"]]
    return float(sum(first)) if first else None
