"""Words that YAML, Jinja, Markdown, HTML, LaTeX or Typst would take for their own reach the deck as
they stand in the export, and the numbers beside them are theirs."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

import export_layouts as layouts
from conftest import copy_project, snakemake

HEADERS = [
    *("yes", "null: #", "- x {{x}} ?", "{% if %} {# c #} {## d ##} ##}", "Quote \" and ' and \\ ?"),
    *("*star* _under_ $math$ `tick` ?", "A|B ~ ^ % ?", "]{.label} ?", "::: {.x}", "# Heading"),
    *("<http://e.org>", "=SUM(A1) ?", "#let x = 1; #panic() ?", "two\nlines ?", "`x`{=html} ?"),
]
LABELS = [
    *("yes", ": #", "- x", "{{x}}", "{% raw %}", "<script>alert(1)</script>", "*em* _u_", "$x$"),
    *("a|b", "`code`", "# head", "=1+1", "+44", "@me", "[l](http://e.x)", "&amp; &", "1."),
]
SHOWN = 4


def exported(count: int = 40) -> layouts.Rows:
    rows: layouts.Rows = [["Response ID", "Submitted", *HEADERS]]
    for i in range(count):
        answers: list[Any] = [
            LABELS[(k + (i * i + i // SHOWN) % SHOWN) % len(LABELS)] for k in range(len(HEADERS))
        ]
        rows.append([i + 1, layouts.at(i), *answers])
    return rows


@pytest.mark.slow
def test_hostile_words_are_text_in_the_built_deck(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project", ["none/1"])
    export = layouts.save({"Data #1's": exported()}, tmp_path / "{export}=1.xlsx")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "wavedeck",
            "new",
            "words",
            str(export),
            "--title",
            "{{ t }} *_$<|`",
        ],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "workflow")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    configuration = root / "config.yaml"
    configuration.write_text(configuration.read_text().replace("- none/1\n", ""))
    built = snakemake(root)
    assert built.returncode == 0, built.stdout + built.stderr
    deck = (root / "report/words/2024/deck.html").read_text()
    assert "<script>alert" not in deck
    shown = " ".join(html.unescape(re.sub(r"<[^<>]+>", " ", deck)).split())
    pages = [page.extract_text() for page in PdfReader(root / "report/words/2024/deck.pdf").pages]
    printed = "".join("".join(pages).split())
    estimates = pd.read_parquet(root / "processed/words/2024/estimates.parquet")
    counted = estimates[estimates.statistic == "count"].set_index("label").numerator
    table = pd.DataFrame(exported()[1:])
    for place, header in enumerate(HEADERS):
        text = " ".join(header.split())
        assert text in shown, text
        assert "".join(text.split())[:20] in printed, text
        for label, times in table[place + 2].value_counts().items():
            assert counted[f"{text}: {label}"] == times
    assert "{{ t }} *_$<|`" in shown
