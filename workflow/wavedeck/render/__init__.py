"""render: deck.qmd -> deck.html or deck.pdf, with Quarto or the embedded engine.

Both engines read the same source, theme and filter; the deck is written whole or not at all.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from wavedeck import files
from wavedeck.render.engine import ENGINES, FORMATS, Rendered, render

__all__ = ["Rendered", "main", "render"]


def main(argv: list[str]) -> None:
    """The command behind the render rules."""
    parser = argparse.ArgumentParser(prog="wavedeck render", description=__doc__)
    parser.add_argument("--deck", type=Path, required=True, help="deck.qmd, written by compose")
    parser.add_argument("--exhibits", type=Path, required=True, help="folder of the charts")
    parser.add_argument("--theme", type=Path, required=True, help="workflow/theme")
    parser.add_argument("--format", choices=FORMATS, required=True)
    parser.add_argument("--engine", choices=("auto", *ENGINES), default="auto")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--engine-record", type=Path, help="JSON: the engine and its versions")
    options = parser.parse_args(argv)

    rendered = render(options.deck, options.exhibits, options.theme, options.format, options.engine)
    files.write_bytes(options.out, rendered.data)
    if options.engine_record:
        record = {"engine": rendered.engine, "versions": rendered.versions()}
        files.write_text(options.engine_record, json.dumps(record, indent=2, sort_keys=True) + "\n")
