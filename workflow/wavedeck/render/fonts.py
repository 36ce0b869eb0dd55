"""The typefaces of a deck, as files: its own, and what it needs of those that stand in for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from wavedeck import assets, typefaces
from wavedeck.errors import Problem
from wavedeck.letters import (
    ends_no_line,
    marked,
    right_to_left,
    scripts,
    some,
    starts_no_line,
    wide,
)
from wavedeck.typefaces import DECK, Typeface

FONT_STYLES = ("regular", "italic", "semibold", "semibolditalic")
_WEIGHTS = {
    "regular": "font-weight: 400;",
    "italic": "font-weight: 400; font-style: italic;",
    "semibold": "font-weight: 600 700;",
}
"""As deck.css has them: faces of equal descriptors are one, each with its letters."""
_SEMIBOLD = 1.05
"""Its width against that of regular, in the measuring of dialect.lua."""
_LEGAL = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Names to keep in a font: what it is called, whose it is, and its licence."""


def supply(texts: Iterable[str], theme: Path) -> list[str]:
    """Put the typefaces of a deck that shows `texts` into `theme/fonts/`, rules for them into its
    deck.css and the widths of their letters into its widths.lua. Returns the families that stand
    in, none for a deck whose own typeface has every letter: nothing is added to such a deck."""
    text = "".join(texts)
    fonts = theme / "fonts"
    fonts.mkdir(exist_ok=True)
    for style in FONT_STYLES:
        for suffix in ("ttf", "woff"):
            source = assets.font_file(style, suffix)
            shutil.copyfile(source, fonts / source.name)
    found, _ = typefaces.shared_out(text)
    rules = []
    for typeface, letters in found.items():
        # A line from right to left takes one typeface for all of it, where Typst reads a chart.
        more = sorted(filter(typeface.has, set(text))) if right_to_left("".join(letters)) else []
        rules += _faces(typeface, letters, more, fonts)
    if rules:
        with (theme / "deck.css").open("a", encoding="utf-8") as css:
            css.write("\n" + "\n".join(rules) + "\n")
    (theme / "widths.lua").write_text(_measures(text), encoding="utf-8")
    return [typeface.family for typeface in found]


def _faces(
    typeface: Typeface, letters: Sequence[str], more: Sequence[str], fonts: Path
) -> list[str]:
    """Write `letters` and `more` of a typeface in each of its styles; the CSS that adds the letters
    to the deck's own family."""
    ranges = ", ".join(f"U+{ord(letter):X}" for letter in letters)
    codes = sorted({ord(letter) for letter in (*letters, *more)})
    made: dict[Path, str] = {}
    rules = []
    for style, weight in _WEIGHTS.items():
        source = typeface.file(style)
        if source not in made:
            name = f"{typeface.family.lower().replace(' ', '-')}-{style}"
            made[source] = _subset(source, typeface, codes, fonts / name, style).name
        kind = "opentype" if made[source].endswith("otf") else "truetype"
        rules.append(
            f'@font-face {{\n  font-family: "{DECK.family}";\n'
            f'  src: url("fonts/{made[source]}") format("{kind}");\n'
            f"  {weight}\n  unicode-range: {ranges};\n}}"
        )
    return rules


def _subset(source: Path, typeface: Typeface, codes: list[int], target: Path, style: str) -> Path:
    """A font with the letters alone, at the size and with the line height of the deck's own."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source, fontNumber=typeface.face, recalcTimestamp=False)
    options = subset.Options(hinting=False, name_IDs=_LEGAL, notdef_outline=True)
    options.drop_tables += ["FFTM"]  # times of an editor
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    head: Any = font["head"]
    head.unitsPerEm = round(head.unitsPerEm / typeface.scale)
    own = TTFont(DECK.file(style), lazy=True)
    scale = head.unitsPerEm / own["head"].unitsPerEm
    up, down = round(own["hhea"].ascent * scale), round(own["hhea"].descent * scale)
    lines: Any = font["OS/2"]
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = up, down, 0
    lines.sTypoAscender, lines.sTypoDescender, lines.sTypoLineGap = up, down, 0
    lines.usWinAscent, lines.usWinDescent = up, -down
    target = target.with_suffix(".otf" if "CFF " in font else ".ttf")
    font.save(target)
    return target


def _measures(text: str) -> str:
    """widths.lua, for dialect.lua: of letters that the deck's typeface lacks, the widths in 1/2048
    em, on the wide side; and where lines of Chinese, Japanese and Korean may break."""

    def table(pairs: Iterable[tuple[str, object]]) -> str:
        return "{" + ", ".join(f"[{ord(letter)}] = {value}" for letter, value in pairs) + "}"

    def those(letters: Iterable[str]) -> str:
        return table((letter, "true") for letter in letters)

    units = [
        (c, round(2048 * max(typefaces.advance(c), typefaces.advance(c, "semibold") / _SEMIBOLD)))
        for c in typefaces.missing(text)
    ]
    letters = sorted(c for c in set(text) if not c.isascii())
    return (
        f"-- Written by render.\nreturn {{\n  widths = {table(units)},\n"
        f"  wide = {those(filter(wide, letters))},\n"
        f"  starts_no_line = {those(filter(starts_no_line, letters))},\n"
        f"  ends_no_line = {those(filter(ends_no_line, letters))},\n}}\n"
    )


_ADDED = ("deck-engine:", "deck-fonts:")
"""Lines that the workspace adds to the deck's header."""


def refused(said: str, folder: Path, engine: str) -> Problem | None:
    """What to do about letters that the PDF cannot hold, if that is what Typst said; `folder` holds
    the deck and its exhibits."""
    charts = sorted((folder / "exhibits").glob("*.svg"))
    if "could not be displayed with font" in said:
        letters, places = _places([folder / "deck.qmd", *charts], typefaces.lacking)
        found = f"the PDF has no typeface for {some(letters)} ({', '.join(scripts(letters))})"
        expected = f"letters of {typefaces.SCRIPTS}"
    elif "missing codepoints" in said:
        letters, places = _places(charts, marked)
        found = f"a tagged PDF takes no letters with marks in charts: {some(letters)}"
        expected = "the letters without their marks"
    else:
        return None
    if not letters:
        return None
    return Problem(
        f"{engine}: {places}",
        found,
        expected,
        remedy="give questions, items and options in these in survey.yaml, and keep the words of "
        "the export under aliases: or column:; leave them out of a comment's text to publish in "
        "comments.xlsx",
    )


def _places(sources: Iterable[Path], find: Callable[[str], list[str]]) -> tuple[list[str], str]:
    """What is found in the deck and its exhibits, sorted, and where."""
    letters: set[str] = set()
    places = []
    for source in sources:
        lines = source.read_text(encoding="utf-8").splitlines()
        own_lines = [line for line in lines if not line.startswith(_ADDED)]
        found = {line: find(text) for line, text in enumerate(own_lines, start=1) if find(text)}
        letters.update(*found.values())
        if found:
            numbers = f", line {', '.join(map(str, list(found)[:5]))}"
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            places.append(source.name + (numbers + more if source.suffix == ".qmd" else ""))
    return sorted(letters), "; ".join(places)
