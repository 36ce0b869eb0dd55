"""An .xlsx as a zip of parts, opened with the distrust that a stranger's file deserves.

The file is read into memory once, and what is checked is what is read afterwards. Nothing is ever
written to disk under a name from the zip. Sizes are held against LIMITS twice: as the zip's
directory states them, and while a part is inflated, because stated sizes lie.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from wavedeck.errors import Problem, WavedeckError
from wavedeck.workbook.file import END, EXPECTED, FILE_LIMIT, MIB, broken, bytes_of, encrypted

PART_LIMIT = 1024 * MIB
"""Bytes of a worksheet's XML, inflated: 20,000 rows of 80 columns are about 100 MiB."""
STRINGS_LIMIT = 256 * MIB
"""Bytes of any other part of XML, inflated; the largest is the table of shared texts."""
SMALL_LIMIT = 8 * MIB
"""Bytes of styles and of the parts that name other parts: readers hold them as objects."""
TOTAL_LIMIT = 2048 * MIB
PARTS_LIMIT = 10_000

_SLICE = MIB // 2
_SHEET_PART = re.compile(r"/(work|chart|dialog|macro)sheets/[^/]*\.xml$", re.IGNORECASE)
_SMALL_PART = re.compile(r"(\.rels|styles\.xml|workbook\d*\.xml|\[content_types\]\.xml)$", re.I)


