"""audit: everything -> the restricted bundle, with which a number is followed to its cells."""

from wavedeck.audit.command import main

__all__ = ["main"]
