"""Answers of a later wave that the codebook does not know, with what to declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wavedeck.clean.multi import choice_coder
from wavedeck.clean.text import match_key, tidy
from wavedeck.errors import listing
from wavedeck.headers import folded
from wavedeck.ingest.misfit import Misfit, Remedy
from wavedeck.ingest.received import Received
from wavedeck.new.names import unique_names
from wavedeck.survey import ExcludeValue, MultiOption, MultiQuestion, RankingQuestion, Survey, Wave
from wavedeck.wave.labels import Labels, answers, labels_of, of_scale, offered, parts_of


def answer_misfits(
    columns: Sequence[Received],
    survey: Survey,
    wave: Wave,
    workbook: Path,
    keys: Mapping[str, str] | None = None,
    rows: Mapping[str, str] | None = None,
) -> Iterator[Misfit]:
    """Unknown answers. `keys`: which column answers what (q1, q3.start), where headers do not tell;
    "" for none. `rows`: labels of new rows by their keys."""
    spelled = {folded(header): f"{q}.{i}" if i else q for header, q, i in survey.columns()}
    out = _left_out(columns, wave)
    by_name: dict[str, list[tuple[str, Received]]] = {}
    for column in columns:
        header = column.heading.name
        key = keys.get(header, "") if keys is not None else spelled.get(folded(header), "")
        if key and not key.endswith(".other"):
            kept = [None if index in out else text for index, text in enumerate(column.texts)]
            by_name.setdefault(key.partition(".")[0], []).append(
                (key, Received(column.heading, [text or "" for text in kept], column.rows))
            )
    found = {
        name: labels_of(survey, name, answers([column.texts for _, column in own]))
        for name, own in by_name.items()
    }
    shared = of_scale(survey, found)
    for name, own in by_name.items():
        yield from _labels(name, own, found[name], shared, survey, workbook)
        yield from _choices(name, own, rows or {}, survey, workbook)


def _labels(
    name: str,
    columns: Sequence[tuple[str, Received]],
    labels: Labels,
    shared: Mapping[str, Labels],
    survey: Survey,
    workbook: Path,
) -> Iterator[Misfit]:
    scale = offered(survey, name)
    if scale is None:
        return
    told = [
        (text, option, times)
        for option, own in labels.aliases.items()
        for text, times in own.items()
    ]
    told += [(added.label, "", added.times) for added in labels.added.values()]
    for text, option, times in told:
        key, cell, column = _first(name, columns, text, survey)
        near = scale.options[option].label if option else ""
        adding = _adding(name, text, labels, shared, survey)
        again = f" ({times} times)" if times > 1 else ""
        spelling = Remedy(
            f"if it is another spelling of '{option}'", {"aliases": {name: {option: [text]}}}
        )
        behind = next((a.behind for a in labels.added.values() if a.label == text), "")
        if behind:
            near = scale.options[behind].label
        yield Misfit(
            f"{workbook}, sheet '{column.heading.sheet}', cell {cell}",
            f"{key}: '{text}' is no answer that the codebook knows{again}",
            [*([spelling] if option else []), adding],
            listing([o.label for o in scale.options.values()]),
            near,
        )


def _adding(
    name: str, text: str, labels: Labels, shared: Mapping[str, Labels], survey: Survey
) -> Remedy:
    """What declares a further option, or a further thing to rank."""
    when = "if it is a further answer"
    if isinstance(survey.questions[name], RankingQuestion):
        key = next((k for k, a in labels.added.items() if a.label == text), "new")
        return Remedy(when, {"items": {name: {key: {"label": text}}}})
    scale = getattr(survey.questions[name], "scale", "")
    own = shared.get(scale, Labels()).added if isinstance(scale, str) else {}
    of = scale if text in [added.label for added in own.values()] else name
    added = own if of == scale else labels.added
    found = next(((k, a) for k, a in added.items() if a.label == text), None)
    offered_now = own_scale.options if (own_scale := offered(survey, name)) else ()
    key, behind = (found[0], found[1].behind) if found else ("", "")
    key = key or unique_names([text], "option", offered_now)[0]
    entry = {"label": text} | ({"after": behind} if behind else {})
    return Remedy(when, {"recoded": {of: {"add": {key: entry}}}})


def _first(
    name: str, columns: Sequence[tuple[str, Received]], text: str, survey: Survey
) -> tuple[str, str, Received]:
    """The first cell that holds an answer: the key of its column, its address, the column."""
    for key, column in columns:
        for index, raw in enumerate(column.texts):
            if raw and text in map(tidy, parts_of(survey, name, raw)):
                return key, f"{column.heading.letter}{column.rows[index]}", column
    raise AssertionError(text)


def _choices(
    name: str,
    columns: Sequence[tuple[str, Received]],
    rows: Mapping[str, str],
    survey: Survey,
    workbook: Path,
) -> Iterator[Misfit]:
    """Cells of a column for one choice that say neither chosen nor not."""
    question = survey.questions[name]
    if not isinstance(question, MultiQuestion) or question.column:
        return
    for key, column in columns:
        item = key.partition(".")[2]
        option = question.options.get(item) or MultiOption(label=rows[key])
        coder = choice_coder(option, question, survey.export.no_answer)
        unknown: dict[str, list[int]] = {}
        for index, text in enumerate(column.texts):
            if text is not None and coder(text) is None:
                unknown.setdefault(tidy(text), []).append(index)
        for text, where in unknown.items():
            again = f" ({len(where)} times)" if len(where) > 1 else ""
            yield Misfit(
                f"{workbook}, sheet '{column.heading.sheet}', cell"
                f" {column.heading.letter}{column.rows[where[0]]}",
                f"{key}: '{text}' says neither chosen nor not chosen{again}",
                [Remedy("if it means chosen", {"aliases": {name: {item: [text]}}})],
                listing([option.label, *question.chosen, *question.unchosen]),
            )


def _left_out(columns: Sequence[Received], wave: Wave) -> set[int]:
    """Responses that wave.yaml leaves out for a value, as it does with test responses."""
    found = set()
    for exclusion in wave.exclusions:
        if isinstance(exclusion, ExcludeValue):
            values = {match_key(value) for value in exclusion.values}
            for column in columns:
                if folded(column.heading.name) == folded(exclusion.column):
                    found |= {i for i, t in enumerate(column.texts) if match_key(t or "") in values}
    return found
