"""A fixed number of mutated inputs to every parser; `make fuzz` runs many more, with atheris."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import TARGETS, run_mutants

SLOW = {"workbook": 0.25, "sheet": 0.25, "strings": 0.25, "book": 0.25, "yaml": 0.25}
"""The share of runs for targets that read files."""


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_our_own_errors(tmp_path: Path, name: str) -> None:
    run_mutants(TARGETS[name], int(400 * SLOW.get(name, 1)), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_many_more(tmp_path: Path, name: str) -> None:
    run_mutants(TARGETS[name], int(8_000 * SLOW.get(name, 1)), tmp_path)
