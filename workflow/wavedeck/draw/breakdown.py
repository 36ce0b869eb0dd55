"""One share for each group of the banner: a bar, its interval, how it differs from the rest.

Groups of several questions stand in blocks under each other, in two columns where one is too long.
A dashed line marks the share of everyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from wavedeck.draw import alt, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.draw.words import heading, named
from wavedeck.errors import Problem, WavedeckError
from wavedeck.exhibits import BreakdownExhibit, breakdown_by, scale_for
from wavedeck.figures import Figure
from wavedeck.survey import GridQuestion

_MOST_PITCH = 46
_BETWEEN = 44
"""White between two columns."""
_BAR_FILL = "#6bace6"
_EVERYONE_FILL = style.MAIN
_BASE_ROOM = 90
"""What the heading of the bases takes of a column's width."""
_ARROW = 13
"""Side of the triangle that says higher or lower."""


@dataclass(frozen=True)
class Group:
    """A row of the chart; a row without an estimate is the title of a block."""

    label: str
    estimate: Figure | None = None
    base: Figure | None = None


def draw(exhibit: BreakdownExhibit, context: Context) -> Result:
    survey, find = context.survey, context.estimates
    question = survey.questions[exhibit.question]
    scale = scale_for(survey, exhibit.question)
    item = f".{exhibit.item}" if exhibit.item else ""
    name = f"{exhibit.question}.{exhibit.answer}{item}"
    everyone = Group("Everyone", find[name], find[f"{name}:base"])
    blocks = []
    for by in breakdown_by(exhibit, survey):
        groups = scale_for(survey, by)
        wanted = exhibit.groups.get(by) or groups.options
        found = [
            Group(groups.label(g), find[f"{name}@{by}.{g}"], find[f"{name}@{by}.{g}:base"])
            for g in wanted
        ]
        blocks.append([Group(exhibit.headings.get(by, survey.questions[by].text)), *found])
    rows = [row for block in blocks for row in block if row.estimate]
    answer = scale.label(exhibit.answer)
    of = (
        question.items[exhibit.item].label
        if isinstance(question, GridQuestion) and exhibit.item
        else ""
    )
    frame = Frame(exhibit.width == "half", heading(exhibit, question), context.where)
    marked = [row for row in rows if row.estimate and row.estimate.against_rest]
    opening = f"Bar chart of '{answer}' by group. {alt.sentence(named(exhibit, question))}"
    return Result(
        title=exhibit.title or f"{question.text} {answer}",
        number=question.number,
        alt=" ".join([opening, _spoken(everyone), *_sentences(blocks)]),
        points=tuple(
            Point(row.label, series, estimate)
            for row in [everyone, *rows]
            for series, estimate in ((answer, row.estimate), ("Base", row.base))
            if estimate
        ),
        note=_note(context, rows, bool(marked)),
        canvas=_draw(frame, everyone, blocks, ": ".join(filter(None, [of, answer]))),
    )


def _spoken(row: Group) -> str:
    assert row.estimate and row.base
    words = {"higher": ", higher than the rest", "lower": ", lower than the rest"}
    tested = words.get(row.estimate.against_rest, "")
    return f"{row.label} (base {row.base.text}): {alt.spoken(row.estimate)}{tested}."


def _sentences(blocks: Sequence[Sequence[Group]]) -> list[str]:
    return [
        text
        for title, *rows in blocks
        for text in (f"By {alt.lower(title.label).rstrip('?')}:", *map(_spoken, rows))
    ]


def _note(context: Context, rows: Sequence[Group], tested: bool) -> tuple[Part, ...]:
    parts = [Part(f"Base: {context.survey.respondents} who answered, shown for each group")]
    shown = [row.estimate for row in rows if row.estimate and not row.estimate.suppressed]
    if any(estimate.interval for estimate in shown):
        parts.append(Part("; lines across the bars: 95% confidence intervals"))
    parts.append(Part("; dashed: everyone"))
    if tested:
        parts.append(Part("; triangles: differs from all other groups of its heading together"))
    parts += alt.edition_note(context.estimates.edition)
    if any(row.estimate and row.estimate.suppressed for row in rows):
        parts.append(alt.SUPPRESSED)
    return tuple(parts)


def _draw(frame: Frame, everyone: Group, blocks: list[list[Group]], share: str) -> Canvas:
    for columns in _layouts(frame, everyone, blocks):
        width = (frame.width - _BETWEEN * (len(columns) - 1)) / len(columns)
        labels = [row.label for column in columns for row in column if row.estimate]
        most = max(map(len, columns))
        part = (0.25 if width > style.HALF else 0.42) * width / frame.width
        rows = frame.rows(
            labels,
            partial(_share_height, share, width),
            _MOST_PITCH,
            part,
            most,
        )
        height = rows.top + rows.pitch * most
        if height <= style.MOST_HEIGHT:
            break
    titles = [row.label for column in columns for row in column if not row.estimate]
    _check_titles(titles, width, rows.kind, frame.where)
    canvas = frame.canvas(height)
    for index, column in enumerate(columns):
        x = index * (width + _BETWEEN)
        _draw_share(canvas, frame, rows.kind, share, x, width)
        _draw_column(canvas, frame, rows, column, x, width, everyone)
    return canvas


