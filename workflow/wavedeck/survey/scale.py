"""Options and scales: the answers on offer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wavedeck.errors import nearest
from wavedeck.yamlfile import Model

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Option(Model):
    label: str
    """The option's text as the export holds it and as charts print it."""
    short: str = ""
    """Fewer words for the same, where space is short (attributions of comments)."""
    aliases: list[str] = []
    """Other spellings that exports use for the same option."""
    missing: Literal["not_asked", "no_answer", "dont_know"] | None = None
    """Set when the option is no answer: it is then left out of the base."""

    @model_validator(mode="before")
    @classmethod
    def _from_label(cls, value: Any) -> Any:
        return {"label": value} if isinstance(value, str) else value


class Scale(Model):
    """Answers on offer, in the order in which charts show them."""

    options: dict[Name, Option]
    """Options by name, in order; a plain text is short for its label."""
    nets: dict[Name, list[Name]] = {}
    """Options added together, by the name of the net."""
    net_labels: dict[Name, str] = {}
    """The words for a net on charts and in traces, where its name is not enough."""
    order: Literal["two_sided", "one_sided", "unordered"] = "unordered"
    """two_sided: from one pole over a middle to the other (agreement); one_sided: much to none."""
    middle: list[Name] = []
    """Options of a two-sided scale that belong to neither side."""
    apart: list[Name] = []
    """Options off the scale (don't know, too early to tell): charts set them apart."""

    @model_validator(mode="after")
    def _names_are_options(self) -> Scale:
        for net, parts in self.nets.items():
            if net in self.options:
                raise ValueError(f"the net '{net}' has the name of an option")
            known(parts, self.options, f"net '{net}'")
        known(self.net_labels, self.nets, "net_labels")
        known([*self.middle, *self.apart], self.options, "middle and apart")
        return self

    def members(self, answer: str) -> tuple[str, ...]:
        """The options that `answer` (an option or a net) stands for."""
        return (answer,) if answer in self.options else tuple(self.nets[answer])

    @property
    def answers(self) -> tuple[str, ...]:
        """Names of all options that count towards a base, then of all nets."""
        return (*(n for n, option in self.options.items() if not option.missing), *self.nets)

    def label(self, answer: str) -> str:
        if answer in self.options:
            return self.options[answer].label
        return self.net_labels.get(answer, answer.replace("_", " ").capitalize())


def known(names: Any, among: Any, what: str) -> None:
    for name in names:
        if name not in among:
            hint = nearest(name, among)
            raise ValueError(
                f"{what} names the unknown '{name}'" + (f"; nearest: '{hint}'" if hint else "")
            )
