"""deck.qmd.j2: a slide for each closed question, and one that lists the open ones."""

from __future__ import annotations

import json

from wavedeck.inspect.profile import Profile
from wavedeck.new.exhibits import Shown
from wavedeck.new.plan import Planned
from wavedeck.new.room import cut

_LONGEST_TITLE = 76
_LONGEST_LEAD = 230
_MOST_SECTIONS = 18
"""Entries of a contents slide."""
_LONGEST_ENTRY = 64
_OPEN_A_SLIDE = 9


def template(profile: Profile, planned: list[Planned], shown: list[Shown]) -> str:
    """The text of the template."""
    by_name = {question.name: question for question in planned}
    firsts = [entry for entry in shown if entry.part[0] == 1]
    few = len(firsts) <= _MOST_SECTIONS
    slides = [_opening()]
    if few:
        slides.append(_contents())
    else:
        slides += _long_contents([(by_name[entry.question], entry) for entry in firsts])
    slides.append(_about(profile))
    for entry in shown:
        listed = few and entry.part[0] == 1
        slides.append(slide(by_name[entry.question], entry, listed))
    slides += open_questions(planned, few)
    slides.append(_closing())
    return "\n".join(slides)


def _opening() -> str:
    return """\
{## Drafted by `wavedeck new`: a slide for each question. The words that a template may use are in
   docs/publish-a-deck.md. A slide begins with ## and has a #name; .section lists it in the
   contents; [...]{.label} marks words of the questionnaire, whose numbers need no source. ##}

## [{{ survey.title }}]{.label} {#title .opening}

::: {.subtitle}
Results of every question
:::

::: {.edition}
{{ fact("wave.title") }} · {{ "Weighted edition" if weighted else "Unweighted edition" }}
:::
"""


def _contents() -> str:
    return """\
## Contents {#contents .contents}

{{ contents() }}
"""


def _long_contents(entries: list[tuple[Planned, Shown]]) -> list[str]:
    """Contents over several slides: one holds no more than `_MOST_SECTIONS` entries."""
    number = -(-len(entries) // _MOST_SECTIONS)
    size = -(-len(entries) // number)
    slides = []
    for start in range(0, len(entries), size):
        name = "contents" if start == 0 else f"contents-{start // size + 1}"
        title = "Contents" if start == 0 else "Contents (continued)"
        lines = [f"## {title} {{#{name} .contents}}", ""]
        for planned, shown in entries[start : start + size]:
            words = f"{{{{ {_quoted(cut(planned.guess.text, _LONGEST_ENTRY))} }}}}"
            lines.append(f"- [[{words}]{{.label}}](#{_slug(shown)})")
        slides.append("\n".join([*lines, ""]))
    return slides


def _slug(shown: Shown) -> str:
    return shown.name.replace("_", "-")


def _about(profile: Profile) -> str:
    dates = (
        '- Answers were submitted from {{ fact("fieldwork.start") }} '
        'to {{ fact("fieldwork.end") }}.'
        if profile.dates
        else "{## The export holds no dates: say here when answers were collected. ##}"
    )
    return f"""\
## About this survey {{#about .section}}

- {{{{ count("sample.respondents") }}}} {{{{ survey.respondents }}}} answered.
{dates}
- Percentages are of those who answered the question; each chart states its base.
- Select a number or a chart to see where it comes from.
"""


def slide(planned: Planned, shown: Shown, listed: bool) -> str:
    """A slide of a question; `listed`: on the contents slide."""
    guess = planned.guess
    short = cut(guess.text, _LONGEST_TITLE)
    words = f"{{{{ {_quoted(short)} }}}}"
    section = " .section" if listed else ""
    lines = [
        f"{{## {_comment(planned)} ##}}",
        f"## [{words}]{{.label}} {{#{_slug(shown)}{section}}}",
        "",
    ]
    lead = _lead(planned, short, shown)
    if lead:
        lines += ["::: {.lead}", *lead, ":::", ""]
    lines += [f'{{{{ chart("{shown.name}") }}}}', "", f'{{{{ note("{shown.name}") }}}}', ""]
    return "\n".join(lines)


def _comment(planned: Planned) -> str:
    """What the question was taken for. Why a guess is unsure may quote respondents, whose words
    stay in survey.yaml."""
    guess = planned.guess
    unsure = guess.guess.confidence == "unsure"
    reason = "UNSURE: why stands in survey.yaml" if unsure else guess.guess.reason
    text = f"{planned.name}: {guess.kind.replace('_', ' ')}. {reason}"
    return text.replace("##}", "").replace("{{", "").replace("{%", "")


def _lead(planned: Planned, short: str, shown: Shown) -> list[str]:
    """The whole question where the title cuts it; else its nets in words."""
    guess = planned.guess
    if short != guess.text:
        return [f"[{{{{ {_quoted(cut(guess.text, _LONGEST_LEAD))} }}}}]{{.label}}"]
    if guess.kind == "number" and not guess.dates:
        unit = f" [{{{{ {_quoted(guess.unit)} }}}}]{{.label}}" if guess.unit else ""
        return [f'On average {{{{ mean("{planned.name}") }}}}{unit}.']
    if guess.kind == "single" and planned.nets and "nets" in shown.fields:
        parts = [
            f'{{{{ pct("{planned.name}.{net}") }}}} [{{{{ {_quoted(words.lower())} }}}}]{{.label}}'
            for net, words in planned.net_labels.items()
        ]
        return [f"{'; '.join(parts)}."]
    return []


def _quoted(text: str) -> str:
    """A text as a jinja string."""
    return json.dumps(text, ensure_ascii=False)


def open_line(text: str, more: str = "") -> str:
    """An open question in the list of these."""
    return f"- [{{{{ {_quoted(cut(text, 150) + more)} }}}}]{{.label}}"


def title_and_lead(text: str) -> tuple[str, str]:
    """The words of a question as its slide's title, and as the whole question below a title that
    cuts them, has them."""
    return _quoted(cut(text, _LONGEST_TITLE)), _quoted(cut(text, _LONGEST_LEAD))


def open_questions(planned: list[Planned], listed: bool) -> list[str]:
    """Slides that list what was answered in words."""
    open_ = [question for question in planned if question.guess.kind == "text"]
    asked = [
        *open_,
        *(question for question in planned if question.guess.other and question not in open_),
    ]
    if not asked:
        return []
    slides = []
    pages = [asked[i : i + _OPEN_A_SLIDE] for i in range(0, len(asked), _OPEN_A_SLIDE)]
    for number, page in enumerate(pages, start=1):
        name = "open-questions" if number == 1 else f"open-questions-{number}"
        section = " .section" if listed and number == 1 else ""
        lines = [f"## Questions answered in words {{#{name}{section}}}", ""]
        if number == 1:
            lines += [
                "{## A comment is shown once comments.xlsx says publish. Then take a line like",
                f'   {{{{ comments("{page[0].name}", 4) }}}} into a slide of its own. ##}}',
                "",
            ]
        for question in page:
            written = "" if question.guess.kind == "text" else " (what was written in)"
            lines.append(open_line(question.guess.text, written))
        slides.append("\n".join([*lines, ""]))
    return slides


def _closing() -> str:
    return """\
## Detailed results {#detailed-results .closing}

::: {.lead}
The folder of this deck holds the data behind every chart.
:::

::: {.colophon}
Made with wavedeck, rendered by []{.engine}
:::
"""
