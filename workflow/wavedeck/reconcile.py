"""reconcile: estimates against a table of published figures."""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wavedeck import figures
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.figures import Figure, Figures, UnknownEstimateError
from wavedeck.layout import Edition, Project
from wavedeck.rounding import round_half_up

COLUMNS = ("key", "slide", "measure", "value", "unit")
AGREES, DIFFERS, NOT_FOUND = "agrees", "differs", "not found"


@dataclass(frozen=True)
class Comparison:
    key: str
    slide: str
    published: str
    found: str
    verdict: str


def read_published(path: Path) -> list[dict[str, str]]:
    """Rows of a table of published figures, a CSV with at least COLUMNS."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header = list(reader.fieldnames or [])
            rows = list(reader)
    except FileNotFoundError:
        problem = Problem(
            str(path), "there is no such file", remedy="mend the path after --against"
        )
        raise WavedeckError(problem) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise WavedeckError(Problem(str(path), f"not a CSV in UTF-8: {error}")) from None
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise WavedeckError(
            *(
                Problem(
                    f"{path}, line 1",
                    f"no column '{name}'",
                    ", ".join(COLUMNS),
                    nearest(name, header),
                )
                for name in missing
            )
        )
    return rows


def compare(row: dict[str, str], estimates: Figures) -> Comparison:
    """One published figure beside the estimate with its id."""
    key, published = row["key"], f"{row['value']} {row['unit']}".strip()
    try:
        estimate = estimates[key]
    except UnknownEstimateError as error:
        found = f"no such estimate; nearest: {error.near}" if error.near else "no such estimate"
        return Comparison(key, row["slide"], published, found, NOT_FOUND)
    agrees = _agrees(row, estimate)
    return Comparison(
        key, row["slide"], published, _shown(row, estimate), AGREES if agrees else DIFFERS
    )


def _agrees(row: dict[str, str], estimate: Figure) -> bool:
    measure, value = row["measure"], row["value"]
    if row["unit"] == "date":
        return estimate.value == date.fromisoformat(value).toordinal()
    if measure == "bound":
        # The note of a bound: the largest lies below it, the smallest at or above it.
        return (
            estimate.value < float(value)
            if key_is_max(row["key"])
            else estimate.value >= float(value)
        )
    if measure == "percent":
        return round_half_up(estimate.value) == round_half_up(float(value))
    return estimate.value == float(value)


def key_is_max(key: str) -> bool:
    return key.endswith(":max")


def _shown(row: dict[str, str], estimate: Figure) -> str:
    if row["unit"] == "date":
        return estimate.text
    if row["measure"] == "bound":
        return f"{estimate.value:.1f}, to be {'below' if key_is_max(row['key']) else 'at least'}"
    exact = f" ({estimate.value:.2f} of {estimate.base})" if row["measure"] == "percent" else ""
    return f"{estimate.text}{exact}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wavedeck reconcile", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("--against", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--weighted", action="store_true", help="compare the weighted edition")
    arguments = parser.parse_args(argv)
    wave = Project.here().wave(arguments.wave)
    edition: Edition = "weighted" if arguments.weighted else "unweighted"
    estimates = figures.load(wave.built("estimates.parquet"), edition)
    results = [compare(row, estimates) for row in read_published(arguments.against)]
    width = max((len(result.key) for result in results), default=0)
    for result in results:
        print(f"{result.verdict:<10} {result.key:<{width}}  {result.published:<16} {result.found}")
    tally = Counter(result.verdict for result in results)
    print(
        f"\n{len(results)} figures: {tally[AGREES]} agree, {tally[DIFFERS]} differ, "
        f"{tally[NOT_FOUND]} not found"
    )
    return 0 if tally[AGREES] == len(results) and results else 1
