# surveys/SURVEY/deck.qmd.j2 + estimates + exhibits + comments.xlsx -> deck/EDITION/: deck.qmd, and
# evidence.json, the public chain of every number that it shows


rule compose:
    input:
        received=received(
            codebook,
            described,
            waves_before,
            team("deck.qmd.j2"),
            team("comments.xlsx"),
        ),
        code=modules_of("compose"),
        survey=codebook,
        wave=described,
        before=waves_before,
        template=team("deck.qmd.j2"),
        cleared=team("comments.xlsx"),
        front_matter="workflow/theme/front-matter.yml.j2",
        answers=table("answers.parquet"),
        comments=table("comments.parquet"),
        weighting=table("weighting.json"),
        estimates=f"{WAVE}/estimates.parquet",
        exhibits=f"{WAVE}/exhibits/{{edition}}",
        # Not read: a mistake in comments.xlsx is told once, and the list is there when a deck fails.
        awaiting=table("awaiting.csv"),
    output:
        deck=f"{WAVE}/deck/{{edition}}/deck.qmd",
        evidence=f"{WAVE}/deck/{{edition}}/evidence.json",
    log:
        "logs/{survey}/{wave}/compose-{edition}.log",
    benchmark:
        "logs/{survey}/{wave}/compose-{edition}.tsv"
    conda:
        ENVIRONMENT
    params:
        own=lambda wildcards, input: (
            f"--answers {input.answers} --comments {input.comments}" if input.answers else ""
        ),
        cleared=lambda wildcards, input: (f"--cleared {input.cleared}" if input.cleared else ""),
    message:
        "{wildcards.survey}/{wildcards.wave}: composing the deck, {wildcards.edition}"
    shell:
        "python -m wavedeck compose --survey {input.survey} --wave {input.wave}"
        " --template {input.template} --theme workflow/theme --estimates {input.estimates}"
        " --exhibits {input.exhibits} {params.own} {params.cleared}"
        " --edition {wildcards.edition} --deck {output.deck}"
        " --evidence {output.evidence} > {log} 2>&1"
