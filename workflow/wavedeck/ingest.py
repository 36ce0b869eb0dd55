"""ingest: the export as received -> cells.

One row a cell with its question, its value and its address; nothing is judged or changed here
beyond knowing every column. Columns that the codebook does not know stop the wave.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path

from wavedeck import files
from wavedeck.cells import Cells, Column, to_table
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Survey, load_codebook
from wavedeck.workbook import Sheet, Value, column_letter, read_sheet


def respondent_key(sheet: Sheet, row: int) -> str:
    """Workbook sha256 (its first 12 digits), sheet and row: the same answer sheet, the same key."""
    return f"{sheet.sha256[:12]}:{sheet.name}:{row}"


def match_columns(headers: Sequence[str], survey: Survey, where: str) -> list[tuple[str, str]]:
    """(question, item) of each header. The response's own columns are "@response" and so on.

    Raises WavedeckError with every missing, unknown, duplicate or unnamed column.
    """
    meta = survey.export.columns
    known = {_folded(header): (question, item) for header, question, item in survey.columns()}
    spelled = {_folded(header): header for header, _, _ in survey.columns()}
    for role in ("response", "organisation", "status", "submitted"):
        if header := getattr(meta, role):
            known[_folded(header)] = (f"@{role}", "")
            spelled[_folded(header)] = header
    for header in meta.others:
        known.setdefault(_folded(header), ("", ""))
    folded = [_folded(header) for header in headers]
    problems = []
    for header, times in Counter(folded).items():
        if header and times > 1:
            cells = ", ".join(f"{column_letter(i)}1" for i, h in enumerate(folded) if h == header)
            problems.append(
                Problem(
                    f"{where}, cells {cells}",
                    f"the column '{headers[folded.index(header)]}' stands {times} times",
                    expected="each column once",
                    remedy="rename or delete all but one in a copy of the export",
                )
            )
    missing = [spelled[header] for header in spelled if header not in folded]
    unknown = [header for header in headers if header and _folded(header) not in known]
    problems += [
        Problem(
            where,
            f"the column '{header}' is missing",
            expected="every column of the codebook",
            nearest=nearest(header, unknown),
            remedy="if the column was renamed, give its new header in survey.yaml (column:)",
        )
        for header in missing
    ]
    for index, header in enumerate(headers):
        if header and _folded(header) not in known:
            problems.append(
                Problem(
                    f"{where}, cell {column_letter(index)}1",
                    f"the codebook does not know the column '{header}'",
                    nearest=nearest(header, missing),
                    remedy="add a question for it to survey.yaml, "
                    "or list it under export: columns: others:",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    return [known.get(header, ("", "")) for header in folded]


def _folded(header: str) -> str:
    """A header without the differences that no eye sees: composed, spaces joined."""
    return " ".join(unicodedata.normalize("NFC", header).split())


def cells_of(sheet: Sheet, survey: Survey, where: str) -> Cells:
    """All cells below the header row. Rows that are empty in every column are left out.

    Raises WavedeckError for unknown columns, values outside them and error cells.
    """
    if not sheet.rows:
        raise WavedeckError(
            Problem(
                where, "the sheet is empty", "a header row and answers", remedy="export it again"
            )
        )
    headers = [_text(value) or "" for value in sheet.rows[0]]
    places = match_columns(headers, survey, where)
    _refuse_errors(sheet, where)
    numbers = [
        number
        for number, row in enumerate(sheet.rows[1:], start=2)
        if any(value != "" for value in row)
    ]
    if not numbers:
        raise WavedeckError(
            Problem(where, "the sheet has a header and no answers", remedy="export it again")
        )
    columns = []
    problems = []
    for index, (question, item) in enumerate(places):
        raw = [sheet.rows[number - 1][index] for number in numbers]
        letter = column_letter(index)
        if headers[index]:
            texts, types = [_text(value) for value in raw], [_type(value) for value in raw]
            columns.append(Column(question, item, headers[index], letter, texts, types))
        elif (stray := next((i for i, v in enumerate(raw) if v != ""), None)) is not None:
            problems.append(
                Problem(
                    f"{where}, cell {letter}{numbers[stray]}",
                    f"a value ({raw[stray]!r}) in a column without a header",
                    remedy="give the column a header, or clear it, in a copy of the export",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    keys = [respondent_key(sheet, number) for number in numbers]
    return Cells(sheet.workbook, sheet.name, keys, numbers, columns)


def _refuse_errors(sheet: Sheet, where: str) -> None:
    if sheet.scan.error_cells:
        raise WavedeckError(
            *(
                Problem(
                    f"{where}, cell {cell}",
                    f"the cell holds the error {error}",
                    expected="an answer or an empty cell",
                    remedy="mend the formula or clear the cell in a copy of the export",
                )
                for cell, error in sheet.scan.error_cells
            )
        )


def _text(value: Value) -> str | None:
    """A cell as text, or None for an empty one. 3.0 is "3"; dates are ISO 8601."""
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    # Excel writes some control characters as _x000D_ and the like.
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), str(value))


def _type(value: Value) -> str:
    if isinstance(value, str):
        return "text" if value else "empty"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "date"


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
    cells = cells_of(sheet, survey, f"{path}, sheet '{sheet.name}'")
    source = {
        "workbook": sheet.workbook,
        "sha256": sheet.sha256,
        "sheet": sheet.name,
        "rows": len(sheet.rows) - 1,
        "responses": len(cells.rows),
        "scan": asdict(sheet.scan),
        "columns": [
            {"column": c.letter, "header": c.header, "question": c.question, "item": c.item}
            for c in cells.columns
        ],
    }
    files.write_table(arguments.cells, to_table(cells), group=len(cells.rows))
    files.write_text(arguments.source, json.dumps(source, indent=1) + "\n")
