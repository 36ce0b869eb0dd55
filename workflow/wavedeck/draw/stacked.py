"""Stacked bars: the drawing that scales and cross-tabulations share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame, Rows
from wavedeck.draw.legend import Legend
from wavedeck.figures import Figure
from wavedeck.survey import Scale

_NET_WIDTH = 110
_BASE_WIDTH = 62
_COLUMN_GAP = 18
_LABEL_GAP = 16
_MOST_PITCH = 128
_MOST_BAR = 84
_SINGLE_BAR = 90
_BRACKET = 52
_OUTSIDE = 20
"""Above a single bar, for the numbers of segments that are too narrow for theirs."""
_HEADING = 22
"""Column headings stand this far above the rows, level with the last line of the legend."""


@dataclass(frozen=True)
class Row:
    label: str
    base: Figure | None
    """Printed when it is given."""
    shares: dict[str, Figure]
    """An estimate for each option, in the order of the scale."""
    nets: tuple[Figure, ...] = ()

    @property
    def suppressed(self) -> bool:
        return any(share.suppressed for share in self.shares.values())


def draw_single(frame: Frame, scale: Scale, row: Row, nets: Sequence[str]) -> Canvas:
    """One bar over the whole width, its nets as brackets under it."""
    fills = style.colours(scale)
    kind = style.MEDIUM
    legend = _legend(scale, fills, frame.width, kind)
    spans = _full(scale, row, 0, frame.width, _any_apart(scale, [row]))
    outside = (
        []
        if row.suppressed
        else [
            name
            for name, (_, width) in spans.items()
            if width > 0 and not _fits(row.shares[name], width - style.GAP, style.SINGLE_FIGURES)
        ]
    )
    top = frame.top + legend.height + (_OUTSIDE if outside else 0)
    canvas = frame.canvas(top + _SINGLE_BAR + (_BRACKET if nets else 0))
    legend.draw(canvas, 0, frame.top)
    _draw_segments(
        canvas, row, spans, fills, top, _SINGLE_BAR, style.SINGLE_FIGURES, (0, frame.width)
    )
    if row.suppressed:
        return canvas
    _draw_outside(canvas, [(row.shares[name], *spans[name]) for name in outside], top - 12, kind)
    for net, estimate in zip(nets, row.nets, strict=True):
        held = [spans[name] for name in scale.nets[net] if name in spans and spans[name][1] > 0]
        if held:
            left = min(x for x, _ in held)
            right = max(x + width for x, width in held) - style.GAP
            foot = top + _SINGLE_BAR
            _draw_bracket(canvas, left, right, foot, scale.label(net), estimate, kind)
    return canvas


def _draw_outside(
    canvas: Canvas, shares: Sequence[tuple[Figure, float, float]], y: float, kind: style.Type
) -> None:
    """Numbers above the segments (x and width) that are too narrow to hold them, in order."""
    numbers = [style.text_width(share.text, kind.small, True) for share, _, _ in shares]
    places, end = [], 0.0
    for (_, x, width), number in zip(shares, numbers, strict=True):
        places.append(max(x + (width - style.GAP - number) / 2, end))
        end = places[-1] + number + 8
    end = canvas.width
    for index in reversed(range(len(shares))):
        share = shares[index][0]
        left = min(places[index], end - numbers[index])
        canvas.figure(left, y, share.text, share.id, size=kind.small)
        end = left - 8


def _draw_bracket(
    canvas: Canvas,
    left: float,
    right: float,
    y: float,
    label: str,
    estimate: Figure,
    kind: style.Type,
) -> None:
    canvas.rect(left, y + 8, right - left, 2, style.MUTED)
    for x in (left, right - 2):
        canvas.rect(x, y + 3, 2, 6, style.MUTED)
    number = style.text_width(estimate.text, kind.figures, True)
    whole = style.text_width(f"{label} ", kind.body) + number
    start = (left + right - whole) / 2
    start = min(max(start, 0), canvas.width - whole)
    canvas.text(start, y + 32, label, size=kind.body)
    right = start + whole - number
    canvas.figure(right, y + 32, estimate.text, estimate.id, size=kind.figures)


def draw_rows(
    frame: Frame,
    scale: Scale,
    rows: Sequence[Row],
    nets: Sequence[str],
    diverging: bool,
    bracketed: bool = False,
) -> Canvas:
    """A bar for each row, nets in columns at the right.

    Bases stand in a column too, or, when `bracketed`, after the label: 'Agree (16)'.
    """
    fills = style.colours(scale)
    net_width = _NET_WIDTH if frame.width == style.FULL else 84
    right = float(frame.width)
    base_right = right
    based = any(row.base for row in rows) and not bracketed
    if based:
        right -= _BASE_WIDTH
    net_rights: list[float] = []
    for _ in reversed(nets):
        net_rights.insert(0, right)
        right -= net_width
    if right < frame.width:
        right -= _COLUMN_GAP

    def headings(kind: style.Type) -> list[list[str]]:
        return [style.wrap(scale.label(net), net_width - 6, kind.small) for net in nets]

    def head(kind: style.Type) -> float:
        lines = max(map(len, headings(kind)), default=0)
        return max(_legend(scale, fills, right, kind).height, lines * kind.line + 12)

    labels = [_bracketed(row) if bracketed else row.label for row in rows]
    found = frame.rows(labels, head, _MOST_PITCH)
    kind, top, pitch = found.kind, found.top, found.pitch
    left = found.labels.width + _LABEL_GAP
    legend = _legend(scale, fills, right, kind)
    canvas = frame.canvas(top + pitch * len(rows))
    legend.draw(canvas, 0, top - legend.height)
    for x, lines in zip(net_rights, headings(kind), strict=True):
        _draw_heading(canvas, x, top - _HEADING, lines, kind)
    if based:
        _draw_heading(canvas, base_right, top - _HEADING, ["Base"], kind)

    found.draw_rules(canvas)
    spaced = _any_apart(scale, rows)
    bar = min(_MOST_BAR, round(pitch * 0.7))
    layout = _Diverging(scale, rows, left, right) if diverging else None
    for index, row in enumerate(rows):
        middle = top + pitch * index + pitch / 2
        _draw_label(canvas, middle, found, index, row if bracketed else None)
        spans = layout.spans(row) if layout else _full(scale, row, left, right, spaced)
        start = layout.zero if layout else left
        ends = (left, right) if layout is None else None
        _draw_segments(
            canvas, row, spans, fills, round(middle - bar / 2), bar, kind.figures, ends, start
        )
        if not row.suppressed:
            for x, estimate in zip(net_rights, row.nets, strict=True):
                canvas.figure(
                    x, middle, estimate.text, estimate.id, size=kind.figures, align="right"
                )
        if row.base and based:
            canvas.text(
                base_right,
                middle,
                row.base.text,
                size=kind.small,
                fill=style.MUTED,
                align="right",
                estimate=row.base.id,
            )
    return canvas


def _draw_heading(
    canvas: Canvas, right: float, y: float, lines: list[str], kind: style.Type
) -> None:
    """A column's heading, its last line at `y`."""
    for index, line in enumerate(reversed(lines)):
        above = y - index * kind.line
        canvas.text(right, above, line, size=kind.small, fill=style.MUTED, align="right")


