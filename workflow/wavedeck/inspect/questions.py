"""What a column asks by itself: the question's type and its answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from wavedeck.clean.text import match_key
from wavedeck.inspect.apart import is_apart, is_other, takes_write_ins
from wavedeck.inspect.choices import closed_scale, single_question
from wavedeck.inspect.dates import date_question
from wavedeck.inspect.joined import Joined, joined_in, tally
from wavedeck.inspect.numbers import nearly_number, number_question, with_commas
from wavedeck.inspect.profile import Aside, Column, Guess, OptionGuess, QuestionGuess
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import (
    asks_for_words,
    is_missing_mark,
    is_not_asked,
    number_in,
    without_skips,
)
from wavedeck.inspect.values import Values
from wavedeck.inspect.write_ins import is_text_box

_NUMBERED = re.compile(r"(?P<number>[QqFf]\.?\s?\d+[a-z]?(?:\.\d+)?)[.:)\s]+(?P<text>.*\S)", re.S)
_NUMBER_ONLY = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,2}|\.?[a-z])*)[.)]\s+(?P<text>.*\S)", re.S)


def question_of(column: Column, values: Values) -> QuestionGuess | Aside:
    """A column by itself."""
    text, number = text_of(column.title if column.item else column.stem)
    listed = values.get(match_key(column.code or column.name)) or values.get(match_key(column.name))
    known = column.given()
    total, answers = known.total(), sum(column.times().values())
    if not known:
        return Aside(column, "other", Guess("sure", "no answers in it"))
    counts = tally(known)
    if listed and all(label in listed or label in listed.values() for label in counts):
        return _listed(column, text, number, counts, listed)
    if dates := date_question(column, text, number, known):
        return dates
    # Snap says 'Not Asked' among numbers and texts too, where it is no answer.
    asked = Counter({answer: n for answer, n in known.items() if not is_not_asked(answer)})
    if not asked:
        return Aside(column, "other", Guess("sure", "nobody was asked"))
    if commas := with_commas(column, text, number, asked):
        return commas
    numbers = {a: value for a in known if (value := number_in(a)) is not None}
    numeric = sum(known[answer] for answer in numbers)
    if numeric == asked.total():
        amounts = [value for answer, value in numbers.items() for _ in range(known[answer])]
        return number_question(column, text, number, amounts, tally(asked))
    if numeric >= 0.8 * total and len(counts) > 12:
        return nearly_number(column, text, number, known)
    if is_text_box(column):
        guess = Guess("likely", "a box to write in, by its second header: no answers on offer")
        return QuestionGuess("text", text, [column], guess, number)
    if found := joined_in(column):
        return _joined(column, text, number, found)
    if len(counts) == 1 and total == len(column.values) and answers > 2:
        reason = f"the same in every row: {next(iter(counts))!r}"
        return Aside(column, "other", Guess("likely", reason))
    if asks_for_words(text) and min(counts.values()) == 1:
        return _open(column, text, number, counts)  # 'No' many times, and what single people wrote
    size = len(column.values)
    if closed_scale(tally(asked), size) and (scale := closed_scale(counts, size)):
        return single_question(column, text, number, scale, counts)
    return _open(column, text, number, counts)


def text_of(header: str) -> tuple[str, str]:
    """The question without its number, and the number as 'Q5'."""
    cleaned = without_skips(header)
    if match := _NUMBERED.fullmatch(cleaned):
        return match["text"], match["number"].upper().replace(" ", "").replace("Q.", "Q")
    if match := _NUMBER_ONLY.fullmatch(cleaned):
        return match["text"], f"Q{match['number']}"
    return cleaned, ""


def _listed(
    column: Column, text: str, number: str, counts: Counter[str], listed: Mapping[str, str]
) -> QuestionGuess:
    """Codes that a values sheet explains."""
    labels = {label: counts[code] + counts[label] for code, label in listed.items()}
    scale = scale_of(labels, list(labels))
    code_of = {label: code for code, label in listed.items()}
    scale.options = [
        OptionGuess(o.label, (code_of[o.label],) if code_of[o.label] != o.label else (), o.missing)
        for o in map(_missing_option, scale.options)
    ]
    guess = Guess("sure", "its codes are explained on another sheet")
    return QuestionGuess("single", text, [column], guess, number, scale)


def _missing_option(option: OptionGuess) -> OptionGuess:
    if option.missing or not is_missing_mark(option.label):
        return option
    return OptionGuess(option.label, option.aliases, "no_answer")


def _joined(column: Column, text: str, number: str, found: Joined) -> QuestionGuess:
    question = QuestionGuess("multi_joined", text, [column], Guess("sure", ""), number)
    question.separator = found.separator
    question.pieces_by = "," if found.tight else {",": ", "}.get(found.separator, found.separator)
    if found.all_in_every_cell:
        question.kind = "ranking_joined"
        question.guess = Guess("likely", "every cell holds every option: an order of preference")
        pairs = ((label, found.aliases.get(label, ())) for label in found.labels)
        question.options = [OptionGuess(label, tuple(aliases)) for label, aliases in pairs]
        return question
    others = [label for label in found.labels if takes_write_ins(label)]
    kept = [label for label in found.labels if label not in others]
    last = [label for label in kept if is_apart(label) or is_other(label)]
    kept = [label for label in kept if label not in last] + last
    question.options = [OptionGuess(label, tuple(found.aliases.get(label, ()))) for label in kept]
    if found.written_in or others:
        label = others[0] if others else "Other, written in"
        note = "what respondents wrote in" if found.written_in else ""
        aliases = tuple(dict.fromkeys([*others[1:], *found.written_in]))
        question.options.append(OptionGuess(label, aliases, note=note))
    words = {", ": "a comma and a space", ",": "a comma", "\n": "line ends"}.get(
        question.pieces_by, repr(found.separator)
    )
    unsure = found.separator == "," and any("," in label for label in found.labels)
    sure = found.separator != "," or not found.written_in
    question.guess = Guess(
        "sure" if sure and not unsure else "likely", f"answers joined by {words}"
    )
    if unsure:
        question.notes.append("options that hold a comma were told by what stands side by side")
    if found.written_in:
        question.notes.append(
            f"{_times(len(found.written_in), 'text')} given seldom taken for write-ins, counted as "
            f"'{question.options[-1].label}'"
        )
    question.notes += found.notes
    return question


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _open(column: Column, text: str, number: str, counts: Counter[str]) -> QuestionGuess:
    total = sum(counts.values())
    words = sum(len(label.split()) * times for label, times in counts.items()) / total
    guess = Guess("sure", "free text")
    if words < 4 and len(counts) < 0.9 * total:
        guess = Guess("likely", "short texts, too many different ones for answers on offer")
    if total < 8 and words < 6:
        guess = Guess("unsure", f"only {total} answers, all different: taken for free text")
    return QuestionGuess("text", text, [column], guess, number)
