"""The data of the HTML deck's evidence panel: what evidence.json says of each number."""

from __future__ import annotations

import json
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError

PLACEHOLDER = "deck-evidence"
MOST_BYTES = 300_000
"""The panel's data stay small enough for a deck that is sent by mail."""


def with_evidence(page: str, evidence: Path) -> str:
    """Fill the evidence of the numbers into the page of theme/revealjs.html."""
    if page.count(f">{PLACEHOLDER}<") != 1:
        raise WavedeckError(
            Problem(
                "theme/revealjs.html",
                f"the place of the evidence, {PLACEHOLDER}, is not there once",
                remedy="put the script element back",
            )
        )
    data = "{}"
    if evidence.is_file():
        told = json.loads(evidence.read_text(encoding="utf-8"))
        kept = {name: told[name] for name in ("estimates", "words")}
        data = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        # Nothing in a text may end the element.
        data = data.replace("<", "\\u003c")
        size = len(data.encode("utf-8"))
        if size > MOST_BYTES:
            raise WavedeckError(
                Problem(
                    str(evidence),
                    f"the panel's data come to {size:,} bytes",
                    expected=f"at most {MOST_BYTES:,}",
                    remedy="show fewer numbers in one deck, or shorten questions and labels",
                )
            )
    return page.replace(f">{PLACEHOLDER}<", f">{data}<")
