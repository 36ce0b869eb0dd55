"""Which modules a stage runs: its own and all that they import from this package.

Rules name these files as input, so that an edit to a module reruns what depends on it and nothing
else. Snakemake itself looks at no imports.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


def modules_of(stage: str) -> list[str]:
    """Files of the module or package `stage` and of everything it imports, sorted."""
    waiting, found = [f"{PACKAGE.name}.{stage}"], set[Path]()
    while waiting:
        for path in _files(waiting.pop()):
            if path not in found:
                found.add(path)
                waiting += _imports(path)
    return sorted(str(path) for path in found)


def _files(module: str) -> list[Path]:
    """The file of a module; for a package all its files; none for what is no module."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    if module == PACKAGE.name:
        return [path / "__init__.py"]
    if path.is_dir():
        return sorted(path.glob("*.py"))
    return [path.with_suffix(".py")] if path.with_suffix(".py").is_file() else []


@cache
def _imports(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.split(".")[0] == PACKAGE.name)
