"""Every wave rendered by both engines, where Quarto is: the same deck, page by page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from matplotlib.image import imread

import deck_browser
import deck_model
from conftest import ROOT, copy_project, snakemake
from wavedeck.render import quarto

pytestmark = pytest.mark.slow

WAVES = yaml.safe_load((ROOT / "config.yaml").read_text())["waves"]
ENGINE = re.compile(r"(?<=rendered by ).*$")
READERS: dict[str, Callable[[Path], deck_model.Deck]] = {
    "html": deck_model.from_html,
    "pdf": deck_model.from_pdf,
}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All waves, built by the embedded engine."""
    if quarto.find() is None:
        pytest.skip("Quarto is not on the PATH: the decks were not compared between engines")
    root = copy_project(tmp_path_factory.mktemp("engines") / "embedded", WAVES)
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    return root


@pytest.fixture(scope="module")
def rendered(embedded: Path) -> Path:
    """The same, rendered by Quarto from the same sources, audit bundles included."""
    root = Path(shutil.copytree(embedded, embedded.with_name("quarto")))
    path = root / "config.yaml"
    path.write_text(path.read_text().replace("deck_engine: embedded", "deck_engine: quarto"))
    result = snakemake(root)
    assert result.returncode == 0, result.stdout + result.stderr
    told = result.stdout + result.stderr
    assert all(f"{wave}: rendered by quarto" in told for wave in WAVES)
    return root


def decks_of(root: Path, wave: str, ending: str) -> list[Path]:
    found = sorted((root / "report" / wave).glob(f"deck*.{ending}"))
    assert found
    return [path.relative_to(root) for path in found]


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("wave", WAVES)
def test_both_engines_give_the_same_deck(
    wave: str, ending: str, embedded: Path, rendered: Path
) -> None:
    for name in decks_of(rendered, wave, ending):
        ours, theirs = (READERS[ending](root / name) for root in (embedded, rendered))
        engines = [ENGINE.search(deck.slides[-1].text) for deck in (ours, theirs)]
        assert engines[0] and engines[0][0].startswith("pandoc"), name
        assert engines[1] and engines[1][0].startswith("Quarto"), name
        for deck in (ours, theirs):
            deck.slides[-1].text = ENGINE.sub("the engine", deck.slides[-1].text)
        for one, other in zip(ours.slides, theirs.slides, strict=True):
            assert one == other, name
        assert ours == theirs, name


@pytest.mark.parametrize("wave", WAVES)
def test_pages_look_alike(wave: str, embedded: Path, rendered: Path, tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed: the pages of the two engines were not compared")
    for name in decks_of(rendered, wave, "pdf"):
        for root in (embedded, rendered):
            command = ["pdftoppm", "-r", "50", "-png", root / name, tmp_path / root.name]
            subprocess.run(command, check=True)
        ours, theirs = (sorted(tmp_path.glob(f"{r.name}-*.png")) for r in (embedded, rendered))
        for one, other in zip(ours, theirs, strict=True):
            # a stroke may be drawn half a pixel off, and the last slide names the engine
            assert unlike(imread(one), imread(other)) < 0.005, f"{name}, {one.name}"


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """Share of the pixels that differ to the eye."""
    return float((np.abs(one - other).max(axis=2) > 0.25).mean())


@pytest.mark.parametrize("wave", WAVES)
def test_a_browser_finds_no_fault_in_quartos_deck(wave: str, rendered: Path) -> None:
    for name in decks_of(rendered, wave, "html"):
        with deck_browser.open_deck(rendered / name) as browser:
            assert browser.all_faults() == []
            assert browser.messages == []
            assert len(browser.requests) == 1, "the deck is one file"


@pytest.mark.parametrize("wave", WAVES)
def test_quartos_deck_is_verified(wave: str, rendered: Path) -> None:
    done = subprocess.run(
        ["wavedeck", "verify", wave], cwd=rendered, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
