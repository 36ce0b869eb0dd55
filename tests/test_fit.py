"""An export that does not fit a later wave: all is told at once, and what is told mends it."""

from __future__ import annotations

import random
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

import toy
import toy_choices
from conftest import copy_project, snakemake
from wavedeck.compose.stage import Texts, render_template
from wavedeck.compose.vocabulary import Vocabulary
from wavedeck.errors import WavedeckError
from wavedeck.exhibits import load_exhibits
from wavedeck.figures import Figures
from wavedeck.ingest.stage import read_wave
from wavedeck.survey import load_codebook, retired
from wavedeck.survey.comparable import Described, incomparable

ABOUT = ("title", "workbook", "fieldwork", "published", "previous", "synthetic", "exclusions")
"""What a wave.yaml says that declares no change."""


def put_together(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        return {
            key: put_together(one[key], other[key])
            if key in one and key in other
            else {**other, **one}[key]
            for key in keys
        }
    if isinstance(one, list) and isinstance(other, list):
        return one + [entry for entry in other if entry not in one]
    assert one == other
    return one


def remedies(message: str) -> list[Any]:
    """The first lines for wave.yaml that each problem of a message prints, as YAML."""
    found = []
    for problem in message.split("\n\nAll of it")[0].split("    to do:")[1:]:
        block = problem.partition("wave.yaml:\n")[2]
        lines = []
        for line in block.splitlines():
            if not line.startswith(" " * 14) or line.strip().startswith("or, "):
                break
            lines.append(line)
        found.append(yaml.load(textwrap.dedent("\n".join(lines)), Loader=yaml.CBaseLoader))
    return found


def strip(path: Path) -> str:
    """Takes every declaration of change out of a wave.yaml; returns what is left."""
    data = yaml.load(path.read_text(), Loader=yaml.CBaseLoader)
    left = {key: data[key] for key in ABOUT if key in data}
    path.write_text(yaml.safe_dump(left, sort_keys=False, allow_unicode=True))
    return path.read_text()


def refused(root: Path, survey: str = "toy", wave: str = "2021") -> str:
    """The message of an export that does not fit; "" where it does."""
    path = root / f"raw/{survey}/{wave}/wave.yaml"
    codebook, described = load_codebook(root / f"surveys/{survey}/survey.yaml", path)
    try:
        read_wave(path.parent / described.workbook, codebook, described, path)
    except WavedeckError as error:
        return str(error)
    return ""


def test_all_that_a_stripped_wave_lacks_is_told_at_once(toy_project: Path) -> None:
    root = toy.second_wave(toy_project)
    path = root / "raw/toy/2021/wave.yaml"
    left = strip(path)
    message = refused(root)
    for found in (
        "there is no sheet 'Responses'; 'Sheet' holds the answers",
        "the names of the columns stand in rows 1 to 2",
        "'Response ID' (response)",
        "(q3.red) is missing and 3 more of q3",
        "'Not sure' is no answer that the codebook knows",
        "'Unitary council' is no answer that the codebook knows (2 times)",
        "the codebook does not know the column 'Q5. Anything else? › Free'",
    ):
        assert found in message
    own = yaml.load(left, Loader=yaml.CBaseLoader)
    for lines in remedies(message):
        own = put_together(own, lines)
    path.write_text(yaml.safe_dump(own, sort_keys=False, allow_unicode=True))
    assert refused(root) == ""
    path.write_text(left + message.partition("looked through:\n")[2])
    assert refused(root) == "", "all of it together, as printed"


def test_fields_that_are_there_are_named(toy_project: Path) -> None:
    root = toy.second_wave(toy_project)
    path = root / "raw/toy/2021/wave.yaml"
    text = path.read_text()
    path.write_text(text.replace("unitary: [Unitary", "county: [Un").replace("retired: {q3:", "#"))
    assert "(recoded: put the lines below those that are there)" in refused(root)


@pytest.mark.slow
def test_the_real_second_wave_is_mended_by_what_is_printed(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project", ["stp-councillors/2018"])
    path = root / "raw/stp-councillors/2018/wave.yaml"
    left = strip(path)
    own = root / "surveys/stp-councillors/2018"
    shutil.rmtree(own)
    own.mkdir()
    (own / "exhibits.yaml").write_text("exhibits:\n  q4: {kind: scale, question: q4}\n")
    template = ["## {{ survey.title }} {#title .opening}", "", "## Engaged {#q4}", ""]
    template += ['{{ chart("q4") }}', "", '{{ note("q4") }}', ""]
    (own / "deck.qmd.j2").write_text("\n".join(template))
    result = snakemake(root)
    assert result.returncode != 0
    message = result.stdout + result.stderr
    assert "'Metropolitan borough' is no answer that the codebook knows" in message
    message = message[message.index("wavedeck ingest:") :]
    data = yaml.load(left, Loader=yaml.CBaseLoader)
    for lines in remedies(message):
        data = put_together(data, lines)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (root / "report/stp-councillors/2018/deck.html").is_file()


def grown(root: Path, header: str, values: list[Any]) -> Path:
    """The first wave's export again as a second one, with one more column."""
    folder = root / "raw/toy/2021"
    folder.mkdir()
    rows = [[*row, value] for row, value in zip(toy.ROWS, values, strict=True)]
    toy.write(folder / "next.xlsx", [[*toy.HEADER, header], *rows], "Responses")
    text = toy.WAVE.replace("toy.xlsx", "next.xlsx") + 'previous: "2020"\n'
    (folder / "wave.yaml").write_text(text)
    return folder / "wave.yaml"


def codebook(root: Path, wave: str = "2021") -> Described:
    return Described(
        *load_codebook(root / "surveys/toy/survey.yaml", root / f"raw/toy/{wave}/wave.yaml")
    )


def test_a_new_row_of_a_grid_is_declared_as_printed(toy_project: Path) -> None:
    path = grown(toy_project, "Q2 [Middle]", ["Agree", "Perhaps"] * 5 + ["Agree"])
    message = refused(toy_project)
    line = 'items: {q2: {middle: {label: Middle, column: "Q2 [Middle]"}}}'
    assert line in message and "a row of q2" in message
    assert "q2.middle: 'Perhaps' is no answer" in message, "its answers are looked at too"
    text = path.read_text()
    aliases = "aliases: {q2: {neither: [Perhaps]}}"
    path.write_text(f"{text}{line}\n{aliases}\n")
    assert refused(toy_project) == ""
    now = codebook(toy_project)
    assert list(now.survey.questions["q2"].items) == ["start", "end", "middle"]  # type: ignore[union-attr]
    told = incomparable(now, codebook(toy_project, "2020"), "q2", "middle")
    assert told == "not asked in Spring"
    path.write_text(text + line.replace("label:", "after: start, label:") + f"\n{aliases}\n")
    rows = codebook(toy_project).survey.questions["q2"].items  # type: ignore[union-attr]
    assert list(rows) == ["start", "middle", "end"]


def test_a_new_thing_to_rank_is_declared_as_printed(toy_project: Path) -> None:
    path = grown(toy_project, "Q3 [Pink]", [4, 3] + [None] * 9)
    line = 'items: {q3: {pink: {label: Pink, column: "Q3 [Pink]"}}}'
    assert line in refused(toy_project)
    path.write_text(f"{path.read_text()}{line}\n")
    assert refused(toy_project) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("items: {q1: {more: {label: More, column: X}}}", "has no 'q1' with rows"),
        ("items: {q2: {start: {label: More, column: X}}}", "'q2.start' stands in survey.yaml"),
        ("items: {q2: {more: {label: More}}}", "'q2.more' names no column"),
        ("items: {q2: {more: {label: M, column: X, after: strat}}}", "has no 'strat'"),
        ("items: {q2: {more: {label: M, column: X, after: start, before: end}}}", "take one of"),
        ("recoded: {q1: {add: {more: {label: More, column: X}}}}", "no column for each"),
    ],
)
def test_a_row_that_fits_nothing_is_told_with_its_line(
    toy_project: Path, line: str, said: str
) -> None:
    path = grown(toy_project, "X", [None] * 11)
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(WavedeckError, match=re.escape(said)) as error:
        codebook(toy_project)
    number = len(path.read_text().splitlines())
    assert f"wave.yaml, line {number}" in error.value.problems[0].where


