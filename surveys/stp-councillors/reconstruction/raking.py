"""A plain raking of the synthetic sample, to see which comparisons survive weighting.

The project's own weighting is wavedeck.weight; this one is apart from it on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reconstruction.sample import Respondent

MARGINS = ("council_type", "region")


def rake(people: Sequence[Respondent], frame: Sequence[Mapping[str, str]]) -> list[float]:
    """Weight of each respondent; 0 outside the frame. They sum to the number of councils."""
    answers = Counter(person.council for person in people)
    weights = [1 / answers[person.council] if person.in_frame else 0.0 for person in people]
    total = sum(weights)
    for _ in range(500):
        for margin in MARGINS:
            wanted = Counter(row[margin] for row in frame)
            have: Counter[str] = Counter()
            for person, weight in zip(people, weights, strict=True):
                have[getattr(person, margin)] += weight  # type: ignore[assignment]
            weights = [
                weight * total * wanted[getattr(p, margin)] / len(frame) / have[getattr(p, margin)]
                if weight
                else 0.0
                for p, weight in zip(people, weights, strict=True)
            ]
    return weights


def g_weights(people: Sequence[Respondent], weights: Sequence[float]) -> list[float]:
    """Weight over design weight, for respondents in the frame."""
    answers = Counter(person.council for person in people)
    return [w * answers[p.council] for p, w in zip(people, weights, strict=True) if p.in_frame]
