"""Which column of a new export answers which question of the codebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wavedeck.alike import counted, likeness, pair_up, same_number, words_of
from wavedeck.clean.text import match_key
from wavedeck.headers import folded
from wavedeck.inspect.profile import Column
from wavedeck.survey import (
    GridQuestion,
    OpenText,
    RankingQuestion,
    SingleQuestion,
    Survey,
)
from wavedeck.survey.spelling import stem_and_item

LEAST = 0.6
"""Columns less alike than this are not taken for one another."""
_FEW = 2
"""So many answers in common may be chance, as Yes and No are."""
_TELLING = 2
"""Letters and digits that the rows of a question must have in common at the least."""


@dataclass(frozen=True)
class Wanted:
    """A column that the codebook expects."""

    key: str
    """q1, q3.start or q13.other."""
    header: str
    kind: str
    """single, text or item, as `export: patterns:` has them."""
    labels: frozenset[str] = frozenset()
    """What a closed answer may be, folded; empty where words of the header alone tell."""
    prose: bool = False
    """Whether the answers are respondents' own words."""
    shared: bool = False
    """Whether other questions have the same answers."""
    stem: str = ""
    """What its header has in common with those of the other rows of its question."""


@dataclass(frozen=True)
class Match:
    """A column of the export taken for one of the codebook."""

    column: Column
    score: float
    how: str
    """same, layout or alike."""

    @property
    def confidence(self) -> str:
        return "sure" if self.score >= 0.9 else "likely" if self.score >= 0.75 else "unsure"


@dataclass
class Matched:
    columns: dict[str, Match] = field(default_factory=dict)
    """By key of the codebook."""
    patterns: dict[str, str] = field(default_factory=dict)
    """How the layout spells headers, by kind, where it changes them."""
    missing: list[str] = field(default_factory=list)
    """Keys without a column."""


def wanted(survey: Survey) -> list[Wanted]:
    """Every column of the codebook that answers a question."""
    found = []
    stems = stems_of(survey)
    for header, name, item in survey.columns():
        question = survey.questions[name]
        key = f"{name}.{item}" if item else name
        labels: set[str] = set()
        prose = isinstance(question, OpenText) or item == "other"
        kind = "text" if prose else "single"
        if item and item != "other":
            kind = "item"
        if isinstance(question, SingleQuestion | GridQuestion):
            for option in survey.scale_of(name).options.values():
                labels |= {match_key(text) for text in (option.label, *option.aliases)}
        elif isinstance(question, RankingQuestion) and kind == "item":
            labels = {str(rank) for rank in range(1, len(question.items) + 1)}
        stem = stems.get(name, "") if kind == "item" else ""
        entry = Wanted(key, header, kind, frozenset(labels), prose, stem=stem)
        found.append(entry)
    asked = {(entry.key.partition(".")[0], entry.labels) for entry in found}
    times = Counter(labels for _, labels in asked)
    return [replace(entry, shared=times[entry.labels] > 1) for entry in found]


def stems_of(survey: Survey) -> dict[str, str]:
    """What the headers of a question's rows begin with, by the question, where that tells it."""
    headers: dict[str, list[str]] = {}
    for header, name, item in survey.columns():
        if item and item != "other":
            headers.setdefault(name, []).append(folded(header))
    found = {}
    for name, own in headers.items():
        parts = stem_and_item(own[0])
        stem = _beginning(own) if len(own) > 1 else own[0][: len(parts.get("stem", ""))]
        stem = re.sub(r"\w+$", "", stem)
        if len(re.findall(r"\w", stem)) >= _TELLING:
            found[name] = stem
    return found


def _beginning(texts: Sequence[str]) -> str:
    """The letters that all of some texts begin with."""
    first, last = min(texts), max(texts)
    alike = (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(alike, min(len(first), len(last)))]


def match(survey: Survey, columns_: Iterable[Column]) -> Matched:
    """Columns by the same header, then by the layout that most of them share, then by how alike
    headers and answers are."""
    found = Matched()
    columns = {folded(column.name): column for column in columns_ if column.name}
    every = list(columns)
    left = wanted(survey)
    same = Counter[str]()
    for entry in left:
        if column := columns.pop(folded(entry.header), None):
            found.columns[entry.key] = Match(column, 1.0, "same")
            same[entry.kind] += 1
    kinds = {entry.key: entry.kind for entry in left}
    left = [entry for entry in left if entry.key not in found.columns]
    for kind, (pattern, times) in _patterns(left, list(columns)).items():
        if times > max(1, same[kind]):
            found.patterns[kind] = pattern
    for key, own in found.columns.items():
        if kinds[key] in found.patterns:
            # The layout's spelling would be expected of it too: its header has to be told.
            found.columns[key] = Match(own.column, 1.0, "alike")
    for entry in left:
        spelled = _spelled(found.patterns.get(entry.kind, ""), entry.header)
        if spelled and (column := columns.pop(folded(spelled), None)):
            found.columns[entry.key] = Match(column, 1.0, "layout")
    left = [entry for entry in left if entry.key not in found.columns]
    common = counted([entry.header for entry in wanted(survey)], every)
    scores = _scores(left, columns, found.patterns, common)
    for key, (name, score) in pair_up(scores, LEAST).items():
        found.columns[key] = Match(columns[name], score, "alike")
    found.missing = [entry.key for entry in left if entry.key not in found.columns]
    return found


