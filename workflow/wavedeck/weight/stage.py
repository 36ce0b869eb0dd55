"""weight: answers and population -> a weight for each respondent, and how far the margins moved.

Each organisation counts once, however many of its people answered; organisations that are not of
the frame get no weight; then the weights are raked to the frame's margins within bounds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from wavedeck import files
from wavedeck.frame import FrameCounts, frame_counts
from wavedeck.survey import load_codebook
from wavedeck.weight.respondents import Respondents, questions_of
from wavedeck.weight.weigh import weigh


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck weight", description=__doc__)
    for option in ("survey", "wave", "answers", "weights", "margins", "bounds", "summary"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--frames", type=Path, required=True, help="the folder raw/frames")
    arguments = parser.parse_args(argv)
    survey, _ = load_codebook(arguments.survey, arguments.wave)
    counts: FrameCounts = {}
    if survey.weighting:
        counts = frame_counts(arguments.frames, survey)
    columns = ["respondent", "row", "organisation", *questions_of(survey)]
    answers = files.read_table(arguments.answers, columns)
    result = weigh(Respondents.from_table(answers, survey), survey, counts)
    files.write_table(arguments.weights, result.weights)
    files.write_table(arguments.margins, result.margins)
    files.write_table(arguments.bounds, result.bounds)
    files.write_text(arguments.summary, json.dumps(result.summary, indent=2) + "\n")
