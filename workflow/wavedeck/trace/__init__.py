"""trace: from an estimate to the cells it comes from, and from a cell to all that it moves.

Reads the tables between the stages and recomputes nothing but the membership of each respondent in
base and numerator; `wavedeck verify` is the one that trusts nothing.
"""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind `wavedeck trace`."""
    from wavedeck.trace import command

    command.main(argv)
