"""weight: answers and frame -> a weight for each respondent, and how far the margins moved.

Each organisation counts once, however many of its people answered; organisations that are not of
the frame get no weight; then the weights are raked to the frame's margins within bounds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.errors import Problem, WavedeckError, listing
from wavedeck.frame import FrameCounts, read_frame
from wavedeck.raking import Margin, design_effect, effective_base, rake
from wavedeck.survey import Survey, load_codebook

DECIMALS = 12
"""Decimals of a g-weight: what linear algebra differs in between machines lies below."""

Codes = dict[str, NDArray[np.intp]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Weighting:
    """The tables and the summary that the stage writes."""

    weights: pa.Table
    """A row a respondent: respondent, in_frame, design_weight, g_weight, weight."""
    margins: pa.Table
    """A row a category of the frame: counts and shares before and after."""
    summary: dict[str, Any]
    """Bounds, convergence, design effect, effective base, extreme g-weights."""


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck weight", description=__doc__)
    for option in ("survey", "wave", "answers", "weights", "margins", "summary"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--frames", type=Path, required=True, help="the folder raw/frames")
    arguments = parser.parse_args(argv)
    survey, _ = load_codebook(arguments.survey, arguments.wave)
    counts: FrameCounts = {}
    if survey.weighting and survey.frame:
        counts = read_frame(arguments.frames / survey.frame.workbook, survey)
    result = weigh(Answers.from_table(files.read_table(arguments.answers)), survey, counts)
    files.write_table(arguments.weights, result.weights)
    files.write_table(arguments.margins, result.margins)
    files.write_text(arguments.summary, json.dumps(result.summary, indent=2) + "\n")


def weigh(answers: Answers, survey: Survey, frame_counts: FrameCounts) -> Weighting:
    """Weigh respondents so that the organisations' shares are those of the frame.

    `frame_counts` are those of `read_frame`. The weights add up to the number of organisations of
    the frame that answered. A survey without weighting gets weights of 1. Raises WavedeckError.
    """
    n = len(answers)
    if survey.weighting is None:
        ones = np.ones(n)
        return Weighting(_weights(answers, ones > 0, ones, ones, ones), _margins([]), _plain(n))
    organisation = _organisations(answers)
    codes = _codes(answers, survey, list(dict.fromkeys([*frame_counts, *survey.outside_frame])))
    _check_agreement(answers, survey, codes, organisation)
    in_frame = _in_frame(survey, codes, n)
    if not in_frame.any():
        raise WavedeckError(
            Problem(
                "weighting",
                f"none of the {n} respondents is of an organisation of the frame",
                remedy="check 'outside_frame' in survey.yaml, and the answers",
            )
        )
    respondents = np.bincount(organisation)
    design = np.where(in_frame, 1 / respondents[organisation], 0.0)
    # One respondent stands for each organisation where organisations are counted.
    first = np.zeros(n, dtype=bool)
    first[np.unique(organisation, return_index=True)[1]] = True
    first &= in_frame
    _check_counts(survey, codes, first, frame_counts)

    bounds = survey.weighting
    raked = rake(
        design[in_frame],
        [
            _margin(survey, name, codes[name][in_frame], frame_counts[name])
            for name in bounds.margins
        ],
        bounds.lower,
        bounds.upper,
        total=float(first.sum()),
    )
    g = np.zeros(n)
    g[in_frame] = raked.g.round(DECIMALS).clip(bounds.lower, bounds.upper)
    weight = design * g
    rows = [
        row
        for name, counts in frame_counts.items()
        for row in _margin_rows(survey, name, codes[name], counts, first, weight)
    ]
    per_organisation = np.bincount(organisation, weights=weight).astype(np.float64)
    summary = {
        "weighted": True,
        "respondents": n,
        "respondents_in_frame": int(in_frame.sum()),
        "organisations": len(respondents),
        "organisations_in_frame": int(first.sum()),
        "margins": list(bounds.margins),
        "lower": bounds.lower,
        "upper": bounds.upper,
        "iterations": raked.iterations,
        "largest_gap": float(f"{_largest_gap(rows, bounds.margins):.1e}"),
        "smallest_g": float(g[in_frame].min()),
        "largest_g": float(g[in_frame].max()),
        "organisations_at_lower": int(np.sum(first & (g <= bounds.lower))),
        "organisations_at_upper": int(np.sum(first & (g >= bounds.upper))),
        **_precision(weight[in_frame], per_organisation[per_organisation > 0]),
    }
    return Weighting(_weights(answers, in_frame, design, g, weight), _margins(rows), summary)


def _organisations(answers: Answers) -> NDArray[np.intp]:
    """(n,) number of each respondent's organisation, in order of appearance."""
    names = [(name or "").strip() for name in answers.organisations]
    nameless = np.flatnonzero([not name for name in names])
    if len(nameless):
        raise WavedeckError(
            Problem(
                _rows(answers, nameless),
                "no organisation is named, so that none can count once",
                remedy="fill the cell in a corrected export, or leave the response out by a rule"
                " in wave.yaml",
            )
        )
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.intp)


