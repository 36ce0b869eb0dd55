"""survey.yaml: the codebook of a profile, each guess with a comment."""

from __future__ import annotations

from wavedeck.inspect.profile import Header, OptionGuess, Profile, QuestionGuess
from wavedeck.new.plan import Planned
from wavedeck.new.yamltext import comment, flow_list, flow_map, flow_scalar, scalar

DEFAULT_MARKS = ["-", "–", "—", "n/a", "N/A"]


def codebook(profile: Profile, planned: list[Planned], title: str, banner: str = "") -> str:
    """The text of survey.yaml."""
    lines = [
        *comment(f"The codebook of {title}, drafted from {profile.workbook} by `wavedeck new`."),
        *comment("Comments say what was guessed and why; what is marked UNSURE needs your eye."),
        "",
        f"title: {scalar(title)}",
        "",
        *_export(profile),
        "",
        *_scales(planned),
        "questions:",
    ]
    for question in planned:
        lines += question_lines(question)
    lines += ["", *_sample()]
    if banner:
        lines += ["", f"banner: [{banner}]"]
    return "\n".join(lines) + "\n"


def _export(profile: Profile) -> list[str]:
    header = profile.header
    tool = f"{profile.tool}: {profile.tool_reason}" if profile.tool else "no survey tool recognised"
    lines = [*comment(tool), "export:", f"  sheet: {scalar(profile.sheet)}"]
    if layout := _layout(header):
        lines += comment(
            f"{header.rows} header rows from row {header.first}: {header.guess.reason}", 2
        )
        lines.append(f"  header: {layout}")
    lines.append("  columns:" if profile.asides else "  columns: {}")
    for role in ("response", "organisation", "status", "submitted"):
        for aside in profile.asides:
            if aside.role == role:
                lines.append(f"    {role}: {scalar(aside.column.name)}  # {aside.guess.reason}")
    if not profile.with_role("response"):
        lines.append(
            "    # no column holds an id of its own for each response: rows are told by number"
        )
    others = [aside for aside in profile.asides if aside.role == "other"]
    contact = [aside for aside in profile.asides if aside.role == "contact"]
    for key, asides in (("contact", contact), ("others", others)):
        if asides:
            lines.append(f"    {key}:")
            lines += [f"      - {scalar(a.column.name)}  # {a.guess.reason}" for a in asides]
    lines += further(profile)
    marks = sorted(_marks(profile) - set(DEFAULT_MARKS))
    if marks:
        lines += comment("texts that stand for no answer; these were found in this export", 2)
        lines.append(f"  no_answer: {flow_list([*DEFAULT_MARKS, *marks])}")
    return lines


def further(profile: Profile) -> list[str]:
    """`more_sheets:` of `export:`."""
    lines = ["  more_sheets:"] if profile.further else []
    for sheet in profile.further:
        entries = {"sheet": flow_scalar(sheet.sheet), "response": flow_scalar(sheet.response)}
        if layout := _layout(sheet.header):
            entries["header"] = layout
        said = f"{sheet.responses} of {profile.responses} responses have a row there"
        lines.append(f"    - {flow_map(entries)}  # {said}")
    return lines


def _layout(header: Header) -> str:
    """Where a header stands; "" for the first row."""
    if (header.first, header.rows) == (1, 1):
        return ""
    return f"{{rows: {header.rows}, first: {header.first}, names: {header.names}}}"


