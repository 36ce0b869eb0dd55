"""The words of `wavedeck diff`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from wavedeck import claims
from wavedeck.diff.build import Build, opened
from wavedeck.diff.compare import Difference, compare
from wavedeck.errors import WavedeckError
from wavedeck.layout import Project

_MOST = 30  # lines of a kind that are printed; --json has all


def changed_claims(old: Build, new: Build) -> list[str]:
    """Claims whose state differs, or that are on one side only."""
    states = []
    for build in (old, new):
        try:
            found = claims.listed(build.wave, "unweighted")
        except WavedeckError:
            found = []  # its template needs an estimate that the build lacks
        names = [f"slide {c['slide']}, '{c['words']}': {c['check']}" for c in found]
        states.append({name: c["holds"] for name, c in zip(names, found, strict=True)})
    before, after = states
    words = {True: "held", False: "was broken", None: "was not there"}
    now = {True: "holds", False: "is broken", None: "is gone"}
    return [
        f"{claim}: {words[before.get(claim)]}, {now[after.get(claim)]}"  # type: ignore[index]
        for claim in dict.fromkeys([*before, *after])
        if before.get(claim) != after.get(claim)
    ]


def _section(title: str, lines: list[str]) -> None:
    if lines:
        print(f"\n{title}: {len(lines)}")
        for line in lines[:_MOST]:
            print(f"  {line}")
        if len(lines) > _MOST:
            print(f"  ... and {len(lines) - _MOST} more; --json has all")


def show(found: Difference, claimed: list[str], every: bool) -> None:
    """Print a difference: causes first, then what readers see, then the rest."""
    _section(
        "Raw answers that differ",
        [
            f"response {c.response}, {c.column}, {c.old_cell or '-'} -> {c.new_cell or '-'}: "
            f"{c.old!r} -> {c.new!r}"
            for c in found.cells
        ],
    )
    _section("Responses counted on one side only", found.responses)
    _section("Answers coded differently", found.coding)
    _section("Weights that differ", found.weights)
    _section("Modules that differ", found.modules)
    _section("Claims that changed", claimed)
    on_slides = [moved for moved in found.moved if moved.slides]
    for title, group in (
        ("Estimates on slides that moved", on_slides),
        ("Other estimates that moved", [m for m in found.moved if not m.slides] if every else []),
    ):
        lines = []
        for moved in group:
            change = "" if moved.change is None else f" ({moved.change:+.2f})"
            where = f", slide {', '.join(map(str, moved.slides))}" if moved.slides else ""
            why = " and ".join(moved.reasons) or "unknown"
            shown = f"{moved.old or '-'} -> {moved.new or '-'}{change}"
            lines.append(f"{moved.id} ({moved.edition}): {shown}{where}; {why}")
        _section(title, lines)
    others = len(found.moved) - len(on_slides)
    slides = sorted({slide for moved in on_slides for slide in moved.slides})
    if not found.moved and not found.cells and not claimed:
        print("\nNothing moved.")
        return
    print(f"\nSlides that changed: {', '.join(map(str, slides)) or 'none'}")
    if others and not every:
        print(f"{others} estimates that no slide shows moved too; --all lists them.")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wavedeck diff", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("old", metavar="OLD", help="a built project's folder, or a Git revision")
    parser.add_argument("new", metavar="NEW", nargs="?", default=".", help="by default this folder")
    parser.add_argument("--all", action="store_true", help="estimates that no slide shows, too")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    Project.here()
    with opened(arguments.old, arguments.wave) as old, opened(arguments.new, arguments.wave) as new:
        found = compare(old, new)
        claimed = changed_claims(old, new)
    if arguments.json:
        print(json.dumps(asdict(found) | {"claims": claimed}, indent=1, ensure_ascii=False))
    else:
        show(found, claimed, arguments.all)
    return 1 if found.moved or found.cells or claimed else 0
