# comments.parquet + comments.xlsx -> awaiting.csv: the comments that nobody has decided on


rule awaiting:
    input:
        received=received(
            "surveys/{survey}/survey.yaml",
            "raw/{survey}/{wave}/wave.yaml",
            waves_before,
            team("comments.xlsx"),
        ),
        code=modules_of("awaiting"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        cleared=team("comments.xlsx"),
        answers=f"{WAVE}/answers.parquet",
        comments=f"{WAVE}/comments.parquet",
    output:
        awaiting=f"{WAVE}/awaiting.csv",
    log:
        "logs/{survey}/{wave}/awaiting.log",
    benchmark:
        "logs/{survey}/{wave}/awaiting.tsv"
    conda:
        ENVIRONMENT
    params:
        cleared=lambda wildcards, input: (f"--cleared {input.cleared}" if input.cleared else ""),
    message:
        "{wildcards.survey}/{wildcards.wave}: listing the comments without a decision"
    shell:
        "python -m wavedeck awaiting --survey {input.survey} --wave {input.wave} {params.cleared}"
        " --answers {input.answers} --comments {input.comments} --out {output.awaiting}"
        " > {log} 2>&1"
