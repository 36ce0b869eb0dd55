"""Which engine renders a deck, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.render import quarto
from wavedeck.render.panel import with_evidence
from wavedeck.render.policy import with_policy
from wavedeck.render.workspace import workspace

ENGINES = ("quarto", "embedded")
FORMATS = ("html", "pdf")


@dataclass(frozen=True)
class Rendered:
    """A rendered deck; `versions` asks the engine, which takes a moment."""

    data: bytes
    engine: str
    versions: Callable[[], dict[str, str]]


def choose(requested: str) -> str:
    """The engine for `requested` (auto, quarto or embedded): auto is Quarto when it is there."""
    if requested == "auto":
        return "quarto" if quarto.find() else "embedded"
    if requested not in ENGINES:
        raise WavedeckError(
            Problem(
                "deck_engine",
                f"there is no engine '{requested}'",
                expected="auto, quarto or embedded",
                nearest=nearest(requested, ("auto", *ENGINES)),
            )
        )
    return requested


def render(deck: Path, exhibits: Path, theme: Path, to: str, engine: str = "auto") -> Rendered:
    """Render `deck` (a .qmd) to the bytes of one format, html or pdf.

    With evidence.json beside it, the numbers of the deck lead to their sources.
    """
    if choose(engine) == "quarto":
        command, found = quarto.require()
        with workspace(deck, exhibits, theme, f"Quarto {found}") as work:
            data = quarto.render(work, to, command)
        rendered = Rendered(data, "quarto", lambda: {"quarto": found})
    else:
        from wavedeck.render import embedded

        with workspace(deck, exhibits, theme, embedded.label()) as work:
            data = embedded.render_html(work) if to == "html" else embedded.render_pdf(work)
        rendered = Rendered(data, "embedded", embedded.versions)
    if to == "html":
        page = with_evidence(rendered.data.decode("utf-8"), deck.with_name("evidence.json"))
        page = with_policy(page)
        rendered = replace(rendered, data=page.encode("utf-8"))
    return rendered
