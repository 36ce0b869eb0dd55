"""Mean rank scores and mentions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import Estimate, head_count, within_words
from wavedeck.rounding import mean_text
from wavedeck.survey import RankingQuestion


def rankings_of(
    name: str, question: RankingQuestion, subset: str, mask: np.ndarray, sample: Sample
) -> Iterator[Estimate]:
    """Mean rank score (number of items + 1 - rank: higher is more important) and mentions."""
    ranks = np.stack([sample.codes(f"{name}.{item}") for item in question.items], axis=1)
    counted = mask & (ranks > 0).any(axis=1) & (sample.weights > 0)
    basis = basis_of(sample, counted, question=name, subset=subset)
    title, within = question.number or question.text, within_words(subset)
    yield head_count(basis, "base", basis.base, f"{title}: respondents who ranked anything{within}")
    for position, (item, words) in enumerate(question.items.items()):
        ranked = counted & (ranks[:, position] > 0)
        own = basis_of(sample, ranked, question=name, item=item, subset=subset)
        scores = len(question.items) + 1 - ranks[ranked, position].astype(float)
        total = float((sample.weights[ranked] * scores).sum())
        mean = total / own.weighted_base if own.base else float("nan")
        label = f"{title}, {words.label}"
        yield own._replace(
            statistic="mean",
            numerator=total,
            value=mean,
            text=mean_text(mean) if own.base else "[x]",
            label=f"{label}: mean rank score{within}",
        )
        named = f"{label}: times ranked{within}"
        yield head_count(basis, "mentions", own.base, named, item=item)
