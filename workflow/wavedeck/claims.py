"""claims: every claim of a deck with its check, and whether the data bear it out."""

from __future__ import annotations

import argparse
import json

from wavedeck.compose.stage import Inputs, claim_place, read, render_template
from wavedeck.layout import Edition, Project, WaveFiles


def listed(wave: WaveFiles, edition: Edition) -> list[dict[str, object]]:
    """Slide, words, sentence, check, whether it holds and what the data say, for each claim."""
    cleared = wave.team_file("comments.xlsx")
    inputs = Inputs(
        survey=wave.codebook,
        wave=wave.described,
        template=wave.team_file("deck.qmd.j2"),
        estimates=wave.built("estimates.parquet"),
        exhibits=wave.built(f"exhibits/{edition}"),
        answers=None if wave.is_overview else wave.built("answers.parquet"),
        comments=None if wave.is_overview else wave.built("comments.parquet"),
        cleared=cleared if cleared.exists() else None,
    )
    vocabulary, texts = read(inputs, edition)
    deck = render_template(inputs.template, vocabulary, texts)
    found: list[dict[str, object]] = []
    for number, claim in enumerate(vocabulary.claims, start=1):
        slide, sentence = claim_place(deck, number)
        found.append(
            {
                "slide": slide.number,
                "title": slide.title,
                "line": claim.line,
                "words": claim.words,
                "sentence": sentence,
                "check": claim.check,
                "holds": claim.holds,
                "says": claim.says,
            }
        )
    return found


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="wavedeck claims", description=__doc__)
    parser.add_argument("wave", metavar="SURVEY/WAVE")
    parser.add_argument("--weighted", action="store_true", help="the weighted edition")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments = parser.parse_args(argv)
    wave = Project.here().wave(arguments.wave)
    claims = listed(wave, "weighted" if arguments.weighted else "unweighted")
    broken = sum(not claim["holds"] for claim in claims)
    if arguments.json:
        print(json.dumps(claims, indent=1, ensure_ascii=False))
        return 1 if broken else 0
    for claim in claims:
        state = "holds " if claim["holds"] else "BROKEN"
        print(f"{state}  slide {claim['slide']:>2}  {claim['words']}")
        print(f"        check: {claim['check']}")
        print(f"        data:  {claim['says']}")
    print(f"\n{len(claims)} claims: {len(claims) - broken} hold, {broken} broken")
    return 1 if broken else 0
