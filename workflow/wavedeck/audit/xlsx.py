"""A workbook of plain sheets as the same bytes every time.

Written directly, because a live formula must not carry a stored value (programs would show that
instead of computing), file times must not vary, and a hundred thousand cells must not take seconds.
Office Open XML, ISO/IEC 29500-1, parts 18.2 (workbook) and 18.3 (worksheets).
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from xml.sax.saxutils import escape

ROW_LIMIT = 1_048_576

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign."""

    text: str


Value = Formula | str | int | float | None


@dataclass
class Sheet:
    name: str
    header: Sequence[str]
    """The first row, in bold and frozen; none when empty."""
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = field(default_factory=list)
    """Width of the first columns, in characters."""


@cache
def letters(position: int) -> str:
    """A spreadsheet's letters for the column at `position`, from 0."""
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(65 + rest) + found
    return found


def workbook(sheets: Sequence[Sheet], names: dict[str, str], title: str) -> bytes:
    """The bytes of an .xlsx; `names` are defined names with what they refer to."""
    places = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _content_types(places),
        "_rels/.rels": _relations(
            {"officeDocument": "xl/workbook.xml"},
            '<Relationship Id="core" Type="http://schemas.openxmlformats.org/package/2006/'
            'relationships/metadata/core-properties" Target="docProps/core.xml"/>',
        ),
        "docProps/core.xml": _core(title),
        "xl/workbook.xml": _book(sheets, names),
        "xl/_rels/workbook.xml.rels": _relations(
            {"styles": "styles.xml"},
            "".join(
                f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" '
                f'Target="worksheets/sheet{n}.xml"/>'
                for n in places
            ),
        ),
        "xl/styles.xml": _styles(),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(sheets[n - 1]) for n in places}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, _HEAD + text)
    return data.getvalue()


def _content_types(places: Iterable[int]) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in places
    )
    return (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{sheets}</Types>"
    )


def _relations(office: dict[str, str], others: str) -> str:
    own = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in office.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{own}{others}</Relationships>'


def _core(title: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )


def _book(sheets: Sequence[Sheet], names: dict[str, str]) -> str:
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="s{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    defined = "".join(
        f'<definedName name="{name}">{escape(where)}</definedName>'
        for name, where in sorted(names.items())
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
        + (f"<definedNames>{defined}</definedNames>" if names else "")
        + '<calcPr fullCalcOnLoad="1"/></workbook>'
    )


def _styles() -> str:
    """Style 0 as it comes, style 1 in bold."""
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
        '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/>'
        '<xf xfId="0" fontId="1" applyFont="1"/></cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _sheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    frozen = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        if sheet.header
        else ""
    )
    lines = [f'<worksheet xmlns="{_MAIN}">{frozen}']
    lines.append(f"<cols>{columns}</cols>" if columns else "")
    lines.append("<sheetData>")
    if sheet.header:
        lines.append(_row(1, sheet.header, ' s="1"'))
    first = 2 if sheet.header else 1
    lines += (_row(number, values, "") for number, values in enumerate(sheet.rows, start=first))
    lines.append("</sheetData></worksheet>")
    return "".join(lines)


def _row(number: int, values: Sequence[Value], style: str) -> str:
    cells = "".join(
        _cell(f"{letters(position)}{number}", value, style)
        for position, value in enumerate(values)
        if value is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(address: str, value: Value, style: str) -> str:
    """Text is always text, whatever it begins with; a formula holds no stored value."""
    if isinstance(value, str):
        text = escape(_ILLEGAL.sub("", value))
        return (
            f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        )
    if isinstance(value, Formula):
        return f'<c r="{address}"{style}><f>{escape(value.text)}</f></c>'
    if value is None or math.isnan(value):
        return ""
    return f'<c r="{address}"{style}><v>{value!r}</v></c>'
