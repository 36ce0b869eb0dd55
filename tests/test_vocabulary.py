"""The words of deck templates that put parts of exhibits together."""

from __future__ import annotations

from typing import Any

import pytest

from wavedeck.compose.vocabulary import Vocabulary
from wavedeck.figures import Figures


def note(number: str, base: str, who: str = " teachers who answered") -> dict[str, Any]:
    name = f"{number.lower()}:base"
    parts = [{"text": "Base: "}, {"text": base, "estimate": name}, {"text": who}]
    return {"number": number, "note": parts}


def words(exhibits: dict[str, dict[str, Any]], *names: str) -> str:
    vocabulary = Vocabulary(Figures([], "unweighted"), exhibits, [], {}, "deck.qmd.j2")
    return str(vocabulary.note(*names)).split("\n")[1]


BASE_8 = '[80]{.estimate data-estimate="q8:base"}'
BASE_9 = '[79]{.estimate data-estimate="q9:base"}'
WHO = " [teachers who answered]{.label}"


@pytest.mark.parametrize(
    ("exhibits", "line"),
    [
        ({"a": note("Q8", "80")}, rf"[Base\:]{{.label}} {BASE_8}{WHO}"),
        (
            {"a": note("Q8", "80"), "b": note("Q9", "79")},
            rf"[Base\:]{{.label}} [Q8]{{.label}} {BASE_8}, [Q9]{{.label}} {BASE_9}{WHO}",
        ),
        (
            {"a": note("Q8", "80"), "b": note("Q9", "79", " pupils")},
            rf"[Base\:]{{.label}} {BASE_8}{WHO}. [Base\:]{{.label}} {BASE_9} [pupils]{{.label}}",
        ),
    ],
)
def test_base_notes_of_several_exhibits(exhibits: dict[str, dict[str, Any]], line: str) -> None:
    assert words(exhibits, *exhibits) == line


def a_row(name: str, **told: Any) -> dict[str, Any]:
    plain = {"statistic": "percent", "value": 33.2, "text": "33%", "base": 80}
    return {"id": name, "weighted": False, "suppressed": False, **plain, **told}


SURE = Figures(
    [
        a_row("q1.yes", lower=27.6, upper=39.4),
        a_row("q3.red:mean", statistic="mean", lower=1.94, upper=2.36),
        a_row("q1.yes@region.north", lower=10.0, upper=50.0, suppressed=True, text="[c]"),
        a_row("q1.yes@region.south"),
        a_row("q1@region:rao_scott", statistic="rao_scott", value=0.031, text="0.03"),
    ],
    "unweighted",
)


def test_intervals_lead_to_their_estimate() -> None:
    vocabulary = Vocabulary(SURE, {}, [], {}, "deck.qmd.j2")
    assert vocabulary.interval("q1.yes") == r'[28\% to 39\%]{.estimate data-estimate="q1.yes"}'
    assert "1.9 to 2.4" in vocabulary.interval("q3.red:mean")
    assert "[0.03]" in vocabulary.p("q1@region:rao_scott").replace("\\", "")
    assert not vocabulary.problems


@pytest.mark.parametrize("name", ["q1.yes@region.north", "q1.yes@region.south"])
def test_a_hidden_interval_and_a_missing_one_are_problems(name: str) -> None:
    vocabulary = Vocabulary(SURE, {}, [], {}, "deck.qmd.j2")
    assert vocabulary.interval(name) == "?"
    assert "has no interval" in vocabulary.problems[0].found
