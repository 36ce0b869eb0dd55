"""new: an export nobody has described -> a survey folder that builds."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str]) -> None:
    """The command."""
    from wavedeck.new import command

    command.main(argv)
