"""The names of wave.yaml, held against the codebook that it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wavedeck.errors import Problem, nearest
from wavedeck.survey.changes import Changes
from wavedeck.yamlfile import Document

Data = dict[str, Any]
"""A codebook, or a part of it, as YAML gives it."""


class Names:
    """Holds the names of wave.yaml against the codebook."""

    def __init__(self, wave: Document, questions: Data, scales: Data, told: str) -> None:
        self.wave, self.questions, self.scales, self.told = wave, dict(questions), scales, told

    def names(self, changes: Changes) -> Iterator[Problem]:
        own = list(changes.introduced)
        for field, keys, known in (
            ("reworded", changes.reworded, self.questions),
            ("recoded", changes.recoded, [*self.questions, *self.scales]),
            ("aliases", changes.aliases, self.questions),
        ):
            for key in keys:
                if key not in known:
                    yield self.unknown((field, key), key, known)
        for key in changes.items:
            with_items = [name for name, question in self.questions.items() if "items" in question]
            if key not in with_items:
                yield self.unknown(("items", key), key, with_items, "rows")
        for key in changes.retired:
            name, dot, _ = key.partition(".")
            question = self.questions.get(name, {}) if dot else {}
            rows = [*question.get("items", {}), *(["other"] if "other" in question else [])]
            known = [f"{name}.{row}" for row in rows] or list(self.questions)
            if key not in known:
                yield self.unknown(("retired", key), key, known)
        for key in changes.not_comparable:
            if key.partition(".")[0] not in [*self.questions, *own]:
                yield self.unknown(("not_comparable", key), key, self.questions)

    def unknown(
        self, path: tuple[str | int, ...], name: str, known: Iterable[str], of_kind: str = ""
    ) -> Problem:
        """No entry is called so; `of_kind`: what those that may be named have."""
        names = list(known)
        return Problem(
            self.wave.where(*path),
            f"{self.told} has no '{name}'" + (f" with {of_kind}" if of_kind else ""),
            expected=", ".join(names),
            nearest=nearest(name, names),
            remedy="mend the name",
        )
