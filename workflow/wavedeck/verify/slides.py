"""What a reader of deck.html or of a chart sees: pieces of text, each with its estimate, if any."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
NUMBER = re.compile(r"\d(?:[\d,.]*\d)?%?")


@dataclass
class Shown:
    """An element that shows an estimate, with all text inside it."""

    estimate: str
    in_chart: bool
    text: str = ""


@dataclass
class Page:
    """A slide, or a chart by itself."""

    title: str = ""
    shown: list[Shown] = field(default_factory=list)
    loose: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Text outside of any estimate, with the classes of the elements around it."""
    alts: list[tuple[str, str]] = field(default_factory=list)
    """(exhibit, alternative text) of each chart."""
    text: str = ""
    """All of it, in order."""


@dataclass
class _Element:
    tag: str
    classes: frozenset[str]
    shown: Shown | None
    exhibit: str


class _Reader(HTMLParser):
    """Pages are the elements that `is_page` picks; text outside them is not read."""

    def __init__(self, page_tag: str, page_class: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[Page] = []
        self._page_tag, self._page_class = page_tag, page_class
        self._stack: list[_Element] = []
        self._page: Page | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = frozenset(given.get("class", "").split())
        if self._page is None and tag == self._page_tag and self._page_class in classes | {""}:
            self._page, self._depth = Page(), len(self._stack)
            self.pages.append(self._page)
        above = self._stack[-1] if self._stack else _Element("", frozenset(), None, "")
        shown = above.shown
        if self._page is not None:
            if "data-estimate" in given:
                shown = Shown(given["data-estimate"], "svg" in above.classes)
                self._page.shown.append(shown)
            exhibit = given.get("data-exhibit", above.exhibit)
            if "aria-label" in given and tag == "svg":
                self._page.alts.append((exhibit, given["aria-label"]))
            if tag in ("p", "li", "td", "th", "text", "tspan", "h2", "div", "span"):
                self._page.text += " " if tag != "span" else ""
            around = above.classes | classes | {tag}
            if tag not in VOID:
                self._stack.append(_Element(tag, around, shown, exhibit))
        elif tag not in VOID:
            self._stack.append(_Element(tag, frozenset(), None, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tags = [element.tag for element in self._stack]
        if tag not in tags:
            return
        place = len(tags) - 1 - tags[::-1].index(tag)
        del self._stack[place:]
        if self._page is not None and len(self._stack) <= self._depth:
            self._page = None

    def handle_data(self, data: str) -> None:
        if self._page is None or not self._stack:
            return
        around = self._stack[-1]
        if around.classes & {"script", "style"}:
            return
        self._page.text += data
        if around.tag == "h2" and not self._page.title:
            self._page.title = " ".join(data.split())
        if around.shown:
            around.shown.text += data
        elif data.strip():
            self._page.loose.append((data, around.classes))


def slides_of(html: str) -> list[Page]:
    """The slides of a deck, in order."""
    reader = _Reader("section", "slide")
    reader.feed(html)
    reader.close()
    return reader.pages


def chart_of(svg: str) -> Page:
    """A chart by itself."""
    reader = _Reader("svg", "")
    reader.feed(svg)
    reader.close()
    return reader.pages[0] if reader.pages else Page()


def numbers_in(text: str) -> list[str]:
    """Numerals of a text, with their percent signs."""
    return NUMBER.findall(text)
