# cells.parquet -> answers.parquet (coded), comments.parquet (open text), ledger.parquet (every
# change with its cell), quality.csv (the data-quality log)


rule clean:
    input:
        received=received(
            "surveys/{survey}/survey.yaml",
            "raw/{survey}/{wave}/wave.yaml",
            waves_before,
            team("coding.xlsx"),
        ),
        code=modules_of("clean"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        coding=team("coding.xlsx"),
        cells=f"{WAVE}/cells.parquet",
        source=f"{WAVE}/source.json",
    output:
        answers=f"{WAVE}/answers.parquet",
        comments=f"{WAVE}/comments.parquet",
        ledger=f"{WAVE}/ledger.parquet",
        quality=f"{WAVE}/quality.csv",
    log:
        "logs/{survey}/{wave}/clean.log",
    benchmark:
        "logs/{survey}/{wave}/clean.tsv"
    conda:
        ENVIRONMENT
    params:
        coding=lambda wildcards, input: (f"--coding {input.coding}" if input.coding else ""),
    message:
        "{wildcards.survey}/{wildcards.wave}: coding the answers"
    shell:
        "python -m wavedeck clean --survey {input.survey} --wave {input.wave} {params.coding}"
        " --cells {input.cells} --source {input.source} --answers {output.answers}"
        " --comments {output.comments} --ledger {output.ledger} --quality {output.quality}"
        " > {log} 2>&1"
