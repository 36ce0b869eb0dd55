# answers.parquet + weights.parquet -> estimates.parquet: one row a statistic, both editions; and
# where wave.yaml names a previous wave, that wave's tables, for the change since


rule estimate:
    input:
        received=received(
            "surveys/{survey}/survey.yaml",
            "raw/{survey}/{wave}/wave.yaml",
            waves_before,
            team("coding.xlsx"),
        ),
        code=modules_of("estimate"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        coding=team("coding.xlsx"),
        answers=f"{WAVE}/answers.parquet",
        comments=f"{WAVE}/comments.parquet",
        weights=f"{WAVE}/weights.parquet",
        margins=f"{WAVE}/margins.parquet",
        weighting=f"{WAVE}/weighting.json",
        previous_wave=previous("wave.yaml"),
        previous_answers=previous("answers.parquet"),
        previous_weights=previous("weights.parquet"),
        previous_weighting=previous("weighting.json"),
        previous_estimates=previous("estimates.parquet"),
    output:
        estimates=f"{WAVE}/estimates.parquet",
    log:
        "logs/{survey}/{wave}/estimate.log",
    benchmark:
        "logs/{survey}/{wave}/estimate.tsv"
    wildcard_constraints:
        survey=SURVEYED,
    conda:
        ENVIRONMENT
    params:
        coding=lambda wildcards, input: (f"--coding {input.coding}" if input.coding else ""),
        previous=lambda wildcards, input: (
            f"--previous-wave {input.previous_wave} --previous-tables"
            f" {Path(str(input.previous_answers)).parent}"
            if input.previous_wave
            else ""
        ),
    message:
        "{wildcards.survey}/{wildcards.wave}: computing the estimates"
    shell:
        "python -m wavedeck estimate --survey {input.survey} --wave {input.wave} {params.coding}"
        " --answers {input.answers} --comments {input.comments} --weights {input.weights}"
        " --margins {input.margins} --weighting {input.weighting} --estimates {output.estimates}"
        " {params.previous} > {log} 2>&1"
