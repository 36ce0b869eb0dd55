"""The house rules: formatted, typed, linted, and what rules say they run is what they run."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from conftest import ROOT
from wavedeck.cli import STAGES, VERBS, main
from wavedeck.dependencies import modules_of

RULES = [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["snakefmt", "--check", *map(str, RULES)],
        ["snakemake", "--lint"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tools_find_nothing(command: list[str]) -> None:
    program = Path(sys.executable).parent / command[0]
    result = run(str(program), *command[1:])
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("stage", STAGES)
def test_a_rule_names_the_modules_that_its_stage_loads(stage: str) -> None:
    """Every module of the package that a stage has loaded is an input of its rule."""
    code = f"""
import sys, json
sys.path.insert(0, {str(ROOT / "workflow")!r})
try:
    __import__("wavedeck.{stage}", fromlist=["main"]).main(["--help"])
except SystemExit:
    pass
files = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] == "wavedeck"]
print(json.dumps(files), file=sys.stderr)
"""
    loaded = json.loads(run(sys.executable, "-c", code).stderr.splitlines()[-1])
    named = {str(ROOT / path) for path in modules_of(stage)}
    assert set(loaded) - named == set()
    rule = (ROOT / f"workflow/rules/{stage}.smk").read_text(encoding="utf-8")
    assert f'code=modules_of("{stage}")' in rule


def test_no_modules_import_one_another_in_a_circle() -> None:
    """Not inside functions or for types alone either."""
    folder = ROOT / "workflow"
    paths = {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
        for path in folder.glob("wavedeck/**/*.py")
    }
    imports: dict[str, set[str]] = {}
    for name, path in paths.items():
        found = imports.setdefault(name, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                own = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {o if o in paths else node.module for o in own}
    modules = {name: (found & set(paths)) - {name} for name, found in imports.items()}
    assert len(list(TopologicalSorter(modules).static_order())) == len(paths)


def test_no_module_knows_a_survey_by_name() -> None:
    names = [path.name for path in (ROOT / "surveys").iterdir() if path.is_dir()]
    assert names
    words = re.compile("|".join([*map(re.escape, names), r"\bstp\b", "council_type"]), re.I)
    found = [
        f"{path}: {match[0]}"
        for path in (ROOT / "workflow").rglob("*")
        if path.suffix in (".py", ".smk", ".lua", ".css", ".typ", ".j2", ".html")
        for match in words.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_verb_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in [*STAGES, *VERBS]:
        with pytest.raises(SystemExit) as exit_:
            main([verb, "--help"])
        assert exit_.value.code == 0
        assert f"wavedeck {verb}" in capsys.readouterr().out


def test_an_unknown_verb_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcil"]) == 2
    assert "did you mean 'reconcile'?" in capsys.readouterr().err


def test_conda_and_pip_pin_the_same_versions() -> None:
    locked = dict(
        re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "envs/requirements.txt").read_text(), re.M)
    )
    parts = yaml.safe_load((ROOT / "envs/environment.yaml").read_text())["dependencies"]
    pinned = {}
    for part in [p for p in parts if isinstance(p, str)] + parts[-1]["pip"]:
        name, *version = re.split(r"\s*=+\s*", part)
        pinned[name.replace("matplotlib-base", "matplotlib")] = version
    own = {name: v for name, v in pinned.items() if name not in ("python", "quarto", "pip")}
    assert {name: [locked[name]] for name in own} == own
    # All that a build needs, but what snakemake brings and what only verify reads with.
    asked = re.findall(r"^[\w-]+", (ROOT / "envs/requirements.in").read_text(), re.M)
    others = {"snakemake", "pygments", "pypdf", "setuptools"}
    assert {name.lower() for name in asked} - others == set(own)


def test_locks_carry_hashes_and_no_host() -> None:
    for path in (ROOT / "envs").glob("requirements*.txt"):
        text = path.read_text()
        assert text.count("--hash=sha256:") > text.count("==")
        assert "://" not in text and "--index-url" not in text


def test_no_parameter_is_constant() -> None:
    """Snakemake imports pandas, a second for each run, to compare parameters that do not depend on
    the input. Settings are stamps instead."""
    for path in RULES:
        for params in re.findall(r"^    params:\n((?: {8}.*\n)+)", path.read_text(), re.M):
            given = re.findall(r"^ {8}\w+=(.*)", params, re.M)
            constant = [text for text in given if not text.startswith("lambda wildcards, input: ")]
            assert constant == [], path.name
