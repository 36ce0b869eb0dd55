# everything -> report/SURVEY/WAVE/audit/: manifest, live workbook, index, ledger, RO-Crate metadata.
# Restricted: it holds single respondents' answers.


def all_code():
    """The manifest hashes the code of every stage, so each edit makes a new one."""
    rules = sorted(Path("workflow/rules").glob("*.smk"))
    modules = {
        path for name in ["__main__", *(rule.stem for rule in rules)] for path in modules_of(name)
    }
    return sorted(modules | set(map(str, rules)))


def by_hand(wildcards):
    """What people wrote or received for a wave."""
    folders = ["surveys/{survey}", "raw/{survey}/{wave}", "raw/frames"]
    found = [p for f in folders for p in Path(f.format(**wildcards)).glob("[!~.]*") if p.is_file()]
    return sorted(map(str, found))


def decks_of(wildcards):
    wave = f"{wildcards.survey}/{wildcards.wave}"
    return [deck for deck in decks() if deck.startswith(f"report/{wave}/")]


def built_of(wildcards):
    """Tables, exhibits and sources of decks: what the manifest lists and traces read."""
    wave = f"processed/{wildcards.survey}/{wildcards.wave}"
    tables = "source.json cells.parquet answers.parquet comments.parquet ledger.parquet"
    tables += " quality.csv weights.parquet margins.parquet weighting.json estimates.parquet"
    found = [f"{wave}/{name}" for name in tables.split()]
    for edition in CONFIGURATION.editions:
        found += [f"{wave}/exhibits/{edition}", f"{wave}/deck/{edition}/deck.qmd"]
    return found


rule audit:
    input:
        received=received(by_hand, "config.yaml", "envs/requirements.txt"),
        code=all_code(),
        snakefile="Snakefile",
        config="config.yaml",
        by_hand=by_hand,
        theme=sorted(str(path) for path in Path("workflow/theme").iterdir()),
        built=built_of,
        decks=decks_of,
    output:
        bundle=directory("report/{survey}/{wave}/audit"),
    log:
        "logs/{survey}/{wave}/audit.log",
    benchmark:
        "logs/{survey}/{wave}/audit.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: writing the restricted audit bundle"
    shell:
        "python -m wavedeck audit {wildcards.survey}/{wildcards.wave} --decks {input.decks}"
        " --theme workflow/theme --config {input.config} --bundle {output.bundle} > {log} 2>&1"
