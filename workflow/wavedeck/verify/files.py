"""Every file against the manifest, and the manifest against the sums beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wavedeck.files import sha256_of
from wavedeck.layout import WaveFiles
from wavedeck.verify.failures import Report

SUMS = "SHA256SUMS"
PARTS = ("inputs", "code", "processed", "published")


def check_files(wave: WaveFiles, report: Report) -> dict[str, Any]:
    """Hash and size of every file that the manifest names; no file that it does not name.

    Returns the manifest, or an empty one where it cannot be read.
    """
    bundle = wave.report / "audit"
    _check_sums(bundle, report)
    path = bundle / "manifest.json"

    def check() -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        report.equal(manifest["survey"], wave.survey, path, "survey")
        report.equal(manifest["wave"], wave.wave, path, "wave")
        named = {Path(name): entry for part in PARTS for name, entry in manifest[part].items()}
        named |= {bundle / name: entry for name, entry in manifest["audit"].items()}
        for file, entry in named.items():
            _check_file(file, entry, report)
        beside = {bundle / name for name in ("manifest.json", "ro-crate-metadata.json", SUMS)}
        for file in _strangers(
            wave, [wave.raw, wave.team, wave.team / wave.wave], set(named) | beside
        ):
            report.check(False, file, "", "a file that the manifest does not name", "none")
        return manifest

    # A damaged manifest may lack anything.
    return report.attempt(path, check) or {}


def _check_file(file: Path, entry: dict[str, Any], report: Report) -> None:
    report.checked["files"] += 1
    if report.check(file.is_file(), file, "", "no file", f"sha256 {entry['sha256']}"):
        found = sha256_of(file)
        report.check(found == entry["sha256"], file, "", f"sha256 {found}", entry["sha256"])
        report.equal(file.stat().st_size, entry["size"], file, "size")


def _check_sums(bundle: Path, report: Report) -> None:
    """manifest.json and the rest of the bundle against SHA256SUMS, as `sha256sum -c` does."""
    sums = bundle / SUMS
    lines = report.attempt(sums, lambda: sums.read_text(encoding="utf-8").splitlines()) or []
    told = {name: value for value, _, name in (line.partition("  ") for line in lines)}
    for name in ("manifest.json", "ro-crate-metadata.json"):
        file = bundle / name
        report.checked["files"] += 1
        if report.check(name in told, sums, name, "no sum", "a sum") and report.check(
            file.is_file(), file, "", "no file", "a file"
        ):
            found = sha256_of(file)
            holds = found == told[name]
            report.check(holds, file, "", f"sha256 {found}", f"{told[name]} ({SUMS})")


def _strangers(wave: WaveFiles, folders: Iterable[Path], named: set[Path]) -> list[Path]:
    """Files beside the wave's own that nobody vouches for."""
    found = [path for folder in folders for path in folder.glob("*")]
    stamps = wave.processed / "received"  # empty files that tell Snakemake of changes
    found += [path for path in wave.processed.rglob("*") if path.parent != stamps]
    found += wave.report.rglob("*")
    return sorted(
        path
        for path in found
        if path.is_file() and path not in named and not path.name.startswith((".", "~"))
    )
