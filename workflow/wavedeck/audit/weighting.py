"""The bundle's page about weighting: margins before and after, g-weights, who is at a bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavedeck.margins import Margin, raked_margins
from wavedeck.rounding import round_half_up
from wavedeck.survey import Survey

Row = Mapping[str, Any]

MOST_CELLS = 400
"""A weighting with more cells lists those with the largest and the smallest g-weights."""
_BINS = 24
_NUMERIC = ("", *"0123456789+\N{MINUS SIGN}")


@dataclass(frozen=True)
class Cell:
    """Organisations with the same categories of all raked margins, hence with one g-weight."""

    labels: tuple[str, ...]
    organisations: int
    respondents: int
    g: float


def cells_of(
    margins: Sequence[Margin],
    codes: Mapping[str, NDArray[np.integer]],
    design: NDArray[np.float64],
    g: NDArray[np.float64],
) -> list[Cell]:
    """The cells of respondents (n,) that carry weight, those with the largest g-weight first."""
    inside = design > 0
    places = [margin.codes(codes)[inside] for margin in margins]
    shape = [len(margin.categories) for margin in margins]
    flat = np.ravel_multi_index(places, shape)
    found, first, respondents = np.unique(flat, return_index=True, return_counts=True)
    organisations = np.bincount(np.searchsorted(found, flat), design[inside])
    cells = [
        Cell(
            tuple(m.labels[c] for m, c in zip(margins, np.unravel_index(cell, shape), strict=True)),
            round(organisations[place]),
            int(respondents[place]),
            float(g[inside][first[place]]),
        )
        for place, cell in enumerate(found)
    ]
    return sorted(cells, key=lambda cell: (-cell.g, cell.labels))


def quality_rows(summary: Row, units: str) -> list[Row]:
    """What the data-quality log says of weighting: trimming is not silent."""
    return [
        {
            "check": f"{units} at the {bound} bound of the g-weights",
            "where": "weights.parquet",
            "count": summary[f"organisations_at_{bound}"],
            "note": f"the bound is {summary[bound]:g}; bounds.csv names them",
        }
        for bound in ("lower", "upper")
    ]


def weighting_body(
    survey: Survey,
    summary: Row,
    margins: Sequence[Row],
    bounds: Sequence[Row],
    cells: Sequence[Cell],
    title: str,
) -> str:
    """What is in the page's main part, as HTML."""
    assert survey.frame is not None and survey.weighting is not None
    unit = "organisation" if survey.export.columns.organisation else "respondent"
    parts = [
        f"<h1>Weighting: {escape(title)}</h1>",
        f"<p>Each {unit} counts once; weights are raked to {escape(survey.frame.label)} "
        f"(source: {escape(survey.frame.source)}). The g-weight says how many times its fair share "
        "an answer counts. The weights, margins and bounds behind this page are recomputed by "
        "<code>wavedeck verify</code>; the formulas are in docs/maths.md.</p>",
        _key_figures(survey, summary),
        f"<h2>Margins: {len({row['margin'] for row in margins})}</h2>",
        *(
            _margin(list(rows), survey)
            for _, rows in groupby(margins, key=lambda row: row["margin"])
        ),
        "<h2>Distribution of g-weights</h2>",
        histogram(cells, summary["lower"], summary["upper"], survey.units),
        _bounds(bounds, summary, survey),
        _cells(cells, raked_margins(survey), summary, survey.units, survey.respondents),
    ]
    return "\n".join(parts)


def _key_figures(survey: Survey, summary: Row) -> str:
    units = survey.units
    population = summary["population"]
    lines = {
        f"{survey.respondents.capitalize()}, kept": _amount(summary["respondents"]),
        f"{survey.respondents.capitalize()} of the frame": _amount(summary["respondents_in_frame"]),
        f"{units.capitalize()} of the frame that answered": _amount(
            summary["organisations_in_frame"]
        ),
        f"{units.capitalize()} of the frame": "known as shares only"
        if population is None
        else _amount(population),
        "Raked to": " and ".join(summary["margins"]),
        "Bounds of the g-weights": f"{summary['lower']:g} to {summary['upper']:g}",
        "g-weights found": f"{_two(summary['smallest_g'])} to {_two(summary['largest_g'])}",
        f"{units.capitalize()} at the lower bound": _amount(summary["organisations_at_lower"]),
        f"{units.capitalize()} at the upper bound": _amount(summary["organisations_at_upper"]),
        f"Design effect over {survey.respondents} (Kish)": _two(summary["design_effect"]),
        f"Effective base over {survey.respondents}": f"{summary['effective_base']:.1f}",
    }
    if survey.export.columns.organisation:
        lines |= {
            f"Design effect over {units} (Kish)": _two(summary["design_effect_organisations"]),
            f"Effective base over {units}": f"{summary['effective_base_organisations']:.1f}",
        }
    lines |= {
        "Steps of the raking": _amount(summary["iterations"]),
        "Largest relative gap to a target": f"{summary['largest_gap']:.1e}",
    }
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="number">{escape(value)}</td></tr>'
        for name, value in lines.items()
    )
    return f"<table><caption>In figures</caption><tbody>{rows}</tbody></table>"


