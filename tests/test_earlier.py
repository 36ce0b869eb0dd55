"""Values of all earlier waves: estimated, hidden where hidden there, traced, verified."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import load_workbook

import chain
from wavedeck import files
from wavedeck.chain import chain_of
from wavedeck.checks import CheckError, evaluate
from wavedeck.compose.vocabulary import Vocabulary
from wavedeck.earlier import id_in, split
from wavedeck.figures import Figures, load
from wavedeck.layout import WaveFiles
from wavedeck.publish.stage import results_workbook
from wavedeck.survey import load_codebook
from wavedeck.trace.estimate import trace
from wavedeck.trace.tables import Tables
from wavedeck.verify.command import _recompute, _tables
from wavedeck.verify.failures import Report
from wavedeck.verify.printed import fits
from wavedeck.verify.results import check_workbook


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chain.built(chain.project(tmp_path_factory.mktemp("waves")))


def rows(root: Path, wave: str = "2022", weighted: bool = False) -> dict[str, dict[str, Any]]:
    path = root / f"processed/toy/{wave}/estimates.parquet"
    return {r["id"]: r for r in files.read_table(path, weighted=weighted).to_pylist()}


def test_ids_of_earlier_waves() -> None:
    assert id_in("q2a.agree", "2017") == "q2a.agree:in.2017"
    assert id_in("q2a:base", "2017") == "q2a:base_in.2017"
    for name in ("q2a.agree", "q2a:base", "sample.respondents"):
        assert split(id_in(name, "2017-spring")) == (name, "2017-spring")
    assert split("q2a.agree:change") == ("q2a.agree:change", "")


@pytest.mark.parametrize("weighted", [False, True])
def test_a_value_is_what_the_earlier_wave_says_itself(built: Path, weighted: bool) -> None:
    found = rows(built, weighted=weighted)
    columns = ("numerator", "base", "weighted_base", "value", "text", "lower", "upper")
    for wave in ("2020", "2021"):
        own = rows(built, wave, weighted)
        # Q1 has other words and another column in 2022.
        for name in ("q1.agree", "q1.disagree", "q1.opinion", "q2.agree.start"):
            then = found[f"{name}:in.{wave}"]
            for column in columns:
                said = own[name][column]
                same = said if isinstance(said, str) else pytest.approx(said, rel=1e-12)
                assert then[column] == same, (name, column)
            assert then["label"].endswith(f", in {own['wave.title']['text']}")
        for base in ("q1", "q2.start"):
            assert found[f"{base}:base_in.{wave}"]["value"] == own[f"{base}:base"]["value"]
    near = found["q1.agree:previous"]
    assert near["value"] == found["q1.agree:in.2021"]["value"]


def test_numbers_about_earlier_waves(built: Path) -> None:
    found = rows(built)
    assert [n for n in found if n.startswith("wave.title:in.")] == [
        "wave.title:in.2020",
        "wave.title:in.2021",
    ]
    assert found["wave.title:in.2020"]["text"] == "Spring"
    assert found["fieldwork.start:in.2021"]["text"] == "1 September 2021"
    assert found["sample.councils:in.2020"]["text"] == "8"


@pytest.mark.parametrize(
    ("name", "wave", "reason"),
    [
        # At one step not comparable: neither across it.
        ("q2.agree.end", "2020", "the end is another"),
        ("q2.agree.end", "2021", ""),
        # Offered since Autumn; 2022 asks for it alone, as 2021 did.
        ("q1.unsure", "2021", ""),
        ("q1.unsure", "2020", "'Not sure' could not be chosen in Spring"),
        # Retired, then introduced again: nothing says that it is the same.
        ("q6.yes", "2021", "not asked in Autumn"),
        ("q6.yes", "2020", "not asked in Autumn"),
    ],
)
def test_what_is_not_comparable_at_a_step_is_not_across_it(
    built: Path, name: str, wave: str, reason: str
) -> None:
    row = rows(built)[f"{name}:in.{wave}"]
    assert row["change_note"] == reason
    assert (row["text"] == "[z]") == bool(reason) == math.isnan(row["value"])


def test_a_net_leads_to_the_option_that_it_was(built: Path) -> None:
    root, path = built, built / "raw/toy/2022/wave.yaml"
    text = path.read_text()
    old = "drop: [neither]\n    comparable: {unsure: [unsure]}"
    assert old in text
    path.write_text(text.replace(old, "nets: {between: [neither, unsure]}"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(root)
            chain.run("2022", ("2020", "2021"), "estimate")
        found = rows(root)
        assert found["q1.between:in.2021"]["value"] == pytest.approx(100 / 8)
        assert found["q1.between:in.2020"]["value"] == rows(root, "2020")["q1.neither"]["value"]
        assert found["q1.neither:in.2021"]["change_note"] == ""
        assert "could not be chosen" in found["q1.neither:in.2020"]["change_note"]
    finally:
        path.write_text(text)
        chain.built(root)


def test_particulars_and_breakdowns_have_no_earlier_values(built: Path) -> None:
    found = [name for name in rows(built) if ":in." in name or ":base_in." in name]
    assert found
    assert not any(name.startswith(("council_type", "q3", "q4")) or "@" in name for name in found)


def test_a_first_and_a_second_wave(built: Path) -> None:
    assert not any(":in." in name for name in rows(built, "2020"))
    assert {split(n)[1] for n in rows(built, "2021") if ":in." in n} == {"2020"}


@pytest.fixture
def hidden(built: Path) -> Iterator[Path]:
    """The project where 2020 hides the percentages of a row of Q2."""
    path = built / "processed/toy/2020/estimates.parquet"
    original = path.read_bytes()
    table = files.read_table(path)
    data = table.to_pylist()
    for row in data:
        if row["question"] == "q2" and row["item"] == "start" and row["statistic"] == "percent":
            row["suppressed"] = row["subset"] == "" or row["suppressed"]
    files.write_table(path, pa.Table.from_pylist(data, schema=table.schema))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(built)
        chain.run("2021", ("2020",), "estimate")
        chain.run("2022", ("2020", "2021"), "estimate")
    yield built
    path.write_bytes(original)
    chain.built(built)


@pytest.mark.parametrize("weighted", [False, True])
def test_what_an_earlier_wave_hides_is_never_shown(hidden: Path, weighted: bool) -> None:
    found = rows(hidden, weighted=weighted)
    for answer in ("agree", "unsure", "opinion"):
        row = found[f"q2.{answer}.start:in.2020"]
        assert math.isnan(row["value"]) and not row["text"].endswith("%")
    row = found["q2.agree.start:in.2020"]
    assert (row["text"], row["suppressed"]) == ("[c]", True)
    assert math.isnan(row["numerator"] + row["lower"] + row["upper"] + row["standard_error"])
    assert found["q2.agree.start:in.2021"]["text"].endswith("%")
    assert found["q1.agree:in.2020"]["text"].endswith("%")
    # Nor by the change since it.
    second = rows(hidden, "2021", weighted)
    assert second["q2.agree.start:change"]["change_note"] == "not shown in Spring"
    assert math.isnan(second["q2.agree.start:previous"]["value"])
    assert math.isnan(second["q2.agree.start"]["previous"])


def test_both_paths_agree_on_what_is_hidden(hidden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wave in ("2021", "2022"):
        assert recomputed(hidden, monkeypatch, wave).failures == []


def recomputed(root: Path, monkeypatch: pytest.MonkeyPatch, name: str = "2022") -> Report:
    monkeypatch.chdir(root)
    report, wave = Report(), WaveFiles("toy", name)
    survey, described = load_codebook(wave.codebook, wave.described)
    _recompute(wave, survey, described, _tables(wave, report), report)
    return report


def test_both_paths_agree(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = recomputed(built, monkeypatch)
    assert report.failures == []
    assert report.checked["values of earlier waves"] > 60


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("q1.agree:in.2020", "value", 1.0),
        ("q1.agree:in.2020", "text", "99%"),
        ("q1.agree:in.2020", "base", 3),
        ("q1.agree:in.2020", "lower", 1.0),
        ("q1.agree:in.2020", "change_note", "none"),
        ("q1.agree:in.2021", "suppressed", True),
        ("q1:base_in.2020", "value", 3.0),
        ("q2.agree.end:in.2020", "text", "50%"),
        ("q2.agree.end:in.2020", "value", 50.0),
        ("wave.title:in.2020", "text", "Summer"),
        ("sample.councils:in.2020", "text", "9"),
        ("q1.agree:in.2020", "id", "q1.agreed:in.2020"),
        ("q1.agree:in.2020", "statistic", "in.2019"),
    ],
)
def test_a_tampered_earlier_value_is_found(
    built: Path, monkeypatch: pytest.MonkeyPatch, name: str, column: str, value: object
) -> None:
    path = built / "processed/toy/2022/estimates.parquet"
    original = path.read_bytes()
    table = files.read_table(path)
    data = table.to_pylist()
    next(r for r in data if r["id"] == name and not r["weighted"])[column] = value
    try:
        files.write_table(path, pa.Table.from_pylist(data, schema=table.schema))
        found = recomputed(built, monkeypatch).failures
    finally:
        path.write_bytes(original)
    assert any(split(name)[0] in failure.place for failure in found)


@pytest.mark.parametrize(
    ("name", "wave", "leads"),
    [
        ("q1.agree:in.2020", "2020", "toy/2020 q1.agree"),
        ("q2.agree.start:in.2021", "2021", "toy/2021 q2.agree.start"),
        ("q1:base_in.2020", "2020", "toy/2020 q1:base"),
        ("sample.councils:in.2020", "2020", "toy/2020 sample.councils"),
        ("q6.yes:in.2020", "2020", None),
    ],
)
def test_a_value_leads_to_the_workbook_and_the_id_of_its_wave(
    built: Path, name: str, wave: str, leads: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built)
    survey, _ = load_codebook(Path("surveys/toy/survey.yaml"), Path("raw/toy/2022/wave.yaml"))
    told = trace(Tables(WaveFiles("toy", "2022"), survey), name, "unweighted", {})
    source = json.loads(Path(f"processed/toy/{wave}/source.json").read_text())
    assert told.source["sha256"] == source["sha256"]
    wanted = f"wavedeck trace {leads}" if leads else None
    assert told.comparison.get("In that wave") == wanted
    if leads:
        own = leads.split()[1]
        assert told.text == rows(built, wave)[own]["text"]
    else:
        assert told.comparison["Not compared"] == "not asked in Autumn."


@pytest.fixture
def figures(built: Path) -> Figures:
    return load(built / "processed/toy/2022/estimates.parquet", "unweighted")


def test_claims_about_earlier_waves(figures: Figures) -> None:
    now, then = figures["q1.agree"].value, figures["q1.agree:in.2020"].value
    assert evaluate("q1.agree > q1.agree:in.2020", figures).holds == (now > then)
    highest = evaluate("q1.agree highest of q1.agree:in.*", figures)
    assert highest.holds == (now >= max(then, figures["q1.agree:in.2021"].value))
    assert "q1.agree:in.20" in highest.says
    with pytest.raises(CheckError, match=r"'q2.agree.end:in.2020' has no value .*end is another"):
        evaluate("q2.agree.end highest of q2.agree.end:in.*", figures)
    with pytest.raises(CheckError, match="has no change"):
        evaluate("q1.agree:in.2020 rose", figures)


def test_earlier_waves_in_sentences(figures: Figures) -> None:
    words = Vocabulary(figures, {}, [], {}, "deck.qmd.j2")
    span = '[{}]{{.estimate data-estimate="{}"}}'
    for written, name in (
        (words.pct("q1.agree:in.2020"), "q1.agree:in.2020"),
        (words.base("q1:in.2020"), "q1:base_in.2020"),
        (words.fact("wave.title:in.2020"), "wave.title:in.2020"),
        (words.count("sample.respondents:in.2020"), "sample.respondents:in.2020"),
    ):
        assert written == span.format(figures[name].text.replace("%", r"\%"), name)
    row = asdict(figures["q1.agree:in.2020"])
    for written in (words.words("q1.agree:in.2020"), words.interval("q1.agree:in.2020")):
        text = str(written)[1:].partition("]")[0].replace("\\", "")
        assert fits(text, row) and text != row["text"]
    assert words.problems == []
    words.pct("q2.agree.end:in.2020")
    words.pct("q1.agree:in.2019")
    words.base("q1.agree:in.2020")
    told = [problem.found for problem in words.problems]
    assert told[0] == "'q2.agree.end:in.2020' cannot be compared: the end is another"
    assert words.problems[1].nearest.startswith("q1.agree:in.20")
    assert "there is no estimate 'q1.agree:base_in.2020'" in told[2]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_tables_have_a_column_for_each_wave(
    built: Path, tmp_path: Path, weighted: bool
) -> None:
    survey, wave = load_codebook(
        built / "surveys/toy/survey.yaml", built / "raw/toy/2022/wave.yaml"
    )
    table = files.read_table(built / "processed/toy/2022/estimates.parquet").to_pylist()
    path = tmp_path / "results.xlsx"
    path.write_bytes(results_workbook(survey, wave, table, weighted))
    figures = {(r["id"], r["weighted"]): r for r in table}
    report = Report()
    check_workbook(path, weighted, figures, survey, report)
    assert report.failures == []
    book = load_workbook(path)
    told = {r[2].value: r for r in book["Columns"].iter_rows(min_row=5)}
    assert told[":in.2020"][0].value == "In Spring" and ":in.2021" not in told
    grid = [[cell.value for cell in line] for line in book["Q2"].iter_rows()]
    top = next(n for n, line in enumerate(grid) if line[-1] == "Estimate")
    place = grid[top].index("In Spring")
    found = {
        line[-1]: line[place] for line in grid[top + 1 :] if "base" not in str(line[1]).lower()
    }
    text = figures["q2.agree.start:in.2020", weighted]["text"]
    assert f"{round(100 * found['q2.agree.start'])}%" == text
    assert found["q2.agree.end"] == "[z]"
    bases = [line[place] for line in grid if line[1] == "Unweighted base"]
    assert figures["q2.start:base_in.2020", weighted]["value"] in bases
    sample = [line[2].value for line in book["Sample"].iter_rows() if line[2].value]
    names = [name.strip() for name in sample if "sample.councils" in name]
    assert names == [f"sample.councils{end}" for end in ("", ":previous", ":in.2020")]
    # A number that is not the estimate's is found.
    cell = next(
        line[place]
        for line in book["Q2"].iter_rows()
        if line[-1].value == "q2.agree.start" and isinstance(line[place].value, float)
    )
    cell.value = 0.01
    book.save(path)
    report = Report()
    check_workbook(path, weighted, figures, survey, report)
    assert ["q2.agree.start:in.2020" in f.place for f in report.failures] == [True]


def test_the_panel_tells_where_a_value_is_from_and_how_sure_it_is(built: Path) -> None:
    survey, _ = load_codebook(built / "surveys/toy/survey.yaml", built / "raw/toy/2022/wave.yaml")
    for weighted in (False, True):
        known = rows(built, weighted=weighted)
        row = known["q1.agree:in.2020"]
        facts = chain_of(row, known, survey).facts
        assert facts["Definition"] == "Q1: Agree, in Spring."
        assert facts["Base"] == f"{row['base']} respondents"
        assert ("Numerator" in facts) == (not weighted), "a sum of weights is not told"
        then = rows(built, "2020", weighted)
        own = chain_of(then["q1.agree"], then, survey).facts
        assert facts["95% interval"] == own["95% interval"] and "%" in own["95% interval"]
        assert facts["Standard error"] == own["Standard error"]
        assert facts["Computed by"].endswith("estimate/earlier.py")
        told = chain_of(known["q2.agree.end:in.2020"], known, survey).facts
        assert told["Not compared"] == "the end is another." and "Base" not in told
