"""Coded open text: how often themes were raised, and how far two coders agree.

Who raised a theme is counted like any other answer: see variables.py."""

from __future__ import annotations

import math
from collections.abc import Iterator

from wavedeck.coding import Coding, coded_questions, passage_of
from wavedeck.estimate.table import EVERYONE, Estimate, plain_number
from wavedeck.rounding import percent_text, round_half_up
from wavedeck.statistics.agreement import agreement
from wavedeck.survey import OpenText, Survey, TextQuestion


def mentions_of(survey: Survey, coding: Coding, kept: set[str]) -> Iterator[Estimate]:
    """How often themes were raised; one row of the coding is one mention."""
    for name, question in coded_questions(survey).items():
        rows = [mention for mention in coding.of(name) if mention.response in kept]
        title = question.number or question.text
        where = {"base": len({mention.response for mention in rows})}
        yield plain_number(name, "mentions", len(rows), f"{title}: passages coded", **where)
        for answer in question.scale.answers:
            members = question.scale.members(answer)
            mentions = sum(mention.theme in members for mention in rows)
            label = f"{title}: {question.scale.label(answer)}, passages"
            yield plain_number(name, "mentions", mentions, label, answer=answer, **where)
        yield from _agreement_of(name, question, coding, kept)
    for _, name, item in survey.columns():
        source = survey.open_text(name, item)
        if item and source and source.themes:
            yield from _written_in(survey, name, source, coding, kept)


def _written_in(
    survey: Survey, name: str, source: OpenText, coding: Coding, kept: set[str]
) -> Iterator[Estimate]:
    """What respondents added to a list; each addition is a mention."""
    question = survey.questions[name]
    rows = [mention for mention in coding.of(f"{name}.other") if mention.response in kept]
    title = f"{question.number or question.text}, written in"
    where = {"base": len({mention.response for mention in rows})}
    # q13.other:count: the part after the question stands where an answer's name would.
    label = f"{title}: mentions"
    yield plain_number(name, "count", len(rows), label, answer="other", **where)
    for theme, words in source.themes.items():
        mentions = sum(mention.theme == theme for mention in rows)
        place = {"answer": "other", "item": theme}
        yield plain_number(name, "count", mentions, f"{title}: {words}", **place, **where)


def _agreement_of(
    name: str, question: TextQuestion, coding: Coding, kept: set[str]
) -> Iterator[Estimate]:
    """Of the passages that two coders coded: over all themes, and for each net in or out of it."""
    first = {passage_of(mention): mention.theme for mention in coding.of(name)}
    pairs = [
        (first[passage_of(mention)], mention.theme)
        for mention in coding.second
        if mention.question == name and mention.response in kept
    ]
    if not pairs:
        return
    title = question.number or question.text
    one, other = zip(*pairs, strict=True)
    found = agreement(one, other)
    units = {"base": found.units, "weighted_base": float(found.units)}
    words = f"{title}: passages that both coders coded"
    yield plain_number(name, "units", found.units, words, **units)
    yield plain_number(
        name,
        "agreement",
        100 * found.observed,
        f"{title}: passages to which both coders gave the same theme",
        numerator=float(found.alike),
        text=percent_text(found.alike, found.units),
        **units,
    )
    label = f"{title}: Cohen's kappa of two coders"
    yield _decimals(name, "kappa", found.kappa, label, units)
    error = f"{title}: standard error of Cohen's kappa"
    yield _decimals(name, "kappa_error", found.standard_error, error, units)
    for net in question.nets:
        members = question.scale.members(net)
        within = agreement([theme in members for theme in one], [t in members for t in other])
        label = f"{title}: Cohen's kappa of two coders, {question.scale.label(net)}"
        yield _decimals(name, "kappa", within.kappa, label, units, answer=net)


def _decimals(
    name: str, statistic: str, value: float, label: str, units: dict[str, float], answer: str = ""
) -> Estimate:
    text = "[x]" if math.isnan(value) else str(round_half_up(value, 2))
    more = {"numerator": math.nan, "text": text, "answer": answer, "subset": EVERYONE}
    return plain_number(name, statistic, value, label, **more, **units)
