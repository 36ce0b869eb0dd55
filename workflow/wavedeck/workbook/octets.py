"""Regular XML as arrays of bytes: attributes, numbers and columns read at many places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wavedeck.workbook.regular import IrregularError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]


def refuse_irregular(
    a: Bytes, tags: Places, first: Bytes, second: Bytes, blanks: Flags, equals: Flags
) -> None:
    """Comments, prefixes, cells without attributes, blanks around an equals sign.

    `first` and `second` are the letters behind the opening bracket of each tag.
    """
    import numpy as np

    if ((first == ord("!")) | (first == ord("?"))).any():
        raise IrregularError("a comment among the cells")
    if ((first == ord("c")) & (second != ord(" "))).any():
        raise IrregularError("a cell without an address")
    if (blanks[:-1] & equals[1:]).any():
        raise IrregularError("a blank before an equals sign")
    colons = np.flatnonzero(a == ord(":"))
    if len(colons):
        # A colon belongs to a tag's name if no blank and no end stands between it and the tag.
        stops = np.flatnonzero(blanks | (a == ord(">")))
        opened = np.concatenate(([-1], tags))[np.searchsorted(tags, colons)]
        closed = np.concatenate(([-1], stops))[np.searchsorted(stops, colons)]
        if (opened > closed).any():
            raise IrregularError("a prefix among the cells")


def value_of(a: Bytes, places: Places) -> Places:
    """Where the value begins of the attribute r, which must come first: ` r="`."""
    for offset, letter in enumerate(b' r="'):
        if not (a[places + offset] == letter).all():
            raise IrregularError("a row or a cell does not begin with its address")
    return places + 4


def numbers_at(a: Bytes, places: Places, most: int) -> tuple[Places, Places]:
    """The whole numbers at `places` (0 where there is none), and where they end."""
    import numpy as np

    values, at = np.zeros(len(places), np.int64), places.copy()
    for _ in range(most):
        digits = a[at] - np.uint8(ord("0"))
        here = digits < 10
        if not here.any():
            break
        values = np.where(here, values * 10 + digits, values)
        at += here
    return values, at


def columns_at(a: Bytes, places: Places) -> tuple[Places, Places]:
    """The columns named at `places`, from 1, and where the letters end."""
    import numpy as np

    values, at = np.zeros(len(places), np.int64), places.copy()
    for _ in range(3):
        letters = a[at] - np.uint8(ord("A"))
        here = letters < 26
        if not here.any():
            break
        values = np.where(here, values * 26 + letters + 1, values)
        at += here
    return values, at
