"""What a column, or columns that share a header, ask: the question's type and its answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.joined import Joined, joined_in, tally
from wavedeck.inspect.profile import (
    Aside,
    Column,
    DateGuess,
    Guess,
    OptionGuess,
    QuestionGuess,
    ScaleGuess,
)
from wavedeck.inspect.scales import is_apart, is_other, scale_of, takes_write_ins
from wavedeck.inspect.texts import (
    dates_in,
    form_of_dates,
    is_missing_mark,
    number_in,
    without_skips,
)

MOST_OPTIONS = 60
_NUMBERED = re.compile(r"(?P<number>[QqFf]\.?\s?\d+[a-z]?(?:\.\d+)?)[.:)\s]+(?P<text>.*\S)", re.S)
_NUMBER_ONLY = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,2}|\.?[a-z])*)[.)]\s+(?P<text>.*\S)", re.S)
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

Values = Mapping[str, Mapping[str, str]]
"""Column (match key) -> code -> label, from a values sheet."""


def question_of(column: Column, values: Values) -> QuestionGuess | Aside:
    """A column by itself."""
    text, number = _text_of(column.title if column.item else column.stem)
    listed = values.get(match_key(column.code or column.name)) or values.get(match_key(column.name))
    answers = [tidy(answer) for answer in column.answers()]
    known = [answer for answer in answers if not is_missing_mark(answer)]
    if not known:
        return Aside(column, "other", Guess("sure", "no answers in it"))
    counts = tally(known)
    if listed and all(label in listed or label in listed.values() for label in counts):
        return _listed(column, text, number, counts, listed)
    if dates := _dates(column, text, number, known):
        return dates
    numbers = [number_in(answer) for answer in known]
    numeric = sum(value is not None for value in numbers)
    if numeric == len(known):
        return _number(column, text, number, [v for v in numbers if v is not None], counts)
    if numeric >= 0.8 * len(known) and len(counts) > 12:
        return _nearly_number(column, text, number, known)
    if found := joined_in(column):
        return _joined(column, text, number, found)
    if len(counts) == 1 and len(known) == len(column.values) and len(answers) > 2:
        reason = f"the same in every row: {next(iter(counts))!r}"
        return Aside(column, "other", Guess("likely", reason))
    if scale := closed_scale(counts, len(column.values)):
        return _single(column, text, number, scale, counts)
    return _open(column, text, number, counts)


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _text_of(header: str) -> tuple[str, str]:
    """The question without its number, and the number."""
    cleaned = without_skips(header)
    if match := _NUMBERED.fullmatch(cleaned):
        return match["text"], match["number"].upper().replace(" ", "").replace("Q.", "Q")
    if match := _NUMBER_ONLY.fullmatch(cleaned):
        return match["text"], f"Q{match['number']}"
    return cleaned, ""


def text_of(header: str) -> tuple[str, str]:
    """The question without its number, and the number as 'Q5'."""
    return _text_of(header)


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


def _dates(
    column: Column, text: str, number: str, known: Sequence[str]
) -> Aside | QuestionGuess | None:
    """A question about a date: the year counts, or the month where all fall in one year."""
    dated = [answer for answer in known if _is_date(answer)]
    if len(dated) < 0.8 * len(known):
        return None
    form = form_of_dates(known)
    if form is None:
        reason = "a question about a date, written in several ways: put them into one to chart them"
        return Aside(column, "other", Guess("likely", reason))
    moments = dates_in(known) or []
    timed = sum((m.hour, m.minute, m.second) != (0, 0, 0) for m in moments)
    if timed >= 0.8 * len(moments):
        reason = "days and times of day: a time that the tool noted"
        return Aside(column, "other", Guess("likely", reason))
    take: Literal["year", "month"] = "year" if len({m.year for m in moments}) > 1 else "month"
    question = QuestionGuess("number", text, [column], Guess("likely", "dates"), number)
    question.dates = DateGuess(take, form, [m.year if take == "year" else m.month for m in moments])
    question.notes.append(f"the {take} counts; say take: {_OTHERWISE[take]} where that does")
    if take == "month" and form.startswith("%d/%m") and all(m.day <= 12 for m in moments):
        question.notes.append("written day before month, or the other way round?")
    return question


_OTHERWISE = {"year": "month", "month": "year"}


def _is_date(answer: str) -> bool:
    return len(answer) >= 6 and number_in(answer) is None and dates_in([answer]) is not None


def _number(
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
        top = next(top for top in (5, 7, 10) if high <= top)
        bottom = 0 if low == 0 or (top == 10 and low == 0) else 1
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
    if _AGE.search(text) and question.unit in ("", "years"):
        question.unit = "years"
    elif _YEAR.search(text) and low >= 1900 and high <= 2100:
        question.unit = ""
    return question


def _bare(column: Column) -> bool:
    """Whether the header is a variable's name rather than a question."""
    return bool(re.fullmatch(r"[A-Za-z_]\w*", column.title)) and not _COUNTED.search(column.title)


