"""Stacked bars of a question: one bar, or a row for each item of a grid."""

from __future__ import annotations

from wavedeck.draw import alt, stacked
from wavedeck.draw.frame import Frame
from wavedeck.draw.result import Context, Point, Result
from wavedeck.draw.words import heading, named, note_of_base
from wavedeck.exhibits import ScaleExhibit, scale_for
from wavedeck.figures import Figure
from wavedeck.survey import GridQuestion, Scale


def draw(exhibit: ScaleExhibit, context: Context) -> Result:
    question = context.survey.questions[exhibit.question]
    scale = scale_for(context.survey, exhibit.question)
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    if not isinstance(question, GridQuestion):
        return _draw_single(exhibit, context, scale, frame)

    names = list(exhibit.items or question.items)
    find = context.estimates
    bases = {name: find[f"{exhibit.question}.{name}:base"] for name in names}
    differ = len({base.text for base in bases.values()}) > 1
    stem = exhibit.question
    rows = {
        name: stacked.Row(
            label=question.items[name].label,
            base=bases[name] if differ else None,
            shares={option: find[f"{stem}.{option}.{name}"] for option in scale.options},
            nets=tuple(find[f"{stem}.{net}.{name}"] for net in exhibit.nets),
        )
        for name in names
    }
    if exhibit.sort:
        key = {name: find[f"{exhibit.question}.{exhibit.sort}.{name}"] for name in names}
        names.sort(key=lambda name: (key[name].suppressed, -key[name].size))
    ordered = [rows[name] for name in names]
    diverging = scale.order == "two_sided"
    canvas = stacked.draw_rows(frame, scale, ordered, exhibit.nets, diverging)

    lead = exhibit.sort or (exhibit.nets[0] if exhibit.nets else None)
    what = alt.sentence(named(exhibit, question))
    sentences = [f"Stacked bar chart, a bar for each row. {what}"]
    if lead:
        pairs = [(rows[n].label, find[f"{exhibit.question}.{lead}.{n}"]) for n in names]
        sentences.append(alt.extremes(f"The share of '{scale.label(lead)}'", pairs))
    if not differ:
        sentences.append(f"Base: {bases[names[0]].text}.")
    for name in names:
        base = bases[name] if differ else None
        sentences.append(row_sentence(scale, rows[name], exhibit.nets, base))
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=" ".join(sentence for sentence in sentences if sentence),
        points=tuple(point for row in ordered for point in row_points(scale, row, exhibit.nets)),
        note=note_of_base([bases[n] for n in names], question, context)
        + ((alt.SUPPRESSED,) if any(row.suppressed for row in ordered) else ()),
        canvas=canvas,
    )


def _draw_single(exhibit: ScaleExhibit, context: Context, scale: Scale, frame: Frame) -> Result:
    question = context.survey.questions[exhibit.question]
    find = context.estimates
    base = find[f"{exhibit.question}:base"]
    row = stacked.Row(
        label="",
        base=None,
        shares={option: find[f"{exhibit.question}.{option}"] for option in scale.options},
        nets=tuple(find[f"{exhibit.question}.{net}"] for net in exhibit.nets),
    )
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=f"Stacked bar. {alt.sentence(named(exhibit, question))} "
        f"{row_sentence(scale, row, exhibit.nets, None)} Base: {base.text}.",
        points=tuple(row_points(scale, row, exhibit.nets)),
        note=note_of_base([base], question, context)
        + ((alt.SUPPRESSED,) if row.suppressed else ()),
        canvas=stacked.draw_single(frame, scale, row, exhibit.nets),
    )


def row_sentence(scale: Scale, row: stacked.Row, nets: list[str], base: Figure | None) -> str:
    """'Acute trusts (base 79): agree strongly 10%, …; in all agree 40%.'"""
    count = f" (base {base.text})" if base else ""
    start = f"{row.label}{count}: " if row.label else ""
    if row.suppressed:
        return f"{start}{alt.spoken(next(e for e in row.shares.values() if e.suppressed))}."
    words = alt.values([(scale.label(name), share) for name, share in row.shares.items()])
    labels = [alt.lower(scale.label(net)) for net in nets]
    totals = alt.values(list(zip(labels, row.nets, strict=True)))
    words = alt.lower(words) if start else words
    return f"{start}{words}{f'; in all, {totals}' if totals else ''}."


def row_points(scale: Scale, row: stacked.Row, nets: list[str]) -> list[Point]:
    answers = [*row.shares.items(), *zip(nets, row.nets, strict=True)]
    return [Point(row.label, scale.label(name), estimate) for name, estimate in answers]
