"""The public part of an estimate's chain: what it is, what it was computed from, and how.

The panel of the HTML deck, the annex of the PDF and `wavedeck trace` say the same of an estimate;
their words are made here, from the codebook and rows of estimates.parquet. Nothing here is about a
single respondent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wavedeck import earlier, since
from wavedeck.estimate.table import RAO_SCOTT
from wavedeck.recipes import OF_TWO_WAVES, Recipe, recipe_of
from wavedeck.sureness import sureness
from wavedeck.survey import Survey

Row = Mapping[str, Any]
"""A row of estimates.parquet."""

COMPUTED = {"rule": "estimate", "module": "workflow/wavedeck/estimate"}
SHARES = ("percent", "max", "min", "agreement")
OF_CODERS = ("units", "agreement", "kappa", "kappa_error")
"""Statistics about two coders of the same passages."""
WEIGHED = ("percent", "max", "min", "mean", "median", "previous", "change", RAO_SCOTT)
"""Statistics that weights enter; all others are counts of respondents, or facts."""
FEW = 3
"""Sums of the weights of fewer respondents than this, or of all but fewer, are not shown: they
would tell the weight of one."""


@dataclass(frozen=True)
class Chain:
    """An estimate in words. `facts` are what is said of it, in order, by name."""

    id: str
    text: str
    """The value as shown."""
    label: str
    """What it is, in a few words."""
    facts: dict[str, str]


def rounding_in_words(estimate: Row) -> str:
    if estimate["suppressed"]:
        return "not shown: too few answers"
    if estimate["statistic"] == "change":
        return "half up to whole points, from the unrounded shares"
    if estimate["statistic"] in SHARES:
        return f"half up to a whole percentage, from {estimate['value']:.6f}"
    if estimate["statistic"] in ("mean", "median"):
        return f"half up to one decimal, from {estimate['value']:.6f}"
    if estimate["statistic"] in ("kappa", "kappa_error"):
        return f"half up to two decimals, from {estimate['value']:.6f}"
    return "none"


def weights_in_words(estimate: Row, survey: Survey) -> str:
    if not estimate["question"]:
        return "none: no answers are counted"
    if estimate["statistic"] in OF_CODERS:
        return "none: passages are counted"
    if not estimate["weighted"] or survey.weighting is None:
        return "none: each respondent counts 1"
    if not (estimate["statistic"] in WEIGHED or earlier.is_value(estimate["statistic"])):
        return "none: respondents are counted"
    margins = " and ".join(survey.weighting.margins)
    unit = "organisation" if survey.export.columns.organisation else "respondent"
    return (
        f"each {unit} counts once, raked to {margins} of the frame, "
        f"g-weights within {survey.weighting.lower} and {survey.weighting.upper}"
    )


def extreme_of(estimate: Row, known: Mapping[str, Row], survey: Survey) -> Row:
    """The item whose percentage is the largest or smallest that `estimate` tells."""
    items = survey.questions[estimate["question"]].items  # type: ignore[union-attr]
    names = [f"{estimate['question']}.{estimate['answer']}.{item}" for item in items]
    choose = max if estimate["statistic"] == "max" else min
    return choose(
        (known[name] for name in names if known[name]["base"]), key=lambda row: float(row["value"])
    )


def needed(names: list[str], survey: Survey) -> set[str]:
    """Ids whose rows `chain_of` reads for the estimates `names`."""
    found = set(names) | {f"{name}:count" for name in names}
    for name in names:
        found |= since.ids_of(name)
    for name in names:
        stem, star, _ = name.partition(".*:")
        items = getattr(survey.questions.get(stem.partition(".")[0]), "items", None)
        if star and items:
            found |= {f"{stem}.{item}{end}" for item in items for end in ("", ":count")}
    return found


def chain_of(estimate: Row, known: Mapping[str, Row], survey: Survey) -> Chain:
    """The chain of a row of estimates.parquet; `known` are the rows of `needed`, by id."""
    if earlier.wave_of(estimate["statistic"]):
        facts = earlier.facts_of(estimate, survey) | sureness(estimate)
        facts["Weights"] = weights_in_words(estimate, survey)
        facts["Computed by"] = f"rule {COMPUTED['rule']}, {earlier.MODULE}"
        return Chain(estimate["id"], estimate["text"], estimate["label"], facts)
    if estimate["statistic"] in OF_TWO_WAVES:
        facts = since.change_facts(estimate, known, survey)
        facts["Weights"] = weights_in_words(estimate, survey)
        facts["Computed by"] = f"rule {COMPUTED['rule']}, {since.MODULE}"
        return Chain(estimate["id"], estimate["text"], estimate["label"], facts)
    source = estimate
    if estimate["item"] == "*":
        source = extreme_of(estimate, known, survey)
    recipe = recipe_of(source, survey)
    facts = {"Definition": definition_of(estimate, source, recipe, survey)}
    facts |= _parts(source, recipe, known, survey)
    facts["Weights"] = weights_in_words(estimate, survey)
    if recipe and estimate["weighted"]:
        # The exact value would give away the sum of weights that `_parts` rounds.
        facts["Rounding"] = rounding_in_words(estimate).partition(", from ")[0]
    else:
        facts["Rounding"] = rounding_in_words(estimate)
    facts |= sureness(estimate)
    facts |= since.comparison(estimate, known)
    facts["Computed by"] = f"rule {COMPUTED['rule']}, {COMPUTED['module']}"
    return Chain(estimate["id"], estimate["text"], estimate["label"], facts)


def definition_of(estimate: Row, source: Row, recipe: Recipe | None, survey: Survey) -> str:
    """The estimate in a sentence or two; `source` is the item behind an extreme."""
    if recipe is None:
        return f"{estimate['label']}."
    if source is estimate:
        return recipe.definition
    question = survey.questions[estimate["question"]]
    words = "largest" if estimate["statistic"] == "max" else "smallest"
    title = question.number or question.text
    return f"The {words} share over all items of {title}. {recipe.definition}"


def _parts(
    estimate: Row, recipe: Recipe | None, known: Mapping[str, Row], survey: Survey
) -> dict[str, str]:
    """Numerator, denominator and base."""
    statistic, base = estimate["statistic"], estimate["base"]
    if statistic == "fact":
        return {}
    hidden = estimate["suppressed"]
    if recipe is None:
        return _plain_parts(estimate, known, survey)
    who = survey.respondents
    counted = {"Base": f"{base} {who}{' of those asked' if recipe.asked else ''}"}
    if statistic in ("base", "count", "mentions"):
        told = "[c]" if hidden else f"{estimate['numerator']:.0f} {who}"
        return {"Numerator": told, "Denominator": "none: a count"} | counted
    if statistic == "median":
        return {"Numerator": "none: the number in the middle"} | counted
    scores = "numbers" if recipe.value else "scores"
    if not estimate["weighted"]:
        sum_ = f"{estimate['numerator']:.12g}"
        total = "the numbers" if recipe.value else "scores"
        top = f"{sum_}, the sum of {total}" if statistic == "mean" else f"{sum_} {who}"
        bottom = f"{base} {who}"
    else:
        counted_row = estimate if statistic == "mean" else known[f"{estimate['id']}:count"]
        count = base if statistic == "mean" else counted_row["numerator"]
        what = f"{scores} times weights" if statistic == "mean" else "weights"
        people = "" if counted_row["suppressed"] else f" of {count:.0f} {who}"
        top = f"{estimate['numerator']:.1f}, the sum of the {what}{people}"
        if 0 < count < FEW or 0 < base - count < FEW:
            top = f"the sum of the {what}{people}, not shown"
        bottom = f"{estimate['weighted_base']:.1f}, the sum of the weights of {base} {who}"
        if base < FEW:
            bottom = f"the sum of the weights of {base} {who}, not shown"
        else:
            counted["Weighted base"] = f"{estimate['weighted_base']:.1f}"
    return {"Numerator": "[c]" if hidden else top, "Denominator": bottom} | counted


def _plain_parts(estimate: Row, known: Mapping[str, Row], survey: Survey) -> dict[str, str]:
    """Counts of the sample, of the frame and of themes."""
    if estimate["statistic"] in OF_CODERS:
        return _coders_parts(estimate)
    number, base = f"{estimate['numerator']:.0f}", estimate["base"]
    if estimate["statistic"] == RAO_SCOTT:
        test = f"Rao and Scott's chi-square, second order: F = {estimate['numerator']:.2f}"
        return {"Test": test, "Base": f"{base} {survey.respondents}"}
    if estimate["question"]:
        found = {"Numerator": f"{number} mentions", "Denominator": "none: a count"}
        return found | {"Base": f"{base} {survey.respondents} who wrote something in"}
    what = survey.units
    if estimate["statistic"] == "count":
        # Of an earlier wave: sample.respondents:previous, sample.respondents:in.2017.
        wanted = survey.sample.get(str(estimate["id"]).partition(":")[0])
        if wanted:
            noun = what if wanted.count == "organisations" else survey.respondents
            return {"Numerator": f"{number} {noun}", "Denominator": "none: a count"}
        return {"Numerator": f"{number} {what}", "Base": f"{base} {what}"}
    count = known.get(f"{estimate['id']}:count")
    if count is None:
        return {"Denominator": "none: of the frame, only shares are known"}
    top = {"Numerator": f"{count['numerator']:.0f} {what}"}
    return top | {"Denominator": f"{base} {what}", "Base": f"{base} {what}"}


def _coders_parts(estimate: Row) -> dict[str, str]:
    """What two coders said of the same passages."""
    units = f"{estimate['base']} passages that both coders coded"
    if estimate["statistic"] == "agreement":
        top = f"{estimate['numerator']:.0f} passages"
        return {"Numerator": top, "Denominator": units, "Base": units}
    if estimate["statistic"] == "units":
        return {"Numerator": units, "Denominator": "none: a count", "Base": units}
    how = "Cohen (1960): (observed - expected) / (1 - expected) agreement"
    if estimate["statistic"] == "kappa_error":
        how = "Cohen (1960): the large-sample standard error of kappa"
    return {"Formula": how, "Base": units}
