"""The draw stage on made-up estimates: what charts show, how they look, what they say, errors."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

import synthetic_estimates as synthetic
from wavedeck import assets, figures
from wavedeck.draw import alt, main, stage, style
from wavedeck.draw.canvas import Canvas
from wavedeck.draw.frame import Frame
from wavedeck.draw.result import Context
from wavedeck.errors import WavedeckError
from wavedeck.exhibits import Exhibits, load_exhibits
from wavedeck.figures import Figures
from wavedeck.layout import Edition
from wavedeck.survey import Scale, Survey, load_survey
from wavedeck.survey.words import has_loose_number

ROOT = Path(__file__).parents[1]
SURVEY = ROOT / "surveys" / "stp-councillors" / "survey.yaml"
EXHIBITS = ROOT / "surveys" / "stp-councillors" / "exhibits.yaml"
WAVE = ROOT / "raw" / "stp-councillors" / "2017" / "wave.yaml"
SVG = "{http://www.w3.org/2000/svg}"
EDITIONS = ("unweighted", "weighted")


@pytest.fixture(scope="module")
def survey() -> Survey:
    return load_survey(SURVEY)[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, survey: Survey) -> Path:
    """Both editions, drawn by the command."""
    folder = tmp_path_factory.mktemp("draw")
    synthetic.write(survey, folder)
    for edition in EDITIONS:
        main(arguments(folder, edition, folder / edition))
    return folder


def arguments(folder: Path, edition: str, out: Path, exhibits: Path = EXHIBITS) -> list[str]:
    return [
        *("--survey", str(SURVEY), "--wave", str(WAVE), "--exhibits", str(exhibits)),
        *("--estimates", str(folder / "estimates.parquet")),
        *("--margins", str(folder / "margins.parquet")),
        *("--edition", edition, "--out", str(out)),
    ]


def context(survey: Survey, seed: int = 1, edition: Edition = "unweighted") -> Context:
    rows = synthetic.estimates(survey, seed)
    found = Figures(rows, edition, "estimates.parquet")
    return Context(survey, found, synthetic.margins(survey, rows))


def index(built: Path, edition: str = "unweighted") -> dict[str, Any]:
    exhibits: dict[str, Any] = json.loads((built / edition / "index.json").read_text())["exhibits"]
    return exhibits


@dataclass(frozen=True)
class Text:
    """A text of an SVG with its box in px."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    fill: str
    estimate: str

    @classmethod
    def of(cls, element: ET.Element, estimate: str) -> Text:
        size, text = float(element.get("font-size", "0")), element.text or ""
        width = style.text_width(text, size, element.get("font-weight") == "600")
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        left = (
            x - width * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "start")]
        )
        # Capitals reach 0.66 of the size above the baseline, descenders 0.21 below.
        return cls(
            text, left, left + width, y - 0.66 * size, y + 0.21 * size,
            element.get("fill", "#000000"), estimate,
        )  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A filled shape's bounds."""

    left: float
    right: float
    top: float
    bottom: float
    fill: str
    estimate: str


def marks(svg: str) -> Iterator[Text | Box]:
    """Texts and shapes in the order of drawing."""
    for child in ET.fromstring(svg):
        estimate = child.get("data-estimate", "")
        for element in child if estimate else [child]:
            if element.tag == f"{SVG}text":
                yield Text.of(element, estimate)
            else:
                numbers = [float(n) for n in element.get("d", "").split() if n[-1].isdigit()]
                xs, ys = numbers[::2], numbers[1::2]
                fill = element.get("fill", "none")
                yield Box(min(xs), max(xs), min(ys), max(ys), fill, estimate)


def texts(svg: str) -> list[Text]:
    return [mark for mark in marks(svg) if isinstance(mark, Text)]


def charts(built: Path, edition: str = "unweighted") -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted((built / edition).glob("*.svg"))}


