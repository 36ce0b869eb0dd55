"""The answers of a question as a scale: in order, with a middle, sides and what stands apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.apart import is_apart, is_other
from wavedeck.inspect.orders import Order, order_of
from wavedeck.inspect.profile import Guess, OptionGuess, ScaleGuess
from wavedeck.inspect.texts import is_not_asked
from wavedeck.inspect.words import words


def scale_of(labels: Mapping[str, int], questionnaire: Sequence[str] = ()) -> ScaleGuess:
    """The answers of `labels` (label -> how often it was given) as a scale.

    `questionnaire`: the order of a values sheet, where there is one; it is believed.
    """
    missing = [label for label in labels if is_not_asked(label)]
    apart = [label for label in labels if is_apart(label) and label not in missing]
    rest = [label for label in labels if label not in apart and label not in missing]
    found = order_of(rest) or order_of([*rest, *apart])
    if found and set(found.ranks) != set(rest):
        apart = []
    if found is None and len(rest) == 2 and len(apart) == 0:
        found = None
    options = {label: OptionGuess(label) for label in labels}
    for label in missing:
        options[label] = OptionGuess(label, missing="not_asked")
    if questionnaire:
        known = [label for label in questionnaire if label in options]
        ordered = known + [label for label in labels if label not in known]
        if found:
            return _ordered(found, [options[label] for label in ordered], apart)
        return ScaleGuess(
            [options[label] for label in ordered],
            apart=apart,
            guess=Guess("sure", "in the order of the list of values"),
        )
    if found:
        ordered = sorted(found.ranks, key=lambda label: found.ranks[label]) + apart * (
            set(found.ranks) == set(rest)
        )
        return _ordered(found, [options[label] for label in [*ordered, *missing]], apart)
    last = [label for label in rest if is_other(label)]
    first = sorted((label for label in rest if label not in last), key=lambda label: -labels[label])
    confident = len(rest) <= 2
    return ScaleGuess(
        [options[label] for label in [*first, *last, *apart, *missing]],
        apart=apart,
        guess=Guess("sure" if confident else "likely", "no order known: the commonest first"),
    )


def _ordered(found: Order, options: list[OptionGuess], apart: list[str]) -> ScaleGuess:
    labels = [option.label for option in options if option.label in found.ranks]
    nets: dict[str, list[str]] = {}
    order = found.order
    middle = [label for label in found.middle if label in labels]
    if order == "two_sided" and not middle and not found.even():
        # Charts cut a scale without a middle in half; a step that nobody chose would shift that.
        order = "one_sided"
    if order == "two_sided" and found.family in words().nets and (middle or len(labels) % 2 == 0):
        if middle:
            cut = labels.index(middle[0])
            sides = labels[:cut], labels[cut + len(middle) :]
        else:
            sides = labels[: len(labels) // 2], labels[len(labels) // 2 :]
        for net, side in zip(words().nets[found.family], sides, strict=True):
            if len(side) > 1 and match_key(net) not in {match_key(label) for label in labels}:
                nets[net] = side
            elif len(side) > 1:
                nets[f"{net}, in all"] = side
    return ScaleGuess(
        options,
        order,  # type: ignore[arg-type]
        middle,
        apart,
        nets,
        found.family,
        Guess("sure", f"the words of a scale: {found.family}"),
    )
