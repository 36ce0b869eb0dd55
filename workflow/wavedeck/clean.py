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
import pyarrow as pa

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.cells import Cells, Column, from_table
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

COMMENT_COLUMNS = ["respondent", "response", "question", "text"]

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
    """What cleaning gives."""

    answers: Answers
    comments: list[dict[str, str]]
    """Open answers, with COMMENT_COLUMNS."""
    ledger: list[dict[str, Any]]
    """Changes, with LEDGER_COLUMNS."""
    quality: list[dict[str, Any]]
    """The data-quality log: check, where, count, note."""


@dataclass
class _Work:
    """The responses, and the ledger and the quality log while they are written."""

    cells: Cells
    responses: list[str] = field(default_factory=list)
    kept: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    ledger: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def kept_rows(self) -> list[int]:
        return [int(index) for index in np.flatnonzero(self.kept)]

    def change(self, column: Column, index: int, rule: str, new: str, reason: str = "") -> None:
        row = self.cells.rows[index]
        self.ledger.append(
            {
                "rule": rule,
                "reason": reason or RULES[rule],
                "respondent": self.cells.respondents[index],
                "response": self.responses[index],
                "workbook": self.cells.workbook,
                "sheet": self.cells.sheet,
                "row": row,
                "column": column.letter,
                "cell": f"{column.letter}{row}",
                "question": column.question,
                "item": column.item,
                "old": column.values[index],
                "new": new,
            }
        )

    def problem(self, column: Column, index: int, *words: str) -> None:
        self.problems.append(Problem(self.cells.where(column, index), *words))

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
    cells: Cells, survey: Survey, exclusions: list[Exclusion], source: Mapping[str, Any]
) -> Cleaned:
    """Code every closed answer, tidy open text, leave out what the exclusions name.

    Raises WavedeckError with every unknown label, rank that is none, missing required answer and
    response without an id.
    """
    work = _Work(cells, kept=np.ones(len(cells.rows), dtype=bool))
    work.responses = [tidy(raw or "") for raw in cells.column("@response").values]
    _refuse_bad_ids(work)
    for exclusion in exclusions:
        if not isinstance(exclusion, ExcludeIncomplete):
            work.kept &= ~_excluded(exclusion, work)
    codes = _code_all(survey, work)
    _invalidate_ties(codes, survey, work)
    for exclusion in exclusions:
        if isinstance(exclusion, ExcludeIncomplete):
            work.kept &= ~_incomplete(exclusion, codes, survey, work)
    organisations = _organisations(work)
    _require(codes, survey, work)
    comments = _open_text(survey, work)
    if work.problems:
        raise WavedeckError(*work.problems)
    kept = work.kept_rows()
    if not kept:
        where = f"{cells.workbook}, sheet '{cells.sheet}'"
        raise WavedeckError(
            Problem(where, "no response is left after the exclusions", remedy="look at wave.yaml")
        )
    work.ledger.sort(key=lambda e: (e["row"], len(e["column"]), e["column"], e["rule"]))
    codes = {key: column[work.kept] for key, column in codes.items()}
    _log_quality(work, source, codes, survey)
    answers = Answers(
        [cells.respondents[index] for index in kept],
        [work.responses[index] for index in kept],
        [cells.rows[index] for index in kept],
        [organisations[index] for index in kept],
        codes,
    )
    return Cleaned(answers, comments, work.ledger, work.notes)


def _organisations(work: _Work) -> list[str]:
    """The tidied organisation of each response; every kept one needs one."""
    column = work.cells.column("@organisation")
    texts = [tidy(raw or "") for raw in column.values]
    for index in work.kept_rows():
        if texts[index] and texts[index] != column.values[index]:
            work.change(column, index, "spaces", texts[index])
        if not texts[index]:
            work.problem(
                column,
                index,
                "the response has no organisation",
                f"a value in '{column.header}'",
                "",
                "complete the cell in a copy of the export, or exclude the response",
            )
    return texts


def _refuse_bad_ids(work: _Work) -> None:
    column = work.cells.column("@response")
    first: dict[str, int] = {}
    for index, response in enumerate(work.responses):
        if not response:
            work.problem(
                column,
                index,
                "the response has no id",
                f"an id in '{column.header}'",
                "",
                "are these rows answers? Delete notes and totals below the data in a copy of "
                "the export",
            )
        elif response in first:
            work.problem(
                column,
                index,
                f"the response id '{response}' stands on row {first[response]} too",
                "an id of its own for each response",
                "",
                "delete the row that was copied, in a copy of the export",
            )
        first.setdefault(response, work.cells.rows[index])


