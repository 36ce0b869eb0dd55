"""The deck of the next wave, where `wavedeck new` drafted that of the wave before: slides of what
was not asked any more are taken out, new questions get theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wavedeck.new import deck
from wavedeck.new.exhibits import entry_line, exhibits_of
from wavedeck.new.plan import Planned
from wavedeck.survey import Survey

_SLIDE = re.compile(r"^(?:\{## [^\n]*##\}\n)?## ", re.MULTILINE)
"""Where a slide begins, with what `wavedeck new` remarks on it."""
_LEAD = re.compile(r"^::: \{\.lead\}\n.*?^:::$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## .*$", re.MULTILINE)
_CHART = re.compile(r'chart\("(\w+)"\)')
_OPEN = "{#open-questions"
_END = "{#detailed-results"


@dataclass(frozen=True)
class Changed:
    """What a deck has to follow."""

    survey: Survey
    """The codebook of the wave before."""
    retired: Collection[str]
    """Questions, and rows such as q3.start."""
    reworded: Mapping[str, str]
    fresh: Sequence[Planned]
    """New questions."""
    rows: Mapping[str, Sequence[str]]
    """New rows, by the question."""


def is_drafted(template: str) -> bool:
    """Whether `wavedeck new` wrote a template."""
    return template.startswith("{## Drafted by `wavedeck new`")


def exhibits_for(text: str, changed: Changed) -> str:
    """exhibits.yaml, of which each entry stands on a line."""
    lines = []
    last = _last_lines(text)
    for number, line in enumerate(text.splitlines()):
        name = _question(line)
        if name and name in changed.retired:
            continue
        if name and (items := re.search(r"\bitems: \[([^\]]*)\]", line)):
            kept = [i for i in items[1].split(", ") if f"{name}.{i}" not in changed.retired]
            if last[name] == number:
                kept += changed.rows.get(name, [])
            line = f"{line[: items.start(1)]}{', '.join(kept)}{line[items.end(1) :]}"
        lines.append(line)
    shown = exhibits_of([p for p in changed.fresh if p.guess.kind != "text"])
    return "\n".join([*lines, *map(entry_line, shown)]) + "\n"


def _question(line: str) -> str:
    found = re.match(r"  \w+: \{.*\bquestion: (\w+)", line)
    return found[1] if found else ""


def _last_lines(text: str) -> dict[str, int]:
    """The line of the last exhibit of each question."""
    numbered = enumerate(text.splitlines())
    return {name: number for number, line in numbered if (name := _question(line))}


def template_for(text: str, exhibits: str, changed: Changed) -> str:
    """deck.qmd.j2. `exhibits`: exhibits.yaml of the wave before."""
    asked = {
        line.split(":")[0].strip(): name
        for line in exhibits.splitlines()
        if (name := _question(line))
    }
    slides, gone = [], set()
    for slide in _slides(text):
        questions = {asked.get(chart, "") for chart in _CHART.findall(slide)}
        if questions and questions <= set(changed.retired):
            gone |= set(re.findall(r"\{(#[\w-]+)", slide))
            continue
        for name in questions & set(changed.reworded):
            slide = _reworded(slide, changed.survey.questions[name].text, changed.reworded[name])
        slides.append(slide)
    slides = [_without(slide, gone, changed) for slide in slides]
    return "".join(_with_fresh(slides, changed.fresh))


def _slides(text: str) -> list[str]:
    """A template cut before each slide."""
    cuts = [0, *(found.start() for found in _SLIDE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _reworded(slide: str, old: str, new: str) -> str:
    """A slide with the new words of its question, in full where its title has to cut them."""
    title, whole = deck.title_and_lead(new)
    if title != whole:
        lead = f"::: {{.lead}}\n[{{{{ {whole} }}}}]{{.label}}\n:::"
        if "::: {.lead}" in slide:
            slide = _LEAD.sub(lambda _: lead, slide, count=1)
        else:
            slide = _HEADING.sub(lambda found: f"{found[0]}\n\n{lead}", slide, count=1)
    for was, now in zip(deck.title_and_lead(old), deck.title_and_lead(new), strict=True):
        slide = slide.replace(was, now)
    return slide


def _without(slide: str, gone: Collection[str], changed: Changed) -> str:
    """A slide without links to slides that are gone, and without open questions that are."""
    texts = [changed.survey.questions[n].text for n in changed.retired if "." not in n]
    lines = [deck.open_line(text) for text in texts] if _OPEN in slide else []
    kept = (
        line
        for line in slide.split("\n")
        if line not in lines and not any(f"]({name})" in line for name in gone)
    )
    return "\n".join(kept)


def _with_fresh(slides: Sequence[str], fresh: Sequence[Planned]) -> list[str]:
    """Slides of new questions behind those of the others, new open ones in the list of these."""
    closed = [planned for planned in fresh if planned.guess.kind != "text"]
    open_ = [planned for planned in fresh if planned.guess.kind == "text"]
    by_name = {planned.name: planned for planned in closed}
    shown = exhibits_of(closed)
    made = [deck.slide(by_name[s.question], s, s.part[0] == 1) + "\n" for s in shown]
    lists = [place for place, slide in enumerate(slides) if _OPEN in slide]
    ends = [place for place, slide in enumerate(slides) if _END in slide]
    place = (lists or ends or [len(slides)])[0]
    found = [*slides[:place], *made, *slides[place:]]
    lines = "".join(f"{deck.open_line(planned.guess.text)}\n" for planned in open_)
    if open_ and lists:
        at = lists[-1] + len(made)
        found[at] = f"{found[at].rstrip()}\n{lines}\n"
    elif open_:
        found[place + len(made) : place + len(made)] = [
            f"{text}\n" for text in deck.open_questions(open_, listed=True)
        ]
    return found
