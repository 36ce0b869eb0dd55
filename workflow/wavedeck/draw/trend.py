"""Shares of several waves: what they were, what they are, and where the test finds a change.

Of two waves, the earlier one is a grey ring, this one a blue dot, so that shape tells them apart as
well as colour. An arrow joins them where the test finds a change; elsewhere a thin line. Margins of
error are pale bands behind. More waves are drawn by `panel` and `lines`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.lines import draw_lines
from wavedeck.draw.measure import BAND_NOW, BAND_THEN, NOW, THEN, Measure, draw_change
from wavedeck.draw.panel import draw_panel
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.slopes import draw_slopes
from wavedeck.draw.told import missing, note_of, words
from wavedeck.draw.waves import Round, history_of, rounds_of
from wavedeck.draw.words import heading
from wavedeck.errors import Problem, WavedeckError
from wavedeck.exhibits import TrendExhibit
from wavedeck.figures import Figure
from wavedeck.survey import GridQuestion

_KEY = 40
_MOST_PITCH = 58
_NUMBER = 58
_CHANGE = 196
"""Room for the words of a change at the right."""
_NARROW_CHANGE = 164


def draw(exhibit: TrendExhibit, context: Context) -> Result:
    find = context.estimates
    titles = find.find("wave.title:previous"), find["wave.title"]
    if titles[0] is None:
        raise WavedeckError(
            Problem(
                context.where,
                "there is no previous wave to show a trend from",
                expected='previous: "…" in wave.yaml',
                remedy="name the previous wave, or take the exhibit out (a wave's own exhibits.yaml"
                " stands in surveys/SURVEY/WAVE/)",
            )
        )
    rounds = rounds_of(exhibit, context)
    if len(rounds) > 2:
        return _draw_all(exhibit, context, rounds)
    then, now = titles[0], titles[1]
    measures = _sorted(_measures(exhibit, context), exhibit.sort)
    question = context.survey.questions[exhibit.question] if exhibit.question else None
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    if exhibit.form == "slopes":
        canvas = draw_slopes(frame, measures, then, now)
    else:
        canvas = _draw_dots(frame, measures, then, now)
    title = exhibit.title or (question.text if question else "")
    return Result(
        title=title,
        number=question.number if question else "",
        alt=_words(title, measures, then, now),
        points=tuple(
            point
            for m in measures
            for point in (
                Point(m.label, then.text, m.before),
                Point(m.label, now.text, m.now),
                Point(m.label, "Change", m.change),
            )
        ),
        note=_note(measures, context, then, now),
        canvas=canvas,
    )


def _draw_all(exhibit: TrendExhibit, context: Context, rounds: Sequence[Round]) -> Result:
    """A trend of more than two waves."""
    find = context.estimates
    names = _names(exhibit, context)
    histories = [history_of(label, name, rounds, find) for name, label in names.items()]
    if exhibit.sort == "share":
        histories.sort(key=lambda h: -h.now.size)
    elif exhibit.sort == "change":
        histories.sort(key=lambda h: (math.isnan(h.change.value), -h.change.size))
    question = context.survey.questions[exhibit.question] if exhibit.question else None
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    form = draw_lines if exhibit.form == "slopes" else draw_panel
    drawn = form(frame, histories, rounds)
    title = exhibit.title or (question.text if question else "")
    spoken = words(title, histories, rounds)
    reasons = missing(histories, rounds, signs=False)
    return Result(
        title=title,
        number=question.number if question else "",
        alt=f"{spoken} {reasons}." if reasons else spoken,
        points=tuple(
            point
            for h in histories
            for point in (
                *(Point(h.label, r.title.text, p) for r, p in zip(rounds, h.points, strict=True)),
                Point(h.label, "Change", h.change),
            )
        ),
        note=note_of(histories, rounds, context, drawn),
        canvas=drawn.canvas,
    )


def _names(exhibit: TrendExhibit, context: Context) -> dict[str, str]:
    """Ids of the percentages, with their words."""
    names: dict[str, str] = {}
    if exhibit.question:
        question = context.survey.questions[exhibit.question]
        scale = context.survey.scale_of(exhibit.question)
        if isinstance(question, GridQuestion):
            for item in exhibit.items or question.items:
                names[f"{exhibit.question}.{exhibit.answer}.{item}"] = question.items[item].label
        else:
            names = {f"{exhibit.question}.{a}": scale.label(a) for a in exhibit.answers}
    return names | exhibit.rows


def _measures(exhibit: TrendExhibit, context: Context) -> list[Measure]:
    find = context.estimates
    return [
        Measure(label, find[name], find[f"{name}:previous"], find[f"{name}:change"])
        for name, label in _names(exhibit, context).items()
    ]


def _sorted(measures: list[Measure], sort: str) -> list[Measure]:
    if sort == "share":
        return sorted(measures, key=lambda m: -m.now.size)
    if sort == "change":
        return sorted(measures, key=lambda m: (not m.compared, -m.change.size))
    return measures


def _note(
    measures: Sequence[Measure], context: Context, then: Figure, now: Figure
) -> tuple[Part, ...]:
    """Bases of both waves, or their ranges where rows differ, and what an arrow says."""
    find, parts = context.estimates, [Part(f"Base: {context.survey.respondents} who answered, ")]
    compared = [m for m in measures if m.compared]
    for ending, title in ((":base", now), (":previous_base", then)):
        names = dict.fromkeys(_stem(m.now.id) + ending for m in compared)
        bases = sorted((f for n in names if (f := find.find(n))), key=lambda f: f.value)
        if not bases:
            continue
        parts += [Part(" and ")] if len(parts) > 1 else []
        parts.append(Part(bases[0].text, bases[0].id))
        if bases[0].value != bases[-1].value:
            parts += [Part(" to "), Part(bases[-1].text, bases[-1].id)]
        parts += [Part(" in "), Part(title.text, title.id)]
    edition = alt.edition_note(find.edition)
    return (*parts, *edition, Part(". Changes are told where a test at the 5% level finds them"))


def _stem(name: str) -> str:
    """q4.engaged.cabinet -> q4.cabinet: what an id shares with that of its base."""
    question, _, rest = name.partition(".")
    item = rest.partition(".")[2]
    return f"{question}.{item}" if item else question


def _words(title: str, measures: Sequence[Measure], then: Figure, now: Figure) -> str:
    rows = []
    for m in measures:
        if m.compared:
            rows.append(f"{m.label}: {m.before.text}, then {m.now.text}; {m.change.text}.")
        else:
            rows.append(f"{m.label}: {alt.spoken(m.now)}; {m.change.text}.")
    lead = f"Chart of two waves, {then.text} and {now.text}. {alt.sentence(title)}"
    return " ".join([lead, *rows])


def _draw_dots(frame: Frame, measures: list[Measure], then: Figure, now: Figure) -> Canvas:
    rows = frame.rows(
        [m.label for m in measures],
        lambda kind: _KEY,
        _MOST_PITCH,
        0.3 if frame.width == style.FULL else 0.36,
    )
    canvas = frame.canvas(rows.top + rows.pitch * len(measures))
    words = _CHANGE if frame.width == style.FULL else _NARROW_CHANGE
    left = rows.labels.width + 14 + _NUMBER
    right = frame.width - words - _NUMBER
    low, high = _range(measures)
    unit = (right - left) / (high - low)
    _draw_key(canvas, frame.top, then, now)
    for index, measure in enumerate(measures):
        y = rows.top + rows.pitch * (index + 0.5)
        canvas.rect(0, y + rows.pitch / 2 - 0.5, frame.width, 1, style.HAIRLINE)
        rows.draw_label(canvas, 0, y, rows.labels.wrapped[index])
        _draw_measure(canvas, measure, y, lambda v: left + (v - low) * unit, rows)
        _draw_change(canvas, measure, frame.width - words + 6, y, rows)
    return canvas


def _range(measures: Sequence[Measure]) -> tuple[float, float]:
    """Percentages at both ends: of all that is drawn, in steps of ten."""
    values = [
        bound
        for m in measures
        for figure in ((m.now, m.before) if m.compared else (m.now,))
        for bound in (figure.size, figure.lower, figure.upper)
        if bound == bound  # an interval may be unknown
    ]
    low, high = max(min(values), 0.0), min(max(values), 100.0)
    return low // 10 * 10, max(-(-high // 10) * 10, low // 10 * 10 + 10)


def _draw_measure(canvas: Canvas, m: Measure, y: float, at, rows: Rows) -> None:  # type: ignore[no-untyped-def]
    size = rows.kind.figures
    if m.compared:
        for figure, fill, height in ((m.before, BAND_THEN, 18), (m.now, BAND_NOW, 8)):
            if figure.lower == figure.lower:
                start, end = at(max(figure.lower, 0.0)), at(min(figure.upper, 100.0))
                canvas.rect(start, y - height / 2, end - start, height, fill, figure.id)
    x = at(m.now.size)
    if not m.compared:
        canvas.circle(x, y, 8.5, NOW, estimate=m.now.id)
        canvas.figure(x + 15, y, m.now.text, m.now.id, size=size, fill=NOW)
        return
    was = at(m.before.size)
    rising = x >= was
    _draw_arrow(canvas, was, x, y, m)
    canvas.circle(was, y, 7.25, style.WHITE, THEN, m.before.id)
    canvas.circle(x, y, 8.5, NOW, estimate=m.now.id)
    sign = 1 if rising else -1
    here, there = ("left", "right") if rising else ("right", "left")
    reach = _reach(m, at, rising)
    canvas.figure(reach[1] + sign * 8, y, m.now.text, m.now.id, size=size, fill=NOW, align=here)
    canvas.text(
        reach[0] - sign * 8,
        y,
        m.before.text,
        size=size,
        fill=THEN,
        align=there,
        estimate=m.before.id,
    )


def _reach(m: Measure, at, rising: bool) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Where the marks end on the side of the earlier share and on that of the later one."""
    ends = [at(m.before.size) - 9, at(m.now.size) - 9, at(m.before.size) + 9, at(m.now.size) + 9]
    for figure in (m.before, m.now):
        if figure.lower == figure.lower:
            ends += [at(max(figure.lower, 0.0)), at(min(figure.upper, 100.0))]
    return (min(ends), max(ends)) if rising else (max(ends), min(ends))


