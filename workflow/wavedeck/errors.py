"""Errors a user can act on: where, what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what a user supplied.

    `where` names the file and, as far as known, the sheet, cell or line.
    """

    where: str
    found: str
    expected: str = ""
    nearest: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.found}"]
        if self.expected:
            lines.append(f"    expected: {self.expected}")
        if self.nearest:
            lines.append(f"    nearest:  {self.nearest}")
        if self.remedy:
            lines.append(f"    to do:    {self.remedy}")
        return "\n".join(lines)


class WavedeckError(Exception):
    """Stops a stage with every problem found, each in full. Shown without a traceback."""

    def __init__(self, *problems: Problem, coda: str = "") -> None:
        """`coda`: what is said behind all of them."""
        self.problems = problems
        told = "\n".join(str(problem) for problem in problems)
        super().__init__(f"{told}\n\n{coda}" if coda else told)


def nearest(name: str, names: Iterable[str]) -> str:
    """The valid name most like `name`, or "" when none is close."""
    folded = {candidate.casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def listing(names: Sequence[str], most: int = 12) -> str:
    """Names as a readable list, cut after `most`."""
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
