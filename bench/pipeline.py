"""The whole workflow behind the answers on generated waves: seconds and peak memory of each rule.

    python bench/pipeline.py [respondents ...]

Snakemake runs every rule from weight to audit in a scratch project, one at a time, and measures it.
The first size that is named is the measure of growth: seconds grow with the rows, or slower.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from wavedeck import files  # noqa: E402
from wavedeck.answers import Answers  # noqa: E402
from waves import BANNER, MARGINS, OPTIONS, QUESTIONS, Generated, generated  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
RULES = [
    "weight",
    "estimate",
    "draw",
    "awaiting",
    "compose",
    "render",
    "publish",
    "publish_csv",
    "spss",
    "audit",
    "all",
]
WAVE = "generated/1"
SHOWN = 12
"""Questions on slides of their own."""


def codebook(wave: Generated) -> str:
    """survey.yaml: everyone of the frame is a person, known by its shares."""
    sizes = MARGINS | BANNER
    scales = {f"of_{size}": size for size in {*sizes.values(), OPTIONS}}
    lines = ["title: Generated", "export: {sheet: Answers}", "scales:"]
    for name, size in scales.items():
        options = ", ".join(f"o{code}: Option {code}" for code in range(1, size + 1))
        lines.append(f"  {name}: {{options: {{{options}}}}}")
    lines.append("questions:")
    asked = {f"q{number}": OPTIONS for number in range(1, QUESTIONS + 1)}
    for name, size in (sizes | asked).items():
        told = f"type: single, text: {name}, column: {name}, scale: of_{size}"
        lines.append(f"  {name}: {{{told}}}")
    lines += [f"banner: [{', '.join(BANNER)}]", "frame:", "  label: all", "  source: generated"]
    lines += ["  counts_are: shares", "  counts:"]
    for name, shares in wave.targets.items():
        cells = ", ".join(f"o{code}: {100 * s:.6f}" for code, s in enumerate(shares, start=1))
        lines.append(f"    {name}: {{{cells}}}")
    lines.append(f"weighting: {{margins: [{', '.join(MARGINS)}], lower: 0.1, upper: 10}}")
    return "\n".join(lines) + "\n"


def write_answers(wave: Generated, team: Path, raw: Path, processed: Path) -> None:
    """The wave as the clean stage would have left it."""
    (team / "survey.yaml").write_text(codebook(wave))
    (raw / "wave.yaml").write_text(
        "title: Generated\nworkbook: none.xlsx\n"
        "fieldwork: {start: 2020-03-01, end: 2020-04-02}\npublished: 2020-05-01\n"
    )
    names = [f"r{number}" for number in range(len(wave))]
    codes = {name: (c + 1).astype(np.int8) for name, c in wave.margins.items()}
    codes |= {name: np.where(c > 0, c, -2).astype(np.int8) for name, c in wave.answers.items()}
    rows = list(range(2, len(wave) + 2))
    table = Answers(names, names, rows, names, codes).to_table()
    files.write_table(processed / "answers.parquet", table)
    comments = pa.table(
        {"question": pa.array([], pa.string()), "response": pa.array([], pa.string())}
    )
    files.write_table(processed / "comments.parquet", comments)


def project(folder: Path, respondents: int) -> Path:
    """A project whose one wave is there up to its answers."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".snakemake", "processed", "report", "raw", "surveys", "logs", "bench"
    )
    root = Path(shutil.copytree(ROOT, folder, ignore=ignored))
    team, raw, processed = (
        root / "surveys/generated",
        root / f"raw/{WAVE}",
        root / f"processed/{WAVE}",
    )
    for each in (team, raw, processed):
        each.mkdir(parents=True)
    write_answers(generated(respondents), team, raw, processed)
    _tables(processed)
    (team / "exhibits.yaml").write_text(exhibits())
    (team / "deck.qmd.j2").write_text(deck())
    settings = (root / "config.yaml").read_text().splitlines()
    kept = [line for line in settings if not line.startswith("  - ")]
    place = kept.index("waves:") + 1
    text = "\n".join([*kept[:place], f"  - {WAVE}", *kept[place:]])
    (root / "config.yaml").write_text(text.replace("deck_engine: auto", "deck_engine: embedded"))
    return root


def _tables(processed: Path) -> None:
    """What clean leaves beside answers and comments: no cell, no change, no remark."""
    texts = ("respondent", "question", "item", "header", "value", "type", "workbook", "sheet")
    none = {name: pa.array([], pa.string()) for name in texts}
    cells = none | {"row": pa.array([], pa.int32()), "column": pa.array([], pa.string())}
    files.write_table(processed / "cells.parquet", pa.table(cells))
    own = ("rule", "reason", "respondent", "response", "workbook", "sheet", "column", "cell")
    ledger = {name: pa.array([], pa.string()) for name in (*own, "question", "item", "old", "new")}
    files.write_table(processed / "ledger.parquet", pa.table(ledger | {"row": cells["row"]}))
    (processed / "quality.csv").write_text("check,where,count,note\n")
    source = {"workbook": "none.xlsx", "sha256": "0" * 64, "sheet": "Answers", "sheets": []}
    source |= {"columns": [], "contact": []}
    (processed / "source.json").write_text(json.dumps(source))


def exhibits() -> str:
    shown = [f"q{number}" for number in range(1, SHOWN + 1)]
    lines = [f"  {name}: {{kind: bars, question: {name}}}" for name in shown]
    lines.append("  by_group: {kind: breakdown, question: q1, answer: o1}")
    return "\n".join(["exhibits:", *lines]) + "\n"


def deck() -> str:
    slides = ["## {{ survey.title }} {#title .opening}\n"]
    for name in [*(f"q{number}" for number in range(1, SHOWN + 1)), "by_group"]:
        slides.append(f"## [Question {name}]{{.label}} {{#{name} .section}}\n")
        slides.append(f'{{{{ chart("{name}") }}}}\n\n{{{{ note("{name}") }}}}\n')
    return "\n".join(slides)


def measured(root: Path) -> dict[str, tuple[float, float]]:
    """Seconds and peak memory (MB) by rule; those of rules that run several times are added up, of
    memory the most is taken."""
    command = ["snakemake", "--cores", "1", "--quiet", "all", "--allowed-rules", *RULES]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if found.returncode:
        sys.exit(found.stdout + found.stderr)
    times: dict[str, tuple[float, float]] = {}
    for path in sorted(root.glob(f"logs/{WAVE}/*.tsv")):
        rule = path.stem.split("-")[0]
        with path.open() as stream:
            (row,) = csv.DictReader(stream, delimiter="\t")
        seconds, memory = times.get(rule, (0.0, 0.0))
        peak = float(row["max_rss"]) if row["max_rss"] not in ("-", "NA") else 0.0
        times[rule] = seconds + float(row["s"]), max(memory, peak)
    return times


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or SIZES
    print("| respondents | rule | seconds | peak memory, MB | grows by, for each tenfold |")
    print("|---|---|---|---|---|")
    before: dict[str, tuple[float, float]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            times = measured(project(Path(folder) / "project", size))
        for rule, (seconds, memory) in times.items():
            grown = f"{seconds / before[rule][0]:.1f}" if rule in before else ""
            print(f"| {size:,} | {rule} | {seconds:.1f} | {memory:,.0f} | {grown} |", flush=True)
        print(f"| {size:,} | all | {sum(s for s, _ in times.values()):.1f} | | |", flush=True)
        before = times


if __name__ == "__main__":
    main()
