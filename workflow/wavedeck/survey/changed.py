"""A codebook with what a later wave declares: `changed` applies wave.yaml to the codebook of the
wave before (of a first wave: survey.yaml), both as YAML data, so that the outcome is checked like
any codebook.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from wavedeck.errors import Problem
from wavedeck.survey.again import ask_again
from wavedeck.survey.changes import AddedItem, Changes, ExportChanges
from wavedeck.survey.names import Data, Names
from wavedeck.survey.recode import alias, insert, recode
from wavedeck.survey.spelling import head, spell
from wavedeck.yamlfile import Document


def changed(
    survey: Data,
    changes: Changes,
    wave: Document,
    told: str,
    earlier: Mapping[str, Data] | None = None,
) -> tuple[Data, list[Problem]]:
    """A codebook's data with a wave's changes, and what of the changes fits nothing in it. `told`
    is what messages call that codebook; `earlier` are the codebooks of the waves before."""
    found = copy.deepcopy(survey)
    found.setdefault("questions", {})
    again = [*ask_again(found, changes.asked_again, earlier or {}, wave, told)]
    questions: Data = found["questions"]
    check = Names(wave, questions, found.get("scales", {}), told)
    before = list(questions)
    if changes.export:
        _export(found, changes.export)
    problems = [*again, *check.names(changes)]
    for field in ("frame", "weighting", "outside_frame"):
        if getattr(changes, field) is not None:
            found[field] = wave.data[field]
    for name in changes.retired:
        _retire(found, name)
    for name, text in changes.reworded.items():
        if name in questions:
            questions[name]["text"] = text
    if changes.export and changes.export.patterns:
        problems += spell(questions, changes.export.patterns, changes.headers, wave)
    for key, header in changes.headers.items():
        problems += head(questions, key, header, check, set(changes.retired))
    # What is new has its header as this wave spells it, so it comes after the layout.
    for name, items in changes.items.items():
        problems += _extend(questions, name, items, check)
    for key, recoded in changes.recoded.items():
        problems += recode(found, key, recoded, check)
    for name, spellings in changes.aliases.items():
        problems += alias(found, name, spellings, check)
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
    own = {"patterns", "no_answer", "others", "contact"}
    given = changes.model_dump(exclude_unset=True, exclude=own)
    export |= {name: value for name, value in given.items() if value is not None}
    further = {"others": changes.others, "contact": changes.contact}
    if any(further.values()):
        columns = export["columns"] = dict(export.get("columns", {}))
        for field, headers in further.items():
            columns[field] = list(dict.fromkeys([*columns.get(field, []), *headers]))
    if changes.no_answer:
        marks = export.get("no_answer", ["-", "–", "—", "n/a", "N/A"])
        export["no_answer"] = [*marks, *changes.no_answer]


def _extend(
    questions: Data, name: str, items: Mapping[str, AddedItem], check: Names
) -> Iterator[Problem]:
    """Adds rows to a grid, or things to rank to a ranking."""
    rows = questions.get(name, {}).get("items")
    if not rows:
        return
    own = any("column" in row for row in rows.values())
    for item, added in items.items():
        at = ("items", name, item)
        if item in rows:
            yield Problem(
                check.wave.where(*at),
                f"'{name}.{item}' stands in {check.told} already",
                remedy="give the new one another name",
            )
        if bool(added.column) != own:
            yield Problem(
                check.wave.where(*at),
                f"'{name}.{item}' names {'no' if own else 'a'} column",
                expected=f"a {'column' if own else 'label alone'}, as the others of '{name}' have",
                remedy="add column:, its header in the export" if own else "take column: out",
            )
        for field in ("after", "before"):
            if (beside := getattr(added, field)) is not None and beside not in rows:
                yield check.unknown((*at, field), beside, rows)
        insert(rows, item, added)


def _retire(survey: Data, key: str) -> None:
    """Takes a row out, or a question, with all that needs it: breakdowns, counts of the sample,
    facts and conditions of who is asked."""
    name, dot, row = key.partition(".")
    question = survey["questions"].get(name, {})
    if dot:
        if row == "other":
            question.pop("other", None)
        question.get("items", {}).pop(row, None)
    else:
        survey["questions"].pop(name, None)
    _unlink(survey, key)


def _unlink(survey: Data, key: str) -> None:
    """Takes out what names a question, or a row of one, that is gone."""
    survey["crosstabs"] = [
        c for c in survey.get("crosstabs", []) if key not in (c["question"], c["by"])
    ]
    for field in ("banner", "attribution"):
        survey[field] = [n for n in survey.get(field, []) if n != key]
    for field, naming in (("facts", "items_of"), ("sample", "where")):
        survey[field] = {
            name: entry
            for name, entry in survey.get(field, {}).items()
            if not (isinstance(entry, dict) and _names(entry.get(naming), key))
        }
    for question in survey["questions"].values():
        if _names(question.get("asked_if"), key):
            del question["asked_if"]


def _names(condition: object, key: str) -> bool:
    """Whether a condition (q3.yes, or q2.agree.start of a row), or a name, is of a question or a
    row."""
    if isinstance(condition, dict):
        told = str(condition.get("question", ""))
        return key in (told, told.partition(".")[0])
    name, _, rest = str(condition or "").partition(".")
    row = rest.partition(".")[2]
    return key in (name, f"{name}.{row}")