def _excluded(exclusion: ExcludeValue | ExcludeDuplicate, work: _Work) -> np.ndarray:
    names = [exclusion.column] if isinstance(exclusion, ExcludeValue) else exclusion.columns
    headers = {tidy(column.header): column for column in work.cells.columns}
    unknown = [name for name in names if tidy(name) not in headers]
    work.problems += [
        Problem(
            "wave.yaml, exclusions",
            f"there is no column '{name}' in the codebook",
            nearest=nearest(tidy(name), headers),
            remedy="mend the header in wave.yaml",
        )
        for name in unknown
    ]
    out = np.zeros(len(work.kept), dtype=bool)
    if unknown:
        return out
    columns = [headers[tidy(name)] for name in names]
    keys = list(zip(*([match_key(raw or "") for raw in c.values] for c in columns), strict=True))
    if isinstance(exclusion, ExcludeValue):
        values = {match_key(value) for value in exclusion.values}
        out = np.array([key[0] in values for key in keys]) & work.kept
    else:
        seen: set[tuple[str, ...]] = set()
        candidates = [index for index in work.kept_rows() if all(keys[index])]
        for place in candidates if exclusion.keep == "first" else reversed(candidates):
            out[place] = keys[place] in seen
            seen.add(keys[place])
    for index in np.flatnonzero(out):
        rule = f"exclude_{exclusion.kind}"
        work.change(columns[-1], int(index), rule, "(response left out)", exclusion.reason)
    return out


def _code_all(survey: Survey, work: _Work) -> dict[str, np.ndarray]:
    """int8 codes of every closed column, all rows; only kept rows write the ledger."""
    coded = {}
    for _, name, item in survey.columns():
        question = survey.questions[name]
        if isinstance(question, OpenText) or item == "other":
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
        key = f"{name}.{item}" if item else name
        column = work.cells.column(name, item)
        coded[key] = _code_column(column, coder, expected, labels, work, key)
    return coded


def _code_column(
    column: Column,
    coder: Callable[[str], Coded | None],
    expected: str,
    labels: list[str],
    work: _Work,
    key: str,
) -> np.ndarray:
    # Each distinct text is judged once; answers repeat, rows do not matter to the judgement.
    judged = {raw: coder(raw) for raw in dict.fromkeys(column.values) if raw is not None}
    codes = np.full(len(column.values), NO_ANSWER, dtype=np.int8)
    told: dict[str, int] = {}
    for index, raw in enumerate(column.values):
        if raw is None:
            continue
        result = judged[raw]
        if result is not None:
            codes[index] = result.code
            if result.rule and work.kept[index]:
                work.change(column, index, result.rule, result.new)
        elif work.kept[index] and told.get(raw, 0) < 3:
            told[raw] = told.get(raw, 0) + 1
            work.problem(
                column,
                index,
                f"{key}: '{raw}' is no answer that the codebook knows",
                expected,
                nearest(tidy(raw), labels),
                "add it to survey.yaml as an alias of its option"
                if labels
                else "correct the cell in a copy of the export",
            )
    return codes


def _invalidate_ties(codes: dict[str, np.ndarray], survey: Survey, work: _Work) -> None:
    for name, question in survey.questions.items():
        if not isinstance(question, RankingQuestion):
            continue
        items = list(question.items)
        ranks = np.stack([codes[f"{name}.{item}"] for item in items], axis=1)
        for rank in range(1, len(items) + 1):
            tied = (ranks == rank).sum(axis=1) > 1
            for index in np.flatnonzero(tied & work.kept):
                for position in np.flatnonzero(ranks[index] == rank):
                    column = work.cells.column(name, items[position])
                    work.change(column, int(index), "tied_rank", "")
                    codes[f"{name}.{items[position]}"][index] = INVALID


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
    exclusion: ExcludeIncomplete, codes: Mapping[str, np.ndarray], survey: Survey, work: _Work
) -> np.ndarray:
    # Don't know (-3) is an answer of a kind; silence and nonsense are not.
    answered = np.zeros(len(work.kept), dtype=int)
    for name, keys in _closed(survey).items():
        question = survey.questions[name]
        if isinstance(question, SingleQuestion) and question.required:
            continue  # filled in by the team or the tool, so no sign of effort
        answered += np.any([(codes[k] > 0) | (codes[k] == DONT_KNOW) for k in keys], axis=0)
    out = np.asarray((answered < exclusion.minimum_answered) & work.kept)
    column = work.cells.column("@response")
    for index in np.flatnonzero(out):
        reason = f"{exclusion.reason} ({answered[index]} answered)"
        work.change(column, int(index), "exclude_incomplete", "(response left out)", reason)
    return out


