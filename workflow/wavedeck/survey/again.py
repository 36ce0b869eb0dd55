"""Questions that a wave asks again after others have not."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from wavedeck.errors import Problem, nearest
from wavedeck.yamlfile import Document

Data = dict[str, Any]
"""A codebook as YAML data."""


def ask_again(
    survey: Data, asked: Mapping[str, str], earlier: Mapping[str, Data], wave: Document, told: str
) -> Iterator[Problem]:
    """Puts questions into a codebook as they stand in that of an earlier wave, in the place that
    they have there. `asked` are their names with that wave, `earlier` the codebooks by wave."""
    for name, then in asked.items():
        problem = _misfit(name, then, survey, earlier, told)
        if problem is not None:
            where = wave.where("asked_again", name)
            found, known, near, remedy = problem
            yield Problem(where, found, expected=", ".join(known), nearest=near, remedy=remedy)
            continue
        question = copy.deepcopy(earlier[then]["questions"][name])
        if isinstance(question.get("scale"), str):
            # The scale as it was: what has become of it since, the question has no part in.
            scales = earlier[then].get("scales", {})
            question["scale"] = copy.deepcopy(scales.get(question["scale"], question["scale"]))
        survey["questions"] = _placed(survey["questions"], name, question, earlier[then])


def _misfit(
    name: str, then: str, survey: Data, earlier: Mapping[str, Data], told: str
) -> tuple[str, list[str], str, str] | None:
    """(what was found, what is known, the nearest name, what to do)."""
    if then not in earlier:
        waves = list(earlier)
        return f"there is no wave '{then}' before this one", waves, nearest(then, waves), _MEND
    asked = list(earlier[then]["questions"])
    if name not in asked:
        return f"the codebook of {then} has no '{name}'", asked, nearest(name, asked), _MEND
    if name in survey["questions"]:
        remedy = "take it out of asked_again: a question that is not retired is asked anyway"
        return f"the question '{name}' stands in {told} already", [], "", remedy
    return None


_MEND = "mend the name"


def _placed(questions: Data, name: str, question: Data, then: Data) -> Data:
    """`questions` with one more, behind the one that it stood behind."""
    order = list(then["questions"])
    before = [other for other in order[: order.index(name)] if other in questions]
    place = list(questions).index(before[-1]) + 1 if before else 0
    entries = list(questions.items())
    return dict([*entries[:place], (name, question), *entries[place:]])
