"""Measurements of the whole, side by side in one run: medians of five and their ratios.

    make bench

Builds run in a copy under a temporary folder, with the embedded engine and one edition. Machines
are noisy: trust ratios.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from openpyxl import load_workbook

ROOT = Path(__file__).parents[1]
RUNS = 5
WARM = str(Path(__file__).with_name("warm.py"))
WAVE = "stp-councillors/2017"
DECKS = [f"report/{WAVE}/deck.{format}" for format in ("html", "pdf")]
EXPORT = f"raw/{WAVE}/stp-councillors-2017.xlsx"


def copy_project(target: Path) -> Path:
    shutil.copytree(
        ROOT,
        target,
        ignore=shutil.ignore_patterns(
            ".git",
            ".venv",
            ".snakemake",
            "processed",
            "report",
            "logs",
            "__pycache__",
            "tests",
            "docs",
        ),
    )
    own = {"waves": [WAVE], "editions": ["unweighted"], "deck_engine": "embedded"}
    (target / "config.yaml").write_text(yaml.safe_dump(own))
    return target


def run(command: list[str], folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout + result.stderr


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(figures: list[float]) -> float:
    return statistics.median(figures)


def spread(figures: list[float]) -> str:
    return f"{median(figures):.2f} ({min(figures):.2f} to {max(figures):.2f})"


def cold_and_warm(folder: Path) -> None:
    project = copy_project(folder / "build")
    cold, warm, stages = [], [], []
    run(["snakemake"], project)  # fills the byte code and font caches, for both sides
    for _ in range(RUNS):
        for name in ("processed", "report", "logs", ".snakemake"):
            shutil.rmtree(project / name, ignore_errors=True)
        cold.append(seconds(lambda: run(["snakemake", *DECKS], project)))
        told = run([sys.executable, WARM, *DECKS], project)
        times = {line.split()[0]: float(line.split()[1]) for line in told.splitlines()}
        stages.append(times)
        warm.append(sum(times.values()))
    print("| stage, warm | seconds |\n|---|---|")
    for stage in stages[0]:
        print(f"| {stage} | {median([times[stage] for times in stages]):.2f} |")
    print("\n| build of the 2017 wave, one edition, HTML and PDF | seconds | ratio | target |")
    print("|---|---|---|---|")
    print(f"| all stages in one warm process | {spread(warm)} | 1 | |")
    ratio = median([c / w for c, w in zip(cold, warm, strict=True)])
    print(f"| cold `snakemake` | {spread(cold)} | {ratio:.2f} | at most 2, under 20 s |")


def no_op(folder: Path) -> None:
    project = folder / "build"
    bare = folder / "bare"
    bare.mkdir()
    (bare / "Snakefile").write_text(
        'rule all:\n    output:\n        "done",\n    shell:\n        "touch done"\n'
    )
    run(["snakemake", "--cores", "2"], bare)
    run(["snakemake"], project)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds(lambda: run(["snakemake"], project)))
        theirs.append(seconds(lambda: run(["snakemake", "--cores", "2"], bare)))
    ratio = median([a / b for a, b in zip(ours, theirs, strict=True)])
    print("\n| nothing to do | seconds | ratio | target |\n|---|---|---|---|")
    print(f"| a bare Snakefile, one finished target | {spread(theirs)} | 1 | |")
    print(f"| this project | {spread(ours)} | {ratio:.2f} | at most 1.3 |")


def one_answer(folder: Path) -> None:
    project = folder / "build"
    workbook = load_workbook(project / EXPORT)
    sheet = workbook["Responses"]
    column = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Q1."))
    old = sheet.cell(5, column).value
    sheet.cell(5, column, "Nothing at all" if old != "Nothing at all" else "A great deal")
    workbook.save(project / EXPORT)
    said: list[str] = []
    took = seconds(lambda: said.append(run(["snakemake"], project)))
    rules = re.findall(r"^Finished jobid: \d+ \(Rule: (\w+)\)", said[0], re.M)
    print("\n| one changed answer | seconds | jobs |\n|---|---|---|")
    print(f"| rebuild | {took:.2f} | {', '.join(rules)} |")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for measure in (cold_and_warm, no_op, one_answer):
            measure(Path(name))


if __name__ == "__main__":
    main()
