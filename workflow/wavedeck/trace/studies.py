"""Traces of a deck over several studies: each id leads into the tables of its own study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.layout import WaveFiles
from wavedeck.overview import sources_of
from wavedeck.shown import Places
from wavedeck.survey import Survey
from wavedeck.survey.overview import MARK, split
from wavedeck.trace.estimate import Trace, trace
from wavedeck.trace.tables import Tables

Books = Mapping[str, Tables]
"""Tables by study; a wave of its own stands under ""."""


def books_of(
    wave: WaveFiles, survey: Survey, make: Callable[[WaveFiles, Survey], Tables] = Tables
) -> Books:
    """The wave's own tables, and those of the studies of an overview."""
    studies = {n: make(source.wave, source.survey) for n, source in sources_of(wave).items()}
    return {"": make(wave, survey)} | studies


def trace_in(
    books: Books,
    name: str,
    edition: str,
    shown: Mapping[str, Places],
    members: bool = True,
    most: int | None = None,
) -> Trace:
    """`trace` in the tables of the study that stands before an id."""
    study, own = split(name)
    if study not in books:
        studies = [known for known in books if known]
        raise WavedeckError(
            Problem(
                name,
                f"there is no study '{study}'",
                expected=", ".join(f"{known}{MARK}…" for known in studies) or "an id without '/'",
                nearest=nearest(study, studies),
            )
        )
    places = {own: shown[name]} if name in shown else {}
    found = trace(books[study], own, edition, places, members, most)
    if not study:
        return found
    wave = books[study].wave
    return replace(found, id=name, study=f"{wave.survey}/{wave.wave}")
