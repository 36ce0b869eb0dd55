"""Any table at all is drafted, or refused with a message; no answer row is lost."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import export_layouts as layouts
from test_new_layouts import Drafted
from wavedeck.errors import WavedeckError

HEADERS = ["Age", "Q1. How?", "Name", "Date", "Anything else?", "Total", "id", "x", "Q2_1", "Q2_2"]
HEADERS += ["Which? [A]", "Which? [B]", "Wie geht's?", "満足度", "A: b", "# no", "Status", "- why"]
HEADERS += ["Same", "Same", "group/question", "12", "True", "Comment\nhere", "'quoted'", '"both"']
WORDS = ["Yes", "No", "Agree", "Disagree", "n/a", "-", "A, b and c", "A; B", "B;", "1", "0", "=1+1"]
WORDS += ["Very good", "Good", "2024-01-01", "#tag", "{x}", "[y]", "a: b", "Don't know", "≥ 5", "5"]
WORDS += ["満足", "Ω", "other", "None", "null", "true", "I like it here, and so do we.", "*", "&x"]


def value(kind: int, rng: random.Random, row: int) -> Any:
    return [
        lambda: rng.choice(WORDS),
        lambda: rng.choice(WORDS[:4]),
        lambda: rng.randint(0, 5),
        lambda: round(rng.uniform(-3, 5000), 2),
        lambda: datetime(2024, 1, 1) + timedelta(minutes=rng.randint(0, 90_000)),
        lambda: rng.choice([True, False]),
        lambda: row,
        lambda: "; ".join(rng.sample(WORDS, rng.randint(1, 4))),
        lambda: ", ".join(rng.sample(WORDS[:9], rng.randint(1, 3))),
        lambda: " ".join(rng.choices(WORDS, k=9)) + f" {row}",
        lambda: f"{rng.choice(['a', 'b'])}{rng.randint(0, 9)}@example.org",
        lambda: rng.choice(["1", "2", 3, 4.0, "five"]),
    ][kind]()


def table(seed: int) -> layouts.Sheets:
    rng = random.Random(seed)
    width, height = rng.randint(1, 14), rng.choice([1, 3, 8, 25, 60])
    header = rng.sample(HEADERS, min(width, len(HEADERS)))
    kinds = [rng.randint(0, 11) for _ in header]
    gaps = [rng.choice([0, 0, 0.2, 0.9]) for _ in header]
    rows: layouts.Rows = [list(header)]
    for row in range(1, height + 1):
        cells = [
            None if rng.random() < gap else value(kind, rng, row)
            for kind, gap in zip(kinds, gaps, strict=True)
        ]
        rows.append(cells)
    return {rng.choice(["Sheet1", "Data", "Antworten", "x" * 31]): rows}


@pytest.mark.parametrize("seed", range(60))
def test_any_table_is_drafted_or_refused(seed: int, tmp_path: Path) -> None:
    sheets = table(seed)
    [rows] = sheets.values()
    path = layouts.save(sheets, tmp_path / "export.xlsx")
    try:
        found = Drafted(path)
    except WavedeckError as error:
        assert all(problem.where for problem in error.problems)
        return
    filled = sum(any(cell is not None for cell in row) for row in rows[1:])
    header_rows = found.profile.header.first + found.profile.header.rows - 2
    left_out = sum(e["rule"].startswith("exclude_") for e in found.cleaned.ledger)
    assert len(found.cleaned.answers) + left_out == filled - header_rows
    assert found.profile.dates is None or found.profile.dates[0].date() >= date(2000, 1, 1)
