"""Raking, and a whole banner with its errors, beside plain numpy and other libraries.

    make bench

Waves are generated (waves.py): 60 questions of five options, 14 banner columns, three margins. One
thread each, medians of five; peers that take long are run once, on some of the questions, and
scaled. Machines are noisy: trust ratios, which are to plain numpy in the same run.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = "1"

import importlib  # noqa: E402
import shutil  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from wavedeck.statistics.crossing import Crossing, Family  # noqa: E402
from wavedeck.statistics.crossing.estimates import Estimates  # noqa: E402
from wavedeck.statistics.raking import Margin, rake  # noqa: E402
from wavedeck.statistics.variance import Design, Raking  # noqa: E402
from waves import BANNER, OPTIONS, QUESTIONS, Generated, generated  # noqa: E402

SIZES = (100_000, 1_000_000)
RUNS = 5
ASKED = [f"q{number}" for number in range(1, QUESTIONS + 1)]
PER_QUESTION = 1 + len(BANNER)
"""Tables a question: everyone, and by each banner question."""


def measured(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds, after a first run that does not count."""
    if runs > 1:
        work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peer(name: str) -> Any:
    """A library, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# Raking.


def rake_rows(wave: Generated) -> np.ndarray:
    """Plain numpy, row by row: iterative proportional fitting to 1e-10."""
    weights = np.ones(len(wave))
    wanted = {name: shares * len(wave) for name, shares in wave.targets.items()}
    for _ in range(1000):
        for name, codes in wave.margins.items():
            totals = np.bincount(codes, weights, len(wanted[name]))
            weights *= (wanted[name] / totals)[codes]
        gaps = [
            np.abs(np.bincount(codes, weights, len(wanted[name])) / wanted[name] - 1).max()
            for name, codes in wave.margins.items()
        ]
        if max(gaps) <= 1e-10:
            return weights
    raise AssertionError("plain raking did not converge")


def rake_ours(wave: Generated) -> np.ndarray:
    margins = [
        Margin(name, [str(code) for code in range(len(shares))], wave.margins[name], shares)
        for name, shares in wave.targets.items()
    ]
    return rake(np.ones(len(wave)), margins, total=len(wave)).weights


def rake_weightipy(weightipy: Any, wave: Generated) -> Callable[[], np.ndarray]:
    pandas = importlib.import_module("pandas")
    frame = pandas.DataFrame(wave.margins)
    targets = {
        name: {code: 100 * share for code, share in enumerate(shares)}
        for name, shares in wave.targets.items()
    }
    scheme = weightipy.scheme_from_dict(targets)
    return lambda: weightipy.weight_dataframe(frame, scheme, "weight")["weight"].to_numpy()


def svy_sample(svy: Any, wave: Generated) -> Any:
    polars = importlib.import_module("polars")
    columns = {name: codes.astype(str) for name, codes in wave.margins.items()}
    columns |= {f"by_{name}": wave.answers[name] for name in BANNER}
    columns |= {name: wave.answers[name] for name in ASKED}
    frame = polars.DataFrame(columns | {"base": np.ones(len(wave))})
    return svy.Sample(frame, svy.Design(wgt="base"))


def svy_raked(sample: Any, wave: Generated) -> Any:
    controls = {
        name: {str(code): share * len(wave) for code, share in enumerate(shares)}
        for name, shares in wave.targets.items()
    }
    return sample.weighting.rake(controls=controls, tol=1e-10, max_iter=1000)


# The whole banner: percentages of every option, of everyone and in each column.


def shares_plain(wave: Generated, weights: np.ndarray) -> list[np.ndarray]:
    """Plain numpy, percentages only: a count by all banner questions at once for each question."""
    sizes = list(BANNER.values())
    together = np.zeros(len(wave), dtype=np.intp)
    for name, size in BANNER.items():
        together = together * size + wave.answers[name] - 1
    together *= OPTIONS + 1
    found = []
    for name in ASKED:
        length = (OPTIONS + 1) * int(np.prod(sizes))
        table = np.bincount(together + wave.answers[name], weights, length)
        table = table.reshape(*sizes, OPTIONS + 1)[..., 1:]
        for kept in (None, *range(len(sizes))):
            axes = tuple(axis for axis in range(len(sizes)) if axis != kept)
            sums = table.sum(axis=axes)
            found.append(sums / sums.sum(axis=-1, keepdims=True))
    return found


def shares_ours(wave: Generated, weights: np.ndarray) -> list[list[Estimates]]:
    """Percentages, bases and errors aware of the raking, and the columns' covariances."""
    raking = Raking(np.ones(len(wave)), list(wave.margins.values()))
    design = Design.of(weights, raking=raking)
    families = [Family({}, np.ones(len(wave), dtype=bool))]
    for name, size in BANNER.items():
        groups = {str(code): wave.answers[name] == code for code in range(1, size + 1)}
        families.append(Family(groups, wave.answers[name] > 0))
    crossing = Crossing(design, families)
    return crossing.estimates([wave.answers[name] for name in ASKED], np.eye(OPTIONS))


