"""Share of responding organisations against their share of the frame, by category."""

from __future__ import annotations

from wavedeck.draw import alt, dumbbell
from wavedeck.draw.frame import Frame
from wavedeck.draw.result import Context, Part, Point, Result, Table
from wavedeck.draw.words import heading
from wavedeck.exhibits import PairedExhibit, scale_for

_MOST_PITCH = 72


def draw(exhibit: PairedExhibit, context: Context) -> Result:
    survey, find = context.survey, context.estimates
    question = survey.questions[exhibit.margin]
    outside = survey.outside_frame.get(exhibit.margin, [])
    labels = {
        name: option.label
        for name, option in scale_for(survey, exhibit.margin).options.items()
        if name not in outside
    }
    ours = {name: find[f"responding.{exhibit.margin}.{name}"] for name in labels}
    frame = {name: find[f"frame.{exhibit.margin}.{name}"] for name in labels}
    names = list(labels)
    if exhibit.sort == "frame":
        names.sort(key=lambda name: -frame[name].size)
    rows = [dumbbell.Row(labels[name], ours[name], frame[name]) for name in names]

    what = survey.units
    ours_label = f"Responding {what}"
    frame_label = frame_words(context)
    room = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    above = dumbbell.key_height(room.width, ours_label, frame_label)
    part = 0.36 if exhibit.width == "half" else 0.27
    found = room.rows([row.label for row in rows], lambda kind: above, _MOST_PITCH, part)
    canvas = room.canvas(found.top + found.pitch * len(rows))
    dumbbell.draw_key(canvas, ours_label, frame_label, room.top)
    most = max(max(row.ours.size, row.frame.size) for row in rows)
    dumbbell.draw_rows(canvas, rows, found, (0, found.top, room.width), max(most, 1))

    title = exhibit.title or question.text
    sentences = [
        f"Dots on a line for each category: {ours_label.lower()}, {alt.lower(frame_label)}.",
        alt.sentence(title),
        *(
            f"{row.label}: {alt.spoken(row.ours)} of responding, {alt.spoken(row.frame)} of all."
            for row in rows
        ),
    ]
    cells = []
    for name in names:
        key = f"{exhibit.margin}.{name}:count"
        counts = [find.find(f"responding.{key}"), find.find(f"frame.{key}")]
        parts = [Part(labels[name])]
        for count, share in zip(counts, (ours[name], frame[name]), strict=True):
            parts += [Part(count.text, count.id)] if count else [Part("")]
            parts.append(Part(share.text, share.id))
        cells.append(tuple(parts))
    header = (
        question.text,
        f"Responding {what}",
        "Share of these",
        f"All {what}",
        "Share of all",
    )
    return Result(
        title=title,
        number=question.number,
        alt=" ".join(sentences),
        points=tuple(
            point
            for row in rows
            for point in (
                Point(row.label, ours_label, row.ours),
                Point(row.label, frame_label, row.frame),
            )
        ),
        note=frame_note(context),
        canvas=canvas,
        table=Table(header, tuple(cells)),
    )


def frame_words(context: Context) -> str:
    """'All single tier and county councils in England'."""
    label = context.survey.frame.label if context.survey.frame else "the frame"
    return label[0].upper() + label[1:]


def frame_note(context: Context) -> tuple[Part, ...]:
    """How many organisations responded, where that is an estimate."""
    what = context.survey.units
    for name, count in context.survey.sample.items():
        if count.count == "organisations" and count.where == "in_frame":
            estimate = context.estimates[name]
            return (
                Part("Base: "),
                Part(estimate.text, estimate.id),
                Part(f" responding {what}, each counted once"),
            )
    return (Part(f"Base: responding {what}, each counted once"),)
