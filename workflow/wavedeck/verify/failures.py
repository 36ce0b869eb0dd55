"""What verify finds: failures with file, place, found and expected; and what it checked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from wavedeck.errors import WavedeckError

T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """Something that does not hold."""

    file: str
    place: str
    """Cell, estimate id, slide, or "" for the file as a whole."""
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: found {self.found}, expected {self.expected}"


@dataclass
class Report:
    """Failures so far, and how many things of each kind were checked."""

    failures: list[Failure] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)

    def check(self, holds: bool, file: object, place: str, found: object, expected: object) -> bool:
        if not holds:
            self.failures.append(Failure(str(file), place, str(found), str(expected)))
        return holds

    def equal(self, found: object, expected: object, file: object, place: str) -> bool:
        return self.check(found == expected, file, place, _shown(found), _shown(expected))

    def equal_columns(
        self, row: Mapping[str, object], expected: Mapping[str, object], file: object, place: str
    ) -> None:
        for column, value in expected.items():
            self.equal(row[column], value, file, f"{place}, {column}")

    def near(self, found: float, expected: float, slack: float, file: object, place: str) -> bool:
        """Equal up to `slack`, relative above 1; nothing (nan) equals nothing alone."""
        same = abs(found - expected) <= slack * max(1.0, abs(expected))
        nothing = math.isnan(found) and math.isnan(expected)
        return self.check(same or nothing, file, place, found, expected)

    def attempt(self, file: object, step: Callable[[], T]) -> T | None:
        """Run a step; a file that it cannot read is a failure too, not an end."""
        try:
            return step()
        except WavedeckError as error:
            for problem in error.problems:
                self.check(False, problem.where, "", problem.found, problem.expected or "as built")
        except Exception as error:
            # A damaged file can make its reader raise anything.
            what = f"something unreadable ({type(error).__name__}: {error})"
            self.check(False, file, "", what, "a file as built")
        return None


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
