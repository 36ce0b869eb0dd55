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
