# everything -> report/SURVEY/WAVE/audit/: manifest, live workbook, index, ledger, RO-Crate metadata.
# Restricted: it holds single respondents' answers.


rule audit:
    input:
        received=received(by_hand, ENGINE, EDITIONS, "envs/requirements.txt"),
        code=modules_of("audit"),
        others=all_code(),
        snakefile="Snakefile",
        by_hand=by_hand,
        theme=sorted(str(path) for path in Path("workflow/theme").iterdir()),
        built=built_of,
        earlier=earlier(*EARLIER),
        decks=decks_of,
        results=results_of,
    output:
        bundle=directory("report/{survey}/{wave}/audit"),
    log:
        "logs/{survey}/{wave}/audit.log",
    benchmark:
        "logs/{survey}/{wave}/audit.tsv"
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: writing the restricted audit bundle"
    shell:
        "python -m wavedeck audit {wildcards.survey}/{wildcards.wave} --published {input.decks} {input.results}"
        " --theme workflow/theme --config config.yaml --bundle {output.bundle} > {log} 2>&1"
