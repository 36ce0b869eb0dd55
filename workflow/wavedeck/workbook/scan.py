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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wavedeck.workbook.counting import (
    ATTRIBUTE,
    COLUMNS,
    NOTED_LIMIT,
    Found,
    add_formulas,
    add_texts,
    check_addresses,
    check_size,
    column_letter,
    errors_in,
)
from wavedeck.workbook.file import MIB
from wavedeck.workbook.octets import columns_at, numbers_at, refuse_irregular, value_of
from wavedeck.workbook.package import Package
from wavedeck.workbook.regular import IrregularError, regular_sheet
from wavedeck.workbook.strings import lengths_of

if TYPE_CHECKING:
    from wavedeck.workbook.octets import Places

CELL_LIMIT = 4 * MIB
"""Bytes of XML of one cell; Excel's cells hold 32,767 characters."""

_COLUMN = re.compile(rb"<col\s[^<>]*>")
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
    scan = Scan(
        tuple(found.hidden_rows),
        tuple(found.hidden_columns),
        tuple(found.formulas),
        tuple(found.errors),
        tuple(found.unvalued),
        external_links=package.external_links,
    )
    return scan, Extent(found.last_row, found.last_column)


def _scan(chunks: Callable[[], Iterator[bytes]], package: Package, lengths: Places) -> Found:
    """Scan regular XML. Raises IrregularError for any other."""
    found = Found(package, lengths)
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


def _before(xml: bytes, found: Found) -> None:
    """What stands above the cells: a plain root element, and columns that are hidden."""
    head = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    head = head[head.find(b"?>") + 2 :] if head.startswith(b"<?xml") else head
    if not re.match(rb"\s*<worksheet[\s>]", head) or re.search(rb"<[?!]|<\w+:|<(?:c|row)\s", head):
        raise IrregularError("the sheet does not begin as a sheet does")
    hidden = bytearray(COLUMNS + 1)
    for tag in _COLUMN.findall(head):
        attributes = dict(ATTRIBUTE.findall(tag))
        if attributes.get(b"hidden") in (b"1", b"true"):
            try:
                first, last = int(attributes[b"min"]), int(attributes[b"max"])
            except (KeyError, ValueError):
                raise IrregularError("a column without its number") from None
            first, last = max(first, 1), min(last, COLUMNS)
            hidden[first : last + 1] = b"\1" * max(0, last + 1 - first)
    found.hidden_columns = [column_letter(n - 1) for n in range(COLUMNS + 1) if hidden[n]]


def _count(xml: bytes, found: Found) -> None:
    """Count the whole cells of a piece of `sheetData`."""
    import numpy as np

    a = np.frombuffer(xml + b"\0" * 32, np.uint8)
    tags = np.flatnonzero(a == ord("<"))
    first, second = a[tags + 1], a[tags + 2]
    blanks, equals = a <= ord(" "), a == ord("=")
    refuse_irregular(a, tags, first, second, blanks, equals)
    row_tags = tags[(first == ord("r")) & (second == ord("o"))]
    cells = tags[first == ord("c")]
    addresses = (a[1:-1] == ord("r")) & equals[2:] & blanks[:-2]
    if np.count_nonzero(addresses) != len(row_tags) + len(cells):
        raise IrregularError("a row or a cell has no address, or two")

    rows = numbers_at(a, value_of(a, row_tags + 4), 8)[0]
    letters, ends = columns_at(a, value_of(a, cells + 2))
    numbers, ends = numbers_at(a, ends, 8)
    if not ((a[ends] == ord('"')).all() and (letters > 0).all()):
        raise IrregularError("a cell's address is not like H23")
    check_addresses(found, rows, row_tags, cells, numbers, letters)

    # A cell without a value, only with a format or a formula, is as good as none.
    values = tags[(first == ord("v")) | (first == ord("i"))]
    owners = np.searchsorted(cells, values) - 1
    found.cells += len(cells)
    if len(cells):
        found.reach += int(letters[np.append(np.diff(numbers) != 0, True)].sum())
        if len(owners):
            found.last_row = max(found.last_row, int(numbers[owners].max()))
            found.last_column = max(found.last_column, int(letters[owners].max()))
    check_size(found)

    quotes = (a == ord('"')) | (a == ord("'"))
    framed = quotes[:-2] & quotes[2:]
    texts = framed & (a[1:-1] == ord("s"))
    if len(cells) and texts.any():
        add_texts(found, a, np.flatnonzero(texts), cells, values, owners)
    if (framed & (a[1:-1] == ord("e"))).any():
        found.errors += errors_in(xml)
    is_formula = first == ord("f")
    if is_formula.any():
        blank = np.isin(second, np.frombuffer(b" />", np.uint8))
        add_formulas(found, xml, tags[is_formula & blank], cells, numbers, letters)
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


def _refuse_entities(xml: bytes, found: Found) -> None:
    """calamine reads a number up to the first entity, so that 1&#49; would be 1 and not 11."""
    for match in _ENTITY.finditer(xml):
        if not re.search(
            rb"""\st\s*=\s*["']str["']""", xml[xml.rfind(b"<c ", 0, match.start()) :][:200]
        ):
            raise found.package.broken("a number is written with an entity of XML")
