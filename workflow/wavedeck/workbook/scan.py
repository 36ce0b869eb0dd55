"""What a sheet's XML shows and its values alone do not, and whether it is safe to read.

calamine lays every sheet out as a full rectangle and copies a shared text into every cell that
names it, so a small file can ask for any amount of memory. This pass, a mebibyte at a time, counts
before calamine is called: the rectangle, the cells, the texts. It also checks what calamine does
not: addresses that disagree with their row, cells that stand twice, texts that do not exist.

numpy looks at the bytes of regular XML, as every known program writes it. XML with comments,
prefixes or cells without an address is put into that form first (`regular.py`), by a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wavedeck.workbook.file import MIB
from wavedeck.workbook.package import Package
from wavedeck.workbook.regular import IrregularError, regular_sheet
from wavedeck.workbook.strings import lengths_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

ROWS, COLUMNS = 1_048_576, 16_384
"""What Excel's sheets hold."""
CELLS_LIMIT = 16_777_216
"""Cells of the rectangle from A1 to the last value: 1,048,576 rows of 16, 100,000 of 167."""
TEXT_LIMIT = 256 * MIB
"""Bytes of text in all cells together."""
NOTED_LIMIT = 1_000_000
"""Formulas and error cells with their addresses."""
CELL_LIMIT = 4 * MIB
"""Bytes of XML of one cell; Excel's cells hold 32,767 characters."""

_COLUMN = re.compile(rb"<col\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\s(\w+)\s*=\s*["']([^"']*)["']""")
_ERROR = re.compile(rb"""<c (?=[^<>]*\st\s*=\s*["']e["'])[^<>]*>(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?""")
_VALUED = re.compile(rb"<v(?:\s[^<>]*)?>[^<]")
_TEXT = re.compile(rb"""<c [^<>]*\st\s*=\s*["']str["']""")
"""A formula that gives a text, which may be empty."""
_ENTITY = re.compile(rb"<v>[^<&]*&")
_FORMATTED = re.compile(rb"""<c [^<>]*\ss\s*=\s*["']0*[1-9]""")
_HIDDEN = re.compile(rb"""<row r="(\d+)"[^<>]*?\shidden\s*=\s*["'](?:1|true)["']""")


@dataclass(frozen=True)
class Scan:
    """What values alone do not show. Rows are 1-based, columns are letters, cells are like H23."""

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    formula_cells: tuple[str, ...] = ()
    error_cells: tuple[tuple[str, str], ...] = ()
    """(cell, error), such as ("H23", "#DIV/0!")."""
    unvalued_cells: tuple[str, ...] = ()
    """Formulas without a value: no program has computed them, and readers see empty cells."""
    merged_cells: tuple[str, ...] = ()
    """Areas such as "C5:C7", of which only the first cell holds a value."""
    external_links: tuple[str, ...] = ()
    """What formulas refer to outside of the workbook; the values stored with them are used."""


@dataclass(frozen=True)
class Extent:
    """The rectangle from A1 to the last value; 0 by 0 for an empty sheet."""

    rows: int
    columns: int


def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def scan_sheet(package: Package, sheet: str) -> tuple[Scan, Extent]:
    """Scan one sheet. Raises WavedeckError for one that is broken or too large to be read."""
    # glibc returns freed memory to the system, at half of this pass's time, unless it has once
    # freed a larger block than those that come and go here.
    bytearray(16 * MIB)
    part = package.part_of(sheet)
    lengths = lengths_of(package)
    try:
        found = _scan(lambda: package.chunks(part), package, lengths)
    except IrregularError:
        try:
            found = _scan(lambda: regular_sheet(package.chunks(part)), package, lengths)
        except IrregularError as error:
            raise package.broken(f"sheet '{sheet}', {error}") from None
    return found.scan(package.external_links), Extent(found.last_row, found.last_column)


