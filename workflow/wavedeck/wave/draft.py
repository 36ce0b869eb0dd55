"""wave.yaml for the next round, with every guess marked by how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wavedeck.headers import folded
from wavedeck.inspect import Profile
from wavedeck.inspect import profile as inspection
from wavedeck.inspect.profile import Column
from wavedeck.new import codebook
from wavedeck.new.plan import Planned
from wavedeck.new.yamltext import comment, flow_list, scalar
from wavedeck.survey import (
    ExcludeValue,
    Exclusion,
    Header,
    Survey,
    Wave,
)
from wavedeck.wave.deck import Changed
from wavedeck.wave.fresh import Rows, new_rows, questions
from wavedeck.wave.match import Matched, other_words, reworded_as
from wavedeck.wave.scales import drafted


@dataclass
class Round:
    """What a draft is made from."""

    survey: Survey
    previous: str
    earlier: Wave
    profile: Profile
    matched: Matched
    organisation: Column | None
    synthetic: tuple[str, str] = ("", "")
    """The sheet of the export, and its sentence, that calls the respondents synthetic."""

    @cached_property
    def rows(self) -> list[Rows]:
        """New rows of questions that are there."""
        used = _used(self)
        free = [c for c in self.profile.columns if c.name and c.name not in used]
        return new_rows(self.survey, free, self.profile, self.matched)

    @cached_property
    def fresh(self) -> list[Planned]:
        """New questions, as `wavedeck new` would draft them."""
        return list(questions(self.survey, self.profile, _used(self), self.rows))

    @cached_property
    def retired(self) -> list[str]:
        """Questions that the export lacks, and rows of questions that it has."""
        missing = self.matched.missing
        found = {key.partition(".")[0] for key in self.matched.columns}
        gone = dict.fromkeys(key.partition(".")[0] for key in missing)
        part = [key for key in missing if key.partition(".")[0] in found]
        rows = [key for key in part if not _is_option(self.survey, key)]
        return [*(name for name in gone if name not in found), *rows]

    @cached_property
    def reworded(self) -> dict[str, str]:
        """Questions that may have been put in other words, with these."""
        before = {f"{q}.{i}" if i else q: header for header, q, i in self.survey.columns()}
        found = {}
        for key, match in self.matched.columns.items():
            if "." in key:
                continue
            words = reworded_as(before[key], match.column) if match.how == "alike" else ""
            if match.how == "same" and match.column.code == match.column.name:
                # Columns that are named by a code say nothing of the question's words.
                words = other_words(self.survey.questions[key].text, match.column)
            if words:
                found[key] = words
        return found

    @property
    def changed(self) -> Changed:
        """What the deck has to follow."""
        rows = {own.question: list(own.entries) for own in self.rows}
        return Changed(self.survey, self.retired, self.reworded, self.fresh, rows)


def wave_yaml(given: Round, today: date) -> str:
    """The text of wave.yaml."""
    introduced = [line for planned in given.fresh for line in codebook.question_lines(planned)]
    introduced = ["introduced:", *introduced] if introduced else []
    items, *answers = drafted(given.survey, given.matched, given.rows)
    parts = [_about(given, today), _export(given), _headers(given), introduced, items]
    parts += [_retired(given), *answers, _exclusions(given)]
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
        *_not_real(given),
    ]


def _not_real(given: Round) -> list[str]:
    """Whether the respondents are real, where this export or the wave before says that."""
    sheet, said = given.synthetic
    if said:
        return [f"synthetic: {scalar(said)}  # likely: the sheet '{sheet}' says so"]
    earlier = " ".join(given.earlier.synthetic.split())
    if not earlier:
        return []
    asked = (
        "UNSURE: respondents of the wave before are not real; are these? If so, with its reason:"
    )
    return [*comment(asked), f"# synthetic: {scalar(earlier)}"]


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
    lines += ["  columns:", *columns] if columns else _further_asides(given)
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
    names = {folded(column.name) for column in profile.columns}
    if not given.organisation and set(map(folded, meta.roles.values())) <= names:
        return []
    lines, used = [], {match.column.name for match in given.matched.columns.values()}
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


def _further_asides(given: Round) -> list[str]:
    """New columns that answer no question, besides those of before."""
    known, lines = _known(given.survey) | _matched(given), []
    for field, own in (("others", False), ("contact", True)):
        texts = [
            aside.column.name
            for aside in given.profile.asides
            if (aside.role == "contact") == own and folded(aside.column.name) not in known
        ]
        lines += [f"  {field}: {flow_list(texts)}  # likely"] if texts else []
    return lines


def _matched(given: Round) -> set[str]:
    """Headers, folded, of columns that answer a question, though they hold nothing this time."""
    return {folded(match.column.name) for match in given.matched.columns.values()}


def _known(survey: Survey) -> set[str]:
    """Headers, folded, of the columns that answer no question."""
    meta = survey.export.columns
    return {folded(header) for header in (*meta.roles.values(), *meta.others, *meta.contact)}


def _same(profile: Profile, header: str | None) -> Column | None:
    """The column with this header."""
    same = (c for c in profile.columns if header and folded(c.name) == folded(header))
    return next(same, None)


def _headers(given: Round) -> list[str]:
    headers = []
    for key, match in given.matched.columns.items():
        if match.how == "alike":
            headers.append(f"  # {match.confidence} ({match.score:.2f})")
            headers.append(f"  {key}: {scalar(match.column.name)}")
    lines = ["headers:", *headers] if headers else []
    words = [f"  {key}: {scalar(text)}" for key, text in given.reworded.items()]
    if words:
        lines += [*([""] if lines else []), *comment(_REWORDED), "reworded:", *words]
    return lines


_REWORDED = (
    "UNSURE: questions that may have been put in other words, with what charts are to print. What"
    " must not be compared with the wave before goes under not_comparable:, with the reason"
)


def _used(given: Round) -> set[str]:
    used = {match.column.name for match in given.matched.columns.values()}
    used |= {aside.column.name for aside in given.profile.asides}
    known = _known(given.survey)
    used |= {column.name for column in given.profile.columns if folded(column.name) in known}
    if given.organisation:
        used.add(given.organisation.name)
    return used


def _retired(given: Round) -> list[str]:
    lines = [f"  {key}: no column of the export  # likely" for key in given.retired]
    return ["retired:", *lines] if lines else []


def _is_option(survey: Survey, key: str) -> bool:
    name, _, item = key.partition(".")
    return item in getattr(survey.questions[name], "options", {})


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
