"""wave.yaml for the next round, with every guess marked by how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wavedeck.alike import words_of
from wavedeck.headers import folded
from wavedeck.inspect import Profile
from wavedeck.inspect import profile as inspection
from wavedeck.inspect.profile import Column, QuestionGuess
from wavedeck.new import codebook, plan
from wavedeck.new.yamltext import comment, flow_list, flow_scalar, scalar
from wavedeck.survey import (
    ExcludeValue,
    Exclusion,
    GridQuestion,
    Header,
    SingleQuestion,
    Survey,
    Wave,
)
from wavedeck.survey.changes import stem_and_item
from wavedeck.wave.labels import Labels, labels_of
from wavedeck.wave.match import Matched


@dataclass(frozen=True)
class Round:
    """What a draft is made from."""

    survey: Survey
    previous: str
    earlier: Wave
    profile: Profile
    matched: Matched
    organisation: Column | None


def wave_yaml(given: Round, today: date) -> str:
    """The text of wave.yaml."""
    parts = [_about(given, today), _export(given), _headers(given), _introduced(given)]
    parts += [_retired(given), *_answers(given), _exclusions(given)]
    return "\n".join("\n".join(part) + "\n" for part in parts if part)


def _about(given: Round, today: date) -> list[str]:
    profile = given.profile
    lines = comment(
        f"The next round of the survey, drafted from {profile.workbook} by `wavedeck wave new`."
        " What is marked likely or UNSURE wants a person's eyes; then take the remarks out."
    )
    start, end = (moment.date() for moment in profile.dates) if profile.dates else (today, today)
    if not profile.dates:
        lines += comment("UNSURE: the export holds no dates; these are the day of the draft")
    return [
        *lines,
        f"title: {scalar(f'{end:%B %Y}')}",
        f"workbook: {scalar(profile.workbook)}",
        "fieldwork:",
        f"  start: {start.isoformat()}",
        f"  end: {end.isoformat()}",
        f"published: {max(today, end).isoformat()}  # UNSURE: the day of the draft",
        f'previous: "{given.previous}"',
    ]


def _export(given: Round) -> list[str]:
    profile, export = given.profile, given.survey.export
    lines = []
    if profile.sheet != export.sheet:
        lines.append(f"  sheet: {scalar(profile.sheet)}  # sure")
    header = profile.header
    if (header.first, header.rows) != (export.header.first, export.header.rows):
        first = f"first: {header.first}, " if header.first != 1 else ""
        names = "" if header.names == "joined" else f", names: {header.names}"
        lines.append(
            f"  header: {{{first}rows: {header.rows}{names}}}  # {header.guess.confidence}"
        )
    columns = _columns(given)
    if columns:
        lines += ["  columns:", *columns]
    lines += _further(given)
    if given.matched.patterns:
        lines += [
            "  # sure: the headers of all columns of a kind are spelled like this",
            "  patterns:",
        ]
        lines += [f"    {kind}: {scalar(p)}" for kind, p in given.matched.patterns.items()]
    return ["export:", *lines] if lines else []


def _further(given: Round) -> list[str]:
    """The further sheets, where any is not as the codebook has it."""
    known = {m.sheet: (m.response, m.header) for m in given.survey.export.more_sheets}
    found = {f.sheet: (f.response, _header(f.header)) for f in given.profile.further}
    if found == known:
        return []
    return codebook.further(given.profile) if found else ["  more_sheets: []  # none was found"]


def _header(found: inspection.Header) -> Header:
    return Header(rows=found.rows, first=found.first, names=found.names)


def _columns(given: Round) -> list[str]:
    """The response's own columns, where any is not as survey.yaml has it."""
    meta, profile = given.survey.export.columns, given.profile
    known = _known(given.survey)
    names = {folded(column.name) for column in profile.columns}
    asides = [aside for aside in profile.asides if folded(aside.column.name) not in known]
    if not asides and not given.organisation and set(map(folded, meta.roles.values())) <= names:
        return []
    lines, used = [], set[str]()
    for role in ("response", "organisation", "status", "submitted"):
        own = getattr(meta, role)
        column, sure = _same(profile, own), "sure"
        if column is None and role == "organisation" and given.organisation:
            column, sure = given.organisation, "likely: holds organisations of the wave before"
        elif column is None:
            aside = next((a for a in profile.asides if a.role == role), None)
            column, sure = (aside.column, aside.guess.confidence) if aside else (None, "")
        if column is not None:
            lines.append(f"    {role}: {scalar(column.name)}  # {sure}")
            used.add(column.name)
    unused = ("other", "status", "submitted", "response")
    for field, roles in (("others", unused), ("contact", ("contact",))):
        texts = [
            a.column.name for a in profile.asides if a.role in roles and a.column.name not in used
        ]
        if texts:
            lines.append(f"    {field}: {flow_list(texts)}")
    return lines


