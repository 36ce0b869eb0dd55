# raw/SURVEY/WAVE/*.xlsx -> processed/SURVEY/WAVE/cells.parquet: one row a cell, with its address


rule ingest:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", waves_before, exports
        ),
        code=modules_of("ingest"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        exports=exports,
    output:
        cells=f"{WAVE}/cells.parquet",
        source=f"{WAVE}/source.json",
    log:
        "logs/{survey}/{wave}/ingest.log",
    benchmark:
        "logs/{survey}/{wave}/ingest.tsv"
    wildcard_constraints:
        survey=SURVEYED,
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: reading the export"
    shell:
        "python -m wavedeck ingest --survey {input.survey} --wave {input.wave}"
        " --cells {output.cells} --source {output.source} > {log} 2>&1"
