"""render: both formats, the same bytes twice, a failing engine, the choice of the engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest

import deck_model
from sample_deck import HOSTILE, THEME, Deck, write_deck, write_evidence
from test_markdown import ATTACKS
from wavedeck.compose.markdown import attribute, escape, plain
from wavedeck.errors import WavedeckError
from wavedeck.render import fonts, main, policy, quarto, render
from wavedeck.render.engine import choose

FIRST = "## One {#one}\n\ntext\n"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return write_deck(tmp_path_factory.mktemp("deck"))


@pytest.fixture(scope="module")
def html(deck: Deck) -> Path:
    return _rendered(deck, "html")


@pytest.fixture(scope="module")
def pdf(deck: Deck) -> Path:
    return _rendered(deck, "pdf")


def _rendered(deck: Deck, to: str, engine: str = "embedded") -> Path:
    out = deck.folder / f"deck-{engine}.{to}"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, to, engine).data)
    return out


def _failure(
    folder: Path, body: str, to: str = "html", engine: str = "embedded", theme: Path = THEME
) -> str:
    deck = write_deck(folder, body)
    with pytest.raises(WavedeckError) as caught:
        render(deck.qmd, deck.exhibits, theme, to, engine)
    said = str(caught.value)
    assert "traceback" not in said.lower() and "stack trace" not in said.lower()
    assert "metadata" not in said and "wavedeck-" not in said
    return said


def _theme_with(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """A copy of the theme in which the file `name` is changed."""
    theme = Path(shutil.copytree(THEME, folder / "theme"))
    (theme / name).write_text(change((theme / name).read_text(encoding="utf-8")), encoding="utf-8")
    return theme


# What a reader finds


def test_html_and_pdf_hold_the_same_deck(html: Path, pdf: Path) -> None:
    left, right = deck_model.from_html(html), deck_model.from_pdf(pdf)
    assert (left.title, left.language) == (right.title, right.language) != ("", "")
    assert len(left.slides) == len(right.slides) == 16
    for one, other in zip(left.slides, right.slides, strict=True):
        assert one.title == other.title
        assert one.footer == other.footer
        assert one.alt_texts == other.alt_texts
        assert len(one.comments) == len(other.comments)
        assert [number for _, number in one.links] == [number for _, number in other.links]
        assert [[len(row) for row in table] for table in one.tables] == [
            [len(row) for row in table] for table in other.tables
        ]
        if one.kind != "contents" and not one.alt_texts:
            assert one.text.replace(" ", "") == other.text.replace(" ", "")
        for _, text in one.estimates:
            assert text in other.text


def test_every_form_of_slide(html: Path) -> None:
    slides = deck_model.from_html(html).slides
    assert [slide.kind for slide in slides if slide.kind != "content"] == [
        "opening", "contents", "divider", "divider", "closing",
    ]  # fmt: skip
    assert sorted({len(slide.comments) for slide in slides}) == [0, 2, 3, 4, 5]
    assert max(len(slide.alt_texts) for slide in slides) == 2
    assert slides[2].notes == "A note for the speaker, not for the page."
    assert slides[0].footer == ""
    assert slides[3].footer == "4/16 STP survey of councillors · unweighted results"


def test_comments_come_out_as_they_were_written(html: Path, pdf: Path) -> None:
    comments = [c for slide in deck_model.from_html(html).slides for c in slide.comments]
    printed = "".join(slide.text for slide in deck_model.from_pdf(pdf).slides).replace(" ", "")
    for comment in HOSTILE.values():
        assert comment in comments
        assert comment.replace(" ", "") in printed


@pytest.mark.parametrize("to", ["html", "pdf"])
def test_attacks_come_out_as_they_were_written(to: str, engine: str, tmp_path: Path) -> None:
    """As title, alt text, comment, attribution and cell, through the reader and the writer."""
    body = "".join(
        f"## {escape(text[:40])} {{#attack-{number}}}\n\n"
        f"![](exhibits/q16a.svg){{.chart fig-alt={attribute('Chart ' + text)}}}\n\n"
        f"| A | B |\n|---|--:|\n| {escape(text)} | 1 |\n\n"
        f":::: {{.comments}}\n::: {{.comment}}\n> {escape(text)}\n\n"
        f"[{escape(text)}]{{.attribution}}\n:::\n::::\n\n"
        for number, text in enumerate(ATTACKS)
    )
    deck = write_deck(tmp_path, body)
    path = _rendered(deck, to, engine)
    slides = (deck_model.from_html if to == "html" else deck_model.from_pdf)(path).slides
    assert len(slides) == len(ATTACKS)
    for text, slide in zip(ATTACKS, slides, strict=True):
        written, title = ("".join(plain(words).split()) for words in (text, text[:40]))
        assert "".join(slide.title.split()) == title
        assert slide.alt_texts == [deck_model.squeeze("Chart " + plain(text))]
        assert "".join(slide.text.split()).count(written) == 3, text


MEASURE = """
package.path = os.getenv("THEME") .. "/?.lua;" .. package.path
local deck, signs = require("dialect"), require("signs")
function Pandoc(doc)
  local kept = doc.blocks[1]:walk(signs.filter)
  local total = 0
  for _, width in ipairs(deck.words_of(kept.content)) do total = total + width end
  io.stderr:write(string.format("%.6f %s", total, deck.text_of({ kept })))