def _marks(profile: Profile) -> set[str]:
    """Marks for missing that the export holds in the columns of questions, less those that are
    options. 'Not Asked' has options of its own where a question has any."""
    from wavedeck.clean.text import match_key, tidy
    from wavedeck.inspect.texts import given_in, is_missing_mark, is_not_asked, number_in

    found: dict[str, str] = {}
    offered: set[str] = set()
    for question in profile.questions:
        scale = question.scale.options if question.scale else question.options
        kept = [o for o in scale if o.missing != "not_asked"]
        offered |= {match_key(text) for o in kept for text in (o.label, *o.aliases)}
        if question.kind == "number":
            given = given_in(question.columns[0].times())
            offered |= {match_key(text) for text in given if number_in(text) is not None}
        plain = [*question.columns] if question.kind in ("number", "text") else []
        plain += [question.other] if question.other else []
        for column in [*question.columns, *plain]:
            for answer in column.times():
                if is_missing_mark(answer) or (column in plain and is_not_asked(answer)):
                    found.setdefault(match_key(answer), tidy(answer))
    return {text for key, text in found.items() if key not in offered}


def _scales(planned: list[Planned]) -> list[str]:
    shared = {question.scale: question for question in planned if question.scale}
    if not shared:
        return []
    lines = ["scales:"]
    for name, question in shared.items():
        lines += [f"  {name}:", *_scale_lines(question, 4)]
    return [*lines, ""]


def _scale_lines(planned: Planned, indent: int) -> list[str]:
    scale = planned.guess.scale
    assert scale is not None
    pad = " " * indent
    lines = [f"{pad}order: {scale.order}"] if scale.order != "unordered" else []
    lines.append(f"{pad}options:")
    lines += [
        f"{pad}  {name}: {_option(option)}"
        for name, option in zip(planned.options, scale.options, strict=True)
    ]
    if planned.nets:
        lines.append(f"{pad}nets:")
        lines += [f"{pad}  {name}: {flow_list(parts)}" for name, parts in planned.nets.items()]
        lines.append(f"{pad}net_labels:")
        lines += [f"{pad}  {name}: {scalar(words)}" for name, words in planned.net_labels.items()]
    if scale.middle and scale.order == "two_sided":
        lines.append(f"{pad}middle: {flow_list(planned.option_names(scale.middle))}")
    if scale.apart:
        lines.append(f"{pad}apart: {flow_list(planned.option_names(scale.apart))}")
    return lines


def _option(option: OptionGuess, column: str = "") -> str:
    if not (option.aliases or option.missing or column):
        return scalar(option.label)
    entries = {"label": flow_scalar(option.label)}
    if column:
        entries["column"] = flow_scalar(column)
    if option.aliases:
        entries["aliases"] = flow_list(option.aliases)
    if option.missing:
        entries["missing"] = option.missing
    return flow_map(entries)


def question_lines(planned: Planned) -> list[str]:
    """A question below `questions:`, with a comment on what was guessed."""
    guess = planned.guess
    lines = _said(guess)
    lines.append(f"  {planned.name}:")
    kind = guess.kind.partition("_")[0]
    lines.append(f"    type: {kind}")
    if guess.number:
        lines.append(f"    number: {scalar(guess.number)}")
    lines.append(f"    text: {scalar(guess.text)}")
    lines += _BODIES[guess.kind](planned)
    return lines


def _said(guess: QuestionGuess) -> list[str]:
    letters = guess.columns[0].letter
    if len(guess.columns) > 1:
        letters += f" to {guess.columns[-1].letter}"
    sure = "UNSURE: " if guess.guess.confidence == "unsure" else ""
    where = f"column{'s' if len(guess.columns) > 1 else ''} {letters}"
    where += f" of '{guess.columns[0].sheet}'" if guess.columns[0].sheet else ""
    notes = "".join(f"; {note}" for note in guess.notes)
    return comment(f"{sure}{where}: {guess.guess.reason}{notes}", 2)


def _single(planned: Planned) -> list[str]:
    column = [f"    column: {scalar(planned.guess.columns[0].name)}"]
    return [*column, *_scale_of(planned)]


def _scale_of(planned: Planned) -> list[str]:
    if planned.scale:
        return [f"    scale: {planned.scale}"]
    return ["    scale:", *_scale_lines(planned, 6)]


def _items(planned: Planned) -> list[str]:
    lines = ["    items:"]
    for name, label, column in zip(
        planned.items, planned.guess.labels, planned.guess.columns, strict=True
    ):
        entry = flow_map({"label": flow_scalar(label), "column": flow_scalar(column.name)})
        lines.append(f"      {name}: {entry}")
    return lines


