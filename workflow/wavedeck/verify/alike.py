"""When two texts are the same but for what no reader minds, told in another way than cleaning's."""

from __future__ import annotations

import unicodedata


def squeezed(text: str) -> str:
    """A text without spaces and what no eye sees."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        c for c in composed if not c.isspace() and unicodedata.category(c)[0] not in "CZ"
    )


def folded(text: str) -> str:
    """Letters and digits only, without case."""
    return "".join(c for c in squeezed(text).casefold() if c.isalnum())