def _spelled(pattern: str, header: str) -> str:
    """A header as the layout has it; "" where the pattern does not fit."""
    words = {"header": header} | stem_and_item(header)
    try:
        return pattern.format(**words) if pattern else ""
    except KeyError:
        return ""


def _patterns(left: Sequence[Wanted], names: Sequence[str]) -> dict[str, tuple[str, int]]:
    """For each kind the spelling that fits most columns, and how many: what stands behind a header,
    or between its stem and its item."""
    votes: dict[str, Counter[str]] = {}
    for entry in left:
        tally = votes.setdefault(entry.kind, Counter())
        header, parts = folded(entry.header), stem_and_item(entry.header)
        for name in names:
            if name.startswith(header) and name != header:
                tally["{header}" + _literal(name[len(header) :])] += 1
            elif parts and name.startswith(folded(parts["stem"])):
                rest = name[len(folded(parts["stem"])) :]
                place = rest.find(folded(parts["item"]))
                if place > 0:
                    after = rest[place + len(folded(parts["item"])) :]
                    tally["{stem}" + _literal(rest[:place]) + "{item}" + _literal(after)] += 1
    return {kind: tally.most_common(1)[0] for kind, tally in votes.items() if tally}


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _scores(
    left: Sequence[Wanted],
    columns: Mapping[str, Column],
    patterns: Mapping[str, str],
    common: Mapping[str, int],
) -> dict[tuple[str, str], float]:
    found = {}
    for entry in left:
        expected = _spelled(patterns.get(entry.kind, ""), entry.header) or entry.header
        for name, column in columns.items():
            alike = max(likeness(text, name, common) for text in {expected, entry.header})
            score = alike
            if rows := _rows(entry, name):
                score = likeness(*rows)
            elif entry.labels:
                score = _by_answers(alike, column, entry)
            elif entry.prose and not _free(column):
                score = 0.5 * alike
            if not same_number(entry.header, name):
                score /= 2
            found[entry.key, name] = score
    return found


def _by_answers(alike: float, column: Column, entry: Wanted) -> float:
    """Answers tell a question that no other shares them with, and more the more there are."""
    covered = _covered(column, entry.labels)
    several = len(set(map(match_key, column.times())) & entry.labels) > _FEW
    if entry.shared or not several:
        return alike * (0.4 + 0.6 * covered)
    return max(0.45 * alike + 0.55 * covered, min(1.0, 0.4 * alike + 0.75 * covered))


def _rows(entry: Wanted, name: str) -> tuple[str, str] | None:
    """The two rows, where a header is of the same grid as the one wanted: its answers do not tell
    them apart, and neither do the words that they share."""
    if entry.stem and name.startswith(entry.stem):
        return folded(entry.header)[len(entry.stem) :], name[len(entry.stem) :]
    own, theirs = stem_and_item(entry.header), stem_and_item(name)
    if not own or not theirs or folded(own["stem"]) != folded(theirs["stem"]):
        return None
    return own["item"], theirs["item"]


def _covered(column: Column, labels: Iterable[str]) -> float:
    """The share of a column's answers that are known ones, or of its different answers."""
    times, known = column.times(), set(labels)
    different = {match_key(answer) for answer in times}
    if not times:
        return 0.0
    covered = sum(n for answer, n in times.items() if match_key(answer) in known)
    given = covered / sum(times.values())
    return max(given, len(different & known) / len(different))


def _free(column: Column) -> bool:
    """Whether a column looks like open text: hardly any answer is given twice."""
    times = column.times()
    return len(times) > 0.6 * sum(times.values())


def reworded_as(header: str, column: Column) -> str:
    """The words of a question whose header has others than `header`, whatever the layout puts
    around them; "" where the words are the same."""
    now = set(words_of(column.item or column.name))
    if now in [set(words_of(h)) for h in (header, stem_and_item(header).get("item", ""))]:
        return ""
    return _bare(column.item or column.stem or column.name)


def other_words(text: str, column: Column) -> str:
    """The words of a column's question where they are others than `text`; "" where they are the
    same."""
    now = _bare(column.title)
    return "" if words_of(now) == words_of(_bare(text)) else now


def _bare(text: str) -> str:
    """A question without its number."""
    return re.sub(r"^Q\d+\w*[.:)]?\s*", "", text)