@dataclass
class _Found:
    """What has been counted so far."""

    package: Package
    lengths: Places
    """Bytes of each shared text."""
    row: int = 0
    """The row that the chunk before ended in."""
    column: int = 0
    """Its last cell; 0 for none."""
    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    reach: int = 0
    """The columns of each row's last cell, empty or not, added up: what a row costs openpyxl."""
    text: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)

    def scan(self, external_links: tuple[str, ...]) -> Scan:
        return Scan(
            tuple(self.hidden_rows),
            tuple(self.hidden_columns),
            tuple(self.formulas),
            tuple(self.errors),
            tuple(self.unvalued),
            external_links=external_links,
        )


def _scan(chunks: Callable[[], Iterator[bytes]], package: Package, lengths: Places) -> _Found:
    """Scan regular XML. Raises IrregularError for any other."""
    found = _Found(package, lengths)
    waiting, in_data, ended = b"", False, False
    for chunk in chunks():
        if ended:
            continue  # what stands below the cells is inflated for its size and checksum only
        waiting += chunk
        if not in_data:
            start = waiting.find(b"<sheetData")
            if start < 0:
                if len(waiting) > CELL_LIMIT:
                    raise IrregularError("no cells where they should begin")
                continue
            _before(waiting[:start], found)
            waiting, in_data = waiting[start:], True
        cut = waiting.rfind(b"<c ")
        end = waiting.find(b"</sheetData", max(cut, 0))
        ended = end >= 0 or re.match(rb"<sheetData\s*/>", waiting) is not None
        cut = end if end >= 0 else cut
        if cut > 0:
            _count(waiting[:cut], found)
            waiting = waiting[cut:]
        if len(waiting) > CELL_LIMIT + MIB and not ended:
            raise package.too_large("a cell holds more than a mebibyte of text")
    if not ended:
        raise IrregularError("the cells do not end")
    return found


def _before(xml: bytes, found: _Found) -> None:
    """What stands above the cells: a plain root element, and columns that are hidden."""
    head = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    head = head[head.find(b"?>") + 2 :] if head.startswith(b"<?xml") else head
    if not re.match(rb"\s*<worksheet[\s>]", head) or re.search(rb"<[?!]|<\w+:|<(?:c|row)\s", head):
        raise IrregularError("the sheet does not begin as a sheet does")
    hidden = bytearray(COLUMNS + 1)
    for tag in _COLUMN.findall(head):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get(b"hidden") in (b"1", b"true"):
            try:
                first, last = int(attributes[b"min"]), int(attributes[b"max"])
            except (KeyError, ValueError):
                raise IrregularError("a column without its number") from None
            first, last = max(first, 1), min(last, COLUMNS)
            hidden[first : last + 1] = b"\1" * max(0, last + 1 - first)
    found.hidden_columns = [column_letter(n - 1) for n in range(COLUMNS + 1) if hidden[n]]


def _count(xml: bytes, found: _Found) -> None:
    """Count the whole cells of a piece of `sheetData`."""
    import numpy as np

    a = np.frombuffer(xml + b"\0" * 32, np.uint8)
    tags = np.flatnonzero(a == ord("<"))
    first, second = a[tags + 1], a[tags + 2]
    blanks, equals = a <= ord(" "), a == ord("=")
    _refuse_irregular(a, tags, first, second, blanks, equals)
    row_tags = tags[(first == ord("r")) & (second == ord("o"))]
    cells = tags[first == ord("c")]
    addresses = (a[1:-1] == ord("r")) & equals[2:] & blanks[:-2]
    if np.count_nonzero(addresses) != len(row_tags) + len(cells):
        raise IrregularError("a row or a cell has no address, or two")

    rows = _numbers(a, _attribute(a, row_tags + 4), 8)[0]
    letters, ends = _letters(a, _attribute(a, cells + 2))
    numbers, ends = _numbers(a, ends, 8)
    if not ((a[ends] == ord('"')).all() and (letters > 0).all()):
        raise IrregularError("a cell's address is not like H23")
    _check_addresses(found, rows, row_tags, cells, numbers, letters)

    # A cell without a value, only with a format or a formula, is as good as none.
    values = tags[(first == ord("v")) | (first == ord("i"))]
    owners = np.searchsorted(cells, values) - 1
    found.cells += len(cells)
    if len(cells):
        found.reach += int(letters[np.append(np.diff(numbers) != 0, True)].sum())
        if len(owners):
            found.last_row = max(found.last_row, int(numbers[owners].max()))
            found.last_column = max(found.last_column, int(letters[owners].max()))
    _check_size(found)

    quotes = (a == ord('"')) | (a == ord("'"))
    framed = quotes[:-2] & quotes[2:]
    texts = framed & (a[1:-1] == ord("s"))
    if len(cells) and texts.any():
        _add_texts(found, a, np.flatnonzero(texts), cells, values, owners)
    if (framed & (a[1:-1] == ord("e"))).any():
        found.errors += _errors(xml)
    is_formula = first == ord("f")
    if is_formula.any():
        blank = np.isin(second, np.frombuffer(b" />", np.uint8))
        _add_formulas(found, xml, tags[is_formula & blank], cells, numbers, letters)
    if len(found.formulas) + len(found.errors) > NOTED_LIMIT:
        raise found.package.too_large(f"the sheet has more than {NOTED_LIMIT:,} formulas")
    for place in row_tags.tolist():
        if match := _HIDDEN.match(xml, place):
            found.hidden_rows.append(int(match[1]))
    if not found.package.styles and _FORMATTED.search(xml):
        raise found.package.broken(
            "the formats of its cells (xl/styles.xml) are missing, and with them which numbers"
            " are dates"
        )
    if b"&" in xml:
        _refuse_entities(xml, found)