def _grid(planned: Planned) -> list[str]:
    return [*_scale_of(planned), *_items(planned)]


def _ranking(planned: Planned) -> list[str]:
    return [*_items(planned), *_other(planned)]


def _ranking_places(planned: Planned) -> list[str]:
    columns = planned.guess.columns
    places = [f"      - {flow_map({'column': flow_scalar(column.name)})}" for column in columns]
    return ["    places:", *places, *_named(planned), *_other(planned)]


def _ranking_joined(planned: Planned) -> list[str]:
    return [*_one_cell(planned), *_named(planned)]


def _one_cell(planned: Planned) -> list[str]:
    guess = planned.guess
    return [
        f"    column: {scalar(guess.columns[0].name)}",
        f"    separator: {scalar(guess.separator)}",
    ]


def _named(planned: Planned) -> list[str]:
    """Things to rank, which cells name."""
    lines = ["    items:"]
    for name, option in zip(planned.options, planned.guess.options, strict=True):
        entry = {"label": flow_scalar(option.label)}
        if option.aliases:
            entry["aliases"] = flow_list(option.aliases)
        lines.append(f"      {name}: {flow_map(entry)}")
    return lines


def _other(planned: Planned) -> list[str]:
    other = planned.guess.other
    return [f"    other: {{column: {flow_scalar(other.name)}}}"] if other else []


def _spread(planned: Planned) -> list[str]:
    guess = planned.guess
    lines = ["    options:"]
    for name, label, column in zip(planned.items, guess.labels, guess.columns, strict=True):
        lines.append(f"      {name}: {_option(OptionGuess(label), column.name)}")
    if guess.chosen:
        lines.append(f"    chosen: {flow_list(guess.chosen)}")
    if guess.unchosen:
        lines.append(f"    unchosen: {flow_list(guess.unchosen)}")
    return [*lines, *_exclusive(planned), *_other(planned)]


def _exclusive(planned: Planned) -> list[str]:
    return [f"    exclusive: {flow_list(planned.exclusive)}"] if planned.exclusive else []


def _joined(planned: Planned) -> list[str]:
    lines = [*_one_cell(planned), "    options:"]
    for name, option in zip(planned.options, planned.guess.options, strict=True):
        lines.append(f"      {name}: {_option(option)}")
    return [*lines, *_exclusive(planned), *_other(planned)]


def _number(planned: Planned) -> list[str]:
    guess = planned.guess
    lines = [f"    column: {scalar(guess.columns[0].name)}"]
    if guess.dates:
        entries: dict[str, str] = {"take": guess.dates.take}
        if guess.dates.written:
            entries["written"] = scalar(guess.dates.written)
        lines.append(f"    dates: {flow_map(entries)}")
    if guess.unit:
        lines.append(f"    unit: {scalar(guess.unit)}")
    if planned.bands:
        ranges = {name: f"[{low:.12g}, {high:.12g}]" for name, _, low, high in planned.bands}
        labels = {name: flow_scalar(label) for name, label, *_ in planned.bands}
        lines += ["    bands:", *(f"      {name}: {entry}" for name, entry in ranges.items())]
        lines += ["    band_labels:", *(f"      {n}: {entry}" for n, entry in labels.items())]
    return lines


def _text(planned: Planned) -> list[str]:
    return [f"    column: {scalar(planned.guess.columns[0].name)}"]


_BODIES = {
    "single": _single,
    "grid": _grid,
    "ranking": _ranking,
    "ranking_places": _ranking_places,
    "ranking_joined": _ranking_joined,
    "multi_spread": _spread,
    "multi_joined": _joined,
    "number": _number,
    "text": _text,
}


def _sample() -> list[str]:
    return [
        "sample:",
        "  sample.respondents: {count: respondents, label: Respondents}",
    ]
