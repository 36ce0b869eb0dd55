"""Answers that repeat enough to have been on offer: a single choice, and what was written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.inspect.apart import is_other, takes_write_ins
from wavedeck.inspect.dates import mend_dates
from wavedeck.inspect.profile import Column, Guess, OptionGuess, QuestionGuess, ScaleGuess
from wavedeck.inspect.ranges import reads_as_range
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import without_skips

_MOST_OPTIONS = 60


def closed_scale(counts: Counter[str], rows: int) -> ScaleGuess | None:
    """The answers on offer, when the answers repeat enough to have been on offer; write-ins become
    aliases of an option of their own."""
    total = sum(counts.values())
    if total == 0 or len(counts) > 400:
        return None
    scale = scale_of(counts)
    if len(counts) > 1 and scale.family and scale.family not in ("numbers", "bands", "ages"):
        return scale
    long = sum(len(label) * count for label, count in counts.items()) / total
    widest = max(map(len, counts))
    if total < 12:
        short = widest <= 60 and long <= 40
        if (short and len(counts) <= max(2, total / 2)) or (scale.family and len(counts) > 1):
            scale.guess = Guess("unsure", f"only {total} answers; {scale.guess.reason}")
            return scale
        return None
    least = 2 if total < 60 else max(2, round(total * 0.01))
    kept = Counter({label: n for label, n in counts.items() if n >= least or is_other(label)})
    rare = [label for label in counts if label not in kept]
    covered = sum(kept.values()) / total
    if not kept or covered < 0.7 or len(kept) > _MOST_OPTIONS or long > 90:
        return None
    if len(rare) > max(6, 0.3 * total):
        return None
    if scale.family:
        # What one respondent wrote is no step of a scale for holding a number.
        rare = [label for label in rare if not reads_as_range(label)]
        kept = Counter({label: n for label, n in counts.items() if label not in rare})
    if not rare:
        return scale
    # A few rare answers may be options that few chose; many are what people wrote in.
    sentences = sum(map(_own_words, rare))
    if len(counts) <= 8 and not sentences and not scale.family:
        return scale
    return _with_write_ins(kept, rare)


def _own_words(label: str) -> bool:
    """Whether an answer given once reads like a respondent's own words: no draft publishes any."""
    said = re.search(r"[.!]$|\b(?:I|I'm|my|me|we|our|us)\b", label)
    return bool(said) or len(label) > 45 or len(label.split()) > 5


def _with_write_ins(kept: Counter[str], rare: Sequence[str]) -> ScaleGuess:
    others = [label for label in kept if takes_write_ins(label)]
    scale = scale_of(kept)
    for option in list(scale.options):
        if option.label in others:
            scale.options.remove(option)
    label = others[0] if others else "Other, written in"
    place = next(
        (i for i, option in enumerate(scale.options) if option.label in scale.apart),
        len(scale.options),
    )
    aliases = (*others[1:], *rare)
    scale.options.insert(place, OptionGuess(label, aliases, note="what respondents wrote in"))
    reason = f"{scale.guess.reason}; {len(rare)} answers given seldom count as '{label}'"
    scale.guess = Guess("likely", reason)
    return scale


def single_question(
    column: Column, text: str, number: str, scale: ScaleGuess, counts: Counter[str]
) -> QuestionGuess:
    guess = scale.guess
    question = QuestionGuess("single", text, [column], guess, number, scale)
    if len(counts) == 1:
        question.guess = Guess("unsure", "one answer alone, and empty cells: a box to tick?")
        question.notes.append("the base is those who gave it, so that its share is always 100%")
    mend_dates(column, question)
    _mend_skips(question)
    return question


def _mend_skips(question: QuestionGuess) -> None:
    """'No (go to question 9)' shows as 'No'."""
    assert question.scale is not None
    scale = question.scale
    for place, option in enumerate(scale.options):
        short = without_skips(option.label)
        if short != option.label and short not in {o.label for o in scale.options}:
            scale.options[place] = OptionGuess(
                short, (option.label, *option.aliases), option.missing
            )
            question.notes.append(f"the skip instruction of '{option.label}' is left out")
            for labels in (scale.middle, scale.apart, *scale.nets.values()):
                labels[:] = [short if label == option.label else label for label in labels]
