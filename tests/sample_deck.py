"""A small deck with every form of slide, with stand-in charts and hostile comments."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

ROOT = Path(__file__).parents[1]
THEME = ROOT / "workflow" / "theme"
BODY = Path(__file__).parent / "fixtures" / "sample_deck.qmd"

HOSTILE = {
    "hostile_markup": (
        'A "partnership" & a <img src=x onerror=alert(1)> `code` {{< include /etc/passwd >}} '
        "[link](javascript:alert(1)) $x^2$ @cite #let x = 1 \\end{document}"
    ),
    "hostile_formula": (
        "=SUM(A1:A9) is how it felt: we were a *figure* in somebody else’s sum ::: {.x}"
    ),
    "hostile_unicode": (
        "Councillor Żółć-Ångström said “ça suffit” … and 50% of us agreed; 100_000 reasons."
    ),
}
PALETTE = ("#12436D", "#2073BC", "#BFBFBF", "#F46A25", "#801650")
INK_ON = {"#BFBFBF": "#0B0C0C", "#F46A25": "#0B0C0C"}


def escape_markdown(text: str) -> str:
    """A respondent's words as Markdown that reads as plain text."""
    text = unicodedata.normalize("NFC", text)
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text)


def chart(name: str, rows: list[tuple[str, list[int]]], width: int, height: int, label: int) -> str:
    """Stacked bars in the manner of the real charts; `label` is the room for row labels in px."""
    step = (height - 40) / len(rows)
    bar = min(44.0, step * 0.72)
    unit = (width - label - 20) / 100
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}px" height="{height}px" '
        f'viewBox="0 0 {width} {height}">',
        f'<defs><clipPath id="clip"><rect width="{width}" height="{height}"/></clipPath></defs>',
        '<g clip-path="url(#clip)" font-family="Source Sans Pro" font-size="17">',
    ]
    for index, (text, values) in enumerate(rows):
        top = 36 + index * step
        middle = top + bar / 2 + 6
        if label:
            parts.append(f'<text x="{label - 12}" y="{middle:.1f}" text-anchor="end">{text}</text>')
        left = float(label)
        for option, value in enumerate(values):
            colour = PALETTE[option]
            parts.append(
                f'<g id="bar-{index}-{option}" '
                f'data-estimate="{name}.option_{option}.row_{index}">'
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{value * unit:.1f}" height="{bar:.1f}" '
                f'fill="{colour}"/>'
            )
            if value >= 6:
                parts.append(
                    f'<text x="{left + value * unit / 2:.1f}" y="{middle:.1f}" '
                    'text-anchor="middle" '
                    f'fill="{INK_ON.get(colour, "#FFFFFF")}">{value}%</text>'
                )
            parts.append("</g>")
            left += value * unit
    return "\n".join([*parts, "</g>", "</svg>", ""])


def charts() -> dict[str, str]:
    leaders = [
        "Clinical commissioning groups",
        "NHS England",
        "Acute trusts",
        "Mental health trusts",
        "Community health providers",
        "GP federations",
        "Care providers",
        "Healthwatch",
        "Neighbouring boards",
    ]
    grid = [
        (name, [30 - 2 * i, 41 - 3 * i, 10 + 2 * i, 12 + 2 * i, 7 + i])
        for i, name in enumerate(leaders)
    ]
    confidence = [("Very", [2]), ("Fairly", [17]), ("Not very", [31]), ("Not at all", [50])]
    agreement = [("Agree", [4, 12]), ("Neither", [13]), ("Disagree", [22, 49])]
    regions = [(f"Region {i}", [5 + i, 9 - i]) for i in range(1, 9)]
    return {
        "q1": chart("q1", [("", [33, 58, 7, 1, 1])], 1160, 110, 0),
        "q5": chart("q5", grid, 1160, 430, 280),
        "q8": chart("q8", confidence, 560, 340, 120),
        "q9": chart("q9", agreement, 560, 340, 120),
        "q16a": chart("q16a", [("", [2, 10, 18, 30, 40])], 1160, 110, 0),
        "regions": chart("regions", regions, 560, 420, 120),
    }  # fmt: skip


@dataclass(frozen=True)
class Deck:
    folder: Path

    @property
    def qmd(self) -> Path:
        return self.folder / "deck.qmd"

    @property
    def exhibits(self) -> Path:
        return self.folder / "exhibits"


def front_matter(**changes: str) -> str:
    values = {
        "title": "STP survey of councillors",
        "subtitle": "Full report of findings",
        "date": "2017-07-31",
        "edition": "unweighted",
        "lang": "en-GB",
        "footer": "STP survey of councillors · unweighted results",
    }
    environment = Environment(undefined=StrictUndefined, finalize=json.dumps)
    template = environment.from_string((THEME / "front-matter.yml.j2").read_text(encoding="utf-8"))
    return template.render(values | changes) + "\n"


def write_evidence(deck: Deck) -> dict[str, str]:
    """An evidence.json for all estimates of a deck and its charts; their definitions by id."""
    slides, ids = {}, {}
    charts = {path.stem: path.read_text(encoding="utf-8") for path in deck.exhibits.glob("*.svg")}
    bodies = re.split(r"^## ", deck.qmd.read_text(encoding="utf-8"), flags=re.M)[1:]
    found = {name: re.findall(r'data-estimate="([^"]+)"', svg) for name, svg in charts.items()}
    for number, body in enumerate(bodies, start=1):
        shown = re.findall(r'data-estimate="([^"]+)"', body)
        used = re.findall(r'data-exhibit="([^"]+)"', body)
        if shown or used:
            slides[str(number)] = {"estimates": list(dict.fromkeys(shown)), "exhibits": used}
        for name in [*shown, *(name for exhibit in used for name in found[exhibit])]:
            ids[name] = f'The share behind {name} </script> & "quoted".'
    words = ["33%", "Definition", "Numerator", "27 teachers", "Denominator", "81 teachers", "Base"]
    entries = {}
    for name, definition in ids.items():
        words += [name, definition]
        place = len(words) - 2
        entries[name] = [0, [place], [[1, place + 1], [2, 3], [4, 5], [6, 5]]]
    exhibits = {
        name: {"title": words.index(names[0]), "number": 6, "rows": [[0, [[6, n] for n in names]]]}
        for name, names in found.items()
        if names[0] in words
    }
    data = {"edition": "unweighted", "estimates": entries, "exhibits": exhibits, "slides": slides}
    text = json.dumps(data | {"words": words})
    deck.qmd.with_name("evidence.json").write_text(text, encoding="utf-8")
    return ids


def write_deck(folder: Path, body: str | None = None) -> Deck:
    """Lay the sample deck, or another body of slides, out in `folder`."""
    text = BODY.read_text(encoding="utf-8") if body is None else body
    for name, comment in HOSTILE.items():
        text = text.replace(f"@@{name}@@", escape_markdown(comment))
    deck = Deck(folder)
    deck.exhibits.mkdir(parents=True, exist_ok=True)
    deck.qmd.write_text(front_matter() + "\n" + text, encoding="utf-8")
    for name, svg in charts().items():
        (deck.exhibits / f"{name}.svg").write_text(svg, encoding="utf-8")
    return deck
