# answers.parquet + weights.parquet -> estimates.parquet: one row a statistic, both editions; and
# where wave.yaml names a previous wave, the tables of that and of all before it, for the change since
# the one and the values in each


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
        earlier_answers=earlier("answers.parquet"),
        earlier_weights=earlier("weights.parquet"),
        earlier_margins=earlier("margins.parquet"),
        earlier_estimates=earlier("estimates.parquet"),
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
        earlier=lambda wildcards, input: (
            f"--earlier-waves {input.before} --earlier-tables"
            f" {' '.join(str(Path(path).parent) for path in input.earlier_answers)}"
            if input.before
            else ""
        ),
    message:
        "{wildcards.survey}/{wildcards.wave}: computing the estimates"
    shell:
        "python -m wavedeck estimate --survey {input.survey} --wave {input.wave} {params.coding}"
        " --answers {input.answers} --comments {input.comments} --weights {input.weights}"
        " --margins {input.margins} --weighting {input.weighting} --estimates {output.estimates}"
        " {params.earlier} > {log} 2>&1"
