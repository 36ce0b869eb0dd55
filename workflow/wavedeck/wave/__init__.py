"""wave: the next round of a survey that is described already."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str]) -> None:
    """The command."""
    from wavedeck.wave import command

    command.main(argv)
