"""How an estimate comes from coded answers, as data: which column, which codes, which filter.

Traces and audit workbooks are written from recipes. They are made from the codebook and an
estimate's own fields alone, so what they say does not depend on the code that computed the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wavedeck.earlier import wave_of
from wavedeck.estimate.table import RAO_SCOTT
from wavedeck.survey import (
    MultiQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    Survey,
    TextQuestion,
)
from wavedeck.survey.keys import VALUE, answer_keys, column_keys, key_of

OF_TWO_WAVES = ("previous", "previous_base", "change")
"""Statistics that need the answers of an earlier wave."""


@dataclass(frozen=True)
class Test:
    """Columns of answers.parquet and the codes that pass in any of them; an empty `codes` is any
    answer."""

    columns: tuple[str, ...]
    codes: tuple[int, ...]
    words: str
    """What passing means, in the codebook's words."""
    between: tuple[float, float] | None = None
    """Instead of codes: the least and the greatest number that pass."""


@dataclass(frozen=True)
class Recipe:
    """Who is counted (`within`, then `answered`) and who of them makes the numerator."""

    statistic: str
    answered: tuple[Test, ...]
    """Any of these columns holds an answer: the base."""
    chosen: Test | None
    """Who is in the numerator; None: everyone of the base."""
    within: Test | None
    """The subset, if any."""
    definition: str
    """The estimate in a sentence."""
    ranks: int = 0
    """Number of ranks of a ranking question, else 0."""
    value: str = ""
    """The column of the numbers that a mean or median is of; ranks have none."""
    asked: Test | None = None
    """Who was asked, where not everyone was; `answered` leaves all others out."""

    @property
    def tests(self) -> tuple[Test, ...]:
        """All tests, each of which looks at a respondent's answers."""
        return tuple(
            test for test in (*self.answered, self.chosen, self.within, self.asked) if test
        )


def recipe_of(estimate: Mapping[str, object], survey: Survey) -> Recipe | None:
    """The recipe of a row of estimates.parquet; None for facts, counts of the sample and themes,
    which count no answers to a closed question."""
    name, item = str(estimate["question"]), str(estimate["item"])
    answer, statistic = str(estimate["answer"]), str(estimate["statistic"])
    question = survey.questions.get(name)
    if wave_of(statistic):
        return None
    if question is None or item == "*" or statistic in (*OF_TWO_WAVES, RAO_SCOTT):
        return None
    if isinstance(question, TextQuestion):
        if statistic not in ("percent", "count", "base"):  # mentions, the agreement of coders
            return None
    elif survey.open_text(name, answer):  # themes of what was written in
        return None
    within = _within(str(estimate["subset"]), survey)
    if isinstance(question, RankingQuestion):
        return _ranking(name, question, item, statistic, within, survey)
    answered = _answered(survey, name, item, _long_title(question))
    asked, only = _asked(question, survey)
    chosen = _gave(survey, name, answer, item) if answer else None
    if chosen and isinstance(question, TextQuestion):
        # Every theme's column is filled for whoever wrote something: the theme's own will do.
        answered = Test(chosen.columns[:1], (), answered.words)
    who = f"respondents who {answered.words}" + (f" and {within.words}" if within else "")
    if isinstance(question, NumberQuestion) and statistic in ("mean", "median"):
        unit = f", in {question.unit}" if question.unit else ""
        definition = f"The {statistic} of the numbers given{unit}, over the {who}.{only}"
        value = name + VALUE
        return Recipe(statistic, (answered,), None, within, definition, value=value, asked=asked)
    definition = {
        "base": f"The number of {who}.",
        "count": f"The number of {who}, and {chosen.words if chosen else ''}.",
    }.get(statistic, f"Of the {who}, the share who {chosen.words if chosen else ''}.")
    return Recipe(statistic, (answered,), chosen, within, definition + only, asked=asked)


