"""Questions answered by a number: amounts, numeric scales, codes without words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.inspect.profile import Aside, Column, Guess, QuestionGuess
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import (
    asks_to_choose,
    commas_in,
    is_code,
    number_in,
    with_decimal_comma,
)

_UNIT = re.compile(
    r"\b(hours?|minutes?|days?|weeks?|months?|years?|people|staff|employees|times|miles|km|%|£"
    r"|\$|€)",
    re.I,
)
_COUNTED = re.compile(
    r"hours?\b|age\b|how (?:long|many|much time|old)|number of|wie (?:viele|lange)|combien", re.I
)
_AGE = re.compile(r"\bage\b|how old|years old|\balter\b|\bâge\b|\bedad\b", re.I)
_YEAR = re.compile(r"\byear\b|\bjahr\b|\bannée\b|\baño\b", re.I)
_ENDS = re.compile(r"\b([01])\s*(?:[-–—/]|to|and|bis|à|al?|y|do)\s*(5|6|7|10)\b", re.I)
_RECOMMENDS = re.compile(r"\blikely\b.*\brecommend\b", re.I | re.S)


def _ends(text: str, low: int, high: int) -> tuple[int, int]:
    """The ends of a numeric scale: as the question's words name them, since nobody may have given
    one; likelihood to recommend has 0 to 10 everywhere."""
    for match in _ENDS.finditer(text):
        bottom, top = int(match[1]), int(match[2])
        if bottom <= low and high <= top:
            return bottom, top
    top = next(top for top in (5, 7, 10) if high <= top)
    return (0 if low == 0 or (top == 10 and _RECOMMENDS.search(text)) else 1), top


def number_question(
    column: Column, text: str, number: str, values: Sequence[float], counts: Counter[str]
) -> QuestionGuess | Aside:
    low, high = min(values), max(values)
    whole = all(value.is_integer() for value in values)
    unit = _UNIT.search(text)
    question = QuestionGuess("number", text, [column], Guess("sure", "numbers"), number)
    question.unit = unit[1].lower() if unit else ""
    counted = question.unit or _COUNTED.search(text)
    if whole and low >= 0 and high <= 99 and len(counts) <= 12 and _bare(column):
        scale = scale_of(counts)
        guess = Guess("unsure", "codes without words: say in survey.yaml what they stand for")
        return QuestionGuess("single", text, [column], guess, number, scale)
    if whole and low >= 0 and high <= 10 and len(counts) > 2 and not counted:
        bottom, top = _ends(text, int(low), int(high))
        question.values = list(range(bottom, top + 1))
        question.guess = Guess("likely", f"whole numbers from {bottom} to {top}: a numeric scale")
        question.notes.append("the export does not say what its ends mean")
        return question
    if whole and len(counts) <= 2 and high <= 10 and len(values) > 2:
        scale = scale_of(counts)
        guess = Guess("unsure", "codes without labels: say in survey.yaml what they stand for")
        return QuestionGuess("single", text, [column], guess, number, scale)
    if whole and len(counts) <= 12 and low >= 0 and high <= 20 and len(values) >= 3 * len(counts):
        question.values = list(range(int(low), int(high) + 1))
        question.guess = Guess("likely", "a few whole numbers")
    mean = sum(values) / len(values)
    far = [v for v in values if high > 50 and v > 20 * max(abs(mean - v / len(values)), 1)]
    if far:
        question.notes.append(f"{high:g} is far above all others: is it a number?")
    if len(counts) <= 12 and not question.values and not counted:
        question.notes.append(
            "few different numbers: should they be answers on offer, make it a single choice"
        )
        question.guess = Guess("unsure", "numbers, few of them different")
    codes = Counter(value for value in values if value < 0 and is_code(value))
    if codes and codes.total() == sum(value < 0 for value in values) <= 0.2 * len(values):
        said = ", ".join(f"{value:g} ({times} times)" for value, times in codes.items())
        question.notes.append(f"codes for no answer? {said}: if so, list them under no_answer:")
    if _AGE.search(text) and question.unit in ("", "years"):
        question.unit = "years"
    elif _YEAR.search(text) and low >= 1900 and high <= 2100:
        question.unit = ""
    return question


def with_commas(
    column: Column, text: str, number: str, known: Counter[str]
) -> QuestionGuess | None:
    """Numbers with decimal commas, or with commas that may be: no codebook reads those, and '3,125'
    would become 3125. None where commas are of thousands, or the answers no numbers."""
    meant = commas_in(known)
    if meant not in ("decimal", "unclear") or asks_to_choose(text):
        return None
    read = {answer: with_decimal_comma(answer) for answer in known}
    numeric = sum(known[answer] for answer, value in read.items() if value is not None)
    lists = any(re.fullmatch(r"\d+(?:,\d+){2,}", a) and read[a] is None for a in known)
    if numeric < 0.8 * known.total() or lists:
        return None
    shown = next(a for a in known if "," in a and (meant == "unclear" or commas_in([a]) == meant))
    reason = (
        f"numbers with a decimal comma, such as '{shown}'"
        if meant == "decimal"
        else f"numbers of which '{shown}' may be a decimal number or thousands"
    )
    question = QuestionGuess("text", text, [column], Guess("unsure", reason), number)
    question.notes.append(
        "taken for free text, so that none is misread; to count it, write decimal points and no "
        "commas in a copy of the export, and make it a number"
    )
    return question


def _bare(column: Column) -> bool:
    """Whether the header is a variable's name rather than a question."""
    return bool(re.fullmatch(r"[A-Za-z_]\w*", column.title)) and not _COUNTED.search(column.title)


def nearly_number(column: Column, text: str, number: str, known: Counter[str]) -> QuestionGuess:
    """Numbers with words among them: nothing is cut out of an answer."""
    words = {answer: times for answer, times in known.items() if number_in(answer) is None}
    shown = ", ".join(f"'{word[:30]}'" for word in words)
    count = sum(words.values())
    guess = Guess("unsure", f"numbers, but for {count} of {known.total()} answers")
    question = QuestionGuess("text", text, [column], guess, number)
    question.notes.append(
        f"taken for free text; to count it, make it a number and put these under no_answer: {shown}"
    )
    return question
