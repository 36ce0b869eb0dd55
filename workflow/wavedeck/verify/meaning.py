"""What a response's texts mean, by the codebook's own names: the second path's way of coding.

Where the pipeline has codes this has words: the option's name, the rank, the number as text. An
option, a net or a band that a respondent may or may not have chosen is an answer of its own, under
`question.name`: "chosen" or "not chosen".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction

from wavedeck.survey import (
    Condition,
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    Survey,
    TextQuestion,
)

CHOSEN, NOT_CHOSEN = "chosen", "not chosen"
Given = dict[str, str]
"""Answers by key."""


def key_of(question: str, item: str = "") -> str:
    return f"{question}.{item}" if item else question


def gave(survey: Survey, given: Mapping[str, str], key: str, answer: str) -> bool:
    """Whether answers hold an option, net or band; `key` is a question or a row of a grid."""
    question = survey.questions[key.partition(".")[0]]
    if isinstance(question, MultiQuestion | NumberQuestion | TextQuestion):
        return given.get(f"{key}.{answer}") == CHOSEN
    return given.get(key) in survey.scale_of(key.partition(".")[0]).members(answer)


def meets(survey: Survey, given: Mapping[str, str], condition: Condition) -> bool:
    return gave(survey, given, condition.question, condition.answer)


def base_key(survey: Survey, question: str, item: str = "") -> str:
    """The key that is there for everyone in the base of a question."""
    asked = survey.questions[question]
    if isinstance(asked, MultiQuestion):
        return key_of(question, next(o for o, x in asked.options.items() if not x.missing))
    if isinstance(asked, TextQuestion):
        return key_of(question, next(iter(asked.themes)))
    return key_of(question, item)


def answer_of(survey: Survey, name: str, shown: str) -> str:
    """The name of the option with this label, or the rank; "" for one that is no answer.

    Raises KeyError or ValueError for a text that is none of these.
    """
    asked = survey.questions[name]
    if isinstance(asked, RankingQuestion):
        if not 1 <= int(shown) <= len(asked.items) or shown != str(int(shown)):
            raise ValueError(shown)
        return shown
    options = survey.scale_of(name).options
    option = {option.label: key for key, option in options.items()}[shown]
    return "" if options[option].missing else option


def number_of(name: str, question: NumberQuestion, shown: str) -> Given:
    """A number and its bands. Raises ValueError for a text that is none, or out of range."""
    value = Fraction(shown)
    low, high = question.minimum, question.maximum
    if (low is not None and value < _exact(low)) or (high is not None and value > _exact(high)):
        raise ValueError(shown)
    return {name: shown} | {
        f"{name}.{band}": _yes(_exact(least) <= value <= _exact(most))
        for band, (least, most) in question.bands.items()
    }


def part_of_date(question: NumberQuestion, raw: str) -> str:
    """What of a date counts; "" for what is none."""
    dates, text = question.dates, " ".join(raw.split())
    if dates is None:
        return ""
    # An ISO date holds its parts in fixed places; other ways of writing are what strptime is for.
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-\d\d(?:[T ][\d:.+-]*)?", text):
        year, month = iso.groups()
    else:
        try:
            year, month = datetime.strptime(text, dates.written).strftime("%Y %m").split()
        except ValueError:
            return ""
    return year if dates.take == "year" else month.lstrip("0")


def _exact(number: float) -> Fraction:
    return Fraction(repr(number))


def _yes(chosen: bool) -> str:
    return CHOSEN if chosen else NOT_CHOSEN


def ranks_in(name: str, question: RankingQuestion, place: str, shown: str) -> Given:
    """Ranks that a cell gives to what it names: of one place, or of all in their order.

    Raises KeyError or ValueError for a cell that holds anything else, or a thing twice.
    """
    labels = {item.label: key for key, item in question.items.items()}
    if place:
        return {key_of(name, labels[shown]): place}
    order = listed_in(labels, question.separator, shown)
    if len(set(order)) < len(order):
        raise ValueError(shown)
    return {key_of(name, key): str(rank) for rank, key in enumerate(order, start=1)}


def choices_in(question: MultiQuestion, shown: str) -> set[str]:
    """Options in one cell. Raises ValueError for a cell that options do not fill."""
    labels = {option.label: name for name, option in question.options.items()}
    return set(listed_in(labels, question.separator, shown))


def listed_in(labels: Mapping[str, str], separator: str, shown: str) -> list[str]:
    """Names by labels in one cell, in its order: whatever label comes next, longest first.

    Raises ValueError for a cell that labels and separators do not fill.
    """
    found = _take(shown.strip(), separator.strip() or separator, labels)
    if found is None:
        raise ValueError(shown)
    return found


def _take(text: str, separator: str, labels: Mapping[str, str]) -> list[str] | None:
    text = text.strip()
    while text.startswith(separator):
        text = text.removeprefix(separator).strip()
    if not text:
        return []
    for label in sorted(labels, key=len, reverse=True):
        rest = text.removeprefix(label).strip()
        if text.startswith(label) and (not rest or rest.startswith(separator)):
            following = _take(rest, separator, labels)
            if following is not None:
                return [labels[label], *following]
    return None


def choice_of(question: MultiQuestion, option: str, shown: str) -> bool:
    """Whether the text of an option's own column means chosen. Raises ValueError for neither."""
    if shown == question.options[option].label or shown in question.chosen:
        return True
    if shown and shown not in question.unchosen:
        raise ValueError(shown)
    return False


def alone(question: MultiQuestion) -> set[str]:
    """Options that go with no other."""
    return {o for o, x in question.options.items() if x.missing or o in question.exclusive}


def choices_of(
    name: str, question: MultiQuestion, chosen: Iterable[str], wrote: bool = False
) -> Given:
    """What a set of options means, for each option and net; nothing for those not in the base.
    Who `wrote` something in beside the options is in it.

    Raises ValueError for options that do not go together.
    """
    picked = set(chosen)
    if len(picked) > 1 and picked & alone(question):
        raise ValueError(", ".join(sorted(picked)))
    options = {o for o, x in question.options.items() if not x.missing}
    if not picked <= options or (not picked and not wrote and question.base == "answered"):
        return {}
    found = {f"{name}.{o}": _yes(o in picked) for o in options}
    return found | {
        f"{name}.{net}": _yes(bool(picked & set(members))) for net, members in question.nets.items()
    }
