"""compose: exhibits + estimates + texts -> deck.qmd.

The survey's deck template is rendered with jinja2: what the template holds is trusted Markdown,
what comes from data is escaped.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import jinja2

from wavedeck import figures, files
from wavedeck.answers import Answers
from wavedeck.compose import comments
from wavedeck.compose.evidence import findings, sentence
from wavedeck.compose.markdown import escape
from wavedeck.compose.slides import Slide, fill_contents, slides_of
from wavedeck.compose.sources import evidence
from wavedeck.compose.vocabulary import Vocabulary
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.layout import Edition
from wavedeck.overview import Source, sources
from wavedeck.survey import Scale, Survey, Wave, load_codebook, retired
from wavedeck.survey.overview import FILE, MARK


@dataclass(frozen=True)
class Texts:
    """What a deck is made of besides its template and vocabulary."""

    survey: Survey
    wave: Wave
    edition: Edition


def compose(template: Path, theme: Path, vocabulary: Vocabulary, texts: Texts) -> str:
    """The deck's source. Raises WavedeckError with every mistake of the template and its line,
    every number without a source, and every claim that the data contradict."""
    deck = render_template(template, vocabulary, texts)
    source = template.read_text(encoding="utf-8")
    problems = _without_evidence(deck, source, template, vocabulary)
    problems += _broken(deck, vocabulary, template)
    if problems:
        raise WavedeckError(*problems)
    return _front_matter(theme, texts) + deck


def render_template(template: Path, vocabulary: Vocabulary, texts: Texts) -> str:
    """The deck's slides, whatever they claim. Raises WavedeckError for mistakes of the template."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        finalize=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        # {# begins the name of a slide in Markdown.
        comment_start_string="{##",
        comment_end_string="##}",
    )
    words = vocabulary.words_of_templates()
    context = {
        "survey": texts.survey,
        "wave": texts.wave,
        "weighted": texts.edition == "weighted",
    }
    found: Problem | None = None
    try:
        source = template.read_text(encoding="utf-8")
        code = environment.compile(source, filename=str(template))
        compiled = jinja2.Template.from_code(environment, code, environment.make_globals(None))
        body = compiled.render(context | words)
    except FileNotFoundError:
        found = Problem(
            str(template), "the file does not exist", remedy="write the deck's template"
        )
    except UnicodeDecodeError:
        found = Problem(str(template), "the file is not UTF-8 text", remedy="save it as UTF-8")
    except jinja2.TemplateSyntaxError as error:
        where = f"{template}, line {error.lineno}"
        remedy = "mend the {{ ... }} or {% ... %} there"
        found = Problem(where, str(error.message), remedy=remedy)
    except jinja2.UndefinedError as error:
        found = _undefined(error, template, [*words, *context])
    except (TypeError, AttributeError, ValueError) as error:
        found = Problem(f"{template}, line {_template_line(error, template)}", str(error))
    problems = [*vocabulary.problems, *([found] if found else [])]
    if problems:
        raise WavedeckError(*problems)
    _refuse_unnamed_slides(body, template)
    return fill_contents(body)


def _without_evidence(
    deck: str, source: str, template: Path, vocabulary: Vocabulary
) -> list[Problem]:
    """Promise 1 and the second half of promise 2."""
    remedies = {
        "number": "write it with pct(), count(), base(), words() or fact(), or with cite()",
        "comparison": 'write it with claim("check over estimates", "the words")',
    }
    return [
        Problem(
            f"{_place(finding.sentence, source, template)}, slide {finding.slide.number} "
            f"('{finding.slide.title}')",
            f"the {finding.kind} '{finding.found}' has no evidence: {finding.sentence}",
            expected=_fitting(finding.found, vocabulary),
            remedy=remedies[finding.kind],
        )
        for finding in findings(deck)
    ]


def _fitting(found: str, vocabulary: Vocabulary) -> str:
    """The estimates that a typed number could have come from."""
    ids = vocabulary.figures.showing(found)
    return f"an estimate, such as {', '.join(ids[:6])}" if ids else ""


def _place(text: str, source: str, template: Path) -> str:
    """The template's line that most looks like a line of the deck."""
    lines = source.splitlines()
    words = set(text.split())
    shared = [len(words & set(line.split())) for line in lines]
    best = max(range(len(lines)), key=shared.__getitem__, default=0)
    return f"{template}, line {best + 1}" if lines and shared[best] > 1 else str(template)


def _broken(deck: str, vocabulary: Vocabulary, template: Path) -> list[Problem]:
    """Promise 2: every claim that the data do not bear out."""
    problems = []
    for number, claim in enumerate(vocabulary.claims, start=1):
        if not claim.holds:
            slide, text = claim_place(deck, number)
            where = f"{template}, line {claim.line}, slide {slide.number} ('{slide.title}')"
            problems.append(
                Problem(
                    where,
                    f"the data contradict '{claim.words}': {text}",
                    expected=claim.check,
                    remedy=f"the data now say: {claim.says}. Rewrite the sentence and its check",
                )
            )
    return problems


