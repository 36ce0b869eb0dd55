"""A draft is held against its own export before it is written: what the codebook would refuse
becomes open text, and is listed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wavedeck.clean.stage import clean
from wavedeck.errors import Problem, WavedeckError
from wavedeck.ingest.stage import read_export
from wavedeck.inspect.profile import Guess, Profile, QuestionGuess
from wavedeck.new.draft import Draft
from wavedeck.survey import load_survey, load_wave

_TRIES = 4


def settle(
    profile: Profile, draft: Callable[[Profile], Draft], export: Path
) -> tuple[Profile, Draft]:
    """The profile and a draft that reads its export. Raises WavedeckError for what no guess can
    mend, such as error cells."""
    for _ in range(_TRIES):
        texts = draft(profile)
        problems = refusals(texts, profile, export)
        refused = {name for problem in problems if (name := _question(problem, texts))}
        if not problems:
            return profile, texts
        if not refused:
            raise WavedeckError(*problems)
        profile = _with_text(profile, texts, refused, problems)
    raise WavedeckError(*problems)


def refusals(texts: Draft, profile: Profile, export: Path) -> list[Problem]:
    """What ingest and clean would say of the export."""
    with tempfile.TemporaryDirectory() as folder:
        survey_path, wave_path = Path(folder, "survey.yaml"), Path(folder, "wave.yaml")
        survey_path.write_text(texts.survey, encoding="utf-8")
        wave_path.write_text(texts.wave, encoding="utf-8")
        survey, _ = load_survey(survey_path)
        wave, _ = load_wave(wave_path)
    try:
        found = read_export(export, survey)
        clean(found.cells, survey, wave.exclusions, found.source)
    except WavedeckError as error:
        return list(error.problems)
    return []


def _question(problem: Problem, texts: Draft) -> str:
    """The question that a problem of cleaning names: 'q5.item: ... is no answer'."""
    match = re.match(r"([a-z][a-z0-9_]*)(?:\.[a-z0-9_]+)?: ", problem.found)
    names = {question.name for question in texts.planned}
    return match[1] if match and match[1] in names else ""


def _with_text(
    profile: Profile, texts: Draft, refused: set[str], problems: list[Problem]
) -> Profile:
    said = {_question(problem, texts): problem.found for problem in reversed(problems)}
    questions: list[QuestionGuess] = []
    for planned in texts.planned:
        guess = planned.guess
        if planned.name not in refused or guess.kind == "text":
            questions.append(guess)
            continue
        reason = f"taken for free text, as a {guess.kind} it would be refused: {said[planned.name]}"
        columns = [*guess.columns, *([guess.other] if guess.other else [])]
        for column in columns:
            questions.append(
                QuestionGuess("text", column.title, [column], Guess("unsure", reason), guess.number)
            )
    return replace(profile, questions=questions)