class Package:
    """The parts of a workbook. Raises WavedeckError for what is no workbook or is not safe to read.

    `data` is the whole file, `sha256` its sum in hexadecimal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = bytes_of(path)
        self.sha256 = hashlib.sha256(self.data).hexdigest()
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                entries, start = archive.infolist(), archive.start_dir
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise self.broken(f"the zip is broken or cut off ({error})") from None
        self._check_ends(start)
        self._check_entries(entries, start)
        self.parts = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self._check_kind()
        for name in self.parts:
            if is_xml(name) and not _SHEET_PART.search(name):
                for _ in self.chunks(name):  # sizes as they are, not as they are stated
                    pass
            elif is_xml(name):
                next(self.chunks(name), b"")

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part inflated, a piece at a time; never more than its limit."""
        entry = self.parts[name]
        limit = limit_of(name)
        body = self._body(entry)
        if entry.compress_type == zipfile.ZIP_STORED:
            pieces: Iterator[bytes] = (
                bytes(body[at : at + MIB]) for at in range(0, len(body), MIB)
            )
        else:
            pieces = self._inflated(body, name)
        size, crc, first = 0, 0, True
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise self.too_large(f"the part '{name}' inflates to more than {limit // MIB} MiB")
            if size > entry.file_size:
                raise self.unsafe(f"the part '{name}' is larger than the zip says it is")
            crc = zlib.crc32(piece, crc)
            if first and is_xml(name):
                self._check_prolog(piece[:65_536], name)
            first = False
            yield piece
        if size != entry.file_size or crc != entry.CRC:
            raise self.broken(f"the part '{name}' is damaged: its checksum or its size is wrong")
        if first and is_xml(name):
            raise self.broken(f"the part '{name}' is empty")

    def xml(self, name: str) -> ElementTree.Element:
        """A small part, parsed."""
        try:
            return ElementTree.fromstring(b"".join(self.chunks(name)))
        except ElementTree.ParseError as error:
            raise self.broken(f"the part '{name}' is no XML ({error})") from None

    @cached_property
    def folder(self) -> str:
        """The folder of the workbook part, nearly always `xl/`."""
        if not self._named("_rels/.rels"):
            raise self.broken("the part '_rels/.rels' is missing from the zip")
        found = "xl/"
        for relation in self._relations("_rels/.rels"):
            if relation.get("Type", "").endswith("/relationships/officeDocument"):
                found = "/".join(relation.get("Target", "").split("/")[:-1]).removeprefix("/") + "/"
        return found.removeprefix("/")

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The part of each sheet by its name, in the workbook's order; "" where it is missing.

        Targets are followed as calamine follows them, so that what is scanned is what is read.
        """
        book = self._named(f"{self.folder}workbook.xml")
        if not book:
            raise self.broken(f"the part '{self.folder}workbook.xml' is missing from the zip")
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in self._relations(f"{self.folder}_rels/workbook.xml.rels")
        }
        found: dict[str, str] = {}
        for element in self.xml(book).iter():
            if _local(element.tag) != "sheet":
                continue
            name = element.get("name", "")
            if name in found:
                raise self.unsafe(f"two sheets are named '{name}'")
            ids = [value for key, value in element.items() if _local(key) == "id"]
            target = targets.get(ids[-1], "") if ids else ""
            part = target[1:] if target.startswith("/") else f"{self.folder}{target}"
            found[name] = self._named(part)
        return found

    def part_of(self, sheet: str) -> str:
        if not self.sheets[sheet]:
            raise self.broken(f"the part that holds the sheet '{sheet}' is missing from the zip")
        return self.sheets[sheet]

    @property
    def strings(self) -> str:
        """The part with the shared texts, or "" for none."""
        return self._named(f"{self.folder}sharedStrings.xml")

    @property
    def styles(self) -> str:
        """The part with the formats of cells, or "" for none."""
        return self._named(f"{self.folder}styles.xml")

    @cached_property
    def external_links(self) -> tuple[str, ...]:
        """Files and addresses that the workbook's formulas refer to. Nobody follows them."""
        return tuple(
            relation.get("Target", "")
            for name in self.parts
            if "/externallinks/_rels/" in name.lower()
            for relation in self._relations(name)
        )

    def _relations(self, name: str) -> list[ElementTree.Element]:
        part = self._named(name)
        elements = self.xml(part).iter() if part else iter(())
        return [element for element in elements if _local(element.tag) == "Relationship"]

    def _named(self, name: str) -> str:
        """The part of this name as the zip spells it, or "" for none."""
        return self._spelled.get(name.casefold(), "")

    @cached_property
    def _spelled(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.parts}

    def _body(self, entry: zipfile.ZipInfo) -> memoryview:
        """The stored bytes of a part. Its own header must tell the same as the directory."""
        at, view = entry.header_offset, memoryview(self.data)
        header = bytes(view[at : at + 30])
        name_size = int.from_bytes(header[26:28], "little")
        start = at + 30 + name_size + int.from_bytes(header[28:30], "little")
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
        if (
            header[:4] != b"PK\x03\x04"
            or bytes(view[at + 30 : at + 30 + name_size]) != name
            or int.from_bytes(header[8:10], "little") != entry.compress_type
            or start + entry.compress_size > len(view)
        ):
            raise self.broken(f"the zip's directory and the part '{entry.filename}' differ")
        return view[start : start + entry.compress_size]

    def _inflated(self, body: memoryview, name: str) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-15)
        try:
            for at in range(0, len(body), _SLICE):
                waiting: bytes | memoryview = body[at : at + _SLICE]
                while waiting:
                    if piece := inflate.decompress(waiting, _SLICE):
                        yield piece
                    waiting = inflate.unconsumed_tail
            while not inflate.eof and (piece := inflate.decompress(b"", _SLICE)):
                yield piece
        except zlib.error as error:
            raise self.broken(f"the part '{name}' is damaged ({error})") from None
        if not inflate.eof or inflate.unused_data:
            raise self.broken(f"the part '{name}' is damaged: it ends too early or too late")

    def _check_ends(self, start: int) -> None:
        """One directory, at the end: two readers must not see two different zips."""
        end = self.data.rfind(END)
        comment = int.from_bytes(self.data[end + 20 : end + 22], "little")
        stated = int.from_bytes(self.data[end + 16 : end + 20], "little")
        if end + 22 + comment != len(self.data) or stated not in (start, 0xFFFFFFFF):
            raise self.unsafe("the zip has more than one directory, or bytes before or after it")

    def _check_entries(self, entries: list[zipfile.ZipInfo], start: int) -> None:
        if len(entries) > PARTS_LIMIT:
            raise self.too_large(f"the zip holds {len(entries):,} parts")
        seen: set[str] = set()
        total = 0
        for entry in entries:
            name = entry.orig_filename
            if "\\" in name or name.startswith("/") or ":" in name or _has_dots(name):
                raise self.unsafe(f"a part's name leads out of the workbook: {name!r}")
            if any(ord(letter) < 32 for letter in name):
                raise self.unsafe(f"a part's name holds control characters: {name!r}")
            if name.casefold() in seen:
                raise self.unsafe(f"the part '{name}' stands twice in the zip")
            seen.add(name.casefold())
            if entry.flag_bits & 1:
                raise self.encrypted()
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.unsafe(f"the part '{name}' is compressed in a way that Excel never uses")
            limit = limit_of(name)
            if entry.file_size > limit:
                size = entry.file_size // MIB
                raise self.too_large(
                    f"the part '{name}' would be {size:,} MiB, over {limit // MIB}"
                )
            total += entry.file_size
        if total > TOTAL_LIMIT:
            raise self.too_large(
                f"the parts would be {total // MIB:,} MiB together, over {TOTAL_LIMIT // MIB:,}"
            )
        ends = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < ends:
                raise self.unsafe("parts of the zip lie over each other")
            ends = entry.header_offset + 30 + entry.compress_size
        if ends > start:
            raise self.broken("the zip is cut off")

    def _check_kind(self) -> None:
        folded = {name.casefold() for name in self.parts}
        found = ""
        if "mimetype" in folded or "content.xml" in folded:
            found = "this is an OpenDocument file (.ods)"
        elif "xl/workbook.bin" in folded:
            found = "this is a binary workbook (.xlsb)"
        elif "word/document.xml" in folded:
            found = "this is a Word document"
        elif "ppt/presentation.xml" in folded:
            found = "this is a PowerPoint presentation"
        elif any(name.endswith("vbaproject.bin") for name in folded):
            raise WavedeckError(
                Problem(
                    str(self.path),
                    "the workbook holds macros; they are never run, and an export has none",
                    expected="an Excel workbook without macros (.xlsx)",
                    remedy="open it in Excel without enabling macros, and save it as .xlsx",
                )
            )
        elif not any(name.endswith("workbook.xml") for name in folded):
            found = "this is a zip without a workbook in it"
        if found:
            remedy = "open it in Excel or LibreOffice and save it as .xlsx"
            raise WavedeckError(Problem(str(self.path), found, EXPECTED, remedy=remedy))

    def _check_prolog(self, head: bytes, name: str) -> None:
        """What stands before the root element: no document type, hence no entities."""
        text = head.removeprefix(b"\xef\xbb\xbf")
        declared = re.match(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", text)
        encoding = declared[1].decode("ascii", "replace") if declared else "UTF-8"
        if b"\0" in text[:4] or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "UTF-16 or UTF-32"
        if encoding.upper() not in ("UTF-8", "US-ASCII", "ASCII"):
            raise self.unsafe(f"the part '{name}' is written in {encoding}, not in UTF-8")
        at = 0
        while True:
            at += len(text[at:]) - len(text[at:].lstrip())
            close = {b"<?": b"?>", b"<!": b"-->"}.get(text[at : at + 2])
            if close is None:
                break
            if text[at : at + 2] == b"<!" and text[at : at + 4] != b"<!--":
                raise self.unsafe(f"the part '{name}' has a document type, which can hide a bomb")
            end = text.find(close, at + 2)
            if end < 0:
                raise self.unsafe(f"the part '{name}' begins with a comment that does not end")
            at = end + len(close)
        if not re.match(rb"<[A-Za-z_]", text[at:]):
            raise self.broken(f"the part '{name}' is no XML")

    def broken(self, message: str) -> WavedeckError:
        return WavedeckError(broken(self.path, message))

    def unsafe(self, message: str) -> WavedeckError:
        return WavedeckError(
            Problem(
                str(self.path),
                message,
                expected="a workbook as Excel, LibreOffice or the survey tool writes it",
                remedy="ask where the file comes from; if you trust it, open it in Excel or"
                " LibreOffice and save it as a new .xlsx",
            )
        )

    def too_large(self, message: str) -> WavedeckError:
        return WavedeckError(
            Problem(
                str(self.path),
                f"{message}: more than is read of any workbook",
                expected=f"at most {FILE_LIMIT // MIB} MiB, and {PART_LIMIT // MIB:,} MiB a sheet"
                " when inflated",
                remedy="if this is no zip bomb, copy the answers alone into a new workbook",
            )
        )

    def encrypted(self) -> WavedeckError:
        return WavedeckError(encrypted(self.path))


def is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def limit_of(name: str) -> int:
    """The most bytes that a part may inflate to."""
    if _SMALL_PART.search(name):
        return SMALL_LIMIT
    return PART_LIMIT if _SHEET_PART.search(name) or not is_xml(name) else STRINGS_LIMIT


def _has_dots(name: str) -> bool:
    return any(part in (".", "..") for part in name.split("/"))


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
