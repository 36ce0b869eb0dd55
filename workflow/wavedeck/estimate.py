"""estimate: answers + weights -> estimates, one row a statistic, unweighted and weighted.

Every closed question gives, for each option and net, its percentage, count and base; grids give
also the largest and smallest percentage over their items; rankings give mean rank scores and
mentions; all of it again within the subsets that the codebook asks for. See docs/maths.md.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import numpy as np
import pyarrow as pa

from wavedeck import files
from wavedeck.answers import Answers
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.rounding import count_text, mean_text, percent_text, round_half_up
from wavedeck.survey import (
    Condition,
    GridQuestion,
    RankingQuestion,
    SampleCount,
    SingleQuestion,
    Survey,
    Wave,
    load_survey,
    load_wave,
    question_named,
)

EVERYONE = ""


def estimate_id(
    question: str, answer: str = "", item: str = "", subset: str = "", statistic: str = "percent"
) -> str:
    """q4.engaged.full_council@region.london:count; the percentage is what an id means by itself."""
    name = ".".join(part for part in (question, answer, item) if part)
    within = f"@{subset}" if subset else ""
    return f"{name}{within}" if statistic == "percent" else f"{name}{within}:{statistic}"


class Estimate(NamedTuple):
    """One published statistic. `value` is unrounded; percentages run from 0 to 100."""

    id: str = ""
    weighted: bool = False
    question: str = ""
    item: str = ""
    answer: str = ""
    subset: str = EVERYONE
    statistic: str = ""
    numerator: float = 0.0
    base: int = 0
    weighted_base: float = 0.0
    effective_base: float = 0.0
    value: float = 0.0
    text: str = ""
    suppressed: bool = False
    label: str = ""


@dataclass(frozen=True)
class Sample:
    """Who an estimate may count: one edition's weights over all kept respondents."""

    answers: Answers
    weights: np.ndarray
    weighted: bool

    def codes(self, key: str) -> np.ndarray:
        return self.answers.codes[key]


@dataclass
class _Variable:
    """One column of closed answers with the words for it."""

    question: str
    item: str
    label: str
    members: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Codes of each option and net."""
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.question}.{self.item}" if self.item else self.question


def variables(survey: Survey) -> list[_Variable]:
    """All columns of single-choice and grid questions, in questionnaire order."""
    found = []
    for name, question in survey.questions.items():
        if isinstance(question, SingleQuestion):
            parts = {"": question.number or question.text}
        elif isinstance(question, GridQuestion):
            title = question.number or question.text
            parts = {key: f"{title}, {item.label}" for key, item in question.items.items()}
        else:
            continue
        scale = survey.scale_of(name)
        codes = {option: position for position, option in enumerate(scale.options, start=1)}
        members = {a: tuple(codes[o] for o in scale.members(a)) for a in scale.answers}
        labels = {answer: scale.label(answer) for answer in scale.answers}
        found += [_Variable(name, item, label, members, labels) for item, label in parts.items()]
    return found


def condition_codes(survey: Survey, condition: Condition) -> tuple[str, tuple[int, ...]]:
    """The answers column that a condition reads, and the codes that meet it."""
    name, _, item = condition.question.partition(".")
    question_named(survey, name, "survey.yaml")
    scale = survey.scale_of(name)
    if condition.answer not in scale.answers:
        raise WavedeckError(
            Problem(
                "survey.yaml",
                f"'{name}' has no option or net '{condition.answer}'",
                expected=", ".join(scale.answers),
                nearest=nearest(condition.answer, scale.answers),
                remedy="mend the condition",
            )
        )
    codes = list(scale.options)
    members = tuple(codes.index(option) + 1 for option in scale.members(condition.answer))
    return (f"{name}.{item}" if item else name), members


def subsets_of(survey: Survey, sample: Sample) -> dict[str, dict[str, np.ndarray]]:
    """For each question, the subsets that it is broken down by: name -> mask of respondents."""
    by_variable = {v.key: v for v in variables(survey)}

    def groups(by: str, nets: bool) -> dict[str, np.ndarray]:
        variable = by_variable[by]
        codes = sample.codes(by)
        found = {
            f"{by}.{answer}": np.isin(codes, members)
            for answer, members in variable.members.items()
            if nets or answer in survey.scale_of(by).options
        }
        if nets:
            found[f"{by}.answered"] = codes > 0
        return found

    banner: dict[str, np.ndarray] = {}
    for by in survey.banner:
        banner |= groups(by, nets=False)
    wanted: dict[str, dict[str, np.ndarray]] = {}
    for name in survey.questions:
        own = {k: m for k, m in banner.items() if not k.startswith(f"{name}.")}
        everyone = {EVERYONE: np.ones(len(sample.answers), dtype=bool)}
        wanted[name] = everyone | (own if name not in survey.banner else {})
    for crosstab in survey.crosstabs:
        wanted[crosstab.question] |= groups(crosstab.by, nets=True)
    return wanted


def _basis(sample: Sample, counted: np.ndarray, **place: str) -> Estimate:
    """An estimate's edition, place and bases, to be filled with a statistic."""
    weights = sample.weights[counted]
    total, squares = float(weights.sum()), float((weights**2).sum())
    return Estimate(
        weighted=sample.weighted,
        base=int(counted.sum()),
        weighted_base=total,
        # Kish's effective base: the square of the sum over the sum of squares.
        effective_base=total**2 / squares if squares else 0.0,
        **place,  # type: ignore[arg-type]
    )