def _refuse_entities(xml: bytes, found: _Found) -> None:
    """calamine reads a number up to the first entity, so that 1&#49; would be 1 and not 11."""
    for match in _ENTITY.finditer(xml):
        if not re.search(
            rb"""\st\s*=\s*["']str["']""", xml[xml.rfind(b"<c ", 0, match.start()) :][:200]
        ):
            raise found.package.broken("a number is written with an entity of XML")


def _check_size(found: _Found) -> None:
    area = found.last_row * found.last_column
    if area > CELLS_LIMIT:
        last = f"{column_letter(found.last_column - 1)}{found.last_row}"
        raise found.package.too_large(f"the sheet reaches to cell {last}, {area:,} cells")
    if found.cells > CELLS_LIMIT or found.reach > 4 * CELLS_LIMIT:
        raise found.package.too_large(f"the sheet has more than {CELLS_LIMIT:,} cells")


def _refuse_irregular(
    a: Bytes, tags: Places, first: Bytes, second: Bytes, blanks: Flags, equals: Flags
) -> None:
    """Comments, prefixes, cells without attributes, blanks around an equals sign.

    `first` and `second` are the letters behind the opening bracket of each tag.
    """
    import numpy as np

    if ((first == ord("!")) | (first == ord("?"))).any():
        raise IrregularError("a comment among the cells")
    if ((first == ord("c")) & (second != ord(" "))).any():
        raise IrregularError("a cell without an address")
    if (blanks[:-1] & equals[1:]).any():
        raise IrregularError("a blank before an equals sign")
    colons = np.flatnonzero(a == ord(":"))
    if len(colons):
        # A colon belongs to a tag's name if no blank and no end stands between it and the tag.
        stops = np.flatnonzero(blanks | (a == ord(">")))
        opened = np.concatenate(([-1], tags))[np.searchsorted(tags, colons)]
        closed = np.concatenate(([-1], stops))[np.searchsorted(stops, colons)]
        if (opened > closed).any():
            raise IrregularError("a prefix among the cells")


def _attribute(a: Bytes, places: Places) -> Places:
    """Where the value begins of the attribute r, which must come first: ` r="`."""
    for offset, letter in enumerate(b' r="'):
        if not (a[places + offset] == letter).all():
            raise IrregularError("a row or a cell does not begin with its address")
    return places + 4


def _numbers(a: Bytes, places: Places, most: int) -> tuple[Places, Places]:
    """The whole numbers at `places` (0 where there is none), and where they end."""
    import numpy as np

    values, at = np.zeros(len(places), np.int64), places.copy()
    for _ in range(most):
        digits = a[at] - np.uint8(ord("0"))
        here = digits < 10
        if not here.any():
            break
        values = np.where(here, values * 10 + digits, values)
        at += here
    return values, at