def _margin(rows: Sequence[Row], survey: Survey) -> str:
    """One margin: shares of the frame, before and after."""
    first = rows[0]
    what = "raked to" if first["raked"] else "compared only"
    target = "Target: share of the frame" if first["raked"] else "Share of the frame"
    columns: dict[str, Callable[[Row], str]] = {
        "In the frame": lambda r: "" if r["frame_count"] is None else _amount(r["frame_count"]),
        target: lambda r: _percent(r["frame_share"]),
        "Responding": lambda r: _amount(r["responding_count"]),
        "Share before": lambda r: _percent(r["design_share"]),
        "Share after": lambda r: _percent(r["weighted_share"]),
        "After less frame": lambda r: _points(r["weighted_share"] - r["frame_share"]),
    }
    body = [[escape(row["label"]), *(say(row) for say in columns.values())] for row in rows]
    caption = f"{first['margin_label']} ({what}); {survey.units}"
    return _table(caption, ["Category", *columns], body)


def histogram(cells: Sequence[Cell], lower: float, upper: float, units: str) -> str:
    """How many organisations have which g-weight: a chart, and its numbers as a table."""
    g = np.array([cell.g for cell in cells])
    count = np.array([cell.organisations for cell in cells])
    low, high = min(g.min(), 1.0), max(g.max(), 1.0)
    if high - low < 1e-9:
        low, high = low - 0.05, high + 0.05
    edges = np.linspace(low, high, _BINS + 1)
    heights, _ = np.histogram(g, edges, weights=count)
    width, height, left, top, bottom = 720.0, 240.0, 56.0, 26.0, 44.0
    unit = (width - left - 12) / (high - low)
    most = float(heights.max())

    def x(value: float) -> float:
        return float(left + (value - low) * unit)

    def y(number: float) -> float:
        return float(top + (height - top - bottom) * (1 - number / most))

    marks = [
        f'<line x1="{left}" x2="{width - 12}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
        'stroke="#b1b4b6"/>'
        f'<text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:,}</text>'
        for tick in _ticks(most)
    ]
    marks += [
        f'<rect x="{x(a) + 0.5:.1f}" y="{y(n):.1f}" width="{max(x(b) - x(a) - 1, 0.5):.1f}" '
        f'height="{y(0) - y(n):.1f}" fill="#1a5fb4"/>'
        for a, b, n in zip(edges, edges[1:], heights, strict=False)
        if n
    ]
    step = _step(high - low)
    for number in np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step:
        at = f'x="{x(number):.1f}" y="{y(0) + 18:.1f}"'
        marks.append(f'<text {at} text-anchor="middle">{number:.4g}</text>')
    for value, words in ((1.0, "1"), (lower, "lower bound"), (upper, "upper bound")):
        if low - 1e-9 <= value <= high + 1e-9:
            anchor = "start" if x(value) < width / 2 else "end"
            marks.append(
                f'<line x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{top - 6}" y2="{y(0):.1f}" '
                'stroke="#0b0c0c" stroke-width="1.5" stroke-dasharray="4 3"/>'
                f'<text x="{x(value):.1f}" y="{top - 12}" text-anchor="{anchor}">{words}</text>'
            )
    marks.append(
        f'<text x="{(left + width) / 2:.0f}" y="{height - 6}" text-anchor="middle">g-weight</text>'
    )
    said = (
        f"Histogram of {units} by g-weight, from {_two(g.min())} to {_two(g.max())}; half of them "
        f"are at or below {_two(_median(g, count))}."
    )
    rows = [
        [f"{a:.3f} to {b:.3f}", _amount(int(n))]
        for a, b, n in zip(edges, edges[1:], heights, strict=False)
        if n
    ]
    return (
        f'<svg role="img" aria-label="{escape(said)}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-size="13">{"".join(marks)}</svg>'
        f"<p>{escape(said)}</p><details><summary>The chart's numbers</summary>"
        f"{_table('Histogram', ['g-weight', units.capitalize()], rows)}</details>"
    )


