"""Scales that a later wave changed: options added, dropped or spelled otherwise."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from wavedeck.errors import Problem
from wavedeck.survey.changes import AddedItem, AddedOption, Recoded
from wavedeck.survey.names import Data, Names


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


def recode(survey: Data, key: str, recoded: Recoded, check: Names) -> Iterator[Problem]:
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
        for field in ("middle", "apart", "exclusive"):
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
        if added.column and not _spread(scale):
            yield Problem(
                check.wave.where(*at, "add", name, "column"),
                f"'{key}' has no column for each of its options",
                expected="a column only where each choice has its own",
                remedy="take column: out",
            )
        insert(options, name, added)
    scale["nets"] = scale.get("nets", {}) | recoded.nets
    scale["net_labels"] = scale.get("net_labels", {}) | recoded.net_labels
    for field in ("middle", "apart"):
        if getattr(recoded, field) is not None:
            scale[field] = getattr(recoded, field)


def _spread(scale: Data) -> bool:
    """Whether each option has a column of its own."""
    return any("column" in option for option in scale["options"].values())


def insert(entries: Data, name: str, added: AddedOption | AddedItem) -> None:
    """Puts an entry in its place among options or items."""
    own = added.model_dump(exclude_unset=True, exclude={"after", "before"})
    places = list(entries)
    place = len(places)
    if added.after in entries:
        place = places.index(added.after) + 1
    elif added.before in entries:
        place = places.index(added.before)
    listed = list(entries.items())
    entries.clear()
    entries.update([*listed[:place], (name, own), *listed[place:]])


def alias(
    survey: Data, name: str, spellings: Mapping[str, list[str]], check: Names
) -> Iterator[Problem]:
    if name not in survey["questions"]:
        return
    scale = _scale(survey, name)
    options = _options(scale) if scale else survey["questions"][name].get("items", {})
    for option, texts in spellings.items():
        if option not in options:
            yield check.unknown(("aliases", name, option), option, options)
            continue
        options[option]["aliases"] = [*options[option].get("aliases", []), *texts]
