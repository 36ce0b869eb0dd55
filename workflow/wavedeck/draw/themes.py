"""Themes of coded open text: how many respondents raised each, in all and by group."""

from __future__ import annotations

from dataclasses import dataclass

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading, named
from wavedeck.exhibits import ThemesExhibit, scale_for
from wavedeck.figures import Figure
from wavedeck.survey import TextQuestion

_LABEL_GAP = 16
_MOST_PITCH = 72
_NUMBER = 44
"""Room for a number behind the longest bar."""
_BETWEEN = 28
_MOST_TILE = 150


@dataclass(frozen=True)
class Row:
    """How many raised a theme: in all, and in each group."""

    label: str
    count: Figure
    groups: tuple[Figure, ...]


@dataclass(frozen=True)
class Column:
    """A group of respondents, and how many of them wrote something."""

    label: str
    base: Figure


def draw(exhibit: ThemesExhibit, context: Context) -> Result:
    question = context.survey.questions[exhibit.question]
    assert isinstance(question, TextQuestion)  # load_exhibits has checked it
    find, name = context.estimates, exhibit.question
    columns = _columns(exhibit, context)
    subsets = [f"@{exhibit.by}.{key}" for key in columns]
    rows = [
        Row(
            question.scale.label(answer),
            find[f"{name}.{answer}:count"],
            tuple(find[f"{name}.{answer}{subset}:count"] for subset in subsets),
        )
        for answer in exhibit.answers or question.themes
    ]
    if exhibit.sort == "count":
        rows.sort(key=lambda row: -row.count.size)
    base = find[f"{name}:base"]
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    who = context.survey.respondents
    return Result(
        title=exhibit.title or question.text,
        number=question.number,
        alt=_alt(exhibit, question, rows, list(columns.values()), base),
        points=tuple(
            point
            for row in rows
            for point in (
                Point(row.label, "All", row.count),
                *(
                    Point(row.label, column.label, estimate)
                    for column, estimate in zip(columns.values(), row.groups, strict=True)
                ),
            )
        ),
        note=(Part("Base: "), Part(base.text, base.id), Part(f" {who}; a number says how many"))
        + (Part(" of them raised the theme"),)
        + ((alt.SUPPRESSED,) if any(g.suppressed for row in rows for g in row.groups) else ()),
        canvas=_draw(frame, rows, list(columns.values()), base),
    )


def _columns(exhibit: ThemesExhibit, context: Context) -> dict[str, Column]:
    """Groups by the option that makes them."""
    if not exhibit.by:
        return {}
    scale = scale_for(context.survey, exhibit.by)
    return {
        key: Column(
            option.short or option.label,
            context.estimates[f"{exhibit.question}@{exhibit.by}.{key}:base"],
        )
        for key, option in scale.options.items()
    }


def _draw(frame: Frame, rows: list[Row], columns: list[Column], base: Figure) -> Canvas:
    """Labels, a bar for everyone on a scale from none to all, a tile for each group."""
    tile = min(_MOST_TILE, frame.width * 0.46 / len(columns)) if columns else 0.0
    headings = [style.wrap(column.label, tile - 10, style.NORMAL.small) for column in columns]
    head = (max(map(len, headings), default=0) + 1) * style.NORMAL.line + 8 if columns else 0
    found = frame.rows([row.label for row in rows], lambda kind: head, _MOST_PITCH, 0.3)
    canvas = frame.canvas(found.top + found.pitch * len(rows))
    left = found.labels.width + _LABEL_GAP
    tiles = frame.width - tile * len(columns)
    length = tiles - left - _NUMBER - (_BETWEEN if columns else 0)
    if columns:
        _draw_headings(canvas, frame.top, head, (left, tiles, tile), headings, columns, base)
    for index, row in enumerate(rows):
        middle = found.top + found.pitch * (index + 0.5)
        found.draw_label(canvas, 0, middle, found.labels.wrapped[index])
        _draw_bar(canvas, found, left, middle, length, row.count, base)
        for place, (column, estimate) in enumerate(zip(columns, row.groups, strict=True)):
            _draw_tile(canvas, found, tiles + tile * place, middle, tile, estimate, column.base)
    return canvas


def _draw_headings(
    canvas: Canvas,
    top: float,
    head: float,
    places: tuple[float, float, float],
    headings: list[list[str]],
    columns: list[Column],
    base: Figure,
) -> None:
    """Above the rows, ending on one line: what each column is, with its base."""
    left, tiles, tile = places
    kind = style.NORMAL
    last = top + head - 8 - kind.line / 2
    all_ = "All "
    canvas.text(left, last, all_, size=kind.small, fill=style.MUTED)
    x = left + style.text_width(all_, kind.small) + 4
    _draw_base(canvas, x, last, base, "left")
    for place, (lines, column) in enumerate(zip(headings, columns, strict=True)):
        middle = tiles + tile * (place + 0.5)
        for index, line in enumerate(reversed(lines), start=1):
            y = last - index * kind.line
            canvas.text(middle, y, line, size=kind.small, fill=style.MUTED, align="center")
        _draw_base(canvas, middle, last, column.base, "center")


def _draw_base(canvas: Canvas, x: float, y: float, base: Figure, align: str) -> None:
    text = f"({base.text})"
    size, fill = style.NORMAL.small, style.MUTED
    canvas.text(x, y, text, size=size, fill=fill, align=align, estimate=base.id)


def _draw_bar(
    canvas: Canvas,
    rows: Rows,
    left: float,
    middle: float,
    length: float,
    count: Figure,
    base: Figure,
) -> None:
    height = round(min(rows.pitch, 58) * 0.62)
    y = round(middle - height / 2)
    canvas.rect(left, y, length, height, style.HAIRLINE)
    width = length * count.size / base.value if base.value else 0.0
    if width:
        canvas.rect(left, y, width, height, style.MAIN, count.id)
    canvas.figure(left + length + 10, middle, count.text, count.id, size=rows.kind.figures)


def _draw_tile(
    canvas: Canvas,
    rows: Rows,
    left: float,
    middle: float,
    width: float,
    count: Figure,
    base: Figure,
) -> None:
    """The darker, the larger the part of the group."""
    height = rows.pitch - 4
    share = count.size / base.value if base.value and not count.suppressed else 0.0
    fill = style.tint(share)
    canvas.rect(left + 2, middle - height / 2, width - 4, height, fill, count.id)
    ink = style.ink_on(fill)
    size = rows.kind.figures
    canvas.figure(
        left + width / 2, middle, count.text, count.id, size=size, fill=ink, align="center"
    )


def _alt(
    exhibit: ThemesExhibit,
    question: TextQuestion,
    rows: list[Row],
    columns: list[Column],
    base: Figure,
) -> str:
    opening = f"Bars and tiles of themes. {alt.sentence(named(exhibit, question))}"
    groups = alt.series([f"{column.label} {column.base.text}" for column in columns])
    bases = f"Base: {base.text}{f', of them {groups}' if groups else ''}."
    words = [
        f"{row.label}: {alt.spoken(row.count)}"
        + (f" ({', '.join(alt.spoken(group) for group in row.groups)})." if row.groups else ".")
        for row in rows
    ]
    return " ".join([opening, bases, *words])
