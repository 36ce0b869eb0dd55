# estimates.parquet + surveys/SURVEY/exhibits.yaml -> exhibits/EDITION/: a chart (SVG), its data
# (CSV) and its words (index.json) for each exhibit


rule draw:
    input:
        received=received(
            codebook,
            described,
            waves_before,
            team("exhibits.yaml"),
        ),
        code=modules_of("draw"),
        survey=codebook,
        wave=described,
        before=waves_before,
        exhibits=team("exhibits.yaml"),
        estimates=f"{WAVE}/estimates.parquet",
        margins=table("margins.parquet"),
    output:
        exhibits=directory(f"{WAVE}/exhibits/{{edition}}"),
    log:
        "logs/{survey}/{wave}/draw-{edition}.log",
    benchmark:
        "logs/{survey}/{wave}/draw-{edition}.tsv"
    conda:
        ENVIRONMENT
    params:
        margins=lambda wildcards, input: (f"--margins {input.margins}" if input.margins else ""),
    message:
        "{wildcards.survey}/{wildcards.wave}: drawing the exhibits, {wildcards.edition}"
    shell:
        "python -m wavedeck draw --survey {input.survey} --wave {input.wave} --exhibits {input.exhibits}"
        " --estimates {input.estimates} {params.margins} --edition {wildcards.edition}"
        " --out {output.exhibits} > {log} 2>&1"
