"""The content security policy of the HTML deck: its own scripts run, nothing else does or loads."""

from __future__ import annotations

import base64
import hashlib
import re

from wavedeck.errors import Problem, WavedeckError

PLACEHOLDER = 'content="deck-csp"'
_SCRIPT = re.compile(
    r"<script(?![^>]*application/json)[^>]*>(.*?)</script>", flags=re.DOTALL | re.IGNORECASE
)


def with_policy(page: str) -> str:
    """Fill the policy of theme/revealjs.html in, with the sha256 of every script of the page."""
    if page.count(PLACEHOLDER) != 1:
        raise WavedeckError(
            Problem(
                "theme/revealjs.html",
                f"the place of the content security policy, {PLACEHOLDER}, is not there once",
                remedy="put the meta element back",
            )
        )
    hashes = sorted({_sha256(match[1]) for match in _SCRIPT.finditer(page)})
    sources = " ".join(f"'sha256-{value}'" for value in hashes) or "'none'"
    policy = (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    return page.replace(PLACEHOLDER, f'content="{policy}"')


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
