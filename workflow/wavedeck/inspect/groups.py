"""Columns that share a question: a multi-select spread over columns, a grid, or a ranking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.joined import tally
from wavedeck.inspect.profile import Aside, Column, Guess, OptionGuess, QuestionGuess, ScaleGuess
from wavedeck.inspect.questions import Values, question_of, text_of
from wavedeck.inspect.scales import is_apart, is_other, scale_of
from wavedeck.inspect.texts import (
    asks_to_choose,
    asks_to_rank,
    is_missing_mark,
    is_not_asked,
    whole,
)

_CHOSEN = (
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
_UNCHOSEN = (
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
_WRITE_IN = re.compile(
    r".*\b(?:please (?:specify|state|describe|say|give)|specify|write in|open.?ended|comment"
    r"|text\b|"
    r"sonstiges|précisez|especifique).*|other:?|others?\b.{0,12}(?:text)?|.*_text|-oth-"
    r"|.*\bother\]?",
    re.I,
)
_POSITION = re.compile(
    r"(?:rank|rang|position|platz|place|choice|priority|puesto)?\s*#?\d{1,2}"
    r"|(?:1st|2nd|3rd|\dth)(?: choice)?"
    r"|(?:first|second|third|fourth|fifth)(?: choice| priority)?",
    re.I,
)

Found = list[QuestionGuess | Aside]


def questions_of(columns: Sequence[Column], values: Values) -> Found:
    """What columns that share a header ask; columns that do not go together ask for themselves."""
    if len(columns) == 1:
        return [question_of(columns[0], values)]
    text, number = text_of(columns[0].stem)
    joined = [column for column in columns if not column.item]
    parts = [column for column in columns if column.item]
    free = [column for column in parts if _is_write_in(column, parts)]
    closed = [column for column in parts if column not in free]
    found: QuestionGuess | None = None
    if not closed and joined and free:
        return _with_words(joined, free, values)
    if len(closed) >= 2 or (len(closed) == 1 and free):
        found = (
            _ranking(closed, text, number)
            or _multi(closed, text, number)
            or _grid(closed, text, number, values)
        )
    if found is None:
        return [question_of(column, values) for column in columns]
    result: Found = [found]
    for column in joined:
        reason = "the same answers as its own columns, joined in one cell"
        result.append(Aside(column, "other", Guess("sure", reason)))
    for place, column in enumerate(free):
        if (
            found.kind in ("multi_spread", "ranking", "ranking_places")
            and place == 0
            and column.answers()
        ):
            found.other = column
            _note_other(found, column)
        else:
            result.append(question_of(column, values))
    return result


def _with_words(joined: list[Column], free: list[Column], values: Values) -> Found:
    """A question in one cell, and the column of what was written in beside its options."""
    first = question_of(joined[0], values)
    rest = free
    if isinstance(first, QuestionGuess) and first.kind == "multi_joined" and free[0].answers():
        first.other, rest = free[0], free[1:]
        _note_other(first, free[0])
    return [first, *(question_of(column, values) for column in [*joined[1:], *rest])]


def _note_other(found: QuestionGuess, column: Column) -> None:
    denied = [a for a in column.answers() if match_key(a) in ("no", "0", "false", "not selected")]
    if denied:
        found.notes.append(
            f"'{column.name}' says '{denied[0]}' {len(denied)} times where nothing was written"
        )


def _is_write_in(column: Column, among: Sequence[Column]) -> bool:
    """Whether a column of a group holds what people wrote beside the options."""
    counts = tally(a for a in column.answers() if not is_missing_mark(a))
    marks = {match_key(label) for label in counts}
    if marks <= {*_CHOSEN, *_UNCHOSEN, match_key(column.item)} and marks:
        return False
    named = bool(
        _WRITE_IN.fullmatch(column.item)
        or (column.code and column.code.lower().endswith(("_text", "other", "[other]", "_other")))
    )
    if not counts:
        return named and bool(
            re.search(r"specify|state|text|comment", f"{column.item} {column.code}", re.I)
        )
    others = Counter(
        match_key(a)
        for c in among
        if c is not column
        for a in c.answers()
        if not is_missing_mark(a)
    )
    shared = sum(mark in others and mark not in ("no", "0") for mark in marks)
    return named and shared <= 0.5 * len(marks)


def _ranking(columns: Sequence[Column], text: str, number: str) -> QuestionGuess | None:
    """Each cell a rank: whole numbers up to the number of columns, none twice in a row of cells."""
    size = len(columns)
    if not 2 < size <= 40:
        return None
    rows = list(zip(*(c.values for c in columns), strict=True))
    rows_of_ranks, ties, seen = 0, 0, set()
    for row in rows:
        given = [whole(v) for v in row if v and not is_missing_mark(v)]
        if not given:
            continue
        if any(rank is None or not 1 <= rank <= size for rank in given):
            return None
        rows_of_ranks += 1
        ties += len(set(given)) < len(given)
        seen |= set(given)
    if not rows_of_ranks or ties > 0.2 * rows_of_ranks or len(seen) < 2:
        return None
    if not asks_to_rank(text) and rows_of_ranks < 5 and ties:
        return None
    guess = Guess("sure" if asks_to_rank(text) else "likely", f"ranks from 1 to {size}")
    question = QuestionGuess("ranking", text, list(columns), guess, number)
    question.labels = [column.item for column in columns]
    if ties:
        question.notes.append(f"{ties} respondents gave a rank twice: neither counts")
    return question


def _multi(columns: Sequence[Column], text: str, number: str) -> QuestionGuess | None:
    """Each column an option: its cells say chosen, not chosen, or the option's text."""
    chosen: Counter[str] = Counter()
    unchosen: Counter[str] = Counter()
    own = marked = 0
    labels: list[str] = []
    for column in columns:
        counts = tally(column.answers())
        said = {label: match_key(label) for label in counts}
        positive = []
        for label, key in said.items():
            if is_not_asked(label):
                continue
            if key in _UNCHOSEN or (is_missing_mark(label) and key not in _CHOSEN):
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
            elif key in _CHOSEN:
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


