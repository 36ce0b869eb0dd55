"""Percentages, counts and bases of options and nets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wavedeck.estimate.sample import Sample, basis_of
from wavedeck.estimate.table import Estimate, head_count, within_words
from wavedeck.estimate.variables import Variable
from wavedeck.rounding import percent_text


def shares_of(
    variable: Variable, subset: str, mask: np.ndarray, sample: Sample, minimum: int
) -> Iterator[Estimate]:
    """Percentage, count and base of every option, net and band within one subset."""
    counted = mask & variable.answered & (sample.weights > 0)
    chosen = variable.chosen[counted]
    # Row after row, so that sums come out the same on every machine.
    totals = (chosen * sample.weights[counted][:, np.newaxis]).sum(axis=0)
    counts = chosen.sum(axis=0)
    basis = basis_of(sample, counted, question=variable.question, item=variable.item, subset=subset)
    hidden = bool(subset) and basis.base < minimum
    label = f"{variable.label}: {variable.base_words}{within_words(subset)}"
    yield head_count(basis, "base", basis.base, label)
    for place, (answer, words) in enumerate(variable.answers.items()):
        share, count = float(totals[place]), int(counts[place])
        label = f"{variable.label}: {words}{within_words(subset)}"
        part = basis._replace(answer=answer, label=label)
        percent = part._replace(
            statistic="percent",
            numerator=share,
            value=100 * share / basis.weighted_base if basis.base else float("nan"),
            text=percent_text(share, basis.weighted_base) if basis.base else "[x]",
        )
        for shown in (percent, head_count(part, "count", count, label)):
            yield shown._replace(text="[c]", suppressed=True) if hidden else shown
        yield head_count(part, "base", basis.base, label)


def extremes_of(shares: list[Estimate]) -> Iterator[Estimate]:
    """The largest and smallest percentage over all items of a grid, for each option and net."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for share in shares:
        if share.item and share.statistic == "percent" and not share.subset and share.base:
            groups.setdefault((share.question, share.answer), []).append(share)
    for found in groups.values():
        for statistic, choose in (("max", max), ("min", min)):
            extreme = choose(found, key=lambda share: share.value)
            words = "largest" if statistic == "max" else "smallest"
            label = f"{extreme.label} ({words} of all items)"
            yield extreme._replace(item="*", statistic=statistic, label=label)
