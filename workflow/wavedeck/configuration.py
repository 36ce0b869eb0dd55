"""config.yaml as a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.layout import Edition, Project
from wavedeck.yamlfile import Model


class Configuration(Model):
    """config.yaml: what plain `snakemake` builds."""

    waves: Annotated[list[str], Field(min_length=1)]
    """Waves to build, as SURVEY/WAVE."""
    editions: Annotated[list[Edition], Field(min_length=1)]
    """Editions of each deck."""
    deck_engine: Literal["auto", "quarto", "embedded"] = "auto"
    """What renders the decks; auto takes Quarto where it is installed."""


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
    if problems:
        raise WavedeckError(*problems)
    return configuration
