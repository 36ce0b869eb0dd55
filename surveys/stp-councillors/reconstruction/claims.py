"""Comparisons that the report draws, as margins in percentage points: positive when they hold.

The published figures fix them for the unweighted answers. The answers are handed out so that the
weighted ones bear them out too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reconstruction.sample import Respondent
from wavedeck.survey import Survey

Share = Callable[[str, str], float]
"""(column, option or net) -> percentage of those who answered."""


@dataclass(frozen=True)
class Claim:
    question: str
    words: str
    margin: Callable[[Share, Sequence[str]], float]
    """From shares and the question's columns."""
    slack: float = 1.0
    """The least margin that the weighted answers should have."""


def shares(people: Sequence[Respondent], weights: Sequence[float], survey: Survey) -> Share:
    """Weighted percentages. "q17.objectives@q2a.agree" is the column within a group."""

    def share(column: str, answer: str) -> float:
        column, _, subset = column.partition("@")
        members = survey.scale_of(column.partition(".")[0]).members(answer)
        among = set()
        if subset:
            by, _, group = subset.partition(".")
            among = set(survey.scale_of(by).members(group))
        base = held = 0.0
        for person, weight in zip(people, weights, strict=True):
            given = person.answers[column]
            if given and (not subset or person.answers[by] in among):
                base += weight
                held += weight if given in members else 0.0
        return 100 * held / base

    return share


def _above(column: str, answer: str, threshold: float) -> Callable[[Share, Sequence[str]], float]:
    return lambda share, _: share(column, answer) - threshold


def _below(column: str, answer: str, threshold: float) -> Callable[[Share, Sequence[str]], float]:
    return lambda share, _: threshold - share(column, answer)


def _order(answer: str, *items: str) -> Callable[[Share, Sequence[str]], float]:
    """Items named first lead in that order; after '...' those at the bottom, lowest last."""

    def margin(share: Share, columns: Sequence[str]) -> float:
        question = columns[0].partition(".")[0]
        cut = items.index("...")
        top = [share(f"{question}.{item}", answer) for item in items[:cut]]
        bottom = [share(f"{question}.{item}", answer) for item in items[cut + 1 :]]
        rest = [share(c, answer) for c in columns if c.partition(".")[2] not in items]
        ladder = [[value] for value in top] + [rest] + [[value] for value in bottom]
        ladder = [step for step in ladder if step]
        return min(min(a) - max(b) for a, b in pairwise(ladder))

    return margin


def _every(answer: str, low: float, high: float) -> Callable[[Share, Sequence[str]], float]:
    """Every item lies between two bounds."""
    return lambda share, columns: min(
        min(share(c, answer) - low, high - share(c, answer)) for c in columns
    )


def _lowest_pair(share: Share, columns: Sequence[str]) -> float:
    pair = ("q6.independent_healthcare", "q6.independent_social_care")
    return min(share(c, "positive") for c in columns if c not in pair) - max(
        share(c, "positive") for c in pair
    )


