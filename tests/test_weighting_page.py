"""The audit bundle's page about weighting, and traces of the population."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from lxml import html

from wavedeck.audit.weighting import Cell, cells_of, histogram, quality_rows, weighting_body
from wavedeck.margins import margins_of, raked_margins
from wavedeck.survey import load_codebook
from weighted import Project


def page_of(project: Project) -> html.HtmlElement:
    project.run()
    folder = project.folder
    survey, _ = load_codebook(folder / "survey.yaml", folder / "wave.yaml")
    table = parquet.read_table(folder / "answers.parquet")
    codes = {name: table[name].to_numpy() for name in ("kind", "region")}
    rows = project.rows("weights.parquet")
    design, g = (np.array([row[n] for row in rows]) for n in ("design_weight", "g_weight"))
    cells = cells_of(raked_margins(survey), codes, design, g)
    margins = project.rows("margins.parquet")
    body = weighting_body(survey, project.summary, margins, project.bounds, cells, "A <wave>")
    return html.fromstring(f"<main>{body}</main>")


def table_of(page: html.HtmlElement, caption: str) -> list[list[str]]:
    (table,) = [t for t in page.iter("table") if caption in t.find("caption").text_content()]
    return [[cell.text_content() for cell in row] for row in table.iter("tr")]


def test_the_page_shows_margins_cells_and_who_is_at_a_bound(tmp_path: Path) -> None:
    page = page_of(Project(tmp_path).weighting(lower=0.8, upper=1.4))
    assert page.find("h1").text_content() == "Weighting: A <wave>"
    head, *rows = table_of(page, "Region (raked to)")
    assert head[1:4] == ["In the frame", "Target: share of the frame", "Responding"]
    assert rows[1] == ["Middle", "9", "30.0%", "2", "22.2%", "30.0%", "0.0"]
    assert ["Councils at the upper bound", "1"] in table_of(page, "In figures")
    named = table_of(page, "By name")
    assert named[1] == ["Larch", "Unitary", "Middle", "1", "1.4", "upper"]
    assert [row[0] for row in named[2:]] == ["Ash", "Beech", "Cedar", "Fir"]
    cells = table_of(page, "Type · Region")
    assert cells[1] == ["Unitary · Middle", "1", "1", "1.4000", "upper"]
    assert sum(int(row[1]) for row in cells[1:]) == 9
    assert sum(int(row[2]) for row in cells[1:]) == 10


def test_nothing_trimmed_is_said(tmp_path: Path) -> None:
    page = page_of(Project(tmp_path))
    assert "nothing was trimmed" in page.text_content()
    assert "At a bound: 0 councils" in page.text_content()


def test_every_table_has_a_caption_and_headers_and_the_chart_a_text(tmp_path: Path) -> None:
    page = page_of(Project(tmp_path).weighting(margins=["kind x region"]))
    for table in page.iter("table"):
        assert table.find("caption") is not None
        assert all(cell.get("scope") for cell in table.iter("th"))
    (chart,) = page.iter("svg")
    assert chart.get("role") == "img" and "from 0." in chart.get("aria-label")


def test_the_histogram_counts_every_organisation() -> None:
    cells = [Cell(("a",), 3, 3, 0.5), Cell(("b",), 4, 6, 1.0), Cell(("c",), 2, 2, 2.0)]
    page = html.fromstring(f"<div>{histogram(cells, 0.5, 3, 'councils')}</div>")
    rows = table_of(page, "Histogram")
    assert sum(int(row[1]) for row in rows[1:]) == 9
    assert "half of them are at or below 1.00" in page.text_content()
    words = [text.text_content() for text in page.iter("text")]
    assert "lower bound" in words and "upper bound" not in words


def test_one_g_weight_for_all_is_drawn_too() -> None:
    assert "<svg" in histogram([Cell(("a",), 3, 3, 1.0)], 0.5, 3, "councils")


def test_the_data_quality_log_counts_both_bounds(tmp_path: Path) -> None:
    project = Project(tmp_path).weighting(lower=0.8, upper=1.4)
    project.run()
    rows = quality_rows(project.summary, "councils")
    assert [(row["check"], row["count"]) for row in rows] == [
        ("councils at the lower bound of the g-weights", 4),
        ("councils at the upper bound of the g-weights", 1),
    ]
    assert json.dumps(rows)


def test_crossed_margins_have_names_for_ids(tmp_path: Path) -> None:
    project = Project(tmp_path).weighting(margins=["region", "kind x region"])
    project.run()
    survey, _ = load_codebook(tmp_path / "survey.yaml", tmp_path / "wave.yaml")
    assert [m.name for m in margins_of(survey)] == ["kind", "region", "kind_x_region"]
    assert [m.name for m in raked_margins(survey)] == ["region", "kind_x_region"]
