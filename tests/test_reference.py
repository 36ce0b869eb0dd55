"""docs/reference is what the models say."""

from __future__ import annotations

from conftest import ROOT
from wavedeck.reference import MODELS, pages


def test_pages_are_up_to_date() -> None:
    folder = ROOT / "docs/reference"
    stored = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert stored == pages(), "run: wavedeck reference"


def test_every_field_has_a_description() -> None:
    for model in MODELS.values():
        schema = model.model_json_schema()
        for part in [schema, *schema.get("$defs", {}).values()]:
            for field, detail in part.get("properties", {}).items():
                if "const" not in detail:
                    assert detail.get("description"), f"{part['title']}.{field}"
