"""The draw stage: estimates in, charts and tables out."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from wavedeck import figures, files
from wavedeck.csvfile import csv_text
from wavedeck.draw import (
    alt,
    bars,
    breakdown,
    crosstab,
    paired,
    ranking,
    scale,
    since,
    studies,
    table,
    themes,
    trend,
    weighting,
)
from wavedeck.draw.result import Context, Part, Point, Result
from wavedeck.errors import Problem, WavedeckError
from wavedeck.exhibits import Exhibits, load_exhibits
from wavedeck.layout import Edition
from wavedeck.survey import load_codebook, retired
from wavedeck.survey.words import has_loose_number, own_words

_DRAW: Mapping[str, Callable[[Any, Context], Result]] = {
    "scale": scale.draw,
    "bars": bars.draw,
    "ranking": ranking.draw,
    "paired": paired.draw,
    "crosstab": crosstab.draw,
    "breakdown": breakdown.draw,
    "weighting": weighting.draw,
    "trend": trend.draw,
    "table": table.draw,
    "themes": themes.draw,
    "studies": studies.draw,
}
_MARGIN_COLUMNS = [
    *("margin", "category", "margin_label", "label", "raked"),
    *("frame_share", "design_share", "weighted_share"),
]


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck draw", description=__doc__)
    for name, what in (
        ("survey", "survey.yaml"),
        ("wave", "wave.yaml"),
        ("exhibits", "exhibits.yaml"),
        ("estimates", "estimates.parquet"),
        ("out", "the folder to write"),
    ):
        parser.add_argument(f"--{name}", type=Path, required=True, help=what)
    parser.add_argument("--margins", type=Path, help="margins.parquet, of a survey's own wave")
    parser.add_argument("--edition", choices=("unweighted", "weighted"), required=True)
    given = parser.parse_args(argv)

    survey, _ = load_codebook(given.survey, given.wave)
    exhibits, document = load_exhibits(given.exhibits, survey, retired(given.wave))
    context = Context(
        survey,
        figures.load(given.estimates, given.edition),
        files.read_table(given.margins, _MARGIN_COLUMNS).to_pylist() if given.margins else (),
    )
    lines = {name: document.where("exhibits", name) for name in exhibits.exhibits}
    results = draw_all(exhibits, context, lines)
    with files.directory(given.out) as folder:
        write(results, exhibits, given.edition, folder)


def draw_all(
    exhibits: Exhibits, context: Context, lines: Mapping[str, str] | None = None
) -> dict[str, Result]:
    """Draw every exhibit. `lines` says where each stands, for messages.

    Raises WavedeckError for a chart with a number that no estimate stands behind (promise 1).
    """
    results = {}
    words, problems = own_words(context.survey), []
    for name, exhibit in exhibits.exhibits.items():
        where = (lines or {}).get(name, name)
        result = _DRAW[exhibit.kind](exhibit, replace(context, where=where))
        if alt.WEIGHTED in result.note:
            result = replace(result, alt=f"{result.alt} Percentages are weighted, bases are not.")
        told = since.not_comparable(exhibit, context)
        if told:
            spoken = f"{result.alt} {told.strip('. ')}."
            result = replace(result, note=(*result.note, Part(told)), alt=spoken)
        results[name] = result
        problems += [
            Problem(
                where,
                f"the chart '{name}' prints a number that is no estimate: '{text}'",
                expected="numbers of estimates, and those in the codebook's own words",
                remedy="take the number out of the exhibit's title",
            )
            for text in (result.canvas.loose if result.canvas else ())
            if has_loose_number(text, words)
        ]
    if problems:
        raise WavedeckError(*problems)
    return results


def write(
    results: Mapping[str, Result], exhibits: Exhibits, edition: Edition, folder: Path
) -> None:
    """`<name>.svg` and `<name>.csv` for each exhibit, and index.json for all."""
    index: dict[str, Any] = {"edition": edition, "exhibits": {}}
    for name, result in results.items():
        if result.canvas:
            (folder / f"{name}.svg").write_text(result.canvas.svg(name), encoding="utf-8")
        text = data_csv(result.points)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        index["exhibits"][name] = record(name, exhibits.exhibits[name].kind, result)
    text = json.dumps(index, ensure_ascii=False, indent=1)
    (folder / "index.json").write_text(text + "\n", encoding="utf-8")


def record(name: str, kind: str, result: Result) -> dict[str, Any]:
    """What index.json says about an exhibit.

    `estimates` are the ids of the numbers and bars shown; `described` adds those of the base note
    and of the alternative text, such as shares of nothing, which have no bar.
    """
    found: dict[str, Any] = {
        "kind": kind,
        "title": result.title,
        "number": result.number,
        "alt": result.alt,
        "note": [part.record() for part in result.note],
        "data": f"{name}.csv",
    }
    shown: list[str] = []
    if result.canvas:
        found |= {
            "svg": f"{name}.svg",
            "width": result.canvas.width,
            "height": result.canvas.height,
        }
        shown += result.canvas.estimates
    if result.table:
        rows = result.table.rows
        found["header"] = list(result.table.header)
        found["rows"] = [[cell.record() for cell in row] for row in rows]
        shown += [cell.estimate for row in rows for cell in row if cell.estimate]
    found["estimates"] = list(dict.fromkeys(shown))
    noted = [part.estimate for part in result.note if part.estimate]
    described = [point.estimate.id for point in result.points]
    found["described"] = list(dict.fromkeys([*shown, *described, *noted]))
    return found


def data_csv(points: Sequence[Point]) -> str:
    """The data of a chart. Values are unrounded; one that is suppressed, or not there, is empty."""
    rows = []
    for point in points:
        estimate = point.estimate
        bare = estimate.suppressed or math.isnan(estimate.value)
        value = "" if bare else Decimal(f"{estimate.value:.12g}")
        place = (point.row, point.series, estimate.id)
        rows.append((*place, value, estimate.text, estimate.base))
    return csv_text(("row", "series", "estimate", "value", "text", "base"), rows)
