"""Answers that repeat enough to have been on offer: a single choice, and what was written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.errors import listing
from wavedeck.inspect.apart import is_apart, is_other, takes_write_ins
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
    own = [label for label in rare if _own_words(label, kept)]
    if scale.family:
        own += [label for label in rare if counts[label] == 1 and not is_apart(label)]
    elif len(counts) <= 8 and not own:
        return scale
    named = any(takes_write_ins(label) for label in kept)
    offered = _seldom_chosen(counts, kept, [r for r in rare if r not in own], named)
    seldom = Counter({label: n for label, n in counts.items() if label in offered})
    written = [label for label in rare if label not in offered]
    if not written:
        scale.guess = Guess("unsure", f"{scale.guess.reason}; {_told(seldom)}")
        return scale
    return _with_write_ins(kept, seldom, written, named)


def _own_words(label: str, kept: Counter[str]) -> bool:
    """Whether a rare answer reads like a respondent's own words rather than the name of an option
    like those `kept`: no draft publishes any."""
    if re.search(r"[.!]$|\b(?:I'm|my|My|me|we|We|our|Our|us)\b", label):
        return True
    if re.search(r"\bI\b", label) and not is_apart(label):
        return True
    words = max(5, *(len(each.split()) for each in kept))
    return len(label) > max(45, *map(len, kept)) or len(label.split()) > words


def _seldom_chosen(
    counts: Counter[str], kept: Counter[str], rare: Sequence[str], named: bool
) -> list[str]:
    """Rare answers that are options few chose. Of a fixed list even those come back; what people
    write is mostly given once. `named`: an option 'Other' says that there was a box to write in.

    An option counted by itself is a right number even if it was written in; an option counted as
    'Other' is a wrong one.
    """
    again = [label for label in rare if counts[label] > 1]
    once = [label for label in rare if counts[label] == 1]
    if len(once) > max(0 if named else 3, len(again)):
        return []
    found = again if named else list(rare)
    return found if len(kept) + len(found) <= _MOST_OPTIONS else []


def _told(seldom: Counter[str]) -> str:
    shown = listing([f"{label} ({n})" for label, n in seldom.items()])
    return f"few gave {shown}: options like the others, or written in?"


def _with_write_ins(
    kept: Counter[str], seldom: Counter[str], rare: Sequence[str], named: bool
) -> ScaleGuess:
    kept = kept + seldom
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
    if seldom:
        reason += f"; {_told(seldom)}"
    if not named:
        reason += f": was there a box to write in? They are {listing(rare)}"
    scale.guess = Guess("likely" if named and not seldom else "unsure", reason)
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
