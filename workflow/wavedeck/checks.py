"""Claims: what a sentence says of the data, as a check over estimates.

A check compares estimates by id, on unrounded values:

    q2a.disagree > q2a.agree                          a comparison, also as a chain: a > b >= c
    q14.positive.*:max < 33.4                         a bound over all items
    q4.engaged.full_council lowest of q4.engaged.*    order; several ids with commas stand together
    q1.great_deal > 30 and q1.great_deal < 36         both
    q2a.agree > q2a.agree:previous                    against the wave before
    q2a.agree > q2a.agree:in.2017                     against any earlier wave
    q2a.agree highest of q2a.agree:in.*               against all earlier waves
    q2a.agree rose                                    the test finds a change: rose, fell; or it
    q14.too_early.* fell                              finds none: steady; of each that is named

    q1.yes@region.north significantly > q1.yes@region.south   a test of two groups of one question
    q1.yes@region.north differs from rest             a test of a group and all others; also > and <

Percentages are compared in percent, so 50 is half. "Highest" allows a tie with what is not named.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from wavedeck.earlier import is_value, kind_of
from wavedeck.figures import Figure, Figures

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
_ORDER = re.compile(r"^(?P<named>.+?)\s+(?P<end>highest|lowest)\s+of\s+(?P<pattern>\S+)$")
_MOVED = re.compile(r"^(?P<named>.+?)\s+(?P<way>rose|fell|steady)$")
_TESTED = re.compile(r"^(?P<one>\S+)\s+significantly\s+(?P<sign>[<>])\s+(?P<other>\S+)$")
_DIFFERS = re.compile(r"^(?P<one>\S+)\s+differs\s+from\s+(?P<other>\S+)$")
_REST = "rest"
_WAYS = {"rose": "up", "fell": "down", "steady": "none"}
_SHARES = ("percent", "max", "min")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class CheckError(ValueError):
    """The check is not written as one; the message says what was expected."""


@dataclass(frozen=True)
class Verdict:
    """Whether a check holds, and what the data say of it."""

    holds: bool
    says: str


def evaluate(check: str, figures: Figures) -> Verdict:
    """Hold a check against an edition's figures.

    Raises CheckError for a check that cannot be read, UnknownEstimateError for an unknown id.
    """
    clauses = [clause.strip() for clause in re.split(r"\band\b", check)]
    verdicts = [_clause(clause, figures) for clause in clauses]
    return Verdict(
        all(verdict.holds for verdict in verdicts),
        "; ".join(verdict.says for verdict in verdicts),
    )


def _clause(clause: str, figures: Figures) -> Verdict:
    if match := _ORDER.match(clause):
        named = [name.strip() for name in match["named"].split(",")]
        return _order(named, match["end"], match["pattern"], figures)
    if match := _MOVED.match(clause):
        return _moved([n.strip() for n in match["named"].split(",")], match["way"], figures)
    if match := _TESTED.match(clause):
        return _tested(match["one"], match["other"], match["sign"], figures)
    if match := _DIFFERS.match(clause):
        return _tested(match["one"], match["other"], "<>", figures)
    parts = clause.split()
    if len(parts) < 3 or len(parts) % 2 == 0 or not set(parts[1::2]) <= set(_OPERATORS):
        raise CheckError(
            f"'{clause}' is no check; write 'a > b', 'a < 50' or 'a, b highest of c.*' "
            f"with one of {' '.join(_OPERATORS)} and spaces around it; or 'a rose', 'a fell', "
            "'a steady'; or 'a significantly > b', 'a differs from b', where b may be 'rest'"
        )
    if _REST in parts[::2]:
        raise CheckError(
            f"'{clause}' compares with the rest, which needs a test; write "
            f"'{parts[0]} significantly {parts[1]} {parts[2]}'"
        )
    values, words = zip(*(_term(part, figures) for part in parts[::2]), strict=True)
    holds = all(
        _OPERATORS[sign](left, right)
        for sign, left, right in zip(parts[1::2], values, values[1:], strict=False)
    )
    return Verdict(holds, ", ".join(word for word in words if word))


def _term(part: str, figures: Figures) -> tuple[float, str]:
    """A number or an estimate's value, with the words for it."""
    if _NUMBER.match(part):
        return float(part), ""
    figure = _known(figures[part])
    return figure.value, _words(figure)


