# answers.parquet + raw/frames/ -> weights.parquet (one row a respondent), margins.parquet (shares
# before and after), bounds.csv (who is at a bound: restricted), weighting.json (design effect,
# effective base, extremes)


rule weight:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", waves_before, frames
        ),
        code=modules_of("weight"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        answers=f"{WAVE}/answers.parquet",
        frames=frames,
    output:
        weights=f"{WAVE}/weights.parquet",
        margins=f"{WAVE}/margins.parquet",
        bounds=f"{WAVE}/bounds.csv",
        summary=f"{WAVE}/weighting.json",
    log:
        "logs/{survey}/{wave}/weight.log",
    benchmark:
        "logs/{survey}/{wave}/weight.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: weighting to the population"
    shell:
        "python -m wavedeck weight --survey {input.survey} --wave {input.wave}"
        " --answers {input.answers} --frames raw/frames --weights {output.weights}"
        " --margins {output.margins} --bounds {output.bounds} --summary {output.summary}"
        " > {log} 2>&1"
