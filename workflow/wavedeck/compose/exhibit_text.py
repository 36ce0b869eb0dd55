"""Notes and tables of exhibits as Markdown, each number marked with its estimate."""

from __future__ import annotations

from typing import Any

from wavedeck.compose.markdown import attribute, escape


def table_cells(table: dict[str, Any]) -> list[list[str]]:
    """The cells of a table's rows as Markdown, its header first."""
    rows: list[list[str]] = [[escape(cell) for cell in table["header"]]]
    for row in table["rows"]:
        rows.append([_note_part(cell) for cell in row])
    return rows


def note_line(exhibits: list[dict[str, Any]]) -> str:
    """The notes of exhibits in a line; if only bases differ, 'Base: Q8 80, Q9 79 teachers …'."""
    notes = [exhibit["note"] for exhibit in exhibits]
    rests = [[part["text"] for part in note[2:]] for note in notes]
    based = all(note[0]["text"] == "Base: " and note[1:2] for note in notes)
    if len(notes) > 1 and based and all(rest == rests[0] for rest in rests):
        bases = [
            f"[{escape(exhibit['number'])}]{{.label}} {_note_part(note[1])}"
            for exhibit, note in zip(exhibits, notes, strict=True)
        ]
        rest = "".join(_note_part(part) for part in notes[0][2:])
        return f"{_note_part(notes[0][0])}{', '.join(bases)}{rest}"
    return ". ".join("".join(_note_part(part) for part in note) for note in notes)


def _note_part(part: dict[str, str]) -> str:
    text = part["text"]
    if not text.strip():
        return text
    # Parts are joined into a line, so their outer spaces stay outside the span.
    left = " " if text[0].isspace() else ""
    right = " " if text[-1].isspace() else ""
    name = part.get("estimate")
    kind = f".estimate data-estimate={attribute(name)}" if name else ".label"
    return f"{left}[{escape(text)}]{{{kind}}}{right}"
