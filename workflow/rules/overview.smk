# estimates.parquet of several studies + surveys/SURVEY/WAVE/overview.yaml -> estimates.parquet of a
# deck that sets them side by side: each id with its study before it


rule overview:
    input:
        received=received("surveys/{survey}/{wave}/overview.yaml"),
        code=modules_of("overview"),
        overview="surveys/{survey}/{wave}/overview.yaml",
        studies=studies,
    output:
        estimates=f"{WAVE}/estimates.parquet",
        source=f"{WAVE}/source.json",
    log:
        "logs/{survey}/{wave}/overview.log",
    benchmark:
        "logs/{survey}/{wave}/overview.tsv"
    wildcard_constraints:
        survey=OVERVIEW,
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: gathering the estimates of its studies"
    shell:
        "python -m wavedeck overview --overview {input.overview} --estimates {output.estimates}"
        " --source {output.source} > {log} 2>&1"
