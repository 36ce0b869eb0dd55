"""clean: cells -> answers, coded by the codebook.

Whatever is altered, recoded, dropped or excluded is a row of the ledger with its cell; what a
person should know about the export is a row of the data-quality log. A label that the codebook
does not know stops the wave.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wavedeck import files
from wavedeck.errors import Problem, WavedeckError, listing, nearest
from wavedeck.survey import (
    ExcludeDuplicate,
    ExcludeIncomplete,
    ExcludeValue,
    Exclusion,
    GridQuestion,
    OpenText,
    RankingQuestion,
    Scale,
    SingleQuestion,
    Survey,
    load_survey,
    load_wave,
)

NOT_ASKED, NO_ANSWER, DONT_KNOW, INVALID = -1, -2, -3, -4
MISSING = {"not_asked": NOT_ASKED, "no_answer": NO_ANSWER, "dont_know": DONT_KNOW}

LEDGER_COLUMNS = [
    *("rule", "reason", "respondent", "response", "workbook", "sheet", "row", "column", "cell"),
    *("question", "item", "old", "new"),
]

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """One line of composed text: no invisible characters, every run of spaces one space."""
    composed = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(composed.split())


def tidy_lines(text: str) -> str:
    """`tidy` for open text, line by line; empty lines at the ends go."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def match_key(label: str) -> str:
    """What two spellings of one label share: case, straight quotes, plain dashes, no final stop."""
    straight = tidy(label).translate(str.maketrans("‘’‛`“”–—‑−", "''''\"\"----"))
    return straight.casefold().rstrip(".")


@dataclass(frozen=True)
class Coded:
    """What one raw text becomes."""

    code: int
    rule: str = ""
    """The rule of the ledger; "" when the cell was taken as it stands."""
    new: str = ""


@dataclass
class Cleaned:
    answers: pd.DataFrame
    """One row a kept respondent: respondent, response, row, organisation, then int8 codes."""
    comments: pd.DataFrame
    """One row an open answer: respondent, response, question, text."""
    ledger: pd.DataFrame
    """One row a change; LEDGER_COLUMNS."""
    quality: pd.DataFrame
    """The data-quality log: check, where, count, note."""


@dataclass
class _Book:
    """The ledger and the quality log while they are written."""

    survey_file: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def change(self, cell: Mapping[str, Any], rule: str, new: str, reason: str = "") -> None:
        entry = {name: cell.get(name, "") for name in LEDGER_COLUMNS}
        entry |= {
            "rule": rule,
            "reason": reason or RULES[rule],
            "old": cell["value"],
            "new": new,
            "cell": f"{cell['column']}{cell['row']}",
        }
        self.rows.append(entry)

    def note(self, check: str, where: str, count: int, note: str) -> None:
        self.notes.append({"check": check, "where": where, "count": count, "note": note})


RULES = {
    "spaces": "Stray spaces or invisible characters taken out",
    "spelling": "Case, quotes or dashes as in the codebook",
    "alias": "Another spelling that the codebook lists for the option",
    "no_answer": "A mark that means no answer",
    "tied_rank": "The same rank given twice by one respondent: neither counts",
}


def scale_coder(scale: Scale, no_answer: Iterable[str]) -> Callable[[str], Coded | None]:
    """A function from raw text to its code: an option from 1 on, a kind of missing, or unknown."""
    by_label: dict[str, Coded] = {}
    exact: dict[str, int] = {}
    for position, option in enumerate(scale.options.values(), start=1):
        own = MISSING[option.missing] if option.missing else position
        exact[option.label] = own
        by_label[match_key(option.label)] = Coded(own, "spelling", option.label)
        for alias in option.aliases:
            by_label.setdefault(match_key(alias), Coded(own, "alias", option.label))
    marks = {match_key(mark) for mark in no_answer}

    def code(raw: str) -> Coded | None:
        if raw in exact:
            return Coded(exact[raw])
        text = tidy(raw)
        if text in exact:
            return Coded(exact[text], "spaces", text)
        if not text or match_key(text) in marks:
            return Coded(NO_ANSWER, "no_answer")
        return by_label.get(match_key(text))

    return code


