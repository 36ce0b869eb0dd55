"""new: an export nobody has described -> a survey folder that builds."""

from wavedeck.new.command import main

__all__ = ["main"]
