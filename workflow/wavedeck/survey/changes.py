"""What a later wave of a survey asks and exports otherwise than the wave before.

wave.yaml declares it; `changed` applies it to the codebook of the wave before (of a first wave:
survey.yaml), both as YAML data, so that the outcome is checked like any codebook.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from wavedeck.errors import Problem, nearest
from wavedeck.survey.again import ask_again
from wavedeck.survey.export import Columns, Header, MoreSheet
from wavedeck.survey.population import Frame, Weighting
from wavedeck.survey.questions import Question
from wavedeck.survey.scale import Name, Option
from wavedeck.yamlfile import Document, Model

Data = dict[str, Any]


class HeaderPatterns(Model):
    """How this wave's export spells the headers of the codebook, by kind of column."""

    single: str = "{header}"
    """Columns of single-choice questions and numbers, as in '{header} › Response'."""
    text: str = "{header}"
    """Columns of open text, as in '{header} › Open-Ended Response'."""
    item: str = "{header}"
    """Columns of items, as in '{stem} › {item}' where the codebook has 'stem [item]'."""


class ExportChanges(Model):
    """Parts of `export:` that are otherwise in this wave."""

    sheet: str | None = None
    """The sheet that holds one row a response."""
    header: Header | None = None
    """The rows that name the columns."""
    more_sheets: list[MoreSheet] | None = None
    """Further sheets, in the place of all earlier ones."""
    columns: Columns | None = None
    """Columns that describe the response; these take the place of all earlier ones."""
    no_answer: list[str] = []
    """Further texts that mean no answer."""
    patterns: HeaderPatterns | None = None
    """How headers are spelled, where the layout changes all of them alike."""


class AddedOption(Option):
    """An answer that earlier waves did not offer."""

    after: Name | None = None
    """The option that it stands behind in the order of the scale; without this and `before` it
    comes last."""
    before: Name | None = None
    """Instead of `after`, the option that it stands in front of."""

    @model_validator(mode="after")
    def _one_place(self) -> AddedOption:
        if self.after and self.before:
            raise ValueError("an option stands after another or before one; take one of them out")
        return self


class Recoded(Model):
    """A scale that changed: of a question, or one of `scales` that several questions share."""

    add: dict[Name, AddedOption] = {}
    """Options that are new."""
    drop: list[Name] = []
    """Options that are no longer offered."""
    labels: dict[Name, str] = {}
    """Other words for an option that means the same."""
    nets: dict[Name, list[Name]] = {}
    """Nets that are new or have other parts."""
    net_labels: dict[Name, str] = {}
    """The words for them."""
    middle: list[Name] | None = None
    """Options of neither side, where these are others now."""
    apart: list[Name] | None = None
    """Options off the scale, where these are others now."""
    comparable: dict[Name, list[Name]] | None = None
    """For an option of the wave before, the options of this wave that stand for it together; one
    that is not named stands for itself. Without this field the question is not compared where the
    options differ."""


class Changes(Model):
    """What differs in one wave from the wave before, or from survey.yaml where there is none."""

    export: ExportChanges | None = None
    """How the export is laid out otherwise."""
    headers: dict[str, str] = {}
    """Other headers, by question (q1), item (q3.start) or what was written in (q13.other)."""
    reworded: dict[Name, str] = {}
    """Questions that were put in other words, with these words."""
    introduced: dict[Name, Question] = {}
    """Questions that are new, described as in survey.yaml."""
    retired: dict[str, str] = {}
    """Questions, or rows of grids and rankings such as q3.start, that were not asked any more, with
    the reason."""
    asked_again: dict[Name, str] = {}
    """Questions that were retired and are asked again, with the wave that they are as in, such as
    '2017': what it said of them holds, and they are compared with it."""
    recoded: dict[Name, Recoded] = {}
    """Scales that changed, by the question or the shared scale."""
    aliases: dict[Name, dict[Name, list[str]]] = {}
    """Other spellings of options, by question and option."""
    not_comparable: dict[str, str] = {}
    """Questions, or items such as q3.start, that must not be compared with the previous wave, with
    the reason, which the deck prints."""
    frame: Frame | None = None
    """The population of this wave, in the place of the earlier one."""
    weighting: Weighting | None = None
    """How this wave is weighted, in the place of the earlier one."""
    outside_frame: dict[Name, list[Name]] | None = None
    """Options whose organisations are not of this wave's frame, in the place of the earlier one."""
    previous: str = Field("", pattern=r"^[^/]*$")
    """The wave of the same survey that changes are measured from, such as '2017'; what it declares
    holds for this wave too."""


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
    questions: Data = found.setdefault("questions", {})
    again = [*ask_again(found, changes.asked_again, earlier or {}, wave, told)]
    questions = found["questions"]
    check = _Check(wave, questions, found.get("scales", {}), told)
    before = list(questions)
    if changes.export:
        _export(found, changes.export)
    problems = [*again, *check.names(changes)]
    for field in ("frame", "weighting", "outside_frame"):
        if getattr(changes, field) is not None:
            found[field] = wave.data[field]
    for name in changes.retired:
        _retire(found, name)
    for key, recoded in changes.recoded.items():
        problems += _recode(found, key, recoded, check)
    for name, spellings in changes.aliases.items():
        problems += _alias(found, name, spellings, check)
    for name, text in changes.reworded.items():
        if name in questions:
            questions[name]["text"] = text
    if changes.export and changes.export.patterns:
        problems += _spell(questions, changes.export.patterns, changes.headers, wave)
    for key, header in changes.headers.items():
        problems += _head(questions, key, header, check, set(changes.retired))
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