def _codes(answers: Answers, survey: Survey, questions: list[str]) -> Codes:
    """(n,) codes of each question about the organisation; a missing one stops the wave."""
    problems: list[Problem] = []
    codes: Codes = {}
    for name in questions:
        options = survey.scale_of(name).options
        codes[name] = answers.codes[name].astype(np.intp)
        missing = np.flatnonzero((codes[name] < 1) | (codes[name] > len(options)))
        if len(missing):
            found = ", ".join(str(code) for code in np.unique(codes[name][missing]))
            problems.append(
                Problem(
                    _rows(answers, missing),
                    f"no value for '{name}' ({survey.questions[name].text}), which weighting needs"
                    f" (code {found})",
                    expected=listing([option.label for option in options.values()]),
                    remedy="fill the cell in a corrected export, or leave the response out by a"
                    " rule in wave.yaml",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    return codes


def _check_agreement(
    answers: Answers, survey: Survey, codes: Codes, organisation: NDArray[np.intp]
) -> None:
    """The respondents of an organisation must agree about what it is."""
    problems: list[Problem] = []
    first = np.unique(organisation, return_index=True)[1]
    for name, values in codes.items():
        differs = np.flatnonzero(values != values[first][organisation])
        labels = [option.label for option in survey.scale_of(name).options.values()]
        for group in np.unique(organisation[differs]):
            members = np.flatnonzero(organisation == group)
            said = "; ".join(
                f"'{labels[code - 1]}' in {_numbers(answers, members[values[members] == code])}"
                for code in np.unique(values[members])
            )
            problems.append(
                Problem(
                    _rows(answers, members),
                    f"respondents of '{answers.organisations[members[0]]}' disagree about"
                    f" '{name}' ({survey.questions[name].text}): {said}",
                    expected="one value an organisation",
                    remedy="mend the wrong rows in a corrected export",
                )
            )
    if problems:
        raise WavedeckError(*problems)


def _in_frame(survey: Survey, codes: Codes, n: int) -> Mask:
    outside = np.zeros(n, dtype=bool)
    for name, options in survey.outside_frame.items():
        order = list(survey.scale_of(name).options)
        outside |= np.isin(codes[name], [order.index(option) + 1 for option in options])
    return ~outside


def _check_counts(survey: Survey, codes: Codes, first: Mask, frame_counts: FrameCounts) -> None:
    """More organisations than the frame lists means that one goes by two names."""
    problems: list[Problem] = []
    for name, counts in frame_counts.items():
        for code, option in enumerate(survey.scale_of(name).options, start=1):
            answered = int(np.sum(first & (codes[name] == code)))
            # Answers in a category that the frame lacks are raking's error, if it is raked to.
            if answered > counts.get(option, answered):
                problems.append(
                    Problem(
                        f"weighting, margin '{name}',"
                        f" category '{survey.scale_of(name).label(option)}'",
                        f"{answered} {survey.organisations} answered, but the frame lists"
                        f" {counts[option]}",
                        remedy="look for one that goes by two names, or correct the frame",
                    )
                )
    if problems:
        raise WavedeckError(*problems)


def _margin(
    survey: Survey, name: str, codes: NDArray[np.intp], counts: Mapping[str, int]
) -> Margin:
    """The margin for raking, over all options, so that an answer without a target is noticed."""
    options = survey.scale_of(name).options
    return Margin(
        survey.questions[name].text,
        [option.label for option in options.values()],
        codes - 1,
        np.array([counts.get(option, 0) for option in options], dtype=np.float64),
    )


def _margin_rows(
    survey: Survey,
    name: str,
    codes: NDArray[np.intp],
    counts: Mapping[str, int],
    first: Mask,
    weight: NDArray[np.float64],
) -> list[dict[str, Any]]:
    order = list(survey.scale_of(name).options)
    responding = np.bincount(codes[first], minlength=len(order) + 1)
    weighted = np.bincount(codes, weight, minlength=len(order) + 1)
    rows: list[dict[str, Any]] = []
    for option in order:
        code = order.index(option) + 1
        if option not in counts and not responding[code]:
            continue
        rows.append(
            {
                "margin": name,
                "category": option,
                "label": survey.scale_of(name).label(option),
                "frame_count": counts.get(option, 0),
                "frame_share": counts.get(option, 0) / sum(counts.values()),
                "responding_count": int(responding[code]),
                "design_share": responding[code] / first.sum(),
                "weighted_share": weighted[code] / weight.sum(),
            }
        )
    return rows


def _margins(rows: list[dict[str, Any]]) -> pa.Table:
    kinds = {
        "margin": pa.string(),
        "category": pa.string(),
        "label": pa.string(),
        "frame_count": pa.int64(),
        "frame_share": pa.float64(),
        "responding_count": pa.int64(),
        "design_share": pa.float64(),
        "weighted_share": pa.float64(),
    }
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def _largest_gap(rows: list[dict[str, Any]], margins: list[str]) -> float:
    raked = [row for row in rows if row["margin"] in margins and row["frame_count"]]
    gaps = [abs(row["weighted_share"] / row["frame_share"] - 1) for row in raked]
    return float(max(gaps))


def _weights(answers: Answers, in_frame: Mask, *columns: NDArray[np.float64]) -> pa.Table:
    design, g, weight = columns
    return pa.table(
        {
            "respondent": pa.array(answers.respondents, pa.string()),
            "in_frame": in_frame,
            "design_weight": design,
            "g_weight": g,
            "weight": weight,
        }
    )


def _plain(n: int) -> dict[str, Any]:
    return {"weighted": False, "respondents": n, "respondents_in_frame": n}


def _precision(
    respondents: NDArray[np.float64], organisations: NDArray[np.float64]
) -> dict[str, float]:
    """Kish's design effect and effective base, over respondents and over organisations."""
    return {
        "design_effect": round(design_effect(respondents), 10),
        "effective_base": round(effective_base(respondents), 10),
        "design_effect_organisations": round(design_effect(organisations), 10),
        "effective_base_organisations": round(effective_base(organisations), 10),
    }


def _numbers(answers: Answers, positions: NDArray[np.intp]) -> str:
    """'row 5', 'rows 5, 8 and 9': rows of the export."""
    numbers = [str(answers.rows[position]) for position in positions]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) > 12:
        return f"rows {', '.join(numbers[:12])} and {len(numbers) - 12} more"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _rows(answers: Answers, positions: NDArray[np.intp]) -> str:
    return f"weighting, {_numbers(answers, positions)} of the export"
