"""Several choices: a column an option, or all of them joined in one cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from wavedeck.answers import NO_ANSWER
from wavedeck.clean.coders import MISSING, Coded
from wavedeck.clean.column import code_column
from wavedeck.clean.joined import read_joined
from wavedeck.clean.text import match_key, tidy
from wavedeck.clean.work import Work
from wavedeck.errors import listing
from wavedeck.masks import CHOSEN, NOT_CHOSEN
from wavedeck.survey import MultiOption, MultiQuestion
from wavedeck.survey.keys import key_of


def code_multi(
    name: str, question: MultiQuestion, no_answer: Iterable[str], work: Work
) -> dict[str, np.ndarray]:
    """int8 codes by key: 1 chosen, 2 not chosen; all options of a row are missing together.

    Options that go with no other (exclusive ones, and those that count as missing) are taken only
    where nothing else was chosen.
    """
    marks = list(no_answer)
    read = _read_joined if question.column else _read_spread
    picked = read(name, question, marks, work)
    options = list(question.options.items())
    alone = np.array([o in question.exclusive or bool(option.missing) for o, option in options])
    clash = picked[:, alone].any(axis=1) & (picked.sum(axis=1) > 1)
    _log_clashes(name, question, picked, alone, clash, work)
    picked[np.ix_(clash, alone)] = False
    nothing = NOT_CHOSEN if question.base == "asked" else NO_ANSWER
    chose = picked.any(axis=1) | _wrote(name, question, marks, work)
    rows = np.where(chose, NOT_CHOSEN, nothing).astype(np.int8)
    for place, (_, option) in enumerate(options):
        if option.missing:
            rows[picked[:, place]] = MISSING[option.missing]
    return {
        key_of(name, o): np.where(picked[:, place], CHOSEN, rows).astype(np.int8)
        for place, (o, option) in enumerate(options)
        if not option.missing
    }


def _wrote(name: str, question: MultiQuestion, no_answer: list[str], work: Work) -> np.ndarray:
    """Who wrote something in beside the options, which is an answer too."""
    found = np.zeros(len(work.cells.rows), dtype=bool)
    if question.other:
        nothing = {match_key(text) for text in [*no_answer, *question.unchosen]}
        for index, raw in enumerate(work.cells.column(name, "other").values):
            found[index] = bool(tidy(raw or "")) and match_key(raw or "") not in nothing
    return found


def _log_clashes(
    name: str,
    question: MultiQuestion,
    picked: np.ndarray,
    alone: np.ndarray,
    clash: np.ndarray,
    work: Work,
) -> None:
    names = list(question.options)
    labels = [option.label for option in question.options.values()]
    for index in np.flatnonzero(clash & work.kept):
        if question.column:
            left = [labels[place] for place in np.flatnonzero(picked[index] & ~alone)]
            text = question.separator.join(left)
            work.change(work.cells.column(name), int(index), "exclusive", text)
            continue
        for place in np.flatnonzero(picked[index] & alone):
            work.change(work.cells.column(name, names[place]), int(index), "exclusive", "")


def _read_spread(
    name: str, question: MultiQuestion, no_answer: list[str], work: Work
) -> np.ndarray:
    """Who chose what (rows x options), from a column an option."""
    found = []
    for item, option in question.options.items():
        texts = [option.label, *question.chosen, *question.unchosen]
        codes = code_column(
            work.cells.column(name, item),
            choice_coder(option, question, no_answer),
            listing(texts),
            texts,
            work,
            key_of(name, item),
            f"add it to chosen: or unchosen: of '{name}' in survey.yaml, or as an alias",
        )
        found.append(codes == CHOSEN)
    return np.stack(found, axis=1)


def choice_coder(
    option: MultiOption, question: MultiQuestion, no_answer: Iterable[str]
) -> Callable[[str], Coded | None]:
    """A function from the raw text of an option's own column to chosen or not chosen."""
    exact = dict.fromkeys(question.unchosen, NOT_CHOSEN)
    exact |= dict.fromkeys([*question.chosen, option.label], CHOSEN)
    alike = {match_key(text): (code, text) for text, code in exact.items()}
    aliases = {match_key(alias) for alias in option.aliases}
    marks = {match_key(mark) for mark in no_answer}

    def code(raw: str) -> Coded | None:
        if raw in exact:
            return Coded(exact[raw])
        text = tidy(raw)
        if text in exact:
            return Coded(exact[text], "spaces", text)
        key = match_key(text)
        if key in alike:
            return Coded(alike[key][0], "spelling", alike[key][1])
        if key in aliases:
            return Coded(CHOSEN, "alias", option.label)
        return Coded(NOT_CHOSEN, "no_answer") if not text or key in marks else None

    return code


def _read_joined(
    name: str, question: MultiQuestion, no_answer: list[str], work: Work
) -> np.ndarray:
    """Who chose what (rows x options), from one column."""
    rows = read_joined(name, question.options, question.separator, no_answer, work)
    found = np.zeros((len(rows), len(question.options)), dtype=bool)
    for index, places in enumerate(rows):
        found[index, list(places)] = True
    return found
