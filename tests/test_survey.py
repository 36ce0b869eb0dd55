"""survey.yaml, wave.yaml and config.yaml: what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from wavedeck import configuration
from wavedeck.errors import WavedeckError
from wavedeck.survey import load_survey, load_wave


def spoiled(root: Path, old: str, new: str) -> str:
    """The message for the toy survey with one text replaced."""
    path = root / "surveys/toy/survey.yaml"
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(WavedeckError) as error:
        load_survey(path)
    return str(error.value)


def line_of(root: Path, text: str) -> int:
    lines = (root / "surveys/toy/survey.yaml").read_text().splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "found", "near"),
    [
        ("minimum_base: 2", "minimum_bse: 2", "unknown field 'minimum_bse'", "minimum_base"),
        ("    number: Q1", "    nubmer: Q1", "unknown field 'nubmer'", "number"),
        ("start: {label:", "start: {lable:", "unknown field 'lable'", "label"),
        ("    scale: agreement", "    scale: agrement", "unknown 'agrement'", "'agreement'"),
        (
            "opinion: [agree, disagree]",
            "opinion: [agree, disagre]",
            "unknown 'disagre'",
            "'disagree'",
        ),
        ("by: q1}", "by: q11}", "unknown 'q11'", "'q1'"),
        (
            "margins: [council_type]",
            "margins: [council_typ]",
            "unknown 'council_typ'",
            "'council_type'",
        ),
        ("banner: [council_type]", "banner: [q4]", "'q4' makes no groups", ""),
        ("minimum_base: 2", "minimum_base: two", "minimum_base", ""),
        ("title: Toy survey\n", "", "the field 'title' is missing", ""),
        ("Q2 [End]", "Q2 [Start]", "two questions read the same column 'Q2 [Start]'", ""),
        ("lower: 0.3", "lower: 0.3\n  lower: 0.4", "'lower' stands here a second time", ""),
        ("type: text", "type: txt", "'txt'", ""),
    ],
)
def test_a_mistake_is_named(toy_project: Path, old: str, new: str, found: str, near: str) -> None:
    message = spoiled(toy_project, old, new)
    assert found in message and near in message
    assert "survey.yaml, line " in message
    assert "Traceback" not in message


def test_the_line_is_the_line_of_the_mistake(toy_project: Path) -> None:
    message = spoiled(toy_project, "start: {label:", "start: {lable:")
    assert f"survey.yaml, line {line_of(toy_project, 'lable')}: unknown field" in message


@pytest.mark.parametrize("name", ["row", "weight", "sample"])
def test_a_question_takes_no_name_that_means_something_else(toy_project: Path, name: str) -> None:
    message = spoiled(toy_project, "  q4:\n", f"  {name}:\n")
    assert f"survey.yaml, line {line_of(toy_project, f'  {name}:')}" in message
    assert f"'{name}' has a meaning of its own in the" in message and f"'q_{name}'" in message


def test_malformed_yaml(toy_project: Path) -> None:
    message = spoiled(toy_project, "title: Toy survey", "title: [Toy survey")
    assert "not valid YAML" in message


def test_all_mistakes_at_once(toy_project: Path) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    text = path.read_text().replace("number: Q1", "nubmer: Q1").replace("upper: 3", "uper: 3")
    path.write_text(text)
    with pytest.raises(WavedeckError) as error:
        load_survey(path)
    found = "\n".join(problem.found for problem in error.value.problems)
    assert "nubmer" in found and "uper" in found and "'weighting.upper' is missing" in found


def test_yes_and_no_are_labels(toy_project: Path) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace("neither: Neither", "neither: No"))
    survey, _ = load_survey(path)
    assert survey.scales["agreement"].options["neither"].label == "No"


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(WavedeckError, match="does not exist"):
        load_wave(tmp_path / "wave.yaml")
    (tmp_path / "wave.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WavedeckError, match="not UTF-8"):
        load_wave(tmp_path / "wave.yaml")


def test_config_names_the_nearest_wave(toy_project: Path) -> None:
    for name in ("exhibits.yaml", "deck.qmd.j2"):
        (toy_project / "surveys/toy" / name).touch()
    path = toy_project / "config.yaml"
    path.write_text("waves: [toy/2020]\neditions: [unweighted]\n")
    assert configuration.load(path).deck_engine == "auto"
    path.write_text("waves:\n  - toy/2021\neditions: [unweighted]\n")
    with pytest.raises(WavedeckError, match=r"line 2: there is no wave[\s\S]*nearest:  toy/2020"):
        configuration.load(path)
    path.write_text("waves: [toy/2020]\neditions: [unwieghted]\ndeck_engine: pandoc\n")
    with pytest.raises(WavedeckError) as error:
        configuration.load(path)
    assert len(error.value.problems) == 2


def test_config_tells_what_a_wave_lacks(toy_project: Path) -> None:
    path = toy_project / "config.yaml"
    path.write_text("waves:\n  - toy/2020\neditions: [unweighted]\n")
    with pytest.raises(WavedeckError) as error:
        configuration.load(path)
    found = [problem.found for problem in error.value.problems]
    assert found == [
        "the wave 'toy/2020' has no charts and tables",
        "the wave 'toy/2020' has no deck template",
    ]
    own = toy_project / "surveys/toy/2020"
    own.mkdir()
    for name in ("exhibits.yaml", "deck.qmd.j2"):
        (own / name).touch()
    assert configuration.load(path).waves == ["toy/2020"]
    (toy_project / "surveys/toy/survey.yaml").rename(toy_project / "surveys/toy/survey.yml")
    with pytest.raises(WavedeckError, match=r"line 2: the survey 'toy' of wave 'toy/2020' has no"):
        configuration.load(path)
