from __future__ import annotations

import sys
from pathlib import Path

import pytest
import toy

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow"))


@pytest.fixture
def toy_project(tmp_path: Path) -> Path:
    return toy.project(tmp_path)
