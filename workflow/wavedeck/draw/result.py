"""What drawing an exhibit gives: marks, data, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wavedeck.figures import Figure, Figures
from wavedeck.survey import Survey

if TYPE_CHECKING:
    from wavedeck.draw.canvas import Canvas


@dataclass(frozen=True)
class Part:
    """A piece of text, with the estimate behind it where it is a number."""

    text: str
    estimate: str = ""

    def record(self) -> dict[str, str]:
        return {"text": self.text} | ({"estimate": self.estimate} if self.estimate else {})


@dataclass(frozen=True)
class Point:
    """A row of the chart's data."""

    row: str
    series: str
    estimate: Figure


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Result:
    title: str
    number: str
    """The question's number as readers know it, such as Q2a; '' where there is none."""
    alt: str
    points: tuple[Point, ...]
    note: tuple[Part, ...] = ()
    canvas: Canvas | None = None
    table: Table | None = None


@dataclass(frozen=True)
class Context:
    """What charts are drawn from."""

    survey: Survey
    estimates: Figures
    margins: Sequence[Mapping[str, object]] = field(default=())
    """Rows of margins.parquet: one a category."""
    where: str = ""
    """File and line of the exhibit."""
