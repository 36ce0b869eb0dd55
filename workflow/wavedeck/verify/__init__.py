"""verify: hold what was published against the raw files, and trust nothing in between."""

from wavedeck.verify.command import main

__all__ = ["main"]
