"""From a number of the deck to its evidence: the panel in the HTML, the annex in the PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import deck_model
from conftest import DECKS, WAVE
from deck_browser import Browser, open_deck
from sample_deck import THEME, Deck, write_deck, write_evidence
from wavedeck.errors import WavedeckError
from wavedeck.files import read_table
from wavedeck.render import render
from wavedeck.render.panel import MOST_BYTES

MOST_ANNEX_PAGES = 30


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return write_deck(tmp_path_factory.mktemp("deck"))


@pytest.fixture(scope="module")
def definitions(deck: Deck) -> dict[str, str]:
    return write_evidence(deck)


@pytest.fixture(scope="module")
def html(engine: str, deck: Deck, definitions: dict[str, str]) -> Path:
    out = deck.folder / "deck.html"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, "html", engine).data)
    return out


@pytest.fixture(scope="module")
def pdf(engine: str, deck: Deck, definitions: dict[str, str]) -> Path:
    out = deck.folder / "deck.pdf"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, "pdf", engine).data)
    return out


@pytest.fixture(scope="module")
def browser(html: Path) -> Iterator[Browser]:
    with open_deck(html) as opened:
        yield opened


def panel(browser: Browser) -> dict[str, str] | None:
    """What the open panel says; None when it is closed."""
    found: dict[str, str] | None = browser.page.evaluate(
        """() => {
          const dialog = document.getElementById("evidence");
          if (!dialog.open) return null;
          const told = { title: dialog.querySelector("h2").textContent,
                         label: dialog.querySelector(".evidence-label").textContent };
          for (const dt of dialog.querySelectorAll("dt"))
            told[dt.textContent] = dt.nextElementSibling.textContent;
          return told;
        }"""
    )
    return found


def focused(browser: Browser) -> str:
    return str(browser.page.evaluate("document.activeElement.dataset.estimate ?? ''"))


def slide_of(html: Path, chart: bool) -> deck_model.Slide:
    slides = deck_model.from_html(html).slides
    return next(
        s for s in slides if s.kind == "content" and s.estimates and chart <= bool(s.alt_texts)
    )


def test_a_click_opens_the_panel_and_escape_closes_it(
    browser: Browser, html: Path, definitions: dict[str, str]
) -> None:
    slide = slide_of(html, chart=False)
    browser.go(slide.number)
    name = slide.estimates[0][0]
    browser.page.locator("section.present span.estimate").first.click()
    told = panel(browser)
    assert told is not None
    assert (told["Id"], told["Definition"]) == (name, definitions[name])
    assert (told["Numerator"], told["Denominator"]) == ("27 teachers", "81 teachers")
    assert browser.page.evaluate("document.activeElement.id") == "evidence-title"
    browser.page.keyboard.press("ArrowRight")
    browser.page.keyboard.press("Space")
    assert browser.current == slide.number, "keys of the panel turn no slides"
    browser.page.keyboard.press("Escape")
    assert panel(browser) is None
    assert browser.current == slide.number
    assert focused(browser) == name
    assert not browser.page.evaluate("Reveal.isOverview() || Reveal.isPaused()")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_bar_opens_by_key(browser: Browser, html: Path, key: str) -> None:
    slide = slide_of(html, chart=True)
    browser.go(slide.number)
    bar = browser.page.locator("section.present svg [data-estimate]").nth(1)
    bar.focus()
    outline = browser.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    browser.page.keyboard.press(key)
    told = panel(browser)
    assert told is not None and told["Id"] == slide.chart_estimates[1]
    browser.page.keyboard.press("Tab")
    assert browser.page.evaluate("document.activeElement.id") == "evidence-close"
    browser.page.keyboard.press("Enter")
    assert panel(browser) is None
    assert browser.current == slide.number
    assert focused(browser) == slide.chart_estimates[1]


def test_tab_goes_through_the_slide_in_reading_order(browser: Browser, html: Path) -> None:
    slide = slide_of(html, chart=True)
    browser.go(slide.number)
    expected = browser.page.evaluate(
        """() => [...Reveal.getCurrentSlide().querySelectorAll("[data-estimate]")]
          .map(element => element.dataset.estimate)"""
    )
    browser.page.locator("section.present [data-estimate]").first.focus()
    found = []
    for _ in expected:
        found.append(focused(browser))
        browser.page.keyboard.press("Tab")
    assert found == expected
    assert set(found) == {name for name, _ in slide.estimates} | set(slide.chart_estimates)


def test_every_number_is_a_button_with_a_name(browser: Browser) -> None:
    browser.go(1)
    unnamed = browser.page.evaluate(
        """() => [...document.querySelectorAll(".reveal [data-estimate]")].filter(element =>
          element.getAttribute("role") !== "button" || element.tabIndex !== 0
          || element.getAttribute("aria-haspopup") !== "dialog"
          || !(element.getAttribute("aria-label") || element.textContent).trim()).length"""
    )
    assert unnamed == 0
    charts = "[...document.querySelectorAll('.chart svg')].map(svg => svg.getAttribute('role'))"
    assert set(browser.page.evaluate(charts)) == {"group"}


def test_axe_finds_nothing_with_the_panel_open(browser: Browser, html: Path) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="the package axe-playwright-python is not installed: no accessibility test",
    ).Axe()
    for chart in (False, True):
        browser.go(slide_of(html, chart).number)
        for opened in (False, True):
            if opened:
                browser.page.locator("section.present [data-estimate]").first.click()
                assert panel(browser)
            found = axe.run(browser.page).response
            assert [
                (v["id"], n["html"][:90]) for v in found["violations"] for n in v["nodes"]
            ] == []
        browser.page.keyboard.press("Escape")
    assert browser.messages == []


def test_a_deck_without_evidence_has_plain_numbers(browser: Browser, tmp_path: Path) -> None:
    deck = write_deck(tmp_path)
    out = tmp_path / "deck.html"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, "html", "embedded").data)
    page = browser.page.context.browser.new_page()
    page.goto(out.as_uri())
    page.wait_for_function("Reveal.isReady()")
    assert page.locator(".reveal [data-estimate]").count() > 0
    assert page.locator(".reveal [role=button]").count() == 0
    page.close()


def test_data_too_large_for_a_page_are_refused(tmp_path: Path) -> None:
    deck = write_deck(tmp_path, "## One {#one}\n\nText.\n")
    text = json.dumps({"estimates": {}, "words": ["x" * MOST_BYTES]})
    (tmp_path / "evidence.json").write_text(text)
    with pytest.raises(WavedeckError, match="at most 300,000"):
        render(deck.qmd, deck.exhibits, THEME, "html", "embedded")


# The annex of the PDF


def test_the_annex_has_a_row_for_each_number(pdf: Path, html: Path) -> None:
    printed = deck_model.from_pdf(pdf)
    shown = deck_model.from_html(html)
    assert len(printed.slides) == len(shown.slides)
    assert printed.annex and all("Annex, page" in page.text for page in printed.annex)
    assert not any(re.search(r"\b\d+/\d+ ", page.text) for page in printed.annex)
    text = "".join(page.text for page in printed.annex).replace(" ", "")
    for slide, page in zip(shown.slides, printed.slides, strict=True):
        for name in {name for name, _ in slide.estimates}:
            assert name in text
        assert bool(page.sources) == bool(slide.estimates or slide.alt_texts)


def test_links_lead_to_the_annex_and_back(pdf: Path) -> None:
    printed = deck_model.from_pdf(pdf)
    for slide in printed.slides:
        for page in set(slide.sources):
            assert slide.number in printed.annex[page - 1].links


# The 2017 deck


@pytest.fixture(scope="module", params=["", "-weighted"])
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def data_of(page: str) -> dict:
    found = re.search(
        r'<script type="application/json" id="evidence-data">(.*?)</script>', page, re.S
    )
    assert found
    data: dict = json.loads(found[1])
    return data


def test_the_panels_of_2017_tell_the_estimates(built: Path, edition: str) -> None:
    page = (built / f"report/{WAVE}/deck{edition}.html").read_text(encoding="utf-8")
    data = data_of(page)
    words = data["words"]
    rows = read_table(built / f"processed/{WAVE}/estimates.parquet", weighted=bool(edition))
    known = {row["id"]: row for row in rows.to_pylist()}
    slides = deck_model.from_html(built / f"report/{WAVE}/deck{edition}.html").slides
    shown = {name for slide in slides for name, _ in slide.estimates}
    shown |= {name for slide in slides for name in slide.chart_estimates}
    assert shown <= set(data["estimates"])
    for name, (text, _, facts) in data["estimates"].items():
        row = known[name]
        told = {words[term]: "".join(words[piece] for piece in pieces) for term, *pieces in facts}
        assert words[text] == row["text"]
        assert told["Definition"].endswith((".", ".)."))
        if row["question"] and row["statistic"] in ("percent", "max", "min"):
            assert told["Base"] == f"{row['base']} councillors"
            weights = "each organisation counts once" if edition else "none: each respondent"
            assert told["Weights"].startswith(weights)
            if not edition:
                assert told["Numerator"] == f"{row['numerator']:.0f} councillors"
                assert told["Denominator"] == f"{row['base']} councillors"
            elif "not shown" not in told["Numerator"]:
                assert told["Numerator"].startswith(f"{row['numerator']:.1f}, the sum of")
                assert told["Denominator"].startswith(f"{row['weighted_base']:.1f}, the sum of")


def test_the_deck_holds_nothing_of_single_respondents(built: Path, edition: str) -> None:
    page = (built / f"report/{WAVE}/deck{edition}.html").read_text(encoding="utf-8")
    printed = deck_model.from_pdf(built / f"report/{WAVE}/deck{edition}.pdf")
    annex = " ".join(page.text for page in printed.annex)
    answers = read_table(
        built / f"processed/{WAVE}/answers.parquet", ["respondent", "response", "organisation"]
    )
    sheet = json.loads((built / f"processed/{WAVE}/source.json").read_text())["sheet"]
    for text in (json.dumps(data_of(page), ensure_ascii=False), annex):
        for column in ("respondent", "response", "organisation"):
            for value in set(answers[column].to_pylist()):
                assert not re.search(rf"\b{re.escape(value)}\b", text), value
        assert f"{sheet}!" not in text


def test_no_weight_of_one_respondent_is_told(built: Path) -> None:
    """Sums of weights stand for at least three respondents, and leave out none or three."""
    data = data_of((built / f"report/{WAVE}/deck-weighted.html").read_text(encoding="utf-8"))
    words = data["words"]
    table = read_table(built / f"processed/{WAVE}/estimates.parquet", weighted=True).to_pylist()
    counts = {row["id"]: int(row["value"]) for row in table if row["statistic"] == "count"}
    sums = 0
    for name, (_, _, facts) in data["estimates"].items():
        told = {words[term]: "".join(words[piece] for piece in pieces) for term, *pieces in facts}
        found = re.match(r"[\d.]+, the sum of the .*?(?: of (\d+) |$)", told.get("Numerator", ""))
        if found and not name.endswith((":max", ":min")):  # these are an item's own numbers
            sums += 1
            base = int(told["Base"].split()[0])
            # Where the panel names no number of people, the restricted table has it.
            count = int(found[1]) if found[1] else counts[f"{name}:count"]
            assert (count == 0 or count >= 3) and (base == count or base - count >= 3), name
            assert "from" not in told["Rounding"]
    assert sums > 100


def test_panel_data_are_small(built: Path) -> None:
    for name in DECKS:
        if name.endswith(".html"):
            page = (built / name).read_text(encoding="utf-8")
            assert len(json.dumps(data_of(page), separators=(",", ":")).encode()) < 150_000


def test_the_2017_annex(built: Path, edition: str) -> None:
    printed = deck_model.from_pdf(built / f"report/{WAVE}/deck{edition}.pdf")
    assert len(printed.slides) == 38
    assert 5 < len(printed.annex) <= MOST_ANNEX_PAGES
    shown = deck_model.from_html(built / f"report/{WAVE}/deck{edition}.html")
    text = re.sub(r"\s", "", "".join(page.text for page in printed.annex))
    for slide, page in zip(shown.slides, printed.slides, strict=True):
        assert bool(page.sources) == bool(slide.estimates or slide.alt_texts), slide.number
        assert len(page.sources) >= len(slide.alt_texts) + len(slide.estimates)
        for name, _ in slide.estimates:
            assert re.sub(r"\s", "", name) in text
        for target in set(page.sources):
            assert slide.number in printed.annex[target - 1].links
