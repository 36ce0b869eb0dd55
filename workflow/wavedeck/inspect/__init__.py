"""inspect: a workbook nobody has described -> its profile: sheet, header, columns, questions."""

from wavedeck.inspect.profile import Profile
from wavedeck.inspect.workbook import inspect, profile_of

__all__ = ["Profile", "inspect", "profile_of"]
