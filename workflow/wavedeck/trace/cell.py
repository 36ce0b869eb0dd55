"""What a cell of the export moves."""

from __future__ import annotations

import re

from wavedeck.cells import cell_name
from wavedeck.earlier import wave_of
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.margins import raked_margins
from wavedeck.shown import Places
from wavedeck.survey import MultiQuestion, RankingQuestion
from wavedeck.trace.tables import Row, Tables


def moved_by(tables: Tables, cell: str, shown: dict[str, Places]) -> Row:
    """What a cell such as 'Responses!H23' moves: estimates, exhibits and slides.

    Raises WavedeckError for a cell that is not of the export's answers.
    """
    source = tables.source
    sheets = {sheet["sheet"]: sheet for sheet in source["sheets"]}
    match = re.fullmatch(r"(?:'?(?P<sheet>.+?)'?!)?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)", cell)
    sheet = (match["sheet"] or source["sheet"]).replace("''", "'") if match else ""
    if not match or sheet not in sheets:
        raise WavedeckError(
            Problem(
                cell,
                "this is no cell of a sheet that is read",
                expected=f"a cell such as {cell_name('H23', source['sheet'])}",
                nearest=nearest(sheet, sheets),
            )
        )
    letter, row = match["column"], int(match["row"])
    there = {"sheet": sheet, "column": letter}
    column, own = (
        next((c for c in columns if c | there == c), None)
        for columns in (source["columns"], source["contact"])
    )
    if own:
        said = f"'{own['header']}' is never read: it is {own['why']}"
        raise WavedeckError(Problem(cell, said, "a column that answers a question"))
    if column is None:
        last = [c["column"] for c in source["columns"] if c["sheet"] == sheet][-1]
        said = f"the sheet '{sheet}' has no column {letter}"
        raise WavedeckError(Problem(cell, said, f"A to {last}"))
    who = [c["respondent"] for c in tables.rows("cells.parquet", ["respondent"], row=row, **there)]
    respondent = who[0] if who else ""
    answers = tables.rows("answers.parquet", ["response"], respondent=respondent)
    changes = tables.rows("ledger.parquet", ["rule", "reason"], respondent=respondent)
    told: Row = {
        "cell": cell_name(f"{letter}{row}", sheet),
        "header": column["header"],
        "question": column["question"],
        "item": column["item"],
        "kept": bool(answers),
        "excluded": [e for e in changes if e["rule"].startswith("exclude_")],
        "estimates": [],
        "shown": [],
        "exhibits": [],
        "slides": [],
    }
    if answers and column["question"]:
        ids = _moved_ids(tables, column["question"], column["item"])
        told["estimates"] = ids
        told["shown"] = [name for name in ids if name in shown]
        found = [shown[name] for name in ids if name in shown]
        told["exhibits"] = sorted({exhibit for place in found for exhibit in place.exhibits})
        told["slides"] = sorted({slide for place in found for slide in place.slides})
    return told


def _moved_ids(tables: Tables, question: str, item: str) -> list[str]:
    """Estimates that read a column, through their question or their subset; the unweighted ones,
    and the weighted ones too where the column makes weights."""
    survey = tables.survey
    margins = [question for margin in raked_margins(survey) for question in margin.questions]
    columns = ["id", "question", "item", "subset", "statistic"]
    rows = [r for r in tables.rows("estimates.parquet", columns) if not _of_others(r["statistic"])]
    if question in ("@organisation", *margins):
        return sorted({row["id"] for row in rows if row["question"] or "." in row["id"]})
    whole = isinstance(survey.questions.get(question), RankingQuestion | MultiQuestion)
    routed = {
        name
        for name, other in survey.questions.items()
        if other.asked_if and other.asked_if.question.partition(".")[0] == question
    }
    return sorted(
        {
            row["id"]
            for row in rows
            if (row["question"] == question and (row["item"] in (item, "*", "") or whole))
            or row["subset"].startswith(f"{question}.")
            or row["question"] in routed
        }
    )


def _of_others(statistic: str) -> bool:
    """Whether a number counts answers of an earlier wave alone."""
    return bool(wave_of(statistic)) or statistic in ("previous", "previous_base")
