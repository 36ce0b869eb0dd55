"""Questions about a date, and answers on offer that a workbook has turned into dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from wavedeck.clean.text import tidy
from wavedeck.inspect.profile import Aside, Column, DateGuess, Guess, OptionGuess, QuestionGuess
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import dates_in, form_of_dates, number_in


def date_question(
    column: Column, text: str, number: str, known: Counter[str]
) -> Aside | QuestionGuess | None:
    """A question about a date: the year counts, or the month where all fall in one year."""
    dated = sum(times for answer, times in known.items() if _is_date(answer))
    if dated < 0.8 * known.total():
        return None
    different = list(known)
    form = form_of_dates(different)
    if form is None:
        reason = "a question about a date, written in several ways: put them into one to chart them"
        return Aside(column, "other", Guess("likely", reason))
    dates = dates_in(different) or []
    moments = [m for a, m in zip(different, dates, strict=True) for _ in range(known[a])]
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


def mend_dates(column: Column, question: QuestionGuess) -> None:
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
