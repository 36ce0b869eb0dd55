# A stamp for each file that people write, named after its content: what was received, and when it
# changes, what is to be done again


rule receive:
    output:
        touch(f"{WAVE}/received/{{stamp}}"),
    log:
        "logs/{survey}/{wave}/receive/{stamp}.log",
    conda:
        ENVIRONMENT
    message:
        "{wildcards.survey}/{wildcards.wave}: received {wildcards.stamp}"
