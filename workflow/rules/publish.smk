# estimates.parquet -> report/SURVEY/WAVE/results.xlsx, results-weighted.xlsx: the detailed tables;
# results/: every statistic as CSV, with its data dictionary


rule publish:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", waves_before
        ),
        code=modules_of("publish"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        estimates=f"{WAVE}/estimates.parquet",
    output:
        workbook="report/{survey}/{wave}/results{suffix}.xlsx",
    log:
        "logs/{survey}/{wave}/publish{suffix}.log",
    benchmark:
        "logs/{survey}/{wave}/publish{suffix}.tsv"
    conda:
        ENVIRONMENT
    params:
        edition=lambda wildcards, input: edition_of(wildcards),
    message:
        "{wildcards.survey}/{wildcards.wave}: writing results{wildcards.suffix}.xlsx"
    shell:
        "python -m wavedeck publish --survey {input.survey} --wave {input.wave}"
        " --estimates {input.estimates} --editions {params.edition} --workbook {output.workbook}"
        " > {log} 2>&1"


rule publish_csv:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", waves_before, EDITIONS
        ),
        code=modules_of("publish"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        before=waves_before,
        estimates=f"{WAVE}/estimates.parquet",
    output:
        csv=directory("report/{survey}/{wave}/results"),
    log:
        "logs/{survey}/{wave}/publish-csv.log",
    benchmark:
        "logs/{survey}/{wave}/publish-csv.tsv"
    conda:
        ENVIRONMENT
    params:
        editions=lambda wildcards, input: editions(f"{wildcards.survey}/{wildcards.wave}"),
    message:
        "{wildcards.survey}/{wildcards.wave}: writing the results as CSV"
    shell:
        "python -m wavedeck publish --survey {input.survey} --wave {input.wave}"
        " --estimates {input.estimates} --editions {params.editions} --csv {output.csv}"
        " > {log} 2>&1"
