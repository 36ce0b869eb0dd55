"""`recoded:` and `aliases:` of a draft: options that are new or gone, and other spellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from wavedeck.inspect.profile import Column
from wavedeck.new.yamltext import comment, flow, flow_list, merged, tree
from wavedeck.survey import MultiQuestion, RankingQuestion, Survey
from wavedeck.wave.fresh import Rows
from wavedeck.wave.labels import Labels, labels_of, of_scale
from wavedeck.wave.match import Matched


def drafted(survey: Survey, matched: Matched, rows: Sequence[Rows]) -> list[list[str]]:
    """The lines of `items:`, of `recoded:` and of `aliases:`; none for a field that nothing asks
    for."""
    recoded, spelled = ["recoded:"], ["aliases:"]
    items = [own.declared for own in rows if not own.choices]
    found = labels_found(survey, matched, rows)
    choices = {own.question: own for own in rows if own.choices}
    gone = options_gone(survey, matched)
    for name, labels in of_scale(survey, found).items():
        if isinstance(survey.questions.get(name), RankingQuestion):
            own = {key: {"label": added.label} for key, added in labels.added.items()}
            items += [{"items": {name: own}}] if own else []
        else:
            lines = [*_gone(gone.get(name, [])), *_added(name, labels, choices.get(name), survey)]
            recoded += [f"  {name}:", *lines] if lines else []
        if labels.aliases:
            spelled.append(f"  {name}:")
            for option, texts in labels.aliases.items():
                given_by = ", ".join(str(n) for n in texts.values())
                sure = "likely"
                if labels.unsure & set(texts):
                    sure = "UNSURE: others gave it as the codebook has it"
                spelled.append(f"    {option}: {flow_list(texts)}  # {sure} ({given_by} answers)")
    listed = [*comment(_NEW_ROWS), *tree(merged(items))] if items else []
    return [listed, *(part if len(part) > 1 else [] for part in (recoded, spelled))]


_NEW_ROWS = "likely: new rows of questions that are there"


def labels_found(survey: Survey, matched: Matched, rows: Iterable[Rows]) -> dict[str, Labels]:
    """What the answers of each question of the export ask of wave.yaml."""
    columns: dict[str, list[Column]] = {}
    for key, match in matched.columns.items():
        if not key.endswith(".other"):
            columns.setdefault(key.partition(".")[0], []).append(match.column)
    for own in rows:
        columns.setdefault(own.question, []).extend(c for _, c in own.entries.values())
    return {name: labels_of(survey, name, _times(own)) for name, own in columns.items()}


def _times(columns: Sequence[Column]) -> Counter[str]:
    """How often each different cell of some columns is there."""
    found = Counter[str]()
    for column in columns:
        found.update(column.times())
    return found


def options_gone(survey: Survey, matched: Matched) -> dict[str, list[str]]:
    """Options with columns of their own that the export lacks, of questions that it asks."""
    asked = {key.partition(".")[0] for key in matched.columns}
    found: dict[str, list[str]] = {}
    for key in matched.missing:
        name, _, item = key.partition(".")
        if name in asked and item in getattr(survey.questions[name], "options", {}):
            found.setdefault(name, []).append(item)
    return found


def _gone(options: Sequence[str]) -> list[str]:
    if not options:
        return []
    return [f"    drop: {flow_list(options)}  # likely: no columns of the export"]


def _added(name: str, labels: Labels, choices: Rows | None, survey: Survey) -> list[str]:
    lines = []
    if labels.added or choices:
        lines.append("    add:")
    for option, (label, column) in choices.entries.items() if choices else ():
        lines.append("      # likely: a column beside those of the other options")
        lines.append(f"      {option}: {flow({'label': label, 'column': column.name})}")
    for option, added in labels.added.items():
        entry = {"label": added.label} | ({"after": added.behind} if added.behind else {})
        lines.append(f"      # likely: no option of before fits, given {_often(added.times)}")
        lines += _place(name, added.label, survey)
        lines.append(f"      {option}: {flow(entry)}")
    if not lines:
        return []
    nets = _nets(name, labels, survey)
    if nets:
        lines += ["    # UNSURE: does it belong to them?", "    nets:"]
        lines += [f"      {net}: {flow_list(parts)}" for net, parts in nets.items()]
    return [*lines, *_together(name, labels, survey)]


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


def _several(name: str, survey: Survey) -> bool:
    return isinstance(survey.questions.get(name), MultiQuestion)


def _place(name: str, label: str, survey: Survey) -> list[str]:
    """What is to be decided about a further option: choices of several have no scale."""
    if not _several(name, survey):
        return ["      # UNSURE: its place on the scale (after: or before: an option)"]
    if "other_written" not in survey.scale_of(name).options:
        return []
    written = flow({name: {"other_written": [label]}})
    return [f"      # UNSURE: on offer? If it was written in, instead, aliases: {written}"]


def _together(name: str, labels: Labels, survey: Survey) -> list[str]:
    """The lines about `comparable:`, for a person to take or to leave."""
    if _several(name, survey):
        return [
            "    # UNSURE: was the rest of the question the same? Then take the mark off the next",
            "    # line, and each option is compared with itself; without it, none is",
            "    # comparable: {}",
        ]
    behind = {a.behind: o for o, a in labels.added.items() if a.behind}
    meant = [f"    #   {b}: [{b}, {o}]" for b, o in behind.items()]
    return [
        "    # UNSURE: which options stand together for an option of before; without it,",
        "    # the question is not compared",
        *(["    # comparable:", *meant] if meant else ["    # comparable: {}  # each for itself"]),
    ]


def _nets(name: str, labels: Labels, survey: Survey) -> Mapping[str, list[str]]:
    """Nets that hold the option which a new one is like, with the new one."""
    scale = survey.scales[name] if name in survey.scales else survey.scale_of(name)
    nets = {
        net: [*parts, *(o for o, a in labels.added.items() if a.behind in parts)]
        for net, parts in scale.nets.items()
    }
    return {net: parts for net, parts in nets.items() if parts != scale.nets[net]}
