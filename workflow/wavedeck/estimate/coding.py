"""Coded open text: who raised a theme, how often it was raised, and how far coders agree."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from wavedeck.agreement import agreement
from wavedeck.coding import Coding, coded_questions, passage_of
from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import EVERYONE, Estimate, head_count, plain_number, within_words
from wavedeck.rounding import percent_text, round_half_up
from wavedeck.survey import RankingQuestion, Survey, TextQuestion


def raised_of(
    name: str, question: TextQuestion, subset: str, mask: np.ndarray, sample: Sample, minimum: int
) -> Iterator[Estimate]:
    """Percentage and count of the respondents who raised each theme and net, of those who wrote
    something; a respondent counts once, however many passages were coded."""
    title = question.number or question.text
    raised = {answer: sample.codes(f"{name}.{answer}") for answer in question.answers}
    counted = mask & (next(iter(raised.values())) > 0) & (sample.weights > 0)
    basis = basis_of(sample, counted, question=name, subset=subset)
    hidden = bool(subset) and basis.base < minimum
    within = within_words(subset)
    wrote = f"{title}: respondents who wrote something{within}"
    yield head_count(basis, "base", basis.base, wrote)
    for answer, codes in raised.items():
        chosen = counted & (codes == 1)
        share, count = float(sample.weights[chosen].sum()), int(chosen.sum())
        label = f"{title}: {question.label(answer)}{within}"
        part = basis._replace(answer=answer, label=label)
        percent = part._replace(
            statistic="percent",
            numerator=share,
            value=100 * share / basis.weighted_base if basis.base else math.nan,
            text=percent_text(share, basis.weighted_base) if basis.base else "[x]",
        )
        for shown in (percent, head_count(part, "count", count, label)):
            yield shown._replace(text="[c]", suppressed=True) if hidden else shown
        yield head_count(part, "base", basis.base, label)


def mentions_of(survey: Survey, coding: Coding, kept: set[str]) -> Iterator[Estimate]:
    """How often themes were raised; one row of the coding is one mention."""
    for name, question in coded_questions(survey).items():
        rows = [mention for mention in coding.of(name) if mention.response in kept]
        title = question.number or question.text
        where = {"base": len({mention.response for mention in rows})}
        yield plain_number(name, "mentions", len(rows), f"{title}: passages coded", **where)
        for answer in question.answers:
            members = question.members(answer)
            mentions = sum(mention.theme in members for mention in rows)
            label = f"{title}: {question.label(answer)}, passages"
            yield plain_number(name, "mentions", mentions, label, answer=answer, **where)
        yield from _agreement_of(name, question, coding, kept)
    for name, asked in survey.questions.items():
        if isinstance(asked, RankingQuestion) and asked.other and asked.other.themes:
            yield from _written_in(name, asked, coding, kept)


def _written_in(
    name: str, question: RankingQuestion, coding: Coding, kept: set[str]
) -> Iterator[Estimate]:
    """What respondents added to a list; each addition is a mention."""
    assert question.other
    rows = [mention for mention in coding.of(f"{name}.other") if mention.response in kept]
    title = f"{question.number or question.text}, written in"
    where = {"base": len({mention.response for mention in rows})}
    # q13.other:count: the part after the question stands where an answer's name would.
    label = f"{title}: mentions"
    yield plain_number(name, "count", len(rows), label, answer="other", **where)
    for theme, words in question.other.themes.items():
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
        members = question.members(net)
        within = agreement([theme in members for theme in one], [t in members for t in other])
        label = f"{title}: Cohen's kappa of two coders, {question.label(net)}"
        yield _decimals(name, "kappa", within.kappa, label, units, answer=net)


def _decimals(
    name: str, statistic: str, value: float, label: str, units: dict[str, float], answer: str = ""
) -> Estimate:
    text = "[x]" if math.isnan(value) else str(round_half_up(value, 2))
    more = {"numerator": math.nan, "text": text, "answer": answer, "subset": EVERYONE}
    return plain_number(name, statistic, value, label, **more, **units)
