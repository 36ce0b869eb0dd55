"""The weights against the frame, read anew: each organisation once, margins as in the frame."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from wavedeck.survey import Survey
from wavedeck.verify.failures import Report
from wavedeck.verify.population import FrameCounts, in_frame, margins_of, unit_of
from wavedeck.verify.raw import RawSheet, Response, Row, row_of
from wavedeck.verify.recompute import HAIR

MARGIN_TOLERANCE = 1e-8
TOLERANCE = 1e-9


def take_weights(
    sheet: RawSheet, sha256: str, responses: list[Response], weights: list[Row], report: Report
) -> None:
    """Give each response its weight, by respondent key."""
    file = "weights.parquet"
    by_key = {row["respondent"]: row for row in weights}
    report.equal(len(weights), len(responses), file, "respondents")
    for response in responses:
        key = f"{sha256[:12]}:{sheet.name}:{response.row}"
        row = by_key.get(key)
        if report.check(row is not None, file, f"respondent {key}", "no weight", "a weight"):
            assert row is not None
            response.weight = Fraction(row["weight"])


def check_weights(
    survey: Survey,
    responses: list[Response],
    weights: list[Row],
    frame: FrameCounts,
    report: Report,
) -> None:
    """Design weights, bounds, and the margins' totals."""
    file = "weights.parquet"
    rows = {row_of(row["respondent"]): row for row in weights}
    kept = [response for response in responses if response.row in rows]
    if survey.weighting is None:
        for response in kept:
            report.equal(rows[response.row]["weight"], 1.0, file, f"row {response.row}")
        return
    people = Counter(unit_of(survey, response) for response in kept)
    factors: dict[str, set[float]] = defaultdict(set)
    design: dict[str, float] = defaultdict(float)
    for response in kept:
        row, place = rows[response.row], f"row {response.row} of the export"
        report.checked["weights"] += 1
        inside = in_frame(survey, response)
        report.equal(row["in_frame"], inside, file, f"{place}, in_frame")
        unit = unit_of(survey, response)
        own = 1 / people[unit] if inside else 0.0
        report.near(row["design_weight"], own, TOLERANCE, file, f"{place}, design weight")
        product = row["design_weight"] * row["g_weight"]
        report.near(row["weight"], product, TOLERANCE, file, f"{place}, weight")
        if inside:
            low, high = survey.weighting.lower, survey.weighting.upper
            holds = low <= row["g_weight"] <= high
            bounds = f"{low} to {high}"
            report.check(holds, file, f"{place}, g-weight", row["g_weight"], bounds)
            factors[unit].add(row["g_weight"])
            design[unit] += row["design_weight"]
    for organisation, total in design.items():
        report.near(
            total, 1.0, TOLERANCE, file, f"design weights of one organisation ({organisation})"
        )
        one = len(factors[organisation]) == 1
        report.check(one, file, f"g-weights of {organisation}", factors[organisation], "one")
    _check_totals(survey, kept, frame, len(design), report)


def _check_totals(
    survey: Survey, kept: list[Response], frame: FrameCounts, organisations: int, report: Report
) -> None:
    for margin in margins_of(survey):
        if not margin.raked:
            continue
        counts = frame[margin.name]
        population = Fraction(sum(counts.values()))
        totals: dict[str, Fraction] = defaultdict(Fraction)
        for response in kept:
            if response.weight:
                totals[margin.category(response.answers)] += response.weight
        for category in sorted(counts.keys() | totals.keys()):
            share = Fraction(counts[category]) / population
            expected, found = float(share * organisations), float(totals[category])
            report.checked["margins"] += 1
            holds = abs(found - expected) <= MARGIN_TOLERANCE * max(1, expected)
            place = f"sum of weights, {margin.name}.{category}"
            report.check(holds, "weights.parquet", place, found, expected)


