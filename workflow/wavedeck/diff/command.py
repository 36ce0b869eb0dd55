"""Tell what moved between two builds, and why."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from wavedeck import claims
from wavedeck.diff import manifests
from wavedeck.diff.build import Build, opened
from wavedeck.diff.compare import Difference, compare
from wavedeck.errors import Problem, WavedeckError
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
    kinds = "a manifest.json, a built project's folder, or a Git revision"
    parser.add_argument("old", metavar="OLD", help=kinds)
    parser.add_argument("new", metavar="NEW", nargs="?", default=".", help="by default this folder")
    parser.add_argument("--all", action="store_true", help="estimates that no slide shows, too")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    Project.here()
    sides: list[str] = [arguments.old, arguments.new]
    lists: list[str] = []
    given = [side for side in sides if Path(side).is_file()]
    if given:
        # A folder's own manifest stands for it, so that both sides can be listed.
        paths = [_manifest_of(side, arguments.wave) for side in sides]
        both = [manifests.read(path, arguments.wave) for path in paths]
        lists = manifests.changes(*both)
        found_sides = [manifests.build_of(*pair) for pair in zip(paths, both, strict=True)]
        if None in found_sides:
            return _show_lists(lists, sides[found_sides.index(None)], arguments.json)
        sides = [str(side) for side in found_sides]
    with opened(sides[0], arguments.wave) as old, opened(sides[1], arguments.wave) as new:
        found = compare(old, new)
        claimed = changed_claims(old, new)
    if arguments.json:
        more = {"claims": claimed, "manifests": lists}
        print(json.dumps(asdict(found) | more, indent=1, ensure_ascii=False))
    else:
        _section("What the manifests do not share", lists)
        show(found, claimed, arguments.all)
    return 1 if found.moved or found.cells or claimed or lists else 0


def _manifest_of(side: str, wave: str) -> Path:
    """The manifest that a side names, or that of the build in a folder."""
    path = Path(side)
    if path.is_dir():
        path = path / "report" / wave / "audit" / "manifest.json"
    if not path.is_file():
        raise WavedeckError(
            Problem(
                side,
                "there is no manifest to hold beside the other side's",
                expected="a manifest.json, or the folder of a built project",
                remedy="run `snakemake` there first, or give two revisions",
            )
        )
    return path


def _show_lists(lists: list[str], side: str, as_json: bool) -> int:
    """Manifests name files and hashes only; without the build behind one, that is all there is."""
    if as_json:
        print(json.dumps({"manifests": lists}, indent=1, ensure_ascii=False))
    else:
        _section("What the manifests do not share", lists)
        if not lists:
            print("\nNothing differs.")
        print(
            f"\nThe build behind {side} is not here, neither beside it nor as a commit of this "
            "project,\nso the estimates themselves cannot be compared."
        )
    return 1 if lists else 0
