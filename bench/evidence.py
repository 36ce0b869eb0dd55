"""Trace and verify: the 2017 wave, and waves of many respondents made by repeating its answers.

make report && python bench/evidence.py
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from wavedeck import estimate, files  # noqa: E402
from wavedeck.answers import Answers  # noqa: E402
from wavedeck.cells import from_table, to_table  # noqa: E402

WAVE = "stp-councillors/2017"
SIZES = (25_000, 50_000, 100_000)


def seconds(command: list[str], folder: Path, runs: int = 5) -> float:
    """Median wall time of a whole process."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        if result.returncode:
            sys.exit(result.stdout + result.stderr)
    return statistics.median(times)


def wavedeck(*arguments: str) -> list[str]:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'workflow')!r}); sys.argv = ['wavedeck', "
    code += ", ".join(map(repr, arguments)) + "]; from wavedeck.__main__ import run; run()"
    return [sys.executable, "-c", code]


def repeated(project: Path, respondents: int) -> tuple[float, float]:
    """Give the wave `respondents` respondents; seconds to write its cells, and to estimate."""
    folder = project / "processed" / WAVE
    own = ROOT / "processed" / WAVE
    cells = from_table(files.read_table(own / "cells.parquet"))
    answers = Answers.from_table(files.read_table(own / "answers.parquet"))
    times = respondents // len(answers) + 1
    start = time.perf_counter()
    rows = list(range(2, 2 + times * len(cells.rows)))
    large = replace(
        cells,
        respondents=[f"{key}-{n}" for n in range(times) for key in cells.respondents],
        rows=rows,
        columns=[
            replace(c, rows=rows, values=c.values * times, types=c.types * times)
            for c in cells.columns
        ],
    )
    files.write_table(folder / "cells.parquet", to_table(large), group=len(large.rows))
    wrote = time.perf_counter() - start
    step = len(cells.rows)
    many = Answers(
        [f"{key}-{n}" for n in range(times) for key in answers.respondents],
        [f"{key}-{n}" for n in range(times) for key in answers.responses],
        [row + n * step for n in range(times) for row in answers.rows],
        answers.organisations * times,
        {
            name: pa.concat_arrays([pa.array(c)] * times).to_numpy()
            for name, c in answers.codes.items()
        },
    )
    files.write_table(folder / "answers.parquet", many.to_table())
    weights = pa.concat_tables([files.read_table(own / "weights.parquet")] * times)
    weights = weights.set_column(0, "respondent", pa.array(many.respondents))
    files.write_table(folder / "weights.parquet", weights)
    raw, survey = ROOT / "raw" / WAVE, ROOT / "surveys" / WAVE.split("/")[0]
    start = time.perf_counter()
    arguments = ["--survey", survey / "survey.yaml", "--wave", raw / "wave.yaml"]
    for name in ("answers", "weights"):
        arguments += [f"--{name}", folder / f"{name}.parquet"]
    for name in ("comments", "margins"):
        arguments += [f"--{name}", own / f"{name}.parquet"]
    arguments += ["--weighting", own / "weighting.json"]
    estimate.main([str(a) for a in [*arguments, "--estimates", folder / "estimates.parquet"]])
    return wrote, time.perf_counter() - start


def main() -> None:
    verify = seconds(wavedeck("verify", WAVE), ROOT)
    trace = seconds(wavedeck("trace", WAVE, "q2a.disagree"), ROOT)
    print("| the 2017 wave, whole process | seconds | target |\n|---|---|---|")
    print(f"| wavedeck verify | {verify:.2f} | at most half of a build |")
    print(f"| wavedeck trace, one id | {trace:.2f} | under 1 |")
    print("\n| respondents | cells, s | estimates, s | trace of one id, s | target |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv", ".snakemake", "tests", "audit", "logs")
        shutil.copytree(ROOT, project, ignore=ignored)
        for size in SIZES:
            wrote, estimated = repeated(project, size)
            traced = seconds(wavedeck("trace", WAVE, "q2a.disagree"), project)
            target = "under 2" if size == SIZES[-1] else ""
            print(f"| {size:,} | {wrote:.1f} | {estimated:.1f} | {traced:.2f} | {target} |")
    for deck in sorted((ROOT / "processed" / WAVE / "deck").glob("*/evidence.json")):
        data = json.dumps(json.loads(deck.read_text(encoding="utf-8")), separators=(",", ":"))
        print(f"\nPanel data of the {deck.parent.name} deck: {len(data) / 1000:.0f} kB (under 300)")


if __name__ == "__main__":
    main()
