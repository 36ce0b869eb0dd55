"""A later wave: what wave.yaml declares, what does not fit, and what may be compared."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

import toy
from conftest import ROOT
from wavedeck.cli import main as wavedeck
from wavedeck.errors import WavedeckError
from wavedeck.ingest.stage import read_wave
from wavedeck.layout import WaveFiles
from wavedeck.run import previous_of, receive, refuse_unknown_waves, waves_before
from wavedeck.survey import Survey, load_codebook
from wavedeck.survey.comparable import Described, counterpart, incomparable


@pytest.fixture
def two(toy_project: Path) -> Path:
    return toy.second_wave(toy_project)


def codebook(root: Path, wave: str = "2021") -> Described:
    paths = root / "surveys/toy/survey.yaml", root / f"raw/toy/{wave}/wave.yaml"
    return Described(*load_codebook(*paths))


def spoiled(root: Path, old: str, new: str) -> str:
    """The message when a text of the second wave.yaml is replaced."""
    path = root / "raw/toy/2021/wave.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(WavedeckError) as error:
        codebook(root)
    return str(error.value)


def headers(survey: Survey) -> dict[str, str]:
    return {f"{q}.{i}" if i else q: header for header, q, i in survey.columns()}


def test_the_codebook_as_it_holds_for_the_wave(two: Path) -> None:
    survey = codebook(two).survey
    assert headers(survey) == {
        "council_type": "Kind of council › Response",
        "q1": "Q1. Is it good? › Response",
        "q2.start": "Q2 › Start",
        "q2.end": "Q2 › End",
        "q4": "Q4. Comments › Free",
        "q5": "Q5. Anything else? › Free",
    }
    assert list(survey.scale_of("q1").options) == [
        *("agree", "neither", "unsure", "disagree", "dont_know")
    ]
    assert survey.scale_of("council_type").options["unitary"].aliases == ["Unitary council"]
    assert survey.export.sheet == "Sheet" and survey.export.header.rows == 2
    first = codebook(two, "2020").survey
    assert "q3" in first.questions and "unsure" not in first.scale_of("q1").options


def test_a_row_of_a_grid_may_be_dropped(two: Path) -> None:
    export = two / "raw/toy/2021/next.xlsx"
    toy.spoil(export, lambda book: book["Sheet"].delete_cols(5))
    path, now = two / "raw/toy/2021/wave.yaml", codebook(two)
    with pytest.raises(WavedeckError) as error:
        read_wave(export, now.survey, now.wave, path)
    assert "retired: {q2.start: the reason}" in str(error.value)
    text = path.read_text()
    path.write_text(text.replace("retired: {q3:", "retired: {q2.start: the reason, q3:"))
    assert "q2.start" not in headers(codebook(two).survey)
    assert "q2.end" in headers(codebook(two).survey)
    read_wave(export, codebook(two).survey, codebook(two).wave, path)
    path.write_text(text.replace("retired: {q3:", "retired: {q2.strat: the reason, q3:"))
    with pytest.raises(WavedeckError) as error:
        codebook(two)
    assert error.value.problems[0].nearest == "q2.start"


def test_an_option_may_stand_in_front_of_another(two: Path) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    text = path.read_text()
    path.write_text(text.replace("after: neither", "before: agree"))
    options = codebook(two).survey.scale_of("q1").options
    assert list(options) == ["unsure", "agree", "neither", "disagree", "dont_know"]
    path.write_text(text.replace("after: neither", "before: agre"))
    with pytest.raises(WavedeckError, match="has no 'agre'"):
        codebook(two)
    path.write_text(text.replace("after: neither", "after: neither, before: agree"))
    with pytest.raises(WavedeckError, match="after another or before one"):
        codebook(two)


def test_all_that_a_declaration_gets_wrong_is_told_at_once(two: Path) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    text = path.read_text()
    text = text.replace("retired: {q3:", "retired: {q33:").replace(
        "council_type: Kind", "role: Kind"
    )
    text = text.replace("after: neither", "after: neiter").replace("{unitary: [", "{unitry: [")
    text = text.replace("  q5: {type: text", "  q4: {type: text")
    path.write_text(text)
    with pytest.raises(WavedeckError) as error:
        codebook(two)
    message = str(error.value)
    for found, near in (
        ("has no 'q33'", "q3"),
        ("has no 'neiter'", "neither"),
        ("has no 'unitry'", "unitary"),
        ("has no 'role'", ""),
        ("'q4' stands in survey.yaml already", ""),
    ):
        problem = next(p for p in error.value.problems if found in p.found)
        assert problem.nearest == near or not near
        line = int(re.search(r"line (\d+)", problem.where)[1])  # type: ignore[index]
        words = re.findall(r"'(\w+)'", found)[0]
        assert words in text.splitlines()[line - 1], problem
    assert "Traceback" not in message


def test_an_unknown_field_has_its_line(two: Path) -> None:
    message = spoiled(two, "retired:", "retierd:")
    assert "unknown field 'retierd'" in message and "nearest:  retired" in message


def test_a_codebook_that_the_changes_break_is_refused(two: Path) -> None:
    message = spoiled(two, "retired: {q3:", "retired: {council_type: gone, q3:")
    assert "with its changes the codebook is not whole" in message


def compared(root: Path, name: str, answer: str, item: str = "") -> tuple[tuple[str, ...], str]:
    found = counterpart(codebook(root), codebook(root, "2020"), name, answer, item)
    return found.options, found.reason


def test_options_are_compared_where_they_mean_the_same(two: Path) -> None:
    assert compared(two, "q1", "agree") == (("agree",), "")
    assert compared(two, "q1", "opinion") == (("agree", "disagree"), "")
    told = "'Not sure' could not be chosen in Spring"
    assert compared(two, "q1", "neither") == ((), told)
    assert compared(two, "q1", "unsure") == ((), told)


def test_a_net_of_all_that_stands_for_an_option_is_compared(two: Path) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    nets = "nets: {opinion: [agree, disagree], between: [neither, unsure]}"
    path.write_text(path.read_text().replace("nets: {opinion: [agree, disagree]}", nets))
    assert compared(two, "q1", "between") == (("neither",), "")


def test_without_a_mapping_a_changed_scale_is_not_compared(two: Path) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    path.write_text(path.read_text().replace("    comparable: {neither: [neither, unsure]}\n", ""))
    assert compared(two, "q1", "agree") == ((), "'Not sure' could not be chosen in Spring")


def test_what_is_declared_or_new_is_not_compared(two: Path) -> None:
    now, before = codebook(two), codebook(two, "2020")
    assert incomparable(now, before, "q2", "end") == "the end is another"
    assert incomparable(now, before, "q2", "start") == ""
    assert incomparable(now, before, "q5") == "not asked in Spring"


def ingest(root: Path) -> int:
    wave = root / "raw/toy/2021/wave.yaml"
    out = ["--cells", str(root / "cells.parquet"), "--source", str(root / "source.json")]
    return wavedeck(
        ["ingest", "--survey", str(root / "surveys/toy/survey.yaml"), "--wave", str(wave), *out]
    )


def test_a_wave_that_fits_is_read(two: Path) -> None:
    assert ingest(two) == 0


def test_every_misfit_comes_with_the_yaml_to_add(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    text = path.read_text()
    for declared in (
        "headers:\n  council_type: Kind of council › Response\n",
        "aliases:\n  council_type: {unitary: [Unitary council]}\n",
        "retired: {q3: of no interest}\n",
    ):
        assert declared in text
        text = text.replace(declared, "")
    i, j = text.index("introduced:"), text.index("not_comparable:")
    path.write_text(text[:i] + text[j:])
    book = load_workbook(two / "raw/toy/2021/next.xlsx")
    book["Sheet"]["C3"] = "Perhaps"
    book.save(two / "raw/toy/2021/next.xlsx")
    assert ingest(two) == 1
    message = capsys.readouterr().err
    for line in (
        'headers: {council_type: "Kind of council › Response"}',
        "retired: {q3: the reason}",
        'column: "Q5. Anything else? › Free"',
        "recoded: {q1: {add: {perhaps: {label: Perhaps}}}}",
    ):
        assert line in message
    assert "cell C3: q1: 'Perhaps' is no answer" in message


def test_labels_of_responses_that_are_left_out_do_not_matter(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = two / "raw/toy/2021/wave.yaml"
    rule = "exclusions:\n  - {kind: value, column: Council, values: [A], reason: A test}\n"
    path.write_text(path.read_text() + rule)
    book = load_workbook(two / "raw/toy/2021/next.xlsx")
    book["Sheet"]["C3"] = "Nonsense"
    book.save(two / "raw/toy/2021/next.xlsx")
    assert ingest(two) == 0, capsys.readouterr().err


def test_a_wave_has_its_own_files_where_it_has_them(two: Path) -> None:
    files = WaveFiles("toy", "2021", two)
    (files.team / "deck.qmd.j2").write_text("shared")
    (files.team / "2021").mkdir()
    own = files.team / "2021" / "exhibits.yaml"
    own.write_text("own")
    assert files.team_file("exhibits.yaml") == own
    assert files.team_file("deck.qmd.j2") == files.team / "deck.qmd.j2"
    assert WaveFiles("toy", "2020", two).team_file("exhibits.yaml").parent == files.team


@pytest.fixture
def three(toy_project: Path) -> Path:
    return toy.third_wave(toy_project)


def test_a_third_wave_builds_on_the_second(three: Path) -> None:
    second, third = codebook(three).survey, codebook(three, "2022").survey
    assert headers(third) == headers(second)
    assert third.export == second.export
    options = list(third.scale_of("q1").options)
    assert options == ["agree", "unsure", "disagree", "dont_know"]
    assert third.scale_of("council_type").options["unitary"].aliases == ["Unitary council"]


def test_a_third_wave_is_compared_with_the_second(three: Path) -> None:
    sides = codebook(three, "2022"), codebook(three, "2021")
    for answer in ("agree", "unsure", "opinion"):
        found = counterpart(*sides, "q1", answer, "")
        assert (found.options, found.reason) == (
            ("agree", "disagree") if answer == "opinion" else (answer,),
            "",
        )
    assert incomparable(*sides, "q2", "end") == "", "what did not compare in 2021 does now"


def test_a_third_wave_is_read_and_traced_to_the_wave_before(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(three)
    survey, wave = load_codebook(
        three / "surveys/toy/survey.yaml", three / "raw/toy/2022/wave.yaml"
    )
    path = three / "raw/toy/2022"
    found = read_wave(path / "third.xlsx", survey, wave, path / "wave.yaml")
    assert len(found.cells.respondents) == len(toy.NEXT_ROWS)
    assert waves_before("toy", "2022") == ["2021", "2020"]
    receive(["toy/2022"])
    assert len(list(Path("processed/toy/2022/received").glob("wave.yaml.*"))) == 3


@pytest.mark.parametrize(
    ("wave", "old", "new", "said"),
    [
        ("2022", '"2021"', '"2012"', "there is no wave '2012' of this survey"),
        ("2021", '"2020"', '"2022"', "the wave '2022' is measured from this one"),
        ("2022", "drop: [neither]", "drop: [nither]", "the codebook of 2021 has no 'nither'"),
    ],
)
def test_a_chain_that_does_not_hold(three: Path, wave: str, old: str, new: str, said: str) -> None:
    path = three / f"raw/toy/{wave}/wave.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(WavedeckError, match=said) as error:
        codebook(three, "2022")
    assert all("line" in problem.where for problem in error.value.problems)


def test_a_previous_wave_that_is_not_there_is_told_before_the_run(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(three)
    refuse_unknown_waves(["toy/2022"])
    shutil.rmtree(three / "raw/toy/2020")
    with pytest.raises(WavedeckError, match="there is no wave '2020' of 'toy'"):
        refuse_unknown_waves(["toy/2022"])


def test_nothing_of_a_wave_is_input_of_an_earlier_one(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two)
    (two / "surveys/toy/2021").mkdir()
    (two / "surveys/toy/2021/deck.qmd.j2").write_text("own")
    assert (previous_of("toy", "2021"), previous_of("toy", "2020")) == ("2020", "")
    receive(["toy/2020", "toy/2021"])
    stamps = {
        wave: {path.name.rpartition(".")[0] for path in Path(f"processed/toy/{wave}").rglob("*.*")}
        for wave in ("2020", "2021")
    }
    assert stamps["2020"] == {"wave.yaml", "toy.xlsx", "survey.yaml"}
    assert stamps["2021"] >= {"wave.yaml", "next.xlsx", "deck.qmd.j2", "survey.yaml"}
    both = list(Path("processed/toy/2021/received").glob("wave.yaml.*"))
    assert len(both) == 2, "the wave's own and the previous one's"


def test_the_workbook_of_2018_comes_from_its_script(tmp_path: Path) -> None:
    import sys

    sys.path.insert(0, str(ROOT / "surveys/stp-councillors"))
    try:
        from followup import build

        people, _, export, _ = build.make()
        assert len(people) == 110
        committed = ROOT / "raw/stp-councillors/2018/stp-councillors-2018.xlsx"
        assert build.export_workbook(export) == committed.read_bytes()
    finally:
        sys.path.pop(0)


def test_the_second_wave_is_called_synthetic() -> None:
    _, wave = load_codebook(
        ROOT / "surveys/stp-councillors/survey.yaml", ROOT / "raw/stp-councillors/2018/wave.yaml"
    )
    assert "synthetic" in wave.synthetic
    assert "synthetic" in (ROOT / "raw/stp-councillors/2018/README.md").read_text()
    template = (ROOT / "surveys/stp-councillors/2018/deck.qmd.j2").read_text()
    assert template.count("wave.synthetic") >= 2
