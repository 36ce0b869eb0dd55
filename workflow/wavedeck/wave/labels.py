"""Answers of an export that the codebook does not know: other spellings, or further options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wavedeck.alike import most_like
from wavedeck.clean.coders import scale_coder
from wavedeck.clean.joined import joined_coder
from wavedeck.clean.text import match_key, tidy
from wavedeck.new.names import unique_names
from wavedeck.survey import (
    GridQuestion,
    MultiQuestion,
    RankingQuestion,
    Scale,
    SingleQuestion,
    Survey,
)

_SPELLING = 0.4
"""A label less alike than this is no other spelling of an option."""


@dataclass(frozen=True)
class Added:
    """A further option."""

    label: str
    behind: str
    """The option that it is like; "" where it is like none."""
    times: int


@dataclass
class Labels:
    """What the answers of a question ask of wave.yaml."""

    aliases: dict[str, dict[str, int]] = field(default_factory=dict)
    """Option -> other spellings, with how often each was given."""
    added: dict[str, Added] = field(default_factory=dict)
    """Name of a further option -> what it is."""
    unsure: set[str] = field(default_factory=set)
    """Spellings of options that others gave as the codebook has them."""


def offered(survey: Survey, name: str) -> Scale | None:
    """The answers that the cells of a question name; None where they name none, as with numbers,
    open text, ranks, and a column for each choice."""
    question = survey.questions[name]
    if isinstance(question, SingleQuestion | GridQuestion):
        return survey.scale_of(name)
    if isinstance(question, MultiQuestion) and question.column:
        return question.scale
    if isinstance(question, RankingQuestion) and question.layout != "items":
        return question.named
    return None


def labels_of(survey: Survey, name: str, texts: Mapping[str, int]) -> Labels:
    """Unknown answers of all columns of a question, sorted into spellings and further options.
    `texts`: each different cell -> how often it is there.

    An unknown answer is taken for another spelling of an option that nobody gave as the codebook
    has it, and that is like it, or of the scale's middle where that begins with its words
    ('Neither' of 'Neither good nor poor'); otherwise for a further option.
    """
    scale = offered(survey, name)
    if scale is None:
        return Labels()
    parts = Counter[str]()
    for text, times in texts.items():
        for part in parts_of(survey, name, text):
            parts[tidy(part)] += times
    coder = scale_coder(scale, survey.export.no_answer)
    unknown = {part: times for part, times in parts.items() if coder(part) is None}
    given = {match_key(part) for part in parts}
    silent = {
        option.label: key
        for key, option in scale.options.items()
        if not {match_key(text) for text in (option.label, *option.aliases)} & given
    }
    found = Labels()
    middles = {scale.options[key].label for key in scale.middle}
    middles |= {
        o.label for o in scale.options.values() if o.label.casefold().startswith("neither ")
    }
    labels = {option.label: key for key, option in scale.options.items()}
    names = dict(
        zip(unknown, unique_names(list(unknown), "option", list(scale.answers)), strict=True)
    )
    for part, times in unknown.items():
        near, score = most_like(part, list(silent))
        if whole := _begins(part, middles):
            found.aliases.setdefault(labels[whole], {})[part] = times
            if whole not in silent:
                found.unsure.add(part)
        elif near and score >= _SPELLING:
            found.aliases.setdefault(silent[near], {})[part] = times
        else:
            near, score = most_like(part, list(labels))
            found.added[names[part]] = Added(
                part, labels[near] if score >= _SPELLING else "", times
            )
    return found


def _begins(answer: str, labels: Iterable[str]) -> str:
    """The one label that begins with the words of an answer and goes on; "" for none or several."""
    start = f"{match_key(answer)} "
    found = [label for label in labels if match_key(label).startswith(start)]
    return found[0] if len(found) == 1 else ""


def parts_of(survey: Survey, name: str, text: str) -> Iterator[str]:
    """The answers that a cell names: one, or several that a separator joins."""
    question = survey.questions[name]
    joined = isinstance(question, MultiQuestion | RankingQuestion) and question.column
    scale = offered(survey, name)
    if not joined or scale is None:
        yield text
        return
    assert isinstance(question, MultiQuestion | RankingQuestion)
    split = joined_coder(scale.options, question.separator, survey.export.no_answer)
    labels = [option.label for option in scale.options.values()]
    while (choices := split(text)).unknown:
        yield choices.unknown
        pieces = [piece.strip() for piece in text.split(question.separator)]
        if choices.unknown not in pieces:
            return  # all of it together is what no options are known by
        pieces.remove(choices.unknown)
        text = question.separator.join(pieces)
    yield from (labels[place] for place in choices.places)


def answers(columns: Iterable[Sequence[str | None]]) -> Counter[str]:
    """How often each different cell of some columns is there, of those that are not empty."""
    return Counter(t for column in columns for t in column if t is not None and t.strip())


def of_scale(survey: Survey, found: Mapping[str, Labels]) -> dict[str, Labels]:
    """Labels by what `recoded:` names: a scale that several questions share, in place of each of
    them, for a further option that was given to all of them."""
    shared: dict[str, list[str]] = {}
    for name, question in survey.questions.items():
        scale = getattr(question, "scale", None)
        if isinstance(scale, str):
            shared.setdefault(scale, []).append(name)
    result = dict(found)
    for scale, names in shared.items():
        own = [found.get(name, Labels()).added for name in names]
        same = {option.label for option in own[0].values()}
        for added in own[1:]:
            same &= {option.label for option in added.values()}
        if len(names) < 2 or not same:
            continue
        for name in names:
            kept = {o: a for o, a in found[name].added.items() if a.label not in same}
            result[name] = Labels(found[name].aliases, kept, found[name].unsure)
        common = {}
        for option, told in own[0].items():
            if told.label in same:
                times = sum(a.times for added in own for a in added.values() if a.label in same)
                common[option] = Added(told.label, told.behind, times)
        result[scale] = Labels({}, common)
    return result
