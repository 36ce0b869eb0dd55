"""A small survey to weight: files as a user has them, to spoil and to run the stage on."""

from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import yaml

from wavedeck import weight
from wavedeck.errors import WavedeckError

SURVEY: dict[str, Any] = {
    "title": "A survey",
    "organisations": "councils",
    "export": {"sheet": "Responses", "columns": {"response": "ID", "organisation": "Council"}},
    "questions": {
        "kind": {
            "type": "single",
            "text": "Type",
            "column": "Type",
            "scale": {
                "options": {"county": "County", "unitary": "Unitary", "district": "District"}
            },
        },
        "region": {
            "type": "single",
            "text": "Region",
            "column": "Region",
            "scale": {"options": {"north": "North", "middle": "Middle", "south": "South"}},
        },
    },
    "frame": {
        "workbook": "frame.xlsx",
        "sheet": "Councils",
        "columns": {"kind": "Type", "region": "Region"},
        "label": "all councils",
        "source": "a list",
    },
    "outside_frame": {"kind": ["district"]},
    "weighting": {"margins": ["kind", "region"], "lower": 0.2, "upper": 4},
}
LABELS = {
    name: list(question["scale"]["options"].values())
    for name, question in SURVEY["questions"].items()
}
WAVE = {
    "title": "Spring",
    "workbook": "export.xlsx",
    "fieldwork": {"start": "2020-03-01", "end": "2020-03-31"},
    "published": "2020-05-01",
}
# (organisation, kind, region); councils of the frame: 3, 1, 1, 1, 1, 2.
ANSWERS = [
    *(("Ash", "County", "North"), ("Ash", "County", "North"), ("Beech", "County", "North")),
    *(("Cedar", "County", "North"), ("Elm", "County", "Middle"), ("Fir", "County", "South")),
    *(("Hazel", "Unitary", "North"), ("Larch", "Unitary", "Middle"), ("Maple", "Unitary", "South")),
    *(("Oak", "Unitary", "South"), ("Pine", "District", "South")),
]
FRAME = [["Type", "Region"]] + [
    [kind, region]
    for kind, region, times in (
        *(("County", "North", 5), ("County", "Middle", 5), ("County", "South", 5)),
        *(("Unitary", "North", 6), ("Unitary", "Middle", 4), ("Unitary", "South", 5)),
    )
    for _ in range(times)
]
COUNTS = {"kind": {"county": 15, "unitary": 15}, "region": {"north": 11, "middle": 9, "south": 10}}


class Project:
    """survey.yaml, wave.yaml, answers and a frame, to spoil and to weight."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.survey = copy.deepcopy(SURVEY)
        self.wave: dict[str, Any] = dict(WAVE)
        self.answers: list[tuple[str, ...]] = list(ANSWERS)
        self.frame: list[list[Any]] = [list(row) for row in FRAME]

    def counts(self, counts: dict[str, Any] = COUNTS, **more: Any) -> Project:
        self.survey["frame"] = {"label": "all", "source": "a census", "counts": counts, **more}
        return self

    def weighting(self, **changes: Any) -> Project:
        self.survey["weighting"] |= changes
        return self

    def run(self) -> None:
        (self.folder / "survey.yaml").write_text(yaml.safe_dump(self.survey, sort_keys=False))
        (self.folder / "wave.yaml").write_text(yaml.safe_dump(self.wave, sort_keys=False))
        book = openpyxl.Workbook()
        book.active.title = "Councils"
        for row in self.frame:
            book.active.append(row)
        book.save(self.folder / "frame.xlsx")
        codes = {
            name: [LABELS[name].index(row[at]) + 1 if row[at] else -2 for row in self.answers]
            for at, name in enumerate(("kind", "region"), start=1)
        }
        table = {
            "respondent": [f"k:{number}" for number in range(len(self.answers))],
            "response": [f"R{number}" for number in range(len(self.answers))],
            "row": list(range(2, len(self.answers) + 2)),
            "organisation": [row[0] for row in self.answers],
        }
        own = {name: pa.array(values, pa.int8()) for name, values in codes.items()}
        parquet.write_table(pa.table(table | own), self.folder / "answers.parquet")
        names = {"survey": "survey.yaml", "wave": "wave.yaml", "answers": "answers.parquet"}
        names |= {"frames": ".", "weights": "weights.parquet", "margins": "margins.parquet"}
        names |= {"bounds": "bounds.csv", "summary": "weighting.json"}
        weight.main([p for n, file in names.items() for p in (f"--{n}", str(self.folder / file))])

    def fails(self) -> str:
        with pytest.raises(WavedeckError) as caught:
            self.run()
        assert not (self.folder / "weights.parquet").exists()
        return str(caught.value)

    def rows(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = parquet.read_table(self.folder / name).to_pylist()
        return found

    @property
    def weights(self) -> list[float]:
        return [row["weight"] for row in self.rows("weights.parquet")]

    @property
    def margins(self) -> dict[str, dict[str, Any]]:
        return {f"{r['margin']}.{r['category']}": r for r in self.rows("margins.parquet")}

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "weighting.json").read_text())
        return found

    @property
    def bounds(self) -> list[dict[str, str]]:
        with (self.folder / "bounds.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))
