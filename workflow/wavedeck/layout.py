"""Where the files of a project and of a wave lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wavedeck.errors import Problem, WavedeckError, nearest

Edition = Literal["unweighted", "weighted"]
"""Each deck is made once of plain and once of weighted estimates."""


_WAVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST = 60
_OWN = {"deck.qmd.j2", "exhibits.yaml", "comments.xlsx", "coding.xlsx"}
"""What surveys/SURVEY/WAVE/ may hold of a wave."""
_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
_DEVICES = {"con", "prn", "aux", "nul", *_PORTS}
"""What Windows takes for devices, with any ending."""

EARLIER = (
    *("answers.parquet", "weights.parquet", "margins.parquet", "estimates.parquet"),
    *("ledger.parquet", "source.json"),
)
"""Tables of a wave before that changes are measured, verified and traced from."""


@dataclass(frozen=True)
class WaveFiles:
    """A wave's folders."""

    survey: str
    wave: str
    root: Path = Path()
    """The project's folder."""

    @property
    def raw(self) -> Path:
        return self.root / "raw" / self.survey / self.wave

    @property
    def processed(self) -> Path:
        return self.root / "processed" / self.survey / self.wave

    @property
    def report(self) -> Path:
        return self.root / "report" / self.survey / self.wave

    @property
    def team(self) -> Path:
        """What the survey team writes: codebook, exhibits, template, decisions."""
        return self.root / "surveys" / self.survey

    @property
    def overview(self) -> Path:
        """Where a deck over several studies names them, instead of a codebook and a wave."""
        return self.team / self.wave / "overview.yaml"

    @property
    def is_overview(self) -> bool:
        return self.overview.is_file()

    @property
    def codebook(self) -> Path:
        return self.overview if self.is_overview else self.team / "survey.yaml"

    @property
    def described(self) -> Path:
        return self.overview if self.is_overview else self.raw / "wave.yaml"

    def team_file(self, name: str) -> Path:
        """A file of the survey's folder; the wave's own where surveys/SURVEY/WAVE/ has one."""
        own = self.team / self.wave / name
        return own if own.exists() else self.team / name

    def built(self, name: str) -> Path:
        """A file under processed/, or a WavedeckError that says how to build it."""
        path = self.processed / name
        if not path.exists():
            raise WavedeckError(
                Problem(str(path), "the wave has not been built", remedy="run `snakemake` first")
            )
        return path


def _is_other(path: Path) -> bool:
    """Whether something under surveys/SURVEY/ is no folder of a wave's own files."""
    held = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    return path.is_file() or bool(held and not held & _OWN) or "overview.yaml" in held


def wrong_wave(name: str, survey: str, root: Path) -> list[Problem]:
    """What is wrong with a name for a new wave of a survey, which names its folders."""
    found, expected, near = "", "letters, digits, . _ and -", ""
    team = root / "surveys" / survey
    waves = sorted(path.name for path in (root / "raw" / survey).glob("*/"))
    alike = [wave for wave in waves if wave.casefold() == name.casefold() and wave != name]
    if not _WAVE.fullmatch(name):
        found = f"'{name}' is no name for a wave"
        near = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    elif name.partition(".")[0].casefold() in _DEVICES or name.endswith("."):
        found = f"'{name}' is no name for a folder on every machine"
    elif len(name) > _LONGEST:
        found, expected = f"the name has {len(name)} letters", f"{_LONGEST} at the most"
    elif name.casefold() == "published" or _is_other(team / name):
        found = f"surveys/{survey}/{name} is another thing than a wave's own files"
        expected = "a name that nothing else in the survey's folder has, such as 2018"
    elif alike:
        found = f"'{name}' differs from the wave '{alike[0]}' by capitals alone"
        expected = "a name that differs on every machine"
    return [Problem("the command", found, expected, near)] if found else []


@dataclass(frozen=True)
class Project:
    """The folder that holds Snakefile, raw/ and surveys/; commands run in it."""

    root: Path

    @classmethod
    def here(cls) -> Project:
        root = Path()
        if not (root / "Snakefile").is_file():
            raise WavedeckError(
                Problem(
                    str(Path.cwd()),
                    "this folder holds no Snakefile",
                    remedy="run it in the project's folder",
                )
            )
        return cls(root)

    def waves(self) -> list[str]:
        """All waves with a wave.yaml, and all overviews, as SURVEY/WAVE."""
        found = [*self.root.glob("raw/*/*/wave.yaml"), *self.root.glob("surveys/*/*/overview.yaml")]
        names = [f"{path.parts[-3]}/{path.parts[-2]}" for path in found]
        # What a killed command leaves behind begins with a dot.
        return sorted(name for name in names if not name.startswith(".") and "/." not in name)

    def wave(self, name: str) -> WaveFiles:
        """The wave called SURVEY/WAVE."""
        known = self.waves()
        if name not in known:
            raise WavedeckError(
                Problem(
                    "the command",
                    f"there is no wave '{name}'",
                    expected=", ".join(known) or "a wave.yaml under raw/<survey>/<wave>/",
                    nearest=nearest(name, known),
                )
            )
        survey, _, wave = name.partition("/")
        return WaveFiles(survey, wave, self.root)
