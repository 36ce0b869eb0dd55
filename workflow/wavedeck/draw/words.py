"""How a chart names what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from wavedeck.draw import alt
from wavedeck.draw.result import Context, Part
from wavedeck.exhibits import Exhibit, TableExhibit
from wavedeck.figures import Figure
from wavedeck.survey import MultiQuestion, NumberQuestion, Question


def named(exhibit: Exhibit, question: Question) -> str:
    """'Q2a: How satisfied are you …', or the exhibit's own title."""
    number = f"{question.number}: " if question.number else ""
    return f"{number}{exhibit.title or question.text}"


def answered(question: Question) -> str:
    """Who is in the base, for notes: 'who answered', 'who were asked and answered'."""
    if isinstance(question, MultiQuestion) and question.base == "asked":
        return "who were asked"
    asked = "of those asked " if question.asked_if else ""
    if isinstance(question, MultiQuestion):
        return f"{asked}who chose anything"
    return f"{asked}who {question.given if isinstance(question, NumberQuestion) else 'answered'}"


def note_of_base(bases: Sequence[Figure], question: Question, context: Context) -> tuple[Part, ...]:
    """The base note of a question's shares."""
    who, edition = context.survey.respondents, context.estimates.edition
    return alt.base_note(bases, who, edition, answered=answered(question))


def heading(exhibit: Exhibit, question: Question | None = None) -> str:
    """The words above the chart; '' where the exhibit wants none."""
    if isinstance(exhibit, TableExhibit) or not exhibit.heading:
        return ""
    return exhibit.title or (question.text if question else "")