def shares_duckdb(duckdb: Any, wave: Generated, weights: np.ndarray) -> Callable[[], object]:
    """Percentages only: grouping sets for each question."""
    pyarrow = importlib.import_module("pyarrow")
    columns = {f"by_{name}": wave.answers[name] for name in BANNER}
    columns |= {name: wave.answers[name] for name in ASKED} | {"w": weights}
    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.register("arrow", pyarrow.table(columns))
    base.execute("CREATE TABLE wave AS SELECT * FROM arrow")
    by = [f"by_{name}" for name in BANNER]

    def ask() -> None:
        for name in ASKED:
            sets = ", ".join([f"({name})", *(f"({each}, {name})" for each in by)])
            base.execute(
                f"SELECT {', '.join(by)}, {name}, sum(w) FROM wave WHERE {name} > 0"
                f" GROUP BY GROUPING SETS ({sets})"
            ).fetchall()

    return ask


def shares_pandas(pandas: Any, wave: Generated, weights: np.ndarray) -> Callable[[], object]:
    """Percentages only."""
    columns = {f"by_{name}": wave.answers[name] for name in BANNER}
    frame = pandas.DataFrame(
        columns | {name: wave.answers[name] for name in ASKED} | {"w": weights}
    )

    def ask() -> None:
        for name in ASKED:
            answered = frame[frame[name] > 0]
            for by in (None, *columns):
                keys = [by, name] if by else [name]
                sums = answered.groupby(keys)["w"].sum()
                _ = sums / (sums.groupby(level=0).transform("sum") if by else sums.sum())

    return ask


def shares_svy(svy: Any, sample: Any) -> float:
    """Seconds for the whole banner, from one question."""
    start = time.perf_counter()
    for by in (None, *(f"by_{name}" for name in BANNER)):
        sample.estimation.prop(ASKED[0], by=by, where=svy.col(ASKED[0]) > 0)
    return (time.perf_counter() - start) * QUESTIONS


SLOW = 200_000
"""R's errors by group are not measured for more respondents: they would take half an hour."""
R = """
suppressPackageStartupMessages(library(survey))
wave <- read.csv(commandArgs(TRUE)[1])
targets <- read.csv(commandArgs(TRUE)[2])
for (name in unique(targets$margin)) wave[[name]] <- factor(wave[[name]])
margins <- unique(targets$margin)
population <- lapply(margins, function(name) {
  rows <- targets[targets$margin == name, ]
  setNames(data.frame(factor(rows$code), rows$total), c(name, "Freq"))
})
design <- svydesign(ids = ~1, weights = ~base, data = wave)
taken <- system.time(raked <- rake(design, lapply(margins, function(m) reformulate(m)), population,
                                   control = list(maxit = 100, epsilon = 1e-7, verbose = FALSE)))
cat("rake", taken["elapsed"], "\\n")
if (nrow(wave) > as.numeric(commandArgs(TRUE)[3])) quit()
answered <- subset(raked, q1 > 0)
taken <- system.time({
  svymean(~factor(q1), answered)
  for (by in c("by_region", "by_role", "by_years"))
    svyby(~factor(q1), reformulate(by), answered, svymean)
})
cat("by", taken["elapsed"], "\\n")
"""