class _Check:
    """Holds the names of wave.yaml against the codebook."""

    def __init__(self, wave: Document, questions: Data, scales: Data, told: str) -> None:
        self.wave, self.questions, self.scales, self.told = wave, dict(questions), scales, told

    def names(self, changes: Changes) -> Iterator[Problem]:
        own = list(changes.introduced)
        for field, keys, known in (
            ("reworded", changes.reworded, self.questions),
            ("recoded", changes.recoded, [*self.questions, *self.scales]),
            ("aliases", changes.aliases, self.questions),
        ):
            for key in keys:
                if key not in known:
                    yield self.unknown((field, key), key, known)
        for key in changes.retired:
            name, dot, _ = key.partition(".")
            rows = self.questions.get(name, {}).get("items", {}) if dot else {}
            known = [f"{name}.{row}" for row in rows] or list(self.questions)
            if key not in known:
                yield self.unknown(("retired", key), key, known)
        for key in changes.not_comparable:
            if key.partition(".")[0] not in [*self.questions, *own]:
                yield self.unknown(("not_comparable", key), key, self.questions)

    def unknown(self, path: tuple[str | int, ...], name: str, known: Iterable[str]) -> Problem:
        names = list(known)
        return Problem(
            self.wave.where(*path),
            f"{self.told} has no '{name}'",
            expected=", ".join(names),
            nearest=nearest(name, names),
            remedy="mend the name",
        )


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


def _scale(survey: Data, key: str) -> Data | None:
    """The scale of a question, its own from now on, or the shared one of this name."""
    question = survey["questions"].get(key)
    if question is None:
        shared: Data | None = survey.get("scales", {}).get(key)
        return shared
    if isinstance(question.get("scale"), str):
        question["scale"] = copy.deepcopy(survey.get("scales", {}).get(question["scale"]))
    scale: Data | None = question.get("scale") or (question if "options" in question else None)
    return scale


def _options(scale: Data) -> Data:
    """The options of a scale with all their fields spelled out."""
    scale["options"] = {
        name: option if isinstance(option, dict) else {"label": option}
        for name, option in scale.get("options", {}).items()
    }
    options: Data = scale["options"]
    return options


def _recode(survey: Data, key: str, recoded: Recoded, check: _Check) -> Iterator[Problem]:
    scale = _scale(survey, key)
    if scale is None:
        return
    options = _options(scale)
    at = ("recoded", key)
    for field, names in (("drop", recoded.drop), ("labels", recoded.labels)):
        for name in names:
            if name not in options:
                yield check.unknown((*at, field, name), name, options)
    for name, own in recoded.comparable.items() if recoded.comparable else ():
        if name not in options:
            yield check.unknown((*at, "comparable", name), name, options)
        known = [*options, *recoded.add]
        for part in own:
            if part not in known:
                yield check.unknown((*at, "comparable", name), part, known)
    for name, label in recoded.labels.items():
        if name in options:
            aliases = [*options[name].get("aliases", []), options[name]["label"]]
            options[name] |= {"label": label, "aliases": aliases}
    for name in recoded.drop:
        options.pop(name, None)
        for net, parts in scale.get("nets", {}).items():
            scale["nets"][net] = [part for part in parts if part != name]
        for field in ("middle", "apart"):
            if field in scale:
                scale[field] = [option for option in scale[field] if option != name]
    for name, added in recoded.add.items():
        if name in options:
            yield Problem(
                check.wave.where(*at, "add", name),
                f"the option '{name}' stands in {check.told} already",
                remedy="give the new option another name",
            )
        for field in ("after", "before"):
            if (beside := getattr(added, field)) is not None and beside not in options:
                yield check.unknown((*at, "add", name, field), beside, options)
        _insert(options, name, added)
    scale["nets"] = scale.get("nets", {}) | recoded.nets
    scale["net_labels"] = scale.get("net_labels", {}) | recoded.net_labels
    for field in ("middle", "apart"):
        if getattr(recoded, field) is not None:
            scale[field] = getattr(recoded, field)


