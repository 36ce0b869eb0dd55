"""Alternative text and base notes, written from the data in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from wavedeck.draw.result import Part
from wavedeck.figures import Figure
from wavedeck.layout import Edition


def series(parts: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def values(pairs: Sequence[tuple[str, Figure]]) -> str:
    """'Agree 33%, disagree 67%': the first label as it is, all others in lower case."""
    words = [
        f"{label if not index else lower(label)} {spoken(estimate)}"
        for index, (label, estimate) in enumerate(pairs)
    ]
    return series(words)


def spoken(estimate: Figure) -> str:
    return "[c] (too few answers to show)" if estimate.suppressed else estimate.text


def lower(label: str) -> str:
    """A label inside a sentence: its first word loses the capital, unless it is an acronym."""
    first = label.split(" ", 1)[0]
    ordinary = first == "A" or first[1:].replace("'", "").islower()
    return label[0].lower() + label[1:] if ordinary else label


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends with one of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def extremes(what: str, rows: Sequence[tuple[str, Figure]]) -> str:
    """Which row is highest and which lowest, ties included; '' for fewer than two rows."""
    shown = [(label, estimate) for label, estimate in rows if not estimate.suppressed]
    if len(shown) < 2:
        return ""
    most = max(estimate.size for _, estimate in shown)
    least = min(estimate.size for _, estimate in shown)
    if most == least:
        return f"{what} is the same in every row ({shown[0][1].text})."
    high = [pair for pair in shown if pair[1].size == most]
    low = [pair for pair in shown if pair[1].size == least]
    names = [series([label for label, _ in group]) for group in (high, low)]
    return (
        f"{what} is highest for {names[0]} ({high[0][1].text}) "
        f"and lowest for {names[1]} ({low[0][1].text})."
    )


def base_note(
    bases: Sequence[Figure],
    who: str,
    edition: Edition,
    by_row: str = "row",
    answered: str = "who answered",
) -> tuple[Part, ...]:
    """'Base: 81 teachers who answered', or where to find the base of each row."""
    if len({base.text for base in bases}) == 1:
        parts = [
            Part("Base: "),
            Part(bases[0].text, bases[0].id),
            Part(f" {who} {answered}"),
        ]
    else:
        parts = [Part(f"Base: {who} {answered}, shown for each {by_row}")]
    return (*parts, *edition_note(edition))


def edition_note(edition: Edition) -> tuple[Part, ...]:
    return (WEIGHTED,) if edition == "weighted" else ()


WEIGHTED = Part("; percentages weighted, bases unweighted")
SUPPRESSED = Part("; [c]: too few answers to show")


def joined(note: Sequence[Part]) -> str:
    return "".join(part.text for part in note)
