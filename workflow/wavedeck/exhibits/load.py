"""Reading exhibits.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wavedeck import yamlfile
from wavedeck.errors import WavedeckError
from wavedeck.exhibits.check import Checker
from wavedeck.exhibits.kinds import Exhibits
from wavedeck.survey import Survey
from wavedeck.yamlfile import Document


def load_exhibits(
    path: Path, survey: Survey, retired: Mapping[str, str] | None = None
) -> tuple[Exhibits, Document]:
    """Read exhibits.yaml and check it against the codebook. `retired`: what the wave does not ask
    any more, with what is said of it.

    Raises WavedeckError with file, line and nearest name, for all that is wrong at once.
    """
    exhibits, document = yamlfile.load(path, Exhibits)
    problems = [
        problem
        for name, exhibit in exhibits.exhibits.items()
        for problem in Checker(name, document, survey, retired or {}).check(exhibit)
    ]
    if problems:
        raise WavedeckError(*problems)
    return exhibits, document
