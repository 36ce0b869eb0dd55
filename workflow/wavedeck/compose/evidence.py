"""Promises 1 and 2: no number without a source, no comparison without a claim.

Reads the composed deck, not the template. What carries evidence is a span: .estimate and .cite for
numbers, .claim for comparisons, .label for an answer's own words. Respondents' comments, charts
(whose numbers come from estimates by construction), slide and question numbers do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wavedeck.compose.slides import Slide, slides_of

NUMBER_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    *("hundred", "thousand", "million", "dozen", "half", "halves", "twice", "double", "doubled"),
    *("third", "thirds", "quarter", "quarters", "fifth", "fifths", "sixth", "sixths", "seventh"),
    *("eighth", "eighths", "ninth", "tenth", "tenths", "one in", "one of", "per cent", "percent"),
)
COMPARISONS = (
    *("most", "majority", "minority", "none", "nobody", "everyone", "everybody"),
    *("more", "fewer", "fewest", "less", "least", "higher", "highest", "lower", "lowest"),
    *("larger", "largest", "smaller", "smallest", "greater", "greatest", "than", "above", "below"),
    *("exceed", "exceeds", "exceeded", "rise", "rises", "rose", "risen", "fall", "falls", "fell"),
    *("increase", "increases", "increased", "decrease", "decreases", "decreased", "outnumber"),
    *("mainly", "mostly", "predominantly", "best", "worst", "stronger", "strongest", "weaker"),
    *("weakest", "compared", "equally", "similar"),
)
# Set phrases that compare nothing.
_PHRASES = re.compile(r"\b(?:rather than|other than|at least|at most|rounded half up)\b", re.I)
_QUESTION = re.compile(r"\bQ\d+[a-z]?\b")
_NUMERAL = re.compile(r"\d[\d.,]*\s*%?")
_NUMBER = re.compile(r"\b(?:" + "|".join(NUMBER_WORDS) + r")\b", re.I)
_COMPARISON = re.compile(r"\b(?:" + "|".join(COMPARISONS) + r")\b", re.I)

_SPAN = r"\[(?P<inner>(?:\\.|[^\[\]\\])*)\]\{(?P<attributes>[^{}]*)\}"
_TRACED = re.compile(r"(?<!\S)\.(?:estimate|cite|label|engine|attribution)\b")
_CLAIM = re.compile(r"(?<!\S)\.claim\b")
_LINK = re.compile(r"\]\([^)]*\)")


@dataclass(frozen=True)
class Finding:
    """A number or a comparison on a slide that nothing stands behind."""

    slide: Slide
    line: int
    """Line of the composed deck, from 1."""
    kind: str
    """"number" or "comparison"."""
    found: str
    sentence: str


def findings(deck: str) -> Iterator[Finding]:
    """Everything on the slides that has no evidence, in order."""
    slides = slides_of(deck)
    for slide, line, text in _prose(deck, slides):
        without_numbers = _drop_spans(text, _TRACED)
        words = _PHRASES.sub(" ", _QUESTION.sub(" ", _visible(without_numbers)))
        for pattern in (_NUMERAL, _NUMBER):
            for match in pattern.finditer(words):
                yield Finding(slide, line, "number", match[0].strip(), sentence(text))
        rest = _PHRASES.sub(" ", _visible(_drop_spans(without_numbers, _CLAIM)))
        for match in _COMPARISON.finditer(rest):
            yield Finding(slide, line, "comparison", match[0], sentence(text))


def _prose(deck: str, slides: list[Slide]) -> Iterator[tuple[Slide, int, str]]:
    """Lines that hold a deck's own words, with their slide."""
    starts = {slide.line: slide for slide in slides}
    current: Slide | None = None
    for number, line in enumerate(deck.splitlines(), start=1):
        current = starts.get(number, current)
        if current is None or line.startswith((":::", "> ", "![", "|:")):
            continue
        text = re.sub(r"\{[^{}]*\}\s*$", "", line) if number in starts else line
        if text.strip():
            yield current, number, text.lstrip("#")


def _drop_spans(text: str, classes: re.Pattern[str]) -> str:
    """`text` without the spans of some classes; other spans are opened, innermost first."""
    pattern = re.compile(_SPAN)

    def replace(match: re.Match[str]) -> str:
        if classes.search(match["attributes"]):
            return " \ue001 "
        return f"\ue002{match['inner']}\ue003{{{match['attributes']}\ue004"

    previous = None
    while previous != text:
        previous, text = text, pattern.sub(replace, text)
    # Opened spans get their brackets back, for the next pass over other classes.
    text = re.sub(r"\{([^{}\ue004]*)\ue004", r"{\1}", text)
    return text.replace("\ue002", "[").replace("\ue003", "]")


def _visible(text: str) -> str:
    """What a reader sees of a line of Markdown."""
    text = re.sub(r"\]\{[^{}]*\}", "]", text)
    text = _LINK.sub("]", text)
    return re.sub(r"\\(.)", r"\1", text)


def sentence(text: str) -> str:
    """A line as the reader sees it, for messages."""
    return " ".join(re.sub(r"[\[\]*]", "", _visible(text)).strip(" -|").split())