def in_r(wave: Generated) -> dict[str, float]:
    """Seconds of R's survey package, the banner from one question; none where it is missing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        table, targets = Path(folder, "wave.csv"), Path(folder, "targets.csv")
        columns = dict(wave.margins) | {f"by_{n}": wave.answers[n] for n in BANNER}
        columns |= {"q1": wave.answers["q1"], "base": np.ones(len(wave), dtype=np.int8)}
        header = ",".join(columns)
        np.savetxt(
            table, np.stack(list(columns.values()), 1), "%d", ",", header=header, comments=""
        )
        lines = ["margin,code,total"]
        for name, shares in wave.targets.items():
            lines += [f"{name},{code},{s * len(wave):.17g}" for code, s in enumerate(shares)]
        targets.write_text("\n".join(lines))
        told = subprocess.run(
            [rscript, "-e", R, str(table), str(targets), str(SLOW)], capture_output=True, text=True
        )
    found = dict(line.split() for line in told.stdout.splitlines() if line[:2] in ("ra", "by"))
    return {name: float(seconds) for name, seconds in found.items()}


# Memory, in a process of its own.


def memory(respondents: int) -> None:
    """Print the peak memory of raking and the whole banner over that of the coded answers."""
    wave = generated(respondents)
    shares_ours(generated(1000), np.ones(1000))  # imports and buffers
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    found = shares_ours(wave, rake_ours(wave))
    peak = _memory("VmHWM")
    assert found
    print((peak - before + wave.nbytes) / wave.nbytes, wave.nbytes / 1e6)


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def table(title: str, rows: list[tuple[str, float, str]]) -> None:
    print(f"\n| {title} | seconds | ratio | |\n|---|---|---|---|")
    for name, seconds, note in rows:
        print(f"| {name} | {seconds:.4f} | {seconds / rows[0][1]:.2f} | {note} |")


def compare(respondents: int, slow: bool) -> None:
    wave = generated(respondents)
    weights, ours = rake_rows(wave), rake_ours(wave)
    assert np.allclose(weights, ours, rtol=1e-7)
    told = in_r(wave) if slow else {}
    rows = [
        ("numpy, row by row", measured(lambda: rake_rows(wave)), ""),
        ("wavedeck", measured(lambda: rake_ours(wave)), "at most 1.5, ahead of all"),
    ]
    if weightipy := peer("weightipy"):
        rows.append(("weightipy", measured(rake_weightipy(weightipy, wave), 3), ""))
    sample = None
    if svy := peer("svy"):
        sample = svy_sample(svy, wave)
        rows.append(("svy", measured(lambda: svy_raked(sample, wave), 3), ""))
    if "rake" in told:
        rows.append(("R survey", told["rake"], "once"))
    table(f"raking to three margins, {respondents:,} respondents", rows)

    plain = shares_plain(wave, weights)
    found = shares_ours(wave, weights)
    for number in (0, 7, QUESTIONS - 1):
        for place in range(1, PER_QUESTION):
            expected = plain[number * PER_QUESTION + place]
            assert np.allclose(found[number][place].value[:-1], expected, rtol=1e-9)
    rows = [
        ("numpy, % only", measured(lambda: shares_plain(wave, weights)), ""),
        (
            "wavedeck, % + base + error",
            measured(lambda: shares_ours(wave, weights)),
            "at most 5, ahead of all with an error",
        ),
    ]
    if duckdb := peer("duckdb"):
        rows.append(("duckdb, % only", measured(shares_duckdb(duckdb, wave, weights), 3), ""))
    if pandas := peer("pandas"):
        rows.append(("pandas, % only", measured(shares_pandas(pandas, wave, weights), 1), "once"))
    if sample is not None and slow:
        seconds = shares_svy(svy, svy_raked(sample, wave))
        rows.append(("svy, with error", seconds, "one question, scaled"))
    if "by" in told:
        rows.append(("R svyby, with error", told["by"] * QUESTIONS, "one question, scaled"))
    table(f"60 questions x 14 columns, {respondents:,} respondents", rows)

    command = [sys.executable, __file__, "--memory", str(respondents)]
    ratio, size = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    print(
        f"\nPeak memory of raking and banner: {float(ratio):.2f} times the coded answers"
        f" ({float(size):.0f} MB); at most 3"
    )


def main() -> None:
    if "--memory" in sys.argv:
        memory(int(sys.argv[-1]))
        return
    sizes = [int(size) for size in sys.argv[1:] if size.isdigit()] or SIZES
    for size in sizes:
        compare(size, slow="--fast" not in sys.argv)


if __name__ == "__main__":
    main()
