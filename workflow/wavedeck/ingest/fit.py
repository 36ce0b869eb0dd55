"""How the export of a later wave fits the codebook: every misfit at once, with the YAML to add.

A first wave is described by survey.yaml and mismatches are mended there; a later one declares what
changed in its own wave.yaml, so that earlier waves stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wavedeck.alike import counted, likeness
from wavedeck.contact import looks_like
from wavedeck.errors import WavedeckError
from wavedeck.headers import folded, match_columns, nameless
from wavedeck.ingest.laid_out import LaidOut, lay_out, layout_misfits, patterns_of, places
from wavedeck.ingest.misfit import Misfit, Remedy, refusal
from wavedeck.ingest.received import Received
from wavedeck.ingest.unknown import answer_misfits
from wavedeck.new.names import unique_names
from wavedeck.survey import MultiQuestion, Survey, Wave, on_sheet, waves_before
from wavedeck.wave.fresh import Rows, declared, new_rows, questions
from wavedeck.wave.match import LEAST, reworded_as

_ROLES = ("response", "organisation", "status", "submitted")


def refuse_misfits(
    columns: Sequence[Received], survey: Survey, wave: Wave, path: Path, workbook: Path
) -> None:
    """Raises WavedeckError for all that does not fit. `path` is that of wave.yaml."""
    try:
        match_columns([column.heading for column in columns], survey, workbook)
        fitting = not any(answer_misfits(columns, survey, wave, workbook))
    except WavedeckError:
        fitting = False
    if not fitting:
        refuse(survey, wave, path, workbook)


def refuse(survey: Survey, wave: Wave, path: Path, workbook: Path) -> None:
    """Raises WavedeckError with what is to be declared; nothing where an export fits after all."""
    laid = lay_out(workbook, survey)
    misfits = [
        *layout_misfits(laid, survey, wave, workbook),
        *_column_misfits(laid, wave, workbook, _asked_again(path)),
    ]
    if misfits:
        raise refusal(misfits, path, wave.model_fields_set)


def _asked_again(path: Path) -> list[Remedy]:
    """What to do about a question that a wave further back asked and those since have not."""
    waves = [before.parent.name for before in waves_before(path)][:-1]
    if not waves:
        return []
    when = f"if {' or '.join(waves)} asked it and those since have not"
    return [Remedy(when, {"asked_again": {"its_name": waves[-1]}})]


def _column_misfits(
    laid: LaidOut, wave: Wave, workbook: Path, again: Sequence[Remedy]
) -> Iterator[Misfit]:
    survey, matched = laid.survey, laid.matched
    where = f"{workbook}, sheet '{survey.export.sheet}'"
    keys = {found.column.name: key for key, found in matched.columns.items()}
    known = {folded(header) for header in _described(survey)}
    free = [
        column
        for column in laid.columns
        if column.name not in keys and folded(column.name) not in known
    ]
    roles = _roles(laid, [column.name for column in free])
    yield from _role_misfits(laid, roles, where)
    yield from _renamed(laid, wave, where)
    yield from _gone(laid, where)
    free = [column for column in free if column.name not in roles.values()]
    asides = _asides(laid, [column.name for column in free])
    cells = places(laid.received)
    for name, field in asides.items():
        meant = "if it tells who a respondent is" if field == "contact" else "if it is of no use"
        yield Misfit(
            f"{workbook}, {cells[name]}",
            f"the codebook does not know the column '{name}'",
            [
                Remedy(meant, {"export": {field: [name]}}),
                _as_question(laid, name),
            ],
        )
    free = [column for column in free if column.name not in asides]
    rows = new_rows(survey, free, laid.profile, matched)
    used = {c.name for c in laid.columns} - {c.name for c in free}
    yield from _new(laid, rows, used, workbook, again)
    yield from _nameless(laid, workbook)
    spelled = {own.heading.name: keys.get(own.heading.name, "") for own in laid.received}
    labels = {}
    for new in rows:
        for name, (label, column) in new.entries.items():
            spelled[column.name] = f"{new.question}.{name}"
            labels[f"{new.question}.{name}"] = label
    yield from answer_misfits(laid.received, survey, wave, workbook, spelled, labels)


def _described(survey: Survey) -> list[str]:
    """Headers of the columns that answer no question."""
    meta = survey.export.columns
    joining = [f"{more.sheet}!{more.response}" for more in survey.export.more_sheets]
    return [*meta.roles.values(), *meta.others, *meta.contact, *joining]


def _roles(laid: LaidOut, free: Sequence[str]) -> dict[str, str]:
    """For each of the response's own columns that the export lacks, the one in its place; "" for
    none."""
    wanted = laid.survey.export.columns.roles
    there = {folded(column.name) for column in laid.columns}
    lacking = {role: header for role, header in wanted.items() if folded(header) not in there}
    found: dict[str, str] = {}
    common = counted(list(wanted.values()), list(free))
    for role, header in lacking.items():
        left = [name for name in free if name not in found.values()]
        aside = next(
            (
                a.column.name
                for a in (laid.profile.asides if laid.profile else ())
                if a.role == role and a.column.name in left
            ),
            "",
        )
        best = max(left, key=lambda name: likeness(header, name, common), default="")
        alike = best if best and likeness(header, best, common) >= LEAST else ""
        found[role] = aside or alike
    return found


def _role_misfits(laid: LaidOut, roles: Mapping[str, str], where: str) -> Iterator[Misfit]:
    """One misfit for all of them: wave.yaml names them together."""
    if not roles:
        return
    was = laid.survey.export.columns
    there = {folded(column.name) for column in laid.columns}
    now = {role: roles.get(role, header) for role, header in was.roles.items()}
    lines: dict[str, object] = {role: now[role] for role in _ROLES if now.get(role)}
    for field in ("others", "contact"):
        if left := [name for name in getattr(was, field) if folded(name) in there]:
            lines[field] = left
    lacking = [f"'{was.roles[role]}' ({role})" for role in roles]
    yield Misfit(
        where,
        f"the column{'s' if len(lacking) > 1 else ''} {', '.join(lacking)} about the response"
        f" {'are' if len(lacking) > 1 else 'is'} missing",
        [Remedy("", {"export": {"columns": lines}})],
        nearest=", ".join(name for name in roles.values() if name),
    )


def _renamed(laid: LaidOut, wave: Wave, where: str) -> Iterator[Misfit]:
    """Columns of the codebook with another header."""
    patterns = patterns_of(laid, wave)
    spelled = {f"{q}.{i}" if i else q: header for header, q, i in laid.survey.columns()}
    for key in spelled:
        found = laid.matched.columns.get(key)
        if found is None or found.how == "same" or (found.how == "layout" and patterns):
            continue
        lines: dict[str, object] = {"headers": {key: found.column.name}}
        if "." not in key and (words := reworded_as(spelled[key], found.column)):
            lines["reworded"] = {key: words}
        gone = _retired(laid, key)
        yield Misfit(
            where,
            f"the column '{spelled[key]}' ({key}) is missing",
            [Remedy("", lines), Remedy("if it was not asked any more", gone)],
            nearest=found.column.name,
        )


def _gone(laid: LaidOut, where: str) -> Iterator[Misfit]:
    """Columns of the codebook that the export has not; a question that is gone as a whole once."""
    spelled = {f"{q}.{i}" if i else q: header for header, q, i in laid.survey.columns()}
    told: list[object] = []
    for key in laid.matched.missing:
        lines = _retired(laid, key)
        if lines in told:
            continue
        told.append(lines)
        name = key.partition(".")[0]
        more = sum(_retired(laid, other) == lines for other in laid.matched.missing) - 1
        others = f" and {more} more of {name}" if more else ""
        yield Misfit(
            where,
            f"the column '{spelled[key]}' ({key}) is missing{others}",
            [Remedy("if it was not asked any more", lines)],
        )


def _retired(laid: LaidOut, key: str) -> dict[str, object]:
    """What says that a column is gone: a row, where its question has others left, an option, or
    the question."""
    name, _, row = key.partition(".")
    question = laid.survey.questions[name]
    options = question.options if isinstance(question, MultiQuestion) else {}
    left = [own for own in laid.matched.columns if own.partition(".")[0] == name and own != key]
    if not row or not left:
        return {"retired": {name: "the reason"}}
    if row in options:
        return {"recoded": {name: {"drop": [row]}}}
    return {"retired": {key: "the reason"}}


def _asides(laid: LaidOut, free: Sequence[str]) -> dict[str, str]:
    """Unknown columns that answer no question -> others or contact."""
    found = {
        own.heading.name: "contact"
        for own in laid.received
        if own.heading.name in free and looks_like(own.heading.name, own.texts)
    }
    for aside in laid.profile.asides if laid.profile else ():
        if aside.column.name in free:
            field = "contact" if aside.role == "contact" else "others"
            found.setdefault(aside.column.name, field)
    return found


def _as_question(laid: LaidOut, name: str) -> Remedy:
    [key] = unique_names([name], "new", laid.survey.questions)
    asked = {"type": "text", "text": "the question", "column": name}
    return Remedy("if it is a new question", {"introduced": {key: asked}})


def _new(
    laid: LaidOut, rows: Sequence[Rows], used: set[str], workbook: Path, again: Sequence[Remedy]
) -> Iterator[Misfit]:
    """Unknown columns that are rows of a question, or questions."""
    cells = places(laid.received)
    for own in rows:
        for name, (label, column) in own.entries.items():
            alone = Rows(own.question, own.choices, {name: (label, column)})
            kind = "an option" if own.choices else "a row"
            yield Misfit(
                f"{workbook}, {cells[column.name]}",
                f"the codebook does not know the column '{column.name}'",
                [
                    Remedy(f"if it is a new {kind.partition(' ')[2]}", alone.declared),
                    _unused([column.name]),
                ],
                nearest=f"{kind} of {own.question}",
            )
    taken = used | {column.name for own in rows for _, column in own.entries.values()}
    drafted: set[str] = set()
    if laid.profile:
        for planned in questions(laid.survey, laid.profile, used, rows):
            guess = planned.guess
            names = [c.name for c in (*guess.columns, *([guess.other] if guess.other else []))]
            drafted |= set(names)
            more = f" and {len(names) - 1} more beside it" if len(names) > 1 else ""
            yield Misfit(
                f"{workbook}, {cells[names[0]]}",
                f"the codebook does not know the column '{names[0]}'{more}",
                [Remedy("if it is a new question", declared(planned)), *again, _unused(names)],
            )
    for column in laid.columns:
        if column.name not in taken | drafted:
            yield Misfit(
                f"{workbook}, {cells[column.name]}",
                f"the codebook does not know the column '{column.name}'",
                [_as_question(laid, column.name), *again, _unused([column.name])],
            )


def _nameless(laid: LaidOut, workbook: Path) -> Iterator[Misfit]:
    """Columns without a header that hold values."""
    for own in laid.received:
        first = next((i for i, text in enumerate(own.texts) if text is not None), None)
        if own.heading.name or first is None:
            continue
        sheet = "" if own.heading.sheet == laid.survey.export.sheet else own.heading.sheet
        yield Misfit(
            f"{workbook}, sheet '{own.heading.sheet}', cell {own.heading.letter}{own.rows[first]}",
            f"a value ('{own.texts[first]}') in a column without a header",
            [_unused([on_sheet(sheet, nameless(own.heading.index))])],
        )


def _unused(names: list[str]) -> Remedy:
    what = "it is" if len(names) == 1 else "they are"
    return Remedy(f"if {what} of no use", {"export": {"others": names}})
