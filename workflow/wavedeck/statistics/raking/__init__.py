"""Raking: the weights nearest to the base weights whose category totals equal the targets.

With bounds on the g-weights it is the multiplicative case of Deville and Särndal (1992), truncated
as they truncate the linear one: the g-weight of a unit is F(u) = clip(exp(u), lower, upper), where
u adds up one multiplier a category of the unit. The multipliers minimise a smooth convex function
(the dual), by Newton's method with step halving. Units with the same categories share a g-weight,
so all of it runs on cells.
"""

from wavedeck.statistics.raking.dual import TOLERANCE
from wavedeck.statistics.raking.margin import Margin
from wavedeck.statistics.raking.weights import Raked, design_effect, effective_base, rake

__all__ = ["TOLERANCE", "Margin", "Raked", "design_effect", "effective_base", "rake"]
