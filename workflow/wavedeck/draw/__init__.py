"""Draw: estimates to charts (SVG, data, alternative text) and tables.

`stage` reads and writes files; a module for each kind of exhibit turns estimates into a `Result`;
`stacked` and `dumbbell` hold drawing that kinds share; `canvas`, `svg` and `style` are the surface,
its clean-up and the look.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str]) -> None:
    """The stage's command."""
    from wavedeck.draw.stage import main as run

    run(argv)