def _known(survey: Survey) -> set[str]:
    """Headers, folded, of the columns that answer no question."""
    meta = survey.export.columns
    return {folded(header) for header in (*meta.roles.values(), *meta.others, *meta.contact)}


def _same(profile: Profile, header: str | None) -> Column | None:
    """The column with this header."""
    same = (c for c in profile.columns if header and folded(c.name) == folded(header))
    return next(same, None)


def _headers(given: Round) -> list[str]:
    headers, words = [], []
    spelled = {header: f"{q}.{i}" if i else q for header, q, i in given.survey.columns()}
    before = {key: header for header, key in spelled.items()}
    for key, match in given.matched.columns.items():
        if match.how != "alike":
            continue
        headers.append(f"  # {match.confidence} ({match.score:.2f})")
        headers.append(f"  {key}: {scalar(match.column.name)}")
        if "." not in key and _reworded(before[key], match.column):
            words.append(f"  {key}: {scalar(_asked(match.column))}")
    lines = ["headers:", *headers] if headers else []
    if words:
        lines += ["", *comment(_REWORDED), "reworded:", *words]
    return lines


_REWORDED = (
    "UNSURE: questions that may have been put in other words, with what charts are to print. What"
    " must not be compared with the wave before goes under not_comparable:, with the reason"
)


def _reworded(header: str, column: Column) -> bool:
    """Whether a header has other words than before, whatever the layout puts around them."""
    now = set(words_of(column.item or column.name))
    return now not in [set(words_of(h)) for h in (header, stem_and_item(header).get("item", ""))]


def _asked(column: Column) -> str:
    return re.sub(r"^Q\d+\w*[.:)]?\s*", "", column.item or column.stem or column.name)


def _used(given: Round) -> set[str]:
    used = {match.column.name for match in given.matched.columns.values()}
    used |= {aside.column.name for aside in given.profile.asides}
    known = _known(given.survey)
    used |= {column.name for column in given.profile.columns if folded(column.name) in known}
    if given.organisation:
        used.add(given.organisation.name)
    return used


def _introduced(given: Round) -> list[str]:
    """Questions of the export that the codebook has not, as `wavedeck new` would draft them."""
    used, lines = _used(given), []
    taken = set(given.survey.questions)
    for planned in plan.plan(given.profile):
        free = [column for column in planned.guess.columns if column.name not in used]
        if not free:
            continue
        guess = planned.guess
        if len(free) < len(guess.columns):
            told = ", ".join(column.name for column in free)
            lines += comment(
                f"UNSURE: new rows of a question that is there? Add them by hand: {told}", 2
            )
            continue
        planned.name = _name(guess, planned.name, taken)
        taken.add(planned.name)
        planned.scale = ""
        lines += codebook._question(planned)
    return ["introduced:", *lines] if lines else []


def _name(guess: QuestionGuess, fallback: str, taken: Iterable[str]) -> str:
    own = guess.number.lower() or f"new_{fallback}"
    name, count = own, 2
    while name in taken:
        name, count = f"{own}_{count}", count + 1
    return name


