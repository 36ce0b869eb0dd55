"""Files written whole or not at all, and tables in one dialect of Parquet and CSV."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wavedeck.csvfile import csv_text
from wavedeck.errors import Problem, WavedeckError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


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


def write_table(path: Path, table: pa.Table, group: int | None = None) -> None:
    """Write a table as .parquet or .csv, by the suffix.

    `group` is the number of rows of a Parquet row group: what is read together should lie together.
    """
    if path.suffix == ".csv":
        rows = (list(row.values()) for row in table.to_pylist())
        write_text(path, csv_text(table.column_names, rows))
    else:
        import pyarrow.parquet as parquet

        buffer = io.BytesIO()
        parquet.write_table(table, buffer, compression="zstd", row_group_size=group)
        write_bytes(path, buffer.getvalue())


def read_table(path: Path, columns: list[str] | None = None, **equal: object) -> pa.Table:
    """A Parquet table, or some of its columns, or the rows where columns equal given values.

    (pyarrow's own read_table would import pandas, which takes longer than most stages do.)
    Raises WavedeckError when the file or a column is missing.
    """
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    wanted = None if columns is None else list(dict.fromkeys([*columns, *equal]))
    try:
        file = parquet.ParquetFile(path)
    except FileNotFoundError:
        raise WavedeckError(
            Problem(str(path), "the file does not exist", remedy="run the stage that writes it")
        ) from None
    if lacking := [name for name in wanted or () if name not in file.schema_arrow.names]:
        raise WavedeckError(
            Problem(
                str(path),
                f"columns are missing: {', '.join(lacking)}",
                expected=", ".join(wanted or ()),
                remedy="run the stage that writes it again",
            )
        )
    table = file.read_row_groups(_groups(file.metadata, equal), columns=wanted)
    for name, value in equal.items():
        table = table.filter(compute.equal(table[name], value))
    return table


def column_names(path: Path) -> list[str]:
    """The columns of a Parquet table; none where there is no such file."""
    import pyarrow.parquet as parquet

    return list(parquet.ParquetFile(path).schema_arrow.names) if path.exists() else []


def _groups(metadata: pq.FileMetaData, equal: dict[str, object]) -> list[int]:
    """Row groups that may hold the values, by the least and the greatest that each group names."""
    places = {metadata.schema.column(i).name: i for i in range(metadata.num_columns)}

    def may_hold(group: int) -> bool:
        for name, value in equal.items():
            found = metadata.row_group(group).column(places[name]).statistics
            if found and found.has_min_max and not found.min <= value <= found.max:
                return False
        return True

    return [group for group in range(metadata.num_row_groups) if may_hold(group)]


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
