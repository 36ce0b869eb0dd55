"""Columns are looked at by their different answers, not cell by cell."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import export_layouts as layouts
from wavedeck.inspect import inspect, joined, sheets


def test_each_different_cell_is_cut_and_classed_a_few_times_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(3)
    several = ["Bus;Train", "Bus;Walk", "Train", "Bus;Train;Walk", "Walk"]
    rows: layouts.Rows = [["Response ID", "How do you travel?", "Do you like it?"]]
    rows += [[i + 1, rng.choice(several), rng.choice(["Yes", "No"])] for i in range(2000)]
    path = layouts.save({"Responses": rows}, tmp_path / "export.xlsx")
    calls = {"pieces_of": 0, "_kind": 0}

    def counting(module: object, name: str) -> None:
        plain = getattr(module, name)

        def counted(*given: object) -> object:
            calls[name] += 1
            return plain(*given)

        monkeypatch.setattr(module, name, counted)

    counting(joined, "pieces_of")
    counting(sheets, "_kind")
    found = inspect(path)
    assert [q.kind for q in found.questions] == ["multi_joined", "single"]
    assert 0 < calls["pieces_of"] < 100
    assert calls["_kind"] < 2000 + 100, "the id once a row, the others once a text"


@pytest.mark.parametrize(
    ("cell", "separator", "pieces"),
    [
        ("Cats, dogs, and 1,000 birds", ", ", ["Cats", "dogs", "and 1,000 birds"]),
        ("Cats,dogs, too,1,000", ",", ["Cats", "dogs, too,1,000"]),
        ("Buses (day; night);Trains;", ";", ["Buses (day; night)", "Trains"]),
        ("Open [one; two;three", ";", ["Open [one", "two", "three"]),
        ("one\ntwo\n", "\n", ["one", "two"]),
        ("one, two,", ", ", ["one", "two"]),
        (" ; ", ";", []),
    ],
)
def test_cells_are_cut_outside_brackets(cell: str, separator: str, pieces: list[str]) -> None:
    assert joined.pieces_of(cell, separator) == pieces
