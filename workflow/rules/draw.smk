# estimates.parquet + surveys/SURVEY/exhibits.yaml -> exhibits/EDITION/: a chart (SVG), its data
# (CSV) and its words (index.json) for each exhibit


rule draw:
    input:
        received=received(
            "surveys/{survey}/survey.yaml",
            "raw/{survey}/{wave}/wave.yaml",
            team("exhibits.yaml"),
        ),
        code=modules_of("draw"),
        survey="surveys/{survey}/survey.yaml",
        wave="raw/{survey}/{wave}/wave.yaml",
        exhibits=team("exhibits.yaml"),
        estimates=f"{WAVE}/estimates.parquet",
        margins=f"{WAVE}/margins.parquet",
    output:
        exhibits=directory(f"{WAVE}/exhibits/{{edition}}"),
    log:
        "logs/{survey}/{wave}/draw-{edition}.log",
    benchmark:
        "logs/{survey}/{wave}/draw-{edition}.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: drawing the exhibits, {wildcards.edition}"
    shell:
        "python -m wavedeck draw --survey {input.survey} --wave {input.wave} --exhibits {input.exhibits}"
        " --estimates {input.estimates} --margins {input.margins} --edition {wildcards.edition}"
        " --out {output.exhibits} > {log} 2>&1"
