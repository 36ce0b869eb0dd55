"""Every stage of the 2017 wave in one warmed-up process; prints the seconds of each."""

from __future__ import annotations

import sys
import tempfile
import time
from importlib import import_module

sys.path.insert(0, "workflow")

SURVEY, RAW = "surveys/stp-councillors", "raw/stp-councillors/2017"


def commands(out: str) -> dict[str, list[str]]:
    """The stages' arguments, as the rules give them."""
    survey = f"--survey {SURVEY}/survey.yaml"
    wave = f"--wave {RAW}/wave.yaml"
    cells = f"--cells {out}/cells.parquet --source {out}/source.json"
    answers = f"--answers {out}/answers.parquet"
    comments = f"--comments {out}/comments.parquet"
    weights = f"--weights {out}/weights.parquet --margins {out}/margins.parquet"
    estimates = f"--estimates {out}/estimates.parquet"
    render = f"render --deck {out}/deck.qmd --exhibits {out}/exhibits --theme workflow/theme"
    texts = {
        "ingest": f"{survey} {wave} {cells}",
        "clean": f"{survey} {wave} {cells} {answers} {comments} --ledger {out}/ledger.parquet"
        f" --quality {out}/quality.csv",
        "weight": f"{survey} {answers} --frames raw/frames {weights}"
        f" --summary {out}/weighting.json",
        "estimate": f"{survey} {wave} --coding {SURVEY}/coding.xlsx {answers} {comments} {weights}"
        f" --weighting {out}/weighting.json {estimates}",
        "draw": f"{survey} --exhibits {SURVEY}/exhibits.yaml {estimates}"
        f" --margins {out}/margins.parquet --edition unweighted --out {out}/exhibits",
        "compose": f"{survey} {wave} --template {SURVEY}/deck.qmd.j2 --theme workflow/theme"
        f" {estimates} --exhibits {out}/exhibits {answers} {comments}"
        f" --cleared {SURVEY}/comments.xlsx --edition unweighted --deck {out}/deck.qmd"
        f" --evidence {out}/evidence.json"
        f" --awaiting {out}/awaiting.csv",
        "render-html": f"{render} --format html --engine embedded --out {out}/deck.html",
        "render-pdf": f"{render} --format pdf --engine embedded --out {out}/deck.pdf",
    }
    return {name: text.removeprefix("render ").split() for name, text in texts.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        for timed in (False, True):
            for name, arguments in commands(out).items():
                start = time.perf_counter()
                import_module(f"wavedeck.{name.partition('-')[0]}").main(arguments)
                if timed:
                    print(name, time.perf_counter() - start)


if __name__ == "__main__":
    main()
