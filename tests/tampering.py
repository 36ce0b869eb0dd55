"""Ways to spoil a built wave, and to forge a manifest that agrees with what was spoilt."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from openpyxl import load_workbook

from conftest import WAVE

PROCESSED = Path("processed", WAVE)
REPORT = Path("report", WAVE)
BUNDLE = REPORT / "audit"


def flip(path: Path) -> None:
    """Change one character in the middle of a file, keeping its length."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle] ^= 1
    path.write_bytes(data)


def forge(root: Path) -> None:
    """Make the manifest and the sums agree with the files as they now are."""
    manifest = json.loads((root / BUNDLE / "manifest.json").read_text())
    for part, folder in (
        *((part, root) for part in ("inputs", "code", "processed", "published")),
        ("audit", root / BUNDLE),
    ):
        for name, entry in manifest[part].items():
            data = (folder / name).read_bytes()
            entry |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    (root / BUNDLE / "manifest.json").write_text(json.dumps(manifest))
    sums = "".join(
        f"{hashlib.sha256((root / BUNDLE / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("manifest.json", "ro-crate-metadata.json")
    )
    (root / BUNDLE / "SHA256SUMS").write_text(sums)


def put(path: Path, old: str, new: str) -> None:
    """Replace the first `old`; a pattern when it has groups."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def reprint(path: Path, estimate: str, change: Callable[[str], str]) -> None:
    """Change the last text of the first element that shows an estimate."""
    text = path.read_text(encoding="utf-8")
    pattern = rf'(data-estimate="{re.escape(estimate)}">(?:<path[^>]*/>)?(?:<text[^>]*>)?)([^<]+)'
    match = re.search(pattern, text)
    assert match, f"{path} does not show {estimate}"
    start, end = match.span(2)
    path.write_text(text[:start] + change(match[2]) + text[end:], encoding="utf-8")


class Table:
    """Rows of a Parquet table to change; `save` writes them with the types they had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schema = parquet.read_schema(path)
        self.rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()

    def find(self, **where: Any) -> dict[str, Any]:
        """The first row where columns have given values."""
        return next(r for r in self.rows if all(r[name] == v for name, v in where.items()))

    def rewrite(self, column: str, new: Any, /, **where: Any) -> None:
        """Change a value; `new` may be a function of the old one."""
        row = self.find(**where)
        row[column] = new(row[column]) if callable(new) else new

    def drop(self, **where: Any) -> dict[str, Any]:
        row = self.find(**where)
        self.rows.remove(row)
        return row

    def save(self) -> None:
        parquet.write_table(pa.Table.from_pylist(self.rows, self._schema), self._path)


def retype(path: Path, sheet: str, header: str, row: int, value: Any) -> str:
    """Change a cell of a workbook; returns its address."""
    book = load_workbook(path)
    found = book[sheet]
    column = next(cell.column for cell in found[1] if str(cell.value).startswith(header))
    cell = found.cell(row, column)
    assert cell.value != value
    cell.value = value
    book.save(path)
    return str(cell.coordinate)
