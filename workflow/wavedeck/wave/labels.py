"""Answers of an export that the codebook does not know: other spellings, or further options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from wavedeck.alike import most_like
from wavedeck.clean.coders import scale_coder
from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.profile import Column
from wavedeck.new.names import unique_names
from wavedeck.survey import Scale

_SPELLING = 0.4
"""A label less alike than this is no other spelling of an option."""


@dataclass
class Labels:
    """What the answers of a question ask of wave.yaml."""

    aliases: dict[str, dict[str, int]] = field(default_factory=dict)
    """Option -> other spellings, with how often each was given."""
    unsure: set[str] = field(default_factory=set)
    """Spellings of options that others gave as the codebook has them."""
    added: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Name of a further option -> its label, the option it stands behind, how often."""


def labels_of(scale: Scale, columns: list[Column], no_answer: list[str]) -> Labels:
    """Unknown answers of the columns of a question, sorted into spellings and further options.

    An unknown answer is taken for another spelling of an option that nobody gave as the codebook
    has it, and that is like it, or of the scale's middle where that begins with its words
    ('Neither' of 'Neither good nor poor'); otherwise for a further option.
    """
    coder = scale_coder(scale, no_answer)
    answers = Counter[str]()
    for column in columns:
        for answer, times in column.times().items():
            answers[tidy(answer)] += times
    unknown = {answer: times for answer, times in answers.items() if coder(answer) is None}
    given = {match_key(answer) for answer in answers}
    silent = {
        option.label: name
        for name, option in scale.options.items()
        if not {match_key(text) for text in (option.label, *option.aliases)} & given
    }
    found = Labels()
    middles = {scale.options[name].label for name in scale.middle}
    middles |= {
        o.label for o in scale.options.values() if o.label.casefold().startswith("neither ")
    }
    labels = {option.label: name for name, option in scale.options.items()}
    names = dict(
        zip(unknown, unique_names(list(unknown), "option", list(scale.options)), strict=True)
    )
    for answer, times in unknown.items():
        near, score = most_like(answer, list(silent))
        if whole := _begins(answer, middles):
            found.aliases.setdefault(labels[whole], {})[answer] = times
            if whole not in silent:
                found.unsure.add(answer)
        elif near and score >= _SPELLING:
            found.aliases.setdefault(silent[near], {})[answer] = times
        else:
            behind = labels[most_like(answer, list(labels))[0]]
            found.added[names[answer]] = (answer, behind, times)
    return found


def _begins(answer: str, labels: Iterable[str]) -> str:
    """The one label that begins with the words of an answer and goes on; "" for none or several."""
    start = f"{match_key(answer)} "
    found = [label for label in labels if match_key(label).startswith(start)]
    return found[0] if len(found) == 1 else ""
