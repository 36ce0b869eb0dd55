"""diff: what moved between two builds of a wave, and why.

Each side is a built project's folder or a Git revision; a revision is built in a folder of its own
first, as far as the comparison needs it.
"""

from __future__ import annotations


def main(argv: list[str]) -> int:
    """The command behind `wavedeck diff`; its exit status is 1 when something moved."""
    from wavedeck.diff import command

    return command.main(argv)
