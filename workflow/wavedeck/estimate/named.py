"""Numbers with an id of their own: counts of the sample, facts, the frame, the weighting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from wavedeck.answers import Answers
from wavedeck.estimate.table import Estimate, plain_number
from wavedeck.masks import meets
from wavedeck.rounding import percent_text, round_half_up
from wavedeck.survey import SampleCount, Survey, Wave


def sample_counts(
    survey: Survey, answers: Answers, in_frame: np.ndarray
) -> Iterator[tuple[str, Estimate]]:
    for name, wanted in survey.sample.items():
        chosen = np.flatnonzero(_sample_mask(survey, wanted, answers, in_frame))
        organisations = {answers.organisations[index] for index in chosen}
        value = len(chosen) if wanted.count == "respondents" else len(organisations)
        yield name, plain_number("", "count", value, wanted.label)


def _sample_mask(
    survey: Survey, wanted: SampleCount, answers: Answers, in_frame: np.ndarray
) -> np.ndarray:
    if wanted.where is None:
        return np.ones(len(answers), dtype=bool)
    if wanted.where == "in_frame":
        return in_frame
    return meets(survey, answers.codes, wanted.where)


def facts_of(survey: Survey, wave: Wave) -> Iterator[tuple[str, Estimate]]:
    for name, fact in survey.facts.items():
        value = fact.value
        if fact.items_of is not None:
            value = len(survey.questions[fact.items_of].items)  # type: ignore[union-attr]
        assert value is not None
        label = f"{fact.label} ({fact.source})"
        yield name, plain_number("", "fact", value, label, text=f"{value:,}")
    title = plain_number("", "fact", float("nan"), "The wave's name (wave.yaml)", text=wave.title)
    yield "wave.title", title
    for part, day in (("start", wave.fieldwork.start), ("end", wave.fieldwork.end)):
        text = f"{day.day} {day:%B %Y}"
        label = f"{'First' if part == 'start' else 'Last'} day of fieldwork (wave.yaml)"
        days = float(day.toordinal())
        yield f"fieldwork.{part}", plain_number("", "fact", days, label, text=text)


def weighting_facts(summary: Mapping[str, Any]) -> Iterator[tuple[str, Estimate]]:
    """What weighting costs and does, for the decks' methods; none where nothing is weighted."""
    if not summary["weighted"]:
        return
    for name, places, label in (
        ("design_effect", 2, "Design effect of the weights (Kish)"),
        ("effective_base", 0, "Effective base: respondents worth as much unweighted (Kish)"),
        ("smallest_g", 2, "Smallest g-weight"),
        ("largest_g", 2, "Largest g-weight"),
    ):
        text = str(round_half_up(summary[name], places))
        yield f"weighting.{name}", plain_number("", "fact", summary[name], label, text=text)
    for bound in ("lower", "upper"):
        count = summary[f"organisations_at_{bound}"]
        label = f"Organisations whose g-weight is at the {bound} bound"
        yield f"weighting.at_{bound}", plain_number("", "fact", count, label)


def representation(margins: list[dict[str, Any]]) -> Iterator[tuple[str, Estimate]]:
    """Shares of the responding organisations beside those of the frame, for each margin.

    Where only shares of the frame are known, it has no counts and no base.
    """
    for side, column, noun in (
        ("responding", "responding_count", "responding organisations"),
        ("frame", "frame_count", "all organisations of the frame"),
    ):
        totals = Counter[str]()
        for row in margins:
            totals[row["margin"]] += row[column] or 0
        for row in margins:
            count, total = row[column], totals[row["margin"]]
            label = f"{row['label']}: share of {noun}"
            name = f"{side}.{row['margin']}.{row['category']}"
            if count is None:
                share = 100 * row["frame_share"]
                text = percent_text(row["frame_share"], 1.0)
                yield name, plain_number("", "percent", share, label, text=text)
                continue
            bases = {"base": total, "weighted_base": float(total)}
            text = percent_text(count, total)
            share = 100 * count / total
            yield (
                name,
                plain_number("", "percent", share, label, text=text, numerator=count, **bases),
            )
            yield f"{name}:count", plain_number("", "count", count, label, **bases)
