"""clean: cells -> answers, coded by the codebook, with a ledger of every change."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the clean rule."""
    from wavedeck.clean import stage

    stage.main(argv)
