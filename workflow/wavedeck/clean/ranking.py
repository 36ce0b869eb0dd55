"""Rankings: a column a thing with its rank, a column a place, or everything in one cell.

Whatever the layout, a thing has a code column of its own with its rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from wavedeck.answers import INVALID, NO_ANSWER
from wavedeck.clean.coders import rank_coder, scale_coder
from wavedeck.clean.column import code_column
from wavedeck.clean.joined import read_joined
from wavedeck.clean.work import Work
from wavedeck.errors import listing
from wavedeck.survey import RankingQuestion, Survey
from wavedeck.survey.keys import key_of


def code_ranking(
    name: str, question: RankingQuestion, no_answer: Iterable[str], work: Work
) -> dict[str, np.ndarray]:
    """int8 ranks by key, from 1 on. What a respondent ranked twice is invalid."""
    marks = list(no_answer)
    if question.layout == "items":
        return _by_item(name, question, marks, work)
    read = _joined if question.layout == "joined" else _by_place
    ranks = read(name, question, marks, work)
    return {key_of(name, item): ranks[:, place] for place, item in enumerate(question.items)}


def _by_item(
    name: str, question: RankingQuestion, marks: list[str], work: Work
) -> dict[str, np.ndarray]:
    coder = rank_coder(len(question.items), marks)
    expected = f"a rank from 1 to {len(question.items)}, or nothing"
    remedy = "correct the cell in a copy of the export"
    return {
        key: code_column(work.cells.column(name, item), coder, expected, [], work, key, remedy)
        for item in question.items
        for key in [key_of(name, item)]
    }


def _by_place(name: str, question: RankingQuestion, marks: list[str], work: Work) -> np.ndarray:
    """Ranks (rows x items), from a column a place."""
    labels = [item.label for item in question.items.values()]
    coder = scale_coder(question.named, marks)
    remedy = "add it to survey.yaml as an alias of its item"
    columns = [work.cells.column(name, str(n)) for n in range(1, len(question.places) + 1)]
    put = [
        code_column(column, coder, listing(labels), labels, work, key_of(name, str(n)), remedy)
        for n, column in enumerate(columns, start=1)
    ]
    ranks = np.full((len(work.cells.rows), len(labels)), NO_ANSWER, dtype=np.int8)
    for place in range(len(labels)):
        there = np.stack([codes == place + 1 for codes in put], axis=1)
        ranks[:, place] = np.where(there.any(axis=1), there.argmax(axis=1) + 1, NO_ANSWER)
        twice = there.sum(axis=1) > 1
        ranks[twice, place] = INVALID
        for index in np.flatnonzero(twice & work.kept):
            for number in np.flatnonzero(there[index]):
                work.change(columns[number], int(index), "ranked_twice", "")
    return ranks


def _joined(name: str, question: RankingQuestion, marks: list[str], work: Work) -> np.ndarray:
    """Ranks (rows x items), from one column."""
    options = question.named.options
    rows = read_joined(name, options, question.separator, marks, work)
    ranks = np.full((len(rows), len(options)), NO_ANSWER, dtype=np.int8)
    for index, order in enumerate(rows):
        if max(Counter(order).values(), default=1) > 1:
            # Which of the two places was meant, and what stands between, nobody can tell.
            ranks[index] = INVALID
            if work.kept[index]:
                work.change(work.cells.column(name), index, "ranked_twice", "")
            continue
        ranks[index, list(order)] = range(1, len(order) + 1)
    return ranks


def invalidate_ties(codes: dict[str, np.ndarray], survey: Survey, work: Work) -> None:
    for name, question in survey.questions.items():
        if not isinstance(question, RankingQuestion) or question.layout != "items":
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