def _insert(options: Data, name: str, added: AddedOption) -> None:
    own = added.model_dump(exclude_unset=True, exclude={"after", "before"})
    places = list(options)
    place = len(places)
    if added.after in options:
        place = places.index(added.after) + 1
    elif added.before in options:
        place = places.index(added.before)
    entries = list(options.items())
    options.clear()
    options.update([*entries[:place], (name, own), *entries[place:]])


def _alias(
    survey: Data, name: str, spellings: Mapping[str, list[str]], check: _Check
) -> Iterator[Problem]:
    scale = _scale(survey, name) if name in survey["questions"] else None
    if scale is None:
        return
    options = _options(scale)
    for option, texts in spellings.items():
        if option not in options:
            yield check.unknown(("aliases", name, option), option, options)
            continue
        options[option]["aliases"] = [*options[option].get("aliases", []), *texts]


def columns_of(question: Data) -> Iterator[tuple[str, Data]]:
    """(item, the part of a question that has its `column`) for each column of a question."""
    if "column" in question:
        yield "", question
    for field in ("items", "options"):
        for item, part in question.get(field, {}).items():
            if isinstance(part, dict) and "column" in part:
                yield item, part
    for number, part in enumerate(question.get("places", []), start=1):
        if isinstance(part, dict) and "column" in part:
            yield str(number), part
    other = question.get("other")
    if isinstance(other, dict) and "column" in other:
        yield "other", other


_ITEM = re.compile(r"^(?P<stem>.+?)\s*(?:\[(?P<bracket>.+)\]|› (?P<second>.+))$", re.DOTALL)


def stem_and_item(header: str) -> dict[str, str]:
    """The parts of a column's header that patterns put together anew: of 'stem [item]', and of
    'stem › item', as a wave before may have spelled it. Nothing where it has no such parts."""
    pieces = _ITEM.match(header)
    if pieces is None:
        return {}
    return {"stem": pieces["stem"], "item": pieces["bracket"] or pieces["second"]}


def _spell(
    questions: Data, patterns: HeaderPatterns, headers: Mapping[str, str], wave: Document
) -> Iterator[Problem]:
    """Headers as the wave's layout spells them; `headers` names some that are given singly."""
    for name, question in questions.items():
        for item, part in columns_of(question):
            if (f"{name}.{item}" if item else name) in headers:
                continue
            kind = _kind(question, item)
            pattern = getattr(patterns, kind)
            words = {"header": part["column"]} | stem_and_item(part["column"])
            try:
                part["column"] = pattern.format(**words)
            except (KeyError, ValueError, IndexError):
                yield Problem(
                    wave.where("export", "patterns", kind),
                    f"the pattern '{pattern}' does not fit the header '{part['column']}'",
                    expected="{header}; or {stem} and {item} where survey.yaml has 'stem [item]'",
                    remedy=f"give that header by itself, under headers: {name}"
                    + (f".{item}:" if item else ":"),
                )


def _kind(question: Data, item: str) -> str:
    if question.get("type") == "text" or item == "other":
        return "text"
    return "item" if item else "single"


def _head(
    questions: Data, key: str, header: str, check: _Check, retired: set[str]
) -> Iterator[Problem]:
    name, _, item = key.partition(".")
    if {name, key} & retired:
        return
    parts = dict(columns_of(questions[name])) if name in questions else {}
    if item in parts:
        parts[item]["column"] = header
        return
    keys = [
        f"{q}.{i}" if i else q for q, question in questions.items() for i, _ in columns_of(question)
    ]
    yield check.unknown(("headers", key), key, keys)
