# What the rules share: the configuration, where files lie, and what counts as a change.

import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from wavedeck import configuration, run
from wavedeck.dependencies import modules_of
from wavedeck.errors import WavedeckError
from wavedeck.layout import EARLIER, Project, WaveFiles

# Stages run the modules beside the Snakefile, in any environment.
shell.prefix(f"export PYTHONPATH='{Path(workflow.basedir) / 'workflow'}'; ")

ENVIRONMENT = "../../envs/environment.yaml"
WAVE = "processed/{survey}/{wave}"

try:
    CONFIGURATION = configuration.load(Path("config.yaml"))
    ENGINE = f"deck_engine={CONFIGURATION.deck_engine}"
    # Settings, not config.yaml as a whole: another wave on its list rebuilds none of the others.
    EDITIONS = f"editions={'+'.join(CONFIGURATION.editions)}"
    run.refuse_unknown_waves(CONFIGURATION.waves)
    run.receive(Project(Path()).waves(), ENGINE, EDITIONS, "envs/requirements.txt")
except WavedeckError as error:
    raise WorkflowError(f"\n{error}")


# Folders under surveys/ that set studies side by side, and have no answers of their own.
OVERVIEWS = run.overviews()
OVERVIEW = "|".join(OVERVIEWS) or "(?!)"
SURVEYED = f"(?!(?:{'|'.join(OVERVIEWS)})/)[^/]+" if OVERVIEWS else "[^/]+"


wildcard_constraints:
    survey="[^/]+",
    wave="[^/]+",
    edition="unweighted|weighted",
    suffix="(-weighted)?",


def editions(wave):
    """Editions of a wave's deck."""
    codebook = Path("surveys", Path(wave).parts[0], "survey.yaml")
    return CONFIGURATION.editions_of(configuration.weighs(codebook))


def suffixes(wave):
    """What the names of a wave's published files end with, an edition each."""
    return ["" if edition == "unweighted" else f"-{edition}" for edition in editions(wave)]


def decks():
    """Every deck that the configuration asks for."""
    return [
        f"report/{wave}/deck{suffix}.{format}"
        for wave in CONFIGURATION.waves
        for suffix in suffixes(wave)
        for format in ("html", "pdf")
    ]


def codebook(wildcards):
    """survey.yaml, or overview.yaml."""
    return [str(WaveFiles(wildcards.survey, wildcards.wave).codebook)]


def described(wildcards):
    """wave.yaml, or overview.yaml."""
    return [str(WaveFiles(wildcards.survey, wildcards.wave).described)]


def waves_before(wildcards):
    """The wave.yaml of each wave that a codebook builds on; a stage finds them by `previous:`."""
    waves = run.waves_before(wildcards.survey, wildcards.wave)
    return [str(WaveFiles(wildcards.survey, wave).described) for wave in waves]


def table(name):
    """A table of a survey's wave, as input; none for an overview, which has no answers."""

    def found(wildcards):
        own = wildcards.survey not in OVERVIEWS
        return [f"{WAVE}/{name}".format(**wildcards)] if own else []

    return found


def studies(wildcards):
    """The estimates of an overview's studies."""
    files = WaveFiles(wildcards.survey, wildcards.wave)
    return [f"processed/{wave}/estimates.parquet" for wave in run.studies_of(files)]


def results(wave):
    """The detailed results of a wave; an overview has none of its own."""
    if wave.partition("/")[0] in OVERVIEWS:
        return []
    return [
        *(f"report/{wave}/results{suffix}.xlsx" for suffix in suffixes(wave)),
        f"report/{wave}/results",
    ]


def team(name):
    """A file of a survey's folder, the wave's own where surveys/SURVEY/WAVE/ has one, as input;
    none when there is no such file."""

    def found(wildcards):
        path = WaveFiles(wildcards.survey, wildcards.wave).team_file(name)
        return [str(path)] if path.exists() else []

    return found


def earlier(*names):
    """Files of each wave before, as input, the nearest first; none where there is no such wave.
    Nothing of a wave is input of an earlier one."""

    def found(wildcards):
        waves = run.waves_before(wildcards.survey, wildcards.wave)
        folders = [WaveFiles(wildcards.survey, wave).processed for wave in waves]
        return [str(folder / name) for folder in folders for name in names]

    return found


def exports(wildcards):
    """The workbooks beside wave.yaml; which of them is read, wave.yaml says."""
    found = Path("raw", wildcards.survey, wildcards.wave).glob("[!~.]*.xls*")
    return sorted(map(str, found))


def frames(wildcards):
    """The population list of a wave, where it has one."""
    return run.frames_of(wildcards.survey, wildcards.wave)


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


def all_code():
    """The manifest hashes the code of every stage, so each edit makes a new one."""
    rules = sorted(Path("workflow/rules").glob("*.smk"))
    modules = {
        path for name in ["__main__", *(rule.stem for rule in rules)] for path in modules_of(name)
    }
    return sorted(modules | set(map(str, rules)))


def by_hand(wildcards):
    """What people wrote or received for a wave."""
    folders = ["surveys/{survey}", "surveys/{survey}/{wave}", "raw/{survey}/{wave}"]
    found = [p for f in folders for p in Path(f.format(**wildcards)).glob("[!~.]*") if p.is_file()]
    return sorted([*map(str, found), *waves_before(wildcards), *frames(wildcards)])


def decks_of(wildcards):
    wave = f"{wildcards.survey}/{wildcards.wave}"
    return [deck for deck in decks() if deck.startswith(f"report/{wave}/")]


def results_of(wildcards):
    return results(f"{wildcards.survey}/{wildcards.wave}")


def built_of(wildcards):
    """Tables, exhibits and sources of decks: what the manifest lists and traces read."""
    wave = f"processed/{wildcards.survey}/{wildcards.wave}"
    tables = "source.json cells.parquet answers.parquet comments.parquet ledger.parquet"
    tables += " quality.csv weights.parquet margins.parquet bounds.csv weighting.json"
    tables += " estimates.parquet answers.sav awaiting.csv"
    if wildcards.survey in OVERVIEWS:
        # Traces lead into the studies.
        waves = run.studies_of(WaveFiles(wildcards.survey, wildcards.wave))
        found = [f"processed/{study}/{name}" for study in waves for name in tables.split()]
        found += [f"{wave}/source.json", f"{wave}/estimates.parquet"]
    else:
        found = [f"{wave}/{name}" for name in tables.split()]
    for edition in editions(f"{wildcards.survey}/{wildcards.wave}"):
        found += [f"{wave}/exhibits/{edition}", f"{wave}/deck/{edition}/deck.qmd"]
    return found


onstart:
    run.take_lock()


onsuccess:
    print(run.summary(CONFIGURATION))


onerror:
    print(run.failure())
