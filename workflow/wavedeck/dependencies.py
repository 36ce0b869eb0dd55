"""Which modules a stage runs: its own and all that they import from this package.

Rules name these files as input, so that an edit to a module reruns what depends on it and nothing
else. Snakemake itself looks at no imports.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent

_IMPORT = re.compile(
    rf"^\s*(?:from|import) ({PACKAGE.name}[\w.]*)(?: import (\([^)]*\)|[^\n(]*))?$", re.MULTILINE
)


def modules_of(stage: str) -> list[str]:
    """Files of the module or package `stage` and of everything it imports, sorted.

    Paths start at the project's folder, so that a project that is moved is not built again.
    """
    waiting, found, seen = [f"{PACKAGE.name}.{stage}"], set[Path](), set[str]()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        found |= _parents(module)
        for path in _files(module):
            if path not in found:
                found.add(path)
                waiting += _imports(path)
    return sorted(str(path.relative_to(PACKAGE.parents[1])) for path in found)


@cache
def _files(module: str) -> tuple[Path, ...]:
    """What importing a module loads: its file (all files of a package), and the `__init__.py` of
    the packages it is in; none for what is no module."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    if module == PACKAGE.name:
        return (path / "__init__.py",)
    if path.is_dir():
        return tuple(sorted(path.glob("*.py")))
    file = path.with_suffix(".py")
    return (path.parent / "__init__.py", file) if file.is_file() else ()


@cache
def _parents(module: str) -> frozenset[Path]:
    """The __init__.py of each package around a module, which Python runs first. What it imports
    inside of its functions is for the package's own command."""
    parts = module.split(".")
    folders = (PACKAGE.parent.joinpath(*parts[:depth]) for depth in range(1, len(parts)))
    return frozenset(folder / "__init__.py" for folder in folders if folder.is_dir())


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """Names that a file imports from this package. Its text is searched, not parsed: a syntax tree
    of every module would cost each run of snakemake a fifth of a second."""
    found: list[str] = []
    for package, names in _IMPORT.findall(path.read_text(encoding="utf-8")):
        found.append(package)
        found += [f"{package}.{name}" for name in re.findall(r"\w+", names)]
    return tuple(found)
