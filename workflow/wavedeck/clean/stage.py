"""clean: cells -> answers, coded by the codebook.

Whatever is altered, recoded, dropped or excluded is a row of the ledger with its cell; what a
person should know about the export is a row of the data-quality log. A label that the codebook
does not know stops the wave.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.cells import Cells, from_table
from wavedeck.clean.closed import code_all, require_answers
from wavedeck.clean.open_text import COMMENT_COLUMNS, open_text
from wavedeck.clean.quality import log_quality
from wavedeck.clean.ranking import invalidate_ties
from wavedeck.clean.responses import (
    excluded,
    incomplete,
    organisations_of,
    refuse_bad_ids,
    response_ids,
    rows_left_out,
)
from wavedeck.clean.routing import route
from wavedeck.clean.themes import code_themes
from wavedeck.clean.work import LEDGER_COLUMNS, Work
from wavedeck.coding import Coding, coded_questions, read_coding
from wavedeck.errors import Problem, WavedeckError
from wavedeck.survey import ExcludeIncomplete, ExcludeRows, Exclusion, Survey, load_codebook


@dataclass
class Cleaned:
    """What cleaning gives."""

    answers: Answers
    comments: list[dict[str, str]]
    """Open answers, with COMMENT_COLUMNS."""
    ledger: list[dict[str, Any]]
    """Changes, with LEDGER_COLUMNS."""
    quality: list[dict[str, Any]]
    """The data-quality log: check, where, count, note."""


def clean(
    cells: Cells, survey: Survey, exclusions: list[Exclusion], source: Mapping[str, Any]
) -> Cleaned:
    """Code every closed answer, tidy open text, leave out what the exclusions name.

    Raises WavedeckError with every unknown label, rank that is none, missing required answer and
    response without an id.
    """
    work = Work(cells, kept=np.ones(len(cells.rows), dtype=bool))
    work.responses = response_ids(work)
    for exclusion in exclusions:
        if isinstance(exclusion, ExcludeRows):
            work.kept &= ~rows_left_out(exclusion, work)
    refuse_bad_ids(work)
    for exclusion in exclusions:
        if not isinstance(exclusion, ExcludeIncomplete | ExcludeRows):
            work.kept &= ~excluded(exclusion, work)
    codes = code_all(survey, work)
    invalidate_ties(codes, survey, work)
    for exclusion in exclusions:
        if isinstance(exclusion, ExcludeIncomplete):
            work.kept &= ~incomplete(exclusion, codes, survey, work)
    organisations = organisations_of(work)
    asked = route(codes, survey, work)
    require_answers(codes, survey, work)
    comments = open_text(survey, asked, work)
    if work.problems:
        raise WavedeckError(*work.problems)
    kept = work.kept_rows()
    if not kept:
        where = f"{cells.workbook}, sheet '{cells.sheet}'"
        raise WavedeckError(
            Problem(where, "no response is left after the exclusions", remedy="look at wave.yaml")
        )
    work.order()
    codes = {key: column[work.kept] for key, column in codes.items()}
    log_quality(work, source, codes, survey)
    answers = Answers(
        [cells.respondents[index] for index in kept],
        [work.responses[index] for index in kept],
        [cells.rows[index] for index in kept],
        [organisations[index] for index in kept],
        codes,
    )
    return Cleaned(answers, comments, work.ledger, work.notes)


def with_themes(cleaned: Cleaned, survey: Survey, coding: Path | None, wave: str) -> None:
    """Add the columns of coded open text to the answers. Raises WavedeckError as `read_coding`."""
    if not coded_questions(survey):
        return
    written = {(c["question"], c["response"]): c["text"] for c in cleaned.comments}
    told = read_coding(coding, survey, wave, written) if coding else Coding()
    codes = code_themes(survey, told, written, cleaned.answers.responses)
    cleaned.answers.codes.update(codes)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck clean", description=__doc__)
    for flag in ("survey", "wave", "cells", "source", "answers", "comments", "ledger", "quality"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    parser.add_argument("--coding", type=Path, help="coding.xlsx, where open text is coded")
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    result = clean(
        from_table(files.read_table(arguments.cells)),
        survey,
        wave.exclusions,
        json.loads(arguments.source.read_text(encoding="utf-8")),
    )
    with_themes(result, survey, arguments.coding, arguments.wave.parent.name)
    files.write_table(arguments.answers, result.answers.to_table())
    files.write_table(arguments.comments, _texts(result.comments, COMMENT_COLUMNS))
    files.write_table(arguments.ledger, _texts(result.ledger, LEDGER_COLUMNS))
    files.write_table(arguments.quality, pa.Table.from_pylist(result.quality))


def _texts(rows: list[dict[str, Any]], columns: list[str]) -> pa.Table:
    """Rows as a table of texts (and row numbers) that has its columns even without rows."""
    kinds = [(name, pa.int32() if name == "row" else pa.string()) for name in columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))
