"""Reading 20,000 rows of 80 columns with addresses: ours beside python-calamine and openpyxl.

    python bench/reader.py

Each reading is a process of its own, so that its peak of memory is its own. Seconds are processor
time (all of them use one thread) of the reading alone, without starting Python and importing.
Rounds take turns, and ratios are medians of the rounds' own ratios: machines are noisy. openpyxl
reads once.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

ROOT = Path(__file__).parents[1]
ROWS, COLUMNS, RUNS = 20_000, 80, 5
LETTERS = [get_column_letter(number) for number in range(1, COLUMNS + 1)]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED, INLINE = "each text once, as Excel writes it", "texts in their cells"
FORMULAS = "the same with formulas and hidden rows"

READERS = {
    "python-calamine alone": """
from python_calamine import CalamineWorkbook
def work():
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Responses")
    return sheet.to_python(skip_empty_area=False)
""",
    "wavedeck: checks, values, scan": """
from pathlib import Path
import numpy
from wavedeck.workbook import read_sheet
def work():
    return read_sheet(Path(path), "Responses").rows
""",
    "openpyxl, read-only": """
import openpyxl
def work():
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return [row for row in book["Responses"].iter_rows(values_only=True)]
""",
    "openpyxl": """
import openpyxl
def work():
    return [row for row in openpyxl.load_workbook(path, data_only=True)["Responses"].values]
""",
}
MEASURE = """
import json, sys, time
path = sys.argv[1]
{setup}
start = time.process_time()
rows = work()
took = time.process_time() - start
assert len(rows) == {rows} + 1 and len(rows[-1]) == {columns}, (len(rows), len(rows[-1]))
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps([took, peak]))
"""


def write(path: Path, kind: str) -> None:
    """An export: a number, labels of scales, some measures, some open text, some gaps."""
    chance = random.Random(20_000)
    labels = [f"Label number {n} of a scale" for n in range(40)]
    rows: list[list[object]] = [[f"Q{n}. The text of a question" for n in range(COLUMNS)]]
    rows += ([_value(r, c, chance, labels) for c in range(COLUMNS)] for r in range(ROWS))
    if kind == SHARED:
        _write_shared(path, rows)
        return
    book = Workbook()
    sheet = book.active
    sheet.title = "Responses"
    for row in rows:
        sheet.append(row)
    if kind == FORMULAS:
        for number in range(2, ROWS + 2, 10):
            sheet.cell(number, 3, "=1+1")
            sheet.row_dimensions[number].hidden = True
    book.save(path)


def _write_shared(path: Path, rows: list[list[object]]) -> None:
    """As Excel writes it: each text once, in a part of its own. (openpyxl repeats them.)"""
    book = Workbook()
    book.active.title = "Responses"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    places: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for letters, value in zip(LETTERS, row, strict=True):
            if isinstance(value, str):
                place = places.setdefault(value, len(places))
                cells.append(f'<c r="{letters}{number}" s="0" t="s"><v>{place}</v></c>')
            elif value is not None:
                cells.append(f'<c r="{letters}{number}" s="0"><v>{value}</v></c>')
        lines.append(f'<row r="{number}" spans="1:{COLUMNS}">{"".join(cells)}</row>')
    texts = "".join(f"<si><t>{text}</t></si>" for text in places)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}" uniqueCount="{len(places)}">{texts}</sst>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts["xl/worksheets/sheet1.xml"] = (head + sheet).encode()
    parts["xl/sharedStrings.xml"] = (head + strings).encode()
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"</Types>", entry)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)


def _value(row: int, column: int, chance: random.Random, labels: list[str]) -> object:
    if column == 0:
        return row
    if column % 11 == 0:
        return None
    if column % 9 == 0:
        return round(chance.random() * 100, 3)
    return f"Open text {row} of a respondent" if column == 79 else chance.choice(labels)


def measured(reader: str, path: Path) -> tuple[float, int]:
    """Seconds and peak of memory in MB."""
    code = MEASURE.format(setup=READERS[reader], rows=ROWS, columns=COLUMNS)
    result = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "workflow"), "OPENBLAS_NUM_THREADS": "1"},
    )
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    took, peak = json.loads(result.stdout)
    return took, peak


def report(kind: str, path: Path, readers: list[str]) -> None:
    write(path, kind)
    found: dict[str, list[tuple[float, int]]] = {reader: [] for reader in readers}
    for turn in range(RUNS):
        for reader in readers:
            if turn == 0 or not reader.startswith("openpyxl"):
                found[reader].append(measured(reader, path))
    megabytes = path.stat().st_size / 1e6
    print(f"\n| {ROWS:,} rows by {COLUMNS} columns, {kind}, {megabytes:.1f} MB", end=" ")
    print("| seconds | ratio | peak MB | target |\n|---|---|---|---|---|")
    base = [took for took, _ in found[readers[0]]]
    for reader, runs in found.items():
        times = [took for took, _ in runs]
        ratio = statistics.median(a / b for a, b in zip(times, base, strict=False))
        shown = f"{statistics.median(times):.2f}"
        if len(times) > 1:
            shown += f" ({min(times):.2f} to {max(times):.2f})"
        target = "at most 2" if reader.startswith("wavedeck") else ""
        peak = max(peak for _, peak in runs)
        print(f"| {reader} | {shown} | {ratio:.2f} | {peak} | {target} |", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "export.xlsx"
        report(SHARED, path, list(READERS))
        report(INLINE, path, list(READERS)[:2])
        report(FORMULAS, path, list(READERS)[:2])


if __name__ == "__main__":
    main()
