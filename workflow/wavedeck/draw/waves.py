"""The waves of a trend: which are shown, and where each stands on the axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wavedeck import earlier
from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.measure import NOW, THEN
from wavedeck.draw.result import Context, Part
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.exhibits import TrendExhibit
from wavedeck.figures import Figure, Figures

_BETWEEN = 14
"""The least white between the names of neighbouring waves."""
_MOST_BASES = 4
"""Of more waves the note tells the bases of all before this one together."""
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
    """By the middle of their fieldwork, or evenly where names would run into each other.

    Raises WavedeckError where there are more waves than have room.
    """
    room = (right - left) / (len(rounds) - 1)
    titles = [style.wrap(r.title.text, room - _BETWEEN, style.BODY, True) for r in rounds]
    broken = [style.text_width(t, style.BODY, True) for lines in titles if lines[1:] for t in lines]
    if broken:  # the others alike
        titles = [style.wrap(r.title.text, max(broken), style.BODY, True) for r in rounds]
    widest = [max(style.text_width(t, style.BODY, True) for t in lines) for lines in titles]
    least = [max((a + b) / 2, style.text_width("100%", 22, True)) for a, b in pairwise(widest)]
    least = [width + _BETWEEN for width in least]
    if max(least) > room + 0.5 or max(map(len, titles)) > 2:
        fits = max(2, int((right - left) / max(least)) + 1)
        raise WavedeckError(
            Problem(
                where,
                f"the trend has {len(rounds)} waves, more than there is room for",
                expected=f"at most {fits} with names as long as these",
                remedy="give the first one to show (since: …), or shorter titles in wave.yaml",
            )
        )
    gaps = [b.day - a.day for a, b in pairwise(rounds)]
    even = [left + room * number for number in range(len(rounds))]
    if not all(gap > 0 for gap in gaps):  # nor for NaN
        return Axis(rounds, even, titles, even=False)
    unit = (right - left) / sum(gaps)
    if all(gap * unit >= wide for gap, wide in zip(gaps, least, strict=True)):
        days = [r.day - rounds[0].day for r in rounds]
        return Axis(rounds, [left + day * unit for day in days], titles, even=False)
    return Axis(rounds, even, titles, even=max(gaps) > _UNEVEN * min(gaps))


def draw_since(canvas: Canvas, x: float, bottom: float, before: Round) -> None:
    """The heading of the changes: since which wave."""
    line = style.NORMAL.line
    canvas.text(x + 20, bottom - 1.5 * line, "Change since", fill=style.MUTED)
    canvas.text(
        x + 20, bottom - 0.5 * line, before.title.text, fill=style.MUTED, estimate=before.title.id
    )


def note_of(
    histories: Sequence[History], rounds: Sequence[Round], context: Context, drawn: Drawn
) -> tuple[Part, ...]:
    """Bases of the waves, or their ranges where rows differ; since when changes are; and why values
    are missing."""
    find = context.estimates
    parts = [Part(f"Base: {context.survey.respondents} who answered, ")]
    own = _bases(histories, rounds, [len(rounds) - 1], find)
    parts += [*_range(own), Part(" in "), Part(rounds[-1].title.text, rounds[-1].title.id)]
    if len(rounds) > _MOST_BASES:
        before = _bases(histories, rounds, range(len(rounds) - 1), find)
        if before:
            parts += [Part(" and "), *_range(before), Part(" in earlier waves")]
    else:
        told = [(n, _bases(histories, rounds, [n], find)) for n in range(len(rounds) - 2, -1, -1)]
        told = [(number, bases) for number, bases in told if bases]
        for number, bases in told:
            parts.append(Part(" and " if number == told[-1][0] else ", "))
            title = rounds[number].title
            parts += [*_range(bases), Part(" in "), Part(title.text, title.id)]
    parts += alt.edition_note(find.edition)
    before_this = rounds[-2].title
    parts += [Part(". Changes are since "), Part(before_this.text, before_this.id)]
    parts.append(Part(", and told where a test at the 5% level finds them"))
    if drawn.told:
        parts.append(Part(f". {drawn.told}"))
    if drawn.axis.even:
        parts.append(Part(". Waves stand evenly apart, whatever the time between them"))
    reasons = missing(histories, rounds, drawn.signs)
    return (*parts, Part(f". {reasons}")) if reasons else tuple(parts)


def _bases(
    histories: Sequence[History], rounds: Sequence[Round], numbers: Iterable[int], find: Figures
) -> list[Figure]:
    """The bases of what is drawn of some waves, the smallest first."""
    found = [
        _base(h.now.id, rounds[number], find)
        for number in numbers
        for h in histories
        if h.shown[number]
    ]
    return sorted((base for base in found if base), key=lambda base: base.value)


def _range(bases: Sequence[Figure]) -> list[Part]:
    if not bases:
        return [Part("none")]
    low, high = bases[0], bases[-1]
    if low.value == high.value:
        return [Part(low.text, low.id)]
    return [Part(low.text, low.id), Part(" to "), Part(high.text, high.id)]


def _base(name: str, each: Round, find: Figures) -> Figure | None:
    """q4.engaged.cabinet -> the base of q4.cabinet in a wave."""
    question, _, rest = name.partition(".")
    item = rest.partition(".")[2]
    own = f"{question}.{item}:base" if item else f"{question}:base"
    return find.find(earlier.id_in(own, each.name) if each.name else own)


def missing(histories: Sequence[History], rounds: Sequence[Round], signs: bool) -> str:
    """'Not comparable with July 2017 [z]: …; ‘The end’ not asked in June 2018 [z]'; "" where every
    wave has all values. `signs` stand in the chart."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for history in histories:
        for point, shown, each in zip(history.points, history.shown, rounds, strict=True):
            if not shown:
                few = "[c]" if point.suppressed else point.text
                labels, titles = found.setdefault(point.change_note or few, ([], []))
                labels += [] if history.label in labels else [history.label]
                titles += [] if each.title.text in titles else [each.title.text]
    said = []
    for reason, (labels, titles) in found.items():
        all_of_them = len(labels) == len(histories)
        whose = "" if all_of_them else alt.series([f"‘{w}’" for w in labels])
        text = _reason(reason, titles, signs)
        said.append(f"{whose} {text}" if whose else text[0].upper() + text[1:])
    return "; ".join(said)


def _reason(reason: str, titles: Sequence[str], signs: bool) -> str:
    which = alt.series(titles)
    if reason in ("[c]", "[x]"):
        why = "too few answers to show" if reason == "[c]" else "no answers"
        return f"{why} in {which}{f' {reason}' if signs else ''}"
    sign = f" {earlier.NOT_COMPARED}" if signs else ""
    if reason == f"not asked in {which}":
        return f"{reason}{sign}"
    return f"not comparable with {which}{sign}: {reason}"


def words(title: str, histories: Sequence[History], rounds: Sequence[Round]) -> str:
    """The alternative text: all values of each share in the order of the waves."""
    names = alt.series([each.title.text for each in rounds])
    before = rounds[-2].title.text
    rows = []
    for h in histories:
        values = [_spoken(p) for p in h.points]
        rows.append(f"{h.label}: {', '.join(values)}; {h.change.text} since {before}.")
    return " ".join([f"Chart of the waves {names}. {alt.sentence(title)}", *rows])


def _spoken(figure: Figure) -> str:
    if figure.change_note and figure.text == earlier.NOT_COMPARED:
        return "not comparable"
    return alt.spoken(figure)
