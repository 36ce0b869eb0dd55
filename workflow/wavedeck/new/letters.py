"""What to know of the letters of an export before its first deck is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wavedeck import typefaces
from wavedeck.letters import marked, right_to_left, scripts, some
from wavedeck.new.plan import Planned

_REMEDY = "in survey.yaml, and keep the export's under aliases: (options) or column: (questions)"


def letter_notes(planned: Iterable[Planned]) -> list[str]:
    """Of the words that the deck shows: letters that no typeface has, letters with marks, and
    letters that run from right to left."""
    text = "\n".join(word for question in planned for word in _words(question))
    notes = []
    if lack := typefaces.lacking(text):
        notes.append(
            f"no typeface here has {some(lack)} ({', '.join(scripts(lack))}): HTML decks show what "
            "the reader's machine has for these, PDF decks are refused. Give words in letters of "
            f"{typefaces.SCRIPTS} {_REMEDY}"
        )
    if marks := marked(text):
        notes.append(
            f"letters have marks ({some(marks)}): PDF decks that show these in a chart are "
            f"refused. Give the words without marks {_REMEDY}"
        )
    if right_to_left(text):
        notes.append(
            "texts run from right to left; slides and charts stay laid out from left to right"
        )
    return notes


def _words(planned: Planned) -> Iterator[str]:
    guess = planned.guess
    yield guess.text
    yield from guess.labels
    yield from (option.label for option in planned.offered)
    yield from planned.net_labels.values()
    yield guess.unit
