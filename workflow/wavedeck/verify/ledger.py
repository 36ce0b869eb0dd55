"""The ledger against the raw cells: each entry is true, and each response left out should be.

That no change is missing from it shows when responses are read: a cell that is neither spelled as
the codebook has it nor in the ledger is refused there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from wavedeck.survey import (
    ExcludeDuplicate,
    ExcludeIncomplete,
    ExcludeRows,
    ExcludeValue,
    Exclusion,
    MultiQuestion,
    NumberQuestion,
    RankingQuestion,
    Survey,
    Wave,
)
from wavedeck.verify import rankings, several
from wavedeck.verify.alike import folded, squeezed
from wavedeck.verify.failures import Report
from wavedeck.verify.meaning import key_of, part_of_date
from wavedeck.verify.raw import RawSheet, Row, columns_of, is_open, row_of

_SPELLED = ("spaces", "spelling", "alias")


def check_ledger(
    sheet: RawSheet, survey: Survey, wave: Wave, ledger: list[Row], file: str, report: Report
) -> None:
    """Every entry against its cell and its rule, and the exclusions against wave.yaml."""
    headers = {key: header for key, (header, _, _) in columns_of(survey).items()}
    headers |= {f"@{role}": header for role, header in survey.export.columns.roles.items()}
    for entry in ledger:
        key, row = key_of(entry["question"], entry["item"]), row_of(entry["respondent"])
        place = f"cell {entry['cell']} ({entry['rule']})"
        report.checked["ledger entries"] += 1
        if not report.check(row in sheet.rows, file, place, "no such row", "a row of the export"):
            continue
        header = headers.get(key, "")
        if header:
            name, column, number = sheet.cell(row, sheet.place(header))
            report.equal(entry["sheet"], name, file, f"{place}, sheet")
            report.equal(entry["column"], column, file, f"{place}, column")
            report.equal(entry["row"], number, file, f"{place}, row")
            cell = "" if number is None else f"{column}{number}"
            report.equal(entry["cell"], cell, file, f"{place}, cell")
            report.equal(entry["old"], sheet.text(row, header), file, f"{place}, old value")
        if not entry["rule"].startswith("exclude_"):
            allowed = _allowed(sheet, survey, row, entry)
            report.check(allowed, file, place, f"'{entry['new']}'", f"what {entry['rule']} allows")
    told = {
        row_of(entry["respondent"]): entry["rule"]
        for entry in ledger
        if entry["rule"].startswith("exclude_")
    }
    due = _exclusions(sheet, survey, wave)
    for row in sorted(told.keys() | due.keys()):
        found, expected = told.get(row, "kept"), due.get(row, "kept")
        report.equal(found, expected, file, f"row {row}, left out or kept")
    twice = [e for e in ledger if e["rule"] == "ranked_twice"]
    listed = {(row_of(e["respondent"]), key_of(e["question"], e["item"])) for e in twice}
    for name, question in survey.questions.items():
        if isinstance(question, RankingQuestion) and question.layout != "items":
            for row in (row for row in sheet.rows if row not in due):
                for item in rankings.twice(sheet, question, row):
                    there = (row, key_of(name, item)) in listed
                    place = f"row {row}, {key_of(name, item)}"
                    report.check(there, file, place, "counted", "ranked_twice")


def _allowed(sheet: RawSheet, survey: Survey, row: int, entry: Row) -> bool:
    """Whether a rule may turn the old value into the new one."""
    rule, old, new = entry["rule"], entry["old"], entry["new"]
    question = survey.questions.get(entry["question"])
    if rule == "not_asked":  # who was asked is held against the answers when these are read
        return new == "" and question is not None and question.asked_if is not None
    if rule == "thousands":
        return isinstance(question, NumberQuestion) and squeezed(old.replace(",", "")) == new
    if rule == "date":
        return isinstance(question, NumberQuestion) and new == part_of_date(question, old)
    if isinstance(question, RankingQuestion) and question.layout != "items" and old:
        if rule == "ranked_twice":
            return new == "" and entry["item"] in rankings.twice(sheet, question, row)
        if rule in _SPELLED:
            return rankings.spelled(question, entry)
    if isinstance(question, MultiQuestion) and rule in ("exclusive", *_SPELLED) and old:
        return several.allowed(sheet, question, entry)
    if isinstance(question, MultiQuestion) and rule == "no_answer" and entry["item"] == "other":
        nothing = {folded(text) for text in question.unchosen}
        return new == "" and (_is_silence(survey, old) or folded(old) in nothing)
    if rule == "no_answer":
        return new == "" and _is_silence(survey, old)
    if rule == "spaces":
        return squeezed(old) == squeezed(new) != "" or old == new
    if rule == "spelling":
        return folded(old) == folded(new)
    if rule == "alias":
        options = survey.scale_of(entry["question"]).options.values()
        return any(
            option.label == new and folded(old) in {folded(alias) for alias in option.aliases}
            for option in options
        )
    if rule == "tied_rank" and isinstance(question, RankingQuestion):
        own = question.layout == "items"
        return own and new == "" and _void(sheet, question, entry["item"], row)
    return False


def _is_silence(survey: Survey, text: str) -> bool:
    bare = _bare(text)
    return not bare or bare in _bare_marks(tuple(survey.export.no_answer))


@cache
def _bare_marks(marks: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_bare, marks))


def _bare(text: str) -> str:
    return _plain(squeezed(text).casefold().rstrip("."))


def _plain(text: str) -> str:
    return text.translate(str.maketrans("–—‑−", "----"))


def _void(sheet: RawSheet, question: RankingQuestion, item: str, row: int) -> bool:
    """Whether a cell of a ranking does not count: a rank given twice, or a thing ranked twice."""
    if question.layout != "items":
        return item in rankings.twice(sheet, question, row)
    ranks = {
        name: squeezed(sheet.text(row, part.column or "")) for name, part in question.items.items()
    }
    return list(ranks.values()).count(ranks[item]) > 1


def _exclusions(sheet: RawSheet, survey: Survey, wave: Wave) -> dict[int, str]:
    """Rows that wave.yaml leaves out, with the ledger's name of the rule."""
    out: dict[int, str] = {}
    for rule in sorted(wave.exclusions, key=_turn):
        kept = [row for row in sheet.rows if row not in out]
        if isinstance(rule, ExcludeValue):
            values = {folded(value) for value in rule.values}
            hit = [row for row in kept if folded(sheet.text(row, rule.column)) in values]
        elif isinstance(rule, ExcludeRows):
            hit = [row for row in kept if rule.first <= row <= rule.last]
        elif isinstance(rule, ExcludeDuplicate):
            hit = _duplicates(sheet, rule, kept)
        else:
            hit = [row for row in kept if _answered(sheet, survey, row) < rule.minimum_answered]
        out |= dict.fromkeys(hit, f"exclude_{rule.kind}")
    return out


