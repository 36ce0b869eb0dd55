"""The chain behind shares of the population and of those who responded: `frame.*`,
`responding.*`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wavedeck.files import sha256_of
from wavedeck.margins import Margin, margins_of
from wavedeck.survey import load_wave, waves_before
from wavedeck.trace.tables import Tables


@dataclass(frozen=True)
class Place:
    """A category of a margin, in the frame or among those who responded."""

    side: str
    """frame or responding."""
    margin: Margin
    category: str


def place_of(tables: Tables, estimate: Mapping[str, Any]) -> Place | None:
    """What a `frame.*` or `responding.*` estimate tells of; None for all others."""
    side, _, rest = str(estimate["id"]).partition(".")
    if estimate["question"] or side not in ("frame", "responding"):
        return None
    own = rest.partition(":")[0]
    for margin in margins_of(tables.survey):
        for category in margin.categories:
            if own == f"{margin.name}.{category.name}":
                return Place(side, margin, category.name)
    return None


def source_of(tables: Tables) -> dict[str, str]:
    """The file that the population is told by: a workbook, or the YAML file with its counts."""
    frame, wave = tables.survey.frame, tables.wave
    assert frame is not None
    if frame.workbook:
        path = wave.root / "raw/frames" / frame.workbook
        return {"workbook": frame.workbook, "sha256": sha256_of(path), "sheet": frame.sheet}
    own = wave.raw / "wave.yaml"
    rounds = [own, *reversed(waves_before(own))]
    path = next((r for r in rounds if load_wave(r)[0].frame), wave.team / "survey.yaml")
    return {"workbook": path.name, "sha256": sha256_of(path), "sheet": "frame: counts"}


def cells_of(tables: Tables, place: Place) -> list[str]:
    """Cells of the list's rows in a category, such as Councils!C5; for counts, their keys."""
    frame = tables.survey.frame
    assert frame is not None
    if frame.workbook:
        cells = tables.frame_list.cells(place.margin, place.category)
        return [f"{frame.sheet}!{cell}" for cell in cells]
    (category,) = (c for c in place.margin.categories if c.name == place.category)
    return [f"{place.margin.declared}: {' x '.join(cell)}" for cell in category.cells]
