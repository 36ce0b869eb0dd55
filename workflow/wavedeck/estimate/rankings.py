"""Mean rank scores and mentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wavedeck.estimate.edition import Columns
from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.table import Estimate, head_count, within_words
from wavedeck.estimate.variables import Ranking
from wavedeck.rounding import mean_text


def rankings_of(
    ranking: Ranking,
    breakdown: Breakdown,
    anything: Columns,
    items: Mapping[str, Columns],
    weighted: bool,
) -> Iterator[Estimate]:
    """Mean rank score and mentions of every item; `anything` is of those who ranked at all."""
    for subset, group in breakdown.shown.items():
        basis = anything.basis(group, weighted, question=ranking.question, subset=subset)
        within = within_words(subset)
        label = f"{ranking.title}: respondents who ranked anything{within}"
        yield head_count(basis, "base", basis.base, label)
        for item, (words, _) in ranking.items.items():
            columns = items[item]
            own = columns.basis(
                group, weighted, question=ranking.question, item=item, subset=subset
            )
            total = float(columns.numerator[group, 0])
            mean = total / own.weighted_base if own.base else float("nan")
            label = f"{ranking.title}, {words}"
            yield own._replace(
                statistic="mean",
                numerator=total,
                value=mean,
                text=mean_text(mean) if own.base else "[x]",
                label=f"{label}: mean rank score{within}",
                column=breakdown.letter(group),
                **columns.errors(group, 0),
            )
            named = f"{label}: times ranked{within}"
            yield head_count(basis, "mentions", own.base, named, item=item)
