"""Stacked bars of one question for each group of another."""

from __future__ import annotations

from wavedeck.draw import alt, stacked
from wavedeck.draw.frame import Frame
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.scale import row_points, row_sentence
from wavedeck.draw.words import heading, named
from wavedeck.exhibits import CrosstabExhibit, scale_for
from wavedeck.figures import Figure


def draw(exhibit: CrosstabExhibit, context: Context) -> Result:
    survey, find = context.survey, context.estimates
    question, by = survey.questions[exhibit.question], survey.questions[exhibit.by]
    scale, by_scale = scale_for(survey, exhibit.question), scale_for(survey, exhibit.by)
    item = f".{exhibit.item}" if exhibit.item else ""
    groups = exhibit.groups or list(by_scale.options)

    def estimate(answer: str, group: str) -> Figure:
        return find[f"{exhibit.question}.{answer}{item}@{exhibit.by}.{group}"]

    def base(group: str) -> Figure:
        # Every answer carries the same base; a net that readers see names it first.
        answers = [*exhibit.nets, *scale.answers]
        subset = f"@{exhibit.by}.{group}:base"
        names = [f"{exhibit.question}.{answer}{item}{subset}" for answer in answers]
        return find.find(*names) or find[f"{exhibit.question}{item}{subset}"]

    rows = [
        stacked.Row(
            label=by_scale.label(group),
            base=base(group),
            shares={option: estimate(option, group) for option in scale.options},
            nets=tuple(estimate(net, group) for net in exhibit.nets),
        )
        for group in groups
    ]
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    title = exhibit.title or f"{question.text} By: {by.text}"
    label = " / ".join(filter(None, [question.number, by.number]))
    what = alt.sentence(named(exhibit, question))
    groups_by = alt.sentence(f"{by.number}: {by.text}" if by.number else by.text)
    sentences = [f"Stacked bar chart, a bar for each group. {what} Groups by {groups_by}"]
    sentences += [row_sentence(scale, row, exhibit.nets, row.base) for row in rows]
    return Result(
        title=title,
        number=label,
        alt=" ".join(sentences),
        points=tuple(
            point
            for row in rows
            for point in (
                *row_points(scale, row, exhibit.nets),
                *([Point(row.label, "Base", row.base)] if row.base else []),
            )
        ),
        note=_note(exhibit, context, item, [*exhibit.nets, *scale.answers])
        + ((alt.SUPPRESSED,) if any(row.suppressed for row in rows) else ()),
        canvas=stacked.draw_rows(frame, scale, rows, exhibit.nets, diverging=False, bracketed=True),
    )


def _note(
    exhibit: CrosstabExhibit, context: Context, item: str, answers: list[str]
) -> tuple[Part, ...]:
    """How many answered both questions, where that is an estimate; bases stand in brackets."""
    subset = f"@{exhibit.by}.answered:base"
    names = [f"{exhibit.question}.{answer}{item}{subset}" for answer in answers]
    both = context.estimates.find(*names, f"{exhibit.question}{item}{subset}")
    who = context.survey.respondents
    number = [Part("Base: "), Part(both.text, both.id)] if both else [Part("Base:")]
    parts = [*number, Part(f" {who} who answered both questions")]
    brackets = Part("; bases of groups in brackets")
    return (*parts, brackets, *alt.edition_note(context.estimates.edition))
