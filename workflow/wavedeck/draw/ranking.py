"""Mean rank score and number of mentions, side by side."""

from __future__ import annotations

from wavedeck.draw import alt, style
from wavedeck.draw.frame import Frame
from wavedeck.draw.lookup import Estimate
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading, named
from wavedeck.exhibits import RankingExhibit
from wavedeck.survey import RankingQuestion

_MEAN, _MENTIONS = "Mean rank score", "Mentions"
_HEAD = 34
_MOST_PITCH = 52
_LABEL_GAP = 16
_BETWEEN = 40
_NUMBER = 48


def draw(exhibit: RankingExhibit, context: Context) -> Result:
    question = context.survey.questions[exhibit.question]
    assert isinstance(question, RankingQuestion)  # load_exhibits has checked it
    find = context.estimates
    rows = [
        (item.label, find[f"{exhibit.question}.{name}:mean"], find[f"{exhibit.question}.{name}:mentions"])
        for name, item in question.items.items()
    ]
    rows.sort(key=lambda row: (row[1].suppressed, -row[1].value))
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    labels = frame.labels([label for label, *_ in rows], 0.36)
    top = frame.top + _HEAD
    pitch = frame.pitch(top, labels, _MOST_PITCH)
    canvas = frame.canvas(top + pitch * len(rows))
    left = labels.width + _LABEL_GAP
    room = frame.width - left - _BETWEEN
    panels = [(left, room * 0.58, _MEAN, style.MAIN), (left + room * 0.58 + _BETWEEN, room * 0.42, _MENTIONS, style.APART)]
    for column, (x, width, title, fill) in enumerate(panels):
        canvas.text(x, frame.top + 11, title, size=style.SMALL, fill=style.MUTED)
        estimates: list[Estimate] = [row[1 + column] for row in rows]
        # Scores run to the number of items; mentions to the most mentioned.
        longest = len(rows) if column == 0 else max(estimate.value for estimate in estimates)
        unit = (width - _NUMBER) / max(longest, 1)
        height = round(pitch * 0.66)
        for index, estimate in enumerate(estimates):
            middle = top + pitch * index + pitch / 2
            length = 0.0 if estimate.suppressed else estimate.value * unit
            if length:
                canvas.rect(x, round(middle - height / 2), length, height, fill, estimate.id)
            canvas.text(x + length + 8, middle, estimate.text, size=style.FIGURES, bold=True,
                        estimate=estimate.id)  # fmt: skip
            if column == 0:
                canvas.lines(0, middle, labels.wrapped[index])
    means = [(label, mean) for label, mean, _ in rows]
    words = [
        f"{label}: mean rank score {alt.spoken(mean)}, mentions {alt.spoken(mentions)}."
        for label, mean, mentions in rows
    ]
    opening = f"Two bar charts side by side, {_MEAN.lower()} and {_MENTIONS.lower()}. {alt.sentence(named(exhibit, question))} A higher score means more important."
    base = find.find(f"{exhibit.question}:base")
    who = context.survey.respondents
    note = [Part("Base: "), Part(base.text, base.id), Part(f" {who} who ranked at least one")] if base else []
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=" ".join([opening, alt.extremes("The mean rank score", means), *words]),
        points=tuple(
            point
            for label, mean, mentions in rows
            for point in (Point(label, _MEAN, mean), Point(label, _MENTIONS, mentions))
        ),
        note=(*note, Part("; a higher score means more important" if note else "A higher score means more important"), *alt.edition_note(find.edition)),
        canvas=canvas,
    )
