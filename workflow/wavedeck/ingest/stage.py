"""An export's sheets -> cells and what is told of the source."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wavedeck import files
from wavedeck.cells import Cells, Column, to_table, type_of
from wavedeck.contact import looks_like
from wavedeck.errors import Problem, WavedeckError
from wavedeck.headers import CONTACT, UNUSED, Heading, match_columns, nameless
from wavedeck.ingest.fit import refuse, refuse_misfits
from wavedeck.ingest.received import Received, columns_of, place, read_sheets, some
from wavedeck.survey import Survey, Wave, load_codebook, on_sheet
from wavedeck.workbook import Sheet


@dataclass(frozen=True)
class Ingested:
    """What an export gives."""

    cells: Cells
    source: dict[str, Any]
    """The workbook, its sheets and columns, as source.json tells them."""


def read_export(path: Path, survey: Survey) -> Ingested:
    """All cells below the headers but those of contact columns.

    Raises WavedeckError for what is no such workbook, unknown columns, values outside them, error
    cells, and rows of a further sheet that belong to no response.
    """
    sheets = read_sheets(path, survey.export)
    return _ingested(sheets, columns_of(sheets, survey, path), survey, path)


def read_wave(path: Path, survey: Survey, wave: Wave, described: Path) -> Ingested:
    """As `read_export`; of a later wave every misfit is told at once, with what to add to its
    wave.yaml at `described`."""
    try:
        sheets = read_sheets(path, survey.export)
        columns = columns_of(sheets, survey, path)
    except WavedeckError:
        if wave.previous:
            refuse(survey, wave, described, path)
        raise
    if wave.previous:
        refuse_misfits(columns, survey, wave, described, path)
    return _ingested(sheets, columns, survey, path, described if wave.previous else None)


def _ingested(
    sheets: Sequence[Sheet],
    columns: Sequence[Received],
    survey: Survey,
    path: Path,
    changes: Path | None = None,
) -> Ingested:
    """`changes`: where a later wave declares what is otherwise."""
    listed = str(changes) if changes else "survey.yaml"
    places = match_columns([column.heading for column in columns], survey, path)
    contact = _contact(columns, places)
    _refuse_errors(sheets, survey.export.no_answer, path, listed)
    _refuse_strays(columns, survey.export.sheet, path, changes)
    # SPSS writes #NULL! where there is no answer; the reader gives a blank, the ledger its text.
    errors = {sheet.name: dict(sheet.scan.error_cells) for sheet in sheets}
    read = [
        _column(column, where, errors[column.heading.sheet])
        for column, where in zip(columns, places, strict=True)
        if column.heading.name and column.heading not in contact
    ]
    first = sheets[0]
    rows = [row for row in columns[0].rows if row is not None]
    cells = Cells(first.workbook, [respondent_key(first, row) for row in rows], rows, read)
    return Ingested(cells, _source(sheets, columns, cells, contact))


def respondent_key(sheet: Sheet, row: int) -> str:
    """Workbook sha256 (its first 12 digits), sheet and row: the same answer sheet, the same key."""
    return f"{sheet.sha256[:12]}:{sheet.name}:{row}"


def _contact(columns: Iterable[Received], places: Iterable[tuple[str, str]]) -> dict[Heading, str]:
    """Why some columns are never read into a table."""
    found = {}
    for column, where in zip(columns, places, strict=True):
        name = column.heading.name
        if where == CONTACT:
            found[column.heading] = "listed under contact:"
        elif name and where == UNUSED and (kind := looks_like(name, column.texts)):
            found[column.heading] = f"listed under others:, and its values look like {kind}"
    return found


def _column(column: Received, where: tuple[str, str], errors: Mapping[str, str]) -> Column:
    heading, texts = column.heading, column.texts
    types = [type_of(value) for value in column.values]
    for index, row in enumerate(column.rows) if errors else ():
        if error := errors.get(f"{heading.letter}{row}"):
            texts[index], types[index] = error, "text"
    return Column(*where, heading.name, heading.sheet, heading.letter, column.rows, texts, types)


def _refuse_strays(
    columns: Iterable[Received], first: str, path: Path, changes: Path | None
) -> None:
    """Values in columns that nothing names."""
    problems = []
    for column in columns:
        heading = column.heading
        if heading.name:
            continue
        for row, text in zip(column.rows, column.texts, strict=True):
            if text is not None:
                sheet = "" if heading.sheet == first else heading.sheet
                listed = on_sheet(sheet, nameless(heading.index))
                problems.append(
                    Problem(
                        f"{path}, sheet '{heading.sheet}', cell {heading.letter}{row}",
                        f"a value ('{text}') in a column without a header",
                        remedy=f"{_listing(listed, changes)}, or clear it in a copy of the export",
                    )
                )
                break
    if problems:
        raise WavedeckError(*problems)


def _listing(name: str, changes: Path | None) -> str:
    if changes:
        return f'add to {changes}: export: {{others: ["{name}"]}}'
    return f"list it in survey.yaml as '{name}' (export: columns: others:)"


def _refuse_errors(
    sheets: Iterable[Sheet], no_answer: Sequence[str], path: Path, listed: str
) -> None:
    """Error cells stop the wave, but for errors that the codebook lists as no answer; so do
    formulas without a value, which look empty and are not."""
    problems = [
        Problem(
            f"{place(path, sheet)}, cell {cell}",
            f"the cell holds the error {error}",
            expected="an answer or an empty cell",
            remedy="mend the formula or clear the cell in a copy of the export; where it "
            f"means no answer, list it in {listed} (export: no_answer:)",
        )
        for sheet in sheets
        for cell, error in sheet.scan.error_cells
        if error not in no_answer
    ]
    for sheet in sheets:
        if cells := sheet.scan.unvalued_cells:
            count = "a formula" if len(cells) == 1 else f"{len(cells)} formulas"
            problems.append(
                Problem(
                    f"{place(path, sheet)}, cell {some(cells)}",
                    f"{count} without a value: the program that wrote the workbook computed none",
                    expected="an answer, or a formula with its value",
                    remedy="open the workbook in Excel or LibreOffice and save it, which computes "
                    "them; or write the answer in place of the formula, in a copy of the export",
                )
            )
    if problems:
        raise WavedeckError(*problems)


def _source(
    sheets: Sequence[Sheet],
    columns: Sequence[Received],
    cells: Cells,
    contact: Mapping[Heading, str],
) -> dict[str, Any]:
    first = sheets[0]
    told = []
    for sheet in sheets:
        own = next(column for column in columns if column.heading.sheet == sheet.name)
        read = sum(row is not None for row in own.rows)
        below = len(sheet.rows) - own.heading.row
        told.append({"sheet": sheet.name, "first_row": own.heading.row + 1, "rows": below})
        told[-1] |= {"responses": read, "scan": json.loads(json.dumps(asdict(sheet.scan)))}
    return {
        "workbook": first.workbook,
        "sha256": first.sha256,
        "sheet": first.name,
        "sheets": told,
        "columns": [
            {
                "sheet": c.sheet,
                "column": c.letter,
                "header": c.header,
                "question": c.question,
                "item": c.item,
            }
            for c in cells.columns
        ],
        "contact": [
            {"sheet": h.sheet, "column": h.letter, "header": h.name, "why": why}
            for h, why in contact.items()
        ],
    }


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck ingest", description=__doc__)
    parser.add_argument("--survey", type=Path, required=True)
    parser.add_argument("--wave", type=Path, required=True)
    parser.add_argument("--cells", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    path = arguments.wave.parent / wave.workbook
    found = read_wave(path, survey, wave, arguments.wave)
    table = to_table(found.cells)
    files.write_table(arguments.cells, table, group=len(found.cells.rows))
    files.write_text(arguments.source, json.dumps(found.source, indent=1) + "\n")
