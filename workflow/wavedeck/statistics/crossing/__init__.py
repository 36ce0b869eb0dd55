"""Estimates and errors of many answers in many groups at once, from counts of cells.

What an estimate and its linearised error need of a coded answer is a sum over respondents of
something that only depends on the weighting cell (the raking categories, the design weight), the
groups that the respondent is in, and the code. So one count by (groups, weighting cell, code) does
for all of them; `variance.Design` gives the same figures respondent by respondent. Organisations
with several respondents are added up apart. docs/maths.md, "Many estimates at once".
"""

from wavedeck.statistics.crossing.blocks import Crossing, Family
from wavedeck.statistics.crossing.estimates import Estimates, Table

__all__ = ["Crossing", "Estimates", "Family", "Table"]
