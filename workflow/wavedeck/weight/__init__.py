"""weight: answers + population -> a weight for each respondent, and how far the margins moved."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the weight rule."""
    from wavedeck.weight import stage

    stage.main(argv)
