"""Weights: each organisation once, raked to the margins within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wavedeck.errors import Problem, WavedeckError
from wavedeck.frame import FrameCounts
from wavedeck.margins import Margin, margins_of, raked_margins
from wavedeck.statistics.raking import Margin as Targets
from wavedeck.statistics.raking import Raked, rake
from wavedeck.survey import Survey
from wavedeck.weight.categories import check_categories
from wavedeck.weight.respondents import Respondents, check_answers, in_export, in_frame
from wavedeck.weight.tables import bounds_table, margins_table, summary_of, weights_table

DECIMALS = 12
"""Decimals of a g-weight: what linear algebra differs in between machines lies below."""

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Weighting:
    """The tables and the summary that the stage writes."""

    weights: pa.Table
    """A row a respondent: respondent, in_frame, design_weight, g_weight, weight."""
    margins: pa.Table
    """A row a category of the frame: counts and shares before and after."""
    bounds: pa.Table
    """A row an organisation whose g-weight is at a bound."""
    summary: dict[str, Any]
    """Bounds, convergence, design effect, effective base, extreme g-weights."""


def weigh(people: Respondents, survey: Survey, frame: FrameCounts) -> Weighting:
    """Weigh respondents so that the organisations' shares are those of the frame.

    `frame` is that of `frame_counts`. The weights add up to the number of organisations of the
    frame that answered. A survey without weighting gets weights of 1. Raises WavedeckError.
    """
    n = len(people)
    if survey.weighting is None:
        ones = np.ones(n)
        summary = {"weighted": False, "respondents": n, "respondents_in_frame": n}
        weights = weights_table(people, ones > 0, ones, ones, ones)
        return Weighting(weights, margins_table([]), bounds_table([], [], []), summary)
    check_answers(people, survey)
    inside = in_frame(people, survey)
    if not inside.any():
        raise WavedeckError(
            Problem(
                "weighting",
                f"none of the {n} respondents is of an organisation of the frame",
                remedy="check 'outside_frame' in survey.yaml, and the answers",
            )
        )
    design = np.where(inside, 1 / np.bincount(people.organisation)[people.organisation], 0.0)
    # One respondent stands for each organisation where organisations are counted.
    first = np.zeros(n, dtype=bool)
    first[np.unique(people.organisation, return_index=True)[1]] = True
    first &= inside

    margins = {margin.name: margin for margin in margins_of(survey)}
    codes = {name: margin.codes(people.codes) for name, margin in margins.items()}
    _check_placed(people, margins, codes, inside)
    responding = {
        name: np.bincount(codes[name][first], minlength=len(margin.categories))
        for name, margin in margins.items()
    }
    check_categories(survey, margins, responding, frame)
    bounds = survey.weighting
    raked = _rake(
        design[inside],
        [(margins[m.name], codes[m.name][inside]) for m in raked_margins(survey)],
        frame,
        (bounds.lower, bounds.upper),
        float(first.sum()),
    )
    g = np.zeros(n)
    g[inside] = raked.g.round(DECIMALS).clip(bounds.lower, bounds.upper)
    weight = design * g
    table = margins_table(
        [
            (
                margin,
                frame[name],
                responding[name],
                _sums(codes[name][inside], weight[inside], len(margin.categories)),
            )
            for name, margin in margins.items()
        ],
        numbers=survey.frame is None or survey.frame.counts_are == "numbers",
    )
    summary = summary_of(survey, people, inside, first, g, weight, raked.iterations, table)
    at_bound = np.flatnonzero(first & ((g <= bounds.lower) | (g >= bounds.upper)))
    raked_to = [margins[m.name] for m in raked_margins(survey)]
    own = [codes[margin.name] for margin in raked_to]
    return Weighting(
        weights_table(people, inside, design, g, weight),
        table,
        bounds_table(_bounded(people, at_bound, g, survey, own), raked_to, own),
        summary,
    )


def _sums(codes: Ints, weight: Floats, size: int) -> Floats:
    return np.bincount(codes, weight, size).astype(np.float64, copy=False)


def _check_placed(
    people: Respondents,
    margins: Mapping[str, Margin],
    codes: Mapping[str, Ints],
    inside: Mask,
) -> None:
    """An option that is no answer ('unknown') is a missing value."""
    problems = [
        Problem(
            in_export(people.rows, lost),
            f"the answer is no category of the margin '{margin.declared}' ({margin.text})",
            remedy="name the option under outside_frame in survey.yaml, or leave the responses out"
            " by a rule in wave.yaml",
        )
        for name, margin in margins.items()
        if len(lost := np.flatnonzero(inside & (codes[name] < 0)))
    ]
    if problems:
        raise WavedeckError(*problems)


def _rake(
    design: Floats,
    margins: list[tuple[Margin, Ints]],
    frame: FrameCounts,
    bounds: tuple[float, float],
    total: float,
) -> Raked:
    targets = []
    for margin, codes in margins:
        counts = [frame[margin.name].get(category.name, 0.0) for category in margin.categories]
        # Shares of different sources add up to 1 each, however they round.
        shares = np.array(counts, dtype=np.float64)
        targets.append(Targets(margin.declared, margin.labels, codes, shares / shares.sum()))
    try:
        return rake(design, targets, *bounds, total=total)
    except WavedeckError as error:
        where = "survey.yaml, weighting: lower, upper, collapse, margins"
        raise WavedeckError(
            *(replace(p, remedy=f"{p.remedy} ({where})") for p in error.problems)
        ) from None


def _bounded(
    people: Respondents, positions: Ints, g: Floats, survey: Survey, codes: list[Ints]
) -> list[tuple[int, dict[str, Any]]]:
    """Organisations at a bound, each with the position of a respondent: by name. Where each
    respondent is an organisation, those with the same g-weight and categories are one entry."""
    assert survey.weighting is not None
    respondents = np.bincount(people.organisation)
    names = survey.export.columns.organisation is not None
    counts = respondents[people.organisation[positions]]
    if not names and len(positions):
        cells = np.column_stack([own[positions] for own in codes])
        _, first, counts = np.unique(cells, axis=0, return_index=True, return_counts=True)
        positions = positions[first]
    return [
        (
            int(position),
            {
                "bound": "upper" if g[position] >= survey.weighting.upper else "lower",
                "organisation": people.organisations[people.organisation[position]]
                if names
                else "",
                "respondents": int(count),
                "g_weight": float(g[position]),
            },
        )
        for position, count in zip(positions, counts, strict=True)
    ]
