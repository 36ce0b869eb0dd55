"""What the workbook says besides numbers: its cover, notes and shorthand."""

from __future__ import annotations

from collections.abc import Iterator

from wavedeck.survey import Survey, Wave

SHORTHAND = {
    "[c]": "Confidential. Too few respondents, or a number from which hidden ones could be had.",
    "[low]": "Not nothing, but less than rounds to 1% (of a mean, to 0.1).",
    "[u]": "Low reliability: the number is of few respondents and says little.",
    "[x]": "Not available: nobody is in the base.",
    "[z]": "Not applicable.",
    "[ns]": "Tested, and higher than no other column.",
}


def day(of: object) -> str:
    return f"{of.day} {of:%B %Y}"  # type: ignore[attr-defined]


def title_of(survey: Survey, wave: Wave) -> str:
    return f"{survey.title}, {wave.title}: detailed results"


def cover(survey: Survey, wave: Wave, weighted: bool) -> list[str]:
    edition = "Weighted edition" if weighted else "Unweighted edition"
    start, end = day(wave.fieldwork.start), day(wave.fieldwork.end)
    lines = [edition, f"Fieldwork: {start} to {end}"]
    if wave.published:
        lines.append(f"Published: {day(wave.published)}")
    groups = "each question by the groups that the survey breaks its results down by"
    told = groups if survey.banner else "a sheet for each question"
    lines.append(f"The tables behind the report's slides: {told}.")
    lines.append(
        "The same numbers, with counts and sampling errors, are in the folder results beside this"
        " workbook."
    )
    if survey.enquiries:
        lines.append(f"Enquiries: {survey.enquiries}")
    if wave.synthetic:
        lines.append(wave.synthetic)
    return [" ".join(line.split()) for line in lines]


def notes(survey: Survey, weighted: bool, tested: bool) -> Iterator[tuple[str, str]]:
    """(subject, note) in the order of the notes sheet."""
    yield "Weights", _weights(survey, weighted)
    yield (
        "Bases",
        f"Percentages are of the {survey.respondents} who answered the question. The unweighted"
        " base is their number. The weighted base is the sum of their weights in the weighted"
        " edition.",
    )
    yield (
        "Rounding",
        "Numbers are stored as they are shown. Percentages are rounded to whole numbers and means"
        " to one decimal, half up, from unrounded values; they may not add up to 100%. A"
        " percentage is stored as a share of 1, so that 33% is the number 0.33.",
    )
    yield "Nets", "A net adds options together, such as all who agree. It stands after the options."
    yield (
        "Small groups",
        f"A group with fewer than {survey.minimum_base} respondents is not shown: [c]. Where it"
        " could be worked out from the total and the other groups, more of these are not shown"
        " either; groups by an opinion, which tells of nobody who they are, are not kept from"
        " that. Bases are always shown.",
    )
    yield (
        "Low bases",
        f"Numbers of groups with fewer than {survey.low_base} respondents are marked [u]. The mark"
        " is part of the number's format: the cell holds the number.",
    )
    if survey.inference == "none":
        yield (
            "Description",
            f"Numbers describe the {survey.respondents} who took part and say nothing of others:"
            " they have no intervals, and groups are not tested against each other.",
        )
    if tested:
        yield (
            "Letters",
            "The line 'Higher than columns' names the columns under the same heading that a column"
            " is significantly higher than, by the letters in their headings. Two-sided tests at"
            " the 5% level, corrected by Holm's procedure for the number of pairs. Where the line"
            " is missing, no difference is significant, or none is tested: of numbers (means and"
            " medians), and in breakdowns whose headings have no letters.",
        )
    yield (
        "Estimate",
        "The last column names the statistic in the Total column. `wavedeck trace` follows it to"
        " the cells of the raw export; with @ and the group's name from the sheet Columns, it"
        " follows any other cell of the line.",
    )
    yield from SHORTHAND.items()


def _weights(survey: Survey, weighted: bool) -> str:
    if not weighted or survey.weighting is None:
        return f"Percentages and means are unweighted: all {survey.respondents} count the same."
    margins = " and ".join(survey.weighting.margins).replace("_", " ")
    frame = survey.frame.label if survey.frame else "the frame"
    return (
        f"Percentages and means are weighted: each organisation counts once, raked to {margins} of"
        f" {frame}. Respondents outside of it are left out."
    )
