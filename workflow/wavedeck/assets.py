"""reveal.js and the deck's typeface, found inside an installed package; nothing of them is copied.

sphinx-revealjs carries the reveal.js distribution and, with its themes, Source Sans Pro.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

FONT_FAMILY = "Source Sans Pro"


def reveal_directory() -> Path:
    """The folder with reveal.js's `dist/` and `plugin/`. The package is found, not imported."""
    spec = find_spec("sphinx_revealjs")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "sphinx-revealjs is not installed; run `make report` or see envs/"
        )
    return Path(spec.origin).parent / "_static" / "revealjs"


def font_directory() -> Path:
    return reveal_directory() / "dist" / "theme" / "fonts" / "source-sans-pro"


def font_file(style: str = "regular", suffix: str = "ttf") -> Path:
    """A font file; style is regular, italic, semibold or semibolditalic, suffix ttf or woff."""
    return font_directory() / f"source-sans-pro-{style}.{suffix}"