def _grid(
    columns: Sequence[Column], text: str, number: str, values: Values
) -> QuestionGuess | None:
    """Columns with answers of one scale."""
    if len(columns) < 2:
        return None
    per = [tally(a for a in c.answers() if not is_missing_mark(a)) for c in columns]
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
    if _positional(columns, per, text):
        guess = Guess("likely", "a column for each place, with what was put there")
        question = QuestionGuess("ranking_places", text, list(columns), guess, number)
        question.options = [option for option in scale.options if not option.missing]
    return question


def _positional(columns: Sequence[Column], per: Sequence[Counter[str]], text: str) -> bool:
    """A ranking with a column a place: no answer stands twice in a row."""
    places = all(_POSITION.fullmatch(tidy(column.item)) for column in columns)
    if not places and not asks_to_rank(text):
        return False
    rows = [
        [match_key(v) for v in row if v] for row in zip(*(c.values for c in columns), strict=True)
    ]
    many = [row for row in rows if len(row) > 1]
    numbers = all(whole(label) is not None for counts in per for label in counts)
    return bool(many) and not numbers and all(len(set(row)) == len(row) for row in many)


def _shared_scale(
    columns: Sequence[Column], per: Sequence[Counter[str]], values: Values
) -> ScaleGuess | None:
    total: Counter[str] = Counter()
    for counts in per:
        total.update(counts)
    merged = tally(label for label, n in total.items() for _ in range(n))
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
        merged.update(tally(a for a in column.answers() if not is_missing_mark(a)))
    scale = run[0].scale
    assert scale is not None
    if not any(option.aliases for option in scale.options):
        scale = scale_of(tally(label for label, n in merged.items() for _ in range(n)))
    guess = Guess("likely", "neighbours with the same scale: rows of one grid")
    question = QuestionGuess("grid", "Views on statements", columns, guess, _parent(run[0]), scale)
    question.labels = [re.sub(r"(?<=[a-z.)])\d$", "", guess.text) for guess in run]
    question.notes.append("the export does not hold the question above the statements")
    return question


def apart_or_other(label: str) -> bool:
    """Whether an option goes with no other: 'None of these', 'Don't know'."""
    return is_apart(label) or (
        is_other(label) and bool(re.match(r"none|neither|keine|aucun", match_key(label)))
    )
