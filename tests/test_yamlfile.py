"""YAML that no person would write: refused with its line, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from wavedeck.errors import WavedeckError
from wavedeck.yamlfile import Document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[" * 100_000, "line 1: not valid YAML: nested more than 40 levels deep"),
        ("a: 1\n" + "- " * 100_000 + "x", "line 2: not valid YAML: "),
        ("a: &a [1]\nb: [*a, *a]", "line 2: not valid YAML: aliases (*name) are not used here"),
        ("a: &a [*a]", "aliases (*name) are not used here"),
        ("a: 1\nb: \x1a", "line 2: not valid YAML: control characters are not allowed"),
        ("a: !!int x", "'x' is no int"),
        ("a: !!python/object:os.system ls", "could not determine a constructor"),
        ("a: !!binary é", "failed to convert base64 data"),
        ("a: " + "1" * 5_000, "is no int"),
        ("? [a]\n: b", "a list or a mapping where a name should stand"),
        ("a: 1\n---\nb: 1", "line 2: not valid YAML: but found another document"),
        ("%FOO\n---\na: 1", "found unknown directive name"),
    ],
)
def test_hostile_yaml(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "survey.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WavedeckError) as error:
        Document(path)
    assert found in str(error.value) and "to do:" in str(error.value)
