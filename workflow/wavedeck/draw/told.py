"""What is said under and behind a trend of more than two waves: its note and alternative text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wavedeck import earlier
from wavedeck.draw import alt
from wavedeck.draw.result import Context, Part
from wavedeck.draw.waves import Drawn, History, Round
from wavedeck.figures import Figure, Figures

_MOST_BASES = 4
"""Of more waves the note tells the bases of all before this one together."""


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