def _counted(basis: Estimate, statistic: str, count: int, label: str, **more: Any) -> Estimate:
    """A number of respondents."""
    text = count_text(count)
    return basis._replace(
        statistic=statistic, numerator=count, value=count, text=text, label=label, **more
    )


def _within(subset: str) -> str:
    return f" (within {subset})" if subset else ""


def _shares(
    variable: _Variable, subset: str, mask: np.ndarray, sample: Sample, minimum: int
) -> Iterator[Estimate]:
    """Percentage, count and base of every option and net of one column within one subset."""
    codes = sample.codes(variable.key)
    counted = mask & (codes > 0) & (sample.weights > 0)
    length = max(max(codes, default=0) for codes in variable.members.values()) + 1
    totals = np.bincount(codes[counted], sample.weights[counted], minlength=length)
    counts = np.bincount(codes[counted], minlength=length)
    basis = _basis(sample, counted, question=variable.question, item=variable.item, subset=subset)
    hidden = bool(subset) and basis.base < minimum
    label = f"{variable.label}: respondents who answered{_within(subset)}"
    yield _counted(basis, "base", basis.base, label)
    for answer, members in variable.members.items():
        share, count = float(totals[list(members)].sum()), int(counts[list(members)].sum())
        label = f"{variable.label}: {variable.labels[answer]}{_within(subset)}"
        part = basis._replace(answer=answer, label=label)
        percent = part._replace(
            statistic="percent",
            numerator=share,
            value=100 * share / basis.weighted_base if basis.base else float("nan"),
            text=percent_text(share, basis.weighted_base) if basis.base else "[x]",
        )
        for shown in (percent, _counted(part, "count", count, label)):
            yield shown._replace(text="[c]", suppressed=True) if hidden else shown
        yield _counted(part, "base", basis.base, label)


