"""The browsable index of the bundle: a page to search, and a page for each estimate shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from wavedeck.audit.look import SCRIPT, STYLE
from wavedeck.shown import Places
from wavedeck.survey import Survey
from wavedeck.trace.estimate import Trace
from wavedeck.trace.evidence import in_short
from wavedeck.trace.members import Member
from wavedeck.trace.studies import Books, trace_in

MOST_RESPONDENTS = 2_000
"""A wave with more has no list of respondents on its pages: `wavedeck trace ID --rows` has it."""

RESTRICTED = (
    "<strong>Restricted.</strong> These pages hold the answers of single respondents. Keep them"
    " with the people who audit the survey; do not publish or forward them."
)


@dataclass(frozen=True)
class Entry:
    """An estimate that the deck shows, in each edition that shows it."""

    id: str
    file: str
    traces: dict[str, Trace]

    @property
    def slides(self) -> dict[int, str]:
        return {number: title for t in self.traces.values() for number, title in t.slides}


def entries(
    books: Books, shown: Mapping[str, dict[str, Places]], with_members: bool
) -> list[Entry]:
    """A trace for each estimate and edition shown, in the order of the deck."""
    ids = dict.fromkeys(name for places in shown.values() for name in places)
    found, files = [], set[str]()
    for name in ids:
        file = _file_name(name)
        if file in files:
            raise ValueError(f"two estimates would share the page {file}")
        files.add(file)
        traces = {
            edition: trace_in(books, name, edition, places, members=with_members)
            for edition, places in shown.items()
            if name in places
        }
        found.append(Entry(name, file, traces))
    return found


def _file_name(name: str) -> str:
    """An id as a file's name that every system takes."""
    spelled = name.replace("@", "_at_").replace(":", "_is_").replace("*", "_all")
    return re.sub(r"[^A-Za-z0-9._-]", "_", spelled) + ".html"


def write_pages(
    folder: Path, found: list[Entry], survey: Survey, title: str, others: Mapping[str, str]
) -> None:
    """index.html and estimates/*.html; `others` are further files with what they are."""
    (folder / "estimates").mkdir()
    for entry in found:
        text = page(f"{entry.id} · {title}", _estimate(entry), "../index.html")
        (folder / "estimates" / entry.file).write_text(text, encoding="utf-8")
    index = page(f"Audit · {title}", _index(found, survey, title, others), "")
    (folder / "index.html").write_text(index, encoding="utf-8")


def page(title: str, body: str, back: str) -> str:
    """A whole page; `back` is the way to the index, "" on the index itself."""
    link = f'<p><a href="{back}">All estimates</a></p>' if back else ""
    script = "" if back else f"<script>{SCRIPT}</script>"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f'<body><header class="restricted">{RESTRICTED}</header>\n<main>{link}\n{body}</main>'
        f"{script}</body></html>\n"
    )


def _index(found: list[Entry], survey: Survey, title: str, others: Mapping[str, str]) -> str:
    files = "".join(
        f'<li><a href="{escape(name)}">{escape(name)}</a>: {escape(what)}</li>'
        for name, what in others.items()
    )
    editions = list(dict.fromkeys(edition for entry in found for edition in entry.traces))
    rows = "\n".join(_line(entry, editions, survey) for entry in found)
    head = "".join(f'<th scope="col">{edition.capitalize()}</th>' for edition in editions)
    return (
        f"<h1>Audit: {escape(title)}</h1>\n<ul>{files}</ul>\n"
        f"<h2>Estimates that the deck shows: {len(found)}</h2>\n"
        '<p><label for="search">Search by id, slide or question</label>'
        '<input id="search" type="search" autocomplete="off"> '
        f'<span id="count" role="status">{len(found)} estimates</span></p>\n'
        f'<table id="estimates"><thead><tr><th scope="col">Estimate</th>{head}'
        '<th scope="col">Slides</th><th scope="col">What it is</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table>\n"
    )


def _line(entry: Entry, editions: list[str], survey: Survey) -> str:
    first = next(iter(entry.traces.values()))
    texts = (entry.traces[e].text if e in entry.traces else "" for e in editions)
    values = "".join(f"<td>{escape(text)}</td>" for text in texts)
    slides = ", ".join(map(str, entry.slides))
    search = " ".join([*(f"slide {n} {title}" for n, title in entry.slides.items())])
    question = survey.questions.get(re.split(r"[.@:]", entry.id)[0])
    asked = f"{question.number} {question.text}" if question else ""
    return (
        f'<tr data-slides="{slides}" data-search="{escape(f"{search} {asked}".lower())}">'
        f'<th scope="row"><a href="estimates/{entry.file}">{escape(entry.id)}</a></th>'
        f"{values}<td>{slides}</td><td>{escape(first.definition)}</td></tr>"
    )


