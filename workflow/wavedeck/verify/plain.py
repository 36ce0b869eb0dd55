"""Estimates that count no closed answers: the sample, facts, the frame, themes of open text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from wavedeck.survey import SampleCount, Survey, Wave
from wavedeck.verify.meaning import key_of, meets
from wavedeck.verify.raw import RawSheet, Response, one_space, read
from wavedeck.verify.recompute import Expected, half_up

FrameCounts = dict[str, Counter[str]]
"""Margin -> option -> organisations of the frame."""

Themes = list[tuple[str, str, str]]
"""(question, response, theme): one row a mention."""


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


def themes_of(path: Path, wave: str) -> Themes:
    """Rows of coding.xlsx for a wave."""
    sheet = read(path, "Coding")
    return [
        (
            sheet.text(row, "question").strip(),
            sheet.text(row, "response").strip(),
            sheet.text(row, "theme").strip(),
        )
        for row in sheet.rows
        if sheet.text(row, "wave").strip() == wave
    ]


def plain_estimates(
    survey: Survey, wave: Wave, responses: list[Response], frame: FrameCounts, themes: Themes
) -> dict[str, Expected]:
    """What these estimates must say, by id; they are the same in both editions."""
    found = {name: _count(_sampled(survey, w, responses)) for name, w in survey.sample.items()}
    found |= dict(_facts(survey, wave))
    found |= dict(_representation(survey, responses, frame))
    found |= dict(_themes(survey, responses, themes))
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


def _facts(survey: Survey, wave: Wave) -> Iterator[tuple[str, Expected]]:
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


def _themes(
    survey: Survey, responses: list[Response], coded: Themes
) -> Iterator[tuple[str, Expected]]:
    kept = {response.response for response in responses}
    for _, name, item in survey.columns():
        source = survey.open_text(name, item)
        if source is None or not source.themes:
            continue
        key = key_of(name, item)
        rows = [(response, theme) for q, response, theme in coded if q == key and response in kept]
        base = len({response for response, _ in rows})
        yield f"{key}:count", _count(len(rows), base)
        for theme in source.themes:
            mentions = sum(given == theme for _, given in rows)
            yield f"{key}.{theme}:count", _count(mentions, base)
