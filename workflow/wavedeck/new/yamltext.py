"""YAML as people write it: plain where it can be, quoted where it must be, with comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-zÀ-ÿ][\w À-ÿ/()'’&+.;…–£€-]*[\w)'’.;…]|[A-Za-zÀ-ÿ]")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "none"}
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def scalar(text: str) -> str:
    """A text as YAML, on one line."""
    plain = _PLAIN.fullmatch(text) and not text.endswith((":", " ")) and ": " not in text
    if plain and " #" not in text and text.casefold() not in _RESERVED:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes; what YAML refuses or folds stands as an escape."""
    return _UNPRINTED.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def flow_scalar(text: str) -> str:
    """A text inside [...] or {...}."""
    value = scalar(text)
    return value if value.startswith('"') or not re.search(r"[\[\]{},]", value) else _quoted(text)


def flow_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(flow_scalar, texts))}]"


def flow_map(entries: Mapping[str, str]) -> str:
    """`entries` are YAML already."""
    return f"{{{', '.join(f'{key}: {value}' for key, value in entries.items())}}}"


def comment(text: str, indent: int = 0) -> list[str]:
    """A comment, wrapped."""
    width = 98 - indent
    words = _UNPRINTED.sub(" ", text).split() or [""]
    lines, line = [], "#"
    for word in words:
        if len(line) + len(word) + 1 > width and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [" " * indent + entry for entry in [*lines, line]]


def tree(data: object, indent: int = 0, width: int = 98, spread: bool = True) -> list[str]:
    """Mappings, lists, texts and numbers as YAML: what fits on a line in one, the rest below its
    key. Lists stand on a line. With `spread` the first level has nothing beside its keys."""
    pad = " " * indent
    lines = []
    for key, value in data.items() if isinstance(data, Mapping) else ():
        line = f"{pad}{key}: {flow(value)}"
        if isinstance(value, Mapping) and (len(line) > width or (spread and not indent)):
            lines += [f"{pad}{key}:", *tree(value, indent + 2, width)]
        else:
            lines.append(line)
    return lines


def flow(data: object) -> str:
    """The same on one line."""
    if isinstance(data, Mapping):
        return flow_map({str(key): flow(value) for key, value in data.items()})
    if isinstance(data, list | tuple):
        return f"[{', '.join(map(flow, data))}]"
    return flow_scalar(data) if isinstance(data, str) else f"{data}"


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Mappings put together at every level; lists joined."""
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            own = found.get(key)
            if isinstance(own, Mapping) and isinstance(value, Mapping):
                found[key] = merged([own, value])
            elif isinstance(own, list) and isinstance(value, list):
                found[key] = [*own, *(entry for entry in value if entry not in own)]
            else:
                found[key] = value
    return found
