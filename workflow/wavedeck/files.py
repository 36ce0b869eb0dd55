"""Files written whole or not at all, and tables in one dialect of Parquet and CSV."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` beside `path` and move it into place: a stopped run leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode("utf-8"))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as .parquet or .csv, by the suffix. The index is not written.

    A CSV cell that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    if path.suffix == ".csv":
        safe = table.map(lambda value: f"'{value}" if _is_formula(value) else value)
        write_text(path, safe.to_csv(index=False, lineterminator="\n"))
    else:
        write_bytes(path, table.to_parquet(index=False))


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))


def read_table(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)


@contextmanager
def directory(path: Path) -> Iterator[Path]:
    """A temporary directory that takes the place of `path` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield work
        work.chmod(0o755)
        if path.exists():
            shutil.rmtree(path)
        work.replace(path)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