def _turn(rule: Exclusion) -> int:
    """Rows that are no responses go first, responses with few answers last."""
    return 0 if isinstance(rule, ExcludeRows) else 2 if isinstance(rule, ExcludeIncomplete) else 1


def _duplicates(sheet: RawSheet, rule: ExcludeDuplicate, rows: Iterable[int]) -> list[int]:
    same: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        texts = tuple(folded(sheet.text(row, column)) for column in rule.columns)
        if all(texts):
            same.setdefault(texts, []).append(row)
    return [
        row
        for group in same.values()
        for row in (group[1:] if rule.keep == "first" else group[:-1])
    ]


def _answered(sheet: RawSheet, survey: Survey, row: int) -> int:
    """Closed questions answered at least in part, not counting those that must be."""
    found = set()
    for header, name, item in survey.columns():
        question = survey.questions[name]
        text = sheet.text(row, header)
        if is_open(survey, name, item) or getattr(question, "required", False):
            continue
        if isinstance(question, MultiQuestion):
            silent = _is_silence(survey, text)
            if not silent and several.counts(question, item, text):
                found.add(name)
            continue
        void = isinstance(question, RankingQuestion) and _void(sheet, question, item, row)
        if not _is_silence(survey, text) and not void and not _declared_silent(survey, name, text):
            found.add(name)
    return len(found)


def _declared_silent(survey: Survey, name: str, text: str) -> bool:
    """An option that the codebook counts as not asked or no answer."""
    if isinstance(survey.questions[name], RankingQuestion | NumberQuestion):
        return False
    return any(
        option.missing in ("not_asked", "no_answer")
        and folded(text) in {folded(label) for label in (option.label, *option.aliases)}
        for option in survey.scale_of(name).options.values()
    )
