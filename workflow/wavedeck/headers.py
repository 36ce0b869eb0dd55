"""What the columns of a sheet are called, and which question each of them answers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Header, Survey, on_sheet
from wavedeck.workbook import column_letter

JOINT = " › "
"""Between the texts of header rows that name a column together."""
CONTACT = ("@contact", "")
"""Stands for a column that tells who a respondent is, in place of a question and an item."""
UNUSED = ("", "")


@dataclass(frozen=True)
class Heading:
    """What a column is called, and where its header stands."""

    name: str
    """As the codebook calls it; "" for a column without a header."""
    sheet: str
    index: int
    """Position in the sheet, from 0."""
    row: int
    """The last row of the header."""

    @property
    def letter(self) -> str:
        return column_letter(self.index)


def folded(header: str) -> str:
    """A header without the differences that no eye sees: composed, spaces joined."""
    return " ".join(unicodedata.normalize("NFC", header).split())


def names_of(rows: Sequence[Sequence[str]], header: Header) -> list[str]:
    """The name of each column from the texts of the header rows; "" where no row has a text.

    A text of an upper row holds for the cells to its right until it, or a row above it, has
    another. A name that stands several times becomes 'X', 'X [2]', 'X [3]', from left to right.
    """
    if header.names != "joined":
        return _numbered(list(rows[header.names - 1]))
    held = [""] * len(rows)
    names = []
    for column in range(max(map(len, rows), default=0)):
        own = [row[column] if column < len(row) else "" for row in rows]
        if not any(own):
            names.append("")
            continue
        top = next(place for place, text in enumerate(own) if text)
        held[top:] = own[top:]
        names.append(JOINT.join(filter(None, held)))
    return _numbered(names)


def _numbered(names: list[str]) -> list[str]:
    times = Counter[str]()
    found = []
    for name in names:
        key = folded(name)
        times[key] += 1
        found.append(f"{name} [{times[key]}]" if key and times[key] > 1 else name)
    return found


def called(name: str, index: int, prefix: str, survey: Survey) -> str:
    """The codebook's name of a column: with the name of its sheet before it where that is a
    further one, and '(column D)' for one without a header where the codebook lists that."""
    if name:
        return on_sheet(prefix, name)
    letter = on_sheet(prefix, nameless(index))
    columns = survey.export.columns
    listed = {*columns.others, *columns.contact, *columns.roles.values()}
    return letter if letter in listed or letter in {h for h, *_ in survey.columns()} else ""


def nameless(index: int) -> str:
    """What the codebook may call a column without a header."""
    return f"(column {column_letter(index)})"


def match_columns(headings: Sequence[Heading], survey: Survey, path: Path) -> list[tuple[str, str]]:
    """(question, item) of each column. The response's own columns are "@response" and so on,
    contact columns "@contact".

    Raises WavedeckError with every missing, unknown or duplicate column.
    """
    meta = survey.export.columns
    spelled = {folded(header): header for header, _, _ in survey.columns()}
    known = {folded(header): (question, item) for header, question, item in survey.columns()}
    for role, header in meta.roles.items():
        known[folded(header)] = (f"@{role}", "")
        spelled[folded(header)] = header
    known |= {folded(header): CONTACT for header in meta.contact}
    joining = [on_sheet(more.sheet, more.response) for more in survey.export.more_sheets]
    for header in (*meta.others, *joining):
        known.setdefault(folded(header), UNUSED)
    keys = [folded(heading.name) for heading in headings]
    missing = [spelled[key] for key in spelled if key not in keys]
    unknown = [h.name for h in headings if h.name and folded(h.name) not in known]
    problems = twice(headings, str(path))
    problems += [
        Problem(
            f"{path}, sheet '{sheet_of(header, survey)}'",
            f"the column '{header}' is missing",
            expected="every column of the codebook",
            nearest=nearest(header, unknown),
            remedy="if the column was renamed, give its new header in survey.yaml (column:)",
        )
        for header in missing
    ]
    for heading, key in zip(headings, keys, strict=True):
        if heading.name and key not in known:
            first = folded(heading.name.rpartition(" [")[0])
            again = first in keys and key.endswith("]")
            more = f"; it is the column that bears the header '{first}' again" if again else ""
            problems.append(
                Problem(
                    f"{path}, sheet '{heading.sheet}', cell {heading.letter}{heading.row}",
                    f"the codebook does not know the column '{heading.name}'{more}",
                    nearest=nearest(heading.name, missing),
                    remedy="add a question for it to survey.yaml, "
                    "or list it under export: columns: others: (contact: where it tells who "
                    "a respondent is)",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    return [known.get(key, UNUSED) for key in keys]


def sheet_of(header: str, survey: Survey) -> str:
    """The sheet on which a column of the codebook should be."""
    names = [more.sheet for more in survey.export.more_sheets]
    return next((n for n in names if header.startswith(on_sheet(n, ""))), survey.export.sheet)


def twice(headings: Iterable[Heading], where: str) -> list[Problem]:
    """A header that reads like the number of another that stands several times."""
    alike: dict[str, list[Heading]] = {}
    for heading in headings:
        if heading.name:
            alike.setdefault(folded(heading.name), []).append(heading)
    return [
        Problem(
            f"{where}, sheet '{same[0].sheet}', "
            f"cells {', '.join(f'{heading.letter}{heading.row}' for heading in same)}",
            f"{len(same)} columns are known as '{same[0].name}'",
            expected="each column once",
            remedy="rename or delete all but one in a copy of the export",
        )
        for same in alike.values()
        if len(same) > 1
    ]