def rank_coder(ranks: int, no_answer: Iterable[str]) -> Callable[[str], Coded | None]:
    """A function from raw text to a rank of 1 to `ranks`; None: not a rank."""
    marks = {match_key(mark) for mark in no_answer}

    def code(raw: str) -> Coded | None:
        text = tidy(raw)
        if not text or match_key(text) in marks:
            return Coded(NO_ANSWER, "no_answer")
        if re.fullmatch(r"[0-9]{1,3}", text) and 1 <= int(text) <= ranks:
            return Coded(int(text), "" if text == raw else "spaces", text)
        return None

    return code


def clean(
    cells: pd.DataFrame,
    survey: Survey,
    exclusions: list[Exclusion],
    source: Mapping[str, Any],
    survey_file: str = "survey.yaml",
) -> Cleaned:
    """Code every closed answer, tidy open text, leave out what the exclusions name.

    Raises WavedeckError with every unknown label, rank that is none, missing required answer and
    response without an id.
    """
    book = _Book(survey_file)
    columns = _by_column(cells)
    rows = next(iter(columns.values()))[["respondent", "row", "workbook", "sheet"]].copy()
    rows["response"] = _meta(columns, "@response", book)
    _refuse_bad_ids(rows, columns, book)
    kept = np.ones(len(rows), dtype=bool)
    for exclusion in exclusions:
        if not isinstance(exclusion, ExcludeIncomplete):
            kept &= ~_excluded(exclusion, columns, rows, kept, book)
    coded = _code_all(columns, survey, rows, kept, book)
    _invalidate_ties(coded, columns, survey, rows, kept, book)
    for exclusion in exclusions:
        if isinstance(exclusion, ExcludeIncomplete):
            kept &= ~_incomplete(exclusion, coded, survey, rows, kept, columns, book)
    rows["organisation"] = _meta(columns, "@organisation", book, rows, kept)
    _require(coded, columns, survey, rows, kept, book)
    comments = _open_text(columns, survey, rows, kept, book)
    if book.problems:
        raise WavedeckError(*book.problems)
    if not kept.any():
        where = f"{source['workbook']}, sheet '{source['sheet']}'"
        raise WavedeckError(
            Problem(where, "no response is left after the exclusions", remedy="look at wave.yaml")
        )
    answers = pd.concat(
        [
            rows.loc[kept, ["respondent", "response", "row", "organisation"]],
            pd.DataFrame(coded, index=rows.index).loc[kept],
        ],
        axis=1,
    ).reset_index(drop=True)
    ledger = pd.DataFrame(book.rows, columns=LEDGER_COLUMNS).sort_values(
        ["row", "column", "rule"], key=_column_order, kind="stable", ignore_index=True
    )
    _log_quality(book, source, answers, ledger, survey, len(rows))
    return Cleaned(answers, comments, ledger, pd.DataFrame(book.notes))


