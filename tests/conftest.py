from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

import toy

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))


WAVE = "stp-councillors/2017"
EXPORT = f"raw/{WAVE}/stp-councillors-2017.xlsx"
DECKS = [f"report/{WAVE}/deck{s}.{f}" for s in ("", "-weighted") for f in ("html", "pdf")]
RESULTS = [f"report/{WAVE}/results{s}.xlsx" for s in ("", "-weighted")]
RESULTS += [f"report/{WAVE}/results/{n}.csv" for n in ("results", "data-dictionary", "questions")]
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def copy_project(target: Path, waves: Sequence[str] = (WAVE,)) -> Path:
    """The project's own files, without anything built, to build `waves`; the embedded engine, for
    equal bytes."""
    for name in ("Snakefile", "config.yaml", "workflow", "profiles", "raw", "surveys", "envs"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    path = target / "config.yaml"
    configuration = yaml.safe_load(path.read_text())
    own = {"waves": list(waves), "deck_engine": "embedded"}
    path.write_text(yaml.safe_dump(configuration | own, sort_keys=False))
    return target


def snakemake(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["snakemake", *arguments], cwd=root, env=ENVIRONMENT, capture_output=True, text=True
    )


@pytest.fixture(scope="session", params=["embedded", "quarto"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that is installed."""
    if request.param == "quarto" and shutil.which("quarto") is None:
        pytest.skip("Quarto is not on the PATH: only the embedded engine was tested")
    return str(request.param)


@pytest.fixture
def toy_project(tmp_path: Path) -> Path:
    return toy.project(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project after plain `snakemake`."""
    root = copy_project(tmp_path_factory.mktemp("built") / "project")
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    (root / "run.txt").write_text(result.stdout + result.stderr)
    return root


@pytest.fixture
def rebuilt(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project to change; times are kept, as a copied folder has them."""
    return Path(shutil.copytree(built, tmp_path / "project"))
