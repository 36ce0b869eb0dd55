"""new: draft a survey folder from an export that nobody has described.

Asks nothing. What it is unsure of it lists, and marks with UNSURE in survey.yaml.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from wavedeck import files
from wavedeck.errors import Problem, WavedeckError
from wavedeck.inspect import Profile, inspect
from wavedeck.layout import Project, WaveFiles, wrong_wave
from wavedeck.new import listing
from wavedeck.new.check import settle
from wavedeck.new.draft import Draft, draft
from wavedeck.new.names import file_name

_SURVEY = re.compile(r"[a-z0-9][a-z0-9-]*")


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck new", description=__doc__)
    parser.add_argument("survey", help="a short name for the survey, such as staff-survey")
    parser.add_argument(
        "export", type=Path, help="the workbook (.xlsx) as the survey tool wrote it"
    )
    parser.add_argument("--wave", default="", help="the round's name; else the year of the answers")
    parser.add_argument("--title", default="", help="the survey's title on the deck")
    parser.add_argument("--sheet", default="", help="the sheet with the answers; else it is found")
    given = parser.parse_args(argv)
    project = Project.here()
    _refuse_names(project, given.survey, given.wave)
    profile = inspect(given.export, given.sheet)
    profile = replace(profile, workbook=file_name(given.export.name))
    wave = given.wave or str(profile.year or date.today().year)
    place = WaveFiles(given.survey, wave, project.root)
    title = given.title or given.survey.replace("-", " ").capitalize()
    profile, texts = settle(
        profile, lambda found: draft(found, title, wave, date.today()), given.export
    )
    added = write(texts, place, given.export, profile.workbook, project.root / "config.yaml")
    print(listing.report(profile, place, texts, added))


def _refuse_names(project: Project, survey: str, wave: str) -> None:
    problems = []
    if survey == "frames":
        found = "raw/frames/ holds lists of populations"
        problems.append(Problem("the command", found, "another name for the survey"))
    elif not _SURVEY.fullmatch(survey):
        name = re.sub(r"[^a-z0-9]+", "-", survey.lower()).strip("-")
        problems.append(
            Problem(
                "the command",
                f"'{survey}' is no name for a survey",
                "small letters, digits and hyphens",
                name,
            )
        )
    problems += wrong_wave(wave, survey, project.root) if wave else []
    team, raw = project.root / "surveys" / survey, project.root / "raw" / survey
    if not problems and any(folder.exists() and any(folder.iterdir()) for folder in (team, raw)):
        problems.append(_taken(survey, team, raw))
    if problems:
        raise WavedeckError(*problems)


def _taken(survey: str, team: Path, raw: Path) -> Problem:
    if not team.exists() and not [*raw.glob("*/wave.yaml")]:
        return Problem(
            str(raw),
            "the folder is there already, and no survey of that name",
            remedy="move the export out of it and the folder away; `wavedeck new` makes the folder "
            "and copies the export there",
        )
    return Problem(
        str(team if team.exists() else raw),
        "there is a survey of that name already; nothing is written over it",
        remedy=f"take another name; for the next round of '{survey}', "
        f"`wavedeck wave new {survey} WAVE EXPORT.xlsx`",
    )


def write(texts: Draft, place: WaveFiles, export: Path, name: str, configuration: Path) -> bool:
    """The survey's folder and the wave's, and the wave on the list of config.yaml: all of it or
    nothing. The export is copied as it is, under `name`. Returns whether the list has the wave."""
    raw = place.raw.parent
    lines = _with_wave(configuration, f"{place.survey}/{place.wave}")
    raw.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=raw.parent, prefix=f".{raw.name}."))
    try:
        folder = work / place.wave
        folder.mkdir()
        shutil.copyfile(export, folder / name)
        files.write_text(folder / "wave.yaml", texts.wave)
        with files.directory(place.team) as team:
            files.write_text(team / "survey.yaml", texts.survey)
            files.write_text(team / "exhibits.yaml", texts.exhibits)
            files.write_text(team / "deck.qmd.j2", texts.template)
            _comments_file(team / "comments.xlsx")
        work.chmod(0o755)
        work.replace(raw)
        if lines is not None:
            files.write_text(configuration, lines)
    except BaseException:
        # Both folders were empty, or not there, when the names were checked.
        moved = not work.exists()
        for made in (raw if moved else work, place.team):
            shutil.rmtree(made, ignore_errors=True)
        raise
    return lines is not None


def _comments_file(path: Path) -> None:
    """An empty comments.xlsx, for decisions on open answers."""
    from openpyxl import Workbook

    from wavedeck.compose.comments import COLUMNS, EDITORS

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Comments"
    sheet.append([*COLUMNS, *EDITORS])
    workbook.save(path)


def _with_wave(configuration: Path, wave: str) -> str | None:
    """The text of config.yaml with a wave on its list, its comments kept. None where the list is
    not written one wave a line; then a person adds it."""
    if not configuration.is_file():
        return None
    try:
        lines = configuration.read_text(encoding="utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        found = "the file is not UTF-8 text"
        raise WavedeckError(Problem(str(configuration), found, remedy="save it as UTF-8")) from None
    start = next((i for i, line in enumerate(lines) if re.match(r"waves:\s*(#.*)?$", line)), None)
    if start is None:
        return None
    entries = []
    for index in range(start + 1, len(lines)):
        if re.match(r"\s*- ", lines[index]):
            entries.append(index)
        elif lines[index].strip() and not lines[index].lstrip().startswith("#"):
            break
    if not entries:
        return None
    last = lines[entries[-1]]
    indent = last[: len(last) - len(last.lstrip())]
    if not last.endswith("\n"):
        lines[entries[-1]] = f"{last}\n"
    lines.insert(entries[-1] + 1, f"{indent}- {wave}\n")
    return "".join(lines)


__all__ = ["Profile", "main", "write"]
