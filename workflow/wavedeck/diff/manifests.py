"""Two manifests beside each other: what went into two builds, and what came out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wavedeck.errors import Problem, WavedeckError
from wavedeck.files import sha256_of

Manifest = dict[str, Any]

# Causes first, in the order of the data's path.
_LISTS = {
    "inputs": "input",
    "code": "code",
    "processed": "table",
    "published": "published file",
    "audit": "file of the audit bundle",
}


def read(path: Path, wave: str) -> Manifest:
    """A manifest of SURVEY/WAVE. Raises WavedeckError for any other file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        named = f"{found['survey']}/{found['wave']}"
        missing = [name for name in _LISTS if name not in found]
    except (ValueError, KeyError, TypeError):
        named, missing = "", [*_LISTS]
    if missing or named != wave:
        raise WavedeckError(
            Problem(
                str(path),
                f"this is the manifest of {named}" if named else "this is no manifest",
                expected=f"the manifest.json of {wave}",
                remedy="name the manifest in the wave's audit folder",
            )
        )
    manifest: Manifest = found
    return manifest


def build_of(path: Path, manifest: Manifest) -> str | None:
    """The folder or the Git revision that holds the build behind a manifest; None for neither.

    The folder around the manifest counts while its estimates are the manifest's; a revision
    counts when the build was made from it without changes of its own.
    """
    tables = [name for name in manifest["processed"] if name.endswith("/estimates.parquet")]
    folder = path.resolve().parents[4] if len(path.resolve().parents) > 4 else path.parent
    for name in tables:
        table = folder / name
        if table.is_file() and sha256_of(table) == manifest["processed"][name]["sha256"]:
            return str(folder)
    state = manifest.get("code_state", {})
    if not (state.get("commit") and state.get("clean")):
        return None
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{state['commit']}^{{commit}}"], capture_output=True
    )
    return None if known.returncode else str(state["commit"])


def changes(old: Manifest, new: Manifest) -> list[str]:
    """What two manifests do not share, a line each: files, packages, engines, configuration."""
    found = [line for name, kind in _LISTS.items() for line in _files(old[name], new[name], kind)]
    for name, was, now in _pairs(old["software"]["packages"], new["software"]["packages"]):
        found.append(f"package {name}: {was or 'not there'} -> {now or 'not there'}")
    for part in ("engines", "configuration", "code_state"):
        for name, was, now in _pairs(old[part], new[part]):
            found.append(f"{part.replace('_', ' ')}, {name}: {_words(was)} -> {_words(now)}")
    return found


def _files(old: Mapping[str, Any], new: Mapping[str, Any], kind: str) -> Iterator[str]:
    for name, was, now in _pairs(old, new):
        if was is None:
            yield f"{kind} {name}: new"
        elif now is None:
            yield f"{kind} {name}: gone"
        else:
            yield f"{kind} {name}: sha256 {was['sha256'][:12]} -> {now['sha256'][:12]}"


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def _words(value: object) -> str:
    return "not there" if value is None else json.dumps(value, ensure_ascii=False)
