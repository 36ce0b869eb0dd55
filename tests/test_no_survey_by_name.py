"""Adding a survey takes no code, so the code knows none by name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = [path for name in ("surveys", "raw") for path in (ROOT / name).iterdir() if path.is_dir()]
SURVEYS = sorted({folder.name for folder in FOLDERS} - {"frames"})


def test_there_are_surveys_to_look_for() -> None:
    assert "stp-councillors" in SURVEYS


def test_no_file_under_workflow_names_a_survey() -> None:
    # Whatever joins the words of the name, in any case.
    patterns = {
        name: re.compile(re.escape(name).replace(r"\-", "[-_ ]?"), re.IGNORECASE)
        for name in SURVEYS
    }
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in [*sorted((ROOT / "workflow").rglob("*")), ROOT / "Snakefile"]
        if path.is_file() and "__pycache__" not in path.parts
        for name, pattern in patterns.items()
        if pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
