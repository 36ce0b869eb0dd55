"""publish: estimates -> results.xlsx and results/, the detailed tables behind the decks."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the publish rule."""
    from wavedeck.publish import stage

    stage.main(argv)
