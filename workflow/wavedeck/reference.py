"""reference: the pages and JSON schemas under docs/reference, generated from the models."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from wavedeck import files
from wavedeck.configuration import Configuration
from wavedeck.exhibits import Exhibits
from wavedeck.survey import Survey, Wave
from wavedeck.survey.overview import Overview

MODELS: dict[str, type[BaseModel]] = {
    "config": Configuration,
    "survey": Survey,
    "wave": Wave,
    "exhibits": Exhibits,
    "overview": Overview,
}


def pages() -> dict[str, str]:
    """File name -> text of every generated page."""
    found = {}
    for name, model in MODELS.items():
        schema = model.model_json_schema()
        found[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        found[f"{name}.md"] = _page(name, schema)
    return found


def _page(name: str, schema: dict[str, Any]) -> str:
    title = f"{name}.yaml"
    source = "Generated from the models by `wavedeck reference`; do not edit."
    lines = [f"# {title}", "", source, ""]
    lines += _section(title, schema)
    for part, definition in schema.get("$defs", {}).items():
        if "properties" in definition:
            lines += [f"## {part}", ""]
            lines += _section(part, definition)
    return "\n".join(lines).rstrip() + "\n"


def _section(title: str, schema: dict[str, Any]) -> list[str]:
    lines = [schema["description"], ""] if "description" in schema else []
    required = schema.get("required", [])
    lines += ["| field | what it is | kind | needed |", "|---|---|---|---|"]
    for field, detail in schema["properties"].items():
        needed = "yes" if field in required else f"no ({json.dumps(detail.get('default'))})"
        words = " ".join(detail.get("description", "").split()).replace("|", "\\|")
        lines.append(f"| `{field}` | {words} | {_kind(detail)} | {needed} |")
    return [*lines, ""]


def _kind(detail: dict[str, Any]) -> str:
    """A field's type in words."""
    if "$ref" in detail:
        return str(detail["$ref"]).rpartition("/")[2]
    if "const" in detail:
        return f"`{detail['const']}`"
    if "enum" in detail:
        return " or ".join(f"`{value}`" for value in detail["enum"])
    for union in ("anyOf", "oneOf"):
        if union in detail:
            kinds = [_kind(part) for part in detail[union] if part.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "prefixItems" in detail:
        return f"[{', '.join(_kind(part) for part in detail['prefixItems'])}]"
    if detail.get("type") == "array":
        return f"list of {_kind(detail['items'])}"
    if detail.get("type") == "object":
        values = [*detail.get("patternProperties", {}).values(), detail.get("additionalProperties")]
        return f"names, each with {_kind(next(value for value in values if value))}"
    kind: str = detail.get("format", detail.get("type", "any"))
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="wavedeck reference", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/reference"))
    folder = parser.parse_args(argv).folder
    for name, text in pages().items():
        files.write_text(folder / name, text)
