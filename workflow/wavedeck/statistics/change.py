"""Change between two waves: its error and its test, where some organisations answered in both.

Each wave's organisations are a simple random sample of the population. Organisations in both
samples make the two estimates covary (Tam 1984); the correlation is that of their linearised
totals, and the variances are those of the waves' own estimates. A share of 0 or 1 shows none: the
middle of its Wilson interval has it, as where columns are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wavedeck.statistics.distributions import t_quantile, t_two_sided
from wavedeck.statistics.intervals import variance_of_share
from wavedeck.statistics.variance import CONFIDENCE, Linearised


@dataclass(frozen=True)
class Change:
    """An estimate less that of another wave; in the unit of the two values."""

    difference: float
    standard_error: float
    lower: float
    upper: float
    """95% interval of the difference."""
    t: float
    df: float
    p: float
    """Two-sided; nan where the error is 0 or unknown, so that nothing is tested."""
    in_both: int
    """Organisations that answered in both waves and are of the same stratum in both."""


def change(now: Linearised, before: Linearised) -> Change:
    """The change of a share from `before` to `now`, tested against none.

    Organisations are matched by name (`Strata.organisations`) within strata of the same number.
    """
    difference = now.value - before.value
    shared, counted = _covariance(now, before)
    gross = variance_of_share(now) + variance_of_share(before)
    variance = gross - 2 * shared
    error = float(np.sqrt(variance)) if variance > 1e-14 * gross else 0.0
    if np.isnan(variance):
        error = float("nan")
    # The freedom of both waves, less that which counts twice.
    df = float(now.df + before.df - min(max(counted - 1, 0), now.df, before.df))
    t = difference / error if error > 0 else float("nan")
    p = float(t_two_sided(t, df)) if df > 0 else float("nan")
    reach = t_quantile((1 - CONFIDENCE) / 2, df) * error
    return Change(difference, error, difference - reach, difference + reach, t, df, p, counted)


def _covariance(now: Linearised, before: Linearised) -> tuple[float, int]:
    """Covariance of the two estimates, and the number of organisations in both."""
    earlier = {name: place for place, name in enumerate(before.strata.organisations)}
    pairs = [
        (place, earlier[name])
        for place, name in enumerate(now.strata.organisations)
        if name in earlier and now.strata.codes[place] == before.strata.codes[earlier[name]]
    ]
    if not pairs:
        return 0.0, 0
    places, others = np.array(pairs).T
    shared = 0.0
    for stratum in np.unique(now.strata.codes[places]):
        here = now.strata.codes[places] == stratum
        both = int(here.sum())
        own, theirs = now.totals[places[here]], before.totals[others[here]]
        n, m = int(now.strata.sizes[stratum]), int(before.strata.sizes[stratum])
        size = max(now.strata.population[stratum], before.strata.population[stratum])
        own, theirs = own - own.mean(), theirs - theirs.mean()
        spread = float(np.sqrt((own @ own) * (theirs @ theirs)))
        if both < 2 or spread == 0:
            continue
        correlation = float(own @ theirs) / spread
        deviations = _deviation(now, int(stratum)) * _deviation(before, int(stratum))
        shared += (both / (n * m) - 1 / size) * correlation * deviations
    return shared, len(pairs)


def _deviation(estimate: Linearised, stratum: int) -> float:
    """Standard deviation between organisations of the value whose mean is the estimate."""
    totals = estimate.totals[estimate.strata.codes == stratum]
    return float(len(totals) * totals.std(ddof=1)) if len(totals) > 1 else 0.0