def _bracketed(row: Row) -> str:
    return f"{row.label} ({row.base.text})" if row.base else row.label


def _draw_label(canvas: Canvas, y: float, rows: Rows, index: int, bracketed: Row | None) -> None:
    """A row's label; a base in brackets is a mark of its own, with its estimate."""
    lines = rows.labels.wrapped[index]
    if bracketed is None or bracketed.base is None:
        rows.draw_label(canvas, 0, y, lines)
        return
    kind = rows.labels.kind
    words, base = lines[-1].rsplit(" ", 1) if " " in lines[-1] else ("", lines[-1])
    canvas.lines(0, y, [*lines[:-1], words], kind)
    x = style.text_width(f"{words} ", kind.body) if words else 0
    last = y + (len(lines) - 1) * kind.line / 2
    canvas.text(x, last, base, size=kind.body, fill=style.MUTED, estimate=bracketed.base.id)


def _legend(scale: Scale, fills: dict[str, str], width: float, kind: style.Type) -> Legend:
    names = [*(name for name in scale.options if name not in scale.apart), *scale.apart]
    entries = {scale.label(name): fills[name] for name in names}
    found, smaller = Legend(entries, width, kind), Legend(entries, width)
    return smaller if smaller.lines < found.lines else found


def _full(
    scale: Scale, row: Row, left: float, right: float, spaced: bool
) -> dict[str, tuple[float, float]]:
    """x and width of each segment of a 100% bar; options off the scale end at the right edge."""
    apart = [name for name in row.shares if name in scale.apart]
    # The gap stands in every bar of a chart, so that equal shares have equal lengths.
    gap = style.APART_GAP - style.GAP if apart and spaced else 0
    unit = (right - left - gap) / 100
    spans: dict[str, tuple[float, float]] = {}
    x = left
    for name, share in row.shares.items():
        if name in apart and name == apart[0]:
            x = right - unit * sum(row.shares[other].size for other in apart)
        spans[name] = (x, share.size * unit)
        x += share.size * unit
    return spans


