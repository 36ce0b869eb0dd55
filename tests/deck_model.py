"""What a reader finds in a rendered deck, taken from the HTML and from the PDF in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf
from lxml import html as lxml_html

KINDS = ("opening", "contents", "divider", "closing")


@dataclass
class Slide:
    """One slide. `text` is its words with single spaces, without title, footer and notes.

    `links` are (text, number of the slide it leads to); a PDF does not tell a link's text.
    `sources` are the pages of the annex that a PDF's numbers and charts lead to, from 1.
    `table_cells` are the texts of a table's rows; in the PDF empty strings in the same shape.
    """

    number: int
    title: str
    kind: str = "content"
    slug: str = ""
    text: str = ""
    footer: str = ""
    estimates: list[tuple[str, str]] = field(default_factory=list)
    chart_estimates: list[str] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    notes: str = ""
    sources: list[int] = field(default_factory=list)


@dataclass
class AnnexPage:
    """A page of the PDF's annex of sources; links lead back to slides."""

    text: str
    links: list[int] = field(default_factory=list)


@dataclass
class Deck:
    title: str
    language: str
    slides: list[Slide]
    annex: list[AnnexPage] = field(default_factory=list)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# HTML ------------------------------------------------------------------------------------------


def _class(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _text(element: Any) -> str:
    """Text as a reader sees it: blocks apart, SVG and hidden parts left out."""
    parts: list[str] = []

    def walk(node: Any) -> None:
        if not isinstance(node.tag, str) or node.tag in ("svg", "aside", "style", "script"):
            return
        block = node.tag not in ("a", "span", "em", "strong", "code", "sub", "sup")
        if block:
            parts.append(" ")
        parts.append(node.text or "")
        for child in node:
            walk(child)
            parts.append(child.tail or "")
        if block:
            parts.append(" ")

    walk(element)
    return squeeze("".join(parts))


def from_html(path: Path) -> Deck:
    page = lxml_html.document_fromstring(
        path.read_bytes(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    sections = page.xpath(f"//div[{_class('slides')}]/section")
    numbers = {section.get("id"): index for index, section in enumerate(sections, start=1)}
    slides = [_html_slide(section, number, numbers) for number, section in enumerate(sections, 1)]
    return Deck(page.findtext(".//title"), page.get("lang"), slides)


def _html_slide(section: Any, number: int, numbers: dict[str, int]) -> Slide:
    classes = section.get("class", "").split()
    heading = section.find("h2")
    slide = Slide(
        number=number,
        title=_text(heading),
        slug=section.get("id"),
        kind=next((kind for kind in KINDS if kind in classes), "content"),
        estimates=[
            (span.get("data-estimate"), _text(span))
            for span in section.xpath(f".//span[{_class('estimate')}]")
        ],
        chart_estimates=section.xpath(".//svg//@data-estimate"),
        alt_texts=section.xpath(".//svg/@aria-label | .//img/@alt"),
        comments=[_text(quote) for quote in section.xpath(".//blockquote")],
        links=[
            (_text(link), numbers[link.get("href")[2:]])
            for link in section.xpath(".//a[starts-with(@href, '#/')]")
        ],
        tables=[
            [[_text(cell) for cell in row.xpath("./th | ./td")] for row in table.xpath(".//tr")]
            for table in section.xpath(".//table")
        ],
        notes=squeeze(" ".join(section.xpath(f".//aside[{_class('notes')}]/p//text()"))),
    )
    footers = section.xpath(f"./footer[{_class('slide-footer')}]")
    slide.footer = _text(footers[0]) if footers else ""
    body = [child for child in section if child is not heading and child not in footers]
    slide.text = squeeze(" ".join(_text(child) for child in body if isinstance(child.tag, str)))
    return slide


# PDF -------------------------------------------------------------------------------------------


def from_pdf(path: Path) -> Deck:
    """The slides, which are as many as their footers say, and the annex behind them."""
    reader = pypdf.PdfReader(path)
    pages = {page.indirect_reference.idnum: index for index, page in enumerate(reader.pages, 1)}
    texts = [squeeze(page.extract_text().replace("•", " ")) for page in reader.pages]
    counts = [re.search(rf"\b{n}/(\d+) ", text) for n, text in enumerate(texts, start=1)]
    total = next((int(found[1]) for found in counts if found), len(texts))
    slides = [Slide(number=number, title="") for number in range(1, total + 1)]
    annex = [AnnexPage(text) for text in texts[total:]]
    named = reader.named_destinations

    def page_of(target: Any) -> int:
        target = target.get_object()
        if isinstance(target, list):
            return pages[target[0].idnum]
        return reader.get_destination_page_number(named[str(target)]) + 1

    def titles(entries: list[Any]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                titles(entry)
            elif (page := reader.get_destination_page_number(entry)) < total:
                slides[page].title = squeeze(entry.title)

    titles(reader.outline)
    for number, page in enumerate(reader.pages, start=1):
        for note in page.get("/Annots", []):
            target = note.get_object().get("/Dest")
            if target is None:
                continue
            to = page_of(target)
            if number > total:
                annex[number - total - 1].links.append(to)
            elif to > total:
                slides[number - 1].sources.append(to - total)
            else:
                slides[number - 1].links.append(("", to))
    for slide, text in zip(slides, texts, strict=False):
        footer = re.search(r"\b\d+/\d+ .*$", text)
        slide.footer = footer[0] if footer else ""
        slide.text = text.removeprefix(slide.title).removesuffix(slide.footer).strip()
    root = reader.trailer["/Root"]
    _walk_structure(root["/StructTreeRoot"], slides, pages)
    title = str((reader.metadata or {}).get("/Title", ""))
    return Deck(title, str(root.get("/Lang", "")), slides, annex)


def structure(element: Any) -> list[Any]:
    """The structure elements below `element`, in reading order."""
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    kids = kids if isinstance(kids, list) else [kids]
    resolved = [kid.get_object() if hasattr(kid, "get_object") else kid for kid in kids]
    return [kid for kid in resolved if isinstance(kid, dict) and "/S" in kid]


def page_number(element: Any, pages: dict[int, int]) -> int | None:
    """The page of a structure element, its own or that of its first part that knows."""
    if "/Pg" in element:
        return pages[element.raw_get("/Pg").idnum]
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict):
            found = page_number(kid, pages)
            if found is not None:
                return found
    return None


def _walk_structure(element: Any, slides: list[Slide], pages: dict[int, int]) -> None:
    for kid in structure(element):
        number = page_number(kid, pages)
        if number is not None and number <= len(slides):
            slide = slides[number - 1]
            if kid["/S"] == "/Figure":
                slide.alt_texts.append(str(kid.get("/Alt", "")))
            elif kid["/S"] == "/BlockQuote":
                slide.comments.append("")
            elif kid["/S"] == "/Table":
                rows = [row for part in structure(kid) for row in structure(part)]
                slide.tables.append([["" for _ in structure(row)] for row in rows])
        _walk_structure(kid, slides, pages)


def embedded_fonts(path: Path) -> dict[str, bool]:
    """The PDF's fonts by name, and whether each is embedded."""
    found: dict[str, bool] = {}

    def visit(resources: Any) -> None:
        for font in (resources.get("/Font") or {}).values():
            font = font.get_object()
            for part in font.get("/DescendantFonts", [font]):
                part = part.get_object()
                descriptor = part.get("/FontDescriptor")
                files = ("/FontFile", "/FontFile2", "/FontFile3")
                held = descriptor is not None and any(key in descriptor for key in files)
                found[str(font["/BaseFont"])] = held
        for form in (resources.get("/XObject") or {}).values():
            inner = form.get_object().get("/Resources")
            if inner is not None:
                visit(inner)

    for page in pypdf.PdfReader(path).pages:
        visit(page["/Resources"])
    return found
