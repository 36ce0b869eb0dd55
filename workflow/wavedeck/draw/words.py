"""How a chart names what it shows."""

from __future__ import annotations

from wavedeck.exhibits import Exhibit, TableExhibit
from wavedeck.survey import Question


def named(exhibit: Exhibit, question: Question) -> str:
    """'Q2a: How satisfied are you …', or the exhibit's own title."""
    number = f"{question.number}: " if question.number else ""
    return f"{number}{exhibit.title or question.text}"


def heading(exhibit: Exhibit, question: Question | None = None) -> str:
    """The words above the chart; '' where the exhibit wants none."""
    if isinstance(exhibit, TableExhibit) or not exhibit.heading:
        return ""
    return exhibit.title or (question.text if question else "")
