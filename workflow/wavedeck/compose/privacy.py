"""What must not reach a published page: traces of a person in comments and attributions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# Seven digits or more, however they are grouped; years and amounts of money are shorter.
_PHONE = re.compile(r"(?<![\w£$€])\+?\(?\d(?:[ ().-]{0,2}\d){6,}(?!\w)")
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Cllr|Councillor|Rev)"
_NAME = re.compile(
    rf"\b{_TITLE}\.?\s+(?:[A-Z]\.?\s+)?[A-Z][a-zà-ÿ'’-]+"
    r"|\b(?:[Mm]y name is|[Ss]igned,?|[Rr]egards,?|I am)\s+[A-Z][a-zà-ÿ'’-]+\s+[A-Z][a-zà-ÿ'’-]+"
)


def flags(text: str) -> list[str]:
    """What in a comment looks as if it named a person: 'email: ...', 'phone: ...', 'name: ...'."""
    kinds = (("email", _EMAIL), ("phone", _PHONE), ("name", _NAME))
    return [f"{kind}: {match[0]}" for kind, pattern in kinds for match in pattern.finditer(text)]


def lone(attributions: Iterable[str]) -> set[str]:
    """Attributions that fit a single respondent: whoever knows who took part would know them."""
    return {words for words, times in Counter(attributions).items() if times == 1}
