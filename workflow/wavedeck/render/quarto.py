"""Quarto, called as a subprocess wherever it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from wavedeck.errors import Problem, WavedeckError
from wavedeck.render import fonts
from wavedeck.render.said import indented, useful, warned
from wavedeck.render.workspace import Workspace

OLDEST = (1, 9)
_TARGETS = {"html": ("revealjs", "deck.html"), "pdf": ("typst", "deck.pdf")}


def find() -> str | None:
    """The path of the `quarto` command, None when it is not installed."""
    return shutil.which("quarto")


def require() -> tuple[str, str]:
    """Path and version of a Quarto that is new enough, or an error that says what to install."""
    command = find()
    if command is None:
        raise WavedeckError(
            Problem(
                "deck_engine: quarto",
                "the command 'quarto' is not on the PATH",
                remedy="install Quarto 1.9 or newer, or set deck_engine: embedded",
            )
        )
    found = _version(command)
    numbers = tuple(int(part) for part in re.findall(r"\d+", found)[:2])
    if numbers < OLDEST:
        raise WavedeckError(
            Problem(
                command,
                f"Quarto is too old: version {found or 'unknown'}",
                expected="1.9 or newer",
                remedy="update Quarto, or set deck_engine: embedded",
            )
        )
    return command, found


def _version(command: str) -> str:
    run = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else ""


def render(work: Workspace, to: str, command: str) -> bytes:
    """Run `quarto render` in the workspace; Quarto's own message is shown when it fails."""
    target, output = _TARGETS[to]
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(work.epoch),
        "TYPST_IGNORE_SYSTEM_FONTS": "true",
        "NO_COLOR": "1",
    }
    # A project of its own, so that a _quarto.yml above the temporary folder has no say.
    (work.folder / "_quarto.yml").write_text("project:\n  type: default\n", encoding="utf-8")
    run = subprocess.run(
        [command, "render", "deck.qmd", "--to", target, "--output", output],
        cwd=work.folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    product = work.folder / output
    said = run.stderr + run.stdout
    failed = run.returncode != 0 or not product.is_file()
    if failed or warned(said):
        if problem := fonts.refused(said, work.folder, f"quarto render --to {target}"):
            raise WavedeckError(problem)
        how = f"failed (exit status {run.returncode})" if failed else "warned of the deck"
        raise WavedeckError(
            Problem(
                f"quarto render --to {target}",
                f"Quarto {how} and said:\n{indented(useful(said, work.folder))}",
                remedy="mend what it names, or try deck_engine: embedded",
            )
        )
    data = product.read_bytes()
    return _without_insertions(data) if to == "html" else data


def _without_insertions(page: bytes) -> bytes:
    """Take out what Quarto puts before the template's first element (scripts and styles of tabs and
    code that no slide has): it would push the character encoding past where browsers look for it,
    and run ahead of the content security policy.
    """
    return re.sub(rb"<head>.*?(?=<meta charset)", b"<head>\n  ", page, count=1, flags=re.DOTALL)
