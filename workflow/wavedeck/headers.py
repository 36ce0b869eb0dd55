"""What the columns of a sheet are called, and which question each of them answers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.survey import Header, Survey
from wavedeck.workbook import column_letter

JOINT = " › "
"""Between the texts of header rows that name a column together."""
CONTACT = ("@contact", "")
"""Stands for a column that tells who a respondent is, in place of a question and an item."""
UNUSED = ("", "")


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


def match_columns(names: Sequence[str], survey: Survey, where: str) -> list[tuple[str, str]]:
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
    for header in meta.others:
        known.setdefault(folded(header), UNUSED)
    keys = [folded(name) for name in names]
    row = survey.export.header.last
    missing = [spelled[key] for key in spelled if key not in keys]
    unknown = [name for name in names if name and folded(name) not in known]
    problems = _twice(names, keys, row, where)
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
    for index, name in enumerate(names):
        if name and keys[index] not in known:
            first = folded(name.rpartition(" [")[0])
            again = first in keys and folded(name).endswith("]")
            more = f"; it is the column that bears the header '{first}' again" if again else ""
            problems.append(
                Problem(
                    f"{where}, cell {column_letter(index)}{row}",
                    f"the codebook does not know the column '{name}'{more}",
                    nearest=nearest(name, missing),
                    remedy="add a question for it to survey.yaml, "
                    "or list it under export: columns: others: (contact: where it tells who "
                    "a respondent is)",
                )
            )
    if problems:
        raise WavedeckError(*problems)
    return [known.get(key, UNUSED) for key in keys]


def _twice(names: Sequence[str], keys: Sequence[str], row: int, where: str) -> list[Problem]:
    """A header that reads like the number of another that stands several times."""
    found = []
    for key, times in Counter(keys).items():
        if key and times > 1:
            places = [index for index, other in enumerate(keys) if other == key]
            cells = ", ".join(f"{column_letter(index)}{row}" for index in places)
            found.append(
                Problem(
                    f"{where}, cells {cells}",
                    f"{times} columns are known as '{names[places[0]]}'",
                    expected="each column once",
                    remedy="rename or delete all but one in a copy of the export",
                )
            )
    return found
