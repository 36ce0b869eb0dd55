"""The cells behind a respondent's coded answers: as received, as coded, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass

from wavedeck.answers import Answers
from wavedeck.masks import CHOSEN
from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, TextQuestion
from wavedeck.survey.keys import VALUE, answer_keys, key_of, places_of
from wavedeck.trace.tables import Row, Tables

_MISSING = {-1: "not asked", -2: "no answer", -3: "don't know", -4: "invalid"}
_ORGANISATION = ("@organisation", "")


_LONG = 80
"""Open answers with more characters are cut where cells are listed."""


def in_short(received: str | None) -> str | None:
    """The beginning of a long open answer, in one line; what is short stays as it is."""
    if received is None or len(received) <= _LONG:
        return received
    return f"{' '.join(received.split())[:_LONG]} …"


@dataclass(frozen=True)
class Cell:
    """A cell that an estimate used."""

    cell: str
    question: str
    received: str | None
    coded: str
    """The option's label, the rank, the number, or the kind of missing."""
    changes: list[str]


class Evidence:
    """Raw values and ledger entries of the cells behind some columns of answers."""

    def __init__(self, tables: Tables, columns: list[str]) -> None:
        self._tables = tables
        self._places = self._places_of(columns)
        self._raw: dict[tuple[str, str], dict[str, Row]] = {}
        self._changes: dict[tuple[tuple[str, str], str], list[str]] = {}

    @property
    def sheets(self) -> list[str]:
        """The sheets on which the cells stand."""
        return self._tables.sheets_of(self._places)

    @property
    def keys(self) -> list[str]:
        """Columns of answers that the cells' meanings are told from."""
        return [key for keys in self._places.values() for key in keys]

    def _places_of(self, columns: list[str]) -> dict[tuple[str, str], list[str]]:
        """(question, item) of the export's columns, with the answer columns each is told from.

        A multiple choice brings all its options, as they are in its base together.
        """
        survey = self._tables.survey
        found: dict[tuple[str, str], list[str]] = {}
        for column in columns:
            if column == _ORGANISATION[0]:
                if _ORGANISATION in self._tables.columns:
                    found[_ORGANISATION] = []
                continue
            name = column.removesuffix(VALUE).partition(".")[0]
            question = survey.questions[name]
            keys = [column]
            ordered = isinstance(question, RankingQuestion) and question.layout != "items"
            if isinstance(question, MultiQuestion) or ordered:
                keys = answer_keys(survey, name)
            elif isinstance(question, NumberQuestion):
                keys = [name, name + VALUE]
            for key in keys:
                for place in places_of(survey, key):
                    own = found.setdefault(place, [])
                    if key not in own:
                        own.append(key)
        return found

    def read(self, respondents: set[str]) -> None:
        """Read what was received of some respondents, and what was changed there."""
        for place in self._places:
            question, item = place
            self._raw[place] = self._tables.received(question, item, respondents)
            only = {"question": question, "item": item}
            columns = ["respondent", "rule", "old", "new"]
            for entry in self._tables.rows("ledger.parquet", columns, **only):
                old, new = in_short(entry["old"]), in_short(entry["new"])
                change = f"{entry['rule']}: {old!r} became {new!r}"
                self._changes.setdefault((place, entry["respondent"]), []).append(change)

    def cells(self, answers: Answers, index: int) -> list[Cell]:
        respondent = answers.respondents[index]
        return [
            Cell(
                self._tables.cell(*place, self._raw[place][respondent]["row"]),
                key_of(*place),
                self._raw[place][respondent]["value"],
                self._coded(place, keys, answers, index),
                [
                    *self._changes.get((place, respondent), []),
                    *self._passages(keys, answers.responses[index]),
                ],
            )
            for place, keys in self._places.items()
        ]

    def _passages(self, keys: list[str], response: str) -> list[str]:
        """What a coder read in an open answer, where the columns are themes."""
        themes = {tuple(key.split(".", 1)) for key in keys}
        return [
            f"coding.xlsx, row {mention.row}: {mention.theme}, {mention.text!r}"
            for mention in self._tables.coding.mentions
            if mention.response == response and (mention.question, mention.theme) in themes
        ]

    def _coded(self, place: tuple[str, str], keys: list[str], answers: Answers, index: int) -> str:
        if place == _ORGANISATION:
            return answers.organisations[index]
        survey, name = self._tables.survey, place[0]
        question, code = survey.questions[name], int(answers.codes[keys[0]][index])
        if isinstance(question, RankingQuestion) and question.layout != "items":
            ranks = {int(answers.codes[key][index]): key.partition(".")[2] for key in keys}
            if ordered := sorted(rank for rank in ranks if rank > 0):
                told = [
                    f"rank {rank}: {question.items[ranks[rank]].label}"
                    for rank in ordered
                    if place[1] in ("", str(rank))
                ]
                return "; ".join(told) or "no rank"
        if code in _MISSING:
            return _MISSING[code]
        if isinstance(question, RankingQuestion):
            return f"rank {code}"
        if isinstance(question, NumberQuestion):
            return f"{answers.codes[keys[-1]][index]:.12g}"
        if isinstance(question, TextQuestion):
            raised = [key.partition(".")[2] for key in keys if answers.codes[key][index] == CHOSEN]
            return "; ".join(question.themes[theme] for theme in raised) or "not raised"
        if isinstance(question, MultiQuestion):
            chosen = [key for key in keys if answers.codes[key][index] == CHOSEN]
            if place[1]:
                return "chosen" if chosen else "not chosen"
            labels = [question.options[key.partition(".")[2]].label for key in chosen]
            return "; ".join(labels) or "nothing chosen"
        return list(survey.scale_of(name).options.values())[code - 1].label
