"""How the export of a later wave is laid out, where that is not as the codebook has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavedeck.errors import WavedeckError
from wavedeck.headers import folded
from wavedeck.ingest.misfit import Misfit, Remedy
from wavedeck.ingest.received import Received, columns_of, read_sheets
from wavedeck.inspect import Profile, inspect
from wavedeck.inspect.profile import Column
from wavedeck.survey import Export, Header, Survey, Wave
from wavedeck.survey.spelling import stem_and_item
from wavedeck.wave.match import Matched, match
from wavedeck.workbook import sheet_names


@dataclass(frozen=True)
class LaidOut:
    """An export read in the layout that fits it best."""

    survey: Survey
    """The codebook with that layout."""
    received: list[Received]
    columns: list[Column]
    """The same columns, as inspection knows them where it has the same layout."""
    profile: Profile | None
    """What inspection says of it; None where that has another layout."""
    matched: Matched

    @property
    def fitting(self) -> int:
        """How many columns have the header that the codebook, or the layout, gives them."""
        return sum(found.how != "alike" for found in self.matched.columns.values())


def lay_out(path: Path, survey: Survey) -> LaidOut:
    """The export in the layout of the codebook or in the one that inspection finds, whichever fits
    more columns. Raises WavedeckError for a workbook that cannot be read in either."""
    export, found = survey.export, []
    try:
        found.append(_read(path, survey, None))
        error = None
    except WavedeckError as failed:
        error = failed
    profile = _profile(path, export.sheet)
    if profile is not None and (other := _as_inspected(export, profile)) is not None:
        try:
            found.append(_read(path, survey.model_copy(update={"export": other}), profile))
        except WavedeckError as failed:
            error = error or failed
    elif profile is not None and found:
        found = [_read(path, survey, profile)]
    if not found:
        assert error is not None
        raise error
    return max(found, key=lambda own: own.fitting)


def _profile(path: Path, sheet: str) -> Profile | None:
    try:
        return inspect(path, sheet if sheet in sheet_names(path) else "")
    except WavedeckError:
        return None


def _as_inspected(export: Export, profile: Profile) -> Export | None:
    """The layout that inspection finds; None where it is the codebook's."""
    own = profile.header
    header = Header(rows=own.rows, first=own.first, names=own.names)
    same = (header.first, header.rows) == (export.header.first, export.header.rows)
    if same and (header.rows == 1 or header.names == export.header.names):
        header = export.header
    there = [m for m in export.more_sheets if m.sheet in {f.sheet for f in profile.further}]
    other = export.model_copy(
        update={"sheet": profile.sheet, "header": header, "more_sheets": there}
    )
    return None if other == export else other


def _read(path: Path, survey: Survey, profile: Profile | None) -> LaidOut:
    received = columns_of(read_sheets(path, survey.export), survey, path)
    names = {own.heading.name for own in received}
    if profile and not {column.name for column in profile.columns} <= names:
        profile = None  # it names the columns otherwise
    inspected = {folded(column.name): column for column in profile.columns} if profile else {}
    columns = [
        inspected.get(folded(own.heading.name)) or _column(own)
        for own in received
        if own.heading.name
    ]
    return LaidOut(survey, received, columns, profile, match(survey, columns))


def _column(received: Received) -> Column:
    heading = received.heading
    parts = stem_and_item(heading.name)
    stem, item = parts.get("stem", heading.name), parts.get("item", "")
    types = ["text"] * len(received.texts)
    return Column(
        heading.index, heading.letter, heading.name, stem, item, "", received.texts, types
    )


def layout_misfits(laid: LaidOut, survey: Survey, wave: Wave, workbook: Path) -> Iterator[Misfit]:
    """What to declare of the layout: sheets, header rows, how headers are spelled."""
    was, now = survey.export, laid.survey.export
    where = f"{workbook}, sheet '{now.sheet}'"
    if now.sheet != was.sheet:
        yield Misfit(
            str(workbook),
            f"there is no sheet '{was.sheet}'; '{now.sheet}' holds the answers",
            [Remedy("", {"export": {"sheet": now.sheet}})],
        )
    if now.header != was.header:
        given = now.header.model_dump(exclude_defaults=True) or {"rows": 1}
        yield Misfit(
            where,
            f"the names of the columns stand in {_rows(now.header)}",
            [Remedy("", {"export": {"header": given}})],
            expected=f"{_rows(was.header)}, as the codebook has it",
        )
    if now.more_sheets != was.more_sheets:
        left = [m.model_dump(exclude_defaults=True) for m in now.more_sheets]
        gone = [m.sheet for m in was.more_sheets if m not in now.more_sheets]
        yield Misfit(
            str(workbook),
            f"the further sheet '{gone[0]}' is missing",
            [Remedy("if its questions were not asked any more", {"export": {"more_sheets": left}})],
        )
    if patterns := patterns_of(laid, wave):
        spelled = " and ".join(f"'{pattern}'" for pattern in patterns.values())
        yield Misfit(
            where,
            f"the headers of all columns of a kind are spelled otherwise: {spelled}",
            [Remedy("", {"export": {"patterns": patterns}})],
            expected="the headers of the codebook",
        )


def patterns_of(laid: LaidOut, wave: Wave) -> dict[str, str]:
    """How the layout spells headers; nothing where the wave declares patterns of its own, which
    cannot be put together with others."""
    declared = wave.export.patterns if wave.export else None
    return {} if declared else laid.matched.patterns


def _rows(header: Header) -> str:
    if header.rows == 1:
        return f"row {header.first}"
    named = "" if header.names == "joined" else f", row {header.names} of these naming them"
    return f"rows {header.first} to {header.last}{named}"


def places(received: Sequence[Received]) -> dict[str, str]:
    """The cell of each header, as a message says it, by the header."""
    return {
        own.heading.name: f"sheet '{own.heading.sheet}', cell {own.heading.letter}{own.heading.row}"
        for own in received
    }