end
"""


def test_words_measure_the_same_in_both_formats(tmp_path: Path) -> None:
    """Raw Typst must not count as text, nor be left out of it: sizes are fitted by the measure."""
    (tmp_path / "measure.lua").write_text(MEASURE)
    words = "- a -- b --- c ... d -5 e -? f ‘g’ 18-24 1. + = /"
    theme = shutil.copytree(THEME, tmp_path / "theme")
    fonts.supply([words], theme)
    said = []
    for to in ("revealjs", "typst"):
        run = subprocess.run(
            [
                pypandoc.get_pandoc_path(),
                "-f",
                "markdown",
                "-t",
                to,
                "-L",
                tmp_path / "measure.lua",
            ],
            input=escape(words),
            env=os.environ | {"THEME": str(theme)},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(run.stderr)
    assert said[0] == said[1]
    assert said[0].endswith(f" {words}")


def test_charts_keep_their_estimates_and_have_ids_of_their_own(html: Path) -> None:
    slides = deck_model.from_html(html).slides
    assert "q8.option_0.row_0" in slides[8].chart_estimates
    assert "q9.option_0.row_0" in slides[8].chart_estimates
    page = html.read_text(encoding="utf-8")
    assert page.count('id="q8-bar-0-0"') == page.count('id="q9-bar-0-0"') == 1
    assert "url(#q8-clip)" in page


def test_contents_carry_the_slide_numbers(html: Path) -> None:
    contents = deck_model.from_html(html).slides[1]
    assert contents.text.replace(" ", "").startswith("AboutSTPs3Headlinefindings4")


def test_a_flat_contents_list_nests_by_the_dividers(tmp_path: Path) -> None:
    slides = "".join(
        f"## {name} {{#{name.lower()}{kind}}}\n\n"
        for name, kind in (("A", ""), ("D", " .divider"), ("B", ""), ("E", " .closing"))
    )
    links = "".join(
        f"- [[{name}]{{.entry}} [{page}]{{.page}}](#{name.lower()})\n"
        for page, name in enumerate("ADBE", start=2)
    )
    deck = write_deck(tmp_path, f"## Contents {{#contents .contents}}\n\n{links}\n{slides}")
    contents = deck_model.from_html(_rendered(deck, "html")).slides[0]
    assert contents.links == [("A", 2), ("D", 3), ("B", 4), ("E", 5)]
    page = (tmp_path / "deck-embedded.html").read_text(encoding="utf-8")
    below = re.search(r'<span class="page">3</span>\s*<ul>(.*?)</ul>', page, re.S)
    assert below is not None
    assert re.findall(r'href="#/(\w)"', below[1]) == ["b"]


def test_base_notes_stand_at_the_foot(html: Path) -> None:
    knowledge = deck_model.from_html(html).slides[5]
    assert knowledge.text.endswith("London borough Base: 81 councillors who answered")


def test_colophon_names_the_engine(tmp_path: Path, path_of_one: Path) -> None:
    deck = write_deck(tmp_path, "## End {#end .closing}\n\nRendered by []{.engine}.\n")
    text = deck_model.from_html(_rendered(deck, "html")).slides[0].text
    assert re.fullmatch(r"Rendered by pandoc 3[.\d]+, reveal.js 5[.\d]+ and Typst 0[.\d]+\.", text)
    _fake_quarto(path_of_one, "1.9.38", "cp deck.qmd deck.pdf")
    assert (
        b'deck-engine: "Quarto 1.9.38"'
        in render(deck.qmd, deck.exhibits, THEME, "pdf", "quarto").data
    )


def test_pdf_is_tagged_and_complete(pdf: Path) -> None:
    import pypdf

    reader = pypdf.PdfReader(pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert {(float(p.mediabox.width), float(p.mediabox.height)) for p in reader.pages} == {
        (960, 540)
    }
    assert str(reader.metadata["/CreationDate"]).startswith("D:20170731")
    fonts = deck_model.embedded_fonts(pdf)
    assert fonts
    assert all(fonts.values())
    assert all("SourceSansPro" in name for name in fonts)


def test_html_needs_nothing_else(html: Path) -> None:
    page = html.read_text(encoding="utf-8")
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert "maximum-scale" not in page
    assert page.index("<meta charset") < 200
    assert "default-src 'none'; script-src 'sha256-" in page


# The same bytes


@pytest.mark.parametrize("to", ["html", "pdf"])
def test_same_bytes_again(to: str, deck: Deck, tmp_path: Path) -> None:
    other = write_deck(tmp_path / "somewhere else")
    first = render(deck.qmd, deck.exhibits, THEME, to, "embedded").data
    assert render(other.qmd, other.exhibits, THEME, to, "embedded").data == first
    assert str(tmp_path).encode() not in first
    assert b"site-packages" not in first


# The command


def test_command_writes_deck_and_record(deck: Deck, tmp_path: Path) -> None:
    out, record = tmp_path / "report" / "deck.html", tmp_path / "engine.json"
    main([
        "--deck", str(deck.qmd), "--exhibits", str(deck.exhibits), "--theme", str(THEME),
        "--format", "html", "--engine", "embedded", "--out", str(out),
        "--engine-record", str(record),
    ])  # fmt: skip
    assert out.stat().st_size > 100_000
    noted = json.loads(record.read_text())
    assert noted["engine"] == "embedded"
    assert set(noted["versions"]) >= {"pandoc", "reveal.js", "typst"}


@pytest.mark.parametrize("to", ["html", "pdf"])
def test_failure_leaves_nothing_and_the_old_deck_alone(
    to: str, engine: str, tmp_path: Path
) -> None:
    deck = write_deck(tmp_path, "## One {#one}\n\n![](exhibits/none.svg){.chart fig-alt='x'}\n")
    out = tmp_path / "report" / f"deck.{to}"
    out.parent.mkdir()
    out.write_text("the old deck")
    with pytest.raises(WavedeckError, match=r"slide 1 \(One\): the chart 'exhibits/none.svg'"):
        main([
            "--deck", str(deck.qmd), "--exhibits", str(deck.exhibits), "--theme", str(THEME),
            "--format", to, "--engine", engine, "--out", str(out),
        ])  # fmt: skip
    assert out.read_text() == "the old deck"
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_missing_input(tmp_path: Path) -> None:
    with pytest.raises(WavedeckError) as caught:
        render(tmp_path / "no.qmd", tmp_path / "none", tmp_path / "theme", "html", "embedded")
    assert len(caught.value.problems) == 3


def test_deck_without_a_date(tmp_path: Path) -> None:
    (tmp_path / "deck.qmd").write_text("---\ntitle: x\n---\n\n" + FIRST)
    with pytest.raises(WavedeckError, match="no deck-date"):
        render(tmp_path / "deck.qmd", tmp_path, THEME, "html", "embedded")


# What the filter refuses


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("## One {#one}\n\n## Two {#one}\n", "the id 'one' is also the id of slide 1"),
        ("## One {#one}\n\n[two](#two)\n", "leads to '#two', and no slide has that id"),
        ("## One {#one}\n\n![](exhibits/q1.svg){.chart}\n", "has no alt text"),
        ("# One {#one}\n\ntext\n", "slides begin with '##'"),
        ("text\n\n## One {#one}\n", "text before the first slide"),
        ("## One {#one}\n\n:::: {.comments}\n::: {.comment}\nx\n:::\n::::\n", "holds no quotation"),
        ("## C {#c .contents}\n\n- [C [4]{.page}](#c)\n", "slide 4 for 'c', which is slide 1"),
        (
            "## One {#one}\n\n" + ":::: {.comments}\n"
            + ("::: {.comment}\n> " + "far too many words " * 80 + "\n:::\n") * 5 + "::::\n",
            "px too tall for the slide",
        ),
    ],
)  # fmt: skip
def test_filter_messages(body: str, message: str, engine: str, tmp_path: Path) -> None:
    said = _failure(tmp_path, body, engine=engine)
    assert message in said
    assert "\n    deck.qmd, " in said


def test_filter_stops_where_error_only_prints(tmp_path: Path) -> None:
    """Quarto has an error() of its own, which writes a line and goes on."""
    prints = "function error(message) io.stderr:write('ERROR (-1) ', message, '\\n') end\n"
    theme = _theme_with(tmp_path, "deck.lua", lambda text: prints + text)
    said = _failure(tmp_path, "## One {#one}\n\n[two](#two)\n", theme=theme)
    assert "leads to '#two', and no slide has that id" in said
    assert "ERROR" not in said


def test_chart_that_holds_a_script_is_refused(engine: str, tmp_path: Path) -> None:
    deck = write_deck(tmp_path, "## One {#one}\n\n![](exhibits/bad.svg){.chart fig-alt='x'}\n")
    for inside in (
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<a href="javascript:x"/>',
    ):
        (deck.exhibits / "bad.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="100px" height="50px">{inside}</svg>'
        )
        with pytest.raises(WavedeckError, match="holds a script"):
            render(deck.qmd, deck.exhibits, THEME, "html", engine)


def test_text_too_long_for_its_page_stops_typst(engine: str, tmp_path: Path) -> None:
    lines = "\n\n".join("A line of the closing slide." for _ in range(30))
    said = _failure(tmp_path, f"## End {{#end .closing}}\n\n{lines}\n", "pdf", engine)
    assert said.count("slide 1 is 952 px too tall for its page") == 1


def test_letters_that_no_typeface_has_are_named(engine: str, tmp_path: Path) -> None:
    said = _failure(tmp_path, "## ไหน {#which}\n\nWords.\n", "pdf", engine)
    assert "ไ" in said and "Thai" in said
    assert "aliases:" in said and "comments.xlsx" in said


def test_typst_message_is_shown(engine: str, tmp_path: Path) -> None:
    theme = _theme_with(tmp_path, "page.typ", lambda _: "#no-such-function()\n")
    said = _failure(tmp_path, FIRST, "pdf", engine, theme)
    assert "unknown variable" in said


def test_an_unknown_typeface_stops_typst(engine: str, tmp_path: Path) -> None:
    theme = _theme_with(
        tmp_path, "typst-template.typ", lambda text: text.replace("Source Sans Pro", "Nowhere Sans")
    )
    assert "unknown font family: nowhere sans" in _failure(tmp_path, FIRST, "pdf", engine, theme)


def test_policy_has_a_place() -> None:
    with pytest.raises(WavedeckError, match="content security policy"):
        policy.with_policy("<html></html>")


# Which engine


def _fake_quarto(folder: Path, version: str, act: str) -> None:
    """A stand-in that answers as the real command does; its arguments go to calls.txt."""
    script = folder / "quarto"
    script.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = --version ]; then echo {version}; exit 0; fi\n'
        f'echo "$@" "epoch=$SOURCE_DATE_EPOCH" > "{folder}/calls.txt"\n'
        f"{act}\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IEXEC)


@pytest.fixture
def path_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a folder for a stand-in and the system's own commands."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


def test_auto_is_quarto_where_it_is_installed(
    path_of_one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_quarto(path_of_one, "1.9.38", "exit 1")
    assert choose("auto") == "quarto"
    monkeypatch.setenv("PATH", "/nowhere")
    assert choose("auto") == "embedded"
    assert choose("quarto") == "quarto"
    with pytest.raises(WavedeckError, match="no engine 'quatro'"):
        choose("quatro")


def test_quarto_asked_for_and_not_there(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WavedeckError, match="not on the PATH"):
        render(deck.qmd, deck.exhibits, THEME, "html", "quarto")


@pytest.mark.parametrize("version", ["1.8.27", "1.10.18", "99.9.9"])
def test_quarto_version(version: str, deck: Deck, path_of_one: Path) -> None:
    _fake_quarto(path_of_one, version, "printf %s '%PDF' > deck.pdf")
    if version == "1.8.27":
        with pytest.raises(WavedeckError, match=r"too old: version 1\.8\.27"):
            render(deck.qmd, deck.exhibits, THEME, "pdf", "quarto")
    else:
        assert render(deck.qmd, deck.exhibits, THEME, "pdf", "quarto").data == b"%PDF"


def test_quarto_is_called_in_the_workspace(deck: Deck, path_of_one: Path) -> None:
    page = (
        '<html><head><script>x</script><meta charset="utf-8">'
        '<meta content="deck-csp"></head>'
        '<script type="application/json">deck-evidence</script></html>'
    )
    needed = ("_quarto.yml", "theme/deck.lua", "exhibits/q1.svg", "theme/fonts/*regular.ttf")
    needs = " && ".join(f"test -f {name}" for name in needed)
    _fake_quarto(path_of_one, "1.9.38", f"{needs} && printf %s '{page}' > deck.html")
    rendered = render(deck.qmd, deck.exhibits, THEME, "html", "auto")
    assert rendered.engine == "quarto"
    assert rendered.versions() == {"quarto": "1.9.38"}
    assert b"<script>" not in rendered.data
    call = (path_of_one / "calls.txt").read_text().strip()
    assert call == "render deck.qmd --to revealjs --output deck.html epoch=1501459200"


def test_quarto_message_is_shown(deck: Deck, path_of_one: Path, tmp_path: Path) -> None:
    _fake_quarto(path_of_one, "1.9.38", "echo 'ERROR: the deck is not to my liking' >&2; exit 3")
    out = tmp_path / "deck.html"
    with pytest.raises(WavedeckError) as caught:
        main([
            "--deck", str(deck.qmd), "--exhibits", str(deck.exhibits), "--theme", str(THEME),
            "--format", "html", "--out", str(out),
        ])  # fmt: skip
    assert "exit status 3" in str(caught.value)
    assert "    ERROR: the deck is not to my liking" in str(caught.value)
    assert not out.exists()


TOLD = """pandoc --output deck.html
  to: revealjs
  variables: {}