def _bounds(bounds: Sequence[Row], summary: Row, survey: Survey) -> str:
    """Who is at a bound, by name where there are not too many."""
    lower, upper = summary["organisations_at_lower"], summary["organisations_at_upper"]
    units = survey.units
    head = f"<h2>At a bound: {_amount(lower + upper)} {escape(units)}</h2>"
    if not lower + upper:
        inside = f"No g-weight is at its lower bound, {summary['lower']:g}, or at its upper bound, "
        return f"{head}<p>{inside}{summary['upper']:g}: nothing was trimmed.</p>"
    words = (
        f"<p>{_amount(upper)} at the upper bound, {summary['upper']:g}, would count for more "
        f"without it; {_amount(lower)} at the lower bound, {summary['lower']:g}, for less. The "
        "others make up for it, so that the margins are met all the same. All are in "
        '<a href="bounds.csv">bounds.csv</a>.</p>'
    )
    if not bounds:
        return head + words
    named = survey.export.columns.organisation is not None
    heads = {"organisation": "Name"} if named else {}
    heads |= {margin.name: margin.text for margin in raked_margins(survey)}
    heads |= {"respondents": survey.respondents.capitalize(), "g_weight": "g-weight"}
    heads |= {"bound": "Bound"}
    body = [[escape(str(row[name])) for name in heads] for row in bounds]
    caption = "By name" if named else "By category"
    return head + words + _table(caption, list(heads.values()), body)


def _cells(
    cells: Sequence[Cell], margins: Sequence[Margin], summary: Row, units: str, respondents: str
) -> str:
    shown = list(cells)
    if len(shown) > MOST_CELLS:
        shown = shown[: MOST_CELLS // 2] + shown[-MOST_CELLS // 2 :]
    body = []
    for cell in shown:
        at = {summary["upper"]: "upper", summary["lower"]: "lower"}.get(cell.g, "")
        numbers = [_amount(cell.organisations), _amount(cell.respondents), f"{cell.g:.4f}", at]
        body.append([" · ".join(map(escape, cell.labels)), *numbers])
    caption = " · ".join(margin.text for margin in margins)
    if len(shown) < len(cells):
        caption += f"; the {len(shown)} largest and smallest of {len(cells):,}"
    heads = ["Cell", units.capitalize(), respondents.capitalize(), "g-weight", "At a bound"]
    return f"<h2>Cells: {len(cells):,}</h2>" + _table(caption, heads, body)


def _table(caption: str, heads: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Cells of `body` are HTML; the first of each row is its header. Numbers stand at the right."""
    numbers = [all(row[at][:1] in _NUMERIC for row in body) for at in range(len(heads))]
    kinds = [' class="number"' if number and at else "" for at, number in enumerate(numbers)]
    head = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>'
        for kind, text in zip(kinds, heads, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], row[1:], strict=True))
        + "</tr>"
        for row in body
    )
    return (
        f'<table class="figures"><caption>{escape(caption)}'
        f"</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _amount(number: int) -> str:
    return f"{number:,}"


def _two(value: float) -> str:
    return str(round_half_up(value, 2))


def _percent(share: float) -> str:
    return f"{round_half_up(100 * share, 1)}%"


def _points(difference: float) -> str:
    rounded = round_half_up(100 * difference, 1)
    return "0.0" if not rounded else f"{rounded:+}".replace("-", "\N{MINUS SIGN}")


def _median(values: NDArray[np.float64], counts: NDArray[np.integer]) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(counts[order]), counts.sum() / 2)])


def _step(width: float) -> float:
    """A round distance of marks, for about six of them."""
    rough = width / 6
    power = 10.0 ** np.floor(np.log10(rough))
    return float(power * min((1, 2, 5, 10), key=lambda n: abs(n * power - rough)))


def _ticks(most: float) -> list[int]:
    step = max(int(_step(most)), 1)
    return list(range(0, int(most) + 1, step))