def _any_apart(scale: Scale, rows: Sequence[Row]) -> bool:
    return any(row.shares[name].size for row in rows for name in scale.apart)


class _Diverging:
    """Bars around the middle of a two-sided scale; what is off the scale has its own axis."""

    def __init__(self, scale: Scale, rows: Sequence[Row], left: float, right: float) -> None:
        self._parts, self._apart = style.sides(scale), scale.apart
        shown = [row for row in rows if not row.suppressed] or [rows[0]]
        before = max(self._before(row) for row in shown)
        after = max(
            self._sum(row, self._parts.middle) / 2 + self._sum(row, self._parts.last)
            for row in shown
        )
        apart = max(self._sum(row, self._apart) for row in shown)
        gap = 28 if apart else 0
        self._unit = (right - left - gap) / max(before + after + apart, 1)
        self.zero = left + before * self._unit
        self._apart_left = right - apart * self._unit

    @staticmethod
    def _sum(row: Row, names: Sequence[str]) -> float:
        return sum(row.shares[name].size for name in names)

    def _before(self, row: Row) -> float:
        return self._sum(row, self._parts.first) + self._sum(row, self._parts.middle) / 2

    def spans(self, row: Row) -> dict[str, tuple[float, float]]:
        x = self.zero - self._before(row) * self._unit
        spans = {}
        for name in (*self._parts.first, *self._parts.middle, *self._parts.last):
            spans[name] = (x, row.shares[name].size * self._unit)
            x += spans[name][1]
        x = self._apart_left
        for name in self._apart:
            spans[name] = (x, row.shares[name].size * self._unit)
            x += spans[name][1]
        return spans


def _fits(share: Figure, width: float, size: float) -> bool:
    """Whether a segment has room for its number."""
    return style.text_width(share.text, size, True) + 8 <= width


def _draw_segments(
    canvas: Canvas,
    row: Row,
    spans: dict[str, tuple[float, float]],
    fills: dict[str, str],
    y: float,
    height: float,
    size: float,
    ends: tuple[float, float] | None,
    start: float = 0,
) -> None:
    """Segments in order, each with its number where there is room for it."""
    if row.suppressed:
        hidden = next(share for share in row.shares.values() if share.suppressed)
        if ends:
            canvas.rect(ends[0], y, ends[1] - ends[0], height, "#f3f2f1")
        x = ends[0] + 12 if ends else start
        canvas.figure(x, y + height / 2, hidden.text, hidden.id, size=size, fill=style.MUTED)
        return
    for name, (x, width) in spans.items():
        if width <= 0:
            continue
        share = row.shares[name]
        # The white gap is taken from the segment's own right end; slivers stay visible.
        drawn = max(width - style.GAP, min(width, 1.5))
        canvas.bar(x, y, drawn, height, fills[name], share.id)
        if _fits(share, drawn, size):
            ink = style.ink_on(fills[name])
            middle = (x + drawn / 2, y + height / 2)
            canvas.figure(*middle, share.text, share.id, size=size, fill=ink, align="center")
