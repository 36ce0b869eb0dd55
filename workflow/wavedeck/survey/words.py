"""The codebook's own words: numbers in them ("18 to 24", "Under 2 hours") are no statistics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wavedeck.survey.codebook import Survey
from wavedeck.survey.questions import GridQuestion, NumberQuestion, RankingQuestion, TextQuestion

_NUMBER = re.compile(r"\bQ\d+[a-z]?\b")
_NUMERAL = re.compile(r"\d")


def own_words(survey: Survey) -> frozenset[str]:
    """Texts of questions, items, options, nets and themes."""
    return frozenset(" ".join(text.split()) for text in _words(survey) if text)


def has_loose_number(text: str, words: frozenset[str]) -> bool:
    """Whether a line of text holds a numeral that is neither a question's number nor part of the
    codebook's words. A label may be broken over lines, so a line is looked for inside of labels."""
    plain = " ".join(_NUMBER.sub(" ", text).split())
    if not _NUMERAL.search(plain):
        return False
    line = " ".join(text.split())
    return not any(line in label for label in words)


def _words(survey: Survey) -> Iterator[str]:
    for name, question in survey.questions.items():
        yield question.text
        if isinstance(question, NumberQuestion):
            yield question.unit
        if not isinstance(question, RankingQuestion | TextQuestion):
            scale = survey.scale_of(name)
            yield from (option.label for option in scale.options.values())
            yield from (option.short for option in scale.options.values())
            yield from (scale.label(net) for net in scale.nets)
        if isinstance(question, GridQuestion | RankingQuestion):
            yield from (item.label for item in question.items.values())
        for item in ("", "other"):
            open_text = survey.open_text(name, item)
            if open_text:
                yield from open_text.themes.values()
