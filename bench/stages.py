"""The weight and the estimate stage on generated waves: seconds and memory of each part.

python bench/stages.py [respondents ...]
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from wavedeck import files  # noqa: E402
from wavedeck.answers import Answers  # noqa: E402
from wavedeck.estimate import main as estimate  # noqa: E402
from wavedeck.weight import main as weight  # noqa: E402
from waves import BANNER, MARGINS, OPTIONS, QUESTIONS, Generated, generated  # noqa: E402

SIZES = (100_000, 1_000_000)


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


def written(wave: Generated, folder: Path) -> None:
    """The wave as the clean stage would have left it."""
    (folder / "survey.yaml").write_text(codebook(wave))
    (folder / "wave.yaml").write_text(
        "title: Generated\nworkbook: none.xlsx\n"
        "fieldwork: {start: 2020-03-01, end: 2020-04-02}\npublished: 2020-05-01\n"
    )
    names = [f"r{number}" for number in range(len(wave))]
    codes = {name: (c + 1).astype(np.int8) for name, c in wave.margins.items()}
    codes |= {name: np.where(c > 0, c, -2).astype(np.int8) for name, c in wave.answers.items()}
    rows = list(range(2, len(wave) + 2))
    table = Answers(names, names, rows, names, codes).to_table()
    files.write_table(folder / "answers.parquet", table)
    comments = pa.table(
        {"question": pa.array([], pa.string()), "response": pa.array([], pa.string())}
    )
    files.write_table(folder / "comments.parquet", comments)


def peak() -> float:
    """MB of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    print("| respondents | stage | seconds | peak memory, MB |\n|---|---|---|---|")
    for size in [int(each) for each in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            written(generated(size), folder)
            arguments = {each: str(folder / f"{each}.parquet") for each in ("answers", "comments")}
            arguments |= {each: str(folder / f"{each}.yaml") for each in ("survey", "wave")}
            arguments |= {each: str(folder / f"{each}.parquet") for each in ("weights", "margins")}
            arguments |= {"bounds": str(folder / "bounds.csv"), "frames": name}
            summary, estimates = str(folder / "weighting.json"), str(folder / "estimates.parquet")
            for stage, run, own in (
                ("weight", weight, {"summary": summary}),
                ("estimate", estimate, {"weighting": summary, "estimates": estimates}),
            ):
                taken = arguments | own
                if stage == "weight":
                    taken.pop("comments")
                else:
                    taken.pop("bounds")
                    taken.pop("frames")
                start = time.perf_counter()
                run([part for key, value in taken.items() for part in (f"--{key}", value)])
                print(f"| {size:,} | {stage} | {time.perf_counter() - start:.1f} | {peak():.0f} |")
            assert json.loads(Path(summary).read_text())["weighted"]


if __name__ == "__main__":
    main()
