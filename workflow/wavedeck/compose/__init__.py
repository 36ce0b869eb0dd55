"""compose: exhibits + estimates + texts -> deck.qmd."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the compose rule."""
    from wavedeck.compose import stage

    stage.main(argv)
