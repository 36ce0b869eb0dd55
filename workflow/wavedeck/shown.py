"""Where estimates are shown: slides of a composed deck, and exhibits on them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from wavedeck.compose.slides import slides_of

_ESTIMATE = re.compile(r'data-estimate="([^"]+)"')
_EXHIBIT = re.compile(r'data-exhibit="([^"]+)"')


@dataclass
class Places:
    """Slides (number, title) and exhibits that show an estimate."""

    slides: list[tuple[int, str]] = field(default_factory=list)
    exhibits: list[str] = field(default_factory=list)


def places(deck: Path, exhibits: Path) -> dict[str, Places]:
    """For each estimate id that a deck shows, where it does."""
    index = json.loads((exhibits / "index.json").read_text(encoding="utf-8"))["exhibits"]
    text = deck.read_text(encoding="utf-8")
    slides = slides_of(text)
    lines = text.splitlines()
    found: dict[str, Places] = {}
    for slide, after in zip(slides, [*slides[1:], None], strict=True):
        body = "\n".join(lines[slide.line - 1 : after.line - 1 if after else None])
        ids = dict.fromkeys(_ESTIMATE.findall(body), "")
        for exhibit in _EXHIBIT.findall(body):
            ids |= dict.fromkeys(index[exhibit]["estimates"], exhibit)
        for name, exhibit in ids.items():
            place = found.setdefault(name, Places())
            place.slides.append((slide.number, slide.title))
            if exhibit and exhibit not in place.exhibits:
                place.exhibits.append(exhibit)
    return found
