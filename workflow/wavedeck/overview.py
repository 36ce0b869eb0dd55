"""overview: estimates of several studies -> one table, each id with its study before it.

An overview has no answers of its own. Its estimates are those of its studies, as they stand there
and unweighted, and the facts of overview.yaml.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from wavedeck import files, yamlfile
from wavedeck.errors import Problem, WavedeckError, nearest
from wavedeck.estimate.named import facts_of
from wavedeck.estimate.table import Estimate
from wavedeck.layout import Project, WaveFiles
from wavedeck.survey import Survey, load_codebook
from wavedeck.survey.overview import MARK, Overview

COLUMNS = [*Estimate._fields]


@dataclass(frozen=True)
class Source:
    """A study of an overview, with its files."""

    name: str
    """What it is, in words."""
    wave: WaveFiles
    survey: Survey

    @property
    def estimates(self) -> Path:
        return self.wave.built("estimates.parquet")


def load(path: Path) -> Overview:
    """Read overview.yaml. Raises WavedeckError for a study that there is no wave of, too."""
    overview, document = yamlfile.load(path, Overview)
    project = Project(path.parents[3])
    known = [name for name in project.waves() if not project.wave(name).is_overview]
    problems = [
        Problem(
            document.where("studies", name, "wave"),
            f"there is no wave '{study.wave}'",
            expected=", ".join(known),
            nearest=nearest(study.wave, known),
            remedy="mend the name",
        )
        for name, study in overview.studies.items()
        if study.wave not in known
    ]
    if problems:
        raise WavedeckError(*problems)
    return overview


def sources(path: Path) -> dict[str, Source]:
    """The studies of an overview.yaml, by name."""
    project = Project(path.parents[3])
    found = {}
    for name, study in load(path).studies.items():
        wave = project.wave(study.wave)
        survey, _ = load_codebook(wave.codebook, wave.described)
        found[name] = Source(study.name, wave, survey)
    return found


def sources_of(wave: WaveFiles) -> dict[str, Source]:
    """The studies of an overview; none for the wave of a survey."""
    return sources(wave.codebook) if wave.is_overview else {}


def gather(
    own: Mapping[str, Estimate], studies: Mapping[str, list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """Rows of the overview's table: its own facts, then the unweighted rows of each study."""
    for name, fact in own.items():
        yield fact._asdict() | {"id": name}
    for study, rows in studies.items():
        for row in rows:
            if not row["weighted"]:
                told = {column: row[column] for column in COLUMNS}
                yield told | {"id": f"{study}{MARK}{row['id']}"}


def own_facts(survey: Survey, path: Path) -> dict[str, Estimate]:
    """Facts of overview.yaml, and its name; an overview has no fieldwork."""
    _, wave = load_codebook(path, path)
    found = dict(facts_of(survey, wave))
    return {name: fact for name, fact in found.items() if not name.startswith("fieldwork.")}


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck overview", description=__doc__)
    for flag in ("overview", "estimates", "source"):
        parser.add_argument(f"--{flag}", type=Path, required=True)
    arguments = parser.parse_args(argv)
    path = arguments.overview
    survey = load(path).as_survey()
    studies = {
        name: files.read_table(source.estimates).to_pylist()
        for name, source in sources(path).items()
    }
    rows = list(gather(own_facts(survey, path), studies))
    schema = next(iter(sources(path).values())).estimates
    kinds = files.read_table(schema, COLUMNS).schema
    files.write_table(arguments.estimates, pa.Table.from_pylist(rows, schema=kinds))
    source = {
        "workbook": path.name,
        "sha256": files.sha256_of(path),
        "sheet": "",
        "sheets": [],
        "columns": [],
    }
    files.write_text(arguments.source, json.dumps(source, indent=1) + "\n")