def _extremes(shares: list[Estimate]) -> Iterator[Estimate]:
    """The largest and smallest percentage over all items of a grid, for each option and net."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for share in shares:
        if share.item and share.statistic == "percent" and not share.subset and share.base:
            groups.setdefault((share.question, share.answer), []).append(share)
    for found in groups.values():
        for statistic, choose in (("max", max), ("min", min)):
            extreme = choose(found, key=lambda share: share.value)
            words = "largest" if statistic == "max" else "smallest"
            label = f"{extreme.label} ({words} of all items)"
            yield extreme._replace(item="*", statistic=statistic, label=label)


def _ranking(
    name: str, question: RankingQuestion, subset: str, mask: np.ndarray, sample: Sample
) -> Iterator[Estimate]:
    """Mean rank score (number of items + 1 - rank: higher is more important) and mentions."""
    ranks = np.stack([sample.codes(f"{name}.{item}") for item in question.items], axis=1)
    counted = mask & (ranks > 0).any(axis=1) & (sample.weights > 0)
    basis = _basis(sample, counted, question=name, subset=subset)
    title, within = question.number or question.text, _within(subset)
    yield _counted(basis, "base", basis.base, f"{title}: respondents who ranked anything{within}")
    for position, (item, words) in enumerate(question.items.items()):
        ranked = counted & (ranks[:, position] > 0)
        own = _basis(sample, ranked, question=name, item=item, subset=subset)
        scores = len(question.items) + 1 - ranks[ranked, position].astype(float)
        total = float((sample.weights[ranked] * scores).sum())
        mean = total / own.weighted_base if own.base else float("nan")
        label = f"{title}, {words.label}"
        yield own._replace(
            statistic="mean",
            numerator=total,
            value=mean,
            text=mean_text(mean) if own.base else "[x]",
            label=f"{label}: mean rank score{within}",
        )
        named = f"{label}: times ranked{within}"
        yield _counted(basis, "mentions", own.base, named, item=item)


def _number(question: str, statistic: str, value: float, label: str, **more: Any) -> Estimate:
    """A plain number: a count of the sample, a fact of the frame."""
    plain = Estimate(question=question, statistic=statistic, label=label, value=value)
    given: dict[str, Any] = {"numerator": value} | more
    if "text" not in given:
        given["text"] = count_text(value)
    return plain._replace(**given)


def _themes(survey: Survey, coding: list[Mention], kept: set[str]) -> Iterator[Estimate]:
    """Mentions of each theme in coded open text; one row of the coding is one mention."""
    for name, question in survey.questions.items():
        source = question.other if isinstance(question, RankingQuestion) else question
        themes = getattr(source, "themes", None)
        if not themes:
            continue
        key = f"{name}.other" if isinstance(question, RankingQuestion) else name
        rows = [m for m in coding if m.question == key and m.response in kept]
        title = f"{question.number or question.text}, written in"
        where = {"base": len({mention.response for mention in rows})}
        # q13.other:count: the part after the question stands where an answer's name would.
        total = len(rows)
        answer = "other" if isinstance(question, RankingQuestion) else ""
        yield _number(name, "count", total, f"{title}: mentions", answer=answer, **where)
        for theme, words in themes.items():
            mentions = sum(mention.theme == theme for mention in rows)
            parts = {"answer": answer or theme, "item": theme if answer else ""}
            yield _number(name, "count", mentions, f"{title}: {words}", **parts, **where)


def _sample_counts(
    survey: Survey, answers: Answers, in_frame: np.ndarray
) -> Iterator[tuple[str, Estimate]]:
    for name, wanted in survey.sample.items():
        chosen = np.flatnonzero(_sample_mask(survey, wanted, answers, in_frame))
        organisations = {answers.organisations[index] for index in chosen}
        value = len(chosen) if wanted.count == "respondents" else len(organisations)
        yield name, _number("", "count", value, wanted.label)


def _sample_mask(
    survey: Survey, wanted: SampleCount, answers: Answers, in_frame: np.ndarray
) -> np.ndarray:
    if wanted.where is None:
        return np.ones(len(answers), dtype=bool)
    if wanted.where == "in_frame":
        return in_frame
    key, codes = condition_codes(survey, wanted.where)
    return np.isin(answers.codes[key], codes)


def _facts(survey: Survey, wave: Wave) -> Iterator[tuple[str, Estimate]]:
    for name, fact in survey.facts.items():
        value = fact.value
        if fact.items_of is not None:
            value = len(survey.questions[fact.items_of].items)  # type: ignore[union-attr]
        assert value is not None
        label = f"{fact.label} ({fact.source})"
        yield name, _number("", "fact", value, label, text=f"{value:,}")
    title = _number("", "fact", float("nan"), "The wave's name (wave.yaml)", text=wave.title)
    yield "wave.title", title
    for part, day in (("start", wave.fieldwork.start), ("end", wave.fieldwork.end)):
        text = f"{day.day} {day:%B %Y}"
        label = f"{'First' if part == 'start' else 'Last'} day of fieldwork (wave.yaml)"
        days = float(day.toordinal())
        yield f"fieldwork.{part}", _number("", "fact", days, label, text=text)


def _weighting(summary: Mapping[str, Any]) -> Iterator[tuple[str, Estimate]]:
    """What weighting costs and does, for the decks' methods; none where nothing is weighted."""
    if not summary["weighted"]:
        return
    for name, places, label in (
        ("design_effect", 2, "Design effect of the weights (Kish)"),
        ("effective_base", 0, "Effective base: respondents worth as much unweighted (Kish)"),
        ("smallest_g", 2, "Smallest g-weight"),
        ("largest_g", 2, "Largest g-weight"),
    ):
        text = str(round_half_up(summary[name], places))
        yield f"weighting.{name}", _number("", "fact", summary[name], label, text=text)


