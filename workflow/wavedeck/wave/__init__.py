"""wave: the next round of a survey that is described already."""

from wavedeck.wave.command import main

__all__ = ["main"]
