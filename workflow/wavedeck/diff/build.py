"""One side of a comparison: the tables of a build, from a folder or a Git revision."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wavedeck.answers import Answers
from wavedeck.cells import Cells, from_table
from wavedeck.errors import Problem, WavedeckError
from wavedeck.files import read_table, sha256_of
from wavedeck.layout import Project, WaveFiles
from wavedeck.shown import Places, places
from wavedeck.survey import Survey, load_codebook

Row = dict[str, Any]


@dataclass(frozen=True)
class Build:
    """What a build of a wave holds, by the names that survive a corrected export."""

    survey: Survey
    cells: Cells
    answers: Answers
    weights: dict[str, float]
    """Weight by response id."""
    estimates: dict[tuple[str, bool], Row]
    """Rows of estimates.parquet by id and edition."""
    shown: dict[str, Places]
    modules: dict[str, str]
    """sha256 of each module of the package."""
    wave: WaveFiles


def read(wave: WaveFiles) -> Build:
    """A wave's build. Raises WavedeckError when it has not been built."""
    answers = Answers.from_table(read_table(wave.built("answers.parquet")))
    weights = read_table(wave.built("weights.parquet"), ["weight"])["weight"].to_pylist()
    rows = read_table(wave.built("estimates.parquet")).to_pylist()
    package = wave.root / "workflow" / "wavedeck"
    return Build(
        load_codebook(wave.codebook, wave.described)[0],
        from_table(read_table(wave.built("cells.parquet"))),
        answers,
        dict(zip(answers.responses, weights, strict=True)),
        {(row["id"], row["weighted"]): row for row in rows},
        _shown(wave),
        {str(path.relative_to(package)): sha256_of(path) for path in package.rglob("*.py")},
        wave,
    )


def _shown(wave: WaveFiles) -> dict[str, Places]:
    """Where estimates are shown; nowhere when a broken claim kept the deck back."""
    deck, exhibits = (
        wave.processed / part for part in ("deck/unweighted/deck.qmd", "exhibits/unweighted")
    )
    return places(deck, exhibits) if deck.exists() and exhibits.exists() else {}


@contextmanager
def opened(side: str, name: str) -> Iterator[Build]:
    """The build of wave `name` that `side` stands for: a folder, or a revision of this project."""
    folder = Path(side)
    if folder.is_dir():
        if not (folder / "Snakefile").is_file():
            raise WavedeckError(
                Problem(side, "the folder holds no Snakefile", remedy="name a project's folder")
            )
        yield read(Project(folder).wave(name))
        return
    known = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{side}^{{commit}}"], capture_output=True
    )
    if known.returncode:
        raise WavedeckError(
            Problem(
                side,
                "this is neither a folder nor a commit of this project",
                expected="a manifest.json, a built project's folder, or a revision such as HEAD~1",
            )
        )
    with TemporaryDirectory(prefix="wavedeck-") as temporary:
        work = Path(temporary) / "project"
        _git("worktree", "add", "--detach", "--quiet", str(work), side)
        try:
            wave = Project(work).wave(name)
            folder = wave.processed.relative_to(work)
            _build(work, f"{folder}/exhibits/unweighted", side)
            with suppress(WavedeckError):  # a broken claim keeps the deck back, not the comparison
                _build(work, f"{folder}/deck/unweighted/deck.qmd", side)
            yield read(wave)
        finally:
            _git("worktree", "remove", "--force", str(work))


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def _build(work: Path, target: str, side: str) -> None:
    command = [sys.executable, "-m", "snakemake", target]
    result = subprocess.run(command, cwd=work, capture_output=True, text=True)
    if result.returncode:
        said = result.stdout + result.stderr
        raise WavedeckError(Problem(side, f"this revision does not build:\n{said}"))
