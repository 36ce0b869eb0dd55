"""wave new: draft the wave.yaml of the next round by matching its export to the codebook.

Asks nothing. What it is unsure of is marked so in wave.yaml and listed.
"""

from __future__ import annotations

import argparse
import filecmp
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from wavedeck import files
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.ingest.stage import read_export
from wavedeck.inspect import Profile, inspect
from wavedeck.inspect.profile import Column
from wavedeck.inspect.read import read
from wavedeck.layout import Project, WaveFiles, wrong_wave
from wavedeck.new.names import file_name
from wavedeck.survey import Survey, load_codebook, load_wave
from wavedeck.wave.copied import Copied, copy_files
from wavedeck.wave.draft import Round, wave_yaml
from wavedeck.wave.match import match

_SAME = 0.25
"""A column with fewer of the earlier wave's organisations is not taken for theirs."""


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck wave", description=__doc__)
    parser.add_argument("action", choices=["new"])
    parser.add_argument("survey", help="the survey's folder under surveys/")
    parser.add_argument("wave", help="a name for the round, such as 2018")
    parser.add_argument("export", type=Path, help="the workbook as the survey tool wrote it")
    parser.add_argument(
        "--previous", default="", help="the wave to compare with; else the last in the field"
    )
    parser.add_argument("--sheet", default="", help="the sheet with the answers; else found")
    given = parser.parse_args(argv)
    project = Project.here()
    previous = _previous(project, given.survey, given.wave, given.previous)
    target = WaveFiles(given.survey, given.wave, project.root).raw
    made = draft(project, given.survey, previous, given.export, given.sheet)
    with files.directory(target) as folder:
        shutil.copyfile(given.export, folder / made.profile.workbook)
        files.write_text(folder / "wave.yaml", wave_yaml(made, date.today()))
    copied = copy_files(WaveFiles(given.survey, previous, project.root), given.wave, made.changed)
    print(_told(made, target, f"{given.survey}/{given.wave}", copied))


def draft(project: Project, survey: str, previous: str, export: Path, sheet: str = "") -> Round:
    """An export matched to the codebook of a survey."""
    before = WaveFiles(survey, previous, project.root)
    codebook, wave = load_codebook(before.team / "survey.yaml", before.raw / "wave.yaml")
    profile = replace(inspect(export, sheet), workbook=file_name(export.name))
    matched = match(codebook, profile.columns)
    used = {found.column.name for found in matched.columns.values()}
    named = codebook.export.columns.organisation
    there = any(column.name == named for column in profile.columns)
    organisation = None
    if named and not there:
        organisation = _organisation(profile, used, _earlier(before, codebook, wave.workbook))
    said = _synthetic(export, profile.sheet)
    return Round(codebook, previous, wave, profile, matched, organisation, said)


def _synthetic(export: Path, answers: str) -> tuple[str, str]:
    """A sheet of the workbook, and its sentence, that calls the respondents synthetic; "" where
    none does."""
    for raw in read(export):
        for row in raw.rows if raw.name != answers else ():
            for text in row:
                if text and re.search(r"\bsynthetic\b", text, re.IGNORECASE):
                    return raw.name, " ".join(text.split())
    return "", ""


def _earlier(before: WaveFiles, codebook: Survey, workbook: str) -> set[str]:
    """Names of the organisations of the earlier wave."""
    values = read_export(before.raw / workbook, codebook).cells.column("@organisation").values
    return {" ".join(value.split()) for value in values if value}


def _organisation(profile: Profile, used: set[str], earlier: set[str]) -> Column | None:
    """The column that holds organisations of the wave before."""
    best, share = None, _SAME
    for column in profile.columns:
        answers = [" ".join(answer.split()) for answer in column.answers()]
        if column.name in used or not answers:
            continue
        found = sum(answer in earlier for answer in answers) / len(answers)
        if found > share:
            best, share = column, found
    return best


def _previous(project: Project, survey: str, wave: str, asked: str) -> str:
    """The wave to compare with. Raises WavedeckError for names that are none, or taken."""
    rounds = [name.split("/") for name in project.waves()]
    known = sorted({s for s, w in rounds if not WaveFiles(s, w, project.root).is_overview})
    waves = [w for s, w in rounds if s == survey]
    if survey not in known or not (project.root / "surveys" / survey / "survey.yaml").is_file():
        raise WavedeckError(
            Problem(
                "the command",
                f"there is no survey '{survey}' with a wave of its own answers",
                expected=", ".join(known),
                nearest=nearest(survey, known),
                remedy=f"for a survey that nobody has described: wavedeck new {survey} EXPORT.xlsx",
            )
        )
    if problems := wrong_wave(wave, survey, project.root):
        raise WavedeckError(*problems)
    target = WaveFiles(survey, wave, project.root).raw
    if target.exists():
        raise WavedeckError(
            Problem(
                str(target),
                "there is a wave of that name already; nothing is written over it",
                remedy="take another name, or move the folder away",
            )
        )
    if asked and asked not in waves:
        raise WavedeckError(
            Problem(
                "the command",
                f"'{survey}' has no wave '{asked}'",
                ", ".join(waves),
                nearest(asked, waves),
            )
        )
    ends = {w: load_wave(WaveFiles(survey, w, project.root).described)[0] for w in waves}
    return asked or max(waves, key=lambda w: ends[w].fieldwork.end)


def _told(made: Round, target: Path, name: str, copied: Sequence[Copied]) -> str:
    profile = made.profile
    how = Counter(found.how for found in made.matched.columns.values())
    unsure = [key for key, found in made.matched.columns.items() if found.confidence == "unsure"]
    text = (target / "wave.yaml").read_text(encoding="utf-8")
    lines = [
        f"{profile.workbook}: sheet '{profile.sheet}', {profile.responses} responses,"
        f" {len(profile.columns)} columns",
        f"  {how['same']} columns with the codebook's header, {how['layout']} as the layout spells"
        f" it, {how['alike']} by likeness of words and answers",
    ]
    if unsure:
        lines.append(f"  look at: {', '.join(unsure)}")
    if made.matched.missing:
        lines.append(f"  not in the export: {', '.join(made.matched.missing)}")
    if len(made.matched.missing) > len(made.matched.columns):
        lines.append(f"  most questions are not there: is it an export of '{name.split('/')[0]}'?")
    lines += [f"  it is the same file as {path}" for path in _same_files(target, profile.workbook)]
    own = f"write surveys/{name}/deck.qmd.j2 and exhibits.yaml where the deck is to be another"
    if copied:
        paths = " and ".join(str(file.path) for file in copied)
        own = f"read {paths}, made from those of the wave before"
    lines += [
        f"  {file.path} counts waves on by one: look at line"
        f"{'s' if len(file.counted) > 1 else ''} {', '.join(map(str, file.counted))}"
        for file in copied
        if file.counted
    ]
    lines += [
        f"wrote {target}/wave.yaml ({text.count('UNSURE: ')} remarks UNSURE,"
        f" {text.count('# likely')} likely), with the export beside it",
        f"next: read wave.yaml; add '{name}' to waves: in config.yaml; {own}; run snakemake",
    ]
    return "\n".join(lines)


def _same_files(target: Path, workbook: str) -> list[Path]:
    """Exports of other waves with the same bytes: perhaps the wrong file was taken."""
    others = sorted(path for path in target.parent.glob("*/*.xlsx") if path.parent != target)
    return [path for path in others if filecmp.cmp(path, target / workbook, shallow=False)]
