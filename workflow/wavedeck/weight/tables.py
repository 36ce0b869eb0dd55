"""What the weight stage writes: weights, margins before and after, organisations at a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wavedeck.margins import Margin
from wavedeck.statistics.raking import design_effect, effective_base
from wavedeck.survey import Survey
from wavedeck.weight.respondents import Respondents

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

_MARGINS = pa.schema(
    {
        "margin": pa.string(),
        "category": pa.string(),
        "margin_label": pa.string(),
        "label": pa.string(),
        "raked": pa.bool_(),
        "frame_count": pa.int64(),
        "frame_share": pa.float64(),
        "responding_count": pa.int64(),
        "design_share": pa.float64(),
        "weighted_share": pa.float64(),
    }
)
_BOUNDS = {
    "bound": pa.string(),
    "organisation": pa.string(),
    "respondents": pa.int64(),
    "g_weight": pa.float64(),
}


def weights_table(people: Respondents, inside: Mask, *columns: Floats) -> pa.Table:
    """weights.parquet: design weight, g-weight and weight of each respondent."""
    design, g, weight = columns
    return pa.table(
        {
            "respondent": people.keys,
            "in_frame": inside,
            "design_weight": design,
            "g_weight": g,
            "weight": weight,
        }
    )


def margins_table(
    margins: Sequence[tuple[Margin, Mapping[str, float], Ints, Floats]], numbers: bool = True
) -> pa.Table:
    """margins.parquet, from each margin with the frame's counts by name, the responding
    organisations (k,) and the sums of weights (k,) of its categories.

    Categories that neither the frame nor anybody who answered has are left out. The frame's count
    is empty where only shares are known (not `numbers`).
    """
    rows = []
    for margin, counts, responding, weighted in margins:
        frame = sum(counts.values())
        for number, category in enumerate(margin.categories):
            count = counts.get(category.name, 0)
            if not count and not responding[number]:
                continue
            rows.append(
                {
                    "margin": margin.name,
                    "category": category.name,
                    "margin_label": margin.text,
                    "label": category.label,
                    "raked": margin.raked,
                    "frame_count": count if numbers else None,
                    "frame_share": count / frame,
                    "responding_count": int(responding[number]),
                    "design_share": responding[number] / responding.sum(),
                    "weighted_share": weighted[number] / weighted.sum(),
                }
            )
    return pa.Table.from_pylist(rows, schema=_MARGINS)


def bounds_table(
    bounded: Sequence[tuple[int, Mapping[str, Any]]],
    margins: Sequence[Margin],
    codes: Sequence[Ints],
) -> pa.Table:
    """bounds.csv: organisations whose g-weight is at a bound, with their categories of the raked
    margins, of which `codes` has those of all respondents; those at the upper bound first.
    Respondents who are no organisation's are not named but counted, by their categories."""
    kinds = _BOUNDS | {margin.name: pa.string() for margin in margins}
    labels = [(margin.name, margin.labels, own) for margin, own in zip(margins, codes, strict=True)]
    rows = [
        dict(entry) | {name: words[own[place]] for name, words, own in labels}
        for place, entry in bounded
    ]
    rows.sort(key=lambda row: (row["bound"] == "lower", row["organisation"]))
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def summary_of(
    survey: Survey,
    people: Respondents,
    inside: Mask,
    first: Mask,
    g: Floats,
    weight: Floats,
    iterations: int,
    margins: pa.Table,
) -> dict[str, Any]:
    """weighting.json. `first` marks one respondent of each organisation of the frame."""
    bounds = survey.weighting
    assert bounds is not None
    rows = [row for row in margins.to_pylist() if row["raked"] and row["frame_share"]]
    gap = max(abs(row["weighted_share"] / row["frame_share"] - 1) for row in rows)
    known = [row["frame_count"] for row in rows if row["margin"] == rows[0]["margin"]]
    per_organisation = np.bincount(people.organisation, weights=weight).astype(np.float64)
    return {
        "weighted": True,
        "respondents": len(people),
        "respondents_in_frame": int(inside.sum()),
        "organisations": len(people.organisations),
        "organisations_in_frame": int(first.sum()),
        "population": None if None in known else sum(known),
        "margins": list(bounds.margins),
        "lower": bounds.lower,
        "upper": bounds.upper,
        "iterations": iterations,
        "largest_gap": float(f"{gap:.1e}"),
        "smallest_g": float(g[inside].min()),
        "largest_g": float(g[inside].max()),
        "organisations_at_lower": int(np.sum(first & (g <= bounds.lower))),
        "organisations_at_upper": int(np.sum(first & (g >= bounds.upper))),
        **_precision(weight[inside], per_organisation[per_organisation > 0]),
    }


def _precision(respondents: Floats, organisations: Floats) -> dict[str, float]:
    """Kish's design effect and effective base, over respondents and over organisations."""
    return {
        "design_effect": round(design_effect(respondents), 10),
        "effective_base": round(effective_base(respondents), 10),
        "design_effect_organisations": round(design_effect(organisations), 10),
        "effective_base_organisations": round(effective_base(organisations), 10),
    }
