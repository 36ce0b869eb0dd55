# estimates.parquet -> report/SURVEY/WAVE/results.xlsx (and results-weighted.xlsx): the detailed tables;
# results/: every statistic as CSV, with its data dictionary


rule publish:
    input:
        received=received(
            "surveys/{survey}/survey.yaml", "raw/{survey}/{wave}/wave.yaml", "config.yaml"
        ),
        code=modules_of("publish"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        estimates=f"{WAVE}/estimates.parquet",
    output:
        workbooks=expand("report/{{survey}}/{{wave}}/results{suffix}.xlsx", suffix=suffixes()),
        csv=directory("report/{survey}/{wave}/results"),
    log:
        "logs/{survey}/{wave}/publish.log",
    benchmark:
        "logs/{survey}/{wave}/publish.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: writing the detailed results"
    shell:
        "python -m wavedeck publish --survey {input.survey} --wave {input.wave}"
        " --estimates {input.estimates} --workbooks {output.workbooks} --csv {output.csv}"
        " > {log} 2>&1"
