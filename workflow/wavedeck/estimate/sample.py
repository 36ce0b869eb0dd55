"""Who is counted: editions and subsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.answers import Answers
from wavedeck.estimate.table import EVERYONE, Estimate
from wavedeck.estimate.variables import Variable, variables_of
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
    breaking = {*survey.banner, *(crosstab.by for crosstab in survey.crosstabs)}
    by_name: dict[str, Variable] = {}
    for name in breaking:
        (by_name[name],) = variables_of(survey, sample.answers, name)

    def groups(by: str, nets: bool) -> dict[str, np.ndarray]:
        options = survey.scale_of(by).options
        found = {
            f"{by}.{answer}": mask
            for answer, mask in by_name[by].groups().items()
            if nets or answer in options
        }
        if nets:
            found[f"{by}.answered"] = by_name[by].answered
        return found

    banner: dict[str, np.ndarray] = {}
    for by in survey.banner:
        banner |= groups(by, nets=False)
    wanted: dict[str, dict[str, np.ndarray]] = {}
    for name in survey.questions:
        own = {k: m for k, m in banner.items() if not k.startswith(f"{name}.")}
        everyone = {EVERYONE: np.ones(len(sample.answers), dtype=bool)}
        wanted[name] = everyone | (own if name not in survey.banner else {})
    for crosstab in survey.crosstabs:
        wanted[crosstab.question] |= groups(crosstab.by, nets=True)
    return wanted


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