def claim_place(deck: str, number: int) -> tuple[Slide, str]:
    """The slide of a claim, and the line it stands in as readers see it."""
    mark = f'data-claim="{number}"'
    lines = deck.splitlines()
    line = next(index for index, text in enumerate(lines, start=1) if mark in text)
    slide = [slide for slide in slides_of(deck) if slide.line <= line][-1]
    return slide, sentence(lines[line - 1])


def _front_matter(theme: Path, texts: Texts) -> str:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, finalize=json_text, keep_trailing_newline=True
    )
    # A survey without weights has one edition, which needs no name.
    named = {"weighted": "Weighted edition", "unweighted": "Unweighted edition"}[texts.edition]
    edition = named if texts.survey.weighting else ""
    header = environment.from_string((theme / "front-matter.yml.j2").read_text(encoding="utf-8"))
    return header.render(
        title=texts.survey.title,
        subtitle="Full report of findings",
        date=texts.wave.published.isoformat(),
        edition=edition,
        lang="en-GB",
        footer=f"{texts.survey.title}, {texts.wave.title}" + (f" · {edition}" if edition else ""),
    )


def json_text(value: object) -> str:
    """A value as YAML takes it: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _undefined(error: jinja2.UndefinedError, template: Path, names: list[str]) -> Problem:
    message = str(error.message)
    found = re.match(r"'(\w+)' is undefined", message)
    near = nearest(found[1], names) if found else ""
    where = f"{template}, line {_template_line(error, template)}"
    return Problem(where, message, expected=", ".join(sorted(names)), nearest=near)


def _template_line(error: Exception, template: Path) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(template):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _refuse_unnamed_slides(body: str, template: Path) -> None:
    seen: dict[str, str] = {}
    problems = []
    for slide in slides_of(body):
        where = f"{template}, slide {slide.number} ('{slide.title}')"
        if not slide.slug:
            problems.append(Problem(where, "the slide has no name", "## Title {#name}"))
        elif slide.slug in seen:
            found = f"the name '{slide.slug}' belongs to {seen[slide.slug]} already"
            problems.append(Problem(where, found, remedy="give the slide another name"))
        seen.setdefault(slide.slug, f"slide {slide.number}")
    if problems:
        raise WavedeckError(*problems)


@dataclass(frozen=True)
class Inputs:
    """The files that a deck is composed from."""

    survey: Path
    wave: Path
    template: Path
    estimates: Path
    exhibits: Path
    answers: Path | None
    """None for an overview, which has no answers of its own."""
    comments: Path | None
    cleared: Path | None
    """comments.xlsx, the editor's decisions, where there is one."""


def read(inputs: Inputs, edition: Edition) -> tuple[Vocabulary, Texts]:
    """The vocabulary of a template, and its texts."""
    survey, wave = load_codebook(inputs.survey, inputs.wave)
    published: list[comments.Comment] = []
    if inputs.cleared and inputs.comments and inputs.answers:
        published = comments.load(
            inputs.cleared,
            inputs.wave.parent.name,
            survey,
            files.read_table(inputs.comments).to_pylist(),
            Answers.from_table(files.read_table(inputs.answers)),
        ).published
    index: dict[str, Any] = json.loads((inputs.exhibits / "index.json").read_text(encoding="utf-8"))
    vocabulary = Vocabulary(
        figures.load(inputs.estimates, edition),
        index["exhibits"],
        published,
        _scales(survey, sources(inputs.survey) if inputs.survey.name == FILE else {}),
        str(inputs.template),
        retired(inputs.wave),
    )
    return vocabulary, Texts(survey, wave, edition)


def _scales(survey: Survey, studies: Mapping[str, Source]) -> dict[str, Scale]:
    """Scales by question; of the studies of an overview with the study before the name."""
    books = {"": survey} | {f"{name}{MARK}": source.survey for name, source in studies.items()}
    return {
        prefix + name: book.scale_of(name)
        for prefix, book in books.items()
        for name, question in book.questions.items()
        if hasattr(question, "scale")
    }


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck compose", description=__doc__)
    for flag in ("survey", "wave", "template", "estimates", "exhibits"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    for flag in ("answers", "comments"):
        parser.add_argument(f"--{flag}", type=Path, help="of a survey's own wave")
    parser.add_argument("--cleared", type=Path, help="comments.xlsx, the editor's decisions")
    parser.add_argument("--theme", type=Path, required=True)
    parser.add_argument("--edition", choices=("unweighted", "weighted"), required=True)
    parser.add_argument("--deck", type=Path, required=True)
    parser.add_argument("--evidence", type=Path, required=True)
    given = vars(parser.parse_args(argv))
    inputs = Inputs(**{part.name: given[part.name] for part in fields(Inputs)})
    vocabulary, texts = read(inputs, given["edition"])
    deck = compose(inputs.template, given["theme"], vocabulary, texts)
    studies = sources(inputs.survey) if inputs.survey.name == FILE else {}
    found = evidence(deck, inputs.exhibits, inputs.estimates, texts.survey, texts.edition, studies)
    files.write_text(given["deck"], deck)
    files.write_text(given["evidence"], json.dumps(found, ensure_ascii=False, indent=0) + "\n")
