"""What an export asks that the codebook does not: new questions, and new rows of those it has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from wavedeck.headers import folded
from wavedeck.inspect.profile import Column, Profile, QuestionGuess
from wavedeck.new import codebook, plan
from wavedeck.new.names import unique_names
from wavedeck.survey import GridQuestion, MultiQuestion, RankingQuestion, Survey
from wavedeck.survey.spelling import stem_and_item
from wavedeck.wave.match import Matched, stems_of


@dataclass
class Rows:
    """New rows of a grid, things to rank, or choices with a column each."""

    question: str
    choices: bool
    """Whether they are options of a question of several choices."""
    entries: dict[str, tuple[str, Column]] = field(default_factory=dict)
    """Name -> its label, and its column."""

    @property
    def declared(self) -> dict[str, Any]:
        """What wave.yaml says of them."""
        own = {
            name: {"label": label, "column": column.name}
            for name, (label, column) in self.entries.items()
        }
        if self.choices:
            return {"recoded": {self.question: {"add": own}}}
        return {"items": {self.question: own}}


def new_rows(
    survey: Survey, columns: Sequence[Column], profile: Profile | None, matched: Matched
) -> list[Rows]:
    """New columns that are rows of a question that is there: inspection takes them for one with
    columns of it, or their headers begin as its headers do."""
    labels = _grouped(survey, profile, matched)
    stems = stems_of(survey)
    first = {name: header for header, name, item in reversed(survey.columns()) if item}
    asked = {key.partition(".")[0] for key in matched.columns}
    found: dict[str, Rows] = {}
    for column in columns:
        for name, question in survey.questions.items():
            if name not in asked or not _with_columns(survey, name):
                continue
            home, label = labels.get(column.name, ("", ""))
            if home != name:
                label = _row(folded(column.name), stems.get(name, ""), first[name])
            if label:
                choices = isinstance(question, MultiQuestion)
                rows = found.setdefault(name, Rows(name, choices))
                known = question.options if choices else question.items  # type: ignore[union-attr]
                taken = ["other", *known, *rows.entries]
                [key] = unique_names([label], "item", taken)
                rows.entries[key] = (label, column)
                break
    return list(found.values())


def _grouped(
    survey: Survey, profile: Profile | None, matched: Matched
) -> dict[str, tuple[str, str]]:
    """The question and the row of each column of a guess that has columns of that question."""
    keys = {found.column.name: key.partition(".")[0] for key, found in matched.columns.items()}
    found: dict[str, tuple[str, str]] = {}
    for guess in profile.questions if profile else ():
        homes = {keys[c.name] for c in guess.columns if c.name in keys}
        if len(homes) == 1 and len(guess.labels) == len(guess.columns):
            (home,) = homes
            if _with_columns(survey, home):
                pairs = zip(guess.columns, guess.labels, strict=True)
                found |= {column.name: (home, label) for column, label in pairs}
    return found


def _with_columns(survey: Survey, name: str) -> bool:
    """Whether each row of a question has a column of its own."""
    question = survey.questions[name]
    if isinstance(question, MultiQuestion):
        return not question.column
    if isinstance(question, RankingQuestion):
        return question.layout == "items"
    return isinstance(question, GridQuestion)


def _row(name: str, stem: str, sibling: str) -> str:
    """The row that a header names, where it is one of the question of `sibling`; else ""."""
    own, theirs = stem_and_item(name), stem_and_item(sibling)
    if own and theirs and folded(own["stem"]) == folded(theirs["stem"]):
        return own["item"].strip()
    # Without brackets a few letters in common are no sign of a grid.
    if stem and not theirs and len(stem) > _TELLING and name.startswith(stem):
        return name[len(stem) :].strip(" -–:›>|()[]")
    return ""


_TELLING = 12


def questions(
    survey: Survey, profile: Profile, used: Collection[str], rows: Iterable[Rows] = ()
) -> Iterator[plan.Planned]:
    """New questions, as `wavedeck new` would draft them, with names that no other has. `used`:
    headers of columns that are accounted for."""
    placed = {*used, *(column.name for own in rows for _, column in own.entries.values())}
    taken = set(survey.questions)
    for planned in plan.plan(replace(profile, questions=list(_free(profile, placed)))):
        guess = planned.guess
        own = guess.number.lower() if guess.number else f"new_{planned.name}"
        [planned.name] = unique_names([own], "new", taken)
        taken.add(planned.name)
        planned.scale = ""
        yield planned


def _free(profile: Profile, placed: Collection[str]) -> Iterator[QuestionGuess]:
    """The guesses whose columns are all new; of the others each new column by itself."""
    for guess in profile.questions:
        columns = [*guess.columns, *([guess.other] if guess.other else [])]
        free = [column for column in columns if column.name not in placed]
        if len(free) == len(columns):
            yield guess
            continue
        for column in free:
            alone = guess.kind in ("single", "grid") and column is not guess.other
            kind, scale = ("single", guess.scale) if alone else ("text", None)
            yield QuestionGuess(kind, column.title, [column], guess.guess, "", scale)  # type: ignore[arg-type]


def declared(planned: plan.Planned) -> dict[str, Any]:
    """A new question as wave.yaml has it under `introduced:`, without remarks."""
    text = "\n".join(codebook.question_lines(planned))
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return {"introduced": _numbers(found)}


def _numbers(data: Any, key: str = "") -> Any:
    """Texts as they are; the ends of a number's bands as numbers."""
    if isinstance(data, Mapping):
        return {k: _numbers(value, key if key == "bands" else k) for k, value in data.items()}
    if key == "bands" and isinstance(data, list):
        return [float(end) if "." in end else int(end) for end in data]
    return data
