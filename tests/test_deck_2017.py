"""The 2017 deck as built: its structure, its numbers, and how it behaves in a browser."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import deck_browser
import deck_model
from conftest import DECKS, ROOT, WAVE
from wavedeck import figures
from wavedeck.rounding import share_in_words

# Slide -> the section that begins there, as in the report.
SECTIONS = {
    3: "About STPs",
    4: "Background",
    5: "Headline findings",
    7: "Detailed findings",
    8: "Councillor knowledge of STPs",
    9: "Councillor engagement in the STP process",
    12: "Wider council engagement",
    14: "Councillor relationships with health and care system leaders",
    18: "System leadership and governance",
    22: "Local ambitions for health and wellbeing",
    27: "Engagement with the public",
    29: "Delivery of STPs",
    33: "Successes and challenges",
    34: "Appendices",
}
COMMENTS = {8: 3, 9: 2, 11: 4, 13: 4, 17: 5, 19: 5, 20: 4, 21: 4, 22: 2, 24: 3, 26: 4, 27: 2}
COMMENTS |= {28: 4, 32: 4, 33: 4}
CHARTS = {8: 1, 9: 1, 10: 1, 12: 1, 14: 1, 15: 1, 16: 1, 18: 2, 20: 1, 22: 1, 23: 1, 25: 1, 27: 1}
CHARTS |= {29: 1, 30: 1, 31: 1, 36: 1, 37: 1}


@pytest.fixture(scope="module", params=["", "-weighted"])
def edition(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def deck(built: Path, edition: str) -> deck_model.Deck:
    return deck_model.from_html(built / f"report/{WAVE}/deck{edition}.html")


def test_38_slides_with_every_section_on_its_number(deck: deck_model.Deck) -> None:
    assert len(deck.slides) == 38
    assert {number: deck.slides[number - 1].title for number in SECTIONS} == SECTIONS


def test_contents_lead_to_the_sections(deck: deck_model.Deck) -> None:
    links = {number: text for text, number in deck.slides[1].links}
    assert set(links) == set(SECTIONS)
    for number, title in SECTIONS.items():
        assert title in links[number]


def test_each_slide_holds_its_charts_and_comments(deck: deck_model.Deck) -> None:
    assert {s.number: len(s.comments) for s in deck.slides if s.comments} == COMMENTS
    assert {s.number: len(s.alt_texts) for s in deck.slides if s.alt_texts} == CHARTS
    assert all(len(alt) > 40 for slide in deck.slides for alt in slide.alt_texts)
    assert [s.number for s in deck.slides if s.tables] == [24, 35, 36, 37]


def test_every_number_shown_is_its_estimate(
    deck: deck_model.Deck, built: Path, edition: str
) -> None:
    known = figures.load(
        built / f"processed/{WAVE}/estimates.parquet", edition.strip("-") or "unweighted"
    )
    shown = [pair for slide in deck.slides for pair in slide.estimates]
    assert len(shown) > 150
    for name, text in shown:
        figure = known[name]
        assert text.lower() in (figure.text.lower(), share_in_words(figure.value)), name
    for slide in deck.slides:
        for name in slide.chart_estimates:
            assert name in known


def test_published_figures_stand_on_their_slides(built: Path) -> None:
    """Each published number is on the slide where the report has it, as text or in its chart."""
    deck = deck_model.from_html(built / DECKS[0])
    with (ROOT / "surveys/stp-councillors/published/2017.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["measure"] != "bound"]
    for row in rows:
        slide = deck.slides[int(row["slide"]) - 1]
        ids = {name for name, _ in slide.estimates} | set(slide.chart_estimates)
        assert row["key"] in ids, f"{row['key']} on slide {slide.number}"


def test_respondents_markup_is_text(deck: deck_model.Deck) -> None:
    comments = " ".join(text for slide in deck.slides for text in slide.comments)
    assert "<b>too little</b>" in comments and "**" in comments
    assert any(text.startswith("=") for slide in deck.slides for text in slide.comments)


def test_pdf_holds_the_same_slides(built: Path, edition: str, deck: deck_model.Deck) -> None:
    pdf = deck_model.from_pdf(built / f"report/{WAVE}/deck{edition}.pdf")
    assert [slide.title for slide in pdf.slides[:38]] == [slide.title for slide in deck.slides]
    for ours, theirs in zip(deck.slides, pdf.slides, strict=False):
        words = set(ours.text.split())
        assert len(words - set(theirs.text.split())) <= 0.02 * len(words), ours.number
    assert pdf.language == "en-GB"


def test_browser_walk(built: Path, edition: str) -> None:
    with deck_browser.open_deck(built / f"report/{WAVE}/deck{edition}.html") as browser:
        assert browser.slide_count == 38
        assert browser.all_faults() == []
        assert browser.messages == []
        assert len(browser.requests) == 1, "the deck is one file"


def test_contents_links_in_the_browser(built: Path) -> None:
    with deck_browser.open_deck(built / DECKS[0]) as browser:
        for place, number in enumerate(SECTIONS):
            browser.go(2)
            browser.follow(place)
            assert browser.current == number
