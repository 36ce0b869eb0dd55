"""Markdown from parts: what is trusted stays, every other text is escaped.

Respondents' words are hostile input. The escape leaves nothing that pandoc's or Quarto's reader
takes for markup: each text parses to plain words and spaces, which the tests check on pandoc's own
parse.
"""

from __future__ import annotations

import re
import string
import unicodedata

from wavedeck.letters import isolated

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
# Quarto (1.9 on) decodes hexadecimal text after this marker into live markup.
_QUARTO_MARKER = re.compile("b58fc729-690b-4000-b19f-365a4093b2ff", re.IGNORECASE)


class Markdown(str):
    """Text that is Markdown on purpose and is not escaped again."""

    __slots__ = ()


def plain(text: str) -> str:
    """`text` as one line without control, bidirectional and invisible characters."""
    line = _CONTROL.sub(" ", unicodedata.normalize("NFC", text))
    while _QUARTO_MARKER.search(line):
        line = _QUARTO_MARKER.sub("", line)
    return re.sub(r"\.( \.)+", lambda m: "." * m[0].count("."), " ".join(line.split()))


def escape(value: object) -> Markdown:
    """`value` as Markdown that reads as the text itself, in its own direction."""
    if isinstance(value, Markdown):
        return value
    return Markdown(_PUNCTUATION.sub(r"\\\1", isolated(plain(str(value)))))


def attribute(value: str) -> str:
    """`value` as a quoted attribute."""
    safe = plain(value).replace("&", "&amp;").replace("\\", "\\\\").replace('"', "&quot;")
    return f'"{safe}"'