def check_summaries(
    responses: list[Response],
    survey: Survey,
    frame: FrameCounts,
    margins: list[Row],
    summary: Row,
    report: Report,
) -> None:
    """margins.parquet and weighting.json, which appendices quote."""
    inside = [r for r in responses if in_frame(survey, r)]
    first = {unit_of(survey, r): r for r in reversed(inside)}
    _check_margins(responses, survey, frame, margins, report)
    expected_of: dict[str, float] = {
        "respondents": len(responses),
        "respondents_in_frame": len(inside),
    }
    if survey.weighting:
        each: dict[str, Fraction] = defaultdict(Fraction)
        for response in inside:
            each[unit_of(survey, response)] += response.weight
        factors = list(each.values())  # design weights of one organisation add up to 1
        expected_of |= {
            "organisations": len({unit_of(survey, r) for r in responses}),
            "organisations_in_frame": len(first),
            "lower": survey.weighting.lower,
            "upper": survey.weighting.upper,
            "smallest_g": float(min(factors)),
            "largest_g": float(max(factors)),
            "organisations_at_lower": len(_at(each, survey.weighting.lower)),
            "organisations_at_upper": len(_at(each, survey.weighting.upper)),
        }
        for name, weights in (("", [r.weight for r in inside]), ("_organisations", factors)):
            total, squares = sum(weights, Fraction(0)), sum(w * w for w in weights)
            expected_of[f"effective_base{name}"] = float(total**2 / squares)
            expected_of[f"design_effect{name}"] = float(len(weights) * squares / total**2)
        assert survey.frame is not None
        if survey.frame.counts_are == "numbers":
            expected_of["population"] = float(sum(next(iter(frame.values())).values()))
    for name, number in expected_of.items():
        report.near(summary[name], number, TOLERANCE, "weighting.json", name)


def _check_margins(
    responses: list[Response],
    survey: Survey,
    frame: FrameCounts,
    margins: list[Row],
    report: Report,
) -> None:
    """Each row of margins.parquet, and that none is missing."""
    file = "margins.parquet"
    inside = [r for r in responses if in_frame(survey, r)]
    first = {unit_of(survey, r): r for r in reversed(inside)}
    total = sum((r.weight for r in inside), Fraction(0))
    told = {(row["margin"], row["category"]): row for row in margins}
    report.equal(len(told), len(margins), file, "categories")
    for margin in margins_of(survey):
        counts, population = frame[margin.name], Fraction(sum(frame[margin.name].values()))
        responding = Counter(margin.category(r.answers) for r in first.values())
        weighted: dict[str, Fraction] = defaultdict(Fraction)
        for response in inside:
            weighted[margin.category(response.answers)] += response.weight
        for category in sorted(counts.keys() | responding.keys()):
            place = f"{margin.name}.{category}"
            row = told.pop((margin.name, category), None)
            if row is None:
                report.check(False, file, place, "no such row", "a category of the margin")
                continue
            for name, expected in (
                ("frame_share", Fraction(counts[category]) / population),
                ("responding_count", responding[category]),
                ("design_share", Fraction(responding[category], len(first))),
                ("weighted_share", weighted[category] / total),
            ):
                report.near(row[name], float(expected), TOLERANCE, file, f"{place}, {name}")
            shares = survey.frame is not None and survey.frame.counts_are == "shares"
            count = None if shares else int(counts[category])
            report.equal(row["frame_count"], count, file, f"{place}, frame_count")
            report.equal(row["raked"], margin.raked, file, f"{place}, raked")
            report.equal(row["margin_label"], margin.text, file, f"{place}, margin_label")
            report.equal(row["label"], margin.label(category, survey), file, f"{place}, label")
    for key in told:
        report.check(False, file, ".".join(key), "a row", "no such category")


def check_bounds(
    responses: list[Response], survey: Survey, rows: Sequence[Row], report: Report
) -> None:
    """bounds.csv: nobody at a bound is left out, and nobody else is named. Where the export names
    no organisations, respondents are counted by their categories."""
    file = "bounds.csv"
    each: dict[str, Fraction] = defaultdict(Fraction)
    people: dict[str, list[Response]] = defaultdict(list)
    for response in responses:
        each[unit_of(survey, response)] += response.weight
        people[unit_of(survey, response)].append(response)
    raked = [margin for margin in margins_of(survey) if margin.raked]
    expected: Counter[tuple[str, ...]] = Counter()
    for bound in ("lower", "upper") if survey.weighting else ():
        for unit in _at(each, getattr(survey.weighting, bound)):
            one = people[unit][0]
            words = [margin.label(margin.category(one.answers), survey) for margin in raked]
            expected[one.organisation, bound, *words] += len(people[unit])
    told = {
        (row["organisation"], row["bound"], *(row[margin.name] for margin in raked)): row
        for row in rows
    }
    report.equal(len(rows), len(told), file, "rows")
    for key in sorted(told.keys() | expected.keys()):
        found = int(told[key]["respondents"]) if key in told else None
        report.equal(found, expected.get(key), file, ", ".join(filter(None, key)))


def _at(each: dict[str, Fraction], bound: float) -> list[str]:
    """Units whose g-weight is at a bound."""
    return [unit for unit, g in each.items() if abs(g - Fraction(bound)) < HAIR]
