"""Kept responses from the raw cells and the ledger, in the codebook's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wavedeck.survey import MultiQuestion, NumberQuestion, RankingQuestion, Survey
from wavedeck.verify.meaning import (
    Given,
    answer_of,
    choice_of,
    choices_in,
    choices_of,
    key_of,
    meets,
    number_of,
    ranks_in,
)
from wavedeck.verify.raw import LedgerError, RawSheet, Response, Row, columns_of, is_open, row_of

Column = tuple[str, str, str]
"""(key, header, item) of a column of a question."""


def responses_of(
    sheet: RawSheet, survey: Survey, ledger: Iterable[Row], refused: list[LedgerError]
) -> list[Response]:
    """Kept responses. A cell that the ledger should have and has not is added to `refused`."""
    reader = _Reader(sheet, survey, refused)
    excluded: set[int] = set()
    for entry in ledger:
        row = row_of(entry["respondent"])
        place = row, key_of(entry["question"], entry["item"])
        if entry["rule"].startswith("exclude_"):
            excluded.add(row)
            continue
        reader.changed[place] = entry["new"]
        if entry["rule"] == "not_asked":
            reader.dropped.add(place)
    return [reader.response(row) for row in sheet.rows if row not in excluded]


@dataclass
class _Reader:
    """Reads responses, remembering what each text of a column means: answers repeat."""

    sheet: RawSheet
    survey: Survey
    refused: list[LedgerError]
    changed: dict[tuple[int, str], str] = field(default_factory=dict)
    """Texts after the ledger's changes, by row and column."""
    dropped: set[tuple[int, str]] = field(default_factory=set)
    """Answers that the ledger says were not asked for."""

    def __post_init__(self) -> None:
        self._columns: dict[str, list[Column]] = {name: [] for name in self.survey.questions}
        parts = columns_of(self.survey).items()
        for key, (header, name, item) in parts:
            self._columns[name].append((key, header, item))
        self._open = {key for key, (_, name, i) in parts if is_open(self.survey, name, i)}
        self._known: dict[tuple[str, str], Given] = {}
        self._sets: dict[tuple[str, frozenset[str], bool], Given] = {}

    def response(self, row: int) -> Response:
        roles = self.survey.export.columns.roles
        own = f"row {row}"
        if "response" in roles:
            own = self._text(row, "@response", roles["response"])
        response = Response(row, own, own)
        if "organisation" in roles:
            response.organisation = self._text(row, "@organisation", roles["organisation"])
        for name in self._columns:
            self._read(name, response)
        return response

    def _text(self, row: int, key: str, header: str) -> str:
        return self.changed.get((row, key), self.sheet.text(row, header))

    def _refuse(self, row: int, header: str, found: str, expected: str) -> None:
        self.refused.append(LedgerError(self.sheet.address(row, header), found, expected))

    def _read(self, name: str, response: Response) -> None:
        """Take what a response holds for a question into its answers and texts."""
        question, row = self.survey.questions[name], response.row
        condition = question.asked_if
        asked = condition is None or meets(self.survey, response.answers, condition)
        if not asked:
            response.not_asked.add(name)
        several = isinstance(question, MultiQuestion)
        chosen: set[str] = set()
        for key, header, item in self._columns[name]:
            shown = self._text(row, key, header)
            if asked and (row, key) in self.dropped:
                self._refuse(row, header, "not asked", f"asked, as {name} asks for")
            try:
                given = self._meaning(name, key, item, shown)
            except (KeyError, ValueError):
                self._refuse(row, header, shown, f"a label of '{name}', or the ledger")
                continue
            if given and not asked:
                expected = f"nothing, as {name} was not asked, or the ledger"
                self._refuse(row, header, shown, expected)
            elif key in self._open:
                response.texts |= given
            elif several:
                chosen |= given.keys()
            elif given.keys() & response.answers.keys():
                self._refuse(row, header, shown, "a thing in one place, or the ledger")
            else:
                response.answers |= given
        if several and asked:
            try:
                wrote = key_of(name, "other") in response.texts
                response.answers |= self._choices(name, frozenset(chosen), wrote)
            except ValueError as error:
                expected = "options that go together, or the ledger"
                self._refuse(row, self._columns[name][0][1], str(error), expected)

    def _meaning(self, name: str, key: str, item: str, shown: str) -> Given:
        """What a text of a column gives; of several choices, the options chosen.

        Raises KeyError or ValueError for a text that the codebook does not have.
        """
        if key in self._open:
            return {key: shown} if shown else {}
        if (key, shown) not in self._known:
            self._known[key, shown] = self._meaning_now(name, key, item, shown)
        return self._known[key, shown]

    def _meaning_now(self, name: str, key: str, item: str, shown: str) -> Given:
        question = self.survey.questions[name]
        if not shown:
            return {}
        if isinstance(question, MultiQuestion):
            if question.column:
                return dict.fromkeys(choices_in(question, shown), shown)
            return {item: shown} if choice_of(question, item, shown) else {}
        if isinstance(question, NumberQuestion):
            return number_of(name, question, shown)
        if isinstance(question, RankingQuestion) and question.layout != "items":
            return ranks_in(name, question, item, shown)
        answer = answer_of(self.survey, name, shown)
        return {key: answer} if answer else {}

    def _choices(self, name: str, chosen: frozenset[str], wrote: bool) -> Given:
        if (name, chosen, wrote) not in self._sets:
            question = self.survey.questions[name]
            assert isinstance(question, MultiQuestion)
            self._sets[name, chosen, wrote] = choices_of(name, question, chosen, wrote)
        return self._sets[name, chosen, wrote]
