"""exhibits.yaml: a chart for each closed question of a profile."""

from __future__ import annotations

from dataclasses import dataclass, field

from wavedeck.new.plan import Planned
from wavedeck.new.room import pages, rows_that_fit
from wavedeck.new.yamltext import flow_list, flow_map


@dataclass(frozen=True)
class Shown:
    """An exhibit: its name, its question and its fields as YAML."""

    name: str
    question: str
    fields: dict[str, str] = field(default_factory=dict)
    part: tuple[int, int] = (1, 1)
    """Which of how many slides of its question."""


def exhibits_of(planned: list[Planned]) -> list[Shown]:
    """The exhibits in the order of the slides."""
    return [shown for question in planned for shown in _of(question)]


def _of(planned: Planned) -> list[Shown]:
    kind = planned.guess.kind
    if kind == "text":
        return []
    if kind == "grid":
        return _grid(planned)
    if kind.startswith("ranking"):
        return [Shown(planned.name, planned.name, {"kind": "ranking"})]
    if kind == "number":
        bands = bool(planned.bands)
        return [Shown(planned.name, planned.name, {"kind": "bars"})] if bands else []
    if kind == "single" and _stacked(planned):
        fields = {"kind": "scale"}
        if planned.nets:
            fields["nets"] = flow_list(planned.nets)
        return [Shown(planned.name, planned.name, fields)]
    return [_bars(planned)]


def _stacked(planned: Planned) -> bool:
    """Whether one stacked bar shows the answers: a scale of few steps."""
    scale = planned.guess.scale
    assert scale is not None
    short = all(len(option.label) <= 40 for option in scale.options)
    return scale.order != "unordered" and len(scale.options) <= 7 and short


def _bars(planned: Planned) -> Shown:
    guess = planned.guess
    fields = {"kind": "bars"}
    labels = guess.labels or [option.label for option in planned.offered if not option.missing]
    room = rows_that_fit(labels, legend=False)
    if len(labels) > room:
        fields["most"] = str(room)
    return Shown(planned.name, planned.name, fields)


def _grid(planned: Planned) -> list[Shown]:
    labels = planned.guess.labels
    fields = {"kind": "scale"}
    if planned.nets:
        fields["nets"] = flow_list(planned.nets)
    found = []
    parts = pages(len(labels), rows_that_fit(labels, legend=True))
    for number, part in enumerate(parts, start=1):
        own = dict(fields)
        if len(parts) > 1:
            own["items"] = flow_list([planned.items[place] for place in part])
        name = planned.name if len(parts) == 1 else f"{planned.name}_part_{number}"
        found.append(Shown(name, planned.name, own, (number, len(parts))))
    return found


def exhibits_text(shown: list[Shown]) -> str:
    """The text of exhibits.yaml."""
    lines = [
        "# The charts of the deck, by the name that deck.qmd.j2 uses; drafted by `wavedeck new`.",
        "# Words for options and rows come from survey.yaml, numbers from the answers.",
        "",
        "exhibits:" if shown else "exhibits: {}",
    ]
    return "\n".join([*lines, *map(entry_line, shown)]) + "\n"


def entry_line(entry: Shown) -> str:
    """An exhibit as its line of exhibits.yaml."""
    fields = {"kind": entry.fields["kind"], "question": entry.question}
    fields |= {key: value for key, value in entry.fields.items() if key != "kind"}
    return f"  {entry.name}: {flow_map(fields)}"