def _require(codes: Mapping[str, np.ndarray], survey: Survey, work: _Work) -> None:
    unknown = {problem.where for problem in work.problems}
    for name, question in survey.questions.items():
        if not (isinstance(question, SingleQuestion) and question.required):
            continue
        labels = [option.label for option in survey.scale_of(name).options.values()]
        column = work.cells.column(name)
        for index in np.flatnonzero((codes[name] <= 0) & work.kept):
            if work.cells.where(column, int(index)) in unknown:
                continue
            work.problem(
                column,
                int(index),
                f"the respondent has no '{name}' ({question.text})",
                listing(labels),
                "",
                "complete the cell in a copy of the export, or exclude the response in wave.yaml",
            )


def _open_text(survey: Survey, work: _Work) -> list[dict[str, str]]:
    marks = {match_key(mark) for mark in survey.export.no_answer}
    found = []
    for _, name, item in survey.columns():
        if not isinstance(survey.questions[name], OpenText) and item != "other":
            continue
        column = work.cells.column(name, item)
        for index in work.kept_rows():
            raw = column.values[index]
            if raw is None:
                continue
            text = tidy_lines(raw)
            if not text or match_key(text) in marks:
                work.change(column, index, "no_answer", "")
                continue
            if text != raw:
                work.change(column, index, "spaces", text)
            found.append(
                {
                    "respondent": work.cells.respondents[index],
                    "response": work.responses[index],
                    "question": f"{name}.{item}" if item else name,
                    "text": text,
                }
            )
    return found


def _log_quality(
    work: _Work, source: Mapping[str, Any], codes: Mapping[str, np.ndarray], survey: Survey
) -> None:
    where = f"{source['workbook']}, sheet '{source['sheet']}'"
    scan, read = source["scan"], len(work.cells.rows)
    work.note("responses read", where, read, "rows with at least one value")
    work.note("empty rows", where, source["rows"] - read, "rows without a value, passed over")
    for what, use in (
        ("hidden_rows", "read like all others"),
        ("hidden_columns", "read like all others"),
        ("formula_cells", "the value stored by Excel is used"),
    ):
        found = scan[what]
        work.note(what.replace("_", " "), where, len(found), f"{use}: {found[:20]}")
    for rule in sorted({entry["rule"] for entry in work.ledger}):
        reasons = [entry["reason"] for entry in work.ledger if entry["rule"] == rule]
        work.note(f"ledger: {rule}", where, len(reasons), "; ".join(sorted(set(reasons))))
    work.note("responses kept", where, int(work.kept.sum()), "after exclusions")
    for name, keys in _closed(survey).items():
        for key in keys:
            silent = int((codes[key] == NO_ANSWER).sum())
            work.note("item non-response", key, silent, survey.questions[name].number or name)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck clean", description=__doc__)
    for flag in ("survey", "wave", "cells", "source", "answers", "comments", "ledger", "quality"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    survey, _ = load_survey(arguments.survey)
    wave, _ = load_wave(arguments.wave)
    result = clean(
        from_table(files.read_table(arguments.cells)),
        survey,
        wave.exclusions,
        json.loads(arguments.source.read_text(encoding="utf-8")),
    )
    files.write_table(arguments.answers, result.answers.to_table())
    files.write_table(arguments.comments, _texts(result.comments, COMMENT_COLUMNS))
    files.write_table(arguments.ledger, _texts(result.ledger, LEDGER_COLUMNS))
    files.write_table(arguments.quality, pa.Table.from_pylist(result.quality))


def _texts(rows: list[dict[str, Any]], columns: list[str]) -> pa.Table:
    """Rows as a table of texts (and row numbers) that has its columns even without rows."""
    kinds = [(name, pa.int32() if name == "row" else pa.string()) for name in columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))
