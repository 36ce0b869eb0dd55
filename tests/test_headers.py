"""Names of columns from one, two or three header rows, on both paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from wavedeck.errors import WavedeckError
from wavedeck.headers import Heading, match_columns, names_of
from wavedeck.survey import Header, Survey
from wavedeck.verify.raw import _names

ONE = [["Id", "Q1", "", "Q1", "Q1"]]
TWO = [["Id", "Q1", "", "", "Q2", ""], ["", "Response", "Other", "", "Red", "Blue"]]
THREE = [
    ["Part", "", "", "End"],
    ["Q1", "", "Q2", ""],
    ["a", "b", "c", "d"],
]


@pytest.mark.parametrize(
    ("rows", "header", "names"),
    [
        (ONE, Header(), ["Id", "Q1", "", "Q1 [2]", "Q1 [3]"]),
        (
            TWO,
            Header(rows=2),
            ["Id", "Q1 › Response", "Q1 › Other", "", "Q2 › Red", "Q2 › Blue"],
        ),
        (TWO, Header(rows=2, names=2), ["", "Response", "Other", "", "Red", "Blue"]),
        # A text of the middle row ends where the row above it has a new one.
        (THREE, Header(rows=3), ["Part › Q1 › a", "Part › Q1 › b", "Part › Q2 › c", "End › d"]),
    ],
)
def test_names(rows: list[list[str]], header: Header, names: list[str]) -> None:
    assert names_of(rows, header) == names
    assert _names(rows, header) == names, "the second path names columns alike"


def survey(*others: str) -> Survey:
    return Survey.model_validate(
        {
            "title": "T",
            "export": {"sheet": "S", "columns": {"others": others}},
            "questions": {"q1": {"type": "text", "text": "Q", "column": "Q1"}},
        }
    )


def headings(rows: list[list[str]]) -> list[Heading]:
    names = names_of(rows, Header())
    return [Heading(name, "S", index, 1) for index, name in enumerate(names)]


def test_a_header_that_stands_again_has_to_be_listed() -> None:
    found = headings([["Q1", "Q1"]])
    with pytest.raises(WavedeckError, match=r"cell B1.*'Q1 \[2\]'; it is the column that bears"):
        match_columns(found, survey(), Path("x.xlsx"))
    assert match_columns(found, survey("Q1 [2]"), Path("x.xlsx")) == [("q1", ""), ("", "")]


def test_a_header_like_the_number_of_another_is_refused() -> None:
    found = headings([["Q1", "Q1", "Q1 [2]"]])
    with pytest.raises(WavedeckError, match=r"cells B1, C1: 2 columns are known as 'Q1 \[2\]'"):
        match_columns(found, survey("Q1 [2]"), Path("x.xlsx"))
