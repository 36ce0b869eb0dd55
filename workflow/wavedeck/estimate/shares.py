"""Percentages, counts and bases of options and nets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wavedeck.estimate.edition import Columns
from wavedeck.estimate.groups import Breakdown
from wavedeck.estimate.table import Estimate, head_count, within_words
from wavedeck.estimate.variables import Variable
from wavedeck.rounding import percent_text


def shares_of(
    variable: Variable,
    breakdown: Breakdown,
    columns: Sequence[Columns],
    weighted: bool,
    minimum: int,
) -> Iterator[Estimate]:
    """Percentage, count and base of every option, net and band within the groups of a breakdown.

    `columns` are those of the variable's parts.
    """
    for subset, group in breakdown.shown.items():
        basis = columns[0].basis(
            group, weighted, question=variable.question, item=variable.item, subset=subset
        )
        hidden = bool(subset) and basis.base < minimum
        within = within_words(subset)
        label = f"{variable.label}: {variable.base_words}{within}"
        yield head_count(basis, "base", basis.base, label)
        answers = [(part, place) for part in columns for place in range(part.value.shape[1])]
        for (answer, words), (part, place) in zip(variable.answers.items(), answers, strict=True):
            share, count = float(part.numerator[group, place]), int(part.count[group, place])
            label = f"{variable.label}: {words}{within}"
            row = basis._replace(answer=answer, label=label)
            percent = row._replace(
                statistic="percent",
                numerator=share,
                value=100 * share / basis.weighted_base if basis.base else float("nan"),
                text=percent_text(share, basis.weighted_base) if basis.base else "[x]",
                column=breakdown.letter(group),
                **part.errors(group, place, 100.0),
            )
            for shown in (percent, head_count(row, "count", count, label)):
                yield shown._replace(text="[c]", suppressed=True) if hidden else shown
            yield head_count(row, "base", basis.base, label)


def extremes_of(shares: list[Estimate]) -> Iterator[Estimate]:
    """The largest and smallest percentage over all items of a grid, for each option and net."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for share in shares:
        if share.item and share.statistic == "percent" and not share.subset and share.base:
            groups.setdefault((share.question, share.answer), []).append(share)
    # Which item is the largest is chance too: its error is not that of the largest.
    nothing: dict[str, Any] = {
        "standard_error": float("nan"),
        "lower": float("nan"),
        "upper": float("nan"),
    }
    nothing["design_effect"] = float("nan")
    for found in groups.values():
        for statistic, choose in (("max", max), ("min", min)):
            extreme = choose(found, key=lambda share: share.value)
            words = "largest" if statistic == "max" else "smallest"
            label = f"{extreme.label} ({words} of all items)"
            yield extreme._replace(item="*", statistic=statistic, label=label, **nothing)
