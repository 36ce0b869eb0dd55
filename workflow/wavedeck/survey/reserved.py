"""Names that questions cannot have."""

from __future__ import annotations

RESERVED = {
    **dict.fromkeys(("respondent", "response", "row", "organisation", "weight"), "the answers"),
    **dict.fromkeys(
        ("wave", "fieldwork", "weighting", "responding", "frame", "sample"), "the estimates' ids"
    ),
}
"""Names that no question can have, and what they already stand for something in."""