def _share_lines(share: str, width: float, kind: style.Type) -> list[str]:
    """The words of the share that the bars show, left of the heading of the bases."""
    return style.wrap(share, width - _BASE_ROOM, kind.small, True)


def _share_height(share: str, width: float, kind: style.Type) -> float:
    return len(_share_lines(share, width, kind)) * kind.line + 4


def _draw_share(
    canvas: Canvas, frame: Frame, kind: style.Type, share: str, x: float, width: float
) -> None:
    for index, line in enumerate(_share_lines(share, width, kind)):
        y = frame.top + 8 + index * kind.line
        canvas.text(x, y, line, size=kind.small, bold=True)


def _check_titles(titles: Sequence[str], width: float, kind: style.Type, where: str) -> None:
    wide = [title for title in titles if style.text_width(title, kind.body, True) > width]
    if wide:
        raise WavedeckError(
            *(
                Problem(
                    where,
                    f"the title '{title}' is too long for its block",
                    remedy="give a shorter one under 'headings'",
                )
                for title in wide
            )
        )


def _layouts(
    frame: Frame, everyone: Group, blocks: list[list[Group]]
) -> Iterator[list[list[Group]]]:
    """All blocks in one column, then in two that are as even as can be."""
    # A chart of one block needs no title for it.
    shown = [blocks[0][1:]] if len(blocks) == 1 else blocks
    yield [[everyone, *(row for block in shown for row in block)]]
    if len(blocks) > 1 and frame.width == style.FULL:
        sizes = [len(block) for block in blocks]
        cut = min(
            range(1, len(blocks)), key=lambda place: max(1 + sum(sizes[:place]), sum(sizes[place:]))
        )
        left, right = (
            [row for block in half for row in block] for half in (blocks[:cut], blocks[cut:])
        )
        yield [[everyone, *left], right]


def _draw_column(
    canvas: Canvas,
    frame: Frame,
    rows: Rows,
    column: list[Group],
    x: float,
    width: float,
    everyone: Group,
) -> None:
    kind = rows.kind
    figure = style.text_width("100%", kind.figures, True) + _ARROW + 8
    base = max(style.text_width("Base", kind.small), style.text_width("0,000", kind.small))
    start = x + rows.labels.width + 18 + figure + 10
    end = x + width - base - 16
    unit = (end - start) / 100
    assert everyone.estimate
    canvas.text(x + width, frame.top + 8, "Base", size=kind.small, fill=style.MUTED, align="right")
    at = start + everyone.estimate.size * unit
    bottom = rows.top + rows.pitch * len(column)
    y = rows.top
    wrapped = {" ".join(lines): lines for lines in rows.labels.wrapped}
    for index, row in enumerate(column):
        middle = rows.top + rows.pitch * (index + 0.5)
        if row.estimate is None:
            size = kind.body
            canvas.text(x, middle + rows.pitch * 0.12, row.label, size=size, bold=True)
            line = middle + rows.pitch * 0.5 - 1
            canvas.rect(x, line, width, 1, style.HAIRLINE)
            continue
        rows.draw_label(canvas, x, middle, wrapped[" ".join(row.label.split())])
        _draw_row(canvas, rows, row, (x, start, unit, x + width), middle, row is everyone)
    while y < bottom:
        canvas.rect(at - 0.75, y, 1.5, min(5, bottom - y), style.INK, everyone.estimate.id)
        y += 9


def _draw_row(
    canvas: Canvas,
    rows: Rows,
    row: Group,
    places: tuple[float, float, float, float],
    y: float,
    is_everyone: bool,
) -> None:
    """Number, triangle, bar, interval and base; `places` are left, start, unit and right."""
    _, start, unit, right = places
    estimate, base, kind = row.estimate, row.base, rows.kind
    assert estimate and base
    fill = style.MUTED if estimate.suppressed else style.INK
    number = start - 10 - _ARROW - 6
    canvas.figure(
        number, y, estimate.text, estimate.id, size=kind.figures, fill=fill, align="right"
    )
    if estimate.against_rest and not estimate.suppressed:
        _draw_triangle(canvas, start - 10 - _ARROW / 2, y, estimate)
    if not estimate.suppressed:
        height = round(rows.pitch * 0.56)
        length = estimate.size * unit
        if length:
            colour = _EVERYONE_FILL if is_everyone else _BAR_FILL
            canvas.bar(start, round(y - height / 2), max(length, 1.5), height, colour, estimate.id)
        if estimate.interval and not is_everyone:
            low, high = (start + share * unit for share in estimate.interval)
            canvas.rect(low, y - 1, high - low, 2, style.INK, estimate.id)
            for end in (low, high - 2):
                canvas.rect(end, y - 5, 2, 10, style.INK, estimate.id)
    canvas.text(
        right,
        y,
        base.text,
        size=kind.small,
        fill=style.MUTED,
        align="right",
        estimate=base.id,
    )


def _draw_triangle(canvas: Canvas, x: float, y: float, estimate: Figure) -> None:
    half, tip = _ARROW / 2, -_ARROW * 0.45
    if estimate.against_rest == "higher":
        points, colour = [(x, y + tip), (x + half, y - tip), (x - half, y - tip)], style.MAIN
    else:
        points, colour = [(x, y - tip), (x + half, y + tip), (x - half, y + tip)], style.OTHER
    canvas.polygon(points, colour, estimate.id)
