"""What an engine said when it stopped, cut down to what a reader of the message can use."""

from __future__ import annotations

import re
from pathlib import Path

from wavedeck import assets

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What Quarto tells of each run: the settings it gave to pandoc, and that it went well.
_SETTINGS = re.compile(r"^(?:pandoc(?: --output \S+)?|metadata) *\n(?: .*\n| *\n)*", re.M)
# Traces of Lua (in pandoc) and of Quarto's own code.
_TRACES = re.compile(
    r"^stack traceback:\n(?:\s.*\n?)*|^Stack trace:\n|^ +at .*\b(?:file|ext):.*\n?", re.M
)
# Which file of the theme refused; the message itself names the slide.
_FILTER = re.compile(
    r"^(?:Error running filter .*\n)?(?:theme/\w+\.lua:\d+: )?(?=deck\.qmd, )", re.M
)
# Progress, and that veraPDF is not there to check the PDF again.
_PROGRESS = re.compile(
    r"\[typst\]: Compiling deck\.typ to deck\.pdf\.\.\.|^(?:DONE|Output created: .*"
    r"|WARN: Error encountered when rendering files"
    r"|WARN: PDF standard validation requested.*(?:\nInstall .*|\nStandards .*)*)\n?",
    re.M,
)
_DECK_TYP = re.compile(r"\S*/deck\.typ(?=:\d)")
# A picture that is not there, a typeface that is unknown: the deck would have a hole. `WARNING (`
# is not among them: Quarto says it of words, as of three colons in a comment, that came out right.
_WARNING = re.compile(r"(?:^|\.\.\.)(?:\[WARNING\]|\[ERROR\]|warning:|ERROR \()", re.M)


def useful(said: str, folder: Path) -> str:
    """`said` without colours, settings, progress, traces and the paths of the working `folder`."""
    text = _COLOURS.sub("", said).replace("\r\n", "\n")
    text = _DECK_TYP.sub("deck.typ", text).replace(f"{folder}/", "")
    for noise in (_SETTINGS, _TRACES, _FILTER, _PROGRESS):
        text = noise.sub("", text)
    return _once(text)


def _once(text: str) -> str:
    """What stands behind `ERROR:` only where it was not said before: Quarto repeats Typst."""
    told, *errors = text.split("\nERROR: ")
    for error in errors:
        if error.strip() not in told:
            told += f"\nERROR: {error}"
    return told.strip()


def warned(said: str) -> bool:
    """Whether pandoc, Typst or a filter warned of something in the deck."""
    return _WARNING.search(_COLOURS.sub("", said)) is not None


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in (text or "(nothing)").splitlines())


def remedy(said: str, otherwise: str = "") -> str:
    """What to do about a known complaint, else `otherwise`."""
    if "could not be displayed with font" in said:
        return (
            f"{assets.FONT_FAMILY} has Latin letters alone: give the option, item or"
            " question words in these in survey.yaml, and keep the words of the export"
            " under aliases: (a comment: leave them out of the text to publish in comments.xlsx)"
        )
    return otherwise
