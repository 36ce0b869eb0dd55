"""Estimates that count no closed answers: the sample, facts, the frame, themes of open text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from wavedeck.survey import SampleCount, Survey, Wave
from wavedeck.verify.coding import Coders, mentions
from wavedeck.verify.meaning import meets
from wavedeck.verify.population import FrameCounts, in_frame, margins_of, unit_of
from wavedeck.verify.raw import Response
from wavedeck.verify.recompute import HAIR, Expected, half_up


def plain_estimates(
    survey: Survey, wave: Wave, responses: list[Response], frame: FrameCounts, coders: Coders
) -> dict[str, Expected]:
    """What these estimates must say, by id; they are the same in both editions."""
    found = {name: _count(_sampled(survey, w, responses)) for name, w in survey.sample.items()}
    found |= dict(facts_of(survey, wave))
    found |= dict(_representation(survey, responses, frame))
    found |= dict(mentions(survey, responses, coders))
    if survey.weighting:
        found |= dict(_weighting(survey, responses))
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
    return len({unit_of(survey, response) for response in chosen})


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


def _weighting(survey: Survey, responses: list[Response]) -> Iterator[tuple[str, Expected]]:
    """What weighting costs (Kish), the extreme g-weights and how many are at a bound, from the
    weights themselves."""
    assert survey.weighting is not None
    inside = [response for response in responses if response.weight > 0]
    if not inside:
        return
    people = Counter(unit_of(survey, response) for response in responses)
    weights = [response.weight for response in inside]
    total = sum(weights, Fraction(0))
    squares = sum((weight * weight for weight in weights), Fraction(0))
    # A respondent's design weight is one over the respondents of the organisation.
    factor_of = {unit_of(survey, r): r.weight * people[unit_of(survey, r)] for r in inside}
    factors = list(factor_of.values())
    for name, places, value in (
        ("design_effect", 2, len(inside) * squares / (total * total)),
        ("effective_base", 0, total * total / squares),
        ("smallest_g", 2, min(factors)),
        ("largest_g", 2, max(factors)),
    ):
        stated = _stated(value, half_up(value, places))
        yield f"weighting.{name}", replace(stated, exact=False)
    for name, bound in (("lower", survey.weighting.lower), ("upper", survey.weighting.upper)):
        at = sum(abs(factor - Fraction(bound)) < HAIR for factor in factors)
        yield f"weighting.at_{name}", _stated(Fraction(at), f"{at:,}")


def _representation(
    survey: Survey, responses: list[Response], frame: FrameCounts
) -> Iterator[tuple[str, Expected]]:
    first = {unit_of(survey, r): r for r in reversed(responses) if in_frame(survey, r)}
    numbers = survey.frame is not None and survey.frame.counts_are == "numbers"
    for margin in margins_of(survey) if frame else ():
        counts = frame[margin.name]
        responding = Counter(margin.category(response.answers) for response in first.values())
        for side, found in (("responding", responding), ("frame", counts)):
            total = Fraction(sum(found.values()))
            for category in counts.keys() | responding.keys():
                share = 100 * Fraction(found[category]) / total
                text = f"{half_up(share)}%"
                name = f"{side}.{margin.name}.{category}"
                if side == "frame" and not numbers:
                    yield name, replace(_stated(share, text), exact=False)
                    continue
                counted = Fraction(found[category])
                yield name, Expected(share, text, counted, int(total), total, Fraction(0))
                yield f"{name}:count", _count(int(found[category]), int(total), int(total))