metadata
  title: Secret settings

"""
REFUSED = """Error running filter /opt/share/filters/main.lua:
theme/dialect.lua:60: deck.qmd, slide 2 (Two): the id 'one' is also the id of slide 1
stack traceback:
\ttheme/dialect.lua:60: in function 'dialect.fail'
\t[C]: in ?
stack traceback:
\t/opt/share/filters/main.lua:574: in local 'checked_walk'
WARN: Error encountered when rendering files
"""
WARNED = """[typst]: Compiling deck.typ to deck.pdf...warning: unknown font family: x
DONE

Output created: deck.pdf
"""


@pytest.mark.parametrize(
    ("said", "status", "kept"),
    [
        (
            TOLD + REFUSED, 1,
            "(exit status 1) and said:\n"
            "    deck.qmd, slide 2 (Two): the id 'one' is also the id of slide 1\n    to do:",
        ),
        (TOLD + WARNED, 0, "warned of the deck and said:\n    warning: unknown font family: x\n"),
        (
            "[WARNING] Could not fetch resource x.svg\n" + TOLD, 0,
            "warned of the deck and said:\n    [WARNING] Could not fetch resource x.svg\n",
        ),
        ("ERROR (main.lua:1) no such thing\n", 0, "    ERROR (main.lua:1) no such thing\n"),
        (
            "[typst]: Compiling deck.typ to deck.pdf...error: x\n  at\nERROR: error: x\n  at\n", 1,
            "said:\n    error: x\n      at\n    to do:",
        ),
        (
            "ERROR: Bad\n\nStack trace:\n    at a (file:///q.js:1)\n    at ext:core/b.js:3\n", 1,
            "said:\n    ERROR: Bad\n    to do:",
        ),
    ],
)  # fmt: skip
def test_quarto_is_heard(said: str, status: int, kept: str, deck: Deck, path_of_one: Path) -> None:
    """A warning is a hole in the deck; settings and traces of a failure tell a reader nothing."""
    (path_of_one / "said.txt").write_text(said, encoding="utf-8")
    tell = f"cat '{path_of_one}/said.txt' >&2; printf %s '%PDF' > deck.pdf; exit {status}"
    _fake_quarto(path_of_one, "1.9.38", tell)
    with pytest.raises(WavedeckError) as caught:
        render(deck.qmd, deck.exhibits, THEME, "pdf", "quarto")
    assert kept in str(caught.value)
    assert str(caught.value).index("to do:") > 0 and "Secret" not in str(caught.value)


def test_what_quarto_always_says_is_no_warning(deck: Deck, path_of_one: Path) -> None:
    usual = TOLD + WARNED.replace("warning: unknown font family: x\n", "")
    usual += "WARN: PDF standard validation requested but verapdf is not installed.\n"
    usual += "WARNING (main.lua:10085) The following string was found in the document: :::\n"
    (path_of_one / "said.txt").write_text(usual, encoding="utf-8")
    tell = f"cat '{path_of_one}/said.txt' >&2; printf %s '%PDF' > deck.pdf"
    _fake_quarto(path_of_one, "1.9.38", tell)
    assert render(deck.qmd, deck.exhibits, THEME, "pdf", "quarto").data == b"%PDF"


# The real Quarto, where it is


@pytest.mark.parametrize("to", ["html", "pdf"])
def test_quarto_and_embedded_agree(to: str, deck: Deck) -> None:
    if quarto.find() is None:
        pytest.skip("Quarto is not on the PATH: the two engines were not compared")
    read = deck_model.from_html if to == "html" else deck_model.from_pdf
    write_evidence(deck)
    first = _rendered(deck, to, "quarto")
    assert read(first) == read(_rendered(deck, to, "embedded"))
    again = render(deck.qmd, deck.exhibits, THEME, to, "quarto").data
    assert again == first.read_bytes()
    if to == "html":
        assert b'"estimates"' in again
    else:
        assert read(first).annex
    deck.qmd.with_name("evidence.json").unlink()


def test_a_quarto_project_above_the_temporary_folder_has_no_say(
    deck: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if quarto.find() is None:
        pytest.skip("Quarto is not on the PATH: a project around its folder was not tested")
    alone = render(deck.qmd, deck.exhibits, THEME, "html", "quarto").data
    (tmp_path / "_quarto.yml").write_text("project:\n  output-dir: x\nfilters: [none.lua]\n")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert render(deck.qmd, deck.exhibits, THEME, "html", "quarto").data == alone
