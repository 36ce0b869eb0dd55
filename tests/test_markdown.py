"""Escaping: pandoc's own parse says whether a respondent's words stayed words."""

from __future__ import annotations

import json
import subprocess

import pypandoc
from hypothesis import given, settings
from hypothesis import strategies as st

from wavedeck.compose.markdown import Markdown, attribute, escape, plain
from wavedeck.letters import isolated

ATTACKS = [
    '<script>alert("x")</script>',
    '<img src=x onerror="alert(1)">',
    '=HYPERLINK("http://example.org")',
    "# Heading",
    "1. list",
    "- list",
    "+ list",
    "| a | b |\n|---|---|",
    "**bold** _it_ ~~gone~~ `code` ^up^ ~down~",
    "![x](y.png){onload=z} [link](http://example.org)",
    "{{< include /etc/passwd >}}",
    "$x^2$ \\(y\\) \\begin{x}",
    "::: {.notes}\nhidden\n:::",
    "[^1] and [@cite] and @ref",
    "& &amp; &#60; <",
    "trailing backslash \\",
    "> quoted\n>> deeper",
    "---",
    "wait . . . what",
    "```{=html}\n<b>\n```",
    "b58fc729-690b-4000-b19f-365a4093b2ff3c696d67",
    "b58fc729-690b-4000-b19f-365a4b58fc729-690b-4000-b19f-365a4093b2ff093b2ff3c",
    "right \u202e to left, zero\u200bwidth",
    "Ysbyty Môn, naïve façade — “quoted” ‘so’",
    "http://example.org www.example.org a@example.org",
    ":smile: (c) -- --- ...",
    "{#id .class}",
    "<!-- c -->",
    "{{< meta title >}} {{< env HOME >}} {{{< meta title >}}}",
    "#panic() #sys.version #let x = 1",
    "`r 1+1` `{python} x`",
    '[x]{.content-visible when-format="html"}',
    "5 - 3, -5, 2016-17, really -? so -- and --- then ....",
]


def parse(markdown: str) -> list[dict]:
    result = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json"],
        input=markdown.encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(result.stdout)["blocks"]


def words(inlines: list[dict]) -> str:
    kinds = {"Str": lambda node: node["c"], "Space": lambda _: " ", "SoftBreak": lambda _: " "}
    assert {node["t"] for node in inlines} <= set(kinds), inlines
    return "".join(kinds[node["t"]](node) for node in inlines)


def test_attacks_stay_words_in_a_quotation() -> None:
    blocks = parse("\n\n".join(f"> {escape(text)}\n\n***" for text in ATTACKS))
    quotes = [block["c"] for block in blocks if block["t"] == "BlockQuote"]
    assert len(quotes) == len(ATTACKS)
    for text, quote in zip(ATTACKS, quotes, strict=True):
        assert [block["t"] for block in quote] == ["Para"], text
        assert words(quote[0]["c"]) == plain(text)


def test_attacks_stay_words_in_a_span_and_a_table() -> None:
    for text in ATTACKS:
        paragraph = parse(f"[{escape(text)}]{{.estimate data-estimate={attribute(text)}}}")[0]
        (span,) = paragraph["c"]
        assert span["t"] == "Span" and words(span["c"][1]) == plain(text)
        assert dict(span["c"][0][2])["data-estimate"] == plain(text)
        table = parse(f"| a | b |\n|---|---|\n| {escape(text)} | end |")[0]
        assert table["t"] == "Table"
        cells = table["c"][4][0][3][0][1]
        assert words(cells[0][4][0]["c"]) == plain(text)
        assert words(cells[1][4][0]["c"]) == "end"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=5, max_size=30))
def test_any_text_stays_words(texts: list[str]) -> None:
    texts = [text for text in texts if plain(text)]
    blocks = parse("\n\n".join(f"> {escape(text)}\n\n***" for text in texts))
    quotes = [block["c"] for block in blocks if block["t"] == "BlockQuote"]
    expected = [isolated(plain(text)) for text in texts]
    assert [words(quote[0]["c"]) for quote in quotes] == expected


@given(st.text(max_size=80))
def test_plain_is_stable(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_trusted_markdown_is_left_alone() -> None:
    assert escape(Markdown("**bold**")) == "**bold**"