def _draw_arrow(canvas: Canvas, was: float, x: float, y: float, m: Measure) -> None:
    """A line from ring to dot; an arrow where the test finds a change."""
    low, high = sorted((was, x))
    if not m.told:
        canvas.rect(low, y - 1, high - low, 2, style.RULE, m.change.id)
        return
    canvas.rect(low, y - 2, high - low, 4, NOW, m.change.id)
    tip = x - 7 if x > was else x + 7
    back = tip - 15 if x > was else tip + 15
    if abs(x - was) > 26:
        canvas.polygon([(tip, y), (back, y - 8), (back, y + 8)], NOW, m.change.id)


def _draw_change(canvas: Canvas, m: Measure, x: float, y: float, rows: Rows) -> None:
    draw_change(canvas, m.change, x, y, rows.kind.body)


def _draw_key(canvas: Canvas, top: float, then: Figure, now: Figure) -> None:
    y, x = top + 12, 0.0
    canvas.circle(x + 9, y, 7.25, style.WHITE, THEN)
    canvas.text(x + 26, y, then.text, size=style.BODY, fill=THEN, estimate=then.id)
    x += 26 + style.text_width(then.text, style.BODY) + 28
    canvas.circle(x + 9, y, 8.5, NOW)
    canvas.text(x + 26, y, now.text, size=style.BODY, bold=True, fill=NOW, estimate=now.id)
    x += 26 + style.text_width(now.text, style.BODY, True) + 28
    if x + 190 < canvas.width:
        canvas.rect(x, y - 9, 44, 18, BAND_THEN)
        canvas.rect(x + 12, y - 4, 44, 8, BAND_NOW)
        canvas.text(x + 66, y, "margins of error", size=style.BODY, fill=style.MUTED)