def _nearly_number(column: Column, text: str, number: str, known: Sequence[str]) -> QuestionGuess:
    """Numbers with words among them: nothing is cut out of an answer."""
    words = [answer for answer in known if number_in(answer) is None]
    shown = ", ".join(f"'{word[:30]}'" for word in dict.fromkeys(words))
    guess = Guess("unsure", f"numbers, but for {len(words)} of {len(known)} answers")
    question = QuestionGuess("text", text, [column], guess, number)
    question.notes.append(
        f"taken for free text; to count it, make it a number and put these under no_answer: {shown}"
    )
    return question


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
    if not kept or covered < 0.7 or len(kept) > MOST_OPTIONS or long > 90:
        return None
    if len(rare) > max(6, 0.3 * total):
        return None
    if not rare or scale.family:
        return scale
    # A few rare answers may be options that few chose; many are what people wrote in.
    sentences = sum(len(label) > 45 or label.endswith(".") for label in rare)
    if len(counts) <= 8 and not sentences:
        return scale
    return _with_write_ins(kept, rare)


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


def _single(
    column: Column, text: str, number: str, scale: ScaleGuess, counts: Counter[str]
) -> QuestionGuess:
    guess = scale.guess
    question = QuestionGuess("single", text, [column], guess, number, scale)
    if len(counts) == 1:
        question.guess = Guess("unsure", "one answer alone, and empty cells: a box to tick?")
        question.notes.append("the base is those who gave it, so that its share is always 100%")
    _mend_dates(column, question)
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


def _mend_dates(column: Column, question: QuestionGuess) -> None:
    """'1-2' typed into a workbook becomes 2 January or 1 February; it is shown as what fits."""
    assert question.scale is not None
    scale = question.scale
    stored = {
        tidy(value or "")
        for value, kind in zip(column.values, column.types, strict=True)
        if kind == "date"
    }
    if not stored:
        return
    others = [option.label for option in scale.options if option.label not in stored]
    counts = Counter({option.label: 1 for option in scale.options})
    aliases: dict[str, str] = {}
    for text in stored:
        dates = dates_in([text])
        label = _band_of(dates[0], others) if dates else ""
        if label:
            aliases[label] = text
            counts.pop(text, None)
            counts[label] = 1
            question.notes.append(f"'{text}' is a date in the workbook; taken for '{label}'")
        else:
            question.notes.append(f"'{text}' is a date in the workbook: what did it say?")
    mended = scale_of(counts)
    mended.options = [
        OptionGuess(o.label, (aliases[o.label],) if o.label in aliases else ())
        for o in mended.options
    ]
    mended.guess = Guess("unsure", "answers that the workbook has turned into dates")
    question.scale, question.guess = mended, mended.guess


def _band_of(date: datetime, others: Sequence[str]) -> str:
    """'1-2' or '2-1' for 1 February, the range that no other overlaps; "" for neither."""
    taken = [
        [int(n) for n in re.findall(r"\d+", other)] for other in others if re.search(r"\d", other)
    ]
    if not taken:
        return ""
    fitting = []
    for low, high in {(date.day, date.month), (date.month, date.day)}:
        if low < high and not any(len(t) == 2 and t[0] <= high and low <= t[1] for t in taken):
            fitting.append((low, high))
    if len(fitting) != 1:
        return ""
    dash = next(
        (found[1] for other in others if (found := re.search(r"\d(\s*[-–]\s*)\d", other))), "-"
    )
    return f"{fitting[0][0]}{dash}{fitting[0][1]}"


def _open(column: Column, text: str, number: str, counts: Counter[str]) -> QuestionGuess:
    total = sum(counts.values())
    words = sum(len(label.split()) * times for label, times in counts.items()) / total
    guess = Guess("sure", "free text")
    if words < 4 and len(counts) < 0.9 * total:
        guess = Guess("likely", "short texts, too many different ones for answers on offer")
    if total < 8 and words < 6:
        guess = Guess("unsure", f"only {total} answers, all different: taken for free text")
    return QuestionGuess("text", text, [column], guess, number)
