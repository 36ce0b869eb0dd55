"""Reading what a survey team writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wavedeck import yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey.changed import changed
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
    """The codebook as it holds for a wave, and the wave: survey.yaml with the changes of the waves
    that lead to it by `previous:`, and its own. Of an overview.yaml, given as
    both, the codebook without questions that it makes.

    Raises WavedeckError for mistakes of either file, and with every change that fits nothing.
    """
    if survey.name == FILE:
        overview, _ = yamlfile.load(survey, Overview)
        return overview.as_survey(), overview.as_wave()
    first, document = load_survey(survey)
    told = "survey.yaml"
    data = document.data
    rounds = _rounds(wave)
    earlier: dict[str, Any] = {}
    for described, changes in rounds:
        own = changes.path.parent.name
        if not described.model_fields_set & CHANGES:
            earlier[own] = data
            continue
        data, problems = changed(data, described, changes, told, earlier)
        earlier[own] = data
        if problems:
            raise WavedeckError(*problems)
        try:
            first = Survey.model_validate(data)
        except ValidationError as error:
            raise WavedeckError(*_broken(error, changes)) from None
        told = f"the codebook of {changes.path.parent.name}"
    return first, rounds[-1][0]


def waves_before(wave: Path) -> list[Path]:
    """The wave.yaml files that a wave's codebook builds on, the first wave's first; none for an
    overview.yaml. Raises WavedeckError as `load_wave`, and for a wave that is not there."""
    return [] if wave.name == FILE else [document.path for _, document in _rounds(wave)[:-1]]


def _rounds(wave: Path) -> list[tuple[Wave, Document]]:
    """A wave behind those that its changes are measured from, one after the other."""
    found = [load_wave(wave)]
    while previous := found[0][0].previous:
        path = wave.parent.parent / previous / wave.name
        where = found[0][1].where("previous")
        others = sorted(p.parent.name for p in wave.parent.parent.glob(f"*/{wave.name}"))
        if not path.is_file():
            raise WavedeckError(
                Problem(
                    where,
                    f"there is no wave '{previous}' of this survey",
                    expected=", ".join(others),
                    nearest=nearest(previous, others),
                    remedy="mend previous:",
                )
            )
        if path in [document.path for _, document in found]:
            raise WavedeckError(
                Problem(
                    where,
                    f"the wave '{previous}' is measured from this one",
                    expected="an earlier wave",
                    remedy="mend previous: in one of them",
                )
            )
        found.insert(0, load_wave(path))
    return found


def _broken(error: ValidationError, changes: Document) -> list[Problem]:
    """A mistake of the codebook as changed, with the line of wave.yaml that made it, where it
    did."""
    problems = []
    for detail in error.errors():
        cause = detail.get("ctx", {}).get("error")
        path = [*detail["loc"], *getattr(cause, "path", ())]
        said = detail["msg"].removeprefix("Value error, ")
        population = said.startswith(("frame", "weighting", "outside_frame"))
        own = "give the wave frame: and weighting: of its own, or " if population else ""
        problems.append(
            Problem(
                _line_of(path, changes),
                f"with its changes the codebook is not whole: {said}"
                + (f" (at {'.'.join(map(str, path))})" if path else ""),
                remedy=f"{own}mend what wave.yaml declares, or survey.yaml",
            )
        )
    return problems


def _line_of(path: Sequence[str | int], changes: Document) -> str:
    """Where wave.yaml declares the part of a codebook at `path`; else the file."""
    name = str(path[1]) if len(path) > 1 and path[0] == "questions" else ""
    for field in ("introduced", "items", "recoded"):
        if (field, name) in changes.lines:
            return changes.where(field, name, *(p for p in path[2:] if p != "items"))
    return (
        changes.where(str(path[0])) if path and (path[0],) in changes.lines else str(changes.path)
    )


CHANGES = {
    *("export", "headers", "reworded", "introduced", "retired", "asked_again"),
    *("items", "recoded", "aliases"),
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
