"""A file that is said to be a workbook: its bytes, or what it is instead."""

from __future__ import annotations

from pathlib import Path

from wavedeck.errors import Problem, WavedeckError, listing, nearest

MIB = 1024 * 1024
FILE_LIMIT = 128 * MIB
"""Bytes of the file itself."""
EXPECTED = "an Excel workbook (.xlsx)"
END = b"PK\x05\x06"
"""What the directory at the end of a zip begins with."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def bytes_of(path: Path) -> bytes:
    """The file's bytes, if they can be a workbook's. Raises WavedeckError."""
    if not path.is_file():
        raise WavedeckError(_no_file(path))
    size = path.stat().st_size
    if size > FILE_LIMIT:
        raise WavedeckError(
            Problem(
                str(path),
                f"the file has {size // MIB:,} MiB, more than is read of any workbook",
                f"{EXPECTED} of at most {FILE_LIMIT // MIB} MiB",
                remedy="copy the answers alone into a new workbook",
            )
        )
    data = path.read_bytes()
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise WavedeckError(encrypted(path))
        remedy = "open it in Excel or LibreOffice and save it as .xlsx"
        found = "this is an old Excel file (.xls)"
        raise WavedeckError(Problem(str(path), found, EXPECTED, remedy=remedy))
    if data.startswith(b"PK") and END not in data:
        raise WavedeckError(broken(path, "the zip is cut off: its directory is missing"))
    if not data.startswith(b"PK"):
        raise WavedeckError(_no_zip(path, data))
    return data


def broken(path: Path, message: str, sheet: str = "") -> Problem:
    return Problem(
        f"{path}, sheet '{sheet}'" if sheet else str(path),
        f"the workbook cannot be read: {message}",
        EXPECTED,
        remedy="export it again, or open it in Excel or LibreOffice and save it as .xlsx",
    )


def encrypted(path: Path) -> Problem:
    return Problem(
        str(path),
        "the workbook is encrypted",
        expected="a workbook that opens without a password",
        remedy="open it with its password, take the password off and save it again",
    )


def _no_file(path: Path) -> Problem:
    folder = path if path.is_dir() else path.parent
    others = sorted(file.name for file in folder.glob("*.xls*") if file.is_file())
    holds = f"it holds {listing(others)}" if others else "it holds no workbook"
    if path.is_dir():
        remedy = "name the workbook in the folder"
        return Problem(str(path), f"this is a folder; {holds}", EXPECTED, remedy=remedy)
    return Problem(
        str(path),
        f"there is no such file; the folder holds {listing(others) or 'no workbook'}",
        EXPECTED,
        nearest(path.name, others),
        "put the file there, or name the right one (in wave.yaml or survey.yaml: workbook:)",
    )


def _no_zip(path: Path, data: bytes) -> Problem:
    """What a file is that is no zip, by how it begins."""
    head = data[:400].decode("utf-8-sig", "replace").lstrip()
    shown = " ".join(head[:12].split())
    remedy = "export it again as Excel (.xlsx)"
    if not data:
        return Problem(str(path), "the file is empty", EXPECTED, remedy="export it again as .xlsx")
    found = "this is not a workbook"
    if head.lower().startswith(("<!doctype html", "<html", "<table", "<meta")):
        found = "this is a web page and not a workbook, whatever its name says"
    elif head.startswith("<?xml"):
        found = "this is XML and not a workbook"
    elif data.startswith(b"%PDF"):
        found = "this is a PDF and not a workbook"
    elif not set(head) & {"\0", "\ufffd"} and any(sign in head for sign in ",;\t"):
        found = "this is text with separators (CSV), not a workbook"
        remedy += ", or open it in Excel or LibreOffice, check the dates, and save it as .xlsx"
    return Problem(str(path), f"{found} (it begins with {shown!r})", EXPECTED, remedy=remedy)
