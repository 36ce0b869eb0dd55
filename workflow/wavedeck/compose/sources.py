"""evidence.json: the public chain of every number that a deck shows, for its panel and annex.

Texts repeat a lot over the estimates of a deck, so that each piece of text stands once, in `words`,
and all else are places in that list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wavedeck import files
from wavedeck.chain import Chain, chain_of, needed
from wavedeck.compose.slides import slides_of
from wavedeck.csvfile import read_csv
from wavedeck.letters import isolated
from wavedeck.overview import Source
from wavedeck.recipes import Recipe, recipe_of
from wavedeck.survey import Survey
from wavedeck.survey.overview import MARK, split

_ESTIMATE = re.compile(r'data-estimate="([^"]+)"')
_EXHIBIT = re.compile(r'data-exhibit="([^"]+)"')
_COLUMNS = ["id", "question", "item", "answer", "subset", "statistic", "numerator", "base"]
_COLUMNS += ["weighted_base", "value", "text", "suppressed", "label", "weighted", "change"]
_COLUMNS += ["change_se", "change_p", "change_note", "standard_error", "lower", "upper"]
_COLUMNS += ["design_effect", "letters", "against_rest"]


class Words:
    """Pieces of text, each once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, piece: str) -> int:
        return self._places.setdefault(piece, len(self._places))

    def text(self, text: str, repeated: Iterable[str] = ()) -> list[int]:
        """`text` as pieces, cut around what is repeated in others."""
        pieces = [text]
        for part in repeated:
            pieces = [
                piece
                for whole in pieces
                for piece in ([whole] if whole == part else _around(whole, part))
            ]
        return [self.place(piece) for piece in pieces]

    def list(self) -> list[str]:
        return [isolated(piece) for piece in self._places]


def _around(whole: str, part: str) -> list[str]:
    if not part:
        return [whole]
    before, found, after = whole.partition(part)
    return [piece for piece in (before, found, after) if piece]


def evidence(
    deck: str,
    exhibits: Path,
    estimates: Path,
    survey: Survey,
    edition: str,
    studies: Mapping[str, Source] | None = None,
) -> dict[str, Any]:
    """What evidence.json holds, for a deck, its folder of exhibits and estimates.parquet; of an
    overview the studies too, by name.

    `estimates`: by id the value as shown, the label, and the facts, [name, piece, piece …] each,
    all as places in `words`. `exhibits`: by name the title and the rows of the data, [label,
    [[series, id] …]] each. `slides`: by number the ids in its text and the names of its charts.
    """
    slides = _slides(deck)
    index = json.loads((exhibits / "index.json").read_text(encoding="utf-8"))["exhibits"]
    used = {name for slide in slides.values() for name in slide["exhibits"]}
    ids = list(dict.fromkeys(name for slide in slides.values() for name in slide["estimates"]))
    data = {name: _data(exhibits / index[name]["data"]) for name in sorted(used)}
    for exhibit in data:
        ids += [name for name in index[exhibit]["described"] if name not in ids]
    known = {"": _Known(estimates, survey, ids, "", edition)}
    for study, source in (studies or {}).items():
        known[study] = _Known(source.estimates, source.survey, ids, study, edition, source.name)
    words = Words()
    found: dict[str, Any] = {}
    for name in ids:
        study, own = split(name)
        chain = known[study].chain(own)
        recipe = known[study].recipe(own)
        repeated = [recipe.answered[0].words] if recipe and len(recipe.answered) == 1 else []
        for test in (recipe.within, recipe.chosen) if recipe else ():
            repeated += [test.words] if test else []
        found[name] = _packed(chain, words, repeated)
    return {
        "edition": edition,
        "estimates": found,
        "exhibits": {
            name: {
                "title": words.place(index[name]["title"]),
                "number": words.place(index[name]["number"]),
                "rows": [
                    [words.place(label), [[words.place(series), id_] for series, id_ in points]]
                    for label, points in rows_of.items()
                ],
            }
            for name, rows_of in data.items()
        },
        "slides": slides,
        "words": words.list(),
    }


class _Known:
    """Rows of one study that a deck needs, by the study's own ids."""

    def __init__(
        self,
        estimates: Path,
        survey: Survey,
        ids: Iterable[str],
        study: str,
        edition: str,
        name: str = "",
    ) -> None:
        wanted = [own for own_study, own in map(split, ids) if own_study == study]
        self._survey, self._study, self._name = survey, study, name
        self._rows = _rows(estimates, needed(wanted, survey), edition == "weighted")

    def chain(self, own: str) -> Chain:
        found = chain_of(self._rows[own], self._rows, self._survey)
        if not self._study:
            return found
        return replace(
            found, id=f"{self._study}{MARK}{own}", facts={"Study": self._name} | found.facts
        )

    def recipe(self, own: str) -> Recipe | None:
        return recipe_of(self._rows[own], self._survey)


def _data(path: Path) -> dict[str, list[tuple[str, str]]]:
    """By row of a chart's data: (series, estimate id) in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_csv(path):
        found.setdefault(row["row"], []).append((row["series"], row["estimate"]))
    return found


def _slides(deck: str) -> dict[str, dict[str, list[str]]]:
    """By slide number: ids of the numbers in its text, in order, and names of its charts."""
    slides, lines = slides_of(deck), deck.splitlines()
    found = {}
    for slide, after in zip(slides, [*slides[1:], None], strict=True):
        body = "\n".join(lines[slide.line - 1 : after.line - 1 if after else None])
        ids = list(dict.fromkeys(_ESTIMATE.findall(body)))
        charts = list(dict.fromkeys(_EXHIBIT.findall(body)))
        if ids or charts:
            found[str(slide.number)] = {"estimates": ids, "exhibits": charts}
    return found


def _rows(path: Path, ids: set[str], weighted: bool) -> dict[str, dict[str, Any]]:
    """Rows of estimates.parquet by id."""
    import pyarrow as pa
    import pyarrow.compute as compute

    table = files.read_table(path, _COLUMNS, weighted=weighted)
    table = table.filter(compute.is_in(table["id"], pa.array(sorted(ids))))
    return {row["id"]: row for row in table.to_pylist()}


def _packed(chain: Chain, words: Words, repeated: list[str]) -> list[Any]:
    """[value, [label], [[name, piece, piece …], …]], all as places."""
    facts = []
    for name, text in chain.facts.items():
        if name == "Definition":
            pieces = words.text(text, repeated)
        else:
            pieces = words.text(text, ["half up to a whole percentage, from "])
        facts.append([words.place(name), *pieces])
    label = words.text(chain.label, [chain.label.partition(": ")[2]])
    return [words.place(chain.text), label, facts]
