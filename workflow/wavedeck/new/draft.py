"""Profile -> the texts of a survey's folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wavedeck.inspect.profile import Profile
from wavedeck.new.codebook import codebook
from wavedeck.new.deck import template
from wavedeck.new.exhibits import exhibits_of, exhibits_text
from wavedeck.new.plan import Planned, plan
from wavedeck.new.wave import wave_text


@dataclass(frozen=True)
class Draft:
    """What `new` writes."""

    survey: str
    wave: str
    exhibits: str
    template: str
    planned: list[Planned]


def draft(profile: Profile, title: str, wave: str, today: date) -> Draft:
    """The texts of all files, for the questions as they are guessed."""
    planned = plan(profile)
    shown = exhibits_of(planned)
    return Draft(
        codebook(profile, planned, title),
        wave_text(profile, wave, today),
        exhibits_text(shown),
        template(profile, planned, shown),
        planned,
    )
