"""matplotlib's SVG made fit to stand inside an HTML page and a Typst document.

What matplotlib writes is right for a file of its own: a style sheet for every element, ids such as
`patch_3`, sizes in points, style attributes. Inside a page these would reach other elements, clash
with other charts, or be stopped by a content security policy.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from wavedeck import assets

_SVG = "http://www.w3.org/2000/svg"
_DRAWN = ("path", "text")
_KEPT = {
    "path": ("d", "fill", "stroke", "stroke-width"),
    "text": ("x", "y", "fill", "font-size", "font-weight", "text-anchor"),
}
_DEFAULTS = {"stroke": "none", "text-anchor": "start", "font-weight": "400"}


def clean(source: str, name: str, width: int, height: int, estimates: Mapping[str, str]) -> str:
    """The drawing with only its marks, each inside a group that names its estimate.

    `estimates` gives the estimate's id for a group id of `source`. Neighbouring marks of one
    estimate (a bar and its label) share a group. Ids are `<name>-e1`, `<name>-e2` and so on.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "class": "exhibit",
            "font-family": assets.FONT_FAMILY,
        },
    )
    group, current, count = root, "", 0
    for key, mark in _marks(ET.fromstring(source)):
        estimate = estimates.get(key, "")
        if estimate != current:
            group, current = root, estimate
            if estimate:
                count += 1
                names = {"id": f"{name}-e{count}", "data-estimate": estimate}
                group = ET.SubElement(root, "g", names)
        group.append(mark)
    for element in root:
        element.tail = "\n"
    root.text = "\n"
    return ET.tostring(root, encoding="unicode") + "\n"


def _marks(source: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """(id of the group, path or text) in the order of drawing, attributes in place of styles."""
    for group in source.iter(f"{{{_SVG}}}g"):
        for child in group:
            tag = child.tag.removeprefix(f"{{{_SVG}}}")
            if tag not in _DRAWN:
                continue
            pairs = (part.split(":", 1) for part in child.get("style", "").split(";") if part)
            found = dict(child.attrib) | {key.strip(): value.strip() for key, value in pairs}
            found["font-size"] = found.get("font-size", "").removesuffix("px")
            if "d" in found:
                found["d"] = " ".join(found["d"].split())
            kept = {
                key: found[key]
                for key in _KEPT[tag]
                if found.get(key) and found[key] != _DEFAULTS.get(key)
            }
            mark = ET.Element(tag, kept)
            mark.text = child.text if tag == "text" else None
            yield group.get("id", ""), mark