def _by_column(cells: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Cells of each (question, item) that the codebook or the export section names."""
    known = cells[cells["question"] != ""]
    grouped = known.groupby(["question", "item"], sort=False, observed=True)
    return {(str(q), str(i)): group.reset_index(drop=True) for (q, i), group in grouped}


def _column_order(values: pd.Series) -> pd.Series:
    """Spreadsheet columns sort by length before letter: Z before AA."""
    return values.map(lambda v: (len(v), v)) if values.name == "column" else values


def _cell(column: pd.DataFrame, index: int, rows: pd.DataFrame) -> dict[str, Any]:
    cell = {str(name): value for name, value in column.iloc[index].items()}
    return cell | {"response": rows["response"].iloc[index]}


def _where(cell: Mapping[str, Any]) -> str:
    return f"{cell['workbook']}, sheet '{cell['sheet']}', cell {cell['column']}{cell['row']}"


def _meta(
    columns: Mapping[tuple[str, str], pd.DataFrame],
    name: str,
    book: _Book,
    rows: pd.DataFrame | None = None,
    kept: np.ndarray | None = None,
) -> list[str]:
    """The tidied texts of one of the response's own columns."""
    column = columns[(name, "")]
    texts = []
    for index, raw in enumerate(column["value"]):
        text = tidy(raw) if isinstance(raw, str) else ""
        if rows is not None and kept is not None and kept[index]:
            if isinstance(raw, str) and text != raw:
                book.change(_cell(column, index, rows), "spaces", text)
            if not text:
                where = _where(_cell(column, index, rows))
                problem = Problem(
                    where,
                    f"the response has no {name[1:]}",
                    expected=f"a value in '{column['header'].iloc[0]}'",
                    remedy="complete the cell in a copy of the export, or exclude the response",
                )
                book.problems.append(problem)
        texts.append(text)
    return texts


def _refuse_bad_ids(
    rows: pd.DataFrame, columns: Mapping[tuple[str, str], pd.DataFrame], book: _Book
) -> None:
    column = columns[("@response", "")]
    first: dict[str, int] = {}
    for index, response in enumerate(rows["response"]):
        where = _where(_cell(column, index, rows))
        if not response:
            book.problems.append(
                Problem(
                    where,
                    "the response has no id",
                    expected=f"an id in '{column['header'].iloc[0]}'",
                    remedy="are these rows answers? Delete notes and totals below the data "
                    "in a copy of the export",
                )
            )
        elif response in first:
            book.problems.append(
                Problem(
                    where,
                    f"the response id '{response}' stands on row {first[response]} too",
                    expected="an id of its own for each response",
                    remedy="delete the row that was copied, in a copy of the export",
                )
            )
        first.setdefault(response, int(rows["row"].iloc[index]))


def _excluded(
    exclusion: ExcludeValue | ExcludeDuplicate,
    columns: Mapping[tuple[str, str], pd.DataFrame],
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
) -> np.ndarray:
    names = [exclusion.column] if isinstance(exclusion, ExcludeValue) else exclusion.columns
    headers = {tidy(column["header"].iloc[0]): column for column in columns.values()}
    for name in names:
        if tidy(name) not in headers:
            book.problems.append(
                Problem(
                    "wave.yaml, exclusions",
                    f"there is no column '{name}' in the codebook",
                    nearest=nearest(tidy(name), headers),
                    remedy="mend the header in wave.yaml",
                )
            )
    if any(tidy(name) not in headers for name in names):
        return np.zeros(len(rows), dtype=bool)
    texts = [
        [match_key(raw) if isinstance(raw, str) else "" for raw in headers[tidy(name)]["value"]]
        for name in names
    ]
    out = np.zeros(len(rows), dtype=bool)
    if isinstance(exclusion, ExcludeValue):
        values = {match_key(value) for value in exclusion.values}
        out = np.array([text in values for text in texts[0]]) & kept
    else:
        keys = pd.Series(list(zip(*texts, strict=True)))
        whole = keys.map(all).to_numpy(dtype=bool) & kept
        out[whole] = keys[whole].duplicated(keep=exclusion.keep).to_numpy()
    column = headers[tidy(names[-1])]
    for index in np.flatnonzero(out):
        cell = _cell(column, int(index), rows)
        book.change(cell, f"exclude_{exclusion.kind}", "(response left out)", exclusion.reason)
    return out


def _code_all(
    columns: Mapping[tuple[str, str], pd.DataFrame],
    survey: Survey,
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
) -> dict[str, np.ndarray]:
    """int8 codes of every closed column, all rows; only kept rows write the ledger."""
    coded = {}
    for _, name, item in survey.columns():
        question = survey.questions[name]
        if isinstance(question, OpenText) or (
            isinstance(question, RankingQuestion) and item == "other"
        ):
            continue
        if isinstance(question, RankingQuestion):
            coder = rank_coder(len(question.items), survey.export.no_answer)
            expected = f"a rank from 1 to {len(question.items)}, or nothing"
            labels: list[str] = []
        else:
            scale = survey.scale_of(name)
            coder = scale_coder(scale, survey.export.no_answer)
            labels = [option.label for option in scale.options.values()]
            expected = listing(labels)
        column = columns[(name, item)]
        key = f"{name}.{item}" if item else name
        coded[key] = _code_column(column, coder, expected, labels, rows, kept, book, key)
    return coded


def _code_column(
    column: pd.DataFrame,
    coder: Callable[[str], Coded | None],
    expected: str,
    labels: list[str],
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
    key: str,
) -> np.ndarray:
    codes = np.full(len(column), NO_ANSWER, dtype=np.int8)
    # Each distinct text is judged once; answers repeat, rows do not matter to the judgement.
    for raw, indices in column.groupby("value", sort=False, dropna=True).indices.items():
        result = coder(str(raw))
        if result is None:
            near = nearest(tidy(str(raw)), labels)
            book.problems += [
                Problem(
                    _where(_cell(column, int(index), rows)),
                    f"{key}: '{raw}' is no answer that the codebook knows",
                    expected,
                    near,
                    f"add it to survey.yaml as an alias of its option ({book.survey_file})"
                    if labels
                    else "correct the cell in a copy of the export",
                )
                for index in indices[:3]
                if kept[index]
            ]
            continue
        codes[indices] = result.code
        if result.rule:
            for index in indices:
                if kept[index]:
                    book.change(_cell(column, int(index), rows), result.rule, result.new)
    return codes


def _invalidate_ties(
    coded: dict[str, np.ndarray],
    columns: Mapping[tuple[str, str], pd.DataFrame],
    survey: Survey,
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
) -> None:
    for name, question in survey.questions.items():
        if not isinstance(question, RankingQuestion):
            continue
        keys = [f"{name}.{item}" for item in question.items]
        ranks = np.stack([coded[key] for key in keys], axis=1)
        for rank in range(1, len(keys) + 1):
            tied = (ranks == rank).sum(axis=1) > 1
            for index in np.flatnonzero(tied & kept):
                for position in np.flatnonzero(ranks[index] == rank):
                    column = columns[(name, list(question.items)[position])]
                    book.change(_cell(column, int(index), rows), "tied_rank", "")
                    coded[keys[position]][index] = INVALID


def _closed(survey: Survey) -> dict[str, list[str]]:
    """Keys of the answer columns of each closed question."""
    found: dict[str, list[str]] = {}
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion):
            found[name] = [name]
        elif isinstance(question, GridQuestion | RankingQuestion):
            found[name] = [f"{name}.{item}" for item in question.items]
    return found


