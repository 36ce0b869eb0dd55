"""Hostile and broken workbooks: refused with a message, in bounded memory, or read right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from openpyxl import Workbook

import packages
import toy
from packages import ONE, packed, parts, with_entry, with_lie
from wavedeck import editing, frame
from wavedeck.errors import WavedeckError
from wavedeck.survey import load_survey
from wavedeck.verify import raw
from wavedeck.workbook import read_sheet

MEMORY = 1_500
"""Mebibytes of address space for a child that reads hostile files (about 400 are Python's own)."""
SECONDS = 60

READ = """
import json, resource, sys, time
from pathlib import Path
limit = int(sys.argv[1]) * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from wavedeck.errors import WavedeckError
from wavedeck.verify import raw
from wavedeck.workbook import read_sheet
readers = {"pipeline": read_sheet, "verify": raw.read}
start = time.perf_counter()
try:
    readers[sys.argv[2]](Path(sys.argv[3]), "S")
    said = ""
except WavedeckError as error:
    said = str(error)
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps({"said": said, "peak": peak, "seconds": time.perf_counter() - start}))
"""


def read_in_child(path: Path, reader: str = "pipeline", memory: int = MEMORY) -> dict[str, object]:
    """Read a sheet 'S' under a limit of memory; a crash or a traceback fails."""
    root = Path(__file__).parents[1]
    result = subprocess.run(
        [sys.executable, "-c", READ, str(memory), reader, str(path)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": str(root / "workflow"), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert result.returncode == 0, result.stderr[-2000:]
    found: dict[str, object] = json.loads(result.stdout)
    return found


def cells(count: int, text: str = '<c r="A{}"><v>1</v></c>') -> str:
    return "".join(f'<row r="{n}">{text.format(n)}</row>' for n in range(1, count + 1))


def columns(count: int, cell: str) -> str:
    from openpyxl.utils import get_column_letter

    return "".join(cell.format(get_column_letter(n)) for n in range(1, count + 1))


def bomb() -> bytes:
    """300 MiB of blanks in the sheet's XML: 300 kB."""
    return packed(parts(ONE + " " * (300 * 1024 * 1024)))


def nested() -> bytes:
    inner = b"".join([b"\0" * (1024 * 1024)] * 64)
    for _ in range(3):
        inner = packed({f"{n}.zip": inner for n in range(8)})
    return packed({**parts(), "xl/embeddings/inner.zip": inner})


def lol(name: str) -> bytes:
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    content = parts()
    content[name] = f"<!DOCTYPE x [{entities}]>" + content[name].replace("one", "&i;")
    return packed(content)


def amplified() -> bytes:
    """One text of 30,000 letters that 100,000 cells name: 3 GB for a reader that copies."""
    text = f'<sst xmlns="{packages.MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    return packed(parts(cells(100_000, '<c r="A{}" t="s"><v>0</v></c>'), strings=text))


def truncated() -> bytes:
    data = packed(parts(cells(5_000)))
    return data[: len(data) * 2 // 3]


def cut_inside() -> bytes:
    """The directory is whole, the middle of a part is gone."""
    data = packed(parts(cells(5_000)))
    at = data.index(b"xl/worksheets/sheet1.xml") + 2_000
    return data[:at] + b"\0" * 500 + data[at + 500 :]


def old_excel() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


def ods() -> bytes:
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "<office/>",
        }
    )


def without(name: str) -> bytes:
    content = parts()
    del content[name]
    return packed(content)


def doubled() -> bytes:
    other = packages.sheet(ONE.replace("one", "two")).encode()
    return with_entry(packed(parts()), b"xl/worksheets/sheet1.xml", other)


def overlapping() -> bytes:
    """A second directory entry for bytes that another part has already."""
    data = bytearray(packed(parts()))
    end = data.rfind(b"PK\5\6")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    second = data.index(b"PK\1\2", start + 4)
    data[second + 42 : second + 46] = b"\0\0\0\0"
    return bytes(data)


def method(number: int) -> bytes:
    data = bytearray(packed(parts()))
    start = data.index(b"PK\1\2")
    data[8:10] = data[start + 10 : start + 12] = number.to_bytes(2, "little")
    return bytes(data)


def book(old: str, new: str) -> Callable[[], bytes]:
    return lambda: packed(parts(book=packages.PARTS["xl/workbook.xml"].replace(old, new)))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb that states its size": (
        lambda: with_lie(packed(parts()), b"xl/media/a.bin", b"x", 3_000_000_000),
        "the part 'xl/media/a.bin' would be 2,861 MiB, over 1024",
    ),
    "bomb in the styles": (
        lambda: packed(parts(styles=f"<styleSheet>{'<xf/>' * 2_000_000}</styleSheet>")),
        "the part 'xl/styles.xml' would be 9 MiB, over 8",
    ),
    "bomb that lies of its size": (
        lambda: with_lie(packed(parts()), b"xl/theme.xml", b"<a>" + b" " * 10**8, 1_000),
        "the part 'xl/theme.xml' is larger than the zip says it is",
    ),
    "overlapping parts": (overlapping, "parts of the zip lie over each other"),
    "many parts": (
        lambda: packed({**parts(), **{f"xl/media/{n}": "" for n in range(10_001)}}),
        "the zip holds 10,008 parts",
    ),
    "a text a hundred thousand times": (amplified, "more than 256 MiB of text together"),
    "values in two far corners": (
        lambda: packed(parts(ONE + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "the sheet reaches to cell XFD1048576, 17,179,869,184 cells",
    ),
    "a width for every row": (
        lambda: packed(parts(cells(20_000, '<c r="XFD{}" s="0"/>'))),
        "the sheet has more than 16,777,216 cells",
    ),
    "a reference beyond the sheet": (
        lambda: packed(parts('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>')),
        "the cell 'ZZZZ99999999' is no cell",
    ),
    "a column beyond the sheet": (
        lambda: packed(parts('<row r="1"><c r="XFE1"><v>1</v></c></row>')),
        "the cell 'XFE1' stands in row 1",
    ),
    "a row beyond the sheet": (
        lambda: packed(parts('<row r="9999999"><c r="A9999999"><v>1</v></c></row>')),
        "row 9,999,999 is beyond a sheet's end",
    ),
    "a cell in another row": (
        lambda: packed(parts('<row r="1"><c r="A2"><v>1</v></c></row>')),
        "the cell 'A2' stands in row 1",
    ),
    "a cell twice": (
        lambda: packed(parts('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')),
        "out of order, or one stands twice",
    ),
    "rows out of order": (
        lambda: packed(parts('<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>')),
        "the rows are out of order",
    ),
    "a text that does not exist": (
        lambda: packed(parts('<row r="1"><c r="A1" t="s"><v>2</v></c></row>')),
        "a cell names the text number 2, and there are 2",
    ),
    "a text by a name": (
        lambda: packed(parts('<row r="1"><c r="A1" t="s"><v> 1 </v></c></row>')),
        "a cell names its text by something else than a number",
    ),
    "a number with an entity": (
        lambda: packed(parts('<row r="1"><c r="A1"><v>1&#49;</v></c></row>')),
        "a number is written with an entity",
    ),
    "a comment in a number": (
        lambda: packed(parts('<row r="1"><c r="A1"><v>1<!-- x -->2</v></c></row>')),
        "a comment or a CDATA section within a value of row 1",
    ),
    "texts without end": (
        lambda: packed(
            parts(strings=f'<sst xmlns="{packages.MAIN}" uniqueCount="99999999999"></sst>')
        ),
        "the table of texts claims to be larger than any workbook's",
    ),
    "texts missing": (
        lambda: packed(parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=None)),
        "a cell names the text number 0, and there are 0",
    ),
    "entities in the sheet": (lambda: lol("xl/worksheets/sheet1.xml"), "has a document type"),
    "entities in the texts": (lambda: lol("xl/sharedStrings.xml"), "has a document type"),
    "entities in the workbook": (lambda: lol("xl/workbook.xml"), "has a document type"),
    "entities in a relation": (lambda: lol("_rels/.rels"), "has a document type"),
    "UTF-16 with a document type": (
        lambda: packed({**parts(), "xl/worksheets/sheet1.xml": "<!DOCTYPE x>".encode("utf-16")}),
        "is written in UTF-16 or UTF-32",
    ),
    "truncated": (truncated, "the zip is cut off"),
    "damaged inside": (cut_inside, "the workbook cannot be read"),
    "a second zip behind": (
        lambda: packed(parts()) + packed(parts("")),
        "the zip has more than one directory",
    ),
    "bytes behind": (lambda: packed(parts()) + b"more", "the zip has more than one directory"),
    "up and out": (lambda: with_entry(packed(parts()), b"../../evil.xml"), "leads out of the"),
    "absolute": (lambda: with_entry(packed(parts()), b"/tmp/evil.xml"), "leads out of the"),
    "backslashes": (lambda: with_entry(packed(parts()), b"..\\evil.xml"), "leads out of the"),
    "a drive": (lambda: with_entry(packed(parts()), b"C:evil.xml"), "leads out of the"),
    "a nought in a name": (lambda: with_entry(packed(parts()), b"a\0b"), "control characters"),
    "the same name twice": (doubled, "the part 'xl/worksheets/sheet1.xml' stands twice"),
    "the same name in capitals": (
        lambda: with_entry(packed(parts()), b"XL/Workbook.xml"),
        "the part 'XL/Workbook.xml' stands twice",
    ),
    "an unusual method": (lambda: method(14), "compressed in a way that Excel never uses"),
    "no relations": (lambda: without("_rels/.rels"), "cannot be read"),
    "no workbook": (lambda: without("xl/workbook.xml"), "a zip without a workbook in it"),
    "no sheet": (
        lambda: without("xl/worksheets/sheet1.xml"),
        "the part that holds the sheet 'S' is missing from the zip",
    ),
    "another sheet": (book('name="S"', 'name="T"'), "there is no sheet 'S'; the workbook has 'T'"),
    "a sheet of no kind": (
        lambda: packed({**parts(), "xl/worksheets/sheet1.xml": "<html/>"}),
        "sheet 'S'",
    ),
    "a sheet that is no XML": (
        lambda: packed({**parts(), "xl/worksheets/sheet1.xml": "PNG"}),
        "is no XML",
    ),
    "a sheet that does not end": (
        lambda: packed(
            {**parts(), "xl/worksheets/sheet1.xml": packages.sheet(ONE)[: -len("</worksheet>") - 5]}
        ),
        "sheet 'S'",
    ),
    "macros": (
        lambda: packed({**parts(), "xl/vbaProject.bin": b"\0" * 100}),
        "the workbook holds macros; they are never run",
    ),
    "old Excel": (old_excel, "this is an old Excel file (.xls)"),
    "a CSV": (lambda: b"a,b\n1,2\n", "this is text with separators (CSV), not a workbook"),
    "OpenDocument": (ods, "this is an OpenDocument file (.ods)"),
    "a Word document": (lambda: packed({"word/document.xml": "<w/>"}), "this is a Word document"),
    "a binary workbook": (lambda: packed({"xl/workbook.bin": b"x"}), "this is a binary workbook"),
    "an empty file": (lambda: b"", "the file is empty"),
    "an empty zip": (lambda: packed({}), "this is"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_by_every_reader(tmp_path: Path, name: str) -> None:
    make, expected = HOSTILE[name]
    path = tmp_path / "export.xlsx"
    path.write_bytes(make())
    for reader in (read_sheet, raw.read):
        with pytest.raises(WavedeckError) as error:
            reader(path, "S")
        message = str(error.value)
        assert message.startswith(str(path)) and expected in message, message
        assert "to do:" in message and "Traceback" not in message
    assert list(tmp_path.iterdir()) == [path], "nothing is written"


@pytest.mark.parametrize("reader", ["pipeline", "verify"])
@pytest.mark.parametrize(
    "make",
    [bomb, nested, amplified, HOSTILE["values in two far corners"][0], lambda: lol("_rels/.rels")],
    ids=["bomb", "nested", "amplified", "corners", "entities"],
)
def test_memory_and_time_are_bounded(
    tmp_path: Path, reader: str, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(make())
    found = read_in_child(path, reader)
    assert found["peak"] < 500 and found["seconds"] < 30, found


def test_a_workbook_at_the_limit(tmp_path: Path) -> None:
    """The most cells that are let through: 1,048,576 rows of 16, all but the corners empty."""
    rows = ONE + '<row r="1048576"><c r="P1048576"><v>1</v></c></row>'
    path = packages.write(tmp_path / "export.xlsx", parts(rows))
    found = read_in_child(path, memory=4_000)
    assert found["said"] == "" and found["peak"] < 2_000, found


def test_a_value_in_the_last_row(tmp_path: Path) -> None:
    rows = ONE + '<row r="1048576"><c r="B1048576"><v>7</v></c></row>'
    path = packages.write(tmp_path / "export.xlsx", parts(rows))
    found = read_sheet(path, "S").rows
    assert len(found) == 1_048_576 and found[-1] == ["", 7.0] and found[0] == ["one", ""]
    assert raw.read(path, "S").rows == {1_048_576: ["", "7"]}


@pytest.mark.parametrize("cell", ['<c r="{}1" s="0"/>', '<c r="{}1"></c>'])
def test_sixteen_thousand_empty_columns(tmp_path: Path, cell: str) -> None:
    row = columns(16_384, cell)
    path = packages.write(tmp_path / "export.xlsx", parts(f'<row r="1">{row}</row>'))
    assert read_sheet(path, "S").rows == []
    assert raw.read(path, "S").rows == {}


@pytest.mark.parametrize("stated", ["A1:XFD1048576", "A1", "B7:C9", "A1:A1048576"])
def test_a_wrong_dimension(tmp_path: Path, stated: str) -> None:
    rows = cells(5, '<c r="A{0}"><v>{0}</v></c><c r="C{0}"><v>2</v></c>')
    path = packages.write(tmp_path / "export.xlsx", parts(rows, f'<dimension ref="{stated}"/>'))
    assert read_sheet(path, "S").rows == [[float(n), "", 2.0] for n in range(1, 6)]
    assert len(raw.read(path, "S").rows) == 4  # below the header
    assert read_in_child(path)["peak"] < 200


def test_styles_gone(tmp_path: Path) -> None:
    path = packages.write(tmp_path / "export.xlsx", parts(styles=None))
    assert read_sheet(path, "S").rows == [["one"]]
    dated = parts('<row r="1"><c r="A1" s="3"><v>43831</v></c></row>', styles=None)
    with pytest.raises(WavedeckError, match=r"formats of its cells .* are missing"):
        read_sheet(packages.write(path, dated), "S")


def test_unusual_xml_is_read_right(tmp_path: Path) -> None:
    """Prefixes, cells without addresses, comments, attributes in another order."""
    sheet = (
        f'<?xml version="1.0" encoding="UTF-8"?><!-- c --><x:worksheet xmlns:x="{packages.MAIN}">'
        "<x:cols><x:col min='2' max='3' hidden='true'/></x:cols><x:sheetData><x:row><x:c>"
        '<x:v>1</x:v></x:c><!-- <x:c r="ZZZ1"/> --><x:c t="s" r="d1"><x:v>1</x:v></x:c>'
        "<x:c t='e' >"
        "<x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c></x:row><x:row hidden='1' r='4'><x:c><x:v>2</x:v>"
        "</x:c></x:row></x:sheetData></x:worksheet>"
    )
    content = {**parts(), "xl/worksheets/sheet1.xml": sheet}
    found = read_sheet(packages.write(tmp_path / "export.xlsx", content), "S")
    assert found.rows == [[1.0, "", "", "one", ""], [""] * 5, [""] * 5, [2.0, "", "", "", ""]]
    assert found.scan.hidden_rows == (4,) and found.scan.hidden_columns == ("B", "C")
    assert found.scan.error_cells == (("E1", "#DIV/0!"),) and found.scan.formula_cells == ("E1",)
    assert found.scan.unvalued_cells == ()


def test_text_that_looks_like_xml(tmp_path: Path) -> None:
    text = '&lt;c r="ZZZ1" t="e" hidden="1"> r="A9" t="s" &lt;f> 12:30 = 1 :x'
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    found = read_sheet(packages.write(tmp_path / "export.xlsx", parts(rows)), "S")
    assert found.rows == [[text.replace("&lt;", "<")]]
    assert found.scan.error_cells == found.scan.formula_cells == found.scan.hidden_rows == ()


def test_formulas_are_not_evaluated_and_links_not_followed(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>7</v></c><c r="B1" t="str"><f>HYPERLINK("http://x")</f>'
        '<v>here</v></c><c r="C1"><f>[1]S!A1</f></c></row>'
    )
    link = PARTS_LINK
    found = read_sheet(packages.write(tmp_path / "export.xlsx", {**parts(rows), **link}), "S")
    assert found.rows == [[7.0, "here"]]
    assert found.scan.formula_cells == ("A1", "B1", "C1")
    assert found.scan.unvalued_cells == ("C1",)
    assert found.scan.external_links == ("file:///etc/passwd",)
    assert raw.read(tmp_path / "export.xlsx", "S").header == ["7", "here"]


PARTS_LINK = {
    "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{packages.MAIN}"/>',
    "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationships xmlns="http://schemas.'
    'openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    'Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
}


def test_encrypted(tmp_path: Path) -> None:
    plain = packages.write(tmp_path / "plain.xlsx", parts())
    path = tmp_path / "export.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("secret", target)
    for reader in (read_sheet, raw.read):
        with pytest.raises(WavedeckError, match="the workbook is encrypted"):
            reader(path, "S")


def test_the_same_guard_before_the_teams_own_workbooks(toy_project: Path) -> None:
    path = toy_project / "hostile.xlsx"
    path.write_bytes(lol("xl/worksheets/sheet1.xml"))
    survey, _ = load_survey(toy_project / "surveys/toy/survey.yaml")
    with pytest.raises(WavedeckError, match="document type"):
        editing.read_rows(path, "S", ["comment"])
    renamed = packages.write(
        path, parts(book=packages.PARTS["xl/workbook.xml"].replace('"S"', '"Councils"'))
    )
    renamed.write_bytes(with_entry(renamed.read_bytes(), b"../up.xml"))
    with pytest.raises(WavedeckError, match="leads out of the workbook"):
        frame.read_frame(path, survey)


def test_what_other_programs_write_is_let_through(tmp_path: Path) -> None:
    """Stored parts, entries of folders, a sheet written straight to disk."""
    book = Workbook(write_only=True)
    written = book.create_sheet("S")
    for row in toy.ROWS:
        written.append(row)
    book.save(tmp_path / "export.xlsx")
    assert len(read_sheet(tmp_path / "export.xlsx", "S").rows) == len(toy.ROWS)
    with zipfile.ZipFile(tmp_path / "stored.xlsx", "w") as archive:
        archive.mkdir("xl")
        for name, text in parts().items():
            archive.writestr(name, text)
    assert read_sheet(tmp_path / "stored.xlsx", "S").rows == [["one"]]
