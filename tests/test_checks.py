"""Claims: a sentence's check against the data."""

from __future__ import annotations

import pytest

from wavedeck.checks import CheckError, evaluate
from wavedeck.figures import Figures, UnknownEstimateError

ROWS = {
    "q4.engaged.officers": 78.4,
    "q4.engaged.board": 70.0,
    "q4.engaged.council": 10.2,
    "q4.engaged.*:max": 78.4,
    "q4.engaged.officers@role.leader": 99.0,
    "q13.red:mean": 5.5,
    "q13.blue:mean": 4.5,
    "q1.yes": 33.0,
    "q1.no": 33.0,
}
FIGURES = Figures(
    [
        {
            "id": name,
            "weighted": False,
            "statistic": "percent",
            "value": value,
            "text": f"{value:.0f}%",
            "base": 80,
            "suppressed": False,
        }
        for name, value in ROWS.items()
    ],
    "unweighted",
)


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ("q4.engaged.officers > q4.engaged.board", True),
        ("q4.engaged.officers > q4.engaged.board > q4.engaged.council", True),
        ("q4.engaged.officers < q4.engaged.board", False),
        ("q4.engaged.*:max < 78.4", False),
        ("q4.engaged.*:max <= 78.4", True),
        ("q4.engaged.officers highest of q4.engaged.*", True),
        ("q4.engaged.officers, q4.engaged.board highest of q4.engaged.*", True),
        ("q4.engaged.board highest of q4.engaged.*", False),
        ("q4.engaged.council lowest of q4.engaged.*", True),
        ("q13.red:mean highest of q13.*:mean", True),
        ("q1.yes = q1.no", True),
        ("q1.yes > 30 and q1.yes < 36", True),
        ("q1.yes > 30 and q1.yes > 36", False),
    ],
)
def test_checks(check: str, holds: bool) -> None:
    assert evaluate(check, FIGURES).holds is holds


def test_a_broken_check_says_what_the_data_say() -> None:
    verdict = evaluate("q4.engaged.board highest of q4.engaged.*", FIGURES)
    assert verdict.says == (
        "q4.engaged.board is 70% (70.00); highest of the others: q4.engaged.officers is 78% (78.40)"
    )


@pytest.mark.parametrize("check", ["", "q1.yes", "q1.yes >", "q1.yes>30", "q1.yes is 30"])
def test_what_is_no_check(check: str) -> None:
    with pytest.raises(CheckError):
        evaluate(check, FIGURES)


def test_the_rest_needs_a_test() -> None:
    with pytest.raises(CheckError, match=r"write 'q1\.yes significantly > rest'"):
        evaluate("q1.yes > rest", FIGURES)


def test_an_unknown_id_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownEstimateError) as error:
        evaluate("q4.engaged.oficers > 3", FIGURES)
    assert error.value.near == "q4.engaged.officers"


def a_column(place: str, value: float, **told: str) -> dict[str, object]:
    plain = {"weighted": False, "statistic": "percent", "base": 40, "suppressed": False}
    return {"id": f"q1.yes@{place}", "value": value, "text": f"{value:.0f}%", **plain, **told}


COLUMNS = Figures(
    [
        a_column("region.north", 60.0, column="A", letters="B", against_rest="higher"),
        a_column("region.south", 20.0, column="B", letters="", against_rest="lower"),
        a_column("region.east", 45.0, column="C", letters=""),
        a_column("age.young", 90.0, column="A", letters="B"),
        {**a_column("region.north", 0.0), "id": "q1.yes"},
    ],
    "unweighted",
)


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ("q1.yes@region.north significantly > q1.yes@region.south", True),
        ("q1.yes@region.south significantly < q1.yes@region.north", True),
        ("q1.yes@region.south significantly > q1.yes@region.north", False),
        ("q1.yes@region.south differs from q1.yes@region.north", True),
        # A larger number alone is not enough.
        ("q1.yes@region.north significantly > q1.yes@region.east", False),
        ("q1.yes@region.north differs from q1.yes@region.east", False),
        ("q1.yes@region.north > q1.yes@region.east", True),
        ("q1.yes@region.north significantly > rest", True),
        ("q1.yes@region.south significantly < rest", True),
        ("q1.yes@region.south differs from rest", True),
        ("q1.yes@region.east differs from rest", False),
    ],
)
def test_claims_of_significance(check: str, holds: bool) -> None:
    assert evaluate(check, COLUMNS).holds is holds


def test_a_claim_of_significance_says_what_the_test_says() -> None:
    says = evaluate("q1.yes@region.east differs from q1.yes@region.north", COLUMNS).says
    assert says.endswith("the test says: not significantly different")


@pytest.mark.parametrize(
    "check",
    [
        "q1.yes@region.north differs from q1.yes@age.young",
        "q1.yes@region.north significantly > q1.yes",
        "q1.yes differs from rest",
    ],
)
def test_what_is_not_tested_cannot_be_claimed(check: str) -> None:
    with pytest.raises(CheckError):
        evaluate(check, COLUMNS)
