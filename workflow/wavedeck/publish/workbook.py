"""results.xlsx: cover, contents, notes, and a sheet a table.

Laid out as the Government Analysis Function's guidance on statistics in spreadsheets asks: one
marked-up table a sheet, no merged cells, no empty rows or columns, words instead of symbols, links
from the contents and back. Numbers are numbers: what is shown is what is stored. The same
estimates give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from wavedeck.publish.tables import Cell, Line, Table

FONT = "Arial"
LANGUAGE = "en-GB"
SIZE = 12
LOW = '" [u]"'
"""Behind the number format of a number with a low base: shown, and the number stays a number."""
KINDS = {"percent": "0%", "count": "#,##0", "decimal": "#,##0.0", "two": "#,##0.00"}
ID = "Estimate"
_WIDTHS = {"item": 40, "answer": 36, "statistic": 20, "group": 13.5, "id": 44}
_A4 = 9
_LINE = 16
"""Height of a line of text in points."""
_PAGE = 120
"""Letters that fit across a printed page, in the unit of columns, at full size."""
_LEAST_SCALE = 0.6
"""Of print: 12 points become 7."""


class Book:
    """An .xlsx in the making."""

    def __init__(self, title: str, published: date) -> None:
        self._data = io.BytesIO()
        # Text is never taken for a formula, a number or a link.
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(self._data, options)
        # Otherwise the time of writing, which would make other bytes of the same numbers.
        stamp = datetime(published.year, published.month, published.day)
        self._book.set_properties({"title": title, "created": stamp})
        self._book.formats[0].set_font_name(FONT)
        self._book.formats[0].set_font_size(SIZE)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._tables: set[str] = set()

    def close(self) -> bytes:
        self._book.close()
        return _with_language(self._data.getvalue())

    def style(self, **wanted: Any) -> Any:
        wanted = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"} | wanted
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]

    def sheet(
        self,
        name: str,
        title: str,
        above: Sequence[str],
        widths: Sequence[float],
        back: bool = True,
    ) -> Sheet:
        """A sheet with its title in A1 and lines of text under it."""
        found = Sheet(self, self._book.add_worksheet(name), widths)
        found.line(title, self.style(bold=True, font_size=16))
        for text in above:
            found.line(text, self.style(text_wrap=len(widths) == 1))
        if back:
            found.link("Back to the contents", "Contents")
        return found

    def table_name(self, sheet: str) -> str:
        """A name for a table: letters, digits and underscores, each once."""
        plain = "table_" + re.sub(r"\W+", "_", sheet, flags=re.ASCII).strip("_").lower()
        name, count = plain, 1
        while name in self._tables:
            count += 1
            name = f"{plain}_{count}"
        self._tables.add(name)
        return name


def _with_language(data: bytes) -> bytes:
    """The workbook with its language among its properties, which the library cannot write."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(found, "w") as made:
        for entry in given.infolist():
            part = given.read(entry)
            if entry.filename == "docProps/core.xml":
                language = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
                part = part.replace(b"</cp:coreProperties>", language.encode())
            made.writestr(entry, part)
    return found.getvalue()


