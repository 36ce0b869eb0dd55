# answers.parquet + weights.parquet -> answers.sav: coded answers for SPSS, restricted


rule spss:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", waves_before
        ),
        code=modules_of("spss"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        answers=f"{WAVE}/answers.parquet",
        weights=f"{WAVE}/weights.parquet",
    output:
        sav=f"{WAVE}/answers.sav",
    log:
        "logs/{survey}/{wave}/spss.log",
    benchmark:
        "logs/{survey}/{wave}/spss.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: writing the coded answers for SPSS"
    shell:
        "python -m wavedeck spss --survey {input.survey} --wave {input.wave}"
        " --answers {input.answers} --weights {input.weights} --out {output.sav} > {log} 2>&1"
