# What the rules share: the configuration, where files lie, and what counts as a change.

import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from wavedeck import configuration, run
from wavedeck.dependencies import modules_of
from wavedeck.errors import WavedeckError
from wavedeck.layout import Project

# Stages run the modules beside the Snakefile, in any environment.
shell.prefix(f"export PYTHONPATH='{Path(workflow.basedir) / 'workflow'}'; ")

ENVIRONMENT = "../../envs/environment.yaml"
WAVE = "processed/{survey}/{wave}"

try:
    CONFIGURATION = configuration.load(Path("config.yaml"))
    ENGINE = f"deck_engine={CONFIGURATION.deck_engine}"
    run.receive(Project(Path()).waves(), ENGINE, "config.yaml", "envs/requirements.txt")
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


def received(*sources):
    """Stamps of files that people write, as input: a changed file has another stamp, so it is
    noticed whatever its time says. (Hashes in params would do too, and cost each run the import of
    pandas; Snakemake's own comparison begins with times.)"""

    def stamps(wildcards):
        paths = [
            p for s in sources for p in (s(wildcards) if callable(s) else [s.format(**wildcards)])
        ]
        folder = WAVE.format(**wildcards)
        return [f"{folder}/received/{name}" for name in map(run.stamp, paths) if name]

    return stamps


def edition_of(wildcards):
    """The edition of a deck, from the end of its name."""
    return wildcards.suffix.lstrip("-") or "unweighted"


onstart:
    run.take_lock()


onsuccess:
    print(run.summary(CONFIGURATION))


onerror:
    print(run.failure())
