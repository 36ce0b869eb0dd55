"""What a survey team writes: survey.yaml (the codebook) and wave.yaml (one round), as models.

Every field has a description; `docs/reference` is generated from them.
"""

from wavedeck.survey.codebook import Survey
from wavedeck.survey.computed import Condition, Crosstab, Fact, SampleCount
from wavedeck.survey.export import Columns, Export, Header, MoreSheet, on_sheet
from wavedeck.survey.load import (
    load_codebook,
    load_survey,
    load_wave,
    question_named,
    waves_before,
)
from wavedeck.survey.population import Collapsed, Frame, Weighting
from wavedeck.survey.questions import (
    Dates,
    GridQuestion,
    Item,
    MultiOption,
    MultiQuestion,
    NumberQuestion,
    OpenText,
    Question,
    RankingQuestion,
    SingleQuestion,
    TextQuestion,
)
from wavedeck.survey.retired import gone, retired, take_out
from wavedeck.survey.scale import Name, Option, Scale
from wavedeck.survey.wave import (
    ExcludeDuplicate,
    ExcludeIncomplete,
    ExcludeRows,
    ExcludeValue,
    Exclusion,
    Fieldwork,
    Wave,
)

__all__ = [
    "Collapsed",
    "Columns",
    "Condition",
    "Crosstab",
    "Dates",
    "ExcludeDuplicate",
    "ExcludeIncomplete",
    "ExcludeRows",
    "ExcludeValue",
    "Exclusion",
    "Export",
    "Fact",
    "Fieldwork",
    "Frame",
    "GridQuestion",
    "Header",
    "Item",
    "MoreSheet",
    "MultiOption",
    "MultiQuestion",
    "Name",
    "NumberQuestion",
    "OpenText",
    "Option",
    "Question",
    "RankingQuestion",
    "SampleCount",
    "Scale",
    "SingleQuestion",
    "Survey",
    "TextQuestion",
    "Wave",
    "Weighting",
    "gone",
    "load_codebook",
    "load_survey",
    "load_wave",
    "on_sheet",
    "question_named",
    "retired",
    "take_out",
    "waves_before",
]
