"""Which column of a new export answers which question of the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wavedeck.alike import counted, likeness, pair_up, same_number
from wavedeck.clean.text import match_key
from wavedeck.headers import folded
from wavedeck.inspect import Profile
from wavedeck.inspect.profile import Column
from wavedeck.survey import GridQuestion, OpenText, RankingQuestion, SingleQuestion, Survey
from wavedeck.survey.changes import stem_and_item

LEAST = 0.6
"""Columns less alike than this are not taken for one another."""


@dataclass(frozen=True)
class Wanted:
    """A column that the codebook expects."""

    key: str
    """q1, q3.start or q13.other."""
    header: str
    kind: str
    """single, text or item, as `export: patterns:` has them."""
    labels: frozenset[str] = frozenset()
    """What a closed answer may be, folded; empty for open text."""


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
    for header, name, item in survey.columns():
        question = survey.questions[name]
        key = f"{name}.{item}" if item else name
        labels: set[str] = set()
        kind = "text" if isinstance(question, OpenText) or item == "other" else "single"
        if item and item != "other":
            kind = "item"
        if isinstance(question, SingleQuestion | GridQuestion):
            for option in survey.scale_of(name).options.values():
                labels |= {match_key(text) for text in (option.label, *option.aliases)}
        elif isinstance(question, RankingQuestion) and kind == "item":
            labels = {str(rank) for rank in range(1, len(question.items) + 1)}
        found.append(Wanted(key, header, kind, frozenset(labels)))
    return found


def match(survey: Survey, profile: Profile) -> Matched:
    """Columns by the same header, then by the layout that most of them share, then by how alike
    headers and answers are."""
    found = Matched()
    columns = {folded(column.name): column for column in profile.columns if column.name}
    left = wanted(survey)
    for entry in left:
        if column := columns.pop(folded(entry.header), None):
            found.columns[entry.key] = Match(column, 1.0, "same")
    left = [entry for entry in left if entry.key not in found.columns]
    found.patterns = _patterns(left, list(columns))
    for entry in left:
        spelled = _spelled(found.patterns.get(entry.kind, ""), entry.header)
        if spelled and (column := columns.pop(folded(spelled), None)):
            found.columns[entry.key] = Match(column, 1.0, "layout")
    left = [entry for entry in left if entry.key not in found.columns]
    scores = _scores(left, columns, found.patterns)
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


def _patterns(left: Sequence[Wanted], names: Sequence[str]) -> dict[str, str]:
    """For each kind the spelling that fits most columns: what stands behind a header, or between
    its stem and its item."""
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
    best = {kind: tally.most_common(1)[0] for kind, tally in votes.items() if tally}
    return {kind: pattern for kind, (pattern, times) in best.items() if times > 1}


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _scores(
    left: Sequence[Wanted], columns: Mapping[str, Column], patterns: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    common = counted([entry.header for entry in left], list(columns))
    found = {}
    for entry in left:
        expected = _spelled(patterns.get(entry.kind, ""), entry.header) or entry.header
        for name, column in columns.items():
            alike = max(likeness(text, name, common) for text in {expected, entry.header})
            score = alike
            if entry.labels:
                score = 0.45 * alike + 0.55 * _covered(column, entry.labels)
            elif not _free(column):
                score = 0.5 * alike
            if not same_number(entry.header, name):
                score /= 2
            found[entry.key, name] = score
    return found


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
