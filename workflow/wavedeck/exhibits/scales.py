"""What of the codebook an exhibit shows: the scale behind it, the groups of a breakdown."""

from __future__ import annotations

from wavedeck.exhibits.kinds import BreakdownExhibit
from wavedeck.survey import (
    Name,
    Scale,
    Survey,
)


def scale_for(survey: Survey, question: str) -> Scale:
    """The scale of a question, without options that count as missing."""
    scale = survey.scale_of(question)
    kept = {name: option for name, option in scale.options.items() if not option.missing}
    return scale.model_copy(update={"options": kept})


def breakdown_by(exhibit: BreakdownExhibit, survey: Survey) -> list[Name]:
    """The questions that make the groups of a breakdown."""
    return exhibit.by or [name for name in survey.banner if name != exhibit.question]