def _representation(margins: list[dict[str, Any]]) -> Iterator[tuple[str, Estimate]]:
    """Shares of the responding organisations beside those of the frame, for each margin."""
    for side, column, noun in (
        ("responding", "responding_count", "responding organisations"),
        ("frame", "frame_count", "all organisations of the frame"),
    ):
        totals = Counter[str]()
        for row in margins:
            totals[row["margin"]] += row[column]
        for row in margins:
            count, total = row[column], totals[row["margin"]]
            label = f"{row['label']}: share of {noun}"
            bases = {"base": total, "weighted_base": float(total)}
            name = f"{side}.{row['margin']}.{row['category']}"
            text = percent_text(count, total)
            share = 100 * count / total
            yield name, _number("", "percent", share, label, text=text, **bases)
            yield f"{name}:count", _number("", "count", count, label, **bases)


def estimate(
    answers: Answers,
    weights: np.ndarray,
    in_frame: np.ndarray,
    margins: list[dict[str, Any]],
    weighting: Mapping[str, Any],
    coding: list[Mention],
    survey: Survey,
    wave: Wave,
) -> list[Estimate]:
    """All estimates of a wave, one row each; `id` and `weighted` are the key.

    Counts of the sample, facts, the frame and coded open text are the same in both editions.
    """
    editions = [Sample(answers, np.ones(len(answers)), weighted=False)]
    if survey.weighting:
        editions.append(Sample(answers, weights, weighted=True))
    found: list[Estimate] = []
    columns = variables(survey)
    for sample in editions:
        subsets = subsets_of(survey, sample)
        shares: list[Estimate] = []
        for variable in columns:
            for subset, mask in subsets[variable.question].items():
                shares += _shares(variable, subset, mask, sample, survey.minimum_base)
        found += shares
        found += _extremes(shares)
        for name, question in survey.questions.items():
            if isinstance(question, RankingQuestion):
                for subset, mask in subsets[name].items():
                    found += _ranking(name, question, subset, mask, sample)
        named = [
            *_sample_counts(survey, answers, in_frame),
            *_facts(survey, wave),
            *_representation(margins),
            *(_weighting(weighting) if sample.weighted else ()),
        ]
        plain = [*_themes(survey, coding, set(answers.responses))]
        found += [entry._replace(id=name, weighted=sample.weighted) for name, entry in named]
        found += [entry._replace(weighted=sample.weighted) for entry in plain]
    return _with_ids(found)


