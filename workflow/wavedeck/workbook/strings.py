"""The table of texts that cells share: how many there are and how long each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.parsers import expat

from wavedeck.workbook.package import Package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STRINGS_COUNT = 8_388_608
"""Texts in the table; each costs a reader an object."""

_OPEN = re.compile(rb"<si[\s/>]")


def lengths_of(package: Package) -> NDArray[np.int64]:
    """Bytes of XML of each shared text, in order: no text is longer.

    Raises WavedeckError for a table that is broken, too large or says a wrong size of itself.
    """
    import numpy as np

    if not package.strings:
        return np.zeros(0, np.int64)
    lengths = _quick(package)
    if lengths is None:
        try:
            lengths = np.array(list(_parsed(package)), np.int64)
        except expat.ExpatError as error:
            raise package.broken(f"the table of texts is broken ({error})") from None
    return lengths


def _quick(package: Package) -> NDArray[np.int64] | None:
    """Distances between the tags `si`; None where comments or prefixes may hide some."""
    import numpy as np

    starts: list[NDArray[np.int64]] = []
    at, count, waiting, head = 0, 0, b"", True
    for chunk in package.chunks(package.strings):
        xml = waiting + chunk
        if head:
            _check_count(package, xml[:65_536])
            if not re.match(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>)?\s*<sst[\s/>]", xml[:65_536]):
                return None
            head = False
        body = xml[2:] if at == 0 else xml  # past the declaration's own mark
        if b"<!" in body or b"<?" in body or re.search(rb"<[A-Za-z_][\w.-]*:", body):
            return None
        # The last bytes may be a tag cut in two.
        cut = len(xml) - 3
        found = np.array([m.start() for m in _OPEN.finditer(xml) if m.start() < cut], np.int64)
        starts.append(found + at)
        count += len(found)
        if count > STRINGS_COUNT:
            raise package.too_large(f"the workbook has more than {STRINGS_COUNT:,} texts")
        at += max(cut, 0)
        waiting = xml[max(cut, 0) :]
    end = at + len(waiting)
    last = [m.start() + at for m in _OPEN.finditer(waiting + b" ")]
    return np.diff(np.concatenate([*starts, np.array([*last, end], np.int64)]))


def _check_count(package: Package, head: bytes) -> None:
    """calamine sets memory aside for as many texts as the table says that it has."""
    for number in re.findall(rb"""\buniqueCount\s*=\s*["']\s*(\d+)\s*["']""", head):
        if len(number) > 8 or int(number) > STRINGS_COUNT:
            raise package.unsafe("the table of texts claims to be larger than any workbook's")


def _parsed(package: Package) -> Iterator[int]:
    """The same by a parser, for XML in an unusual form."""
    parser = expat.ParserCreate(namespace_separator=" ")
    starts: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "si":
            starts.append(parser.CurrentByteIndex)
            if len(starts) > STRINGS_COUNT:
                raise package.too_large(f"the workbook has more than {STRINGS_COUNT:,} texts")
        elif tag == "sst":
            number = attributes.get("uniqueCount", "")
            _check_count(package, f'uniqueCount="{number}"'.encode())

    parser.StartElementHandler = start
    size = 0
    for chunk in package.chunks(package.strings):
        parser.Parse(chunk, False)
        size += len(chunk)
    parser.Parse(b"", True)
    for one, next_ in zip(starts, [*starts[1:], size], strict=True):
        yield next_ - one
