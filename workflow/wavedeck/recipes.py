"""How an estimate comes from coded answers, as data: which column, which codes, which filter.

Traces and audit workbooks are written from recipes. They are made from the codebook and an
estimate's own fields alone, so what they say does not depend on the code that computed the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wavedeck.survey import RankingQuestion, Survey, TextQuestion


@dataclass(frozen=True)
class Test:
    """A column of answers.parquet and the codes that pass; an empty `codes` is any answer."""

    column: str
    codes: tuple[int, ...]
    words: str
    """What passing means, in the codebook's words."""


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


def recipe_of(estimate: Mapping[str, object], survey: Survey) -> Recipe | None:
    """The recipe of a row of estimates.parquet; None for facts, counts of the sample and themes,
    which count no answers to a closed question."""
    name, item = str(estimate["question"]), str(estimate["item"])
    answer, statistic = str(estimate["answer"]), str(estimate["statistic"])
    question = survey.questions.get(name)
    if question is None or item == "*":
        return None
    within = _within(str(estimate["subset"]), survey)
    if isinstance(question, RankingQuestion):
        if answer == "other":  # themes of what respondents wrote in
            return None
        return _ranking(name, question, item, statistic, within)
    if isinstance(question, TextQuestion):
        return _raised(name, question, answer, statistic, within)
    column = f"{name}.{item}" if item else name
    title = f"{question.number} ({question.text})" if question.number else question.text
    row = f", {question.items[item].label}" if question.type == "grid" and item else ""
    answered = Test(column, (), f"answered {title}{row}")
    chosen = None
    if answer:
        scale = survey.scale_of(name)
        codes = list(scale.options)
        members = scale.members(answer)
        words = " or ".join(f"'{scale.options[option].label}'" for option in members)
        chosen = Test(column, tuple(codes.index(o) + 1 for o in members), f"answered {words}")
    who = f"respondents who {answered.words}" + (f" and {within.words}" if within else "")
    definition = {
        "base": f"The number of {who}.",
        "count": f"The number of {who}, and {chosen.words if chosen else ''}.",
    }.get(statistic, f"Of the {who}, the share who {chosen.words if chosen else ''}.")
    return Recipe(statistic, (answered,), chosen, within, definition)


def _raised(
    name: str, question: TextQuestion, answer: str, statistic: str, within: Test | None
) -> Recipe | None:
    """Respondents who raised a theme; None for mentions and the agreement of coders."""
    if statistic not in ("percent", "count", "base"):
        return None
    title = f"{question.number} ({question.text})" if question.number else question.text
    # Every theme's column is filled for whoever wrote something.
    answered = Test(
        f"{name}.{answer or question.scale.answers[0]}", (), f"wrote something at {title}"
    )
    chosen = None
    if answer:
        words = " or ".join(
            f"'{question.themes[theme]}'" for theme in question.scale.members(answer)
        )
        chosen = Test(f"{name}.{answer}", (1,), f"raised {words}")
    who = f"respondents who {answered.words}" + (f" and {within.words}" if within else "")
    definition = {
        "base": f"The number of {who}.",
        "count": f"The number of {who}, and {chosen.words if chosen else ''}.",
    }.get(statistic, f"Of the {who}, the share who {chosen.words if chosen else ''}.")
    definition += " Coders gave the themes; a respondent counts once."
    return Recipe(statistic, (answered,), chosen, within, definition)


def _ranking(
    name: str, question: RankingQuestion, item: str, statistic: str, within: Test | None
) -> Recipe:
    title = f"{question.number} ({question.text})" if question.number else question.text
    ranks = len(question.items)
    every = tuple(
        Test(f"{name}.{key}", (), f"ranked '{i.label}'") for key, i in question.items.items()
    )
    extra = f" and {within.words}" if within else ""
    if not item:
        definition = f"The number of respondents who ranked anything at {title}{extra}."
        return Recipe(statistic, every, None, within, definition, ranks)
    own = Test(f"{name}.{item}", (), f"ranked '{question.items[item].label}'")
    if statistic == "mentions":
        definition = f"The number of respondents who {own.words} at {title}{extra}."
        return Recipe(statistic, every, own, within, definition, ranks)
    definition = (
        f"The mean of {ranks + 1} minus the rank, over the respondents who {own.words} at {title}"
        f"{extra}; a higher number is a higher importance."
    )
    return Recipe(statistic, (own,), None, within, definition, ranks)


def _within(subset: str, survey: Survey) -> Test | None:
    """The test behind a subset such as q2a.agree, q2a.answered or region.london."""
    if not subset:
        return None
    name, _, answer = subset.partition(".")
    question = survey.questions[name]
    title = question.number or question.text
    if answer == "answered":
        return Test(name, (), f"answered {title}")
    scale = survey.scale_of(name)
    codes = list(scale.options)
    members = scale.members(answer)
    words = " or ".join(f"'{scale.options[option].label}'" for option in members)
    return Test(name, tuple(codes.index(o) + 1 for o in members), f"answered {words} at {title}")
