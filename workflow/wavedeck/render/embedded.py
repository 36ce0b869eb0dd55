"""The embedded engine: pandoc, reveal.js and Typst out of packages of the registries."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from wavedeck import assets
from wavedeck.errors import Problem, WavedeckError
from wavedeck.render import fonts
from wavedeck.render.said import indented, useful
from wavedeck.render.workspace import Workspace

# Respondents' words are never markup: no raw HTML, attributes, TeX, mathematics or citations.
READER = "markdown-raw_html-raw_attribute-raw_tex-tex_math_dollars-citations"


def pandoc_command() -> Path:
    """The pandoc inside pypandoc-binary; the package is not imported, which would run it."""
    spec = find_spec("pypandoc")
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else None
    for name in ("pandoc", "pandoc.exe"):
        if folder and (folder / name).is_file():
            return folder / name
    raise WavedeckError(
        Problem(
            "the embedded engine",
            "pandoc is missing",
            expected="the package pypandoc-binary in this environment",
            remedy="run `make report`, or install envs/requirements.txt",
        )
    )


def _pandoc(work: Workspace, *arguments: str) -> bytes:
    run = subprocess.run(
        [pandoc_command(), "deck.qmd", "--from", READER, "--standalone",
         "--wrap", "none", "--lua-filter", "theme/deck.lua", *arguments],
        cwd=work.folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(work.epoch)},
        capture_output=True,
        check=False,
    )  # fmt: skip
    said = run.stderr.decode("utf-8", "replace").strip()
    # A warning (a picture that is not there, say) would be a hole in the deck.
    if run.returncode != 0 or said:
        raise WavedeckError(
            Problem(
                "the embedded engine",
                f"pandoc failed and said:\n{indented(useful(said, work.folder))}",
            )
        )
    return run.stdout


def render_html(work: Workspace) -> bytes:
    """One HTML file that needs nothing else, reveal.js and fonts inside."""
    return _pandoc(
        work, "--to", "revealjs", "--slide-level", "2", "--embed-resources",
        "--template", "theme/revealjs.html",
        "--variable", f"revealjs-url={assets.reveal_directory()}",
    )  # fmt: skip


def render_pdf(work: Workspace) -> bytes:
    """A tagged PDF/UA-1 file, a page a slide."""
    import typst

    source = _pandoc(work, "--to", "typst", "--template", "theme/embedded.typ")
    (work.folder / "deck.typ").write_bytes(source)
    try:
        result, warnings = typst.compile_with_warnings(
            str(work.folder / "deck.typ"),
            root=str(work.folder),
            font_paths=[str(work.folder / "theme" / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=work.epoch,
        )
    except typst.TypstError as error:
        raise _typst_failed(error.diagnostic or error.message, work.folder) from None
    if warnings:  # an unknown font, say: the deck would not be what was meant
        raise _typst_failed(
            "\n".join(warning.diagnostic or warning.message for warning in warnings), work.folder
        )
    assert isinstance(result, bytes)
    return result


def _typst_failed(said: str, folder: Path) -> WavedeckError:
    problem = fonts.refused(said, folder, "the embedded engine")
    what = f"Typst failed and said:\n{indented(useful(said, folder))}"
    return WavedeckError(problem or Problem("the embedded engine", what))


def label() -> str:
    """What the colophon says of this engine; the filter, which runs in pandoc, adds its version."""
    return f"pandoc {{pandoc}}, reveal.js {_reveal_version()} and Typst {version('typst')}"


def _reveal_version() -> str:
    with (assets.reveal_directory() / "dist" / "reveal.js").open(encoding="utf-8") as script:
        return script.read(200).partition("reveal.js ")[2].split("\n", 1)[0]


def versions() -> dict[str, str]:
    """Versions of what made the deck; `typst` is the binding, which has the compiler inside."""
    run = subprocess.run(
        [pandoc_command(), "--version"], capture_output=True, text=True, check=True
    )
    return {
        "pandoc": run.stdout.split("\n", 1)[0].removeprefix("pandoc").strip(),
        "pypandoc-binary": version("pypandoc-binary"),
        "reveal.js": _reveal_version(),
        "sphinx-revealjs": version("sphinx-revealjs"),
        "typst": version("typst"),
    }