def assert_readable(name: str, svg: str) -> None:
    """No text on another or outside, none without contrast against what lies under it."""
    root = ET.fromstring(svg)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    found = list(marks(svg))
    for one, other in combinations([mark for mark in found if isinstance(mark, Text)], 2):
        apart = one.right <= other.left + 0.5 or other.right <= one.left + 0.5
        apart = apart or one.bottom <= other.top + 0.5 or other.bottom <= one.top + 0.5
        assert apart, f"{name}: '{one.text}' lies on '{other.text}'"
    for place, mark in enumerate(found):
        assert mark.left >= -0.5 and mark.right <= width + 0.5, f"{name}: {mark} sticks out"
        assert mark.top >= -0.5 and mark.bottom <= height + 0.5, f"{name}: {mark} sticks out"
        if isinstance(mark, Text):
            x, y = (mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2
            under = [
                box.fill
                for box in found[:place]
                if isinstance(box, Box)
                and box.left <= x <= box.right
                and box.top <= y <= box.bottom
            ]
            ratio = style.contrast(mark.fill, under[-1] if under else "#ffffff")
            assert ratio >= 4.5, f"{name}: '{mark.text}' has a contrast of {ratio:.2f}"


# What is written


def test_each_exhibit_has_its_files(built: Path) -> None:
    for edition in EDITIONS:
        exhibits = index(built, edition)
        expected = {"index.json"} | {f"{name}.csv" for name in exhibits}
        expected |= {f"{name}.svg" for name, e in exhibits.items() if e["kind"] != "table"}
        assert {path.name for path in (built / edition).iterdir()} == expected
    assert " ".join(index(built)) == (
        "q1 q2a q3 q4 q5 q6 q7 q8 q9 q10a q12 q13 q13_other q14 q16a q17 q17_by_q2a q17_by_q12 "
        "roles regions council_types weighting"
    )


def test_same_bytes_in_another_process(built: Path, tmp_path: Path) -> None:
    command = "import sys; from wavedeck.draw import main; main(sys.argv[1:])"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow"), "PYTHONHASHSEED": "7"}
    given = arguments(built, "unweighted", tmp_path / "again")
    subprocess.run([sys.executable, "-c", command, *given], check=True, env=environment)
    for path in (built / "unweighted").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_index_says_what_each_exhibit_is(built: Path) -> None:
    q1 = index(built)["q1"]
    assert q1["kind"] == "scale"
    assert (q1["number"], q1["title"]) == (
        "Q1",
        "How much, if anything, do you know about your local STP?",
    )
    assert (q1["svg"], q1["width"]) == ("q1.svg", 1160)
    assert q1["note"] == [
        {"text": "Base: "},
        {"text": "81", "estimate": "q1:base"},
        {"text": " councillors who answered"},
    ]
    assert "q1.nothing" not in q1["estimates"]  # a share of 0% has no bar
    assert "q1.nothing" in q1["described"]
    assert "base" in "".join(part["text"] for part in index(built)["q5"]["note"]).lower()


def test_tables_name_the_estimate_of_each_cell(built: Path) -> None:
    themes = index(built)["q13_other"]
    assert themes["header"] == ["Theme", "Mentions"]
    assert len(themes["rows"]) == 8
    assert themes["rows"][-1][1] == {"text": "10", "estimate": "q13.other:count"}
    roles = index(built)["roles"]
    assert roles["rows"][1][1:] == [
        {"text": "42", "estimate": "role.health_lead:count"},
        {"text": "52%", "estimate": "role.health_lead"},
    ]
    regions = index(built)["regions"]
    assert len(regions["rows"]) == 9
    assert regions["rows"][0][4]["estimate"].startswith("frame.region.")
    types = [row[0]["text"] for row in index(built)["council_types"]["rows"]]
    assert "District council" not in types


def test_data_holds_unrounded_values_and_hides_suppressed_ones(built: Path) -> None:
    rows = list(csv.DictReader((built / "unweighted" / "q17_by_q12.csv").open()))
    hidden = [row for row in rows if row["row"] == "Not at all" and row["series"] != "Base"]
    assert hidden and all((row["value"], row["text"]) == ("", "[c]") for row in hidden)
    q1 = list(csv.DictReader((built / "unweighted" / "q1.csv").open()))
    assert q1[0] == {
        "row": "", "series": "A great deal", "estimate": "q1.great_deal",
        "value": "33.3333333333", "text": "33%", "base": "81",
    }  # fmt: skip


def test_the_weighted_edition_shows_weighted_estimates(built: Path) -> None:
    plain, weighted = index(built)["q1"], index(built, "weighted")["q1"]
    assert plain["alt"] != weighted["alt"]
    assert "weighted" in weighted["alt"] and "weighted" not in plain["alt"]
    assert "".join(p["text"] for p in weighted["note"]).endswith("bases unweighted")


# What charts show


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_number_is_the_text_of_its_estimate(built: Path, edition: Edition) -> None:
    estimates = figures.load(built / "estimates.parquet", edition)
    for name, svg in charts(built, edition).items():
        for text in texts(svg):
            if text.estimate:
                assert text.text.strip("()") == estimates[text.estimate].text, name
            else:
                assert not any(letter.isdigit() for letter in text.text), f"{name}: {text.text}"


def test_each_bar_leads_to_an_estimate_of_the_index(built: Path) -> None:
    for name, svg in charts(built).items():
        shown = [mark.estimate for mark in marks(svg) if mark.estimate]
        assert set(shown) == set(index(built)[name]["estimates"]) - _table_only(built, name)
        fills = {mark.fill for mark in marks(svg) if isinstance(mark, Box) and not mark.estimate}
        # Without an estimate: swatches, brackets, connecting lines, the ground of suppressed rows.
        assert len(fills) <= 8, name


def _table_only(built: Path, name: str) -> set[str]:
    rows = index(built)[name].get("rows", [])
    return {c["estimate"] for row in rows for c in row if c.get("estimate", "").endswith(":count")}


def test_lengths_are_in_proportion(built: Path) -> None:
    estimates = figures.load(built / "estimates.parquet", "unweighted")
    for name in ("q1", "q3", "q5", "q14", "q17_by_q2a"):
        boxes = [
            mark for mark in marks(charts(built)[name]) if isinstance(mark, Box) and mark.estimate
        ]
        units = [
            (box.right - box.left + style.GAP) / estimates[box.estimate].value
            for box in boxes
            if estimates[box.estimate].value > 5
        ]
        assert max(units) - min(units) < 0.03, name


def test_diverging_rows_share_the_middle_and_set_the_rest_apart(
    built: Path, survey: Survey
) -> None:
    boxes = {
        m.estimate: m for m in marks(charts(built)["q14"]) if isinstance(m, Box) and m.estimate
    }
    items = survey.questions["q14"].items  # type: ignore[union-attr]
    middles = []
    for item in items:
        middle = boxes.get(f"q14.no_impact.{item}")
        if middle:
            middles.append((middle.left + middle.right + style.GAP) / 2)
    assert len(middles) > 5 and max(middles) - min(middles) < 0.3
    apart = {boxes[f"q14.too_early.{i}"].left for i in items if f"q14.too_early.{i}" in boxes}
    assert len(apart) == 1
    assert apart.pop() > max(b.right for e, b in boxes.items() if ".too_early." not in e)


def test_rows_are_sorted_by_the_net_that_is_named(built: Path) -> None:
    estimates = figures.load(built / "estimates.parquet", "unweighted")
    shown = [
        text for text in texts(charts(built)["q6"]) if text.estimate.startswith("q6.positive.")
    ]
    values = [estimates[text.estimate].value for text in sorted(shown, key=lambda t: t.top)]
    assert len(values) == 9 and values == sorted(values, reverse=True)


def test_a_suppressed_group_shows_its_base_and_nothing_else(built: Path) -> None:
    svg = charts(built)["q17_by_q12"]
    hidden = [
        text for text in texts(svg) if text.estimate.split(":")[0].endswith("@q12.not_at_all")
    ]
    assert sorted(text.text for text in hidden) == ["(9)", "[c]"]
    bars = [m for m in marks(svg) if isinstance(m, Box) and m.estimate.endswith("@q12.not_at_all")]
    assert not bars


def test_bases_stand_in_rows_only_where_they_differ(survey: Survey, tmp_path: Path) -> None:
    rows = synthetic.estimates(survey)
    same = [row | {"text": "80", "value": 80.0} if _is_base(row) else row for row in rows]
    exhibits = _exhibits(tmp_path, survey, "q3: {kind: scale, question: q3}")
    for given, count in ((rows, 5), (same, 0)):
        found = Figures(given, "unweighted", "x")
        result = stage.draw_all(exhibits, Context(survey, found))["q3"]
        assert result.canvas is not None
        shown = [e for e in result.canvas.estimates if e.endswith(":base")]
        assert len(shown) == count
        assert alt.joined(result.note).startswith("Base: councillors" if count else "Base: 80 ")


def _is_base(row: dict[str, Any]) -> bool:
    return row["id"].startswith("q3.") and row["id"].endswith(":base")


def _exhibits(folder: Path, survey: Survey, *lines: str) -> Exhibits:
    path = folder / "exhibits.yaml"
    path.write_text("exhibits:\n" + "".join(f"  {line}\n" for line in lines))
    return load_exhibits(path, survey)[0]


# How charts look


@pytest.mark.parametrize("edition", EDITIONS)
def test_charts_are_readable(built: Path, edition: str) -> None:
    for name, svg in charts(built, edition).items():
        assert_readable(name, svg)


@pytest.mark.parametrize("seed", range(2, 8))
def test_charts_are_readable_whatever_the_answers(survey: Survey, seed: int) -> None:
    exhibits, _ = load_exhibits(EXHIBITS, survey)
    for name, result in stage.draw_all(exhibits, context(survey, seed)).items():
        if result.canvas:
            assert_readable(f"{name}, seed {seed}", result.canvas.svg(name))


HALF = [
    "q2a: {kind: scale, question: q2a, width: half, heading: true, nets: [agree, disagree]}",
    "q3: {kind: scale, question: q3, width: half, nets: [some_engagement]}",
    "q14: {kind: scale, question: q14, width: half, items: [acute_care, other_services]}",
    "q5_bars: {kind: bars, question: q5, width: half, answer: agree, sort: share}",
    "q5_wide: {kind: bars, question: q5, answer: agree, heading: true}",
    "q13: {kind: ranking, question: q13, width: half}",
    "by: {kind: crosstab, question: q17, item: benefits, by: q2a, width: half, nets: [confident]}",
    "types: {kind: paired, margin: council_type, heading: true, sort: questionnaire}",
]


def test_half_width_charts_are_readable(survey: Survey, tmp_path: Path) -> None:
    exhibits = _exhibits(tmp_path, survey, *HALF)
    for name, result in stage.draw_all(exhibits, context(survey)).items():
        assert result.canvas is not None
        assert_readable(name, result.canvas.svg(name))


def test_charts_are_of_slide_size_in_the_deck_typeface(built: Path) -> None:
    for name, svg in charts(built).items():
        root = ET.fromstring(svg)
        entry = index(built)[name]
        assert root.get("viewBox") == f"0 0 {entry['width']} {entry['height']}"
        assert (root.get("width"), root.get("height")) == (
            str(entry["width"]),
            str(entry["height"]),
        )
        assert entry["width"] in (style.FULL, style.HALF) and entry["height"] <= style.MOST_HEIGHT
        assert root.get("font-family") == assets.FONT_FAMILY
        for text in root.iter(f"{SVG}text"):
            assert float(text.get("font-size", 0)) >= 17
            assert text.get("font-weight") in (None, "600")


def test_labels_of_one_line_have_room_where_longer_ones_are_set_tighter() -> None:
    wide = "Laboratories (of any of the departments)"
    labels = [wide, *["Somebody else altogether, or nobody that one could name"] * 3, *["Few"] * 8]
    rows = Frame(False, "", "x").rows(labels, lambda kind: 0, 50)
    assert rows.labels.kind == style.TIGHT and [wide] in rows.labels.wrapped
    assert style.text_width(wide, rows.kind.body) <= rows.labels.width


def test_few_rows_are_set_large(built: Path) -> None:
    """A chart with room to spare uses it: type and bars grow as rows get fewer."""
    for name, entry in index(built).items():
        if entry["kind"] not in ("scale", "crosstab"):
            continue
        svg = charts(built)[name]
        rows = {round(text.top) for text in texts(svg) if text.left == 0 and text.text}
        sizes = [float(text.get("font-size", 0)) for text in ET.fromstring(svg).iter(f"{SVG}text")]
        bars = [m.bottom - m.top for m in marks(svg) if isinstance(m, Box) and m.estimate]
        if not entry["alt"].startswith("Stacked bar chart"):
            assert max(bars) >= 84 and max(sizes) >= 24, name
        elif len(rows) <= 4:
            assert max(bars) >= 56 and max(sizes) >= 22, name


def test_a_single_bar_shows_every_number(built: Path) -> None:
    """Segments too narrow for their number have it above them."""
    for name, svg in charts(built).items():
        if index(built)[name]["alt"].startswith("Stacked bar. "):
            shown = {mark.estimate for mark in marks(svg) if isinstance(mark, Box)} - {""}
            assert shown <= {text.estimate for text in texts(svg)}, name


def test_charts_can_stand_in_one_page(built: Path) -> None:
    """Ids are unique over the deck, and nothing reaches beyond its own SVG."""
    ids: list[str] = []
    for name, svg in charts(built).items():
        own = [element.get("id") for element in ET.fromstring(svg).iter() if element.get("id")]
        assert own and all(str(id_).startswith(f"{name}-e") for id_ in own)
        ids += map(str, own)
        assert {e.tag.removeprefix(SVG) for e in ET.fromstring(svg).iter()} <= {
            "svg",
            "g",
            "path",
            "text",
        }
        assert "style=" not in svg and "href" not in svg
    assert len(ids) == len(set(ids))


def test_typst_renders_every_chart_in_the_deck_typeface(built: Path, tmp_path: Path) -> None:
    images = ""
    for name, svg in charts(built).items():
        (tmp_path / f"{name}.svg").write_text(svg)
        images += f'#image("{name}.svg", width: 500pt)\n'
    (tmp_path / "all.typ").write_text(images)
    pdf = tmp_path / "all.pdf"
    typst.compile(
        str(tmp_path / "all.typ"), output=str(pdf),
        font_paths=[str(assets.font_directory())], ignore_system_fonts=True,
    )  # fmt: skip
    pages = PdfReader(pdf).pages
    text = "".join(page.extract_text() for page in pages)
    assert "91%" in text and "Neither agree nor disagree" in text
    fonts = {font["/BaseFont"] for page in pages for font in _fonts(page)}
    assert {str(font).split("+")[-1] for font in fonts} == {
        "SourceSansPro-Regular", "SourceSansPro-Semibold"
    }  # fmt: skip


def _fonts(page: Any) -> Iterator[Any]:
    """Font objects of a page and of the drawings on it."""
    resources = page["/Resources"]
    stack = [resources]
    while stack:
        held = stack.pop()
        yield from (font.get_object() for font in held.get("/Font", {}).values())
        for drawing in held.get("/XObject", {}).values():
            inner = drawing.get_object().get("/Resources")
            if inner is not None:
                stack.append(inner.get_object())


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
BLINDNESS = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


@pytest.mark.parametrize("kind", [None, *BLINDNESS])
def test_colours_are_told_apart_by_colour_blind_readers(survey: Survey, kind: str | None) -> None:
    for question in ("q1", "q2a", "q3", "q6", "q10a", "q14"):
        scale = survey.scale_of(question)
        found = [_seen(colour, kind) for colour in style.colours(scale).values()]
        for one, other in combinations(found, 2):
            distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
            assert distance > 0.07, f"{question}: {one} and {other}"


def _seen(colour: str, kind: str | None) -> list[float]:
    """sRGB 0..1 as a reader with this kind of colour blindness sees it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    if kind is None:
        return channels
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    mixed = [sum(m * c for m, c in zip(row, linear, strict=True)) for row in BLINDNESS[kind]]
    clipped = [min(max(c, 0.0), 1.0) for c in mixed]
    return [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clipped]


@pytest.mark.parametrize(("order", "count"), [("one_sided", 7), ("two_sided", 9), ("unordered", 3)])
def test_long_scales_have_a_colour_for_each_option(order: Any, count: int) -> None:
    names = [f"option_{n}" for n in range(count)]
    middle = [names[count // 2]] if order == "two_sided" else []
    scale = Scale.model_validate(
        {"order": order, "options": dict.fromkeys(names, "Label"), "middle": middle}
    )
    found = style.colours(scale)
    assert sorted(found) == names
    assert len(set(found.values())) == count


@pytest.mark.parametrize("kind", ["one_sided", "two_sided"])
def test_pale_bars_have_an_outline_that_stands_out(kind: Any) -> None:
    names = [f"option_{n}" for n in range(5)]
    middle = names[2:3] if kind == "two_sided" else []
    options = dict.fromkeys([*names, "dont_know"], "Label")
    scale = Scale.model_validate(
        {"order": kind, "options": options, "middle": middle, "apart": ["dont_know"]}
    )
    canvas = Canvas(100, 100)
    for fill in style.colours(scale).values():
        canvas.bar(0, 0, 50, 20, fill)
    for path in ET.fromstring(canvas.svg("x")):
        seen = [path.get("fill", ""), path.get("stroke", path.get("fill", ""))]
        assert max(style.contrast(colour, style.WHITE) for colour in seen) >= 3


def test_labels_are_white_only_where_that_is_readable() -> None:
    assert style.ink_on("#12436d") == style.WHITE
    assert style.ink_on("#6bace6") == style.INK


def test_wrapped_lines_are_even_and_within_the_limit() -> None:
    label = "Neighbouring health and wellbeing boards within the STP"
    lines = style.wrap(label, 260)
    assert " ".join(lines) == label
    widths = [style.text_width(line, style.BODY) for line in lines]
    assert max(widths) <= 260 and min(widths) > 0.6 * max(widths)


# What charts say


@pytest.mark.parametrize("edition", EDITIONS)
def test_alternative_text_holds_the_numbers_shown_and_no_others(
    built: Path, edition: Edition
) -> None:
    estimates = figures.load(built / "estimates.parquet", edition)
    for name, entry in index(built, edition).items():
        words = entry["alt"].replace("[c] (too few answers to show)", "[c]")
        said = set(re.findall(r"\[c\]|(?<![A-Z\d])\d+(?:\.\d+)?%?", words))
        shown = [id_ for id_ in entry["estimates"] if not _in_table_alone(entry, id_)]
        assert {estimates[id_].text for id_ in shown} <= said, name
        assert said <= {estimates[id_].text for id_ in entry["described"]}, name


def _in_table_alone(entry: dict[str, Any], id_: str) -> bool:
    """Counts stand in the table beside a paired chart."""
    return entry["kind"] == "paired" and id_.endswith(":count")


def test_alternative_text_reads_as_sentences(built: Path) -> None:
    assert index(built)["q1"]["alt"] == (
        "Stacked bar. Q1: How much, if anything, do you know about your local STP? "
        "A great deal 33%, a fair amount 58%, just a little 7%, hardly anything 1% and "
        "nothing at all 0%; in all, at least a fair amount 91%. Base: 81."
    )
    for name, entry in index(built).items():
        assert entry["alt"].endswith("."), name
        assert "  " not in entry["alt"] and ".." not in entry["alt"] and "?." not in entry["alt"]


def test_labels_inside_sentences() -> None:
    labels = ("A great deal", "GPs and nurses", "NHS England", "Don't know")
    expected = ["a great deal", "GPs and nurses", "NHS England", "don't know"]
    assert [alt.lower(label) for label in labels] == expected
    assert alt.series(["a", "b", "c"]) == "a, b and c"


# Wrong input

MISTAKES = [
    ("a: {kind: scale, question: q2}", "there is no question 'q2'", "q2a"),
    ("a: {kind: scale, question: q2b}", "which this kind cannot show", "q2a"),
    ("a: {kind: scale, question: q2a, nets: [agre]}", "'agre' is not a net", "agree"),
    (
        "a: {kind: scale, question: q3, items: [approving]}",
        "'approving' is not an item",
        "approving_plans",
    ),
    ("a: {kind: scale, question: q1, items: [approving]}", "is no grid", ""),
    ("a: {kind: scale, question: q3, sort: vey}", "'vey' is not a net or option", "very"),
    ("a: {kind: bars, question: q3}", "need a net or option", ""),
    ("a: {kind: bars, question: q1, answer: nothing}", "is no grid: its bars are its options", ""),
    ("a: {kind: ranking, question: q14}", "which this kind cannot show", "q13"),
    ("a: {kind: paired, margin: regions}", "'regions' is not a margin of the frame", "region"),
    ("a: {kind: crosstab, question: q17, by: q2a}", "the grid 'q17' needs an item", ""),
    ("a: {kind: crosstab, question: q17, item: objectve, by: q2a}", "not an item", "objectives"),
    ("a: {kind: crosstab, question: q1, by: q9}", "'q1' is not broken down by 'q9'", ""),
    (
        "a: {kind: crosstab, question: q17, item: objectives, by: q2a, groups: [agreed]}",
        "'agreed' is not an option or net",
        "agree",
    ),
    ("a: {kind: table, question: q13.other, columns: [percent]}", "they have no share", ""),
    ("a: {kind: scale, qestion: q1}", "unknown field 'qestion'", "question"),
    ("a: {kind: pie, question: q1}", "there is no kind 'pie'", "paired"),
]


@pytest.mark.parametrize(("line", "found", "near"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    survey: Survey, tmp_path: Path, line: str, found: str, near: str
) -> None:
    with pytest.raises(WavedeckError) as caught:
        _exhibits(tmp_path, survey, "good: {kind: scale, question: q1}", line)
    problems = [problem for problem in caught.value.problems if found in problem.found]
    assert problems, str(caught.value)
    assert problems[0].where == f"{tmp_path / 'exhibits.yaml'}, line 3"
    assert problems[0].nearest == near


def test_all_mistakes_are_named_at_once(survey: Survey, tmp_path: Path) -> None:
    lines = (
        f"{name}: {{kind: scale, question: q{number}}}" for name, number in (("a", 88), ("b", 99))
    )
    with pytest.raises(WavedeckError) as caught:
        _exhibits(tmp_path, survey, *lines)
    assert len(caught.value.problems) == 2


def test_a_chart_that_outgrows_its_slide_is_refused(survey: Survey, tmp_path: Path) -> None:
    many = survey.questions["q5"].model_dump()
    many["items"] = {f"i{n}": {"label": f"Item {n}", "column": f"c{n}"} for n in range(20)}
    grown = survey.model_copy(
        update={"questions": survey.questions | {"q5": type(survey.questions["q5"])(**many)}}
    )
    exhibits = _exhibits(tmp_path, grown, "q5: {kind: scale, question: q5}")
    with pytest.raises(WavedeckError, match="at most 430 px"):
        stage.draw_all(exhibits, context(grown))


def test_a_missing_estimate_is_named(survey: Survey, tmp_path: Path) -> None:
    rows = [row for row in synthetic.estimates(survey) if row["id"] != "q1.great_deal"]
    exhibits = _exhibits(tmp_path, survey, "q1: {kind: scale, question: q1}")
    found = Figures(rows, "unweighted", "estimates.parquet")
    with pytest.raises(WavedeckError, match=r"no estimate 'q1\.great_deal'"):
        stage.draw_all(exhibits, Context(survey, found))


def test_missing_and_foreign_tables_are_refused_and_nothing_is_written(
    built: Path, tmp_path: Path
) -> None:
    with pytest.raises(WavedeckError, match="does not exist"):
        main(arguments(tmp_path, "unweighted", tmp_path / "out"))
    (tmp_path / "estimates.parquet").write_bytes((built / "margins.parquet").read_bytes())
    with pytest.raises(WavedeckError, match="columns are missing"):
        main(arguments(tmp_path, "unweighted", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_categories_keep_the_order_of_the_codebook(built: Path, survey: Survey) -> None:
    legend = [text for text in texts(charts(built)["q2a"]) if not text.estimate][:6]
    assert [text.text for text in legend] == [
        option.label for option in survey.scale_of("q2a").options.values()
    ]
    assert all(one.left < other.left for one, other in pairwise(legend))


def test_a_typed_number_in_a_title_is_refused(survey: Survey) -> None:
    exhibits = {
        "one": {"kind": "scale", "question": "q1", "heading": True, "title": "All 81 of us"}
    }
    with pytest.raises(WavedeckError) as error:
        stage.draw_all(Exhibits.model_validate({"exhibits": exhibits}), context(survey))
    assert "prints a number that is no estimate: 'All 81 of us'" in str(error.value)


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Under 2 hours", False),
        ("2 hours", False),
        ("Q2a: How long?", False),
        ("3 hours", True),
        ("Half of them", False),
    ],
)
def test_numbers_of_the_codebooks_words_are_no_statistics(text: str, loose: bool) -> None:
    assert has_loose_number(text, frozenset({"Under 2 hours", "How long?"})) == loose
