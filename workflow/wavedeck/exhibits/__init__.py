"""What a survey team writes about charts and tables: exhibits.yaml, as models.

Every field has a description; `docs/reference` is generated from them.
"""

from wavedeck.exhibits.kinds import (
    BarsExhibit,
    BreakdownExhibit,
    CrosstabExhibit,
    Exhibit,
    Exhibits,
    PairedExhibit,
    RankingExhibit,
    ScaleExhibit,
    StudiesExhibit,
    StudiesGroup,
    TableExhibit,
    ThemesExhibit,
    TrendExhibit,
    WeightingExhibit,
)
from wavedeck.exhibits.load import load_exhibits
from wavedeck.exhibits.scales import breakdown_by, scale_for

__all__ = [
    "BarsExhibit",
    "BreakdownExhibit",
    "CrosstabExhibit",
    "Exhibit",
    "Exhibits",
    "PairedExhibit",
    "RankingExhibit",
    "ScaleExhibit",
    "StudiesExhibit",
    "StudiesGroup",
    "TableExhibit",
    "ThemesExhibit",
    "TrendExhibit",
    "WeightingExhibit",
    "breakdown_by",
    "load_exhibits",
    "scale_for",
]
