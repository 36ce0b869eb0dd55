"""Mean rank score and number of mentions, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading, named
from wavedeck.exhibits import RankingExhibit
from wavedeck.figures import Figure
from wavedeck.survey import RankingQuestion

_MEAN, _MENTIONS = "Mean rank score", "Mentions"
_HIGHER = "A higher score means more important"
_HEAD = 34
_MOST_PITCH = 64
_LABEL_GAP = 16
_BETWEEN = 40
_NUMBER = 48


@dataclass(frozen=True)
class Row:
    label: str
    mean: Figure
    mentions: Figure


def draw(exhibit: RankingExhibit, context: Context) -> Result:
    question = context.survey.questions[exhibit.question]
    assert isinstance(question, RankingQuestion)  # load_exhibits has checked it
    find = context.estimates
    stem = exhibit.question
    rows = [
        Row(item.label, find[f"{stem}.{name}:mean"], find[f"{stem}.{name}:mentions"])
        for name, item in question.items.items()
    ]
    rows.sort(key=lambda row: (row.mean.suppressed, -row.mean.size))
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    found = frame.rows([row.label for row in rows], lambda kind: _HEAD, _MOST_PITCH, 0.36)
    canvas = frame.canvas(found.top + found.pitch * len(rows))
    left = found.labels.width + _LABEL_GAP
    room = frame.width - left - _BETWEEN
    for index, lines in enumerate(found.labels.wrapped):
        found.draw_label(canvas, 0, found.top + found.pitch * (index + 0.5), lines)
    # Scores run to the number of items; mentions to the most mentioned.
    means, mentions = [row.mean for row in rows], [row.mentions for row in rows]
    most = max(estimate.size for estimate in mentions)
    # Where no number of mentions can be shown, scores have all the room.
    both = not all(estimate.suppressed for estimate in mentions)
    wide = room * 0.58 if both else room + _BETWEEN
    _draw_panel(canvas, found, (left, wide), _MEAN, style.MAIN, means, len(rows))
    if both:
        right = (left + wide + _BETWEEN, room - wide)
        _draw_panel(canvas, found, right, _MENTIONS, style.SECOND, mentions, most)
    words = [
        f"{row.label}: mean rank score {alt.spoken(row.mean)}"
        f"{f', mentions {alt.spoken(row.mentions)}' if both else ''}."
        for row in rows
    ]
    what = f"Bar charts side by side, {_MEAN.lower()} and {_MENTIONS.lower()}"
    opening = f"{what if both else f'Bar chart of the {_MEAN.lower()}'}. "
    opening += f"{alt.sentence(named(exhibit, question))} {_HIGHER}."
    lead = alt.extremes("The mean rank score", [(row.label, row.mean) for row in rows])
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=" ".join(filter(None, [opening, lead, *words])),
        points=tuple(
            point
            for row in rows
            for point in (
                Point(row.label, _MEAN, row.mean),
                *([Point(row.label, _MENTIONS, row.mentions)] if both else []),
            )
        ),
        note=_note(exhibit, context),
        canvas=canvas,
    )


def _draw_panel(
    canvas: Canvas,
    rows: Rows,
    place: tuple[float, float],
    title: str,
    fill: str,
    estimates: list[Figure],
    most: float,
) -> None:
    """Bars from left, over a width (`place`); `most` is the value at the right end."""
    left, width = place
    canvas.text(left, rows.top - _HEAD + 11, title, size=rows.kind.small, fill=style.MUTED)
    unit = (width - _NUMBER) / max(most, 1)
    height = round(rows.pitch * 0.66)
    for index, estimate in enumerate(estimates):
        middle = rows.top + rows.pitch * (index + 0.5)
        length = 0.0 if estimate.suppressed else estimate.size * unit
        if length:
            canvas.bar(left, round(middle - height / 2), length, height, fill, estimate.id)
        x = left + length + 8
        canvas.figure(x, middle, estimate.text, estimate.id, size=rows.kind.figures)


def _note(exhibit: RankingExhibit, context: Context) -> tuple[Part, ...]:
    find = context.estimates
    edition = alt.edition_note(find.edition)
    base = find.find(f"{exhibit.question}:base")
    if base is None:
        return (Part(_HIGHER), *edition)
    who = f" {context.survey.respondents} who ranked at least one"
    return (
        Part("Base: "),
        Part(base.text, base.id),
        Part(f"{who}; {alt.lower(_HIGHER)}"),
        *edition,
    )
