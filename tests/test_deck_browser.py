"""The sample deck in a browser: nothing overflows, links and keys work, axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import deck_model
from deck_browser import Browser, open_deck
from sample_deck import THEME, write_deck
from wavedeck.render import render


@pytest.fixture(scope="module")
def deck_html(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    deck = write_deck(tmp_path_factory.mktemp("deck"))
    out = deck.folder / "deck.html"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, "html", engine).data)
    return out


@pytest.fixture(scope="module")
def browser(deck_html: Path) -> Iterator[Browser]:
    with open_deck(deck_html) as opened:
        yield opened


def test_walk_of_all_slides(browser: Browser, deck_html: Path) -> None:
    assert browser.slide_count == len(deck_model.from_html(deck_html).slides)
    assert browser.all_faults() == []
    assert browser.messages == []
    assert all(url.startswith(("file:", "data:")) for url in browser.requests)


def test_faults_are_found(browser: Browser) -> None:
    """The check above would see what it looks for."""
    browser.go(3)
    browser.page.evaluate(
        """() => { const p = Reveal.getCurrentSlide().querySelector("p");
        p.dataset.was = p.style.cssText; p.style.cssText = "transform: translateX(900px)"; }"""
    )
    assert any("outside the slide" in fault for fault in browser.faults())
    browser.page.evaluate(
        """() => { const p = Reveal.getCurrentSlide().querySelector("p");
        p.style.cssText = "margin-bottom: -60px"; }"""
    )
    assert any("overlap of" in fault for fault in browser.faults())
    browser.page.evaluate(
        """() => { const p = Reveal.getCurrentSlide().querySelector("p");
        p.style.cssText = p.dataset.was; }"""
    )
    assert browser.faults() == []


def test_headings_of_a_table_take_two_lines_where_smaller_type_allows_it(
    browser: Browser, tmp_path: Path
) -> None:
    heads = ["Region", "Responding trusts", "Share of these", "All trusts", "Share of all"]
    names = ["North", "Midlands and East", "South", "London"]
    rows = "".join(f"| {name} | 40 | 31% | 70 | 30% |\n" for name in names)
    columns = (
        '::::: {.columns}\n:::: {.column width="52%"}\nWords\n::::\n:::: {.column width="48%"}\n'
        f"| {' | '.join(heads)} |\n|{'--|' * 5}\n{rows}::::\n:::::\n"
    )
    deck = write_deck(tmp_path, f"## One {{#one}}\n\n{columns}")
    out = tmp_path / "deck.html"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, "html", "embedded").data)
    page = browser.page.context.browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(out.as_uri())
    page.wait_for_function("Reveal.isReady()")
    lines = page.evaluate(
        """() => [...document.querySelectorAll("th")].map(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const tops = [...range.getClientRects()].map(rect => Math.round(rect.top));
        return new Set(tops).size; })"""
    )
    page.close()
    assert len(lines) == 5 and max(lines) == 2


def test_comments_stand_in_order(browser: Browser, deck_html: Path) -> None:
    """Columns of comments begin and end on one line; alone on a slide they are set large."""
    for slide in deck_model.from_html(deck_html).slides:
        if not slide.comments:
            continue
        browser.go(slide.number)
        cards = browser.page.evaluate(
            """() => [...Reveal.getCurrentSlide().querySelectorAll(".comment")].map(card => {
              const box = card.getBoundingClientRect();
              return [box.left, box.top, box.bottom, parseFloat(getComputedStyle(card).fontSize)];
            })"""
        )
        columns: dict[int, list[list[float]]] = {}
        for card in cards:
            columns.setdefault(round(card[0]), []).append(card)
        assert len({round(column[0][1]) for column in columns.values()}) == 1, slide.number
        assert len({round(column[-1][2]) for column in columns.values()}) == 1, slide.number
        if slide.chart_estimates or slide.tables:
            continue
        bottom = max(card[2] for card in cards)
        assert cards[0][3] >= 26 or bottom > 500, f"slide {slide.number} is half empty"


def test_the_typeface_is_the_decks_own(browser: Browser) -> None:
    loaded = browser.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length")
    assert loaded >= 2


def test_contents_links_lead_to_their_slides(browser: Browser, deck_html: Path) -> None:
    contents = next(s for s in deck_model.from_html(deck_html).slides if s.kind == "contents")
    assert contents.links
    for index, (_, number) in enumerate(contents.links):
        browser.go(contents.number)
        assert browser.follow(index) == number


def test_keyboard(browser: Browser) -> None:
    browser.go(1)
    browser.page.keyboard.press("ArrowRight")
    assert browser.current == 2
    browser.page.keyboard.press("End")
    assert browser.current == browser.slide_count
    browser.page.keyboard.press("Home")
    assert browser.current == 1
    browser.go(2)
    browser.page.locator("section.present a").first.focus()
    browser.page.keyboard.press("Tab")
    outline = browser.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    browser.page.keyboard.press("Enter")
    assert browser.current == 4


def test_only_the_current_slide_takes_focus(browser: Browser) -> None:
    browser.go(2)
    states = browser.page.evaluate(
        "[...document.querySelectorAll('.slides > section')].map(slide => slide.inert)"
    )
    assert [number for number, inert in enumerate(states, 1) if not inert] == [2]


def test_axe_finds_nothing(browser: Browser) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="the package axe-playwright-python is not installed: no accessibility test",
    ).Axe()
    for number in range(1, browser.slide_count + 1):
        browser.go(number)
        found = axe.run(browser.page).response
        assert [
            (violation["id"], node["html"][:100])
            for violation in found["violations"]
            for node in violation["nodes"]
        ] == [], f"slide {number}"
        # an empty page passes too: what was looked at must be there
        assert len(found["passes"]) >= 20, f"slide {number}"


def test_a_small_window_shows_the_whole_slide(browser: Browser) -> None:
    browser.go(3)
    browser.page.set_viewport_size({"width": 800, "height": 600})
    try:
        box = browser.page.locator("section.present").bounding_box()
        assert box["width"] == pytest.approx(800, abs=1)
        assert box["height"] == pytest.approx(450, abs=1)
    finally:
        browser.page.set_viewport_size({"width": 1280, "height": 720})


def test_without_javascript_the_slides_stand_one_below_the_other(
    browser: Browser, deck_html: Path
) -> None:
    context = browser.page.context.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(deck_html.as_uri())
        boxes = [slide.bounding_box() for slide in page.locator(".slides > section").all()]
        assert [box["y"] for box in boxes] == [720 * index for index in range(len(boxes))]
    finally:
        context.close()