def test_one_more_column_of_no_use_needs_no_list_of_all(toy_project: Path) -> None:
    path = grown(toy_project, "Start time", ["09:00"] * 11)
    assert "export: {others: [Start time]}" in refused(toy_project)
    path.write_text(path.read_text() + "export: {others: [Start time]}\n")
    assert refused(toy_project) == ""
    assert codebook(toy_project).survey.export.columns.others == ["Link", "Start time"]
    path.write_text(path.read_text().replace("others", "contact"))
    assert codebook(toy_project).survey.export.columns.contact == ["Start time"]


def test_values_without_a_header_are_mended_in_wave_yaml(toy_project: Path) -> None:
    path = grown(toy_project, "Start time", ["09:00"] * 11)
    text = path.read_text() + "export: {others: [Start time]}\n"
    path.write_text(text)
    toy.spoil(path.parent / "next.xlsx", lambda book: book["Responses"].cell(3, 16, "stray"))
    line = f'add to {path}: export: {{others: ["(column P)"]}}'
    assert line in refused(toy_project)
    path.write_text(text.replace("[Start time]", '[Start time, "(column P)"]'))
    assert refused(toy_project) == ""


def mangled(sheet: Any, chance: random.Random) -> None:
    """Columns lost and added, headers and cells overwritten."""
    headers = [
        "Q1. Is it bad?",
        "Type",
        "{a}",
        None,
        "Q2 [End]",
        "Q3 [Y]",
        "Q2. Where? › Home",
        ";",
    ]
    texts = ["Yes", "clinic", "Money;Staff;Rockets", "=1", "Agree;Disagree", " ; ", None, 3.5]
    for _ in range(chance.randint(1, 7)):
        row, column = (chance.randint(1, n) for n in (sheet.max_row, sheet.max_column))
        kind = chance.choice(["lose", "add", "header", "cell", "cell", "name"])
        if kind == "lose" and sheet.max_column > 2:
            sheet.delete_cols(column)
        elif kind == "add":
            sheet.insert_cols(column)
            sheet.cell(1, column).value = chance.choice(headers)
        elif kind == "header":
            sheet.cell(chance.randint(1, 3), column).value = chance.choice(headers)
        elif kind == "cell":
            sheet.cell(row, column).value = chance.choice(texts)
        elif kind == "name":
            sheet.title = chance.choice(["Sheet", "Data!"])