def _known(figure: Figure) -> Figure:
    """`figure`, where it has a value: not all of an earlier wave can be compared, or is shown."""
    if is_value(figure.statistic) and math.isnan(figure.value):
        raise CheckError(
            f"'{figure.id}' has no value to compare with: {figure.change_note or figure.text}"
        )
    return figure


def _moved(named: list[str], way: str, figures: Figures) -> Verdict:
    """Since the previous wave; every one of `named` must have gone this way."""
    chosen = []
    for name in named:
        chosen += figures.matching(name) if "*" in name else [figures[name]]
    if not chosen:
        raise CheckError(f"'{', '.join(named)}' matches no estimate")
    if unknown := next((figure for figure in chosen if not figure.change_note), None):
        raise CheckError(
            f"'{unknown.id}' has no change: only percentages over everyone have one, and only where"
            " wave.yaml names the previous wave"
        )
    said = [f"{_words(f)}, {figures[f'{f.id}:change'].text}{_reason(f)}" for f in chosen]
    holds = all(figure.change_note == _WAYS[way] for figure in chosen)
    return Verdict(holds, "; ".join(said))


def _reason(figure: Figure) -> str:
    told = figure.change_note in _WAYS.values()
    return "" if told else f" ({figure.change_note})"


def _order(named: list[str], end: str, pattern: str, figures: Figures) -> Verdict:
    chosen = [_known(figures[name]) for name in named]
    others = [_known(f) for f in figures.matching(pattern) if f.id not in named]
    if not others:
        raise CheckError(f"'{pattern}' matches nothing but what is named")
    if end == "highest":
        rival = max(others, key=lambda figure: figure.value)
        holds = all(figure.value >= rival.value for figure in chosen)
    else:
        rival = min(others, key=lambda figure: figure.value)
        holds = all(figure.value <= rival.value for figure in chosen)
    said = ", ".join(_words(figure) for figure in chosen)
    return Verdict(holds, f"{said}; {end} of the others: {_words(rival)}")


def _tested(name: str, against: str, signs: str, figures: Figures) -> Verdict:
    """Whether a test tells two columns of a banner question apart, or a column and the rest."""
    one = figures[name]
    stem, _, group = name.partition("@")
    if against == _REST:
        if not group:
            raise CheckError(
                f"'{name}' is of everyone: only a group (q1.yes@region.north) has a rest"
            )
        ways = {">": "higher", "<": "lower"}
        found = one.against_rest or "not significantly different"
        return Verdict(
            one.against_rest in {ways[sign] for sign in signs},
            f"{_words(one)}; against the rest of its question: {found}",
        )
    other = figures[against]
    own, theirs = (each.partition("@")[2].partition(".")[0] for each in (name, against))
    if against.partition("@")[0] != stem or not one.column or not other.column or own != theirs:
        raise CheckError(
            f"'{name}' and '{against}' are not tested against each other: a test is of one answer "
            "in two options of one banner question, such as q1.yes@region.north and @region.south"
        )
    higher, lower = other.column in one.letters, one.column in other.letters
    holds = (">" in signs and higher) or ("<" in signs and lower)
    found = "higher" if higher else "lower" if lower else "not significantly different"
    return Verdict(holds, f"{_words(one)}; {_words(other)}; the test says: {found}")


def _words(figure: Figure) -> str:
    exact = f" ({figure.value:.2f})" if kind_of(figure.statistic) in _SHARES else ""
    return f"{figure.id} is {figure.text}{exact}"
