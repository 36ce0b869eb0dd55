"""The words of scales (scales.yaml): lists of steps, opposite words, strengths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Words:
    """What scales.yaml holds."""

    lists: dict[str, list[list[str]]]
    """Family -> steps -> texts that mean the same."""
    middles: dict[str, int]
    """Family -> the step that belongs to neither side; two-sided families only."""
    nets: dict[str, tuple[str, str]]
    poles: dict[str, tuple[str, str]]
    strengths: list[tuple[float, str]]


@cache
def words() -> Words:
    data = yaml.safe_load(Path(__file__).with_name("scales.yaml").read_text(encoding="utf-8"))
    return Words(
        {family: entry["steps"] for family, entry in data["lists"].items()},
        {f: entry["middle"] for f, entry in data["lists"].items() if "middle" in entry},
        {family: (one, other) for family, (one, other) in data["nets"].items()},
        {family: (one, other) for family, (one, other) in data["poles"].items()},
        [(float(size), "|".join(texts)) for size, texts in data["strengths"].items()],
    )
