"""config.yaml as a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.layout import Edition, Project, WaveFiles
from wavedeck.yamlfile import Model


def weighs(codebook: Path) -> bool:
    """Whether a survey.yaml weights its answers. Looks for the key alone: the whole file is read
    (and its mistakes are told) by the stages, and Snakemake asks this before each run."""
    if not codebook.is_file():
        return False
    return any(line.startswith("weighting:") for line in codebook.open(encoding="utf-8"))


class Configuration(Model):
    """config.yaml: what plain `snakemake` builds."""

    waves: Annotated[list[str], Field(min_length=1)]
    """Waves to build, as SURVEY/WAVE."""
    editions: Annotated[list[Edition], Field(min_length=1)]
    """Editions of each deck; a survey without weighting has an unweighted deck alone."""
    deck_engine: Literal["auto", "quarto", "embedded"] = "auto"
    """What renders the decks; auto takes Quarto where it is installed."""

    def editions_of(self, weighted: bool) -> list[Edition]:
        """Editions of a survey's decks: a survey without weights has the unweighted one alone."""
        return self.editions if weighted else ["unweighted"]


def load(path: Path) -> Configuration:
    """Read config.yaml. Raises WavedeckError, for a wave that does not exist too."""
    configuration, document = yamlfile.load(path, Configuration)
    known = Project(path.parent).waves()
    problems = [
        Problem(
            document.where("waves", index),
            f"there is no wave '{name}'",
            expected=", ".join(known) or "a folder raw/SURVEY/WAVE with a wave.yaml",
            nearest=nearest(name, known),
            remedy=f"mend the name, or write raw/{name}/wave.yaml",
        )
        for index, name in enumerate(configuration.waves)
        if name not in known
    ]
    root = path.parent
    for index, name in enumerate(configuration.waves):
        if name in known:
            problems += _lacking(root, name, document.where("waves", index))
    if problems:
        raise WavedeckError(*problems)
    return configuration


def _lacking(root: Path, name: str, where: str) -> list[Problem]:
    """Files that a survey team must have written before a wave can be built."""
    survey, _, wave = name.partition("/")
    files = WaveFiles(survey, wave, root)
    surveys = sorted(p.parent.name for p in root.glob("surveys/*/survey.yaml"))
    if not files.codebook.is_file():
        return [
            Problem(
                where,
                f"the survey '{survey}' of wave '{name}' has no codebook",
                expected=f"a file surveys/{survey}/survey.yaml",
                nearest=nearest(survey, surveys),
                remedy=f"write surveys/{survey}/survey.yaml (docs/reference/survey.md), or rename "
                f"raw/{survey}/ to the survey's folder",
            )
        ]
    what = {"exhibits.yaml": "charts and tables", "deck.qmd.j2": "deck template"}
    return [
        Problem(
            where,
            f"the wave '{name}' has no {words}",
            expected=f"a file surveys/{survey}/{file}, or surveys/{name}/{file} for this wave "
            "alone",
            remedy="write it (docs/publish-a-deck.md)",
        )
        for file, words in what.items()
        if not files.team_file(file).is_file()
    ]