@pytest.mark.parametrize("survey", [toy, toy_choices])
@pytest.mark.parametrize("seed", range(12))
def test_whatever_becomes_of_an_export_what_is_printed_mends_it(
    tmp_path: Path, survey: Any, seed: int
) -> None:
    survey.project(tmp_path)
    (first,) = tmp_path.glob("raw/*/*/wave.yaml")
    name, path = first.parts[-3], first.parent.with_name("next") / "wave.yaml"
    shutil.copytree(first.parent, path.parent)
    path.write_text(path.read_text() + f'previous: "{first.parent.name}"\n')
    (export,) = path.parent.glob("*.xlsx")
    toy.spoil(export, lambda book: mangled(book.active, random.Random(seed)))
    left, message = path.read_text(), refused(tmp_path, name, "next")
    data = yaml.load(left, Loader=yaml.CBaseLoader)
    for lines in remedies(message):
        data = put_together(data, lines)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    try:
        again = refused(tmp_path, name, "next")
    except WavedeckError as error:
        # A margin of the weighting is gone: what takes its place only people can say.
        assert "give the wave frame: and weighting: of its own" in str(error)
    else:
        beyond = ("holds the error", "is empty", "has a header and no answers", "are known as")
        beyond += ("a formula without a value",)
        assert again == "" or any(words in again for words in beyond), again