def _ranking(
    name: str,
    question: RankingQuestion,
    item: str,
    statistic: str,
    within: Test | None,
    survey: Survey,
) -> Recipe:
    title = _long_title(question)
    ranks = len(question.items)
    every = tuple(
        Test((key_of(name, key),), (), f"ranked '{i.label}'") for key, i in question.items.items()
    )
    asked, only = _asked(question, survey)
    extra = f" and {within.words}" if within else ""
    if not item:
        definition = f"The number of respondents who ranked anything at {title}{extra}.{only}"
        return Recipe(statistic, every, None, within, definition, ranks, asked=asked)
    own = Test((key_of(name, item),), (), f"ranked '{question.items[item].label}'")
    if statistic == "mentions":
        definition = f"The number of respondents who {own.words} at {title}{extra}.{only}"
        return Recipe(statistic, every, own, within, definition, ranks, asked=asked)
    definition = (
        f"The mean of {ranks + 1} minus the rank, over the respondents who {own.words} at {title}"
        f"{extra}; a higher number is a higher importance.{only}"
    )
    return Recipe(statistic, (own,), None, within, definition, ranks, asked=asked)


def _within(subset: str, survey: Survey) -> Test | None:
    """The test behind a subset such as q2a.agree, q2a.answered or region.london."""
    if not subset:
        return None
    name, _, answer = subset.partition(".")
    if answer == "answered":
        return _answered(survey, name, "", _title(survey.questions[name]))
    return condition_test(survey, name, answer)


def condition_test(survey: Survey, question: str, answer: str) -> Test:
    """The test behind a condition; `question` may name a row of a grid (q4.full_council)."""
    name, _, item = question.partition(".")
    test = _gave(survey, name, answer, item)
    row = f", {survey.questions[name].items[item].label}" if item else ""  # type: ignore[union-attr]
    words = f"{test.words} at {_title(survey.questions[name])}{row}"
    return Test(test.columns, test.codes, words, test.between)


def _asked(question: Question, survey: Survey) -> tuple[Test | None, str]:
    """Who was asked, and a sentence that says so."""
    if question.asked_if is None:
        return None, ""
    test = condition_test(survey, question.asked_if.question, question.asked_if.answer)
    return test, f" It was asked only of those who {test.words}."


def _answered(survey: Survey, name: str, item: str, title: str) -> Test:
    question = survey.questions[name]
    if isinstance(question, MultiQuestion):
        # All options of a multiple choice are missing together, or none is.
        words = "were asked" if question.base == "asked" else "chose anything at"
        return Test((answer_keys(survey, name)[0],), (), f"{words} {title}")
    if isinstance(question, TextQuestion):
        return Test((column_keys(survey, name)[0],), (), f"wrote something at {title}")
    if isinstance(question, NumberQuestion):
        return Test((name,), (), f"{question.given} at {title}")
    row = f", {question.items[item].label}" if question.type == "grid" and item else ""
    return Test((key_of(name, item),), (), f"answered {title}{row}")


def _gave(survey: Survey, name: str, answer: str, item: str = "") -> Test:
    """Who gave an answer: an option, a net or a band."""
    question = survey.questions[name]
    if isinstance(question, NumberQuestion):
        low, high = question.bands[answer]
        part = f" whose {question.dates.take} is" if question.dates else ""
        words = f"{question.given}{part} from {low:.12g} to {high:.12g}"
        return Test((name + VALUE,), (), words, (low, high))
    scale = survey.scale_of(name)
    members = scale.members(answer)
    labels = " or ".join(f"'{scale.options[option].label}'" for option in members)
    if isinstance(question, MultiQuestion):
        columns = tuple(key_of(name, o) for o in members if not scale.options[o].missing)
        return Test(columns, (1,), f"chose {labels}")
    if isinstance(question, TextQuestion):
        columns = tuple(key_of(name, theme) for theme in members)
        return Test(columns, (1,), f"raised {labels} as coders read it")
    order = list(scale.options)
    codes = tuple(order.index(option) + 1 for option in members)
    return Test((key_of(name, item),), codes, f"answered {labels}")


def _title(question: Question) -> str:
    return question.number or question.text


def _long_title(question: Question) -> str:
    return f"{question.number} ({question.text})" if question.number else question.text
