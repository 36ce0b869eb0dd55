"""A codebook with what a later wave declares: `changed` applies wave.yaml to the codebook of the
wave before (of a first wave: survey.yaml), both as YAML data, so that the outcome is checked like
any codebook.
"""

from __future__ import annotations

import copy

from wavedeck.errors import Problem
from wavedeck.survey.changes import Changes, ExportChanges
from wavedeck.survey.names import Data, Names
from wavedeck.survey.recode import alias, recode
from wavedeck.survey.spelling import head, spell
from wavedeck.yamlfile import Document


def changed(
    survey: Data, changes: Changes, wave: Document, told: str
) -> tuple[Data, list[Problem]]:
    """A codebook's data with a wave's changes, and what of the changes fits nothing in it. `told`
    is what messages call that codebook."""
    found = copy.deepcopy(survey)
    questions: Data = found.setdefault("questions", {})
    check = Names(wave, questions, found.get("scales", {}), told)
    before = list(questions)
    if changes.export:
        _export(found, changes.export)
    problems = list(check.names(changes))
    for field in ("frame", "weighting", "outside_frame"):
        if getattr(changes, field) is not None:
            found[field] = wave.data[field]
    for name in changes.retired:
        _retire(found, name)
    for key, recoded in changes.recoded.items():
        problems += recode(found, key, recoded, check)
    for name, spellings in changes.aliases.items():
        problems += alias(found, name, spellings, check)
    for name, text in changes.reworded.items():
        if name in questions:
            questions[name]["text"] = text
    if changes.export and changes.export.patterns:
        problems += spell(questions, changes.export.patterns, changes.headers, wave)
    for key, header in changes.headers.items():
        problems += head(questions, key, header, check, set(changes.retired))
    for name in changes.introduced:
        if name in before:
            problems.append(
                Problem(
                    wave.where("introduced", name),
                    f"the question '{name}' stands in {told} already",
                    remedy="give the new question another name, or declare what changed of the old"
                    " one under headers, reworded or recoded",
                )
            )
        questions.setdefault(name, wave.data["introduced"][name])
    return found, problems


def _export(survey: Data, changes: ExportChanges) -> None:
    export: Data = survey.setdefault("export", {})
    given = changes.model_dump(exclude_unset=True, exclude={"patterns", "no_answer"})
    export |= {name: value for name, value in given.items() if value is not None}
    if changes.no_answer:
        marks = export.get("no_answer", ["-", "–", "—", "n/a", "N/A"])
        export["no_answer"] = [*marks, *changes.no_answer]


def _retire(survey: Data, name: str) -> None:
    """Takes a row out, or a question with the breakdowns that need it."""
    question, dot, row = name.partition(".")
    if dot:
        survey["questions"].get(question, {}).get("items", {}).pop(row, None)
        return
    survey["questions"].pop(name, None)
    survey["crosstabs"] = [
        c for c in survey.get("crosstabs", []) if name not in (c["question"], c["by"])
    ]
    for field in ("banner", "attribution"):
        survey[field] = [n for n in survey.get(field, []) if n != name]
    survey["facts"] = {
        key: fact
        for key, fact in survey.get("facts", {}).items()
        if not (isinstance(fact, dict) and fact.get("items_of") == name)
    }
