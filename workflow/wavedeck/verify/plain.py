"""Estimates that count no closed answers: the sample, facts, the frame, themes of open text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from wavedeck.survey import SampleCount, Survey, Wave
from wavedeck.verify.coding import Coders, mentions
from wavedeck.verify.meaning import meets
from wavedeck.verify.raw import RawSheet, Response, one_space, read
from wavedeck.verify.recompute import Expected, half_up

FrameCounts = dict[str, Counter[str]]
"""Margin -> option -> organisations of the frame."""


def in_frame(survey: Survey, response: Response) -> bool:
    return not any(
        response.answers.get(question) in options
        for question, options in survey.outside_frame.items()
    )


def frame_counts(path: Path, survey: Survey) -> FrameCounts:
    """The frame's organisations by option, read with openpyxl."""
    assert survey.frame is not None
    sheet = read(path, survey.frame.sheet)
    return {
        margin: _by_option(sheet, survey, margin, header)
        for margin, header in survey.frame.columns.items()
    }


def _by_option(sheet: RawSheet, survey: Survey, margin: str, header: str) -> Counter[str]:
    names = {
        one_space(text).casefold(): name
        for name, option in survey.scale_of(margin).options.items()
        for text in (option.label, *option.aliases)
    }
    return Counter(names[one_space(sheet.text(row, header)).casefold()] for row in sheet.rows)


def plain_estimates(
    survey: Survey, wave: Wave, responses: list[Response], frame: FrameCounts, coders: Coders
) -> dict[str, Expected]:
    """What these estimates must say, by id; they are the same in both editions."""
    found = {name: _count(_sampled(survey, w, responses)) for name, w in survey.sample.items()}
    found |= dict(facts_of(survey, wave))
    found |= dict(_representation(survey, responses, frame))
    found |= dict(mentions(survey, responses, coders))
    if survey.weighting:
        found |= dict(_weighting(responses))
    return found


def _count(count: int, base: int = 0, weighted_base: int = 0) -> Expected:
    exact = Fraction(count)
    return Expected(exact, f"{count:,}", exact, base, Fraction(weighted_base), Fraction(0))


def _sampled(survey: Survey, wanted: SampleCount, responses: list[Response]) -> int:
    chosen = responses
    if wanted.where == "in_frame":
        chosen = [r for r in responses if in_frame(survey, r)]
    elif wanted.where:
        chosen = [r for r in responses if meets(survey, r.answers, wanted.where)]
    if wanted.count == "respondents":
        return len(chosen)
    return len({response.organisation for response in chosen})


def facts_of(survey: Survey, wave: Wave) -> Iterator[tuple[str, Expected]]:
    for name, fact in survey.facts.items():
        value = fact.value
        if fact.items_of:
            value = len(survey.questions[fact.items_of].items)  # type: ignore[union-attr]
        assert value is not None
        yield name, _stated(Fraction(value), f"{value:,}")
    yield "wave.title", _stated(None, wave.title)
    yield "fieldwork.start", _day(wave.fieldwork.start)
    yield "fieldwork.end", _day(wave.fieldwork.end)


def _day(day: date) -> Expected:
    return _stated(Fraction(day.toordinal()), f"{day.day} {day:%B %Y}")


def _stated(value: Fraction | None, text: str) -> Expected:
    return Expected(value, text, value, 0, Fraction(0), Fraction(0))


def _weighting(responses: list[Response]) -> Iterator[tuple[str, Expected]]:
    """What weighting costs (Kish), and the extreme g-weights, from the weights themselves."""
    inside = [response for response in responses if response.weight > 0]
    if not inside:
        return
    people = Counter(response.organisation for response in responses)
    weights = [response.weight for response in inside]
    total = sum(weights, Fraction(0))
    squares = sum((weight * weight for weight in weights), Fraction(0))
    # A respondent's design weight is one over the respondents of the organisation.
    factors = [r.weight * people[r.organisation] for r in inside]
    for name, places, value in (
        ("design_effect", 2, len(inside) * squares / (total * total)),
        ("effective_base", 0, total * total / squares),
        ("smallest_g", 2, min(factors)),
        ("largest_g", 2, max(factors)),
    ):
        stated = _stated(value, half_up(value, places))
        yield f"weighting.{name}", replace(stated, exact=False)


def _representation(
    survey: Survey, responses: list[Response], frame: FrameCounts
) -> Iterator[tuple[str, Expected]]:
    first = {r.organisation: r for r in reversed(responses) if in_frame(survey, r)}
    for margin, counts in frame.items():
        responding = Counter(response.answers[margin] for response in first.values())
        for side, found in (("responding", responding), ("frame", counts)):
            total = sum(found.values())
            for option in survey.scale_of(margin).options:
                if option not in counts and option not in responding:
                    continue
                share = Fraction(100 * found[option], total)
                exact, whole = Fraction(found[option]), Fraction(total)
                text = f"{half_up(share)}%"
                name = f"{side}.{margin}.{option}"
                yield name, Expected(share, text, share, total, whole, Fraction(0))
                yield f"{name}:count", _count(int(exact), total, total)