CLAIMS = (
    Claim(
        "q1",
        "a large majority know at least a fair amount",
        _above("q1", "fair_amount_or_more", 80),
    ),
    Claim("q1", "about a third know a great deal", _above("q1", "great_deal", 30)),
    Claim("q1", "about a third know a great deal", _below("q1", "great_deal", 37)),
    Claim("q2a", "a majority disagree, about two thirds", _above("q2a", "disagree", 62)),
    Claim("q2a", "far fewer agree", _below("q2a", "agree", 27)),
    Claim(
        "q3",
        "most in commenting, least with the public",
        _order("some_engagement", "commenting_on_proposals", "...", "engaging_public"),
        2,
    ),
    Claim(
        "q4",
        "officers, then the board; full council last",
        _order("engaged", "senior_officers", "health_wellbeing_board", "...", "full_council"),
        2,
    ),
    Claim(
        "q5",
        "clinical commissioning groups first",
        _order("agree", "ccgs", "...", "neighbouring_hwbs"),
        1,
    ),
    Claim(
        "q5",
        "more disagree than agree on neighbouring boards",
        lambda s, _: s("q5.neighbouring_hwbs", "disagree") - s("q5.neighbouring_hwbs", "agree"),
        0.5,
    ),
    Claim(
        "q5",
        "split on neighbouring boards",
        lambda s, _: 6 - s("q5.neighbouring_hwbs", "disagree") + s("q5.neighbouring_hwbs", "agree"),
        1,
    ),
    Claim("q6", "clinical commissioning groups first", _order("positive", "ccgs", "..."), 2),
    Claim("q6", "the independent providers last", _lowest_pair, 1),
    Claim("q6", "less than half positive for every item", _every("positive", 0, 50), 1),
    Claim(
        "q6",
        "more positive than negative for commissioning groups",
        lambda s, _: s("q6.ccgs", "positive") - s("q6.ccgs", "negative"),
        15,
    ),
    Claim(
        "q7",
        "board and scrutiny first, STP board last",
        _order("successful", "health_wellbeing_board", "health_scrutiny", "...", "stp_board"),
        1,
    ),
    Claim(
        "q7",
        "board and scrutiny over three quarters",
        _above("q7.health_scrutiny", "successful", 75),
        0.3,
    ),
    Claim("q8", "few are confident", _below("q8", "confident", 25)),
    Claim("q8", "half not at all confident", _above("q8", "not_at_all", 46)),
    Claim("q9", "a majority disagree", _above("q9", "disagree", 65)),
    Claim("q9", "almost half disagree strongly", _below("q9", "disagree_strongly", 52)),
    Claim("q9", "almost half disagree strongly", _above("q9", "disagree_strongly", 44)),
    Claim("q10a", "nine in ten or so top down", _above("q10a", "top_down", 84)),
    Claim("q10a", "more than half mostly top down", _above("q10a", "mostly_top_down", 50)),
    Claim(
        "q12",
        "over half aligned at least to a moderate extent",
        _above("q12", "at_least_moderate", 52),
    ),
    Claim(
        "q14",
        "acute, then primary care; voluntary and other services last",
        _order(
            "positive", "acute_care", "primary_care", "...", "voluntary_community", "other_services"
        ),
        1,
    ),
    Claim("q14", "less than a third positive for every item", _every("positive", 0, 33.3), 0.5),
    Claim("q14", "too early for between a third and a half", _every("too_early", 33.3, 50), 0.5),
    Claim("q16a", "half or more not involved at all", _above("q16a", "not_at_all", 50), 0.5),
    Claim("q16a", "under half at least to some extent", _below("q16a", "at_least_some", 50)),
    Claim("q16a", "a third to a small extent", _above("q16a", "small", 29.5)),
    Claim(
        "q17",
        "just over a fifth confident of the objectives",
        _above("q17.objectives", "confident", 20),
        0.5,
    ),
    Claim(
        "q17",
        "just over a fifth confident of the objectives",
        _below("q17.objectives", "confident", 25),
        0.5,
    ),
    Claim(
        "q17",
        "slightly more of the benefits",
        lambda s, _: s("q17.benefits", "confident") - s("q17.objectives", "confident"),
        0.5,
    ),
    Claim(
        "q17",
        "three quarters or so with little or no confidence",
        _every("little_or_none", 71, 80),
        0.5,
    ),
    Claim(
        "q2a",
        "those who agree at q2a are more often confident, most of them",
        _above("q17.objectives@q2a.agree", "confident", 52),
    ),
    Claim(
        "q2a",
        "few of those who disagree are confident",
        _below("q17.objectives@q2a.disagree", "confident", 15),
    ),
    Claim(
        "q12",
        "most of those with great alignment are confident",
        _above("q17.objectives@q12.great", "confident", 60),
    ),
)
