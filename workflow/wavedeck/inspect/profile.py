"""What an inspection finds: the profile of a workbook nobody has described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from wavedeck.clean.text import tidy
from wavedeck.inspect.texts import given_in

Kind = Literal[
    "single", "grid", "multi_spread", "multi_joined", "ranking", "ranking_places", "ranking_joined",
    "number", "text",
]  # fmt: skip
Role = Literal["response", "submitted", "status", "organisation", "contact", "other"]
Confidence = Literal["sure", "likely", "unsure"]


@dataclass(frozen=True)
class Guess:
    """Why something is taken for what it is."""

    confidence: Confidence
    reason: str


@dataclass(frozen=True)
class Header:
    """Where the names of the columns stand."""

    first: int
    """The row where the header begins, from 1."""
    rows: int
    """How many rows it has."""
    names: Literal["joined"] | int
    """The row of the header (1 is its first) that names the columns, or all of them together."""
    guess: Guess


@dataclass
class Column:
    """A column of the data sheet with all its answers, one a response."""

    index: int
    """Its place among all columns."""
    letter: str
    """On its own sheet."""
    name: str
    """As the codebook calls it: unique, "X [2]" for a second X."""
    stem: str
    """The question, as far as the header tells it apart from the row or option."""
    item: str
    """The row or option; "" for a column that is a question of its own."""
    code: str
    """The tool's own short name of the column, where the header has one."""
    values: list[str | None]
    """Texts as ingest gives them; None for an empty cell."""
    types: list[str]
    """text, number, boolean, date or empty, as stored."""
    sheet: str = ""
    """The further sheet that holds it; "" for the first."""
    _counted: tuple[list[str | None], Counter[str]] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    """The values that were counted, and how often each is there."""

    @property
    def title(self) -> str:
        return f"{self.stem} {self.item}".strip() or self.name

    def answers(self) -> list[str]:
        return [value for value in self.values if value is not None and value.strip()]

    def times(self) -> Mapping[str, int]:
        """Each different answer, in the order in which they first come -> how often it stands
        there. Checks of a column look at these: answers repeat."""
        if self._counted is None or self._counted[0] is not self.values:
            self._counted = (self.values, Counter(self.answers()))
        return self._counted[1]

    def given(self) -> Counter[str]:
        """As `times`, with spaces tidied and without marks for no answer, as `given_in` tells
        them."""
        found, times = Counter[str](), self.times()
        for answer in given_in(times):
            found[tidy(answer)] += times[answer]
        return found


@dataclass(frozen=True)
class OptionGuess:
    """An answer on offer."""

    label: str
    aliases: tuple[str, ...] = ()
    missing: str = ""
    """not_asked or no_answer, where the answer is none."""
    note: str = ""


@dataclass
class ScaleGuess:
    """Answers in an order."""

    options: list[OptionGuess]
    order: Literal["two_sided", "one_sided", "unordered"] = "unordered"
    middle: list[str] = field(default_factory=list)
    """Labels that belong to neither side."""
    apart: list[str] = field(default_factory=list)
    """Labels off the scale."""
    nets: dict[str, list[str]] = field(default_factory=dict)
    """Words of a net -> labels."""
    family: str = ""
    """agreement, satisfaction, frequency ... ; "" for answers without an order."""
    guess: Guess = Guess("sure", "")


@dataclass(frozen=True)
class DateGuess:
    """What counts of answers that are dates."""

    take: Literal["year", "month"]
    written: str
    """As strptime has it; "" for ISO 8601."""
    numbers: list[int]


@dataclass
class QuestionGuess:
    """A column, or columns that belong together, as a question."""

    kind: Kind
    text: str
    columns: list[Column]
    guess: Guess
    number: str = ""
    scale: ScaleGuess | None = None
    labels: list[str] = field(default_factory=list)
    """Of a grid's rows, a multi-select's spread options or ranked items: one for each column."""
    separator: str = ""
    pieces_by: str = ""
    """The separator as cells have it, with the space behind a comma."""
    chosen: list[str] = field(default_factory=list)
    """Texts that mean chosen, in a spread multi-select."""
    unchosen: list[str] = field(default_factory=list)
    """Texts that mean not chosen."""
    options: list[OptionGuess] = field(default_factory=list)
    """Of answers joined in a cell, and of a ranking with a column a place."""
    other: Column | None = None
    """The column of what was written in beside the options."""
    one_each: bool = False
    """Of choices joined in a cell: nobody chose more than one."""
    unit: str = ""
    dates: DateGuess | None = None
    values: list[int] = field(default_factory=list)
    """Of a numeric scale: every value on offer, in order."""
    notes: list[str] = field(default_factory=list)
    """What a person should look at."""


@dataclass(frozen=True)
class Aside:
    """A column that is no question."""

    column: Column
    role: Role
    guess: Guess


Found = list[QuestionGuess | Aside]
"""What columns were taken for, in the order of the sheet."""


@dataclass(frozen=True)
class Below:
    """Rows under the answers that are none, such as totals."""

    first: int
    last: int
    begins: str
    """The first text of the first row."""


@dataclass(frozen=True)
class Further:
    """A sheet with more answers of the same responses."""

    sheet: str
    header: Header
    response: str
    """The header, there, of the column that names the response."""
    responses: int
    """How many have a row there."""


@dataclass
class Profile:
    """A workbook as understood."""

    workbook: str
    sheet: str
    tool: str
    """The survey tool that made it; "" where nothing tells."""
    tool_reason: str
    header: Header
    responses: int
    rows: list[int]
    """Row numbers of the responses."""
    columns: list[Column]
    questions: list[QuestionGuess]
    asides: list[Aside]
    below: Below | None
    dates: tuple[datetime, datetime] | None
    """The first and the last submission."""
    further: list[Further] = field(default_factory=list)
    """Sheets that are joined to the first by the response's id."""
    year: int | None = None
    """The year in which most answers were submitted."""
    leave_out: list[tuple[Column, list[str], str]] = field(default_factory=list)
    """(column, texts, reason) of responses that are not to count."""
    notes: list[str] = field(default_factory=list)
    """What a person should know about the workbook."""

    def with_role(self, role: Role) -> list[Column]:
        return [aside.column for aside in self.asides if aside.role == role]