def _retired(given: Round) -> list[str]:
    names = dict.fromkeys(key.partition(".")[0] for key in given.matched.missing)
    found = {key.partition(".")[0] for key in given.matched.columns}
    gone = [name for name in names if name not in found]
    part = [key for key in given.matched.missing if key.partition(".")[0] in found]
    lines = []
    if gone:
        lines += ["retired:", *(f"  {name}: no column of the export  # likely" for name in gone)]
    if part:
        lines += comment(
            "UNSURE: these rows of questions have no column of their own in the export; give"
            f" their headers under headers:, or the reason under retired: {', '.join(part)}"
        )
    return lines


def _answers(given: Round) -> list[list[str]]:
    """Further options and other spellings."""
    added, spelled = ["recoded:"], ["aliases:"]
    for name, labels in _labels(given).items():
        if labels.added:
            added += [f"  {name}:", "    add:"]
            for option, (label, behind, times) in labels.added.items():
                added.append(f"      # likely: {times} answers that no option fits")
                added.append("      # UNSURE: its place on the scale (after: or before: an option)")
                added.append(f"      {option}: {{label: {flow_scalar(label)}, after: {behind}}}")
            scale = given.survey.scale_of(name)
            nets = {
                net: [*parts, *(o for o, (_, b, _) in labels.added.items() if b in parts)]
                for net, parts in scale.nets.items()
            }
            nets = {net: parts for net, parts in nets.items() if parts != scale.nets[net]}
            if nets:
                added += ["    # UNSURE: does it belong to them?", "    nets:"]
                added += [f"      {net}: {flow_list(parts)}" for net, parts in nets.items()]
            added += [
                "    # UNSURE: which options stand together for an option of before; without it,",
                "    # the question is not compared",
                "    # comparable:",
                *(f"    #   {b}: [{b}, {o}]" for o, (_, b, _) in labels.added.items()),
            ]
        if labels.aliases:
            spelled.append(f"  {name}:")
            for option, texts in labels.aliases.items():
                given_by = ", ".join(str(n) for n in texts.values())
                sure = "unsure" if labels.unsure & set(texts) else "likely"
                spelled.append(f"    {option}: {flow_list(texts)}  # {sure} ({given_by} answers)")
    return [part if len(part) > 1 else [] for part in (added, spelled)]


def _labels(given: Round) -> Mapping[str, Labels]:
    found = {}
    for name, question in given.survey.questions.items():
        if isinstance(question, SingleQuestion | GridQuestion):
            columns = [
                match.column
                for key, match in given.matched.columns.items()
                if key.partition(".")[0] == name
            ]
            if columns:
                scale, marks = given.survey.scale_of(name), given.survey.export.no_answer
                found[name] = labels_of(scale, columns, marks)
    return found


def _exclusions(given: Round) -> list[str]:
    names = {folded(column.name) for column in given.profile.columns}
    lines = []
    for rule in given.earlier.exclusions:
        if _holds(rule, names):
            lines += _rule(rule)
    for column, texts, reason in given.profile.leave_out:
        lines += ["  - kind: value", f"    column: {scalar(column.name)}"]
        lines += [f"    values: {flow_list(texts)}", f"    reason: {reason}"]
    if not lines:
        return []
    said = "UNSURE: as in the wave before, where its columns are there"
    return [*comment(said), "exclusions:", *lines]


def _holds(rule: Exclusion, names: set[str]) -> bool:
    columns = [rule.column] if isinstance(rule, ExcludeValue) else getattr(rule, "columns", [])
    return all(folded(column) in names for column in columns) and rule.kind != "rows"


def _rule(rule: Exclusion) -> list[str]:
    lines: list[str] = []
    for name, value in rule.model_dump(exclude_unset=True).items():
        text = str(value) if isinstance(value, int) else ""
        text = text or (flow_list(value) if isinstance(value, list) else scalar(str(value)))
        lines.append(f"  {'  ' if lines else '- '}{name}: {text}")
    return lines
