"""Estimates made up straight from a codebook, with the awkward cases that charts must bear."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wavedeck.survey import GridQuestion, RankingQuestion, SingleQuestion, Survey

Row = dict[str, Any]
# Counts by option (in the order of the scale) where a test wants them; otherwise drawn.
AWKWARD = {
    "q1": [27, 47, 6, 1, 0],
    "q2a": [3, 14, 6, 22, 34, 2],
    "q5.independent_social_care": [0, 0, 80, 0, 0, 0],
    "q6.nhs_england": [0, 1, 0, 1, 77, 2],
    "q4.full_council": [0, 1, 7, 70, 2],
    "q4.cabinet": [81, 0, 0, 0, 0],
    "q17.objectives": [1, 16, 37, 25, 2],
    "q10a": [28, 44, 7, 1, 1],
    "q8": [2, 13, 24, 40, 2],
    "q9": [2, 10, 9, 17, 39, 3],
    "role": [12, 42, 27],
}
GROUPS = {
    "q2a": {
        "agree_strongly": 3,
        "tend_to_agree": 13,
        "neither": 6,
        "tend_to_disagree": 21,
        "disagree_strongly": 34,
        "dont_know": 2,
    },
    "q12": {"great": 13, "moderate": 32, "small": 18, "not_at_all": 9, "dont_know": 3},
}


def estimates(survey: Survey, seed: int = 1) -> list[Row]:
    """Rows of estimates.parquet, unweighted and weighted."""
    rows: list[Row] = []
    for weighted in (False, True):
        rng = random.Random(seed)
        rows += [
            row | {"weighted": weighted} for row in _rows(survey, rng, 1.0 if weighted else 0.0)
        ]
    return rows


def _row(
    id_: str,
    statistic: str,
    value: float,
    text: str,
    base: int,
    label: str,
    suppressed: bool = False,
) -> Row:
    head, _, subset = id_.partition("@")
    return {
        "id": id_,
        "question": head.partition(".")[0],
        "item": "",
        "answer": "",
        "subset": subset.partition(":")[0],
        "statistic": statistic,
        "numerator": value,
        "base": base,
        "weighted_base": float(base),
        "effective_base": float(base),
        "value": value,
        "text": "[c]" if suppressed else text,
        "suppressed": suppressed,
        "label": label,
    }


def _percent(
    id_: str, count: float, base: int, label: str, suppressed: bool = False
) -> Iterator[Row]:
    value = 100 * count / base if base else float("nan")
    shown = f"{int(value + 0.5)}%" if base else "[c]"
    yield _row(id_, "percent", value, shown, base, label, suppressed or not base)
    yield _row(f"{id_}:count", "count", count, str(round(count)), base, label, suppressed)


def _rows(survey: Survey, rng: random.Random, shift: float) -> Iterator[Row]:
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion):
            counts = _counts(survey, rng, name, name)
            yield from _answers(survey, name, "", counts, "", shift)
        elif isinstance(question, GridQuestion):
            for item in question.items:
                counts = _counts(survey, rng, name, f"{name}.{item}")
                yield from _answers(survey, name, f".{item}", counts, "", shift)
        elif isinstance(question, RankingQuestion):
            for item in question.items:
                mean = rng.uniform(1.5, 6.8)
                yield _row(f"{name}.{item}:mean", "mean", mean, f"{mean:.1f}", 70, item)
                mentions = rng.randint(30, 74)
                yield _row(f"{name}.{item}:mentions", "mentions", mentions, str(mentions), 74, item)
            yield _row(f"{name}:base", "base", 74, "74", 74, "base")
            if question.other:
                yield _row(f"{name}.other:count", "count", 10, "10", 10, "mentions")
                for theme in question.other.themes:
                    count = rng.randint(0, 3)
                    yield _row(f"{name}.other.{theme}:count", "count", count, str(count), 10, theme)
    for crosstab in survey.crosstabs:
        question = survey.questions[crosstab.question]
        assert isinstance(question, GridQuestion)
        by = survey.scale_of(crosstab.by)
        for item in question.items:
            for group in ("answered", *by.answers):
                members = by.options if group == "answered" else by.members(group)
                base = sum(GROUPS[crosstab.by][m] for m in members)
                counts = _spread(rng, base, len(survey.scale_of(crosstab.question).options))
                subset = f"@{crosstab.by}.{group}"
                yield from _answers(survey, crosstab.question, f".{item}", counts, subset, shift)
    for name, sample in survey.sample.items():
        yield _row(name, "count", 66, "66", 66, sample.label)
    for margin in survey.frame.columns if survey.frame else ():
        outside = survey.outside_frame.get(margin, [])
        names = [option for option in survey.scale_of(margin).options if option not in outside]
        for kind, total in (("responding", 66), ("frame", 152)):
            for option, count in zip(names, _spread(rng, total, len(names), 1.0), strict=True):
                yield from _percent(f"{kind}.{margin}.{option}", count, total, option)


def _counts(survey: Survey, rng: random.Random, question: str, key: str) -> list[int]:
    if key in AWKWARD:
        return AWKWARD[key]
    return _spread(rng, rng.choice([78, 79, 80, 81]), len(survey.scale_of(question).options))


def _spread(rng: random.Random, total: int, parts: int, evenness: float = 0.0) -> list[int]:
    cuts = [rng.random() ** 2 + evenness / 3 for _ in range(parts)]
    counts = [int(total * cut / sum(cuts)) for cut in cuts]
    counts[rng.randrange(parts)] += total - sum(counts)
    return counts


def _answers(
    survey: Survey, question: str, item: str, counts: list[int], subset: str, shift: float
) -> Iterator[Row]:
    scale = survey.scale_of(question)
    base = sum(counts)
    by_option: dict[str, float] = dict(zip(scale.options, map(float, counts), strict=True))
    if shift:  # a weighted edition: something of each answer moves to the next
        moved = {name: count * 0.1 for name, count in by_option.items()}
        for name, after in zip(
            by_option, [*list(by_option)[1:], next(iter(by_option))], strict=True
        ):
            by_option[name] -= moved[name]
            by_option[after] += moved[name]
    suppressed = bool(subset) and base < survey.minimum_base
    for answer in scale.answers:
        count = sum(by_option[name] for name in scale.members(answer))
        id_ = f"{question}.{answer}{item}{subset}"
        yield from _percent(id_, count, base, scale.label(answer), suppressed)
        if subset:
            yield _row(f"{id_}:base", "base", base, str(base), base, "base")
    yield _row(f"{question}{item}{subset}:base", "base", base, str(base), base, "base")


def margins(survey: Survey, rows: list[Row]) -> list[Row]:
    """Rows of margins.parquet that agree with the estimates."""
    value = {row["id"]: row["value"] for row in rows if not row["weighted"]}
    found = []
    for margin in survey.weighting.margins if survey.weighting else ():
        for option in survey.scale_of(margin).options:
            if option in survey.outside_frame.get(margin, []):
                continue
            key = f"{margin}.{option}"
            found.append(
                {
                    "margin": margin,
                    "category": option,
                    "margin_label": survey.questions[margin].text,
                    "raked": True,
                    "label": survey.scale_of(margin).label(option),
                    "frame_count": int(value[f"frame.{key}:count"]),
                    "frame_share": value[f"frame.{key}"] / 100,
                    "responding_count": int(value[f"responding.{key}:count"]),
                    "design_share": value[f"responding.{key}"] / 100,
                    "weighted_share": value[f"frame.{key}"] / 100,
                }
            )
    return found


def write(survey: Survey, folder: Path, seed: int = 1) -> None:
    """estimates.parquet and margins.parquet."""
    rows = estimates(survey, seed)
    pq.write_table(pa.Table.from_pylist(rows), folder / "estimates.parquet")
    pq.write_table(pa.Table.from_pylist(margins(survey, rows)), folder / "margins.parquet")
