"""Unusual XML put into the form in which every known program writes a sheet.

XML can say the same in many ways. Comments, prefixes, attributes in another order and cells
without an address are rare, so they are parsed and written again, a piece at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


class IrregularError(ValueError):
    """XML that is not in the usual form; the message says where."""


def regular_sheet(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The sheet's columns and cells in the usual form, without its texts and formulas.

    A row without a number follows the one before, a cell without an address likewise. Raises
    IrregularError for what is no sheet.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    writer = _Writer()
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.CommentHandler = parser.ProcessingInstructionHandler = writer.within
    parser.StartCdataSectionHandler = writer.within
    yield b"<worksheet>"
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield writer.taken()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise IrregularError(f"its XML is broken ({error})") from None
    yield writer.taken() + (b"</worksheet>" if writer.data else b"<sheetData/></worksheet>")


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.row = self.column = 0
        self.root = ""
        self.data = ""
        """Whether the cells are to come (""), being read ("open") or done."""
        self.cell = self.value = False
        self.kind = ""

    def taken(self) -> bytes:
        lines, self.lines = self.lines, []
        return "".join(lines).encode("utf-8")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        self.root = self.root or tag
        if self.root != "worksheet":
            raise IrregularError(f"it is no sheet of cells but a '{self.root[:40]}'")
        if self.data == "done" or tag not in ("sheetData", "col", "row", "c", "v", "f", "is"):
            return
        if space and space not in MAIN:
            raise IrregularError(f"a '{tag}' of another kind of file among the cells")
        if tag == "sheetData":
            if self.data:
                raise IrregularError("cells within cells")
            self.data = "open"
            self.lines.append("<sheetData>")
        elif tag == "col" and not self.data:
            self.lines.append(f"<col {_attributes(attributes, 'min', 'max', 'hidden')}/>")
        elif self.data:
            self._within(tag, attributes)

    def _within(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = _whole(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
            self.lines.append(f'<row r="{self.row}" {_attributes(attributes, "hidden")}>')
        elif tag == "c":
            if self.cell:
                raise IrregularError("a cell within a cell")
            self.cell, self.kind = True, attributes.get("t", "")
            address = attributes.get("r", "").upper() or f"{_letters(self.column + 1)}{self.row}"
            self.column = _column(address)
            self.lines.append(f'<c r="{address}" {_attributes(attributes, "t", "s")}>')
        elif tag == "v" and self.cell:
            self.value = True
            self.lines.append("<v>")
        elif self.cell:
            self.lines.append(f"<{tag}/>")

    def text(self, text: str) -> None:
        if self.value and self.kind in ("s", "e"):
            self.lines.append(text.replace("&", "&amp;").replace("<", "&lt;").replace("=", "?"))
        elif self.value:
            self.lines.append("?")  # that there is a value, whatever it is

    def within(self, *_: str) -> None:
        """calamine reads such a value up to the comment, or not at all."""
        if self.value:
            raise IrregularError(f"a comment or a CDATA section within a value of row {self.row}")

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if self.data != "open":
            return
        if tag == "sheetData":
            self.data = "done"
            self.lines.append("</sheetData>")
        elif tag == "v" and self.value:
            self.value = False
            self.lines.append("</v>")
        elif tag in ("c", "row"):
            self.cell = False if tag == "c" else self.cell
            self.lines.append(f"</{tag}>")


def _attributes(attributes: dict[str, str], *names: str) -> str:
    return " ".join(f"{name}={quoteattr(attributes[name])}" for name in names if name in attributes)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise IrregularError(f"the row '{text[:40]}' is no row")
    return int(text)


def _column(address: str) -> int:
    """The column of a cell such as H23, from 1."""
    letters = address.rstrip("0123456789")
    number = address[len(letters) :]
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha() and number):
        raise IrregularError(f"the cell '{address[:40]}' is no cell")
    if len(number) > 7:
        raise IrregularError(f"the cell '{address[:40]}' is beyond a sheet's end")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
