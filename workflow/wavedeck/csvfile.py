"""CSV files that a spreadsheet shows as they are.

Excel and LibreOffice take a cell for a formula when its text begins with one of = + - @, a tab or a
line end, and a respondent chooses what a comment begins with. Such a text gets an apostrophe in
front (OWASP, CSV injection); one that begins so behind apostrophes gets one more, so that reading
takes away exactly what writing has added. Numbers are written as numbers.

Workbooks need no such mark: there a text has the type of a text (`audit/xlsx.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARKED = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV: commas, line feeds, quotes where they are needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(name) for name in header])
    writer.writerows([safe(value) for value in row] for row in rows)
    return stream.getvalue()


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