def _incomplete(
    exclusion: ExcludeIncomplete,
    coded: Mapping[str, np.ndarray],
    survey: Survey,
    rows: pd.DataFrame,
    kept: np.ndarray,
    columns: Mapping[tuple[str, str], pd.DataFrame],
    book: _Book,
) -> np.ndarray:
    # Don't know (-3) is an answer of a kind; silence and nonsense are not.
    answered = np.zeros(len(rows), dtype=int)
    for name, keys in _closed(survey).items():
        question = survey.questions[name]
        if isinstance(question, SingleQuestion) and question.required:
            continue  # filled in by the team or the tool, so no sign of effort
        answered += np.any([(coded[k] > 0) | (coded[k] == DONT_KNOW) for k in keys], axis=0)
    out = (answered < exclusion.minimum_answered) & kept
    column = columns[("@response", "")]
    for index in np.flatnonzero(out):
        cell = _cell(column, int(index), rows)
        reason = f"{exclusion.reason} ({answered[index]} answered)"
        book.change(cell, "exclude_incomplete", "(response left out)", reason)
    return np.asarray(out)


def _require(
    coded: Mapping[str, np.ndarray],
    columns: Mapping[tuple[str, str], pd.DataFrame],
    survey: Survey,
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
) -> None:
    for name, question in survey.questions.items():
        if not (isinstance(question, SingleQuestion) and question.required):
            continue
        labels = [option.label for option in survey.scale_of(name).options.values()]
        unknown = {problem.where for problem in book.problems}
        for index in np.flatnonzero((coded[name] <= 0) & kept):
            where = _where(_cell(columns[(name, "")], int(index), rows))
            if where in unknown:
                continue
            book.problems.append(
                Problem(
                    where,
                    f"the respondent has no '{name}' ({question.text})",
                    expected=listing(labels),
                    remedy="complete the cell in a copy of the export, or exclude the response "
                    "in wave.yaml",
                )
            )