def test_what_was_written_in_may_be_retired_alone(toy_project: Path) -> None:
    path = grown(toy_project, "X", [None] * 11)
    toy.spoil(path.parent / "next.xlsx", lambda book: book["Responses"].delete_cols(12))
    toy.spoil(path.parent / "next.xlsx", lambda book: book["Responses"].delete_cols(13))
    assert "retired: {q3.other: the reason}" in refused(toy_project)
    path.write_text(path.read_text() + "retired: {q3.other: the reason}\n")
    assert refused(toy_project) == ""


def test_what_needs_a_retired_question_goes_with_it(toy_project: Path) -> None:
    survey = toy_project / "surveys/toy/survey.yaml"
    asked, counted = "    asked_if: q1.agree\n", "{count: respondents, where: q1.agree, label: K}"
    text = survey.read_text().replace("    text: Comments\n", f"    text: Comments\n{asked}")
    text = text.replace("sample:\n", f"sample:\n  sample.keen: {counted}\n")
    survey.write_text(text)
    path = grown(toy_project, "X", [None] * 11)
    path.write_text(path.read_text() + "retired: {q1: the reason}\n")
    now = codebook(toy_project).survey
    assert now.questions["q4"].asked_if is None
    assert "sample.keen" not in now.sample and now.crosstabs == []
    assert codebook(toy_project, "2020").survey.questions["q4"].asked_if


RETIRED = "'q3' was retired in Spring (of no interest)"


def test_an_exhibit_of_what_is_retired_says_so(toy_project: Path) -> None:
    path = grown(toy_project, "X", [None] * 11)
    path.write_text(path.read_text() + "retired: {q3: of no interest, q2.end: not needed}\n")
    exhibits = toy_project / "surveys/toy/exhibits.yaml"
    exhibits.write_text(
        "exhibits:\n  q3: {kind: ranking, question: q3}\n"
        "  q2: {kind: scale, question: q2, items: [start, end]}\n"
        "  q5: {kind: scale, question: q5}\n"
    )
    with pytest.raises(WavedeckError) as error:
        load_exhibits(exhibits, codebook(toy_project).survey, retired(path))
    first, second, third = error.value.problems
    assert first.found == f"exhibit 'q3': {RETIRED}" and "line 2" in first.where
    assert "copy the file to" in first.remedy and "take 'q3' out there" in first.remedy
    assert "'q2.end' was retired in Spring (not needed)" in second.found
    assert "there is no question 'q5'" in third.found
    earlier = toy_project / "raw/toy/2020/wave.yaml"
    assert retired(earlier) == {}


@pytest.mark.parametrize(
    "words",
    [
        '{{ mean("q3.red") }}',
        '{{ pct("q1.agree@q3.red") }}',
        '{{ claim("q3.red:mean > 2", "more") }}',
        '{{ label("q3.red") }}',
        '{{ comments("q3", 1) }}',
        '{{ chart("q3") }}',
    ],
)
def test_a_template_that_names_what_is_retired_is_told_so(toy_project: Path, words: str) -> None:
    path = grown(toy_project, "X", [None] * 11)
    path.write_text(path.read_text() + "retired: {q3: of no interest}\n")
    now = codebook(toy_project)
    template = toy_project / "deck.qmd.j2"
    template.write_text(f"## One {{#one}}\n\n{words}\n")
    vocabulary = Vocabulary(Figures([], "unweighted"), {}, [], {}, str(template), retired(path))
    with pytest.raises(WavedeckError) as error:
        render_template(template, vocabulary, Texts(now.survey, now.wave, "unweighted"))
    (problem,) = error.value.problems
    assert problem.found == RETIRED and "line 3" in problem.where
    assert re.fullmatch("take the [a-z]+ out", problem.remedy)
