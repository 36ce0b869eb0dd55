"""How the export of a later wave fits the codebook: every misfit at once, with the YAML to add.

A first wave is described by survey.yaml and mismatches are mended there; a later one declares what
changed in its own wave.yaml, so that earlier waves stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from wavedeck.alike import counted, likeness, most_like, pair_up, same_number
from wavedeck.clean.coders import scale_coder
from wavedeck.clean.text import match_key, tidy
from wavedeck.errors import Problem, listing
from wavedeck.headers import CONTACT, UNUSED, Heading, folded, sheet_of
from wavedeck.ingest.received import Received
from wavedeck.survey import (
    ExcludeValue,
    GridQuestion,
    SingleQuestion,
    Survey,
    Wave,
    waves_before,
)

_ALIKE = 0.6
"""Headers less alike than this are not proposed for each other."""
_ALIKE_LABELS = 0.45
_MARGIN = "\n              "
"""Under the words of a remedy."""


def misfits(
    columns: Sequence[Received], survey: Survey, wave: Wave, path: Path, workbook: Path
) -> list[Problem]:
    """Columns and labels that the codebook of a wave lacks or the export lacks.

    `path` is that of wave.yaml.
    """
    known = _known(survey)
    given = {c.heading.name: {match_key(text or "") for text in c.texts} - {""} for c in columns}
    found = list(_columns([c.heading for c in columns], given, known, survey, path, workbook))
    places = {
        known[key][0]: column for column in columns if (key := folded(column.heading.name)) in known
    }
    return found + list(_labels(columns, places, survey, wave, path, workbook))


def _known(survey: Survey) -> dict[str, tuple[str, str]]:
    """Folded header -> (key such as q3.start or @response, header) of all that is expected."""
    found = {
        folded(header): (f"{name}.{item}" if item else name, header)
        for header, name, item in survey.columns()
    }
    meta = survey.export.columns
    found |= {folded(header): (f"@{role}", header) for role, header in meta.roles.items()}
    for header in (*meta.contact, *meta.others):
        found.setdefault(folded(header), (CONTACT[0] if header in meta.contact else "", header))
    return found


def _columns(
    headings: Sequence[Heading],
    given: Mapping[str, set[str]],
    known: Mapping[str, tuple[str, str]],
    survey: Survey,
    path: Path,
    workbook: Path,
) -> Iterator[Problem]:
    names = [heading.name for heading in headings]
    keys = [folded(name) for name in names]
    missing = {
        key: header
        for fold, (key, header) in known.items()
        if fold not in keys and key not in ("", CONTACT[0], UNUSED[0])
    }
    unknown = [name for name in names if name and folded(name) not in known]
    pairs = _pairs(missing, {name: given[name] for name in unknown}, survey)
    for key, header in missing.items():
        near = pairs.get(key, "")
        yield Problem(
            f"{workbook}, sheet '{sheet_of(header, survey)}'",
            f"the column '{header}' ({key}) is missing",
            nearest=near,
            remedy=_for_missing(key, near, _gone(key, missing, survey), path),
        )
    taken = set(pairs.values())
    for heading in headings:
        if heading.name in unknown and heading.name not in taken:
            yield Problem(
                f"{workbook}, sheet '{heading.sheet}', cell {heading.letter}{heading.row}",
                f"the codebook does not know the column '{heading.name}'",
                remedy=_for_unknown(heading.name, path),
            )


def _pairs(
    missing: Mapping[str, str], unknown: Mapping[str, set[str]], survey: Survey
) -> dict[str, str]:
    """For a missing column the unknown one that is most like it, by its header and, where the
    question is closed, by its answers; each used once."""
    common = counted(list(missing.values()), list(unknown))
    scores = {}
    for key, header in missing.items():
        labels = _labels_of(key.partition(".")[0], survey)
        for name, answers in unknown.items():
            score = likeness(header, name, common)
            if labels and answers:
                score = max(score, 0.4 * score + 0.7 * len(answers & labels) / len(answers))
            scores[key, name] = score if same_number(header, name) else score / 2
    return {key: name for key, (name, _) in pair_up(scores, _ALIKE).items()}


def _labels_of(name: str, survey: Survey) -> set[str]:
    """Every spelling of an answer to a closed question, folded; none for other questions."""
    if not isinstance(survey.questions.get(name), SingleQuestion | GridQuestion):
        return set()
    options = survey.scale_of(name).options.values()
    return {match_key(text) for option in options for text in (option.label, *option.aliases)}


def _gone(key: str, missing: Collection[str], survey: Survey) -> str:
    """What was dropped: a row, where its question has others left, else the question."""
    name, _, row = key.partition(".")
    rows = getattr(survey.questions.get(name), "items", {})
    left = [f"{name}.{other}" for other in rows if f"{name}.{other}" not in missing]
    return key if row in rows and left else name


def _for_missing(key: str, near: str, gone: str, path: Path) -> str:
    if key.startswith("@"):
        name = quoted(near or "the header")
        return f"add to {path}:{_MARGIN}export: {{columns: {{{key[1:]}: {name}, …}}}}"
    lines = [f"add to {path}:"] if near else [f"if it was not asked any more, add to {path}:"]
    if near:
        lines.append(f"headers: {{{key}: {quoted(near)}}}")
        lines.append("or, if it was not asked any more:")
    lines.append(f"retired: {{{gone}: the reason}}")
    return _MARGIN.join(lines)


def _for_unknown(name: str, path: Path) -> str:
    lines = [
        f"if it is a new question, add to {path}:",
        f"introduced: {{a_name: {{type: text, text: the question, column: {quoted(name)}}}}}",
        *_if_asked_before(path),
        "or, if it is of no use:",
        f"export: {{columns: {{others: [{quoted(name)}, …]}}}}",
    ]
    return _MARGIN.join(lines)


def _if_asked_before(path: Path) -> list[str]:
    """What to do where a wave further back may have asked a question that those since have not."""
    waves = [before.parent.name for before in waves_before(path)]
    if len(waves) < 2:
        return []
    which = " or ".join(f'"{wave}"' for wave in waves[:-1])
    return [
        "or, if an earlier wave asked it and those since have not:",
        f"asked_again: {{its_name: {which}}}",
    ]


def _labels(
    columns: Sequence[Received],
    places: Mapping[str, Received],
    survey: Survey,
    wave: Wave,
    path: Path,
    workbook: Path,
) -> Iterator[Problem]:
    out = _left_out(columns, wave)
    for key, column in places.items():
        name = key.partition(".")[0]
        question = survey.questions.get(name)
        if not isinstance(question, SingleQuestion | GridQuestion):
            continue
        scale = survey.scale_of(name)
        coder = scale_coder(scale, survey.export.no_answer)
        unknown = Counter[str]()
        cells: dict[str, str] = {}
        for index, text in enumerate(column.texts):
            if index not in out and text is not None and coder(text) is None:
                unknown[tidy(text)] += 1
                cells.setdefault(tidy(text), f"{column.heading.letter}{column.rows[index]}")
        labels = {option.label: option_name for option_name, option in scale.options.items()}
        for text, times in unknown.items():
            near, score = most_like(text, list(labels))
            near = near if score >= _ALIKE_LABELS else ""
            again = f" ({times} times)" if times > 1 else ""
            yield Problem(
                f"{workbook}, sheet '{column.heading.sheet}', cell {cells[text]}",
                f"{key}: '{text}' is no answer that the codebook knows{again}",
                listing(list(labels)),
                near,
                _for_label(name, text, labels.get(near, ""), path),
            )


def _for_label(name: str, text: str, option: str, path: Path) -> str:
    lines = []
    if option:
        lines += [
            f"if it is another spelling of '{option}', add to {path}:",
            f"aliases: {{{name}: {{{option}: [{quoted(text)}]}}}}",
        ]
    lines += [
        f"{'or, if' if option else 'if'} it is a further answer, add to {path}:",
        f"recoded: {{{name}: {{add: {{a_name: {{label: {quoted(text)}}}}}}}}}",
    ]
    return _MARGIN.join(lines)


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


def quoted(text: str) -> str:
    """A text as YAML takes it anywhere."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
