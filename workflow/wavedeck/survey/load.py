"""Reading what a survey team writes."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey.changes import changed
from wavedeck.survey.codebook import Survey
from wavedeck.survey.overview import FILE, Overview
from wavedeck.survey.questions import Question
from wavedeck.survey.wave import Wave
from wavedeck.yamlfile import Document


def load_survey(path: Path) -> tuple[Survey, Document]:
    """Read survey.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Survey)


def load_wave(path: Path) -> tuple[Wave, Document]:
    """Read wave.yaml. Raises WavedeckError with file, line and nearest name."""
    return yamlfile.load(path, Wave)


def load_codebook(survey: Path, wave: Path) -> tuple[Survey, Wave]:
    """The codebook as it holds for a wave, and the wave: survey.yaml with the changes of wave.yaml.
    Of an overview.yaml, given as both, the codebook without questions that it makes.

    Raises WavedeckError for mistakes of either file, and with every change that fits nothing.
    """
    if survey.name == FILE:
        overview, _ = yamlfile.load(survey, Overview)
        return overview.as_survey(), overview.as_wave()
    first, document = load_survey(survey)
    described, changes = load_wave(wave)
    if not described.model_fields_set & CHANGES:
        return first, described
    data, problems = changed(document.data, described, changes)
    if problems:
        raise WavedeckError(*problems)
    try:
        return Survey.model_validate(data), described
    except ValidationError as error:
        raise WavedeckError(
            *(
                Problem(
                    str(wave),
                    f"with its changes the codebook is not whole: {detail['msg']}"
                    + (f" (at {'.'.join(map(str, detail['loc']))})" if detail["loc"] else ""),
                    remedy="mend what wave.yaml declares, or survey.yaml",
                )
                for detail in error.errors()
            )
        ) from None


CHANGES = {
    *("export", "headers", "reworded", "introduced", "retired", "recoded", "aliases"),
    *("frame", "weighting", "outside_frame"),
}
"""Fields of wave.yaml that make another codebook."""


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
