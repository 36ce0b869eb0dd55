"""What of a later wave's export does not fit the codebook, with what wave.yaml may declare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavedeck.errors import Problem, WavedeckError
from wavedeck.new.yamltext import merged, tree

Data = dict[str, Any]
_MARGIN = "\n              "
"""Under the words of a remedy."""


@dataclass(frozen=True)
class Remedy:
    """Lines for wave.yaml, and when they are the right ones ("if it is a new question")."""

    when: str
    lines: Data


@dataclass(frozen=True)
class Misfit:
    """One thing that does not fit. The first remedy is the likeliest."""

    where: str
    found: str
    remedies: Sequence[Remedy]
    expected: str = ""
    nearest: str = ""

    def told(self, path: Path) -> Problem:
        """As a message that names wave.yaml at `path`."""
        parts = []
        for place, remedy in enumerate(self.remedies):
            when = f"{remedy.when}, " if remedy.when else ""
            start = f"{'or, ' if place else ''}{when}"
            parts.append(f"{start}add to {path}:" if not place else f"{start.rstrip(', ')}:")
            parts += tree(remedy.lines, width=84, spread=False)
        return Problem(self.where, self.found, self.expected, self.nearest, _MARGIN.join(parts))


def refusal(misfits: Sequence[Misfit], path: Path, declared: Iterable[str]) -> WavedeckError:
    """Every misfit by itself, then all the likeliest lines together. `declared`: the fields that
    wave.yaml has."""
    problems = [misfit.told(path) for misfit in misfits]
    if len(misfits) < 2:
        return WavedeckError(*problems)
    lines = merged(misfit.remedies[0].lines for misfit in misfits)
    there = [field for field in lines if field in set(declared)]
    own = f" ({', '.join(there)}: put the lines below those that are there)" if there else ""
    said = f"All of it, the likeliest of each, to be added to {path}{own} and then looked through:"
    return WavedeckError(*problems, coda="\n".join([said, "", *tree(lines)]))
