"""The stage: the workbook of an edition, or the CSVs of all."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from wavedeck import files
from wavedeck.earlier import split
from wavedeck.publish import csvs, words
from wavedeck.publish.tables import Cell, Column, Row, Table, Tables
from wavedeck.publish.workbook import Book, cell, link_cell, text_cell, write_table
from wavedeck.survey import Survey, Wave, load_codebook

TESTED = "letters"


def results_workbook(survey: Survey, wave: Wave, rows: list[Row], weighted: bool) -> bytes:
    """The bytes of results.xlsx."""
    title = words.title_of(survey, wave)
    made = Tables(survey, rows, weighted)
    tables = list(made.tables())
    tested = any(row.get(TESTED) for row in rows)
    book = Book(title, wave.published or wave.fieldwork.end)
    cover = book.sheet("Cover", title, words.cover(survey, wave, weighted), [100], back=False)
    cover.link("Contents", "Contents")
    listed = [("Notes", "Notes and shorthand"), ("Sample", "Who took part"), ("Columns", "Groups")]
    listed += [(table.sheet, table.title) for table in tables]
    contents = book.sheet(
        "Contents",
        "Contents",
        ["A sheet for each table, with a link to it."],
        [26, 110],
        back=False,
    )
    contents.table(
        "table_contents",
        ["Sheet", "What it shows"],
        [[link_cell(book, name, name), text_cell(book, what)] for name, what in listed],
    )
    notes = book.sheet("Notes", "Notes and shorthand", ["This sheet holds one table."], [20, 110])
    notes.table(
        "table_notes",
        ["Subject", "Note"],
        [
            [text_cell(book, subject, bold=True), text_cell(book, note)]
            for subject, note in words.notes(survey, weighted, tested)
        ],
    )
    _write_sample(book, rows, weighted)
    _write_columns(book, tables)
    about = _about(survey, weighted)
    for table in tables:
        write_table(book, table, about)
    return book.close()


def _about(survey: Survey, weighted: bool) -> list[str]:
    """The lines above every table."""
    edition = "Weighted edition" if weighted else "Unweighted edition"
    return [
        f"{edition}. Base: {survey.respondents} who answered.",
        "This sheet holds one table. Shorthand in square brackets: see the sheet Notes.",
    ]


def _write_sample(book: Book, rows: list[Row], weighted: bool) -> None:
    """Counts of the sample, what weighting does, and the frame beside those who responded."""
    parts = ("sample.", "weighting.", "responding.", "frame.")
    found = [
        row
        for row in rows
        if row["weighted"] == weighted and not row["question"] and row["id"].startswith(parts)
    ]
    before = {row["label"] for row in found if row["id"].endswith(":previous")}
    # The wave before stands there as such, and not by its folder too.
    found = [r for r in found if not (split(r["id"])[1] and r["label"] in before)]
    sheet = book.sheet("Sample", "Who took part", ["This sheet holds one table."], [80, 17, 50])
    lines = []
    for row in found:
        text = row["text"]
        kind = "percent" if text.endswith("%") else "decimal" if "." in text else "count"
        words_ = row["label"]
        if row["id"].endswith(":count"):
            words_ = words_.replace(": share of ", ": number of ")
        shown = Cell(text, "two" if kind == "decimal" else kind)
        lines.append(
            [text_cell(book, words_), cell(book, shown), text_cell(book, row["id"], indent=1)]
        )
    sheet.table("table_sample", ["What is counted", "Number", "Estimate"], lines)


def _write_columns(book: Book, tables: Sequence[Table]) -> None:
    """Which group each column heading stands for."""
    columns: dict[Column, None] = {}
    for table in tables:
        columns |= dict.fromkeys(table.columns)
    sheet = book.sheet(
        "Columns",
        "Groups of respondents",
        ["This sheet holds one table: the headings of the other tables, with the group's name."],
        [80, 12, 44],
    )
    lines = [
        [
            text_cell(book, column.heading),
            text_cell(book, column.letter or "[z]"),
            text_cell(book, column.group),
        ]
        for column in columns
    ]
    sheet.table("table_columns", ["Heading", "Letter", "Group"], lines)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck publish", description=__doc__)
    for flag in ("survey", "wave", "estimates"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    parser.add_argument("--editions", choices=("unweighted", "weighted"), nargs="+", required=True)
    parser.add_argument("--workbook", type=Path, help="the workbook of the first edition")
    parser.add_argument("--csv", type=Path, help="the folder of CSVs, of all editions")
    arguments = parser.parse_args(argv)
    survey, wave = load_codebook(arguments.survey, arguments.wave)
    rows = files.read_table(arguments.estimates).to_pylist()
    if arguments.workbook:
        weighted = arguments.editions[0] == "weighted"
        files.write_bytes(arguments.workbook, results_workbook(survey, wave, rows, weighted))
    if arguments.csv:
        with files.directory(arguments.csv) as folder:
            listed = csvs.results_table(survey, rows, arguments.editions)
            files.write_text(folder / "results.csv", csvs.results_text(listed))
            files.write_table(folder / "data-dictionary.csv", csvs.dictionary_table())
            files.write_table(folder / "questions.csv", csvs.questions_table(survey))
