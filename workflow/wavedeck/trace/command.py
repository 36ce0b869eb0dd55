"""Follow an estimate to its respondents and cells, or a cell to its estimates."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from wavedeck.errors import Problem, WavedeckError
from wavedeck.layout import Project, WaveFiles
from wavedeck.shown import places
from wavedeck.survey import load_codebook
from wavedeck.trace.cell import moved_by
from wavedeck.trace.estimate import Trace
from wavedeck.trace.evidence import in_short
from wavedeck.trace.members import Member
from wavedeck.trace.studies import Books, books_of, trace_in
from wavedeck.trace.tables import Row, Tables

_PAGE = 12  # respondents printed unless --rows asks for all


def _print(found: Trace, most: int | None) -> None:
    print(f"{found.id}  =  {found.text}   ({found.edition})\n")
    print(found.definition)
    if found.study:
        print(f"  of the study {found.study}")
    for number, title in found.slides:
        print(f"  shown on slide {number}, {title}")
    if found.exhibits:
        print(f"  shown in exhibit {', '.join(found.exhibits)}")
    if not found.slides:
        print("  not shown in the deck")
    for line in found.filter:
        print(f"  {line}")
    digits = ".12g" if found.numerator and found.numerator % 1 == 0 else "g"
    numerator = "" if found.numerator is None else f"numerator {found.numerator:{digits}} of "
    print(f"  {numerator}base {found.base}", end="")
    print(f" (weighted base {found.weighted_base:.4f})" if found.edition == "weighted" else "")
    print(f"  weights: {found.weights}")
    print(f"  rounding: {found.rounding}")
    for name, words in (found.sureness | found.comparison).items():
        print(f"  {name[0].lower()}{name[1:]}: {words}")
    print(f"  computed by rule {found.computed['rule']}, {found.computed['module']}")
    print(f"  commit {found.computed['commit']} ({found.computed.get('tree', '')})")
    print(f"  from {found.source['workbook']}, sheet '{found.source['sheet']}'")
    print(f"  sha256 {found.source['sha256']}")
    if found.frame:
        shown = found.frame[:most]
        more = (
            f" and {len(found.frame) - len(shown):,} more" if len(found.frame) > len(shown) else ""
        )
        print(f"  counted there: {', '.join(shown)}{more}")
    inside, count = found.in_numerator, found.respondents
    for title, group, size in (
        ("numerator", [m for m in found.members if m.in_numerator], inside),
        ("rest of the base", [m for m in found.members if not m.in_numerator], count - inside),
    ):
        if group:
            _print_members(f"Respondents, {title}: {size:,}", group, size)


def _print_members(title: str, members: list[Member], size: int) -> None:
    print(f"\n{title}")
    for member in members:
        cells = "; ".join(
            f"{cell.cell} {in_short(cell.received)!r} -> {cell.coded}"
            + "".join(f" [{change}]" for change in cell.changes)
            for cell in member.cells
        )
        print(f"  response {member.response}, weight {member.weight:.4f}: {cells}")
    if size > len(members):
        print(f"  ... and {size - len(members):,} more; --rows shows all")


def _print_moved(told: Row) -> None:
    print(f"{told['cell']}, column '{told['header']}'\n")
    for entry in told["excluded"]:
        print(
            f"The response is left out ({entry['rule']}: {entry['reason']}), so it moves nothing."
        )
    if not told["kept"] and not told["excluded"]:
        print("No response stands on this row.")
    if told["kept"] and not told["estimates"]:
        print("No estimate reads this column.")
    if told["estimates"]:
        others = len(told["estimates"]) - len(told["shown"])
        print(f"{len(told['shown'])} estimates on slides:")
        for name in told["shown"]:
            print(f"  {name}")
        print(f"{others} estimates that no slide shows (--json lists them)")
        print(f"exhibits: {', '.join(told['exhibits']) or 'none'}")
        for number, title in told["slides"]:
            print(f"slide {number}, {title}")


def _with_cells(wave: WaveFiles, books: Books) -> Tables:
    """The tables that cells lead from; an overview has no cells of its own."""
    if not wave.is_overview:
        return books[""]
    studies = [f"{b.wave.survey}/{b.wave.wave}" for name, b in books.items() if name]
    raise WavedeckError(
        Problem(
            f"{wave.survey}/{wave.wave}",
            "an overview has no cells of its own",
            expected="a wave of one of its studies",
            remedy=f"ask one of them: wavedeck trace {studies[0]} --cell ...",
        )
    )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck trace", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("id", nargs="?", help="an estimate's id, such as q2a.disagree")
    parser.add_argument("--cell", help="instead of an id, a cell such as 'Responses!H23'")
    parser.add_argument("--weighted", action="store_true", help="the weighted edition")
    parser.add_argument("--rows", action="store_true", help="all respondents")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    if bool(arguments.id) == bool(arguments.cell):
        parser.error("give either an id or --cell")
    wave = Project.here().wave(arguments.wave)
    survey, _ = load_codebook(wave.codebook, wave.described)
    books = books_of(wave, survey)
    edition = "weighted" if arguments.weighted else "unweighted"
    shown = places(wave.built(f"deck/{edition}/deck.qmd"), wave.built(f"exhibits/{edition}"))
    if arguments.cell:
        told = moved_by(_with_cells(wave, books), arguments.cell, shown)
        print(json.dumps(told, indent=1, ensure_ascii=False)) if arguments.json else _print_moved(
            told
        )
        return
    everyone = arguments.rows or arguments.json
    most = None if everyone else _PAGE
    found = trace_in(books, arguments.id, edition, shown, most=most)
    if arguments.json:
        print(json.dumps(asdict(found), indent=1, ensure_ascii=False))
    else:
        _print(found, most)
