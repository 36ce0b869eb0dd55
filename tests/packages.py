"""Workbooks made part by part, for what no program would write."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>',
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>zero</t></si><si><t>one</t></si></sst>',
}
ONE = '<row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c></row>'


def sheet(rows: str = ONE, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(rows: str = ONE, before: str = "", **changed: str | None) -> dict[str, str]:
    """The parts of a workbook with one sheet 'S'. `strings`, `styles` and `book` replace parts;
    None leaves one out."""
    found: dict[str, str] = {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows, before)}
    names = {
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
        "book": "xl/workbook.xml",
    }
    for key, text in changed.items():
        if text is None:
            del found[names[key]]
        else:
            found[names[key]] = text
    return found


def packed(content: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return data.getvalue()


def write(path: Path, content: Mapping[str, str | bytes]) -> Path:
    path.write_bytes(packed(content))
    return path


def with_entry(data: bytes, name: bytes, body: bytes = b"x") -> bytes:
    """A zip with one more part under any name at all, also one that is there already."""
    return _appended(data, name, body, len(body), len(body), zlib.crc32(body), 0)


def with_lie(data: bytes, name: bytes, real: bytes, stated: int) -> bytes:
    """A zip with one more part that says that it inflates to `stated` bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(real) + deflate.flush()
    return _appended(data, name, body, len(body), stated, zlib.crc32(real[:stated]), 8)


def _appended(
    data: bytes, name: bytes, body: bytes, packed_size: int, size: int, crc: int, method: int
) -> bytes:
    end = data.rfind(b"PK\5\6")
    (total,) = struct.unpack_from("<H", data, end + 10)
    size_of, start = struct.unpack_from("<II", data, end + 12)
    shared = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, crc, packed_size, size, len(name), 0)
    local = b"PK\3\4" + shared + name + body
    entry = b"PK\1\2" + struct.pack("<H", 20) + shared
    entry += struct.pack("<HHHII", 0, 0, 0, 0, start) + name
    directory = data[start : start + size_of] + entry
    ending = struct.pack(
        "<HHHHIIH", 0, 0, total + 1, total + 1, len(directory), start + len(local), 0
    )
    return data[:start] + local + directory + b"PK\5\6" + ending
