"""ro-crate-metadata.json: the bundle as a Workflow Run Crate (RO-Crate 1.3, profile 0.6).

Files outside of the bundle are named by their content, as ni: URIs (RFC 6920), so that the metadata
hold neither a machine's paths nor a run's random identifiers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wavedeck.audit.manifest import Listing
from wavedeck.survey import Survey, Wave

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.6": ("Process Run Crate", "0.6"),
    "https://w3id.org/ro/wfrun/workflow/0.6": ("Workflow Run Crate", "0.6"),
}
_FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
}


def metadata(manifest: dict[str, Any], survey: Survey, wave: Wave, bundle: Listing) -> str:
    """The metadata file of a bundle whose files, the manifest among them, are in `bundle`."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(gen_preview=False, version="1.3")
    title = f"{survey.title}, {wave.title}"
    snakemake = manifest["software"]["packages"].get("snakemake")
    workflow = crate.add_workflow(
        dest_path="Snakefile", main=True, lang="snakemake", lang_version=snakemake
    )
    workflow["name"] = "wavedeck"
    results = []
    for name, entry in bundle.items():
        if "/" not in name and name != "Snakefile":
            results.append(crate.add_file(dest_path=name, properties=_properties(name, entry)))
    pages = {"name": "a page for each estimate that the deck shows"}
    results.append(crate.add_dataset(dest_path="estimates", properties=pages))
    action = crate.add(
        ContextEntity(
            crate,
            "#build",
            {
                "@type": "CreateAction",
                "name": f"Build of {manifest['survey']}/{manifest['wave']}",
                "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
            },
        )
    )
    action["instrument"] = workflow
    action["object"] = [*_content(crate, manifest["inputs"].items())]
    action["result"] = [*_content(crate, manifest["published"].items()), *results]
    root = crate.root_dataset
    root["name"] = f"Audit of {title}"
    root["description"] = (
        "Restricted: holds the answers of single respondents. How every number of the deck comes"
        " from the survey's workbook."
    )
    root["datePublished"] = wave.published.isoformat()
    root["license"] = "Restricted: for the people who audit the survey; not to be published."
    root["mentions"] = [action]
    for address, (name, version) in _PROFILES.items():
        profile = {"@type": ["CreativeWork", "Profile"], "name": name, "version": version}
        root.append_to("conformsTo", crate.add(ContextEntity(crate, address, profile)))
    return _normalised(crate.metadata.generate())


def _content(crate: ROCrate, entries: Iterable[tuple[str, dict[str, Any]]]) -> list[Any]:
    """Entities for files outside of the bundle; one for files of the same content."""
    found = {}
    for path, entry in entries:
        digest = base64.urlsafe_b64encode(bytes.fromhex(entry["sha256"])).decode().rstrip("=")
        address = f"ni:///sha-256;{digest}"
        if address not in found:
            found[address] = crate.add_file(address, properties=_properties(path, entry))
    return list(found.values())


def _properties(path: str, entry: dict[str, Any]) -> dict[str, Any]:
    found = {"name": path, "sha256": entry["sha256"], "contentSize": str(entry["size"])}
    kind = _FORMATS.get(path.rpartition(".")[2])
    return found | ({"encodingFormat": kind} if kind else {})


def _normalised(content: dict[str, Any]) -> str:
    """The same bytes whatever the order in which the library keeps entities."""
    content["@graph"].sort(key=lambda entity: str(entity["@id"]))
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
