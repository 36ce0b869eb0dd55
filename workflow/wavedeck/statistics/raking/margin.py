"""What weights are raked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Margin:
    """A partition of the units and what its categories are to add up to."""

    name: str
    categories: Sequence[str]
    """Names of the k categories, for errors."""
    codes: NDArray[np.integer]
    """(n,) the category of each unit, 0 to k-1; below 0 for a missing value."""
    targets: Floats
    """(k,) totals, or shares of a total that `rake` is given."""
