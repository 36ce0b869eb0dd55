"""awaiting: comments + comments.xlsx -> awaiting.csv, the comments that nobody has decided on.

A stage of its own, before the deck: a template that shows more comments than are cleared stops the
deck, and the list is what helps.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pyarrow as pa

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.compose.comments import COLUMNS, EDITORS, load, undecided
from wavedeck.survey import load_codebook


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck awaiting", description=__doc__)
    for flag in ("survey", "wave", "answers", "comments", "out"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    parser.add_argument("--cleared", type=Path, help="comments.xlsx, the editor's decisions")
    given = parser.parse_args(argv)
    survey, _ = load_codebook(given.survey, given.wave)
    received = files.read_table(given.comments).to_pylist()
    name = given.wave.parent.name
    if given.cleared:
        answers = Answers.from_table(files.read_table(given.answers))
        rows = load(given.cleared, name, survey, received, answers).awaiting
    else:
        rows = undecided(name, {(c["question"], c["response"]): c["text"] for c in received})
    schema = pa.schema([(column, pa.string()) for column in [*COLUMNS, *EDITORS]])
    files.write_table(given.out, pa.Table.from_pylist(rows, schema=schema))
