"""The waves of a trend: which are shown, and where each stands on the axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wavedeck import earlier
from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.measure import NOW, THEN
from wavedeck.draw.result import Context
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.exhibits import TrendExhibit
from wavedeck.figures import Figure, Figures

_BETWEEN = 14
"""The least white between the names of neighbouring waves."""
_MOST_LINES = 2
_UNEVEN = 1.25
"""Waves whose distances in time differ by more than this factor are not evenly apart."""


@dataclass(frozen=True)
class Round:
    """A wave of a trend."""

    name: str
    """Its folder; "" for the wave that the deck is of."""
    title: Figure
    day: float
    """The middle of its fieldwork, in days; NaN where that is not known."""


@dataclass(frozen=True)
class History:
    """A share in all waves that are shown, the first first."""

    label: str
    points: tuple[Figure, ...]
    change: Figure
    """Since the wave before."""

    @property
    def now(self) -> Figure:
        return self.points[-1]

    @property
    def shown(self) -> list[bool]:
        """Whether a wave has a value to draw."""
        return [not (math.isnan(p.value) or p.suppressed) for p in self.points]

    @property
    def told(self) -> bool:
        """Whether the test finds a change since the wave before."""
        return self.change.change_note in ("up", "down")


def rounds_of(exhibit: TrendExhibit, context: Context) -> list[Round]:
    """The waves that a trend shows, the first first; none but its own where there is none before.

    Raises WavedeckError for a `since` that is none of them.
    """
    find = context.estimates
    prefix = earlier.id_in("wave.title", "")
    names = [figure.id.removeprefix(prefix) for figure in find.matching(f"{prefix}*")]
    if exhibit.since and exhibit.since not in names:
        raise WavedeckError(
            Problem(
                context.where,
                f"there is no earlier wave '{exhibit.since}' to begin the trend with",
                expected=", ".join(names),
                nearest=nearest(exhibit.since, names),
                remedy="mend since:, or take it out",
            )
        )
    kept = names[names.index(exhibit.since) :] if exhibit.since else names
    return [_round(find, name) for name in (*kept, "")]


def _round(find: Figures, name: str) -> Round:
    ids = ("wave.title", "fieldwork.start", "fieldwork.end")
    title, *days = (find.find(earlier.id_in(i, name) if name else i) for i in ids)
    assert title is not None
    known = [day.value for day in days if day]
    return Round(name, title, sum(known) / len(known) if known else math.nan)


def history_of(label: str, name: str, rounds: Sequence[Round], find: Figures) -> History:
    """A percentage in each of the waves; `name` is its id."""
    points = (find[earlier.id_in(name, r.name) if r.name else name] for r in rounds)
    return History(label, tuple(points), find[f"{name}:change"])


@dataclass(frozen=True)
class Drawn:
    """A chart, and what its note has to explain."""

    canvas: Canvas
    axis: Axis
    signs: bool
    """Whether signs such as [z] stand where there are no values."""
    told: str = ""
    """What else the note says of how it is to be read."""


@dataclass(frozen=True)
class Axis:
    """Where waves stand from left to right."""

    rounds: Sequence[Round]
    places: list[float]
    """The middle of each, in px."""
    titles: list[list[str]]
    """Their names, in lines."""
    even: bool
    """Whether they stand evenly apart though the time between them differs."""

    @property
    def height(self) -> float:
        """Of the names, in px."""
        return max(map(len, self.titles)) * style.NORMAL.line

    def draw_titles(self, canvas: Canvas, top: float) -> None:
        """The names, each with its last line above the chart."""
        for place, lines, each in zip(self.places, self.titles, self.rounds, strict=True):
            now = not each.name
            for number, line in enumerate(lines):
                y = top + self.height - (len(lines) - number - 0.5) * style.NORMAL.line
                canvas.text(
                    place,
                    y,
                    # Lines of a name are one text of its estimate.
                    line if line is lines[-1] else f"{line} ",
                    bold=now,
                    fill=NOW if now else THEN,
                    align="center",
                    estimate=each.title.id,
                )


def axis_of(rounds: Sequence[Round], left: float, right: float, where: str) -> Axis:
    """By the middle of their fieldwork, in two lines if that helps, or evenly where names would run
    into each other.

    Raises WavedeckError where there are more waves than have room.
    """
    room = (right - left) / (len(rounds) - 1)
    gaps = [b.day - a.day for a, b in pairwise(rounds)]
    dated = all(gap > 0 for gap in gaps)  # not for NaN
    wide = _titles(rounds, room - _BETWEEN)
    if dated:
        unit = (right - left) / sum(gaps)
        words_ = [word for r in rounds for word in r.title.text.split()]
        longest = max(style.text_width(word, style.BODY, True) for word in words_)
        for titles in (wide, _titles(rounds, longest)):
            needed = _needed(titles)
            fits = all(gap * unit >= least for gap, least in zip(gaps, needed, strict=True))
            if fits and max(map(len, titles)) <= _MOST_LINES:
                days = [r.day - rounds[0].day for r in rounds]
                return Axis(rounds, [left + day * unit for day in days], titles, even=False)
    least = max(_needed(wide))
    if least > room + 0.5 or max(map(len, wide)) > _MOST_LINES:
        fitting = max(2, int((right - left) / least) + 1)
        raise WavedeckError(
            Problem(
                where,
                f"the trend has {len(rounds)} waves, more than there is room for",
                expected=f"at most {fitting} with names as long as these",
                remedy="give the first one to show (since: …), or shorter titles in wave.yaml",
            )
        )
    even = [left + room * number for number in range(len(rounds))]
    return Axis(rounds, even, wide, even=dated and max(gaps) > _UNEVEN * min(gaps))


def _titles(rounds: Sequence[Round], limit: float) -> list[list[str]]:
    """Names in lines, all of them broken alike."""
    titles = [style.wrap(r.title.text, limit, style.BODY, True) for r in rounds]
    broken = [style.text_width(x, style.BODY, True) for lines in titles if lines[1:] for x in lines]
    if broken:
        titles = [style.wrap(r.title.text, max(broken), style.BODY, True) for r in rounds]
    return titles


def _needed(titles: Sequence[Sequence[str]]) -> list[float]:
    """The least distance from each wave to the next, in px."""
    widths = [max(style.text_width(x, style.BODY, True) for x in lines) for lines in titles]
    number = style.text_width("100%", style.LARGE.figures, True)
    return [max((a + b) / 2, number) + _BETWEEN for a, b in pairwise(widths)]


def draw_since(canvas: Canvas, x: float, bottom: float, before: Round) -> None:
    """The heading of the changes: since which wave."""
    line = style.NORMAL.line
    canvas.text(x + 20, bottom - 1.5 * line, "Change since", fill=style.MUTED)
    canvas.text(
        x + 20, bottom - 0.5 * line, before.title.text, fill=style.MUTED, estimate=before.title.id
    )
