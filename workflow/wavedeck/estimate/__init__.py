"""estimate: answers + weights -> estimates, one row a statistic, unweighted and weighted."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the estimate rule."""
    from wavedeck.estimate import stage

    stage.main(argv)