class Sheet:
    """A worksheet, filled from the top."""

    def __init__(self, book: Book, sheet: Any, widths: Sequence[float]) -> None:
        self._book, self._sheet, self._row, self._widths = book, sheet, 0, widths
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, book.style())
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.hide_gridlines(1)

    def line(self, text: str, style: Any) -> None:
        self._sheet.write_string(self._row, 0, text, style)
        lines = _lines(text, self._widths[0]) if style.text_wrap else 1
        self._sheet.set_row(self._row, max(style.font_size * 1.4, lines * _LINE))
        self._row += 1

    def link(self, text: str, sheet: str) -> None:
        style = self._book.style(font_color="#1d4f91", underline=1)
        self._sheet.write_url(self._row, 0, f"internal:'{sheet}'!A1", style, text)
        self._row += 1

    def table(
        self,
        name: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Content]],
        freeze: int = 0,
        printed: int = 0,
        numbers: Collection[int] = (),
    ) -> None:
        """A marked-up table. `freeze` columns stay when scrolling; of the columns the first
        `printed` are printed, all where it is 0; headings of `numbers` stand to the right."""
        top = self._row
        look = {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": "#e8edf3"}
        columns = [
            {
                "header": text,
                "header_format": self._book.style(
                    **look,
                    bottom=2,
                    align="right" if column in numbers else "left",
                    indent=int(text == ID),
                ),
            }
            for column, text in enumerate(header)
        ]
        last = top + max(len(rows), 1)
        options = {"name": name, "columns": columns, "autofilter": False, "style": None}
        self._sheet.add_table(top, 0, last, len(header) - 1, options)
        for place, cells in enumerate(rows, start=top + 1):
            for column, content in enumerate(cells):
                content.write(self._sheet, place, column)
            self._sheet.set_row(place, _height([c.text for c in cells], self._widths, 0.92))
        self._sheet.set_row(top, _height(header, self._widths, 1.08))
        printed = printed or len(header)
        self._sheet.print_area(0, 0, last, printed - 1)
        self._print(sum(self._widths[:printed]), freeze)
        self._sheet.freeze_panes(top + 1, freeze)
        self._sheet.repeat_rows(top)
        self._row = last + 1

    def _print(self, width: float, labels: int) -> None:
        """On one page across; a table that would become too small to read goes over several, each
        with the columns that name its rows."""
        if width * _LEAST_SCALE > _PAGE and labels:
            self._sheet.set_print_scale(round(100 * _LEAST_SCALE))
            self._sheet.repeat_columns(0, labels - 1)
            self._sheet.print_across()


@dataclass(frozen=True)
class Content:
    """What a cell shows, and what writes it at a row and a column of a worksheet."""

    text: str
    write: Callable[[Any, int, int], None]


def text_cell(book: Book, text: str, **style: Any) -> Content:
    wanted = book.style(text_wrap=True, **style)
    return Content(text, lambda sheet, row, column: sheet.write_string(row, column, text, wanted))


def link_cell(book: Book, text: str, sheet_name: str) -> Content:
    wanted = book.style(font_color="#1d4f91", underline=1, text_wrap=True)

    def write(sheet: Any, row: int, column: int) -> None:
        sheet.write_url(row, column, f"internal:'{sheet_name}'!A1", wanted, text)

    return Content(text, write)


def cell(book: Book, shown: Cell, **style: Any) -> Content:
    """A number as a number, everything else as text (not comparable), both to the right."""
    if not shown.number or not _NUMERAL.fullmatch(shown.text):
        return text_cell(book, shown.text, align="right", **style)
    number = number_of(shown)
    form = KINDS[shown.number] + (LOW if shown.low else "")
    wanted = book.style(align="right", num_format=form, **style)
    return Content("", lambda sheet, row, column: sheet.write_number(row, column, number, wanted))


_NUMERAL = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")


def number_of(shown: Cell) -> float:
    """33% is 0.33; 1,234 is 1234; 5.6 is 5.6."""
    plain = shown.text.replace(",", "")
    return int(plain[:-1]) / 100 if plain.endswith("%") else float(plain)


def write_table(book: Book, table: Table, above: Sequence[str]) -> None:
    """A table of statistics on its own sheet."""
    labels = [*([table.items] if table.items else []), "Answer", "Statistic"]
    widths = [*([_WIDTHS["item"]] if table.items else []), _WIDTHS["answer"], _WIDTHS["statistic"]]
    header = [*labels, *(column.heading for column in table.columns), ID]
    widths += [*([_WIDTHS["group"]] * len(table.columns)), _WIDTHS["id"]]
    sheet = book.sheet(table.sheet, table.title, above, widths)
    rows = [_line(book, table, line, last) for line, last in _with_ends(table.lines)]
    # The column of ids is for tracing; on paper it would only make the rest smaller.
    printed = len(header) - 1 if len(table.columns) > 3 else len(header)
    numbers = range(len(labels), len(header) - 1)
    sheet.table(book.table_name(table.sheet), header, rows, len(labels), printed, numbers)


def _with_ends(lines: Sequence[Line]) -> list[tuple[Line, bool]]:
    """Each line, and whether an item ends with it."""
    return [
        (line, place + 1 == len(lines) or lines[place + 1].item != line.item)
        for place, line in enumerate(lines)
    ]


def _line(book: Book, table: Table, line: Line, last: bool) -> list[Content]:
    style: dict[str, Any] = {"bottom": 1, "bottom_color": "#b1b4b6"} if last else {}
    words = [*([line.item] if table.items else []), line.answer, line.statistic]
    cells = [cell(book, shown, **style) for shown in line.cells]
    found = [text_cell(book, word, **style) for word in words]
    return [*found, *cells, text_cell(book, line.id, font_color="#505a5f", indent=1, **style)]


def _height(texts: Sequence[str], widths: Sequence[float], wide: float) -> float:
    """Of a row in points, so that all of each text can be read. `wide`: the width of a letter, in
    the unit of columns."""
    lines = max(_lines(text, width / wide) for text, width in zip(texts, widths, strict=True))
    return _LINE * lines + 4


def _lines(text: str, room: float) -> int:
    """Lines that a text takes in a column of some letters."""
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
        while used > room:
            lines, used = lines + 1, used - room
    return lines
