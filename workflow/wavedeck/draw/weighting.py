"""Diagnostics: margins before and after weighting, against the frame."""

from __future__ import annotations

from collections.abc import Mapping

from wavedeck.draw import alt, dumbbell
from wavedeck.draw.frame import Frame
from wavedeck.draw.paired import frame_note, frame_words
from wavedeck.draw.result import Context, Point, Result
from wavedeck.draw.words import heading
from wavedeck.errors import Problem, WavedeckError
from wavedeck.exhibits import WeightingExhibit
from wavedeck.margins import margins_of

_PANEL_GAP = 40
_PANEL_HEAD = 34
_MOST_PITCH = 46


def draw(exhibit: WeightingExhibit, context: Context) -> Result:
    """A panel for each margin, side by side.

    The share before weighting is the share of responding organisations, each counted once, so
    both numbers on the chart are estimates; the share after weighting is marked without a number.
    """
    find = context.estimates
    margins: dict[str, list[dumbbell.Row]] = {}
    titles: dict[str, str] = {}
    for record in _shown(exhibit, context):
        margin, category = str(record["margin"]), str(record["category"])
        titles[margin] = str(record["margin_label"])
        margins.setdefault(margin, []).append(
            dumbbell.Row(
                label=str(record["label"]),
                ours=find[f"responding.{margin}.{category}"],
                frame=find[f"frame.{margin}.{category}"],
                after=float(record["weighted_share"]) * 100,  # type: ignore[arg-type]
            )
        )
    if not margins:
        raise WavedeckError(
            Problem(
                context.where,
                "there are no margins to show",
                expected="rows in margins.parquet",
                remedy="run the weight stage again",
            )
        )
    ours, frame, after = "Responding, before weighting", frame_words(context), "After weighting"
    room = Frame(exhibit.width == "half", heading(exhibit), context.where)
    across = 1 if exhibit.width == "half" else len(margins)
    width = (room.width - _PANEL_GAP * (across - 1)) / across
    key = dumbbell.key_height(room.width, ours, frame, after)
    stacked = across == 1
    count = (
        sum(len(rows) for rows in margins.values()) if stacked else max(map(len, margins.values()))
    )
    heads = _PANEL_HEAD * (len(margins) if stacked else 1)
    labels = [row.label for rows in margins.values() for row in rows]
    part = 0.4 * width / room.width
    found = room.rows(labels, lambda kind: key + heads, _MOST_PITCH, part, count)
    canvas = room.canvas(found.top + found.pitch * count)
    dumbbell.draw_key(canvas, ours, frame, room.top, after)
    most = max(
        max(r.ours.size, r.frame.size, r.after or 0) for rows in margins.values() for r in rows
    )
    y, x, start = float(room.top + key), 0.0, 0
    for margin, rows in margins.items():
        canvas.text(x, y + 12, titles[margin], bold=True)
        panel = found.part(start, start + len(rows))
        dumbbell.draw_rows(canvas, rows, panel, (x, y + _PANEL_HEAD, width), max(most, 1))
        start += len(rows)
        if stacked:
            y += _PANEL_HEAD + found.pitch * len(rows)
        else:
            x += width + _PANEL_GAP

    what = context.survey.units
    title = exhibit.title or f"Responding {what} before and after weighting"
    gap = max(abs((r.after or 0) - r.frame.size) for rows in margins.values() for r in rows)
    reached = (
        "After weighting every share equals that of the frame."
        if gap < 1e-6
        else "After weighting some shares still differ from those of the frame."
    )
    sentences = [
        "Dots on a line for each category, a panel for each margin.",
        f"{alt.sentence(title)} {reached}",
    ]
    for margin, rows in margins.items():
        sentences.append(
            f"{titles[margin]}. "
            + " ".join(
                f"{r.label}: {alt.spoken(r.ours)} before weighting, "
                f"{alt.spoken(r.frame)} of the frame."
                for r in rows
            )
        )
    return Result(
        title=title,
        number="",
        alt=" ".join(sentences),
        points=tuple(
            point
            for rows in margins.values()
            for row in rows
            for point in (Point(row.label, ours, row.ours), Point(row.label, frame, row.frame))
        ),
        note=frame_note(context),
        canvas=canvas,
    )


def _shown(exhibit: WeightingExhibit, context: Context) -> list[Mapping[str, object]]:
    """Rows of the margins to show: those asked for, else each question of the frame by itself,
    with its categories collapsed where weighting collapses them. Crossed margins have more cells
    than a slide has room for; where they are met, so are their questions."""
    margins = margins_of(context.survey)
    declared = exhibit.margins or [m.declared for m in margins if len(m.questions) == 1]
    # A question that is raked collapsed is there whole too: margins raked to come first.
    ranked = sorted(margins, key=lambda margin: not margin.raked)
    wanted = {next(m.name for m in ranked if m.declared == name) for name in declared}
    return [row for row in context.margins if row["margin"] in wanted]
