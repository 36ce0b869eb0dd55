"""Generated waves for measurements: answers, banner and margins of many respondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

QUESTIONS, OPTIONS = 60, 5
MARGINS = {"region": 5, "kind": 8, "size": 5}
BANNER = {"region": 5, "role": 4, "years": 5}
"""14 columns; the first question is a margin too."""


@dataclass(frozen=True)
class Generated:
    """Respondents, each of an organisation of its own. Codes are from 1; 0 is no answer."""

    answers: dict[str, np.ndarray]
    """int8, a column a question."""
    margins: dict[str, np.ndarray]
    """Codes from 0."""
    targets: dict[str, np.ndarray]
    """Shares by category."""

    def __len__(self) -> int:
        return len(self.margins["region"])

    @property
    def nbytes(self) -> int:
        """Of the coded answers."""
        return sum(codes.nbytes for codes in self.answers.values())


def generated(respondents: int, seed: int = 1) -> Generated:
    """Margins hang together, and answers lean on them, as they do in surveys."""
    random = np.random.default_rng(seed)
    margins = {
        name: random.integers(0, size, respondents).astype(np.int8)
        for name, size in MARGINS.items()
    }
    together = random.random(respondents) < 0.3
    margins["size"] = np.where(together, margins["region"], margins["size"]).astype(np.int8)
    answers: dict[str, np.ndarray] = {"region": (margins["region"] + 1).astype(np.int8)}
    for name in ("role", "years"):
        answers[name] = random.integers(1, BANNER[name] + 1, respondents).astype(np.int8)
    for number in range(1, QUESTIONS + 1):
        leaning = margins["kind"] % 2 + random.integers(0, OPTIONS + 1, respondents)
        answers[f"q{number}"] = np.minimum(leaning, OPTIONS).astype(np.int8)
    targets = {}
    for name, size in MARGINS.items():
        shares = random.uniform(0.7, 1.3, size)
        targets[name] = shares / shares.sum()
    return Generated(answers, margins, targets)
