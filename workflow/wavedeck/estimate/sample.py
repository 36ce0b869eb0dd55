"""Who is counted: editions and subsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.answers import Answers
from wavedeck.estimate.groups import breakdowns_of
from wavedeck.estimate.table import Estimate
from wavedeck.survey import Survey


@dataclass(frozen=True)
class Sample:
    """Who an estimate may count: one edition's weights over all kept respondents."""

    answers: Answers
    weights: np.ndarray
    weighted: bool

    def codes(self, key: str) -> np.ndarray:
        return self.answers.codes[key]


def subsets_of(survey: Survey, sample: Sample) -> dict[str, dict[str, np.ndarray]]:
    """For each question, the subsets that it is broken down by: name -> mask of respondents."""
    return {
        name: {subset: mask for each in breakdowns for subset, mask in each.masks().items()}
        for name, breakdowns in breakdowns_of(survey, sample.answers).items()
    }


def basis_of(sample: Sample, counted: np.ndarray, **place: str) -> Estimate:
    """An estimate's edition, place and bases, to be filled with a statistic."""
    weights = sample.weights[counted]
    total, squares = float(weights.sum()), float((weights**2).sum())
    return Estimate(
        weighted=sample.weighted,
        base=int(counted.sum()),
        weighted_base=total,
        # Kish's effective base: the square of the sum over the sum of squares.
        effective_base=total**2 / squares if squares else 0.0,
        **place,  # type: ignore[arg-type]
    )
