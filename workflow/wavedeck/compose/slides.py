"""Slides of a composed deck: where they begin, and the contents list."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTENTS_MARK = "\ue000contents\ue000"

_SPAN = re.compile(r"\[(?P<words>(?:[^\[\]\\]|\\.)*)\](?:\([^()]*\))?(?:\{[^{}]*\})?")
_ESCAPED = re.compile(r"\\([^\w\s])")
_HEADING = re.compile(r"^## +(?P<title>.*?)(?: *\{(?P<attributes>[^{}]*)\})? *$")


@dataclass(frozen=True)
class Slide:
    number: int
    line: int
    heading: str
    """Markdown."""
    slug: str
    classes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The heading as its readers see it, without spans, links and escapes."""
        words = self.heading
        while (flat := _SPAN.sub(r"\g<words>", words)) != words:
            words = flat
        return _ESCAPED.sub(r"\1", words)


def slides_of(deck: str) -> list[Slide]:
    """Slides in order; a line `## Title {#slug .class}` begins one."""
    found: list[Slide] = []
    for line, text in enumerate(deck.splitlines(), start=1):
        if match := _HEADING.match(text):
            parts = (match["attributes"] or "").split()
            slug = next((part[1:] for part in parts if part.startswith("#")), "")
            classes = tuple(part[1:] for part in parts if part.startswith("."))
            found.append(Slide(len(found) + 1, line, match["title"], slug, classes))
    return found


def fill_contents(deck: str) -> str:
    """The deck with its contents list: a link to each `.section` slide.

    The theme's filter sets the slide numbers, which it knows and this text need not repeat.
    """
    entries = [
        f"- [{slide.heading}](#{slide.slug})"
        for slide in slides_of(deck)
        if "section" in slide.classes
    ]
    return deck.replace(CONTENTS_MARK, "\n".join(entries))