def _open_text(
    columns: Mapping[tuple[str, str], pd.DataFrame],
    survey: Survey,
    rows: pd.DataFrame,
    kept: np.ndarray,
    book: _Book,
) -> pd.DataFrame:
    marks = {match_key(mark) for mark in survey.export.no_answer}
    found = []
    for _, name, item in survey.columns():
        question = survey.questions[name]
        if not isinstance(question, OpenText) and item != "other":
            continue
        column = columns[(name, item)]
        for index, raw in enumerate(column["value"]):
            if not kept[index] or not isinstance(raw, str):
                continue
            text = tidy_lines(raw)
            if not text or match_key(text) in marks:
                book.change(_cell(column, index, rows), "no_answer", "")
                continue
            if text != raw:
                book.change(_cell(column, index, rows), "spaces", text)
            found.append(
                {
                    "respondent": rows["respondent"].iloc[index],
                    "response": rows["response"].iloc[index],
                    "question": f"{name}.{item}" if item else name,
                    "text": text,
                }
            )
    return pd.DataFrame(found, columns=["respondent", "response", "question", "text"])


def _log_quality(
    book: _Book,
    source: Mapping[str, Any],
    answers: pd.DataFrame,
    ledger: pd.DataFrame,
    survey: Survey,
    responses: int,
) -> None:
    where = f"{source['workbook']}, sheet '{source['sheet']}'"
    scan = source["scan"]
    book.note("responses read", where, responses, "rows with at least one value")
    book.note("empty rows", where, source["rows"] - responses, "rows without a value, passed over")
    hidden = scan["hidden_rows"]
    book.note("hidden rows", where, len(hidden), f"read like all others: {hidden[:20]}")
    columns = scan["hidden_columns"]
    book.note("hidden columns", where, len(columns), f"read like all others: {columns[:20]}")
    formulas = scan["formula_cells"]
    book.note(
        "formula cells", where, len(formulas), f"the value stored by Excel is used: {formulas[:20]}"
    )
    for rule, rows in ledger.groupby("rule", sort=True):
        reasons = "; ".join(sorted(set(rows["reason"])))
        book.note(f"ledger: {rule}", where, len(rows), reasons)
    book.note("responses kept", where, len(answers), "after exclusions")
    for name, keys in _closed(survey).items():
        for key in keys:
            silent = int((answers[key] == NO_ANSWER).sum())
            book.note("item non-response", key, silent, survey.questions[name].number or name)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck clean", description=__doc__)
    for flag in ("survey", "wave", "cells", "source", "answers", "comments", "ledger", "quality"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, _ = load_survey(arguments.survey)
    wave, _ = load_wave(arguments.wave)
    result = clean(
        files.read_table(arguments.cells),
        survey,
        wave.exclusions,
        json.loads(arguments.source.read_text(encoding="utf-8")),
        str(arguments.survey),
    )
    files.write_table(arguments.answers, result.answers)
    files.write_table(arguments.comments, result.comments)
    files.write_table(arguments.ledger, result.ledger)
    files.write_table(arguments.quality, result.quality)
