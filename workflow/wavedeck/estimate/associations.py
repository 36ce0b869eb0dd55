"""Whether the answers to two questions hang together: a test for each crosstab and banner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from wavedeck.estimate.edition import rounded
from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.table import RAO_SCOTT, Estimate
from wavedeck.estimate.variables import Variable
from wavedeck.rounding import p_text
from wavedeck.statistics.crossing import Crossing
from wavedeck.statistics.significance import rao_scott


def associations_of(
    variables: Sequence[Variable],
    breakdown: Breakdown,
    crossing: Crossing,
    weighted: bool,
    minimum: int,
) -> Iterator[Estimate]:
    """The p value of each single choice by the options of a breakdown, each q1@region:rao_scott.

    None where respondents could be in several groups or give several answers.
    """
    masks = [*breakdown.family.groups.values()]
    columns = [masks[place] for place in breakdown.columns]
    if not columns or sum(columns).max(initial=0) > 1:  # type: ignore[union-attr]
        return
    group = np.zeros(len(columns[0]), dtype=np.intp)
    for place, mask in enumerate(columns):
        group[mask] = place + 1
    for variable in variables:
        if len(variable.parts) != 1 or not variable.answers:
            continue
        codes, options = variable.parts[0].codes, len(variable.parts[0].values)
        both = (codes > 0) & (group > 0)
        crossed = np.where(both, (codes.astype(np.intp) - 1) * len(columns) + group, 0)
        (table,) = crossing.tables([crossed], options * len(columns))
        shares = table.share.reshape(options, len(columns))
        test = rao_scott(np.nan_to_num(shares), table.covariance, table.base, table.df)
        enough = table.base >= minimum and not np.isnan(test.p)
        p = rounded(test.p) if enough else float("nan")
        yield Estimate(
            weighted=weighted,
            question=variable.question,
            item=variable.item,
            subset=breakdown.by,
            statistic=RAO_SCOTT,
            numerator=rounded(test.f) if enough else float("nan"),
            base=table.base,
            value=p,
            text=p_text(p) if enough else "[x]",
            label=f"{variable.label} by {breakdown.by}: p of the Rao-Scott test",
        )
