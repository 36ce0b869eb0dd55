"""Grids: columns with answers of one scale, under one header or as neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import (
    Aside,
    Column,
    Found,
    Guess,
    OptionGuess,
    QuestionGuess,
    ScaleGuess,
)
from wavedeck.inspect.rankings import is_positional
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import is_missing_mark, whole
from wavedeck.inspect.values import Values


def grid_of(
    columns: Sequence[Column], text: str, number: str, values: Values
) -> QuestionGuess | None:
    """Columns with answers of one scale."""
    if len(columns) < 2:
        return None
    per = [tally(c.given()) for c in columns]
    scale = _shared_scale(columns, per, values)
    if scale is None:
        return None
    question = QuestionGuess("grid", text, list(columns), scale.guess, number, scale)
    question.labels = [column.item for column in columns]
    if scale.order == "unordered" and len(scale.options) - len(scale.apart) > 2:
        question.notes.append(
            "the order of its answers is not known: the commonest stand first, and the chart is "
            "shaded in that order; if they are steps of a scale, put them in order and say 'order'"
        )
    if is_positional(columns, per, text):
        guess = Guess("likely", "a column for each place, with what was put there")
        question = QuestionGuess("ranking_places", text, list(columns), guess, number)
        question.options = [option for option in scale.options if not option.missing]
    return question


def _shared_scale(
    columns: Sequence[Column], per: Sequence[Counter[str]], values: Values
) -> ScaleGuess | None:
    total: Counter[str] = Counter()
    for counts in per:
        total.update(counts)
    merged = tally(total)
    given = [counts for counts in per if counts]
    if not given or len(merged) > 15 or len(merged) < 2:
        return None
    listed = [
        values.get(match_key(c.code or c.name)) or values.get(match_key(c.name)) for c in columns
    ]
    if listed[0] and all(entry == listed[0] for entry in listed):
        labels = {label: merged[code] + merged[label] for code, label in listed[0].items()}
        if all(answer in listed[0] or answer in labels for answer in merged):
            scale = scale_of(labels, list(labels))
            code_of = {label: code for code, label in listed[0].items()}
            scale.options = [
                OptionGuess(
                    o.label,
                    (code_of[o.label],) if code_of[o.label] != o.label else (),
                    o.missing or ("no_answer" if is_missing_mark(o.label) else ""),
                )
                for o in scale.options
            ]
            scale.guess = Guess("sure", "its codes are explained on another sheet")
            return scale
    scale = scale_of(merged)
    numeric = all(whole(label) is not None for label in merged)
    if numeric:
        numbers = sorted(whole(label) or 0 for label in merged)
        if numbers[0] < 0 or numbers[-1] > 10:
            return None
        scale.options = [OptionGuess(str(n)) for n in range(min(numbers[0], 1), numbers[-1] + 1)]
        scale.guess = Guess("unsure", "numbers whose meaning the export does not say")
        return scale
    # Unknown words are a scale when the columns use the same few of them.
    keys = [{match_key(label) for label in counts} for counts in given]
    union = set().union(*keys)
    shared = sum(len(k) for k in keys) / (len(keys) * len(union))
    answers = sum(merged.values())
    if scale.family and shared >= 0.3:
        return scale
    if (
        shared >= (0.75 if len(columns) == 2 else 0.6)
        and answers >= 2.5 * len(merged)
        and max(map(len, merged)) <= 80
    ):
        return scale
    return None


def same_scale_neighbours(found: Found) -> Found:
    """Single choices side by side with the same known scale, whose headers are statements rather
    than questions: the rows of a grid (as Microsoft Forms writes them)."""
    result: Found = []
    run: list[QuestionGuess] = []

    def close() -> None:
        result.extend([_as_grid(run)] if len(run) >= 3 else run)
        run.clear()

    for guess in found:
        if _statement(guess):
            assert isinstance(guess, QuestionGuess)
            if run and not _fits(run[0], guess):
                close()
            run.append(guess)
        else:
            close()
            result.append(guess)
    close()
    return result


def _statement(guess: QuestionGuess | Aside) -> bool:
    return (
        isinstance(guess, QuestionGuess)
        and guess.kind == "single"
        and (not guess.number or "." in guess.number)
        and guess.scale is not None
        and guess.scale.family not in ("", "yes or no", "bands", "ages", "numbers", "size")
        and not guess.text.rstrip().endswith("?")
        and not guess.columns[0].item
    )


def _fits(one: QuestionGuess, other: QuestionGuess) -> bool:
    assert one.scale is not None and other.scale is not None
    if _parent(one) != _parent(other):
        return False
    if any(option.aliases for option in [*one.scale.options, *other.scale.options]):
        return one.scale.options == other.scale.options
    first = {match_key(option.label) for option in one.scale.options}
    second = {match_key(option.label) for option in other.scale.options}
    return one.scale.family == other.scale.family and len(first & second) >= min(
        len(first), len(second), 3
    )


def _parent(question: QuestionGuess) -> str:
    """The number of the question that a statement belongs to: Q3 of Q3.1."""
    return question.number.rpartition(".")[0]


def _as_grid(run: Sequence[QuestionGuess]) -> QuestionGuess:
    columns = [question.columns[0] for question in run]
    merged: Counter[str] = Counter()
    for column in columns:
        merged.update(tally(column.given()))
    scale = run[0].scale
    assert scale is not None
    if not any(option.aliases for option in scale.options):
        scale = scale_of(tally(merged))
    guess = Guess("likely", "neighbours with the same scale: rows of one grid")
    question = QuestionGuess("grid", "Views on statements", columns, guess, _parent(run[0]), scale)
    question.labels = [re.sub(r"(?<=[a-z.)])\d$", "", guess.text) for guess in run]
    question.notes.append("the export does not hold the question above the statements")
    return question
