"""The weights against the frame, read anew: each organisation once, margins as in the frame."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from wavedeck.survey import Survey
from wavedeck.verify.failures import Report
from wavedeck.verify.plain import FrameCounts, in_frame
from wavedeck.verify.raw import RawSheet, Response, Row

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
    rows = {int(row["respondent"].rpartition(":")[2]): row for row in weights}
    kept = [response for response in responses if response.row in rows]
    if survey.weighting is None:
        for response in kept:
            report.equal(rows[response.row]["weight"], 1.0, file, f"row {response.row}")
        return
    people = Counter(response.organisation for response in kept)
    factors: dict[str, set[float]] = defaultdict(set)
    design: dict[str, float] = defaultdict(float)
    for response in kept:
        row, place = rows[response.row], f"row {response.row} of the export"
        report.checked["weights"] += 1
        inside = in_frame(survey, response)
        report.equal(row["in_frame"], inside, file, f"{place}, in_frame")
        own = 1 / people[response.organisation] if inside else 0.0
        _near(row["design_weight"], own, file, f"{place}, design weight", report)
        product = row["design_weight"] * row["g_weight"]
        _near(row["weight"], product, file, f"{place}, weight", report)
        if inside:
            low, high = survey.weighting.lower, survey.weighting.upper
            holds = low <= row["g_weight"] <= high
            bounds = f"{low} to {high}"
            report.check(holds, file, f"{place}, g-weight", row["g_weight"], bounds)
            factors[response.organisation].add(row["g_weight"])
            design[response.organisation] += row["design_weight"]
    for organisation, total in design.items():
        _near(total, 1.0, file, f"design weights of one organisation ({organisation})", report)
        one = len(factors[organisation]) == 1
        report.check(one, file, f"g-weights of {organisation}", factors[organisation], "one")
    _check_totals(survey, kept, frame, len(design), report)


def _check_totals(
    survey: Survey, kept: list[Response], frame: FrameCounts, organisations: int, report: Report
) -> None:
    assert survey.weighting is not None
    for margin in survey.weighting.margins:
        counts = frame[margin]
        totals: dict[str, Fraction] = defaultdict(Fraction)
        for response in kept:
            totals[response.answers.get(margin, "")] += response.weight
        for option in sorted(counts.keys() | {o for o, total in totals.items() if total}):
            share = Fraction(counts[option], sum(counts.values()))
            expected, found = float(share * organisations), float(totals[option])
            report.checked["margins"] += 1
            holds = abs(found - expected) <= MARGIN_TOLERANCE * max(1, expected)
            place = f"sum of weights, {margin}.{option}"
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
    first = {r.organisation: r for r in reversed(inside)}
    for row in margins:
        margin, option = row["margin"], row["category"]
        counts, place = frame[margin], f"{margin}.{option}"
        responding = sum(r.answers.get(margin) == option for r in first.values())
        weight = sum((r.weight for r in inside if r.answers.get(margin) == option), Fraction(0))
        total = sum((r.weight for r in inside), Fraction(0))
        for name, expected in (
            ("frame_count", counts[option]),
            ("frame_share", Fraction(counts[option], sum(counts.values()))),
            ("responding_count", responding),
            ("design_share", Fraction(responding, len(first))),
            ("weighted_share", weight / total),
        ):
            value = float(expected)
            _near(row[name], value, "margins.parquet", f"{place}, {name}", report)
        label = survey.scale_of(margin).label(option)
        report.equal(row["label"], label, "margins.parquet", f"{place}, label")
    expected_of: dict[str, float] = {
        "respondents": len(responses),
        "respondents_in_frame": len(inside),
    }
    if survey.weighting:
        squares = sum(r.weight**2 for r in inside)
        total = sum((r.weight for r in inside), Fraction(0))
        expected_of |= {
            "organisations": len({r.organisation for r in responses}),
            "organisations_in_frame": len(first),
            "lower": survey.weighting.lower,
            "upper": survey.weighting.upper,
            "effective_base": float(total**2 / squares),
            "design_effect": float(len(inside) * squares / total**2),
        }
    for name, number in expected_of.items():
        _near(summary[name], number, "weighting.json", name, report)


def _near(found: float, expected: float, file: str, place: str, report: Report) -> None:
    holds = abs(found - expected) <= TOLERANCE * max(1.0, abs(expected))
    report.check(holds, file, place, found, expected)
