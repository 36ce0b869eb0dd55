"""Numbers and comparisons without evidence are found; what has evidence, or is no claim, is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavedeck.compose.evidence import findings
from wavedeck.compose.markdown import escape

ESTIMATE = '[33%]{.estimate data-estimate="q1.great_deal"}'


def found(text: str) -> list[tuple[str, str]]:
    deck = f"---\ntitle: x 2017\n---\n\n## Title {{#one}}\n\n{text}\n"
    return [(finding.kind, finding.found) for finding in findings(deck)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("About 40% agree", [("number", "40%")]),
        ("Some 1,200 answered.", [("number", "1,200")]),
        ("A third agree", [("number", "third")]),
        ("eight in ten", [("number", "eight"), ("number", "ten")]),
        ("Most agree", [("comparison", "Most")]),
        ("just over half", [("number", "half")]),
        (f"{ESTIMATE} agree, 40% do not", [("number", "40%")]),
        ("**12** councils", [("number", "12")]),
        ("[12 councils](#one)", [("number", "12")]),
        ("| Row | 12 |", [("number", "12")]),
        ("More agree", [("comparison", "More")]),
        ("the highest of all", [("comparison", "highest")]),
        (f"{ESTIMATE} agree, fewer do not", [("comparison", "fewer")]),
        ("- lower in the north", [("comparison", "lower")]),
        ('[12 agree, more disagree]{.claim data-claim="1"}', [("number", "12")]),
    ],
)
def test_what_has_no_evidence_is_found(text: str, what: list[tuple[str, str]]) -> None:
    assert found(text) == what


@pytest.mark.parametrize(
    "text",
    [
        f"{ESTIMATE} know a great deal",
        f'[{ESTIMATE} agree, more than before]{{.claim data-claim="1"}} in Q17 and Q2a',
        f'[more [12]{{.cite data-source="x"}} and {ESTIMATE}]{{.claim data-claim="2"}}',
        '[March 2021]{.cite data-source="guidance of 2015"}',
        "[Mostly top down]{.label}",
        "> 12 more than most\n\n[Leader, 3 councils]{.attribution}",
        '![](exhibits/q1.svg){.chart fig-alt="33% of 81" data-exhibit="q1"}',
        "- [Title](#slide-12)",
        '::: {.column width="54%"}',
        "partnerships rather than single organisations, at least to some extent",
        "[a link](#slide-12)",
    ],
)
def test_what_has_evidence_is_not(text: str) -> None:
    assert found(text) == []


def test_the_title_counts_and_its_attributes_do_not() -> None:
    deck = '## Nine lives {#slide9 .section data-x="12"}\n'
    assert [finding.found for finding in findings(deck)] == ["Nine"]


def test_a_finding_says_where_it_is() -> None:
    deck = "## Start {#a}\n\ntext\n\n## End {#b}\n\nabout **40%** of them\n"
    (finding,) = findings(deck)
    assert (finding.slide.title, finding.line) == ("End", 7)
    assert finding.sentence == "about 40% of them"


@given(st.text(max_size=50))
def test_no_text_of_an_estimate_is_a_finding(text: str) -> None:
    assert found(f'before [{escape(text)}]{{.estimate data-estimate="q"}} after') == []


@given(st.integers(0, 10**6), st.text(alphabet="abc [](){}*_\\.", max_size=12))
def test_a_numeral_beside_a_span_is_always_found(number: int, noise: str) -> None:
    assert ("number", str(number)) in found(f"{ESTIMATE} {escape(noise)} and {number} end")