def _letters(a: Bytes, places: Places) -> tuple[Places, Places]:
    """The columns named at `places`, from 1, and where the letters end."""
    import numpy as np

    values, at = np.zeros(len(places), np.int64), places.copy()
    for _ in range(3):
        letters = a[at] - np.uint8(ord("A"))
        here = letters < 26
        if not here.any():
            break
        values = np.where(here, values * 26 + letters + 1, values)
        at += here
    return values, at


def _check_addresses(
    found: _Found, rows: Places, row_tags: Places, cells: Places, numbers: Places, letters: Places
) -> None:
    """Rows and cells in order, each once, each where it says that it is."""
    import numpy as np

    if len(rows) and not (np.diff(rows, prepend=found.row) > 0).all():
        raise found.package.broken("the rows are out of order, or one stands twice")
    if len(rows) and rows[-1] > ROWS:
        raise found.package.broken(f"row {int(rows[-1]):,} is beyond a sheet's end")
    if not len(cells):
        found.row, found.column = (int(rows[-1]), 0) if len(rows) else (found.row, found.column)
        return
    own = np.concatenate(([found.row], rows))[np.searchsorted(row_tags, cells)]
    bad = (own != numbers) | (letters > COLUMNS)
    if bad.any():
        place = int(np.flatnonzero(bad)[0])
        cell = f"{column_letter(int(letters[place]) - 1)}{numbers[place]}"
        raise found.package.broken(f"the cell '{cell}' stands in row {own[place]}")
    order = numbers * (COLUMNS + 1) + letters
    if not (np.diff(order, prepend=found.row * (COLUMNS + 1) + found.column) > 0).all():
        raise found.package.broken("the cells of a row are out of order, or one stands twice")
    found.row = int(rows[-1]) if len(rows) else found.row
    found.column = int(letters[-1]) if int(numbers[-1]) == found.row else 0


def _add_texts(
    found: _Found, a: Bytes, marks: Places, cells: Places, values: Places, owners: Places
) -> None:
    """Add the lengths of the shared texts that cells name by number; each must exist.

    `marks` are the places of "s", the type of such cells; `owners` says whose each value is.
    """
    import numpy as np

    shared = np.zeros(len(cells) + 1, bool)
    shared[np.searchsorted(cells, marks) - 1] = True
    shared[-1] = False
    named = values[shared[owners]]
    if not ((a[named + 1] == ord("v")) & (a[named + 2] == ord(">"))).all():
        raise IrregularError("a cell names its text in an unusual way")
    numbers, ends = _numbers(a, named + 3, 9)
    if not (a[ends] == ord("<")).all() or (ends == named + 3).any():
        raise IrregularError("a cell names its text by something else than a number")
    if len(numbers) and numbers.max() >= len(found.lengths):
        raise found.package.broken(
            f"a cell names the text number {int(numbers.max())}, and there are {len(found.lengths)}"
        )
    found.text += int(found.lengths[numbers].sum())
    if found.text > TEXT_LIMIT:
        raise found.package.too_large(
            f"the cells hold more than {TEXT_LIMIT // MIB} MiB of text together"
        )


def _add_formulas(
    found: _Found, xml: bytes, formulas: Places, cells: Places, numbers: Places, letters: Places
) -> None:
    import numpy as np

    ends = np.append(cells[1:], len(xml))
    for place in (np.searchsorted(cells, formulas) - 1).tolist():
        cell = f"{column_letter(int(letters[place]) - 1)}{numbers[place]}"
        found.formulas.append(cell)
        body = xml[cells[place] : ends[place]]
        if not _VALUED.search(body) and not _TEXT.match(body):
            found.unvalued.append(cell)


def _errors(xml: bytes) -> list[tuple[str, str]]:
    """(cell, error) of the error cells."""
    found = []
    for match in _ERROR.finditer(xml):
        address = dict(_ATTRIBUTE.findall(match[0]))[b"r"].decode("ascii")
        value = re.match(rb"<v>([^<]*)</v>", xml[match.end() : match.end() + 200])
        found.append((address, value[1].decode("utf-8", "replace") if value else ""))
    return found
