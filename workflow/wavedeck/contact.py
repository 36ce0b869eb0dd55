"""Columns that tell who a respondent is, known by what their values look like."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"(?:\+|0)[\d\s()./-]{8,22}")
_PAIR = re.compile(r"[-+]?\d{1,2}\.\d{2,}\s*[,;]\s*[-+]?\d{1,3}\.\d{2,}")
_AXIS = re.compile(r"latitude|longitude", re.IGNORECASE)


def _email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text))


def _phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and 9 <= sum(c.isdigit() for c in text) <= 15


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return not text.isdigit()


def _coordinates(text: str) -> bool:
    return bool(_PAIR.fullmatch(text))


_KINDS: dict[str, Callable[[str], bool]] = {
    "email addresses": _email,
    "telephone numbers": _phone,
    "IP addresses": _address,
    "coordinates": _coordinates,
}


def looks_like(header: str, values: Sequence[str | None]) -> str:
    """What at least half of a column's values look like, such as 'email addresses', or ""."""
    texts = [value.strip() for value in values if value and value.strip()]
    if texts and _AXIS.search(header) and all(re.fullmatch(r"[-+]?[\d.]+", t) for t in texts):
        return "coordinates"
    for kind, matches in _KINDS.items():
        if texts and 2 * sum(map(matches, texts)) >= len(texts):
            return kind
    return ""
