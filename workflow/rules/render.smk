# deck/EDITION/deck.qmd, evidence.json + exhibits + workflow/theme/ -> report/SURVEY/WAVE/deck.html and deck.pdf


rule render:
    input:
        received=received(ENGINE),
        code=modules_of("render"),
        theme=sorted(str(path) for path in Path("workflow/theme").iterdir()),
        deck=lambda w: f"processed/{w.survey}/{w.wave}/deck/{edition_of(w)}/deck.qmd",
        evidence=lambda w: f"processed/{w.survey}/{w.wave}/deck/{edition_of(w)}/evidence.json",
        exhibits=lambda w: f"processed/{w.survey}/{w.wave}/exhibits/{edition_of(w)}",
    output:
        deck="report/{survey}/{wave}/deck{suffix}.{format}",
        engine=f"{WAVE}/deck/engine{{suffix}}-{{format}}.json",
    log:
        "logs/{survey}/{wave}/render{suffix}-{format}.log",
    benchmark:
        "logs/{survey}/{wave}/render{suffix}-{format}.tsv"
    wildcard_constraints:
        format="html|pdf",
    conda:
        ENVIRONMENT
    params:
        engine=lambda wildcards, input: CONFIGURATION.deck_engine,
    message:
        "{wildcards.survey}/{wildcards.wave}: rendering deck{wildcards.suffix}.{wildcards.format}"
    shell:
        "python -m wavedeck render --deck {input.deck} --exhibits {input.exhibits} --theme workflow/theme"
        " --format {wildcards.format} --engine {params.engine} --out {output.deck}"
        " --engine-record {output.engine} > {log} 2>&1"
