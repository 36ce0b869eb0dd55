"""compose: templates become decks, and every mistake of a template is named with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import toy
from test_checks import FIGURES
from wavedeck.answers import Answers
from wavedeck.compose import comments
from wavedeck.compose.comments import Comment
from wavedeck.compose.privacy import flags
from wavedeck.compose.slides import slides_of
from wavedeck.compose.stage import Texts, compose
from wavedeck.compose.vocabulary import Vocabulary
from wavedeck.errors import WavedeckError
from wavedeck.survey import load_survey, load_wave

NOTE = [{"text": "Base: "}, {"text": "80", "estimate": "q1.yes"}, {"text": " who answered"}]
EXHIBITS = {
    "q4": {"svg": "q4.svg", "alt": 'A "chart" of 40% & more', "note": NOTE},
    "roles": {
        "note": NOTE,
        "header": ["Role", "Share"],
        "rows": [[{"text": "18 to 24 | x"}, {"text": "33%", "estimate": "q1.yes"}]],
    },
}
COMMENTS = [Comment("q9", f"comment {n}", "Leader, county council") for n in range(3)]
COMMENTS += [Comment("q10", "# <b>bold</b>", "Member")]


def composed(root: Path, body: str) -> str:
    theme, template = root / "theme", root / "deck.qmd.j2"
    theme.mkdir(exist_ok=True)
    (theme / "front-matter.yml.j2").write_text("---\ntitle: {{ title }}\n---\n\n")
    template.write_text(body, encoding="utf-8")
    survey, _ = load_survey(root / "surveys/toy/survey.yaml")
    wave, _ = load_wave(root / "raw/toy/2020/wave.yaml")
    scales = {"q1": survey.scale_of("q1")}
    vocabulary = Vocabulary(FIGURES, EXHIBITS, COMMENTS, scales, str(template))
    return compose(template, theme, vocabulary, Texts(survey, wave, "unweighted"))


def refusal(root: Path, body: str) -> str:
    with pytest.raises(WavedeckError) as error:
        composed(root, body)
    return str(error.value)


def test_words_of_templates(toy_project: Path) -> None:
    deck = composed(
        toy_project,
        "## Contents {#c}\n\n{{ contents() }}\n\n## One {#one .section}\n\n"
        '{{ pct("q1.yes") }} or {{ words("q1.yes") }}, {{ words("q1.no", capital=true) }}; '
        '{{ claim("q1.yes = q1.no", "more") }}; {{ label("q1.dont_know") }}; '
        '{{ cite("2015", "a book") }}\n\n{{ chart("q4") }}\n\n{{ note("q4") }}\n\n'
        '{{ table("roles") }}\n\n{{ comments("q9", 2) }}\n\n{{ comments("q9 + q10", 2) }}\n',
    )
    assert 'title: "Toy survey"' in deck
    assert "- [One](#one)" in deck
    assert '[33\\%]{.estimate data-estimate="q1.yes"} or [a third]{.estimate' in deck
    assert "[A third]{.estimate" in deck
    assert '[more]{.claim data-claim="1"}; [don\\\'t know]{.label}' in deck
    assert '[2015]{.cite data-source="a book"}' in deck
    assert 'fig-alt="A &quot;chart&quot; of 40% &amp; more" data-exhibit="q4"' in deck
    assert '[Base\\:]{.label} [80]{.estimate data-estimate="q1.yes"} [who answered]{.label}' in deck
    assert '| [18 to 24 \\| x]{.label} | [33\\%]{.estimate data-estimate="q1.yes"} |' in deck
    assert deck.count("> comment") == 3 and "> \\# \\<b\\>bold\\<\\/b\\>" in deck


def test_data_are_escaped_and_templates_are_not(toy_project: Path) -> None:
    path = toy_project / "surveys/toy/survey.yaml"
    path.write_text(path.read_text().replace("title: Toy survey", 'title: "*Toy* <b>"'))
    assert "## \\*Toy\\* \\<b\\> {#a}" in composed(toy_project, "## {{ survey.title }} {#a}\n")


@pytest.mark.parametrize(
    ("line", "found", "near"),
    [
        ('{{ pct("q1.yess") }}', "there is no estimate 'q1.yess'", "q1.yes"),
        ('{{ count("q1.yes") }}', "'q1.yes' is a percent and not a count", ""),
        ('{{ chart("q44") }}', "there is no exhibit 'q44'", "q4"),
        ('{{ chart("roles") }}', "the exhibit 'roles' is a table", 'table("roles")'),
        ('{{ table("q4") }}', "the exhibit 'q4' has no table", 'chart("q4")'),
        ('{{ comments("q9", 4) }}', "only 3 left of 3 cleared", ""),
        ('{{ comments("q99", 1) }}', "only 0 left of 0 cleared", "q9"),
        ('{{ claim("q1.yes >> 3", "more") }}', "is no check", ""),
        ('{{ claim("q1.yess > 3", "more") }}', "unknown estimate 'q1.yess'", "q1.yes"),
        ('{{ cite("3", " ") }}', "has no source", ""),
        ('{{ label("q1.dont_knw") }}', "there is no answer 'q1.dont_knw'", "q1.dont_know"),
        ('{{ pcct("q1.yes") }}', "'pcct' is undefined", "pct"),
        ('{{ pct("q1.yes" }}', "unexpected", ""),
        ("{% if weighted %}", "Unexpected end of template", ""),
        ('{{ pct("q1.yes", 3, 4) }}', "positional argument", ""),
        ("{{ survey.titel }}", "titel", ""),
    ],
)
def test_a_mistake_is_named_with_its_line(
    toy_project: Path, line: str, found: str, near: str
) -> None:
    message = refusal(toy_project, f"## One {{#one}}\n\nwords\n\n{line}\n")
    assert "deck.qmd.j2, line 5" in message
    assert found in message and near in message


def test_all_mistakes_at_once(toy_project: Path) -> None:
    body = '## One {#one}\n{{ pct("a") }}\n{{ chart("b") }}\n{{ pct("q1.yes") }}\n{{ pct("c") }}\n'
    message = refusal(toy_project, body)
    for line, name in ((2, "a"), (3, "b"), (5, "c")):
        assert f"line {line}: there is no" in message and f"'{name}'" in message


def test_numbers_and_comparisons_without_evidence(toy_project: Path) -> None:
    message = refusal(toy_project, "## One {#one}\n\nIn all, 33% agree, fewer than before.\n")
    assert "deck.qmd.j2, line 3, slide 1 ('One')" in message
    assert "the number '33%' has no evidence: In all, 33% agree, fewer than before." in message
    assert "an estimate, such as q1.no, q1.yes" in message
    assert "the comparison 'fewer' has no evidence" in message


def test_every_broken_claim_at_once(toy_project: Path) -> None:
    message = refusal(
        toy_project,
        '## One {#one}\n\nA is {{ claim("q1.yes > q1.no", "higher") }}.\n\n## End {#end}\n\n'
        '{{ claim("q1.yes = q1.no", "Equally") }}, '
        '{{ claim("q4.engaged.board highest of q4.engaged.*", "the board leads") }}.\n',
    )
    assert "line 3, slide 1 ('One'): the data contradict 'higher': A is higher." in message
    assert "line 7, slide 2 ('End'): the data contradict 'the board leads'" in message
    assert "q4.engaged.officers is 78%" in message and "Equally'" not in message


def test_slides_need_names_of_their_own(toy_project: Path) -> None:
    message = refusal(toy_project, "## One {#one}\n\n## Other {#one}\n\n## Last\n")
    assert "slide 2 ('Other'): the name 'one' belongs to slide 1 already" in message
    assert "slide 3 ('Last'): the slide has no name" in message


RECEIVED = [
    {"question": "q4", "response": r, "text": t}
    for r, t in (("1", "Fine."), ("2", "No"), ("3", "So"))
]
KINDS = np.array([1, 1, 2], dtype=np.int8)
ANSWERS = Answers(
    ["a", "b", "c"], ["1", "2", "3"], [2, 3, 4], ["A", "B", "C"], {"council_type": KINDS}
)
HEADER = ["wave", "question", "response", "decision", "text as received", "text to publish"]


def edited(root: Path, *rows: list[object]) -> comments.Editing:
    path = toy.write(root / "surveys/toy/comments.xlsx", [HEADER, *map(list, rows)], "Comments")
    survey, _ = load_survey(root / "surveys/toy/survey.yaml")
    return comments.load(path, "2020", survey, RECEIVED, ANSWERS)


def test_only_what_the_editor_clears_is_published(toy_project: Path) -> None:
    editing = edited(
        toy_project,
        ["2020", "q4", 1, "publish", "Fine.", "Fine [redacted]."],
        ["2020", "q4", 2, "", "No", ""],
        ["2020", "q4", 3, "withhold", "So", ""],
        ["2019", "q4", 7, "publish", "Old", ""],
    )
    assert editing.published == [Comment("q4", "Fine [redacted].", "county council")]
    (waiting,) = editing.awaiting
    assert (waiting["response"], waiting["text as received"]) == ("2", "No")


def test_mistakes_of_the_editor(toy_project: Path) -> None:
    with pytest.raises(WavedeckError) as error:
        edited(
            toy_project,
            ["2020", "q4", 1, "publsh", "Fine.", ""],
            ["2020", "q5", 1, "publish", "Fine.", ""],
            ["2020", "q4", 9, "publish", "Fine.", ""],
            ["2020", "q4", 2, "publish", "Yes", ""],
        )
    message = str(error.value)
    assert "row 2: unknown decision 'publsh'" in message and "nearest:  publish" in message
    assert "row 3: there are no comments on 'q5'" in message
    assert "row 4: response 9 made no comment on 'q4'" in message
    assert "row 5: the comment has changed since it was decided on: 'No'" in message


def test_an_attribution_that_fits_one_respondent_is_refused(toy_project: Path) -> None:
    with pytest.raises(WavedeckError, match="only one respondent is 'unitary authority'"):
        edited(toy_project, ["2020", "q4", 3, "publish", "So", ""])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jo.bloggs@example.org", "email"),
        ("jo (at) example.org", "email"),
        ("ring 020 7946 0123 after six", "phone"),
        ("+44 (0)20 7946 0123", "phone"),
        ("Cllr Example said so", "name"),
        ("as Dr. J. Example knows", "name"),
        ("Regards, Jo Example", "name"),
    ],
)
def test_a_comment_that_names_a_person_is_flagged(toy_project: Path, text: str, kind: str) -> None:
    assert [flag.partition(":")[0] for flag in flags(text)] == [kind]
    with pytest.raises(WavedeckError, match="looks as if it named a person"):
        edited(toy_project, ["2020", "q4", 1, "publish", "Fine.", text])
    redacted = edited(toy_project, ["2020", "q4", 1, "publish", "Fine.", "Fine"])
    assert len(redacted.published) == 1


@pytest.mark.parametrize(
    "text",
    ["between 2016 and 2021", "£1,500,000 saved", "44 areas, 152 councils", "Health and Wellbeing"],
)
def test_numbers_and_bodies_are_not_flagged(text: str) -> None:
    assert flags(text) == []


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("## Background {#background .section}", "Background"),
        (r"## [Which parks\?]{.label} {#q1}", "Which parks?"),
        (r"## [Fifty \[50\]]{.label} of [[12%](#e){.figure}]{.claim} {#q1}", "Fifty [50] of 12%"),
    ],
)
def test_titles_of_slides_are_words(heading: str, title: str) -> None:
    (slide,) = slides_of(f"---\n---\n\n{heading}\n\ntext\n")
    assert slide.title == title
