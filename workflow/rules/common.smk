# What the rules share: the configuration, where files lie, and what counts as a change.

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from wavedeck import configuration, layout, run
from wavedeck.dependencies import modules_of
from wavedeck.errors import WavedeckError

os.environ["PYTHONPATH"] = str(Path(workflow.basedir) / "workflow")
WAVEDECK = "python -m wavedeck"
ENVIRONMENT = "../../envs/environment.yaml"
WAVE = "processed/{survey}/{wave}"

try:
    CONFIGURATION = configuration.load(Path("config.yaml"))
except WavedeckError as error:
    raise WorkflowError(f"\n{error}")


wildcard_constraints:
    survey="[^/]+",
    wave="[^/]+",
    edition="unweighted|weighted",
    suffix="(-weighted)?",


def decks():
    """Every deck that the configuration asks for."""
    suffixes = {"unweighted": "", "weighted": "-weighted"}
    return expand(
        "report/{wave}/deck{suffix}.{format}",
        wave=CONFIGURATION.waves,
        suffix=[suffixes[edition] for edition in CONFIGURATION.editions],
        format=["html", "pdf"],
    )


def team(name):
    """A file of a survey's folder, as input; none when the survey has no such file."""

    def found(wildcards):
        path = Path("surveys", wildcards.survey, name)
        return [str(path)] if path.exists() else []

    return found


def exports(wildcards):
    """The workbooks beside wave.yaml; which of them is read, wave.yaml says."""
    found = Path("raw", wildcards.survey, wildcards.wave).glob("[!~.]*.xls*")
    return sorted(map(str, found))


def frames(wildcards):
    """The population lists."""
    return sorted(map(str, Path("raw/frames").glob("[!~.]*.xlsx")))


def contents(*sources):
    """The sha256 of files that people write, for params: a changed file is noticed whatever its
    time stamp says, which Snakemake's own look at times does not do."""

    def hashes(wildcards):
        paths = [
            p
            for s in sources
            for p in (s(wildcards) if callable(s) else [s.format(**wildcards)])
        ]
        return [run.content_hash(path) for path in paths]

    return hashes


onstart:
    run.take_lock()


onsuccess:
    print(run.summary(CONFIGURATION))


onerror:
    print(run.failure())