def _estimate(entry: Entry) -> str:
    first = next(iter(entry.traces.values()))
    slides = "".join(f"<li>Slide {n}, {escape(title)}</li>" for n, title in entry.slides.items())
    of_study = f"Of the study {escape(first.study)}. " if first.study else ""
    parts = [
        f"<h1>{escape(entry.id)}</h1>",
        f"<p>{escape(first.definition)}</p>",
        f"<ul>{slides}</ul>",
        _editions(entry),
        _counted(first),
        f"<p>{of_study}From {escape(first.source['workbook'])}, "
        f"sheet ‘{escape(first.source['sheet'])}’, "
        f"sha256 <code>{first.source['sha256']}</code>. Computed by rule "
        f"{first.computed['rule']}, <code>{first.computed['module']}</code>.</p>",
        _respondents(entry),
    ]
    return "\n".join(parts)


def _counted(found: Trace) -> str:
    """The cells of the population's list that are counted."""
    if not found.frame:
        return ""
    listed = ", ".join(f"<code>{escape(cell)}</code>" for cell in found.frame[:MOST_RESPONDENTS])
    left = len(found.frame) - MOST_RESPONDENTS
    return f"<p>Counted there: {listed}{f' and {left:,} more' if left > 0 else ''}</p>"


def _editions(entry: Entry) -> str:
    """What each edition says, side by side."""
    lines: dict[str, Callable[[Trace], str]] = {
        "Shown as": lambda t: escape(t.text),
        "Unrounded": lambda t: "" if t.value is None else f"{t.value:.10g}",
        "Numerator": lambda t: "" if t.numerator is None else f"{t.numerator:.10g}",
        "Base (respondents)": lambda t: f"{t.base:,}",
        "Weighted base": lambda t: f"{t.weighted_base:.10g}",
        "Filter": lambda t: "<br>".join(f"<code>{escape(line)}</code>" for line in t.filter),
        "Weights": lambda t: escape(t.weights),
        "Rounding": lambda t: escape(t.rounding),
        "The wave before": lambda t: "<br>".join(
            f"{escape(name)}: {escape(words)}" for name, words in t.comparison.items()
        ),
        "Exhibits": lambda t: escape(", ".join(t.exhibits)),
    }
    head = "".join(f'<th scope="col">{name}</th>' for name in entry.traces)
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td>{say(t)}</td>" for t in entry.traces.values())
        + "</tr>"
        for name, say in lines.items()
        if any(map(say, entry.traces.values()))
    )
    return (
        f"<table><caption>In each edition</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _respondents(entry: Entry) -> str:
    """Everyone behind the estimate, with cells; weights of each edition beside each other."""
    members: dict[str, dict[str, Member]] = {}
    for edition, found in entry.traces.items():
        for member in found.members:
            members.setdefault(member.respondent, {})[edition] = member
    if not members:
        first = next(iter(entry.traces.values()))
        if first.filter:
            return f"<p>Respondents: <code>wavedeck trace … {escape(entry.id)} --rows</code></p>"
        return "<p>No respondents stand behind this number one by one.</p>"
    weights = "".join(f'<th scope="col">Weight, {edition}</th>' for edition in entry.traces)
    rows = "\n".join(_respondent(by_edition, entry) for by_edition in members.values())
    return (
        f"<h2>Respondents: {len(members)}</h2>\n<table><thead><tr>"
        '<th scope="col">Response</th><th scope="col">Numerator</th>'
        f'{weights}<th scope="col">Cells: as received, then as coded, with what cleaning did</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _respondent(by_edition: Mapping[str, Member], entry: Entry) -> str:
    member = next(iter(by_edition.values()))
    weights = "".join(
        f"<td>{by_edition[e].weight:.6g}</td>" if e in by_edition else "<td>none</td>"
        for e in entry.traces
    )
    cells = "<br>".join(
        f"<code>{cell.cell}</code> {escape(repr(in_short(cell.received)))} → {escape(cell.coded)}"
        + "".join(f" <em>{escape(change)}</em>" for change in cell.changes)
        for cell in member.cells
    )
    inside = "yes" if member.in_numerator else "no"
    return (
        f'<tr><th scope="row">{escape(member.response)}</th><td>{inside}</td>{weights}'
        f"<td>{cells}</td></tr>"
    )
