"""Several choices with a column an option: its cells say whether it was chosen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Column, Guess, QuestionGuess
from wavedeck.inspect.texts import asks_to_choose, is_missing_mark, is_not_asked

CHOSEN = (
    "1",
    "yes",
    "true",
    "selected",
    "checked",
    "x",
    "✓",
    "✔",
    "y",
    "ja",
    "oui",
    "sí",
    "ticked",
    "quoted",
    "mentioned",
)
UNCHOSEN = (
    "0",
    "no",
    "false",
    "not selected",
    "unchecked",
    "n",
    "nein",
    "non",
    "not quoted",
    "not mentioned",
    "unticked",
    "not ticked",
)


def spread_of(columns: Sequence[Column], text: str, number: str) -> QuestionGuess | None:
    """Each column an option: its cells say chosen, not chosen, or the option's text."""
    chosen: Counter[str] = Counter()
    unchosen: Counter[str] = Counter()
    own = marked = 0
    labels: list[str] = []
    for column in columns:
        counts = tally(column.times())
        said = {label: match_key(label) for label in counts}
        positive = []
        for label, key in said.items():
            if is_not_asked(label):
                continue
            if key in UNCHOSEN or (is_missing_mark(label) and key not in CHOSEN):
                unchosen[label] += counts[label]
            else:
                positive.append(label)
        if len(positive) > 1:
            return None
        label = column.item
        if positive:
            key = said[positive[0]]
            if key == match_key(column.item):
                own += 1
            elif key in CHOSEN:
                marked += 1
                chosen[positive[0]] += 1
            elif (column.code and _is_code(column.item)) or _alike(positive[0], column.item):
                own += 1
                label = positive[0]
            elif re.search(rf"\W{re.escape(key)}$", match_key(column.item)):
                own += 1  # 'Library - Phone': of a grid with several choices a row
                chosen[positive[0]] += 1
            else:
                return None
        labels.append(label)
    if own + marked < max(1, 0.5 * len(columns)) and own + marked < len(columns) - 3:
        return None
    if len({match_key(label) for label in labels}) < len(labels):
        return None
    yes_no = marked and not own and set(map(match_key, chosen)) <= {"yes", "ja", "oui", "sí", "y"}
    full = all(len(column.answers()) == len(column.values) for column in columns)
    if yes_no and len(columns) == 1:
        return None
    denied = any(not is_missing_mark(label) for label in unchosen)
    if yes_no and denied and not asks_to_choose(text) and _answered_one_by_one(columns):
        return None
    if yes_no and unchosen and not asks_to_choose(text) and len(columns) < 3 and not full:
        return None
    guess = Guess("sure", "each column an option: chosen or not")
    question = QuestionGuess("multi_spread", text, list(columns), guess, number)
    if yes_no and unchosen and not asks_to_choose(text):
        question.guess = Guess("likely", "each column yes or no: taken for options to choose from")
        question.notes.append("if each row was a yes-or-no question of its own, make it a grid")
    if yes_no and full:
        question.notes.append(
            "a respondent who did not touch the question looks like one who chose nothing; "
            "percentages are of those who chose anything"
        )
    question.labels = labels
    question.chosen = list(chosen)
    question.unchosen = [label for label in unchosen if not is_missing_mark(label)]
    return question


def _answered_one_by_one(columns: Sequence[Column]) -> bool:
    """Whether respondents left out single columns: tools that spread options fill all or none, so
    each is a question of its own."""
    rows = zip(*(column.values for column in columns), strict=True)
    given = [sum(bool(v and not is_missing_mark(v)) for v in row) for row in rows]
    return sum(0 < count < len(columns) for count in given) >= 2


def _is_code(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{0,4}_?\d{1,4}", text))


def _alike(answer: str, item: str) -> bool:
    """An option cut short, or with a note, in one of the two places."""
    one, other = match_key(answer), match_key(item)
    return (
        len(one) > 6
        and len(other) > 6
        and (one.startswith(other[:40]) or other.startswith(one[:40]))
    )
