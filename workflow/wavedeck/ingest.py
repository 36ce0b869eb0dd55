"""ingest: the export as received -> cells.

One row a cell with its question, its value and its address; nothing is judged or changed here
beyond knowing every column. Columns that the codebook does not know stop the wave; columns that
tell who a respondent is are not read at all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from wavedeck import files
from wavedeck.cells import Cells, Column, text_of, to_table, type_of
from wavedeck.contact import looks_like
from wavedeck.errors import Problem, WavedeckError
from wavedeck.fit import misfits
from wavedeck.headers import CONTACT, UNUSED, match_columns, names_of
from wavedeck.survey import Survey, load_codebook
from wavedeck.workbook import Sheet, column_letter, read_sheet


def respondent_key(sheet: Sheet, row: int) -> str:
    """Workbook sha256 (its first 12 digits), sheet and row: the same answer sheet, the same key."""
    return f"{sheet.sha256[:12]}:{sheet.name}:{row}"


@dataclass(frozen=True)
class Layout:
    """A sheet's columns: what each is called and answers, and which are kept out."""

    names: list[str]
    places: list[tuple[str, str]]
    """(question, item), "@response" and so on, or "@contact"."""
    first: int
    """The row of the first answers."""
    contact: dict[int, str]
    """Why a column, by position, is never read into a table."""


def layout_of(sheet: Sheet, survey: Survey, where: str) -> Layout:
    """Names and matches of all columns. Raises WavedeckError where the codebook does not fit."""
    header = survey.export.header
    if not sheet.rows:
        raise WavedeckError(
            Problem(
                where, "the sheet is empty", "a header row and answers", remedy="export it again"
            )
        )
    above = sheet.rows[header.first - 1 : header.last]
    names = names_of([[text_of(value) or "" for value in row] for row in above], header)
    names += [""] * (len(sheet.rows[0]) - len(names))
    names = with_letters(names, survey)
    places = match_columns(names, survey, where)
    contact = {}
    for index, (name, place) in enumerate(zip(names, places, strict=True)):
        if place == CONTACT:
            contact[index] = "listed under contact:"
        elif name and place == UNUSED:
            kind = looks_like(name, [text_of(row[index]) for row in sheet.rows[header.last :]])
            if kind:
                contact[index] = f"listed under others:, and its values look like {kind}"
    return Layout(names, places, header.last + 1, contact)


def with_letters(names: Sequence[str], survey: Survey) -> list[str]:
    """Names of columns; one without a header is '(column D)' where the codebook calls it that."""
    columns = survey.export.columns
    listed = {header for header, *_ in survey.columns()}
    listed |= {*columns.others, *columns.contact, *columns.roles.values()}
    letters = [nameless(index) for index in range(len(names))]
    return [
        name or (letter if letter in listed else "")
        for name, letter in zip(names, letters, strict=True)
    ]


def nameless(index: int) -> str:
    """What the codebook may call a column without a header."""
    return f"(column {column_letter(index)})"


def cells_of(sheet: Sheet, survey: Survey, where: str) -> Cells:
    """All cells below the header but those of contact columns. Empty rows are left out.

    Raises WavedeckError for unknown columns, values outside them and error cells.
    """
    return _cells(sheet, layout_of(sheet, survey, where), survey.export.no_answer, where)


def _cells(sheet: Sheet, layout: Layout, no_answer: Sequence[str], where: str) -> Cells:
    _refuse_errors(sheet, no_answer, where)
    # SPSS writes #NULL! where there is no answer; the reader gives a blank, the ledger its text.
    errors = dict(sheet.scan.error_cells)
    numbers = [
        number
        for number, row in enumerate(sheet.rows[layout.first - 1 :], start=layout.first)
        if any(value != "" for value in row)
    ]
    if not numbers:
        raise WavedeckError(
            Problem(where, "the sheet has a header and no answers", remedy="export it again")
        )
    columns = []
    problems = []
    for index, (question, item) in enumerate(layout.places):
        if index in layout.contact:
            continue
        raw = [sheet.rows[number - 1][index] for number in numbers]
        letter, name = column_letter(index), layout.names[index]
        if name:
            texts, types = [text_of(value) for value in raw], [type_of(value) for value in raw]
            for place, number in enumerate(numbers) if errors else ():
                if error := errors.get(f"{letter}{number}"):
                    texts[place], types[place] = error, "text"
            columns.append(Column(question, item, name, letter, texts, types))
        elif (stray := next((i for i, v in enumerate(raw) if v != ""), None)) is not None:
            problems.append(
                Problem(
                    f"{where}, cell {letter}{numbers[stray]}",
                    f"a value ({raw[stray]!r}) in a column without a header",
                    remedy=f"list it in survey.yaml as '(column {letter})' (export: columns: "
                    "others:), or clear it in a copy of the export",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    keys = [respondent_key(sheet, number) for number in numbers]
    return Cells(sheet.workbook, sheet.name, keys, numbers, columns)


def _refuse_errors(sheet: Sheet, no_answer: Sequence[str], where: str) -> None:
    """Error cells stop the wave, but for errors that the codebook lists as no answer."""
    found = [(cell, error) for cell, error in sheet.scan.error_cells if error not in no_answer]
    if found:
        raise WavedeckError(
            *(
                Problem(
                    f"{where}, cell {cell}",
                    f"the cell holds the error {error}",
                    expected="an answer or an empty cell",
                    remedy="mend the formula or clear the cell in a copy of the export; where it "
                    "means no answer, list it in survey.yaml (export: no_answer:)",
                )
                for cell, error in found
            )
        )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck ingest", description=__doc__)
    parser.add_argument("--survey", type=Path, required=True)
    parser.add_argument("--wave", type=Path, required=True)
    parser.add_argument("--cells", type=Path, required=True)
    parser.add_argument("--source", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    path = arguments.wave.parent / wave.workbook
    sheet = read_sheet(path, survey.export.sheet)
    where = f"{path}, sheet '{sheet.name}'"
    if wave.previous:
        texts = [[text_of(value) for value in row] for row in sheet.rows]
        if problems := misfits(texts, survey, wave, arguments.wave, where):
            raise WavedeckError(*problems)
    layout = layout_of(sheet, survey, where)
    cells = _cells(sheet, layout, survey.export.no_answer, where)
    source = {
        "workbook": sheet.workbook,
        "sha256": sheet.sha256,
        "sheet": sheet.name,
        "first_row": layout.first,
        "rows": len(sheet.rows) - layout.first + 1,
        "responses": len(cells.rows),
        "scan": asdict(sheet.scan),
        "columns": [
            {"column": c.letter, "header": c.header, "question": c.question, "item": c.item}
            for c in cells.columns
        ],
        "contact": [
            {"column": column_letter(index), "header": layout.names[index], "why": why}
            for index, why in layout.contact.items()
        ],
    }
    files.write_table(arguments.cells, to_table(cells), group=len(cells.rows))
    files.write_text(arguments.source, json.dumps(source, indent=1) + "\n")
