"""The words that a deck template may use: pct(id), chart(name), comments(question, n) and so on.

Each records what is wrong with its line of the template and goes on, so that an author sees every
mistake of a template at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavedeck import earlier
from wavedeck.checks import CheckError, evaluate
from wavedeck.compose.comments import Comment
from wavedeck.compose.exhibit_text import note_line, table_cells
from wavedeck.compose.markdown import Markdown, attribute, escape
from wavedeck.compose.slides import CONTENTS_MARK
from wavedeck.errors import Problem, nearest
from wavedeck.figures import Figure, Figures, UnknownEstimateError
from wavedeck.rounding import share_in_words
from wavedeck.sureness import interval_text
from wavedeck.survey import Scale, gone, take_out


@dataclass(frozen=True)
class Claim:
    """Words of a template with the check that they are tied to."""

    check: str
    words: str
    holds: bool
    says: str
    line: int


class Vocabulary:
    """Functions of a deck template, over one edition's figures, exhibits and comments."""

    def __init__(
        self,
        figures: Figures,
        exhibits: dict[str, dict[str, Any]],
        comments: Iterable[Comment],
        scales: dict[str, Scale],
        template: str,
        retired: Mapping[str, str] | None = None,
    ) -> None:
        """`retired`: what the wave does not ask any more, with what is said of it."""
        self.problems: list[Problem] = []
        self.claims: list[Claim] = []
        self._scales = scales
        self.figures = figures
        self._exhibits = exhibits
        self._template = template
        self._retired = retired or {}
        self._waiting: dict[str, list[Comment]] = {}
        for comment in comments:
            self._waiting.setdefault(comment.question, []).append(comment)
        self._published = {question: len(found) for question, found in self._waiting.items()}

    def words_of_templates(self) -> dict[str, Callable[..., Any]]:
        """The functions by the names that templates use."""
        return {
            "pct": self.pct,
            "count": self.count,
            "base": self.base,
            "mean": self.mean,
            "kappa": self.kappa,
            "median": self.median,
            "words": self.words,
            "interval": self.interval,
            "p": self.p,
            "fact": self.fact,
            "previous": self.previous,
            "change": self.change,
            "cite": self.cite,
            "claim": self.claim,
            "label": self.label,
            "chart": self.chart,
            "table": self.table,
            "note": self.note,
            "comments": self.comments,
            "contents": self.contents,
        }

    def pct(self, name: str) -> Markdown:
        """A percentage: pct("q1.great_deal") -> 33%; in an earlier wave pct("q1.yes:in.2017")."""
        return self._number(name, "percent", "max", "min", "agreement")

    def count(self, name: str) -> Markdown:
        """A count: count("sample.councils"), or the number behind a percentage."""
        own = f"{name}:count"
        return self._number(own if own in self.figures else name, "count", "mentions", "units")

    def base(self, name: str) -> Markdown:
        """The number of respondents that an estimate or a question is based on: base("q1"), and in
        an earlier wave base("q1:in.2017")."""
        stem, wave = earlier.split(name)
        own = f"{stem}:base"
        return self._number(earlier.id_in(own, wave) if wave else own, "base")

    def mean(self, name: str) -> Markdown:
        """A mean rank score, or the mean of a question's numbers."""
        return self._number(f"{name}:mean", "mean")

    def median(self, name: str) -> Markdown:
        """The median of a question's numbers."""
        return self._number(f"{name}:median", "median")

    def kappa(self, name: str, error: bool = False) -> Markdown:
        """Cohen's kappa of two coders of a question, or with `error` its standard error."""
        statistic = "kappa_error" if error else "kappa"
        return self._number(f"{name}:{statistic}", statistic)

    def fact(self, name: str) -> Markdown:
        """A fact of survey.yaml or of the wave, such as the first day of fieldwork."""
        return self._number(name, "fact")

    def previous(self, name: str) -> Markdown:
        """The value in the wave before: previous("q2a.agree") -> 21%; of wave.title, its name."""
        return self._number(f"{name}:previous", "previous", "fact", "count")

    def change(self, name: str) -> Markdown:
        """The change since the wave before: up 7 points, or that there is no clear change."""
        return self._number(f"{name}:change", "change")

    def words(self, name: str, capital: bool = False) -> Markdown:
        """A percentage in words: just over a fifth. With `capital` it begins a sentence."""
        figure = self._figure(name, "percent", "max", "min")
        if figure is None:
            return Markdown("?")
        words = share_in_words(figure.value)
        return self._span(name, words[0].upper() + words[1:] if capital else words)

    def interval(self, name: str) -> Markdown:
        """The 95% interval of a percentage, mean or median: interval("q1.yes") -> 28% to 39%."""
        figure = self._figure(name, "percent", "mean", "median")
        if figure is None:
            return Markdown("?")
        text = (
            ""
            if figure.suppressed
            else interval_text(earlier.kind_of(figure.statistic), figure.lower, figure.upper)
        )
        if not text:
            self._problem(f"'{name}' has no interval", remedy="show it without one")
            return Markdown("?")
        return self._span(name, text)

    def p(self, name: str) -> Markdown:
        """The p value of a test of two questions: p("q1@region:rao_scott") -> 0.03."""
        return self._number(name, "rao_scott")

    def cite(self, value: object, source: str) -> Markdown:
        """A number that comes from outside the data, with its source."""
        if not source.strip():
            self._problem(f"cite({value!r}) has no source", remedy="say where the number is from")
        return Markdown(f"[{escape(value)}]{{.cite data-source={attribute(source)}}}")

    def claim(self, check: str, text: str) -> Markdown:
        """Words of comparison, tied to a check over estimates: claim("a > b", "more often")."""
        try:
            verdict = evaluate(check, self.figures)
        except CheckError as error:
            self._problem(str(error))
            return Markdown("?")
        except UnknownEstimateError as error:
            if not self._told_retired(error.name, "the claim"):
                found = f"the check names the unknown estimate '{error.name}'"
                self._problem(found, near=error.near)
            return Markdown("?")
        self.claims.append(Claim(check, text, verdict.holds, verdict.says, self._line()))
        return Markdown(f'[{escape(text)}]{{.claim data-claim="{len(self.claims)}"}}')

    def label(self, name: str) -> Markdown:
        """The words of an answer, as respondents read them: label("q10a.mostly_top_down")."""
        question, _, answer = name.partition(".")
        scale = self._scales.get(question)
        if scale is None or answer not in scale.answers:
            if self._told_retired(name, "the words"):
                return Markdown("?")
            names = [f"{question}.{answer}" for answer in scale.answers] if scale else self._scales
            self._problem(f"there is no answer '{name}'", near=nearest(name, names))
            return Markdown("?")
        words = scale.label(answer)
        return Markdown(f"[{escape(words[0].lower() + words[1:])}]{{.label}}")

    def chart(self, name: str) -> Markdown:
        """A chart of exhibits.yaml, with its alternative text."""
        exhibit = self._exhibit(name)
        if not exhibit:
            return Markdown("?")
        if not exhibit.get("svg"):
            self._problem(f"the exhibit '{name}' is a table", remedy=f'use table("{name}")')
            return Markdown("?")
        alt = attribute(exhibit["alt"])
        return Markdown(
            f'![](exhibits/{exhibit["svg"]}){{.chart fig-alt={alt} data-exhibit="{name}"}}'
        )

    def table(self, name: str) -> Markdown:
        """A table of exhibits.yaml; each number leads to its estimate."""
        exhibit = self._exhibit(name)
        if not exhibit:
            return Markdown("?")
        if "rows" not in exhibit:
            self._problem(f"the exhibit '{name}' has no table", remedy=f'use chart("{name}")')
            return Markdown("?")
        header, *rows = table_cells(exhibit)
        numeric = [column > 0 for column in range(len(header))]
        rule = "|".join("---:" if right else ":---" for right in numeric)
        lines = ["| " + " | ".join(header) + " |", f"|{rule}|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        return Markdown("\n".join(lines))

    def note(self, *names: str) -> Markdown:
        """The line under exhibits: who was asked and how many answered."""
        exhibits = [exhibit for name in names if (exhibit := self._exhibit(name))]
        return Markdown("::: {.base}\n" + note_line(exhibits) + "\n:::")

    def comments(self, question: str, n: int) -> Markdown:
        """The next `n` cleared comments on a question, or on several with + between; each once."""
        chosen: list[Comment] = []
        names = [name.strip() for name in question.split("+")]
        for name in names:
            waiting = self._waiting.get(name, [])
            while waiting and len(chosen) < n:
                chosen.append(waiting.pop(0))
        if len(chosen) < n and not self._told_retired(names[0], "the comments"):
            cleared = sum(self._published.get(name, 0) for name in names)
            self._problem(
                f"comments({question!r}, {n}): only {len(chosen)} left of {cleared} cleared",
                expected=f"{n} comments with the decision 'publish'",
                near=nearest(names[0], self._published) if not cleared else "",
                remedy="clear more in comments.xlsx (awaiting.csv under processed/ lists those"
                " without a decision), or show fewer",
            )
        cards = [
            f"::: {{.comment}}\n> {escape(comment.text)}\n\n"
            f"[{escape(comment.attribution)}]{{.attribution}}\n:::"
            for comment in chosen
        ]
        return Markdown(":::: {.comments}\n" + "\n\n".join(cards) + "\n::::")

    def contents(self) -> Markdown:
        """The list of sections with their slide numbers, as links."""
        return Markdown(CONTENTS_MARK)

    def _number(self, name: str, *statistics: str) -> Markdown:
        figure = self._figure(name, *statistics)
        return self._span(name, figure.text) if figure else Markdown("?")

    def _span(self, name: str, text: str) -> Markdown:
        return Markdown(f"[{escape(text)}]{{.estimate data-estimate={attribute(name)}}}")

    def _figure(self, name: str, *statistics: str) -> Figure | None:
        try:
            figure = self.figures[name]
        except UnknownEstimateError as error:
            if not self._told_retired(error.name, "the number"):
                self._problem(
                    f"there is no estimate '{error.name}'",
                    near=error.near,
                    remedy="mend the id, or add what it needs to survey.yaml",
                )
            return None
        if earlier.is_value(figure.statistic) and figure.change_note:
            self._problem(
                f"'{name}' cannot be compared: {figure.change_note}",
                remedy="leave that wave out of the sentence, or say so in words",
            )
        if earlier.kind_of(figure.statistic) not in statistics:
            wanted = " or ".join(statistics)
            self._problem(
                f"'{name}' is a {figure.statistic} and not a {wanted}",
                remedy="use the word for its kind: pct, count, base, mean, median or fact",
            )
        return figure

    def _exhibit(self, name: str) -> dict[str, Any] | None:
        if name not in self._exhibits and self._told_retired(name, "the slide"):
            return None
        if name not in self._exhibits:
            self._problem(
                f"there is no exhibit '{name}'",
                expected=", ".join(self._exhibits),
                near=nearest(name, self._exhibits),
                remedy="mend the name, or add the exhibit to exhibits.yaml",
            )
            return None
        return self._exhibits[name]

    def _told_retired(self, name: str, what: str) -> bool:
        """Whether `name` is of what was retired; if so, that is said."""
        told = gone(name, self._retired)
        if told:
            self._problem(told, remedy=take_out(what, Path(self._template)))
        return bool(told)

    def _problem(self, found: str, expected: str = "", near: str = "", remedy: str = "") -> None:
        where = f"{self._template}, line {self._line()}"
        self.problems.append(Problem(where, found, expected, near, remedy))

    def _line(self) -> int:
        """The line of the template that is being rendered."""
        frame = sys._getframe()
        while frame is not None:
            template = frame.f_globals.get("__jinja_template__")
            if template is not None and template.filename == self._template:
                return int(template.get_corresponding_lineno(frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment]
        return 0
