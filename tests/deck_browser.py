"""Walks a deck in Chromium and says what a reader would stumble over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--no-first-run",
]  # fmt: skip

# What is wrong on the slide that is shown. Sizes are in the slide's own px: the view is 1280 x 720.
_FAULTS = """
() => {
  const faults = [];
  const slide = Reveal.getCurrentSlide();
  const frame = slide.getBoundingClientRect();
  const footer = slide.querySelector(".slide-footer");
  const footerTop = footer ? footer.getBoundingClientRect().top : frame.bottom;
  const seen = element => element.getClientRects().length > 0
    && getComputedStyle(element).visibility !== "hidden" && !element.closest("aside.notes");
  const say = text => faults.push(text);
  const name = text => "'" + text.trim().replace(/\\s+/g, " ").slice(0, 40) + "'";

  // text inside the slide, above the footer and inside its card
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !seen(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const card = node.parentElement.closest(".comment, td, th, svg, .column");
    const box = card && card.getBoundingClientRect();
    // the line box of a label is higher than its letters
    const line = node.parentElement.getBoundingClientRect().height;
    const spare = card && card.tagName === "svg" ? 0.25 * line : 1;
    for (const rect of range.getClientRects()) {
      if (rect.left < frame.left - 0.5 || rect.right > frame.right + 0.5
          || rect.top < frame.top - 0.5 || rect.bottom > frame.bottom + 0.5)
        say("text outside the slide: " + name(node.data));
      else if (!(footer && footer.contains(node)) && rect.bottom > footerTop + 0.5)
        say("text over the footer: " + name(node.data));
      else if (box && (rect.left < box.left - 1 || rect.right > box.right + 1
          || rect.top < box.top - spare || rect.bottom > box.bottom + spare))
        say("text outside its box: " + name(node.data));
    }
  }

  // blocks that stand in a column do not overlap
  const stacks = [slide, ...slide.querySelectorAll(".column, .comments-column")];
  for (const stack of stacks) {
    const blocks = [...stack.children].filter(
      child => seen(child) && getComputedStyle(child).position !== "absolute");
    for (let i = 1; i < blocks.length; i++) {
      const [above, below] = [blocks[i - 1], blocks[i]];
      if (below.getBoundingClientRect().top < above.getBoundingClientRect().bottom - 0.5)
        say("overlap of " + name(above.textContent) + " and " + name(below.textContent));
    }
  }

  // pictures are there, and the labels of a chart keep apart
  for (const image of slide.querySelectorAll("img"))
    if (!image.complete || image.naturalWidth === 0) say("picture not loaded: " + name(image.alt));
  for (const svg of slide.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    if (box.width < 10 || box.height < 10)
      say("chart without size: " + svg.getAttribute("aria-label"));
    const labels = [...svg.querySelectorAll("text")].filter(label => label.textContent.trim());
    const boxes = labels.map(label => label.getBoundingClientRect());
    for (let i = 0; i < boxes.length; i++)
      for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // boxes of lines that stand close share a little of their leading
        if (wide > 1 && high > 0.35 * Math.min(a.height, b.height))
          say("labels overlap: " + [labels[i], labels[j]].map(l => name(l.textContent)).join());
      }
  }
  return faults;
}
"""


@dataclass
class Browser:
    """An open deck; `messages` collects console errors, warnings and page errors."""

    page: Any
    messages: list[str]
    requests: list[str]

    @property
    def slide_count(self) -> int:
        return int(self.page.evaluate("Reveal.getTotalSlides()"))

    @property
    def current(self) -> int:
        """Number of the slide that is shown, from 1."""
        return int(self.page.evaluate("Reveal.getState().indexh")) + 1

    def go(self, number: int) -> None:
        self.page.evaluate(f"Reveal.slide({number - 1})")

    def faults(self) -> list[str]:
        return list(self.page.evaluate(_FAULTS))

    def all_faults(self) -> list[str]:
        """The faults of every slide, each with the slide's number."""
        found = []
        for number in range(1, self.slide_count + 1):
            self.go(number)
            found += [f"slide {number}: {fault}" for fault in self.faults()]
        return found

    def follow(self, link: int) -> int:
        """Click the link-th link of the slide that is shown; the number of the slide reached."""
        self.page.locator("section.present a").nth(link).click()
        return self.current


@contextmanager
def new_page(width: int = 1280, height: int = 720) -> Iterator[Any]:
    """A page of Debian's Chromium; skip, by name, where there is none."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="the package playwright is not installed: no browser test"
    )
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is not installed at {CHROMIUM}: no browser test")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield chromium.new_page(viewport={"width": width, "height": height})
        finally:
            chromium.close()


@contextmanager
def open_deck(path: Path, width: int = 1280, height: int = 720) -> Iterator[Browser]:
    """Open an HTML deck in Debian's Chromium; skip, by name, where that cannot be done."""
    with new_page(width, height) as page:
        browser = Browser(page, [], [])
        page.on(
            "console",
            lambda message: (
                browser.messages.append(message.text)
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: browser.messages.append(str(error)))
        page.on("request", lambda request: browser.requests.append(request.url))
        page.goto(path.resolve().as_uri())
        page.wait_for_function("Reveal.isReady()")
        page.evaluate("document.fonts.ready.then(() => true)")
        yield browser
