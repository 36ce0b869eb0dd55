"""What a cell of the export moves."""

from __future__ import annotations

import re

from wavedeck.errors import Problem, WavedeckError
from wavedeck.margins import raked_margins
from wavedeck.shown import Places
from wavedeck.survey import MultiQuestion, RankingQuestion
from wavedeck.trace.tables import Row, Tables


def moved_by(tables: Tables, cell: str, shown: dict[str, Places]) -> Row:
    """What a cell such as 'Responses!H23' moves: estimates, exhibits and slides.

    Raises WavedeckError for a cell that is not of the export's answers.
    """
    match = re.fullmatch(r"(?:'?(?P<sheet>.+?)'?!)?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)", cell)
    source = tables.source
    if not match or (match["sheet"] or source["sheet"]) != source["sheet"]:
        example = f"{source['sheet']}!H23"
        raise WavedeckError(
            Problem(
                cell, "this is no cell of the export's sheet", expected=f"a cell such as {example}"
            )
        )
    column = next((c for c in source["columns"] if c["column"] == match["column"]), None)
    own = [c for c in source.get("contact", []) if c["column"] == match["column"]]
    if own:
        said = f"'{own[0]['header']}' is never read: it is {own[0]['why']}"
        raise WavedeckError(Problem(cell, said, "a column that answers a question"))
    if column is None:
        letters = f"A to {source['columns'][-1]['column']}"
        raise WavedeckError(Problem(cell, f"the export has no column {match['column']}", letters))
    row = int(match["row"])
    answers = tables.rows("answers.parquet", ["response"], row=row)
    excluded = tables.rows("ledger.parquet", ["rule", "reason"], row=row)
    told: Row = {
        "cell": f"{source['sheet']}!{match['column']}{row}",
        "header": column["header"],
        "question": column["question"],
        "item": column["item"],
        "kept": bool(answers),
        "excluded": [e for e in excluded if e["rule"].startswith("exclude_")],
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
    rows = tables.rows("estimates.parquet", ["id", "question", "item", "subset"])
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
