"""CSV files that a spreadsheet shows as they are.

Excel and LibreOffice take a cell for a formula when its text begins with one of = + - @, a tab or a
line end, and a respondent chooses what a comment begins with. Such a text gets an apostrophe in
front (OWASP, CSV injection); one that begins so behind apostrophes gets one more, so that reading
takes away exactly what writing has added. Numbers are written as numbers.

Workbooks need no such mark: there a text has the type of a text (`audit/xlsx.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARKED = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV: commas, line feeds, quotes where they are needed."""
    lines = (",".join(map(_cell, row)) for row in (header, *rows))
    return "".join((line or '""') + "\n" for line in lines)


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a file written by `csv_text`, texts as they were."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {plain(name): plain(value or "") for name, value in row.items() if name is not None}
            for row in csv.DictReader(stream)
        ]


def safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def plain(text: str) -> str:
    return text[1:] if _MARKED.match(text) else text


def _cell(value: object) -> str:
    """A cell as it stands in the file. Python's csv leaves a carriage return without quotes, and a
    spreadsheet begins a row behind it."""
    text = "" if value is None else str(safe(value))
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text