def _with_ids(found: list[Estimate]) -> list[Estimate]:
    named = [
        entry
        if entry.id
        else entry._replace(
            id=estimate_id(entry.question, entry.answer, entry.item, entry.subset, entry.statistic),
        )
        for entry in found
    ]
    times = Counter((entry.id, entry.weighted) for entry in named)
    twice = sorted({name for (name, _), count in times.items() if count > 1})
    if twice:
        raise WavedeckError(
            *(
                Problem(
                    "survey.yaml",
                    f"two statistics have the id '{name}'",
                    expected="an id of its own for each",
                    remedy="give the item, option, net, count or fact another name",
                )
                for name in twice
            )
        )
    return named


def to_table(estimates: list[Estimate]) -> pa.Table:
    """estimates.parquet: one row a statistic and edition."""
    kinds = {bool: pa.bool_(), str: pa.string(), int: pa.int64(), float: pa.float64()}
    types = get_type_hints(Estimate)
    columns = {
        name: pa.array(list(values), kinds[types[name]])
        for name, values in zip(Estimate._fields, zip(*estimates, strict=True), strict=True)
    }
    return pa.table(columns)


@dataclass(frozen=True)
class Mention:
    """A theme that a coder gave to an open answer."""

    question: str
    response: str
    theme: str


def read_coding(
    path: Path, survey: Survey, wave: str, written: set[tuple[str, str]]
) -> list[Mention]:
    """Themes given to the open answers of a wave; `written` are its (question, response).

    Raises WavedeckError for an unknown question or theme, and for a response that wrote nothing.
    """
    from wavedeck.editing import read_rows

    themes = _theme_names(survey)
    if not themes:
        return []
    rows = [
        row
        for row in read_rows(path, "Coding", ["wave", "question", "response", "theme"])
        if row["wave"] == wave
    ]
    problems = []
    for row in rows:
        where = f"{path}, sheet 'Coding', row {row['row']}"
        question, theme = row["question"], row["theme"]
        if question not in themes:
            near = nearest(question, themes)
            problems.append(
                Problem(where, f"no question '{question}' is coded", ", ".join(themes), near)
            )
        elif theme not in themes[question]:
            near = nearest(theme, themes[question])
            expected = ", ".join(themes[question])
            problems.append(Problem(where, f"'{question}' has no theme '{theme}'", expected, near))
        elif (question, row["response"]) not in written:
            found = f"response {row['response']} wrote nothing at '{question}'"
            problems.append(Problem(where, found, remedy="mend the response id, or delete the row"))
    if problems:
        raise WavedeckError(*problems)
    return [Mention(row["question"], row["response"], row["theme"]) for row in rows]


def _theme_names(survey: Survey) -> Mapping[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, question in survey.questions.items():
        if isinstance(question, RankingQuestion):
            if question.other and question.other.themes:
                found[f"{name}.other"] = question.other.themes
        elif getattr(question, "themes", None):
            found[name] = question.themes  # type: ignore[union-attr]
    return found


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck estimate", description=__doc__)
    for flag in (
        "survey",
        "wave",
        "answers",
        "comments",
        "weights",
        "margins",
        "weighting",
        "estimates",
    ):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    parser.add_argument("--coding", type=Path, help="coding.xlsx, where open text is coded")
    arguments = parser.parse_args(argv)
    survey, _ = load_survey(arguments.survey)
    wave, _ = load_wave(arguments.wave)
    answers = Answers.from_table(files.read_table(arguments.answers))
    weights = files.read_table(arguments.weights, ["weight", "in_frame"])
    coding: list[Mention] = []
    if arguments.coding:
        comments = files.read_table(arguments.comments, ["question", "response"]).to_pylist()
        written = {(comment["question"], comment["response"]) for comment in comments}
        coding = read_coding(arguments.coding, survey, arguments.wave.parent.name, written)
    found = estimate(
        answers,
        weights["weight"].to_numpy(),
        weights["in_frame"].to_numpy(zero_copy_only=False),
        files.read_table(arguments.margins).to_pylist(),
        json.loads(arguments.weighting.read_text(encoding="utf-8")),
        coding,
        survey,
        wave,
    )
    files.write_table(arguments.estimates, to_table(found))
