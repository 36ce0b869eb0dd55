"""An overview's estimates against those of its studies, and these against their own manifests."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from wavedeck.files import read_table, sha256_of
from wavedeck.layout import WaveFiles
from wavedeck.overview import Source, sources_of
from wavedeck.survey import Survey, Wave
from wavedeck.survey.overview import MARK, split
from wavedeck.verify import plain
from wavedeck.verify.failures import Report
from wavedeck.verify.raw import Row

_FILE = "estimates.parquet"


def check_overview(
    wave: WaveFiles, survey: Survey, described: Wave, report: Report
) -> dict[str, list[Row]]:
    """Every row of the overview's table is the unweighted row of its study, or a fact of its own.

    That the studies' rows follow from their workbooks, `wavedeck verify` of each study says.
    """
    path = wave.processed / _FILE
    rows: list[Row] = report.attempt(path, lambda: read_table(path).to_pylist()) or []
    studies = sources_of(wave)
    known = {name: _rows_of(source, report) for name, source in studies.items()}
    facts = dict(plain.facts_of(survey, described))
    seen = set()
    for row in rows:
        report.checked["estimates"] += 1
        study, own = split(row["id"])
        seen.add(row["id"])
        if not study:
            expected = facts.get(own)
            if report.check(expected is not None, path, own, "no such fact", "one of the overview"):
                assert expected is not None
                report.equal(row["text"], expected.text, path, own)
            continue
        there = known.get(study, {}).get(own)
        if report.check(there is not None, path, row["id"], "no such estimate", "one of a study"):
            assert there is not None
            for column, value in row.items():
                if column != "id" and not _same(value, there[column]):
                    report.check(False, path, f"{row['id']}, {column}", value, there[column])
    for study, own_rows in known.items():
        for own in own_rows:
            name = f"{study}{MARK}{own}"
            report.check(name in seen, path, name, "no such row", "an estimate of the study")
    return {"estimates": rows}


def _rows_of(source: Source, report: Report) -> Mapping[str, Row]:
    """Unweighted rows of a study by id; the file must be what the study's manifest vouches for."""
    manifest = source.wave.report / "audit" / "manifest.json"

    def told() -> str:
        listed = json.loads(manifest.read_text(encoding="utf-8"))["processed"]
        return str(listed[(source.wave.processed / _FILE).as_posix()]["sha256"])

    path = source.estimates
    expected = report.attempt(manifest, told)
    if expected:
        report.equal(sha256_of(path), expected, path, f"sha256 (study {source.name})")
    report.checked["studies"] += 1
    return {row["id"]: row for row in read_table(path, weighted=False).to_pylist()}


def _same(one: object, other: object) -> bool:
    nothing = all(isinstance(value, float) and math.isnan(value) for value in (one, other))
    return nothing or one == other
