"""Tables: options of a question, or themes of an open answer, with counts and shares."""

from __future__ import annotations

from wavedeck.draw import alt
from wavedeck.draw.bars import SEVERAL
from wavedeck.draw.result import Context, Part, Point, Result, Table
from wavedeck.draw.words import answered
from wavedeck.exhibits import TableExhibit, scale_for
from wavedeck.figures import Figure
from wavedeck.survey import MultiQuestion

_HEADINGS = {"label": "", "count": "Number", "percent": "Share"}
_TOTAL = "Total"


def draw(exhibit: TableExhibit, context: Context) -> Result:
    survey, find = context.survey, context.estimates
    name, _, other = exhibit.question.partition(".")
    question = survey.questions[name]
    if other:
        written = survey.open_text(name, other)
        assert written is not None  # load_exhibits has checked it
        labels = written.themes
        base = find[f"{name}.other:count"]
    else:
        labels = {key: option.label for key, option in scale_for(survey, name).options.items()}
        base = find[f"{name}:base"]

    def cell(key: str, column: str) -> Figure:
        stem = f"{exhibit.question}.{key}"
        return find[f"{stem}:count" if column == "count" else stem]

    keys = list(labels)
    # A column with nothing to show is left out, as long as another is left.
    told = [c for c in exhibit.columns if not all(cell(key, c).suppressed for key in keys)]
    columns = told or exhibit.columns
    if exhibit.sort == "count":
        keys.sort(key=lambda key: -cell(key, "count").size)
    headings = dict[str, str](_HEADINGS)
    headings.update({str(column): text for column, text in exhibit.headings.items()})
    header = tuple(headings[column] for column in ("label", *columns))
    rows = [
        (Part(labels[key]), *(Part(e.text, e.id) for e in (cell(key, c) for c in columns)))
        for key in keys
    ]
    points = [
        Point(labels[key], headings[column], cell(key, column))
        for key in keys
        for column in columns
    ]
    if exhibit.total and "count" in columns:
        number = Part(base.text, base.id)
        blanks = [number if column == "count" else Part("") for column in columns]
        rows.append((Part(_TOTAL), *blanks))
        points.append(Point(_TOTAL, headings["count"], base))
    what = "mentions" if other else f"{survey.respondents} {answered(question)}"
    several = not other and isinstance(question, MultiQuestion) and question.several
    title = exhibit.title or question.text
    words = [
        f"{labels[key]}: {', '.join(alt.spoken(cell(key, column)) for column in columns)}."
        for key in keys
    ]
    return Result(
        title=title,
        number=question.number,
        alt=f"Table. {alt.sentence(title)} {' '.join(words)} Base: {base.text} {what}.",
        points=tuple(points),
        note=(Part("Base: "), Part(base.text, base.id), Part(f" {what}"))
        + (alt.edition_note(find.edition) if "percent" in columns else ())
        + ((SEVERAL,) if several else ()),
        table=Table(header, tuple(rows)),
    )
