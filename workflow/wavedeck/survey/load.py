"""Reading what a survey team writes."""

from __future__ import annotations

from pathlib import Path

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey.codebook import Survey
from wavedeck.survey.questions import Question
from wavedeck.survey.wave import Wave
from wavedeck.yamlfile import Document


def load_survey(path: Path) -> tuple[Survey, Document]:
    """Read survey.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Survey)


def load_wave(path: Path) -> tuple[Wave, Document]:
    """Read wave.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Wave)


def question_named(survey: Survey, name: str, where: str) -> Question:
    """The question called `name`, or a WavedeckError that says which names there are."""
    if name not in survey.questions:
        raise WavedeckError(
            Problem(
                where,
                f"there is no question '{name}'",
                expected=", ".join(survey.questions),
                nearest=nearest(name, survey.questions),
                remedy="mend the name, or add the question to survey.yaml",
            )
        )
    return survey.questions[name]
